"""Bad data stop the book, and the message names file, row, column, rule and remedy."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import DataError, LookupFault
from analysis.evidence import load
from analysis.validation import faults

RATES = "rates.csv"


def found(package: Path) -> list[str]:
    return [str(fault) for fault in faults(package, package.parent / "book" / "references.bib")]


def edit(package: Path, old: str, new: str, file: str = RATES) -> None:
    path = package / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_valid_package_has_no_faults(package: Path) -> None:
    assert found(package) == []


BAD_CELLS = {
    "text where a number belongs": ("40", "forty", "row 2, column value"),
    "not a number": (",40,", ",NaN,", "row 2, column value"),
    "infinite": (",40,", ",inf,", "row 2, column value"),
    "negative infinite": (",40,", ",-inf,", "row 2, column value"),
    "exponent notation": (",40,", ",4e1,", "row 2, column value"),
    "below the minimum": (",40,", ",-1,", "row 2, column value"),
    "above the bounds of its unit": (",23,percent", ",123,percent", "row 4, column value"),
    "duplicated id": ("b,finished", "a,finished", "row 3"),
    "unknown source": ("report_2019", "nobody_1900", "row 2, column source"),
    "unknown grade": ("table,primary", "table,gold", "row 2, column grade"),
    "empty locator": ("table 1", "", "row 2, column locator"),
    "padded cell": ("a,recovered", "a, recovered", "row 2, column measure"),
    "padded id": ("a,recovered", "a ,recovered", "row 2, column id"),
    "id of two words": ("a,recovered", "a b,recovered", "row 2, column id"),
    "control character": ("table 1", "table \a1", "row 2, column locator"),
    "private character": ("table 1", "table \ue0001", "row 2, column locator"),
    "unassigned character": ("table 1", "table \u03781", "row 2, column locator"),
    "line break in a cell": ("a,recovered", 'a,"re\ncovered"', "row 2, column measure"),
    "estimate outside its interval": (",18,30,", ",24,30,", "row 4"),
    "interval with one limit": (",18,30,", ",18,,", "row 4"),
    "ragged long": ("table 1,table,primary", "table 1,table,primary,more", "row 2"),
    "ragged short": (
        "a,recovered,40,referrals,,,report_2019,table 1,table,primary",
        "a,b",
        "row 2",
    ),
    "extra column": ("extent,grade\n", "extent,grade,mood\n", "rates.csv"),
    "missing column": ("locator,", "", "rates.csv"),
    "renamed column": (",ci_low", ",lower", "column ci_low"),
    "swapped columns": ("ci_low,ci_high", "ci_high,ci_low", "column ci_high"),
    "blank row": ("b,finished", "\nb,finished", "row 3"),
}


@pytest.mark.parametrize("case", BAD_CELLS)
def test_a_bad_cell_is_refused_with_its_place_and_a_remedy(package: Path, case: str) -> None:
    old, new, place = BAD_CELLS[case]
    edit(package, old, new)
    messages = found(package)
    assert any(place in message for message in messages), messages
    assert all("data/rates.csv" in message and "remedy: " in message for message in messages)


BAD_BYTES = {
    "byte-order mark": lambda content: b"\xef\xbb\xbf" + content,
    "CRLF": lambda content: content.replace(b"\n", b"\r\n"),
    "no final line end": lambda content: content.rstrip(b"\n"),
    "latin-1": lambda content: content.replace(b"table 1", b"\xe9tat"),
    "empty file": lambda content: b"",
}


@pytest.mark.parametrize("case", BAD_BYTES)
def test_bad_bytes_are_refused(package: Path, case: str) -> None:
    path = package / RATES
    path.write_bytes(BAD_BYTES[case](path.read_bytes()))
    messages = found(package)
    assert messages and all("data/rates.csv" in message for message in messages)


def test_a_missing_table_file_is_refused(package: Path) -> None:
    (package / RATES).unlink()
    assert any("data/rates.csv: the file is missing" in message for message in found(package))


def test_a_table_without_package_entry_is_refused(package: Path) -> None:
    (package / "stray.csv").write_text("id\nx\n")
    assert any("data/stray.csv: the table has no package entry" in m for m in found(package))


def test_a_missing_package_file_is_refused(package: Path) -> None:
    (package / "datapackage.json").unlink()
    assert found(package) == ["data/datapackage.json: the file is missing\n    remedy: restore it"]


def test_a_schema_without_provenance_or_bounds_is_refused(package: Path) -> None:
    path = package / "datapackage.json"
    description = json.loads(path.read_text())
    fields = description["resources"][0]["schema"]["fields"]
    fields[2]["constraints"] = {}
    fields[7]["constraints"] = {}
    path.write_text(json.dumps(description))
    messages = found(package)
    assert any("a number needs a minimum and a maximum" in message for message in messages)
    assert any("needs a required field 'locator'" in message for message in messages)


def test_every_fault_is_reported_not_only_the_first(package: Path) -> None:
    edit(package, ",40,", ",forty,")
    edit(package, "b,finished", "a,finished")
    edit(package, "review_2013", "nobody_1900")
    edit(package, ",400,", ",-4,", file="counts.csv")
    with pytest.raises(DataError) as caught:
        load(package, package.parent / "book" / "references.bib")
    message = str(caught.value)
    for place in ("row 2, column value", "row 3", "row 4, column source", "data/counts.csv, row 2"):
        assert place in message


@pytest.fixture
def evidence(package: Path):
    return load(package, package.parent / "book" / "references.bib")


def test_a_quantity_carries_unit_interval_and_row(evidence) -> None:
    untreated = evidence.quantity("rates", "c")
    assert (untreated.value, untreated.unit) == (23.0, "percent")
    assert untreated.interval.limits == (18.0, 30.0)
    assert untreated.rows == {"rates/c"}
    assert evidence.quantity("rates", "a").interval.kind == "record"


@pytest.mark.parametrize(
    ("cell", "printed"), [("23", "23%"), ("23.0", "23.0%"), ("23.06", "23.1%")]
)
def test_a_number_prints_with_no_more_decimals_than_it_was_transcribed_with(
    package: Path, cell: str, printed: str
) -> None:
    edit(package, ",23,percent", f",{cell},percent")
    found = load(package, package.parent / "book" / "references.bib")
    assert str(found.quantity("rates", "c")) == printed


def test_limits_belong_to_their_own_column_and_have_the_level_of_their_row(evidence) -> None:
    assert evidence.quantity("rates", "c").interval.level is None
    assert evidence.quantity("rates", "c", "ci_low").interval.limits is None
    frame = evidence.table("rates")
    frame["ci_level"] = [np.nan, np.nan, 90.0]
    frame.loc["b", "ci_low"] = frame.loc["a", "ci_high"] = 70.0
    levels = evidence.with_table("rates", frame)
    assert levels.quantity("rates", "c").interval.level == 0.9
    for row in ("a", "b"):  # one limit is no interval
        assert levels.quantity("rates", row).interval.limits is None


def test_conditions_on_several_columns_must_all_hold(evidence) -> None:
    assert list(evidence.table("rates", unit="referrals", grade="primary").index) == ["a", "b"]
    either = evidence.table("rates", measure=["recovered", "untreated"])
    assert list(either.index) == ["a", "c"]
    assert list(evidence.table("rates", measure=("untreated",), unit="referrals").index) == []


def test_a_row_may_say_that_it_is_no_record(evidence) -> None:
    frame = evidence.table("rates")
    frame["uncertainty"] = ["unstated", "", "unstated"]
    kinds = evidence.with_table("rates", frame)
    assert kinds.quantity("rates", "a").interval.kind == "unstated"
    assert kinds.quantity("rates", "b").interval.kind == "record"
    assert kinds.quantity("rates", "c").interval.limits == (18.0, 30.0)


def test_pick_refuses_none_and_several(evidence) -> None:
    assert evidence.pick("rates", measure="recovered").value == 40
    with pytest.raises(LookupFault, match="0 rows fit"):
        evidence.pick("rates", measure="nothing")
    with pytest.raises(LookupFault, match="2 rows fit"):
        evidence.pick("rates", unit="referrals")


def test_asking_for_what_is_not_there_says_what_is(evidence) -> None:
    with pytest.raises(LookupFault, match="no table 'ratez': the package has rates, counts"):
        evidence.table("ratez")
    with pytest.raises(LookupFault, match="has no row 'z'"):
        evidence.quantity("rates", "z")
    with pytest.raises(LookupFault, match="has no column 'colour'"):
        evidence.table("rates", colour="red")
    with pytest.raises(LookupFault, match="ci_low is empty"):
        evidence.quantity("rates", "a", column="ci_low")
    with pytest.raises(LookupFault, match="has no column 'colour'"):
        evidence.quantity("rates", "a", column="colour")
    with pytest.raises(LookupFault, match="no table 'ratez': the package has rates, counts"):
        evidence.with_table("ratez", evidence.table("rates"))
    furlongs = evidence.table("rates").assign(unit="furlongs")
    with pytest.raises(LookupFault, match="column 'value': unit 'furlongs' is unknown"):
        evidence.with_table("rates", furlongs).quantity("rates", "a")


def test_evidence_cannot_be_changed_from_outside(evidence) -> None:
    frame = evidence.table("rates")
    frame.loc["a", "value"] = 999.0
    assert evidence.quantity("rates", "a").value == 40


def test_evidence_remembers_which_tables_were_read(evidence) -> None:
    assert evidence.tables_read == ()
    evidence.quantity("counts", "d")
    assert evidence.tables_read == ("counts",)


def test_a_replaced_table_leaves_the_original_as_it_was(evidence) -> None:
    frame = evidence.table("rates")
    frame["value"] = np.float64(1.0)
    assert evidence.with_table("rates", frame).quantity("rates", "a").value == 1
    assert evidence.quantity("rates", "a").value == 40
