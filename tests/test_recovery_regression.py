"""Regression to the mean in the chapter: the model behind the numbers, and the numbers."""

import math

import pytest
from scipy.stats import multivariate_normal

from analysis.evidence import Evidence
from analysis.recovery import regression, regression_figures
from analysis.truncated_normal import selected_moments


def test_the_population_solved_for_has_the_published_selected_part(evidence: Evidence) -> None:
    """PHQ-9 15.4 (5.5), GAD-7 14.0 (4.5), and 37,805 of 672,193 not at caseness, in 2022-23."""
    given = regression.setting(evidence)
    again = selected_moments(given.population, given.cuts)
    assert again[:4] == pytest.approx((15.4, 5.5, 14.0, 4.5), abs=1e-6)
    assert again.not_at_caseness == pytest.approx(37_805 / 672_193, abs=1e-8)
    assert given.cuts == (9.5, 7.5)


def test_the_share_is_that_of_a_four_variate_normal(evidence: Evidence) -> None:
    """P(both below later | not both below first) from scipy's distribution function."""
    given = regression.setting(evidence)
    people, r, rho = given.population, given.retest, given.population.correlation
    across = rho * math.sqrt(r.r_phq9 * r.r_gad7)
    h = (given.cuts.phq9 - people.mean_phq9) / people.sd_phq9
    k = (given.cuts.gad7 - people.mean_gad7) / people.sd_gad7
    matrix = [
        [1, rho, r.r_phq9, across],
        [rho, 1, across, r.r_gad7],
        [r.r_phq9, across, 1, rho],
        [across, r.r_gad7, rho, 1],
    ]
    once = multivariate_normal.cdf([h, k], [0, 0], [[1, rho], [rho, 1]])
    twice = multivariate_normal.cdf(
        [h, k, h, k], [0] * 4, matrix, maxpts=2_000_000, abseps=1e-7, releps=1e-7
    )
    found = regression.mechanism(evidence)["regression_share"]
    assert found.value == pytest.approx(100 * (once - twice) / (1 - once), abs=1e-3)


def test_simulation_and_integration_agree_within_monte_carlo_error(evidence: Evidence) -> None:
    found = regression.mechanism(evidence)
    exact, drawn = found["regression_share"], found["regression_simulated"]
    error = (drawn.interval.high - drawn.interval.low) / (2 * 1.96)
    assert abs(exact.value - drawn.value) < 3 * error
    assert found["regression_reliable"].value < drawn.value


def test_another_seed_changes_the_simulation_and_not_the_integral(evidence: Evidence) -> None:
    one, two = (regression.mechanism(evidence, seed=seed, draws=50_000) for seed in (1, 2))
    assert one["regression_share"] == two["regression_share"]
    assert one["regression_simulated"].value != two["regression_simulated"].value
    caption = one["regression_agreement"].caption
    assert "seed 1; 50,000 draws" in caption


def test_the_limit_needs_the_share_not_at_caseness_only(evidence: Evidence) -> None:
    """p / (1 - p) = 37,805 / (672,193 - 37,805)."""
    found = regression.mechanism(evidence)
    assert found["regression_limit"].value == pytest.approx(100 * 37_805 / 634_388)
    assert found["regression_limit"].value > found["regression_share"].interval.high
    curve = regression_figures.over_reliability(evidence)["regression_curve"].table.frame
    assert curve["Share, percent"].max() < found["regression_limit"].value


def test_lower_reliability_lets_more_cross(evidence: Evidence) -> None:
    found = regression.mechanism(evidence)["regression_share"]
    assert found.interval.low < found.value < found.interval.high
    curve = regression_figures.over_reliability(evidence)["regression_curve"].table.frame
    assert curve["Share, percent"].is_monotonic_decreasing
    assert curve["Share, percent"].iloc[-1] == pytest.approx(0, abs=1e-4)


def test_scores_move_towards_the_mean_of_everyone_measured(evidence: Evidence) -> None:
    found = regression.mechanism(evidence)
    for scale, observed in (("phq9", 15.4 - 9.4), ("gad7", 14.0 - 8.4)):
        assert found[f"regression_towards_{scale}"].value < found[f"regression_start_{scale}"].value
        assert 0 < found[f"regression_fall_{scale}"].value < 0.2
        assert found[f"regression_observed_{scale}"].value == pytest.approx(observed)


def test_every_input_moves_the_share_around_the_reference(evidence: Evidence) -> None:
    found = regression_figures.by_input(evidence)
    frame = found["regression_inputs"].table.frame
    reference = regression.mechanism(evidence)["regression_share"].value
    assert len(frame) == 10
    assert (frame["Lowest share, percent"] <= reference + 1e-9).all()
    assert (frame["Highest share, percent"] >= reference - 1e-9).all()
    assert found["regression_least"].value == frame["Lowest share, percent"].min()
    assert found["regression_most"].value == frame["Highest share, percent"].max()
    # no value of the data is left out for want of a population that fits
    outside = frame[frame["Input"].str.startswith("Share not at caseness")].iloc[0]
    assert outside["Highest share, percent"] > 1.5 * reference


def test_strict_reading_lowers_reliable_recovery(evidence: Evidence) -> None:
    found = regression.mechanism(evidence)
    strict, plain = found["regression_reliable_strict"], found["regression_reliable"]
    assert 0 < strict.value < plain.value
