"""What a chapter publishes is complete, named once, and free of anything accidental."""

import json
import math
from dataclasses import fields, replace

import altair as alt
import pandas as pd
import pytest

from analysis.charts import WIDTHS, Chart
from analysis.errors import PublishError
from analysis.publish import MIME, VEGA_LITE, Chapter, quantity_record
from analysis.quantity import Interval, Quantity
from analysis.ruling import Claim, Finding, Ruling
from analysis.site.records import complete
from analysis.tables import Table, table_html

RATE = Quantity(52.1, "percent", Interval("sampling", 50, 54, 0.95), frozenset({"rates/a"}))
TABLE = Table("Rates by year", pd.DataFrame({"year": ["2018-19"], "rate": [RATE]}))


class NoEvidence:
    tables_read = ("rates",)


@pytest.fixture
def chapter() -> Chapter:
    return Chapter("recovery", NoEvidence())


def draw(width: int) -> alt.Chart:
    frame = pd.DataFrame({"x": [1 / 3, 2], "y": ["a", "b"]})
    return alt.Chart(frame).mark_bar().encode(x="x", y="y").properties(width=width)


CHART = Chart("Rates rise", "Two bars", TABLE, draw)


def test_names_are_prefixed_by_the_chapter(chapter: Chapter) -> None:
    record = chapter.publish({"rate": RATE}).record
    assert list(record["quantities"]) == ["recovery.rate"]
    digest = record["quantities"]["recovery.rate"]["rows"]
    assert record["rows"] == {digest: {"rates": "a"}}


def test_a_set_of_rows_is_recorded_once_and_read_back_for_every_entry(chapter: Chapter) -> None:
    other = Quantity(3, "count", rows=frozenset({"counts/b", "rates/a"}))
    record = chapter.publish({"rate": RATE, "same": RATE, "chart": CHART, "other": other}).record
    assert len(record["rows"]) == 2
    read = complete(json.loads(json.dumps(record)), {})
    assert read["quantities"]["recovery.same"]["rows"] == ["rates/a"]
    assert read["quantities"]["recovery.other"]["rows"] == ["counts/b", "rates/a"]
    assert read["displays"][0]["rows"] == ["rates/a"]


@pytest.mark.parametrize("name", ["Rate", "rate 1", "rate-1", "1rate", ""])
def test_malformed_names_are_refused(chapter: Chapter, name: str) -> None:
    with pytest.raises(PublishError, match="lower-case"):
        chapter.publish({name: RATE})


def test_a_name_is_published_once(chapter: Chapter) -> None:
    chapter.publish({"rate": RATE})
    with pytest.raises(PublishError, match="published twice"):
        chapter.publish({"rate": RATE})


def test_bare_numbers_cannot_be_published(chapter: Chapter) -> None:
    with pytest.raises(PublishError, match="is a float"):
        chapter.publish({"rate": 52.1})


def test_the_bundle_is_the_same_each_time_and_holds_no_addresses(chapter: Chapter) -> None:
    items = {"rate": RATE, "table": TABLE, "chart": CHART}
    first = chapter.publish(items)._repr_mimebundle_()
    second = Chapter("recovery", NoEvidence()).publish(items)._repr_mimebundle_()
    assert first == second
    text = json.dumps(first)
    assert "0x" not in text and "float64" not in text and "NaN" not in text


def test_a_single_chart_is_also_shown_by_notebook_editors(chapter: Chapter) -> None:
    bundle = chapter.publish({"chart": CHART})._repr_mimebundle_()
    assert bundle[VEGA_LITE]["width"] == WIDTHS["wide"]
    narrow = json.loads(bundle[MIME]["displays"][0]["narrow"])
    assert narrow["width"] == WIDTHS["narrow"]


def test_a_cell_shows_one_chart(chapter: Chapter) -> None:
    with pytest.raises(PublishError, match="second chart"):
        chapter.publish({"chart": CHART, "other": CHART})


def test_floats_in_specifications_are_rounded(chapter: Chapter) -> None:
    assert "0.3333333333" in json.dumps(CHART.specification("wide"))
    assert "0.33333333333" not in json.dumps(CHART.specification("wide"))


def test_a_chart_needs_title_and_alternative_text() -> None:
    for title, words in (("", "Two bars"), ("Rates rise", " ")):
        with pytest.raises(PublishError, match="needs a title"):
            Chart(title, words, TABLE, draw)


def test_a_table_needs_a_caption_and_cells() -> None:
    with pytest.raises(PublishError, match="caption"):
        Table("", pd.DataFrame({"a": [1]}))
    with pytest.raises(PublishError, match="no cells"):
        Table("Empty", pd.DataFrame({"a": []}))
    with pytest.raises(PublishError, match="infinite number in 'a'"):
        Table("Endless", pd.DataFrame({"a": [float("inf")]})).cells()


def test_a_table_is_filtered_by_columns_that_it_has() -> None:
    frame = pd.DataFrame({"claim": ["a", "b"], "verdict": ["x", "y"]})
    table = Table("Claims", frame, filters=("verdict",))
    text = table_html(table.caption, table.header, table.cells(), table.filters)
    assert text.startswith('<table class="filterable">')
    assert '<th scope="col">claim</th><th scope="col" data-filter>verdict</th>' in text
    assert "filter" not in table_html(table.caption, table.header, table.cells())
    with pytest.raises(PublishError, match=r"no columns \['chapter'\]"):
        Table("Claims", frame, filters=("verdict", "chapter"))


def test_the_rows_behind_a_table_are_those_named_and_those_of_its_quantities() -> None:
    frame = pd.DataFrame({"year": ["2018-19"], "rate": [RATE]})
    assert Table("Rates", frame, rows=frozenset({"counts/d"})).rows == {"rates/a", "counts/d"}


def test_table_html_has_caption_scopes_and_exact_values() -> None:
    text = table_html(TABLE.caption, TABLE.header, TABLE.cells())
    assert "<caption>Rates by year</caption>" in text
    assert '<th scope="col" class="number">rate</th>' in text
    assert '<th scope="row">2018-19</th>' in text
    assert '<data value="52.1">52.1%</data> <span class="limits">95% CI 50.0% to 54.0%' in text


def test_a_column_of_sentences_gets_room_and_numbers_align() -> None:
    frame = pd.DataFrame(
        {"claim": ["word", "word " * 20], "short": ["word", "word"], "number": [1.5, None]}
    )
    table = Table("c", frame)
    text = table_html(table.caption, table.header, table.cells())
    assert '<th scope="row" class="prose">' in text
    assert "<td>word</td>" in text and '<td class="number">' in text


def test_markup_in_data_is_escaped() -> None:
    table = Table("a <b> caption", pd.DataFrame({"<i>": ["<script>alert(1)</script>"]}))
    text = table_html(table.caption, table.header, table.cells())
    assert "<script>" not in text and "<b>" not in text and "<i>" not in text


def test_missing_cells_and_truth_values_are_words_not_numbers() -> None:
    frame = pd.DataFrame({"k": ["a", "b"], "x": [1.5, float("nan")], "t": [True, False]})
    frame["none"] = pd.Series([None, pd.NA], dtype=object)
    cells = Table("Cells", frame).cells()
    assert cells[0][3] == cells[1][3] == {"text": "–"}
    assert cells[0][1] == {"text": "1.5", "value": 1.5}
    assert cells[1][1] == {"text": "–"}
    assert [cells[0][2]["text"], cells[1][2]["text"]] == ["yes", "no"]


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (1234567, {}, "1,234,567"),
        (2.0, {}, "2"),
        (-0.34, {}, "−0.3"),
        (-0.04, {}, "0.0"),
        (2.0, {"n": 2}, "2.00"),
        (0.126, {"other": 0, "n": 2}, "0.13"),
    ],
)
def test_a_plain_number_prints_with_the_decimals_of_its_column(number, decimals, text) -> None:
    frame = pd.DataFrame({"row": ["a"], "n": [number]})
    cell = Table("Cells", frame, decimals=decimals).cells()[0][1]
    assert cell == {"text": text, "value": number}


def test_the_record_of_a_quantity_is_plain_data() -> None:
    assert quantity_record(replace(RATE, by="analysis.recovery.rate")) == {
        "value": 52.1,
        "unit": "percent",
        "text": "52.1%",
        "number": "52.1",
        "limits": "95% CI 50.0% to 54.0%",
        "interval": {"kind": "sampling", "low": 50.0, "high": 54.0, "level": 0.95},
        "by": "analysis.recovery.rate",
        "rows": {"rates": "a"},
    }
    count = quantity_record(Quantity(8, "people"))["interval"]
    assert count == {"kind": "record", "low": None, "high": None, "level": None}
    endless = quantity_record(Quantity(3, "months", Interval("bound", -math.inf, math.inf)))
    assert (endless["interval"]["low"], endless["interval"]["high"]) == ("-inf", "inf")


def test_the_record_of_a_ruling_holds_claim_finding_and_verdict(chapter: Chapter) -> None:
    words = {field.name: f"the {field.name}" for field in fields(Claim)}
    figure = {"value": 50.0, "unit": "percent", "decimals": 0, "relation": "about"}
    claim = Claim(**words | figure)
    other, later = Quantity(26.0, "percent"), Quantity(40.0, "percent")
    found = Finding(
        on="of those who finished",
        computed=replace(RATE, value=46.0),
        others=[other],
        own=other,
        departs="in time",
        exceptions=Quantity(0, "count"),
        later=later,
        later_on="of 2024",
    )
    ruling = Ruling(claim, found, "claims/half", "analysis.claims.check", "the first")
    published = chapter.publish({"half": ruling})
    record = complete(published.record, None)["rulings"]["half"]
    said = set(words) - {"id", "value", "unit", "decimals", "relation"}
    assert {name: record[name] for name in said} == {name: getattr(claim, name) for name in said}
    seen = {"on", "footing", "unlike", "departs", "missing", "later_on"}
    assert {name: record[name] for name in seen} == {name: getattr(found, name) for name in seen}
    assert record["figure"] == "about 50%"
    limits = "95% CI 50.0% to 54.0%"
    assert record["computed"] == {"text": "46.0%", "limits": limits, "value": 46.0}
    plain = {"text": "26.0%", "limits": "", "value": 26.0}
    assert (record["own"], record["others"]) == (plain, [plain])
    assert record["exceptions"]["text"] == "0" and record["later"]["text"] == "40.0%"
    assert record["class"] == record["verdict"] == "own inputs do not give own output"
    assert (record["rule"], record["live"]) == (ruling.verdict.rule, True)
    assert (record["by"], record["inherited"]) == ("analysis.claims.check", "the first")
    assert record["rows"] == ["claims/half", "rates/a"]
    assert repr(published) == "half: own inputs do not give own output"


def test_what_was_published_reads_as_a_list(chapter: Chapter) -> None:
    published = chapter.publish({"rate": RATE, "table": TABLE, "chart": CHART, "n": RATE * 0})
    assert repr(published).splitlines() == [
        "recovery.rate = 52.1% (95% CI 50.0% to 54.0%)",
        "recovery.n = 0.0% (95% CI 0.0% to 0.0%)",
        "recovery.table: table, Rates by year",
        "recovery.chart: chart, Rates rise",
    ]
    assert published.record["displays"][1]["alt"] == "Two bars"
    assert "<caption>Rates by year</caption>" in published._repr_mimebundle_()["text/html"]
    assert repr(chapter.close()) == "tables read: rates"


def test_closing_names_the_tables_read(chapter: Chapter) -> None:
    chapter.publish({"rate": RATE})
    assert chapter.close().record == {"closing": {"tables": ["rates"], "published": 1}}
