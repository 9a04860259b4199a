"""Who has looked: counts of the matrix by hand, and a picture in which nobody is lost."""

import csv
from pathlib import Path

import pytest

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance import looks, looks_chart
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

MATRIX = Path(__file__).resolve().parent.parent / "data" / "accountability.csv"


def rows() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def numbers(evidence: Evidence) -> dict[str, Quantity]:
    found = looks.matrix(evidence) | looks.measures(evidence)
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


def test_counts_by_hand(evidence: Evidence) -> None:
    """27 rows, less 2 that have not looked and 2 abroad; 7 + 7 of 23 rest on services' records."""
    found = {name: item.value for name, item in numbers(evidence).items()}
    assert found["look_rows"] == 27
    assert found["look_england"] == 27 - 2 - 2
    assert found["look_questionnaires"] == found["look_statistics"] == 7
    assert found["look_own_records"] == 14
    assert found["look_own_share"] == pytest.approx(100 * 14 / 23)
    assert found["look_interview"] == 1


def test_counts_against_the_file_read_apart(evidence: Evidence) -> None:
    made = [row for row in rows() if row["has_looked"] not in ("no", "abroad")]
    free = [row for row in made if row["independence"] == "independent"]
    found = numbers(evidence)
    assert found["look_independent"].value == len(free)
    at_outcomes = [row for row in free if row["subject"] == "outcomes"]
    assert found["look_outcomes_independent"].value == len(at_outcomes)
    assert {row["id"] for row in at_outcomes} == {"napt_2011", "napt_2013", "scott_2018"}


def test_the_matrix_holds_every_row_and_can_be_narrowed_down(evidence: Evidence) -> None:
    table = looks.matrix(evidence)["look_matrix"]
    assert list(table.frame["Who"]) == [row["body"] for row in rows()]
    assert set(table.filters) <= set(table.header)
    assert not table.frame.isna().any().any()


@pytest.mark.parametrize("width", [300, 620])
def test_every_look_has_one_mark(evidence: Evidence, width: int) -> None:
    frame = evidence.table(looks.TABLE)
    lines = looks_chart.listed(frame, int(width / 7), subject=width < 400)
    assert lines["kind"].notna().sum() == len(frame)
    assert lines["y"].is_monotonic_increasing


def test_critics_and_absences_have_marks_of_their_own() -> None:
    mark = looks_chart.mark_of
    assert mark("independent", "individual critic", "yes") == "critic"
    assert mark("independent", "auditor of central government", "yes") == "independent"
    assert mark("independent", "health and care regulator", "no") == "not looked"


def test_lineage_and_a_steady_picture(evidence: Evidence) -> None:
    assert lineage_problems(numbers, evidence) == []
    first, second = (looks.measures(evidence)["look_chart"] for _ in range(2))
    assert isinstance(first, Chart)
    for width in ("wide", "narrow"):
        assert first.specification(width) == second.specification(width)
