"""Reliable change by hand, and the model of changed thresholds against an independent integral."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from analysis.evidence import Evidence
from analysis.normal_change import ChangeModel, Rates, Scale, fitted
from analysis.reliable_change import (
    level_of,
    reliability_behind,
    reliable_change,
    standard_error_of_measurement,
    whole_points,
)
from analysis.self_report.scale_rates import calibrations, pooled_scale, rates_moved
from analysis.self_report.scale_reliability import thresholds_recomputed

MODEL = ChangeModel(Scale(5, 6, 6.5), Scale(5, 5, 5.5), 0.6, 0.7)


def compute(evidence: Evidence) -> dict:
    return {**thresholds_recomputed(evidence), **rates_moved(evidence)}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_reliable_change_is_jacobson_and_truax():
    # SEM = 6 √(1 − 0.75) = 3; 1.959964 × √2 × 3 = 8.3154
    assert standard_error_of_measurement(6, 0.75) == pytest.approx(3)
    assert reliable_change(6, 0.75) == pytest.approx(8.3154, abs=1e-4)
    assert reliability_behind(8.3154, 6) == pytest.approx(0.75, abs=1e-5)
    assert level_of(reliable_change(6, 0.75), 6, 0.75) == pytest.approx(0.95)


def test_a_scale_without_error_needs_no_change_and_one_of_standard_scores_is_a_scale():
    assert reliable_change(6, 1) == 0
    assert level_of(1, 6, 1) == 1
    assert reliable_change(0.5, 0.75) == pytest.approx(8.3154 / 12, abs=1e-5)


def test_a_published_index_is_met_by_the_formula():
    # Bischoff 2020 print r 0.87 and 5.59: 5.59 / (1.96 √2 √0.13) = 5.593 is the spread behind it
    assert reliable_change(5.593, 0.87) == pytest.approx(5.59, abs=0.001)


@pytest.mark.parametrize(("change", "points"), [(6.0, 6), (6.1, 7), (5.59, 6), (1.5, 2)])
def test_whole_points_round_up(change, points):
    assert whole_points(change) == points


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: reliable_change(0, 0.8), "sd"),
        (lambda: reliable_change(math.inf, 0.8), "sd"),
        (lambda: reliable_change(5, 84), "reliability"),
        (lambda: reliable_change(5, 1.5), "reliability"),
        (lambda: reliable_change(5, -0.1), "reliability"),
        (lambda: reliability_behind(40, 5), "change"),
        (lambda: reliability_behind(20, 5.5), "change"),  # beyond 1.96 √2 × 5.5 = 15.2
        (lambda: reliability_behind(-1, 5.5), "change"),
    ],
)
def test_impossible_inputs_are_refused(call, word):
    with pytest.raises(ValueError, match=word):
        call()


def test_rates_agree_with_an_independent_integral():
    sd_p = np.sqrt(36 + 6.5**2 - 2 * 0.6 * 6 * 6.5)
    sd_g = np.sqrt(25 + 5.5**2 - 2 * 0.6 * 5 * 5.5)
    cov = [[sd_p**2, 0.7 * sd_p * sd_g], [0.7 * sd_p * sd_g, sd_g**2]]
    draws = multivariate_normal([5, 5], cov, seed=7).rvs(400_000)
    up = (draws[:, 0] >= 5.5) | (draws[:, 1] >= 3.5)
    down = (draws[:, 0] <= -5.5) | (draws[:, 1] <= -3.5)
    found = MODEL.rates(6, 4)
    assert found.improved == pytest.approx((up & ~down).mean(), abs=0.003)
    assert found.worsened == pytest.approx((down & ~up).mean(), abs=0.002)


def test_the_fit_returns_the_correlations_behind_the_rates():
    found = fitted(MODEL.phq9, MODEL.gad7, MODEL.rates(6, 4), 6, 4)
    assert (found.across, found.between) == pytest.approx((0.6, 0.7), abs=1e-3)


def test_rates_that_no_model_gives_leave_a_misfit():
    assert fitted(MODEL.phq9, MODEL.gad7, Rates(0.2, 0.6), 6, 4).misfit > 0.05


def test_raising_both_thresholds_leaves_fewer_improved():
    rates = [MODEL.rates(points, points).improved for points in range(3, 12)]
    assert rates == sorted(rates, reverse=True)


def test_both_calibrations_meet_the_published_rates(evidence):
    for item in calibrations(evidence):
        assert item.model.misfit < 1e-6
        rates = item.model.rates(6, 4)
        # published for 2024-25: 67.5 improved, 5.8 worsened
        assert rates == pytest.approx((0.675, 0.058), abs=1e-6)


def test_a_pooled_spread_holds_the_spread_between_therapies(evidence):
    one = pooled_scale(evidence, "PHQ-9", "2024-25", "Cognitive behaviour therapy")
    # printed for the therapy in 2024-25: 14.2 to 9.5, spreads 6.1 and 6.6
    assert one.fall == pytest.approx(4.7)
    everyone = pooled_scale(evidence, "PHQ-9", "2024-25", None)
    assert everyone.sd_start > 0 and everyone.fall < one.fall


def test_reliable_changes_are_those_worked_by_hand(results):
    # PHQ-9 at caseness SD 5.5: alpha 0.89 → 1.96 √2 × 5.5 √0.11 = 5.056; retest 0.84 → 6.098
    assert results["scale_phq9_consistency"].value == pytest.approx(5.056, abs=1e-3)
    assert results["scale_phq9_retest"].value == pytest.approx(6.098, abs=1e-3)
    # GAD-7 SD 4.5: alpha 0.92 → 3.528; retest 0.87 → 4.497; over everyone SD 5.1: 5.097
    assert results["scale_gad7_consistency"].value == pytest.approx(3.528, abs=1e-3)
    assert results["scale_gad7_retest"].interval.limits == pytest.approx((4.497, 5.097), abs=1e-3)


def test_other_thresholds_move_the_rate_as_frozen(results):
    frozen = {"strict": 60.0, "archive": 58.7, "retest": 54.9, "noticed": 74.9}
    for name, value in frozen.items():
        assert results[f"scale_improved_{name}"].value == pytest.approx(value, abs=0.1)
