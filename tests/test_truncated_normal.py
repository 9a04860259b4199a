"""Selection on either of two normal scores: closed forms against scipy and simulation."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm, truncnorm

from analysis.recovery_index import RecoveryRule
from analysis.truncated_normal import (
    Cuts,
    Population,
    Published,
    before_selection,
    bivariate_normal_cdf,
    caseness_cuts,
    selected_moments,
)

CUTS = caseness_cuts(RecoveryRule(10, 8, 6, 4, strict=False), continuity=True)
PEOPLE = Population(15, 6, 13, 5, 0.6)

populations = st.builds(
    Population,
    st.floats(8, 20), st.floats(3, 8), st.floats(6, 18), st.floats(3, 7), st.floats(-0.6, 0.9),
)  # fmt: skip
populations_like_the_service = st.builds(
    Population,
    st.floats(12, 17), st.floats(5, 7), st.floats(11, 15), st.floats(4, 6), st.floats(0, 0.7),
)  # fmt: skip


def test_one_scale_moments_are_those_of_the_truncated_normal() -> None:
    people, cut = Population(12, 6, 0, 1, 0.4), 9.5
    z = (cut - 12) / 6
    mean, variance = truncnorm.stats(z, np.inf, loc=12, scale=6, moments="mv")
    found = selected_moments(people, Cuts(cut, 1000.0))
    assert found.mean_phq9 == pytest.approx(mean, abs=1e-10)
    assert found.sd_phq9 == pytest.approx(math.sqrt(variance), abs=1e-10)
    assert found.not_at_caseness == pytest.approx(norm.cdf(z), abs=1e-12)


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


@given(populations)
@example(Population(13, 3, 6, 3, 0.75))  # the root lies far from what was published
@settings(deadline=None, max_examples=60)
def test_the_population_solved_for_has_the_published_selected_part(people: Population) -> None:
    chosen = selected_moments(people, CUTS)
    assume(0.005 < chosen.not_at_caseness < 0.5)
    published = Published(*chosen[:4], chosen.not_at_caseness, selected=True)
    again = selected_moments(before_selection(published, CUTS), CUTS)
    np.testing.assert_allclose(again[:4], chosen[:4], atol=1e-6)
    assert again.not_at_caseness == pytest.approx(chosen.not_at_caseness, abs=1e-8)


@given(populations_like_the_service)
@settings(deadline=None, max_examples=60)
def test_known_population_is_recovered_from_its_selected_part(people: Population) -> None:
    """Where both scales select, the five figures pin the population down; elsewhere weakly."""
    chosen = selected_moments(people, CUTS)
    found = before_selection(Published(*chosen[:4], chosen.not_at_caseness, True), CUTS)
    for name in ("mean_phq9", "sd_phq9", "mean_gad7", "sd_gad7", "correlation"):
        assert getattr(found, name) == pytest.approx(getattr(people, name), abs=1e-3)


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


@pytest.mark.parametrize("selected", [True, False])
def test_solving_refuses_figures_that_no_normal_fits(selected: bool) -> None:
    with pytest.raises(ValueError, match=r"not_at_caseness=0.6: no bivariate normal.*same people"):
        before_selection(Published(15.4, 5.5, 14.0, 4.5, 0.6, selected), CUTS)


def test_inputs_refuse_values_out_of_range_and_name_themselves() -> None:
    with pytest.raises(ValueError, match=r"not_at_caseness=5.6: .*from 0 to 1.*unit"):
        Published(15.4, 5.5, 14.0, 4.5, 5.6, selected=True)
    with pytest.raises(ValueError, match=r"sd_gad7=0: .*check the row"):
        Published(15.4, 5.5, 14.0, 0, 0.056, selected=True)
    with pytest.raises(ValueError, match=r"mean_phq9=nan"):
        Published(math.nan, 5.5, 14.0, 4.5, 0.056, selected=True)
    with pytest.raises(ValueError, match=r"selected='False': must be True or False"):
        Published(15.4, 5.5, 14.0, 4.5, 0.056, selected="False")
    with pytest.raises(ValueError, match=r"correlation=1.0"):
        Population(15, 6, 13, 5, 1.0)


def test_selection_refuses_cuts_that_nobody_reaches() -> None:
    with pytest.raises(ValueError, match=r"cuts=.*nobody scores that high; lower a cut"):
        selected_moments(Population(0, 1, 0, 1, 0.3), Cuts(100.0, 100.0))
