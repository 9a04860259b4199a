"""The staff survey under selection, and altered records put back into the rate."""

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.self_report import staff_records, staff_survey
from analysis.self_report.staff_records import Counts

COUNTS = Counts(582_556 - 35_706, 284_810, 35_706)  # 2018-19


def test_bounds_of_an_open_survey_by_hand(evidence: Evidence) -> None:
    """41% of 650 is 266.5 of 10,500: 2.54%; with the 9,850 who did not answer, 96.35%."""
    found = staff_survey.survey(evidence)
    assert found["staff_people"].value == pytest.approx(266.5)
    assert found["staff_people"].interval.limits == pytest.approx((263.25, 269.75))
    assert found["staff_least"].value == pytest.approx(100 * 266.5 / 10_500)
    assert found["staff_most"].value == pytest.approx(100 * (266.5 + 9_850) / 10_500)


def test_the_lower_bound_is_full_response_of_those_asked(evidence: Evidence) -> None:
    """Then all 266.5 asked answered, and 383.5 of the 10,233.5 others: 1/0.03747 times."""
    found = staff_survey.survey(evidence)
    assert found["staff_ratio"].value == pytest.approx(1 / (383.5 / 10_233.5))
    back = staff_survey.under_selection(0.41, found["staff_ratio"].value)
    assert 100 * back == pytest.approx(found["staff_least"].value)


@given_that(st.floats(0.01, 0.99), st.floats(1.0, 50.0))
def test_readier_answers_of_those_asked_lower_the_share(share: float, ratio: float) -> None:
    found = staff_survey.under_selection(share, ratio)
    assert 0 < found <= share + 1e-12
    # of N staff a share `found` was asked; they answer at rate s·k, the others at k
    assert found * ratio / (found * ratio + 1 - found) == pytest.approx(share)


@pytest.mark.parametrize("points", [1.0, 5.0, 10.0])
def test_records_taken_back_lower_the_rate_by_that_much(points: float) -> None:
    target = COUNTS.rate - points / 100
    end = staff_records.altered_end_scores(COUNTS, points)
    assert (COUNTS.recovered - end) / COUNTS.base == pytest.approx(target)
    raised = staff_records.raised_first_scores(COUNTS, points)
    assert (COUNTS.recovered - raised) / (COUNTS.base - raised) == pytest.approx(target)
    lowered = staff_records.lowered_first_scores(COUNTS, points)
    assert COUNTS.recovered / (COUNTS.base + lowered) == pytest.approx(target)


def test_first_scores_lowered_are_limited_by_those_not_at_caseness(evidence: Evidence) -> None:
    """All 35,706 put back: 284,810 of 582,556, against 284,810 of 546,850."""
    found = staff_records.records(evidence)
    expected = 100 * 284_810 / 546_850 - 100 * 284_810 / 582_556
    assert found["staff_out_most"].value == pytest.approx(expected)
    cells = found["staff_records"].frame["First scores lowered"]
    assert [isinstance(cell, Quantity) for cell in cells] == [True, False, False]


def test_what_the_critics_figure_would_need(evidence: Evidence) -> None:
    """From 52.08% to 10%: 80.8% of recoveries; and staff at the lower bound reach 1.3 points."""
    found = staff_records.records(evidence)
    rate = 100 * 284_810 / 546_850
    assert found["staff_to_critic"].value == pytest.approx(100 * (rate - 10) / rate)
    assert found["staff_reach_least"].value == pytest.approx(266.5 / 10_500 * rate)
    assert found["staff_reach_survey"].value == pytest.approx(0.41 * rate)


def test_a_point_of_the_rate_stands_out_more_where_fewer_score(evidence: Evidence) -> None:
    found = staff_records.bunching(evidence)
    mass, bump = found["staff_mass"].interval, found["staff_bump"].interval
    assert mass.low < mass.high < 10
    assert (bump.low, bump.high) == pytest.approx((100 / mass.high, 100 / mass.low))
