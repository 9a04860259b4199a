"""A ruling follows from a claim's own words and the figures found for it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.quantity import Interval, Quantity
from analysis.ruling import Claim, Finding, Ruling, combined, stated

CLAIM = Claim(
    id="half_recover",
    label="share who recover",
    claimant="A",
    claimant_note="",
    reported_by="",
    stance="for the programme",
    chapter="recovery",
    statement="Half recover.",
    value=50.0,
    unit="percent",
    decimals=0,
    relation="about",
    kind="figure",
    repeat_of="",
    series="",
    asserted_on="2018",
    dated_by="printed",
    cited_as="",
)


def percent(value: float, **limits: float) -> Quantity:
    interval = Interval("sampling", limits["low"], limits["high"], 0.95) if limits else None
    rows = frozenset({"rates/a"})
    if interval is None:
        return Quantity(value, "percent", rows=rows)
    return Quantity(value, "percent", interval, rows)


def label(claim: Claim, **finding) -> str:
    return Ruling(claim, Finding(**finding), "claims/half_recover", "module.check").label


def test_a_rounded_figure_says_in_which_direction() -> None:
    assert label(CLAIM, computed=percent(50.4)) == "reproduced"
    assert label(CLAIM, computed=percent(46.0)).endswith(
        "(claimed figure above the recomputed one)"
    )
    assert label(CLAIM, computed=percent(53.0)).endswith(
        "(claimed figure below the recomputed one)"
    )
    assert label(CLAIM, computed=percent(44.0)) == "differs from the evidence"


def test_a_figure_of_its_own_inputs_can_be_rounded_too() -> None:
    assert label(CLAIM, own=percent(46.0)).endswith("(claimed figure above the recomputed one)")


def test_a_base_that_gives_another_figure_is_named() -> None:
    others = [percent(26.1)]
    assert label(CLAIM, computed=percent(50.4), others=others) == "true on a stated base only"


def test_own_inputs_decide_before_the_evidence() -> None:
    exact = replace(CLAIM, value=34.5, decimals=1, relation="exact")
    finding = {"own": percent(34.0), "computed": percent(34.5)}
    assert label(exact, **finding) == "own inputs do not give own output"


def test_a_direction_needs_an_interval_on_one_side() -> None:
    more = replace(CLAIM, value=None, kind="comparative")
    assert label(more, computed=percent(3, low=1, high=5)) == "reproduced"
    assert label(more, computed=percent(3, low=-1, high=7)) == "too uncertain to tell"
    assert label(more, computed=percent(-3, low=-5, high=-1)) == "differs from the evidence"
    assert label(more, computed=percent(0.5, low=0.1, high=0.9)) == "reproduced"
    modelled = Quantity(3, "percent", Interval("model", -1, 7))
    assert label(more, computed=modelled) == "too uncertain to tell"


def test_an_exact_figure_is_no_claim_of_direction() -> None:
    exact = replace(CLAIM, relation="exact")
    assert label(exact, computed=percent(50.1, low=40, high=60)) == "reproduced"


def test_a_claim_without_a_number_is_compared_with_none() -> None:
    words = replace(CLAIM, value=None)
    assert label(words, computed=percent(12.0), unlike="outcome") == "compares unlike with unlike"


def test_a_percentage_that_no_count_can_give_is_not_obtainable() -> None:
    finding = {"computed": percent(50.0), "obtainable": False}
    assert label(CLAIM, **finding) == "not obtainable from the stated sample"


def test_a_universal_statement_is_searched_for_counter_examples() -> None:
    never = replace(CLAIM, value=0.0, kind="universal", relation="exact")
    found = Quantity(3, "count", rows=frozenset({"rates/a"}))
    assert label(never, exceptions=found) == "has counter-examples"
    assert label(never, exceptions=found * 0) == "no counter-example found"


def test_a_finding_that_decides_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no figure and no reason"):
        label(CLAIM, on="nothing")
    assert label(CLAIM, missing="Nobody counts it.") == "not checkable with the evidence seen"


def test_the_claim_prints_as_it_was_made() -> None:
    assert CLAIM.figure() == "about 50%"
    assert replace(CLAIM, value=1500.0, unit="people", relation="exact").figure() == "1,500 people"
    assert (
        replace(CLAIM, value=650.0, unit="GBP", relation="more than").figure() == "more than £650"
    )
    assert replace(CLAIM, value=None).figure() == ""


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (1_200_000_000, -8, "£1.2 billion"),
        (1_210_000_000, -7, "£1.21 billion"),
        (30_000_000_000, -10, "£30 billion"),
        (200_000_000_000, -11, "£200 billion"),
        (15_000_000, -6, "£15 million"),
        (1_340_000, -4, "£1.34 million"),
        (1_345_000, -3, "£1,345,000"),
        (41.5, 1, "£41.5"),
    ],
)
def test_a_sum_prints_in_the_step_in_which_it_was_printed(value, decimals, printed) -> None:
    claim = replace(CLAIM, value=value, decimals=decimals, unit="GBP", relation="exact")
    assert claim.figure() == printed


def test_a_row_without_number_or_relation_is_an_exact_claim_in_words() -> None:
    columns = dict.fromkeys(vars(CLAIM), "word") | {"value": 44.5, "decimals": 1}
    claim = Claim.of("row", pd.Series(columns | {"relation": "about"}))
    assert (claim.id, claim.label, claim.relation) == ("row", "word", "about")
    assert (claim.value, claim.decimals) == (44.5, 1)
    empty = dict.fromkeys(("value", "decimals", "relation", "series"))
    claim = Claim.of("row", pd.Series(columns | empty, dtype=object))
    assert (claim.value, claim.series) == (None, "")
    assert (claim.decimals, claim.relation) == (0, "exact")


def test_an_input_that_a_claim_states_has_the_limits_of_its_printed_digits(evidence) -> None:
    # "about 15 million pounds", printed in millions: half a million either way
    claimed = stated(evidence, "scott_counter_year", "GBP")
    assert claimed.interval == Interval("rounding", 14_500_000, 15_500_000)
    assert (claimed.value, claimed.unit) == (15_000_000, "GBP")
    assert claimed.rows == {"claims/scott_counter_year"}


def test_an_input_without_limits_is_combined_as_it_is() -> None:
    tenth = Quantity(10, "percent", Interval("rounding", 9.5, 10.5))
    product = combined(lambda share, whole: share * whole / 100, "count", tenth, percent(200))
    assert product.interval == Interval("rounding", 19, 21)


def test_lineage_holds_the_claim_and_the_evidence() -> None:
    ruling = Ruling(CLAIM, Finding(computed=percent(50.4)), "claims/half_recover", "module.check")
    assert ruling.rows == {"claims/half_recover", "rates/a"}
    assert ruling.live
