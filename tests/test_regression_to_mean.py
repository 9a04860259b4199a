"""Regression to the mean: closed forms, quadrature, simulation and scipy must tell one story."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm, truncnorm

from analysis.recovery_index import RecoveryRule
from analysis.regression_to_mean import (
    Cuts,
    Population,
    Published,
    Retest,
    before_selection,
    bivariate_normal_cdf,
    caseness_cuts,
    regress,
    selected_moments,
    sensitivity,
    simulate,
    stationary_limit,
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


def test_one_scale_moments_are_those_of_the_truncated_normal() -> None:
    people, cut = Population(12, 6, 0, 1, 0.4), 9.5
    z = (cut - 12) / 6
    mean, variance = truncnorm.stats(z, np.inf, loc=12, scale=6, moments="mv")
    found = selected_moments(people, Cuts(cut, 1000.0))
    assert found.mean_phq9 == pytest.approx(mean, abs=1e-10)
    assert found.sd_phq9 == pytest.approx(math.sqrt(variance), abs=1e-10)
    assert found.not_at_caseness == pytest.approx(norm.cdf(z), abs=1e-12)


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


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-0.99, 0.99))
@settings(deadline=None)
def test_bivariate_cdf_agrees_with_scipy(h: float, k: float, rho: float) -> None:
    scipy_value = multivariate_normal.cdf([h, k], [0, 0], [[1, rho], [rho, 1]])
    assert bivariate_normal_cdf(h, k, rho) == pytest.approx(scipy_value, abs=1e-7)


@pytest.mark.parametrize(
    ("h", "k", "rho", "exact"),
    [
        (0, 0, -0.5, 1 / 6),
        (0, 0, 1, 0.5),
        (1, 1, 1, norm.cdf(1)),
        (-1, 2, 1, norm.cdf(-1)),
        (1, 0, -1, norm.cdf(1) - 0.5),
        (np.inf, 0.7, 0.4, norm.cdf(0.7)),
        (-np.inf, 0.7, 0.4, 0),
        (0, -1.2, 0, norm.cdf(-1.2) / 2),
    ],
)
def test_bivariate_cdf_at_its_edges(h, k, rho, exact) -> None:
    assert bivariate_normal_cdf(h, k, rho) == pytest.approx(exact, abs=1e-12)


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


def test_moments_after_selection_agree_with_simulation() -> None:
    rng = np.random.default_rng(5)
    n = 1_000_000
    x, e = rng.standard_normal((2, n))
    phq, gad = 15 + 6 * x, 13 + 5 * (0.6 * x + 0.8 * e)
    case = (phq >= CUTS.phq9) | (gad >= CUTS.gad7)
    found = selected_moments(PEOPLE, CUTS)
    assert found.mean_phq9 == pytest.approx(phq[case].mean(), abs=0.03)
    assert found.sd_phq9 == pytest.approx(phq[case].std(), abs=0.02)
    assert found.mean_gad7 == pytest.approx(gad[case].mean(), abs=0.025)
    assert found.sd_gad7 == pytest.approx(gad[case].std(), abs=0.02)
    assert found.correlation == pytest.approx(np.corrcoef(phq[case], gad[case])[0, 1], abs=0.005)
    assert found.not_at_caseness == pytest.approx(1 - case.mean(), abs=0.0015)


# --- solving for the population before selection --------------------------------------------


@given(populations)
@settings(deadline=None, max_examples=60)
def test_known_population_is_recovered_from_its_selected_part(people: Population) -> None:
    chosen = selected_moments(people, CUTS)
    assume(0.005 < chosen.not_at_caseness < 0.5)
    published = Published(*chosen[:4], chosen.not_at_caseness, selected=True)
    found = before_selection(published, CUTS)
    again = selected_moments(found, CUTS)
    np.testing.assert_allclose(again[:4], chosen[:4], atol=1e-6)
    assert again.not_at_caseness == pytest.approx(chosen.not_at_caseness, abs=1e-8)
    assert found.mean_phq9 == pytest.approx(people.mean_phq9, abs=1e-3)
    assert found.sd_gad7 == pytest.approx(people.sd_gad7, abs=1e-3)
    assert found.correlation == pytest.approx(people.correlation, abs=1e-3)


@given(populations)
@settings(deadline=None, max_examples=60)
def test_moments_of_everyone_leave_only_the_correlation_to_solve(people: Population) -> None:
    share = selected_moments(people, CUTS).not_at_caseness
    assume(0.005 < share < 0.5)
    four = (people.mean_phq9, people.sd_phq9, people.mean_gad7, people.sd_gad7)
    found = before_selection(Published(*four, share, selected=False), CUTS)
    assert (found.mean_phq9, found.sd_phq9, found.mean_gad7, found.sd_gad7) == four
    assert found.correlation == pytest.approx(people.correlation, abs=1e-6)


def test_selection_raises_means_and_narrows_spread() -> None:
    chosen = selected_moments(PEOPLE, CUTS)
    assert chosen.mean_phq9 > 15
    assert chosen.mean_gad7 > 13
    assert chosen.sd_phq9 < 6
    assert chosen.sd_gad7 < 5


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
    with pytest.raises(ValueError, match=r"not_at_caseness=5.6: .*from 0 to 1.*unit"):
        Published(15.4, 5.5, 14.0, 4.5, 5.6, selected=True)
    with pytest.raises(ValueError, match=r"sd_gad7=0: .*check the row"):
        Published(15.4, 5.5, 14.0, 0, 0.056, selected=True)
    with pytest.raises(ValueError, match=r"mean_phq9=nan"):
        Published(math.nan, 5.5, 14.0, 4.5, 0.056, selected=True)
    with pytest.raises(ValueError, match=r"selected='False': must be True or False"):
        Published(15.4, 5.5, 14.0, 4.5, 0.056, selected="False")
    with pytest.raises(ValueError, match=r"r_phq9=1.2"):
        Retest(1.2, 0.8)
    with pytest.raises(ValueError, match=r"correlation=1.0"):
        Population(15, 6, 13, 5, 1.0)


@pytest.mark.parametrize("selected", [True, False])
def test_solving_refuses_figures_that_no_normal_fits(selected: bool) -> None:
    with pytest.raises(ValueError, match=r"not_at_caseness=0.6: no bivariate normal.*same people"):
        before_selection(Published(15.4, 5.5, 14.0, 4.5, 0.6, selected), CUTS)


def test_refusals_of_contradictory_correlations() -> None:
    with pytest.raises(ValueError, match=r"shared=False: needs correlation.*use shared=True"):
        regress(PEOPLE, Retest(0.5, 0.5, shared=False), CUTS)
    with pytest.raises(ValueError, match=r"r_phq9, r_gad7: too far apart.*closer together"):
        regress(Population(15, 6, 13, 5, 0.98), Retest(0.99, 0.5), CUTS)


def test_refusals_when_nobody_is_selected_or_an_input_is_unknown() -> None:
    with pytest.raises(ValueError, match=r"cuts=.*nobody scores that high; lower a cut"):
        selected_moments(STANDARD, Cuts(100.0, 100.0))
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
