"""Tipping point: models that reproduce what was published, and what a bias does in them."""

import math

import numpy as np
import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from analysis.evidence import Evidence
from analysis.last_scores import FAMILIES, Group, Margin, Model, mass_at
from analysis.self_report import tipping, tipping_sizes
from analysis.self_report.tipping_setting import setting
from analysis.tipping_point import (
    Refused,
    Scale,
    Target,
    calibrated,
    cuts_under_bias,
    one_group,
    tipping_bias,
    two_groups,
)
from analysis.tipping_start import first_scores, later_given_first, normal_scores, rates_under_bias
from analysis.truncated_normal import Cuts, Population

TARGET = Target(Scale(9.4, 6.4, 9.5, 27), Scale(8.4, 5.7, 7.5, 21), 0.499)
BIAS = np.linspace(0, 8, 17)


@pytest.mark.parametrize(
    ("family", "law"),
    [
        ("normal", stats.norm(10, 5)),
        ("gamma", stats.gamma((10.5 / 5) ** 2, loc=-0.5, scale=25 / 10.5)),
        ("lognormal", stats.lognorm(
            math.sqrt(math.log1p((5 / 10.5) ** 2)), loc=-0.5,
            scale=10.5 / math.sqrt(1 + (5 / 10.5) ** 2))),
        # mean 10.5/28 = 0.375, n = 0.375·0.625/(5/28)² − 1 = 6.35
        ("beta", stats.beta(0.375 * 6.35, 0.625 * 6.35, loc=-0.5, scale=28)),
    ],
)  # fmt: skip
def test_each_family_is_the_law_with_that_mean_and_spread(family, law) -> None:
    assert (law.mean(), law.std()) == pytest.approx((10, 5))
    scores = np.array([0.0, 3.5, 9.5, 20.0])
    assert Margin(family, 10, 5, 27).below(scores) == pytest.approx(law.cdf(scores))


def test_a_beta_has_a_spread_below_half_its_scale_and_an_unknown_family_none() -> None:
    # a scale of 28 points with its mean in the middle: half of them lie below, up to a spread of 14
    assert Margin("beta", 13.5, 13.5, 27).below(13.5) == pytest.approx(0.5)
    assert np.isnan(Margin("beta", 13.5, 14.5, 27).below(13.5))
    with pytest.raises(ValueError, match="family 'cauchy' is not one of"):
        Margin("cauchy", 10, 5, 27).below(9.5)


@pytest.mark.parametrize("family", FAMILIES)
def test_normal_and_beta_margins_cannot_give_the_published_rate(family: str) -> None:
    """The most is the smaller margin: P(GAD-7 < 7.5) = Φ(−0.9/5.7) = 0.437 for normal scores."""
    found = one_group(TARGET, family)
    assert isinstance(found, Refused) == (family in ("normal", "beta"))
    if family == "normal":
        assert found.most == pytest.approx(stats.norm.cdf(-0.9 / 5.7))


def _sampled(model: Model, size: int, seed: int) -> np.ndarray:
    """Scores drawn with scipy's own laws, from the margins and the copula of each group."""
    rng, parts = np.random.default_rng(seed), []
    for group in model.groups:
        n, rho = round(group.weight * size), group.correlation
        u = stats.norm.cdf(rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n))
        columns = []
        for margin, column in zip((group.phq9, group.gad7), u.T, strict=True):
            m, s, w = margin.mean + 0.5, margin.sd, margin.top + 1
            if margin.family == "beta":
                k = (m / w) * (1 - m / w) / (s / w) ** 2 - 1
                law = stats.beta(m / w * k, (1 - m / w) * k, loc=-0.5, scale=w)
            elif margin.family == "gamma":
                law = stats.gamma((m / s) ** 2, loc=-0.5, scale=s**2 / m)
            else:
                spread = math.log1p((s / m) ** 2)
                law = stats.lognorm(math.sqrt(spread), loc=-0.5, scale=m * math.exp(-spread / 2))
            columns.append(law.ppf(column))
        parts.append(np.column_stack(columns))
    return np.concatenate(parts)


@pytest.mark.parametrize("model", calibrated(TARGET)[0], ids=lambda model: model.name)
def test_every_model_reproduces_means_spreads_and_rate(model: Model) -> None:
    scores = _sampled(model, 200_000, seed=5)
    assert scores.mean(axis=0) == pytest.approx([9.4, 8.4], abs=0.06)
    assert scores.std(axis=0) == pytest.approx([6.4, 5.7], abs=0.1)
    assert (scores < [9.5, 7.5]).all(axis=1).mean() == pytest.approx(0.499, abs=0.004)
    assert float(model.rate(9.5, 7.5)) == pytest.approx(0.499, abs=1e-9)
    assert (scores < [7.5, 6.0]).all(axis=1).mean() == pytest.approx(
        float(model.rate(7.5, 6.0)), abs=0.004
    )


def test_two_groups_by_hand() -> None:
    """Half and half, means 5 and 15, spread 3: mean 10, variance 25 + 9, so 25/34 between."""
    scale = Scale(10, math.sqrt(34), 10, 27)
    group = [Margin("beta", mean, 3, 27) for mean in (5, 15)]
    rate = 0.5 * sum(float(margin.below(10)) ** 2 for margin in group)
    found = two_groups(Target(scale, scale, rate), responders=0.5, correlation=0.0)
    assert [part.phq9.mean for part in found.groups] == pytest.approx([5, 15])
    assert [part.phq9.sd for part in found.groups] == pytest.approx([3, 3])


def test_more_people_than_responders_cannot_recover() -> None:
    found = two_groups(TARGET, responders=0.4, correlation=0.3)
    assert isinstance(found, Refused)
    assert found.most < TARGET.rate


def test_an_impossible_target_is_refused_aloud() -> None:
    scale = Scale(20, 1, 5, 27)
    with pytest.raises(ValueError, match="no model has"):
        calibrated(Target(scale, scale, 0.9))
    for rate in (0, 1, 50):
        with pytest.raises(ValueError, match="divide a percentage"):
            Target(scale, scale, rate)
    for numbers in ((0, 1, 5, 27), (27, 1, 5, 27), (9, 0, 5, 27), (9, 1, 0, 27), (9, 1, 27, 27)):
        with pytest.raises(ValueError, match="lie within the scale"):
            Scale(*numbers)


def test_a_constant_bias_moves_cuts_and_a_proportional_one_scales_them() -> None:
    """Three points of PHQ-9; in proportion q = 3/9.4, so 9.5/(1 + q) and 7.5/(1 + q)."""
    constant = cuts_under_bias(TARGET, 3.0, 0.8)
    assert [float(cut) for cut in constant] == pytest.approx([6.5, 5.1])
    factor = 1 + 3 / 9.4
    scaled = cuts_under_bias(TARGET, 3.0, 0.8, proportional=True)
    assert [float(cut) for cut in scaled] == pytest.approx([9.5 / factor, 7.5 / factor])


def test_the_tipping_bias_is_read_off_a_falling_curve() -> None:
    bias, rate = np.array([0.0, 1.0, 2.0]), np.array([0.5, 0.3, 0.2])
    assert tipping_bias(bias, rate, 0.35) == pytest.approx(0.75)
    assert math.isnan(tipping_bias(bias, rate, 0.1))


@settings(max_examples=25, deadline=None)
@given_that(st.floats(0.0, 7.0), st.floats(0.1, 1.0))
def test_more_bias_never_leaves_more_recovered(bias: float, step: float) -> None:
    for model in calibrated(TARGET)[0]:
        less, more = (
            float(model.rate(*cuts_under_bias(TARGET, size, 0.85))) for size in (bias, bias + step)
        )
        assert more <= less + 1e-12


def test_a_mass_at_one_score_is_the_probability_of_its_interval() -> None:
    normal = Margin("normal", 10, 5, 27)
    model = Model("one", (Group(1.0, normal, normal, 0.3),))
    law = stats.norm(10, 5)
    assert mass_at([model], 9) == pytest.approx([law.cdf(9.5) - law.cdf(8.5)])


POPULATION = Population(15, 6, 13.5, 5, 0.55)
FIRST = first_scores(POPULATION, Cuts(9.5, 7.5), seed=3, draws=20_000)


def test_first_scores_of_everyone_are_those_of_their_population() -> None:
    scores = first_scores(Population(15, 6, 13, 5, 0.3), Cuts(-1000, -1000), 1, 100_000)
    assert scores.mean(axis=0) == pytest.approx([15, 13], abs=0.08)
    assert scores.std(axis=0) == pytest.approx([6, 5], rel=0.01)
    assert np.corrcoef(scores.T)[0, 1] == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(("correlation", "over_time"), [(0.3, 0.3), (0.87, 0.5), (0.95, 0.7)])
def test_first_and_last_scores_have_the_correlations_asked_for(correlation, over_time) -> None:
    first = np.random.default_rng(1).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 200_000)
    noise = np.random.default_rng(2).standard_normal(first.shape)
    later = later_given_first(first, noise, correlation, over_time)
    assert later.std(axis=0) == pytest.approx([1, 1], abs=0.01)
    assert np.corrcoef(later.T)[0, 1] == pytest.approx(correlation, abs=0.01)
    for scale in (0, 1):
        found = np.corrcoef(first[:, scale], later[:, scale])[0, 1]
        assert found == pytest.approx(over_time, abs=0.01)


def test_selected_first_scores_are_all_cases() -> None:
    assert ((FIRST[:, 0] >= 9.5) | (FIRST[:, 1] >= 7.5)).all()
    assert normal_scores(FIRST).mean() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("model", calibrated(TARGET)[0], ids=lambda model: model.name)
def test_without_correlation_over_time_only_the_end_matters(model: Model) -> None:
    """Those who leave the denominator are then as likely to have recovered as those who stay."""

    def rates(at_end: bool) -> np.ndarray:
        return rates_under_bias(
            model, TARGET, FIRST, BIAS[:9], 0.85, at_end=at_end, over_time=0.0, seed=4
        )

    assert rates(at_end=False) == pytest.approx(np.full(9, 0.499), abs=0.012)
    exact = model.rate(*cuts_under_bias(TARGET, BIAS[:9], 0.85))
    assert rates(at_end=True) == pytest.approx(exact, abs=0.015)


@pytest.mark.parametrize("model", calibrated(TARGET)[0], ids=lambda model: model.name)
def test_a_bias_at_both_ends_takes_more_than_one_at_the_start(model: Model) -> None:
    start, both = (
        rates_under_bias(model, TARGET, FIRST, BIAS, 0.85, at_end=end, over_time=0.5, seed=4)
        for end in (False, True)
    )
    assert start[0] == both[0] == pytest.approx(0.499)
    assert (both <= start + 1e-12).all()


def test_the_setting_is_the_published_one(evidence: Evidence) -> None:
    """2022-23: 316,251 of 672,193 − 37,805; spreads at the start 6.008 and 5.133."""
    found = setting(evidence)
    assert found.rate.value == pytest.approx(100 * 316_251 / (672_193 - 37_805))
    assert found.gad7_per_phq9 == pytest.approx(5.133 / 6.008)
    assert found.cuts == (9.5, 7.5)
    assert found.over_time == (0.3, 0.5, 0.7)
    assert found.target.phq9 == Scale(9.4, 6.4, 9.5, 27)


def test_rates_left_lie_within_the_range_over_models(evidence: Evidence) -> None:
    found = setting(evidence)
    left = tipping.remaining(found, "end", 1.0)
    by_hand = [
        100 * float(model.rate(8.5, 7.5 - 5.133 / 6.008)) for model in calibrated(found.target)[0]
    ]
    assert left.interval.limits == pytest.approx((min(by_hand), max(by_hand)))
    assert left.value == pytest.approx(float(np.median(by_hand)))


def test_a_bias_that_takes_the_rate_to_a_level_leaves_that_level(evidence: Evidence) -> None:
    found = setting(evidence)
    for model in calibrated(found.target)[0]:
        curve = model.rate(*cuts_under_bias(found.target, tipping.BIAS, found.gad7_per_phq9))
        bias = tipping_bias(tipping.BIAS, curve, 0.3)
        cuts = cuts_under_bias(found.target, bias, found.gad7_per_phq9)
        assert float(model.rate(*cuts)) == pytest.approx(0.3, abs=0.001)


def test_a_level_that_is_not_reached_has_no_bias(evidence: Evidence) -> None:
    found = setting(evidence)
    assert tipping.needed(found, "start", 10.0) is None
    assert tipping.needed(found, "end", 10.0) is not None


def test_sizes_are_converted_by_hand(evidence: Evidence) -> None:
    """Times 6.008: 0.14 and 0.56; Φ⁻¹(0.72) = 0.583; −ln(0.91)·√3/π = 0.052."""
    found = {item.label: item for item in tipping_sizes.sizes(evidence, setting(evidence))}

    def size(start: str) -> tipping_sizes.Size:
        return next(item for label, item in found.items() if label.startswith(start))

    momentary = "Cerino 2022, fall after the first answers in momentary reports, most"
    assert size(momentary).points.value == pytest.approx(0.14 * 6.008)
    known = size("Hrobjartsson 2014, benefit")
    assert known.points.value == pytest.approx(0.56 * 6.008)
    assert known.points.interval.limits == pytest.approx((0.0, 0.71 * 6.008))
    retest = size(
        "Arrindell 2001, share of waiting patients below the mean first score at retest, m"
    )
    assert retest.points.value == pytest.approx(0.5828 * 6.008, abs=1e-3)
    ratio = size("Moustgaard 2020, odds")
    assert ratio.points.value == pytest.approx(0.0520 * 6.008, abs=1e-3)
    assert size("Cerino").mode == "start"


def test_only_sizes_that_can_transfer_stand_on_the_axis(evidence: Evidence) -> None:
    frame = evidence.table("bias_sizes")
    transfers = frame["transfers"].isin(["yes", "indirectly"]) & frame["value"].notna()
    placed = tipping_sizes.sizes(evidence, setting(evidence))
    assert len(placed) == transfers.sum() + 1  # the waiting list of the pooled trials
    apart = tipping_sizes.published_sizes(evidence)["tipping_apart"].frame
    assert len(apart) == len(frame) - transfers.sum()
