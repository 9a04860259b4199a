"""Sample sizes: hand-worked, statsmodels, simulation, generalised least squares, and properties."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import (
    power_proportions_2indep,
    samplesize_confint_proportion,
    samplesize_proportions_2indep_onetail,
)

from analysis import sample_size as size
from analysis import stepped_wedge

SHARES = st.floats(0.05, 0.95)
HALVES = st.floats(0.005, 0.15)
SPREADS = st.floats(0.0, 0.12)


# --- precision ------------------------------------------------------------------------------


def test_simple_samples_are_those_of_every_textbook() -> None:
    # 1.959964² · 0.25 / 0.05² = 384.1 and / 0.03² = 1067.1
    assert size.two_stage_sample(0.5, 0.05, 0.0, 1).whole_people == 385
    assert size.two_stage_sample(0.5, 0.03, 0.0, 1).whole_people == 1068


@given(SHARES, HALVES)
def test_simple_samples_agree_with_statsmodels(share: float, half: float) -> None:
    theirs = samplesize_confint_proportion(share, half)
    assert size.two_stage_sample(share, half, 0.0, 7).people == pytest.approx(theirs)


def test_design_effect_by_hand() -> None:
    # 0.05² / 0.25 = 0.01; 1 + 19 · 0.01 = 1.19; 1067.07 · 1.19 = 1269.8
    assert size.intraclass_correlation(0.5, 0.05) == pytest.approx(0.01)
    assert size.design_effect(0.01, 20) == pytest.approx(1.19)
    assert size.two_stage_sample(0.5, 0.03, 0.05, 20).people == pytest.approx(1269.8, abs=0.05)


@given(SHARES, HALVES, SPREADS, st.integers(1, 60))
def test_without_a_limit_on_clusters_it_is_the_design_effect(
    share: float, half: float, spread: float, each: int
) -> None:
    assume(spread**2 < share * (1 - share))
    simple = size.two_stage_sample(share, half, 0.0, 1).people
    effect = size.design_effect(size.intraclass_correlation(share, spread), each)
    assert size.two_stage_sample(share, half, spread, each).people == pytest.approx(simple * effect)


@given(SHARES, HALVES, SPREADS, st.integers(1, 60), st.integers(2, 400))
def test_the_half_width_of_the_sample_is_the_one_wanted(
    share: float, half: float, spread: float, each: int, clusters: int
) -> None:
    assume(spread**2 < share * (1 - share))
    found = size.two_stage_sample(share, half, spread, each, clusters)
    width = size.half_width(share, found.people, spread, found.clusters, clusters)
    assert width == pytest.approx(half)
    assert found.clusters <= clusters


@given(SHARES, HALVES, SPREADS, st.integers(1, 60), st.integers(2, 400))
def test_more_precision_needs_more_people(
    share: float, half: float, spread: float, each: int, clusters: int
) -> None:
    assume(spread**2 < share * (1 - share))
    finer = size.two_stage_sample(share, half / 2, spread, each, clusters)
    assert finer.people > size.two_stage_sample(share, half, spread, each, clusters).people


def test_a_sample_of_every_cluster_has_no_spread_between_them() -> None:
    # (0.25 − 0.0025) / (0.01/1.959964)² = 9507.7, while 40 clusters of 20 would not do
    found = size.two_stage_sample(0.5, 0.01, 0.05, 20, clusters_in_all=40)
    assert found.clusters == 40
    assert found.people == pytest.approx(0.2475 * (1.959964 / 0.01) ** 2, rel=1e-6)


def test_two_stage_variance_in_simulation() -> None:
    """60 of 150 clusters with 20 each: rates of a finite set, clusters drawn without return."""
    generator = np.random.default_rng(7)
    rates = generator.normal(0.5, 0.08, 150)
    spread = math.sqrt(((rates - rates.mean()) ** 2).sum() / 149)
    found = []
    for _ in range(6000):
        drawn = generator.choice(rates, 60, replace=False)
        found.append(generator.binomial(20, drawn).mean() / 20)
    expected = size.half_width(rates.mean(), 60 * 20, spread, 60, 150) / norm.ppf(0.975)
    assert np.std(found) == pytest.approx(expected, rel=0.03)


@given(st.floats(0.2, 0.8), st.integers(400, 20_000))
def test_wilson_and_wald_agree_at_planned_sizes(share: float, people: int) -> None:
    wald, score = size.half_width(share, people), size.score_half_width(share, people)
    assert score == pytest.approx(wald, rel=0.02)
    # a design effect of 2 halves the people
    assert size.score_half_width(share, people, 2) == pytest.approx(
        size.score_half_width(share, people / 2)
    )


def test_invitations_round_up_twice() -> None:
    # 10.2 interviews are 11; 11 / 0.4 = 27.5 are 28
    assert size.invitations(10.2, 0.4) == 28


# --- people who stay away -------------------------------------------------------------------


@given(SHARES, SHARES)
def test_at_the_share_needed_the_other_rate_is_the_end_of_the_bound(p: float, q: float) -> None:
    assume(abs(p - q) > 1e-6)
    r = size.take_part_to_exclude(p, q)
    assert 0 < r < 1
    end = r * p if p > q else r * p + 1 - r
    assert end == pytest.approx(q)


# --- agreement ------------------------------------------------------------------------------


@given(st.floats(0.05, 0.9), st.floats(0.1, 0.9))
def test_standard_error_of_kappa_agrees_with_statsmodels(kappa: float, share: float) -> None:
    """The 2 by 2 table that equal margins and this kappa make, scaled to 1000 people."""
    apart = (1 - kappa) * share * (1 - share)
    table = 1000 * np.array([[share - apart, apart], [apart, 1 - share - apart]])
    theirs = cohens_kappa(table)
    assert theirs.kappa == pytest.approx(kappa)
    assert size.kappa_standard_error(kappa, share, 1000) == pytest.approx(theirs.std_kappa)


def test_paired_difference_in_simulation() -> None:
    # shares 0.5 and 0.4, kappa 0.5: 0.5 · (0.5·0.6 + 0.4·0.5) = 0.25 disagree
    assert size.disagreeing(0.5, 0.4, 0.5) == pytest.approx(0.25)
    only_one, only_other = 0.175, 0.075
    generator = np.random.default_rng(3)
    drawn = generator.multinomial(800, [only_one, only_other, 0.75], 20_000)
    differences = (drawn[:, 0] - drawn[:, 1]) / 800
    half = size.paired_half_width(0.5, 0.4, 0.5, 800)
    assert 1.959964 * differences.std() == pytest.approx(half, rel=0.02)


def test_impossible_agreement_is_refused() -> None:
    with pytest.raises(ValueError, match="do not allow"):
        size.disagreeing(0.9, 0.1, 0.9)


# --- two arms -------------------------------------------------------------------------------


def test_arm_size_by_hand() -> None:
    assert size.whole(size.arm_size(0.4, 0.6, 0.9)) == 130
    # 1.959964 √(2 · 0.25) = 1.385904; 1.281552 √0.48 = 0.887885; (2.273789 / 0.2)² = 129.25
    assert size.arm_size(0.4, 0.6, 0.9) == pytest.approx(129.25, abs=0.01)


@given(st.floats(0.05, 0.48), st.floats(0.03, 0.5), st.floats(0.6, 0.98))
def test_arm_size_agrees_with_statsmodels(control: float, gap: float, power: float) -> None:
    theirs = samplesize_proportions_2indep_onetail(gap, control, power)
    ours = size.arm_size(control, control + gap, power)
    assert ours == pytest.approx(theirs, rel=1e-6)


@given(st.floats(0.05, 0.48), st.floats(0.03, 0.5), st.integers(30, 5000))
def test_power_agrees_with_statsmodels(control: float, gap: float, each: int) -> None:
    ours = size.power_of(control, control + gap, each)
    # one tail of the two-sided test, since theirs would add the chance of the wrong sign
    theirs = power_proportions_2indep(gap, control, each, alpha=0.025, alternative="larger").power
    assert ours == pytest.approx(theirs, abs=1e-6)


@given(st.floats(0.05, 0.48), st.floats(0.03, 0.5), st.floats(0.6, 0.98))
def test_power_turns_size_round(control: float, gap: float, power: float) -> None:
    each = size.arm_size(control, control + gap, power)
    assert size.power_of(control, control + gap, each) == pytest.approx(power)
    # it does not matter which arm does better
    assert size.power_of(control + gap, control, each) == pytest.approx(power)
    assert size.arm_size(control + gap, control, power) == pytest.approx(each)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: size.two_stage_sample(50, 0.03, 0.05, 20),
        lambda: size.two_stage_sample(0.5, 0.03, 5, 20),
        lambda: size.two_stage_sample(0.5, 0, 0.05, 20),
        lambda: size.arm_size(0.5, 0.5, 0.9),
        lambda: size.arm_size(0.5, 0.6, 90),
        lambda: size.invitations(100, 0),
        lambda: size.take_part_to_exclude(0.5, 0.5),
        lambda: size.half_width(0.5, 100, 0.05, 10, 5),
        lambda: size.half_width(0.5, 100, 0.05, 0, 5),
        lambda: size.half_width(0.5, 0),
        lambda: stepped_wedge.wedge(1),
        lambda: stepped_wedge.wedge(3, 0),
        lambda: stepped_wedge.wedge_variance([[0, 1], [0, 0]], 0.5, -0.05, 10),
        lambda: stepped_wedge.wedge_variance([[0, 1], [0, 0]], 0.5, 0.5, 10),
        lambda: stepped_wedge.wedge_variance([[0, 1]], 0.5, 0.6, 10),
    ],
)
def test_what_makes_no_sense_is_refused(refused) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        refused()


# --- stepped wedge --------------------------------------------------------------------------


def test_clusters_of_a_step_cross_over_together() -> None:
    assert stepped_wedge.wedge(2, 2).tolist() == [[0, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 1]]


@pytest.mark.parametrize(("steps", "clusters"), [(2, 1), (3, 2), (5, 3)])
@pytest.mark.parametrize("between_sd", [0.0, 0.05, 0.2])
def test_wedge_against_generalised_least_squares(
    steps: int, clusters: int, between_sd: float
) -> None:
    """Period effects and treatment on cell means, covariance from clusters and people."""
    design, share, each = stepped_wedge.wedge(steps, clusters), 0.45, 12
    rows, periods = design.shape
    cell = (share * (1 - share) - between_sd**2) / each
    block = cell * np.eye(periods) + between_sd**2 * np.ones((periods, periods))
    weight = np.linalg.inv(np.kron(np.eye(rows), block))
    model = np.column_stack([np.tile(np.eye(periods), (rows, 1)), design.ravel()])
    theirs = np.linalg.inv(model.T @ weight @ model)[-1, -1]
    ours = stepped_wedge.wedge_variance(design, share, between_sd, each)
    assert ours == pytest.approx(theirs)


@given(st.integers(2, 8), st.floats(0.0, 0.1), st.integers(1, 50))
def test_a_wedge_needs_more_people_than_individual_lots(
    steps: int, between_sd: float, each: int
) -> None:
    assert stepped_wedge.times_individual(steps, 0.5, between_sd, each) > 1
