"""What is recorded, what a change means, functioning and satisfaction: shares worked by hand."""

import pytest
from scipy.stats import binomtest

from analysis.evidence import Evidence
from analysis.self_report.meaning_change import important_changes
from analysis.self_report.meaning_functioning import falls, functioning, satisfaction
from analysis.self_report.meaning_recorded import (
    comorbidity,
    descriptors,
    measured,
    missing_share,
    years,
)

SECTIONS = (descriptors, measured, comorbidity, important_changes, functioning, satisfaction)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_missing_descriptors_are_counts_over_counts_of_the_same_stage(results):
    # 43,743 of 670,419 finished; 846,786 of 1,813,432 received; 231,881 of 1,260,381 entered
    assert results["meaning_missing_last"].value == pytest.approx(100 * 43743 / 670419)
    assert results["meaning_missing_referred"].value == pytest.approx(100 * 846786 / 1813432)
    assert results["meaning_missing_started"].value == pytest.approx(100 * 231881 / 1260381)


def test_a_stage_without_a_count_is_left_empty(evidence):
    assert missing_share(evidence, "first_treatment", "2024-25") is None
    assert len(years()) == 11


def test_specific_measures_are_a_share_of_the_courses_that_call_for_one(results):
    # 2025-26: 89,863 of 120,613 paired; both scales 662,796 of 671,262
    assert results["meaning_specific_last"].value == pytest.approx(100 * 89863 / 120613)
    assert results["meaning_paired_last"].value == pytest.approx(100 * 662796 / 671262)


def test_a_unique_count_gives_the_exact_interval(results):
    # 106 is the only count of 147 that prints 72
    exact = binomtest(106, 147).proportion_ci(method="exact")
    limits = results["meaning_several_disorders"].interval.limits
    assert limits == pytest.approx((100 * exact.low, 100 * exact.high))


def test_several_counts_give_the_wilson_interval_of_the_printed_share(results):
    # 89 and 90 of 147 both print 61: Wilson at 0.61 × 147 = 89.67, half width about 7.8
    low, high = results["meaning_bipolar_screen"].interval.limits
    assert (low, high) == pytest.approx((52.9, 68.5), abs=0.1)


def test_a_noticed_share_is_turned_into_points_at_the_mean_first_score(results):
    # 21 percent of 15.4 = 3.234, limits 14.9 and 26.7 percent: 2.295 and 4.112
    found = results["meaning_noticed_phq9_start"]
    assert found.value == pytest.approx(3.234)
    assert found.interval.limits == pytest.approx((2.2946, 4.1118))


def test_falls_are_divided_by_the_spread_at_the_start(results):
    # cognitive behaviour therapy, 2024-25: (19.0 − 14.0) / 9.4; PHQ-9 (14.2 − 9.5) / 6.1
    assert results["meaning_fall_wsas"].value == pytest.approx(5.0 / 9.4)
    assert results["meaning_fall_phq9"].value == pytest.approx(4.7 / 6.1)


def test_functioning_falls_less_than_symptoms_in_every_problem(evidence):
    for rows in falls(evidence).values():
        assert rows["WSAS"].value < min(rows["PHQ-9"].value, rows["GAD-7"].value)


def test_satisfaction_is_bounded_by_who_replied(results):
    # 22 percent replied: if all of them were satisfied, between 22 and 100 percent of everyone
    assert results["meaning_satisfied_bounds"].interval.limits == (22, 100)
    assert results["meaning_satisfied_width"].value == 78
