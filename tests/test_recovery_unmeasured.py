"""Bounds for outcomes that nobody measured, by hand and in order of assumptions."""

import itertools

import pytest

from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.recovery.unmeasured import bounds_by_case, by_year, cohort, unmeasured_outcomes
from analysis.year_sums import months_of, year_sum

# Monthly sums of 2024-25: recovered, finished, not at caseness, both scores, and leavers
R, FINISHED, BELOW, PAIRED = 319_080, 667_143, 34_899, 658_429
ONCE, NOT_SEEN, NOT_TREATED = 502_900, 556_598, 19_624
F, U = FINISHED - BELOW, FINISHED - PAIRED
LEFT = ONCE + NOT_SEEN + NOT_TREATED


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return unmeasured_outcomes(evidence)


@pytest.fixture(scope="module")
def cases(evidence: Evidence) -> dict:
    return bounds_by_case(evidence, cohort(evidence, "2024-25"))


def test_the_published_rate_is_the_lower_bound_for_missing_last_scores(results):
    found = results["bounds_finished"]
    assert found.interval.limits == pytest.approx((100 * R / F, 100 * (R + U) / F))
    assert results["bounds_published_rate"].value == pytest.approx(found.interval.low)


def test_worst_cases_put_all_leavers_in_and_none_or_all_recovered(cases):
    for name, leavers in (("treated", ONCE), ("ended", LEFT)):
        low, high = cases[name]["worst"].interval.limits
        assert low == pytest.approx(100 * R / (F + leavers))
        assert high == pytest.approx(100 * (R + U + leavers) / (F + leavers))


def test_no_better_than_finishers_caps_the_rate_at_the_finishers_own(results, cases):
    cap = 100 * (R + U) / F
    assert results["bounds_no_better"].value == pytest.approx(cap)
    assert cases["treated"]["no_better"].interval.high == pytest.approx(cap)


def test_waiting_lists_lift_the_floor(results):
    # 12.5 percent of the leavers, all of them at caseness
    expected = 100 * (R + 0.125 * LEFT) / (F + LEFT)
    assert results["bounds_waiting"].interval.low == pytest.approx(expected)
    share = F / FINISHED
    expected = 100 * (R + 0.23 * LEFT * share) / (F + LEFT * share)
    assert results["bounds_untreated"].interval.low == pytest.approx(expected)


def test_each_assumption_only_narrows_the_bounds(cases):
    order = ("worst", "no_better", "waiting", "alike", "untreated")
    for name in ("treated", "ended"):
        limits = [cases[name][case].interval.limits for case in order]
        for (low, high), (next_low, next_high) in itertools.pairwise(limits):
            assert low <= next_low + 1e-9
            assert next_high <= high + 1e-9


def test_leavers_are_all_who_ended_and_did_not_finish(results):
    assert results["bounds_left"].value == LEFT
    assert results["bounds_left_share"].value == pytest.approx(100 * LEFT / (LEFT + FINISHED))


def test_a_year_sum_needs_twelve_months(evidence):
    assert months_of("2024-25") == [
        *(f"2024-{m:02d}" for m in range(4, 13)),
        "2025-01",
        "2025-02",
        "2025-03",
    ]
    with pytest.raises(LookupFault, match="moved_to_recovery of 2020-21 has 4 of 12 months"):
        year_sum(evidence, "monthly_outcomes", "moved_to_recovery", "2020-21")


def test_bounds_stand_for_every_year_with_all_parts(evidence):
    frame = by_year(evidence)["bounds_by_year"].frame.set_index("Year")
    assert list(frame.index) == ["2021-22", "2022-23", "2023-24", "2024-25", "2025-26"]
    assert frame.loc["2024-25", "All ended"].interval.low == pytest.approx(100 * R / (F + LEFT))
