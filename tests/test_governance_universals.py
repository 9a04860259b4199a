"""Universal statements under one rule, interests counted whole, staff surveys with their limits."""

import pytest

from analysis.evidence import Evidence
from analysis.governance import judges, staff, universals
from analysis.governance.universals import NARROWED, NOTHING, REFUTED
from analysis.interval_rows import Row
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

SECTIONS = (universals.statements, judges.interests, staff.surveys)


def numbers(evidence: Evidence) -> dict[str, Quantity]:
    found: dict[str, object] = {}
    for section in SECTIONS:
        found |= section(evidence)
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


def with_case(evidence: Evidence, row: str, column: str, value: str) -> Evidence:
    frame = evidence.table("counter_examples")
    frame.loc[row, column] = value
    return evidence.with_table("counter_examples", frame)


def test_standings_by_hand(evidence: Evidence) -> None:
    """Refuted: 9 of critics, the month kept, and the standard never reached; 28 less 11 less 8."""
    found = {name: item.value for name, item in numbers(evidence).items()}
    assert found["universal_all"] == 28
    assert found["universal_refuted"] == 9 + 1 + 1
    assert found["universal_narrowed"] == 28 - 11 - 8
    assert found["universal_nothing"] == 8
    assert (found["universal_critics"], found["universal_programme"]) == (23, 4)
    assert found["universal_scrutiny"] == 5  # two audits, an auditor, a committee, the press


def test_only_a_case_that_was_there_counts(evidence: Evidence) -> None:
    def standing(changed: Evidence) -> str:
        return universals.tallies(changed).loc["s4_target_kept_each_month", "standing"]

    assert standing(evidence) == REFUTED
    later = with_case(evidence, "december_2017_below", "before_claim", "no")
    assert standing(later) == NARROWED  # May 2017 is left, below by counts and not by print
    neither = with_case(later, "may_2017_counts", "before_claim", "unknown")
    assert standing(neither) == NOTHING


def test_a_case_that_does_not_meet_the_terms_counts_nowhere(evidence: Evidence) -> None:
    found = universals.tallies(evidence).loc["s0_never_categorical_endpoint"]
    assert (found["terms"], found["part"], found["later"]) == (0, 1, 0)  # entry interviews: no


def test_before_means_dated_no_later_than_the_statement(evidence: Evidence) -> None:
    """A year alone may be the same year; the shorter date decides how far they are compared."""
    made = evidence.table("universal_statements")["asserted_on"]
    checked = 0
    for case in evidence.table("counter_examples").itertuples():
        said = made[case.universal_id]
        size = min(len(said), len(case.date))
        if said and case.before_claim == "yes":
            assert case.date[:size] <= said[:size], case.Index
            checked += 1
        if said and case.before_claim == "no":
            assert case.date[:size] >= said[:size], case.Index
    assert checked > 30


def test_every_case_belongs_to_a_statement(evidence: Evidence) -> None:
    known = set(evidence.table("universal_statements").index)
    assert set(evidence.table("counter_examples")["universal_id"]) <= known
    counted = universals.tallies(evidence)[["terms", "part", "later"]].to_numpy().sum()
    refused = evidence.table("counter_examples", meets_terms="no")
    assert counted == len(evidence.table("counter_examples")) - len(refused)


def test_december_2017_is_the_exception_to_each_month(evidence: Evidence) -> None:
    """18,580 of 37,238 recovered: 49.895 percent."""
    month = numbers(evidence)["universal_month"]
    assert month.value == pytest.approx(100 * 18_580 / 37_238, abs=0.05)
    assert month.value < 50


def test_interests_add_up(evidence: Evidence) -> None:
    found = judges.interests(evidence)
    summary = found["interest_summary"].frame
    assert summary[["Declared", "Evident", "None seen"]].to_numpy().sum() == 29
    assert found["interest_none_seen"].value == summary["None seen"].sum() == 3
    sides = set(found["interest_listed"].frame["Side"])
    assert {"programme", "critic", "independent"} <= sides


def test_staff_shares_keep_their_printed_limits(evidence: Evidence) -> None:
    found = staff.surveys(evidence)
    assert found["staff_burnout_low"].interval.limits == (58.8, 77.3)
    assert found["staff_burnout_high"].interval.limits == (39.6, 60.4)
    assert found["staff_burnout_own_words"].interval.kind == "unstated"
    assert found["staff_depressed_least"].value == 40
    assert found["staff_depressed_most"].value == 48


def test_surveys_and_records_stand_apart(evidence: Evidence) -> None:
    """In the groups that chose to answer nobody knows how many were asked; records follow."""
    frame = evidence.table("staff_surveys")
    chose = [row for name in list(staff.GROUPS)[:2] for row in staff.GROUPS[name]]
    assert set(frame.loc[chose, "sampling"]) <= set(staff.CHOSE)
    assert set(frame.loc[chose, "response_rate"]) == {"not seen"}
    records = list(staff.GROUPS.values())[-1]
    assert not set(frame.loc[list(records), "sampling"]) & set(staff.CHOSE)
    drawn = [row for group in staff.rows_of(evidence) for row in group.rows]
    assert all(isinstance(row, Row) for row in drawn)


def test_lineage_and_steady_pictures(evidence: Evidence) -> None:
    assert lineage_problems(numbers, evidence) == []
    for section, name in (
        (universals.statements, "universal_chart"),
        (staff.surveys, "staff_chart"),
    ):
        first, second = (section(evidence)[name] for _ in range(2))
        for width in ("wide", "narrow"):
            assert first.specification(width) == second.specification(width)
