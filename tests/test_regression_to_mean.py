"""Regression to the mean: closed forms, quadrature, simulation and scipy must tell one story."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from analysis.recovery_index import RecoveryRule
from analysis.regression_to_mean import (
    Retest,
    regress,
    sensitivity,
    simulate,
    stationary_limit,
)
from analysis.truncated_normal import (
    Cuts,
    Population,
    Published,
    caseness_cuts,
    selected_moments,
)

RULE = RecoveryRule(10, 8, 6, 4, strict=False)
CUTS = caseness_cuts(RULE, continuity=True)
PEOPLE = Population(15, 6, 13, 5, 0.6)
ONE_SCALE = Cuts(0.0, 1000.0)  # nobody is selected, and nobody fails, on the second scale
STANDARD = Population(0, 1, 0, 1, 0.3)

populations = st.builds(
    Population,
    st.floats(8, 20), st.floats(3, 8), st.floats(6, 18), st.floats(3, 7), st.floats(-0.6, 0.9),
)  # fmt: skip
reliabilities = st.floats(0, 0.98)


def four_variate(people: Population, retest: Retest, cuts: Cuts) -> float:
    """The same probability from scipy's four-dimensional distribution function."""
    rho = people.correlation
    across = rho * math.sqrt(retest.r_phq9 * retest.r_gad7) if retest.shared else rho
    matrix = [
        [1, rho, retest.r_phq9, across],
        [rho, 1, across, retest.r_gad7],
        [retest.r_phq9, across, 1, rho],
        [across, retest.r_gad7, rho, 1],
    ]
    means = np.array([people.mean_phq9, people.mean_gad7])
    sds = np.array([people.sd_phq9, people.sd_gad7])
    once = (np.array(cuts) - means) / sds
    later = (np.array(cuts) - means - [retest.shift_phq9, retest.shift_gad7]) / sds
    two = np.array([[1, rho], [rho, 1]])
    kept = 1 - multivariate_normal.cdf(once, np.zeros(2), two)
    both = multivariate_normal.cdf(
        np.concatenate([once, later]), np.zeros(4), matrix,
        allow_singular=True, maxpts=2_000_000, abseps=1e-7, releps=1e-7,
    )  # fmt: skip
    return (multivariate_normal.cdf(later, np.zeros(2), two) - both) / kept


# --- one scale, by hand ---------------------------------------------------------------------


@pytest.mark.parametrize("r", [0.0, 0.3, 0.5, 0.8, 0.95])
def test_one_scale_cut_at_its_mean_gives_the_arc_cosine(r: float) -> None:
    """P(below later | above now) = acos(r) / pi; E[later | above now] = r sqrt(2 / pi)."""
    found = regress(STANDARD, Retest(r, r), ONE_SCALE)
    assert found.below_both == pytest.approx(math.acos(r) / math.pi, abs=1e-9)
    assert found.mean_phq9 == pytest.approx(r * math.sqrt(2 / math.pi), abs=1e-12)


def test_the_nearer_two_scales_are_to_one_the_nearer_to_the_arc_cosine() -> None:
    away = [
        math.acos(0.8) / math.pi
        - regress(Population(0, 1, 0, 1, rho), Retest(0.8, 0.8), Cuts(0.0, 0.0)).below_both
        for rho in (0.6, 0.9, 0.96, 0.99)
    ]
    assert away == sorted(away, reverse=True)
    # the gap closes as sqrt(1 - rho): half of it from 0.96 to 0.99
    assert away[3] / away[2] == pytest.approx(0.5, abs=0.02)
    assert 0 < away[3] < 0.02


def test_without_any_reliability_success_is_the_unselected_share_below_both() -> None:
    found = regress(PEOPLE, Retest(0.0, 0.0), CUTS)
    assert found.below_both == pytest.approx(
        selected_moments(PEOPLE, CUTS).not_at_caseness, abs=1e-9
    )
    assert found.mean_phq9 == pytest.approx(PEOPLE.mean_phq9)
    assert found.mean_gad7 == pytest.approx(PEOPLE.mean_gad7)


def test_with_perfect_reliability_nobody_recovers_and_no_mean_moves() -> None:
    found, chosen = regress(PEOPLE, Retest(1.0, 1.0), CUTS), selected_moments(PEOPLE, CUTS)
    assert found.below_both == pytest.approx(0, abs=1e-9)
    assert found.mean_phq9 == pytest.approx(chosen.mean_phq9)
    assert found.mean_gad7 == pytest.approx(chosen.mean_gad7)


# --- independent routes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "retest"),
    [
        (PEOPLE, Retest(0.8, 0.8)),
        (PEOPLE, Retest(0.7, 0.9)),
        (PEOPLE, Retest(0.99, 0.99)),
        (PEOPLE, Retest(0.8, 0.8, shared=False)),
        (PEOPLE, Retest(0.84, 0.83, shift_phq9=-6, shift_gad7=-5.5)),
        (PEOPLE, Retest(0.9, 0.9, shift_phq9=2, shift_gad7=-3)),
        (Population(5, 6, 4, 5, -0.4), Retest(0.6, 0.6)),
        (Population(13, 6, 12, 5, 0.95), Retest(0.9, 0.9)),
    ],
)
def test_integration_agrees_with_scipy_in_four_dimensions(people, retest) -> None:
    assert regress(people, retest, CUTS).below_both == pytest.approx(
        four_variate(people, retest, CUTS), abs=2e-6
    )


@pytest.mark.parametrize("continuity", [True, False])
@pytest.mark.parametrize(
    "retest",
    [
        Retest(0.84, 0.83),
        Retest(0.5, 0.6),
        Retest(0.84, 0.83, shared=False),
        Retest(0.8, 0.8, shift_phq9=-5, shift_gad7=-4),
    ],
)
def test_integration_agrees_with_simulation(retest: Retest, continuity: bool) -> None:
    cuts = caseness_cuts(RULE, continuity=continuity)
    exact = regress(PEOPLE, retest, cuts)
    drawn = simulate(
        PEOPLE, retest, RULE, np.random.default_rng(20), draws=400_000, continuity=continuity
    )
    assert abs(drawn.below_both - exact.below_both) < 4 * drawn.below_both_se
    assert abs(drawn.mean_phq9 - exact.mean_phq9) < 4 * 6 / math.sqrt(drawn.selected)
    assert abs(drawn.mean_gad7 - exact.mean_gad7) < 4 * 5 / math.sqrt(drawn.selected)
    assert drawn.selected == pytest.approx(
        400_000 * (1 - selected_moments(PEOPLE, cuts).not_at_caseness), rel=0.005
    )


# --- properties -----------------------------------------------------------------------------


@given(populations, reliabilities)
@settings(deadline=None, max_examples=60)
def test_share_stays_under_the_limit_that_needs_no_distribution(people, r) -> None:
    chosen = selected_moments(people, CUTS)
    assume(chosen.not_at_caseness < 0.999)
    found = regress(people, Retest(r, r), CUTS)
    assert 0 <= found.below_both <= stationary_limit(chosen.not_at_caseness) + 1e-9
    if chosen.mean_phq9 > people.mean_phq9:
        assert people.mean_phq9 - 1e-9 <= found.mean_phq9 <= chosen.mean_phq9 + 1e-9


@given(reliabilities, reliabilities)
@settings(deadline=None, max_examples=40)
def test_less_reliable_scales_let_more_people_cross(a: float, b: float) -> None:
    low, high = sorted((a, b))
    shares = sensitivity(
        Published(15, 6, 13, 5, 0.0705, selected=False),
        Retest(0.8, 0.8), CUTS, {"reliability": [low, high]},
    )["reliability"]  # fmt: skip
    assert shares[0] >= shares[1] - 1e-9


def test_simulated_reliable_recovery_is_rarer_and_rarer_still_when_strict() -> None:
    def reliable(rule: RecoveryRule) -> float:
        rng = np.random.default_rng(8)
        drawn = simulate(PEOPLE, Retest(0.8, 0.8), rule, rng, draws=200_000, continuity=True)
        assert drawn.reliable_recovery < drawn.below_both
        return drawn.reliable_recovery

    assert reliable(replace(RULE, strict=True)) < reliable(RULE)


def test_simulation_repeats_with_its_seed() -> None:
    one, two = (
        simulate(PEOPLE, Retest(0.8, 0.8), RULE, np.random.default_rng(3),
                 draws=5_000, continuity=True)
        for _ in range(2)
    )  # fmt: skip
    assert one == two


def test_stationary_limit_is_reached_by_a_population_that_swaps_places() -> None:
    """Ten people, two below at each time, never the same two: 2 of the 8 selected cross."""
    assert stationary_limit(2 / 10) == pytest.approx(2 / 8)
    assert stationary_limit(0.9) == 1.0


# --- sensitivity ----------------------------------------------------------------------------


def test_sensitivity_moves_one_input_at_a_time() -> None:
    chosen = selected_moments(PEOPLE, CUTS)
    published = Published(*chosen[:4], chosen.not_at_caseness, selected=True)
    retest = Retest(0.84, 0.83)
    swing = sensitivity(
        published, retest, CUTS,
        {
            "mean_phq9": [chosen.mean_phq9, chosen.mean_phq9 + 0.5],
            "not_at_caseness": [0.06, 0.08],
            "r_gad7": [0.7, 0.83],
            "shift_phq9": [-3, 0],
            "shared": [False],
        },
    )  # fmt: skip
    reference = regress(PEOPLE, retest, CUTS).below_both
    assert list(swing) == ["mean_phq9", "not_at_caseness", "r_gad7", "shift_phq9", "shared"]
    for name, position in (("mean_phq9", 0), ("r_gad7", 1), ("shift_phq9", 1)):
        assert swing[name][position] == pytest.approx(reference, abs=1e-8)
    assert swing["not_at_caseness"][0] < reference < swing["not_at_caseness"][1]
    assert swing["shift_phq9"][0] > reference
    expected = regress(PEOPLE, replace(retest, shared=False), CUTS).below_both
    assert swing["shared"][0] == pytest.approx(expected, abs=1e-8)


def test_sensitivity_without_ranges_is_empty() -> None:
    assert sensitivity(Published(15, 6, 13, 5, 0.07, False), Retest(0.8, 0.8), CUTS, {}) == {}


# --- refusals -------------------------------------------------------------------------------


def test_inputs_refuse_values_out_of_range_and_name_themselves() -> None:
    with pytest.raises(ValueError, match=r"r_phq9=1.2"):
        Retest(1.2, 0.8)


def test_refusals_of_contradictory_correlations() -> None:
    with pytest.raises(ValueError, match=r"shared=False: needs correlation.*use shared=True"):
        regress(PEOPLE, Retest(0.5, 0.5, shared=False), CUTS)
    with pytest.raises(ValueError, match=r"r_phq9, r_gad7: too far apart.*closer together"):
        regress(Population(15, 6, 13, 5, 0.98), Retest(0.99, 0.5), CUTS)


def test_refusals_when_too_few_are_drawn_or_an_input_is_unknown() -> None:
    with pytest.raises(ValueError, match=r"draws=1: only"):
        simulate(PEOPLE, Retest(0.8, 0.8), RULE, np.random.default_rng(1),
                 draws=1, continuity=True)  # fmt: skip
    start = Published(15, 6, 13, 5, 0.07, False)
    with pytest.raises(ValueError, match=r"ranges\['alpha'\]: needs a known input"):
        sensitivity(start, Retest(0.8, 0.8), CUTS, {"alpha": [0.8]})
    with pytest.raises(ValueError, match=r"ranges\['r_phq9'\]: needs"):
        sensitivity(start, Retest(0.8, 0.8), CUTS, {"r_phq9": []})
    with pytest.raises(ValueError, match=r"not_at_caseness=1: must be a share"):
        stationary_limit(1)
