"""Intervals against hand-worked examples, R, scipy, statsmodels and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.proportion import proportion_confint

from analysis.intervals import (
    Dispersion,
    clopper_pearson,
    dispersion,
    leaver_bounds,
    missing_outcome_bounds,
    month_process_interval,
    process_interval,
    rounded_ratio_interval,
    rounding_interval,
    wilson,
)

# R 4.2.2: binom.test(k, n)$conf.int and prop.test(k, n, correct = FALSE)$conf.int
FROM_R = [
    (8, 87, (0.040540171, 0.173169173), (0.047332892, 0.171085648)),
    (9, 90, (0.046755315, 0.181359973), (0.053506752, 0.179241749)),
    (9, 98, (0.042858367, 0.167186650), (0.049069215, 0.165396083)),
    (101, 179, (0.48826010, 0.63806803), (0.49101036, 0.63478168)),
    (0, 10, (0.0, 0.30849711), (0.0, 0.2775328)),
    (10, 10, (0.69150289, 1.0), (0.7224672, 1.0)),
]
MONTHS = [12210, 10190, 11750, 12010, 11480, 10125]
SIZES = [27185, 23010, 26957, 26400, 25890, 23400]

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.floats(0.5, 0.999)


@pytest.mark.parametrize(("k", "n", "exact", "score"), FROM_R)
def test_proportion_intervals_agree_with_r(k, n, exact, score):
    assert clopper_pearson(k, n) == pytest.approx(exact, abs=5e-8)
    assert wilson(k, n) == pytest.approx(score, abs=5e-8)


def test_wilson_at_another_level_agrees_with_r():
    # R: prop.test(8, 87, correct = FALSE, conf.level = .99)$conf.int
    assert wilson(8, 87, level=0.99) == pytest.approx((0.038693354, 0.203042339), abs=1e-8)


def test_clopper_pearson_of_no_events_by_hand():
    # (1 - high)^10 = 0.025, so high = 1 - 0.025^(1/10)
    assert clopper_pearson(0, 10) == pytest.approx((0, 1 - 0.025**0.1))


@settings(deadline=None)
@given(counts, levels)
def test_proportion_intervals_agree_with_scipy_and_statsmodels(pair, level):
    k, n = pair
    found = binomtest(k, n).proportion_ci(level, method="exact")
    assert clopper_pearson(k, n, level) == pytest.approx((found.low, found.high), abs=1e-8)
    expected = proportion_confint(k, n, alpha=1 - level, method="wilson")
    assert wilson(k, n, level) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(counts, levels)
def test_proportion_intervals_stay_within_bounds_and_hold_their_estimate(pair, level):
    k, n = pair
    for low, high in (clopper_pearson(k, n, level), wilson(k, n, level)):
        assert 0 <= low <= k / n <= high <= 1


@pytest.mark.parametrize("n", [10, 40, 87])
def test_exact_interval_covers_at_least_the_level_and_wilson_about_it(n):
    truth = np.linspace(0.02, 0.98, 97)
    weights = binom.pmf(np.arange(n + 1)[:, None], n, truth)

    def coverage(method):
        limits = np.array([method(k, n) for k in range(n + 1)])
        inside = (limits[:, :1] <= truth) & (truth <= limits[:, 1:])
        return (weights * inside).sum(axis=0)

    assert coverage(clopper_pearson).min() >= 0.95
    assert coverage(wilson).mean() == pytest.approx(0.95, abs=0.01)
    assert coverage(wilson).mean() < coverage(clopper_pearson).mean()


def test_rounding_interval_is_half_a_unit_each_way():
    assert rounding_interval(44.9, 0.05) == pytest.approx((44.85, 44.95))
    assert rounding_interval(12210, 2.5) == (12207.5, 12212.5)


def test_a_share_of_rounded_counts_takes_the_two_far_corners():
    # (50 - 2.5) / (100 + 5) = 47.5/105 and (50 + 2.5) / (100 - 5) = 52.5/95
    assert rounded_ratio_interval(50, 100, 2.5, 5) == pytest.approx((47.5 / 105, 52.5 / 95))
    assert rounded_ratio_interval(0, 10, 2.5, 2.5) == pytest.approx((0, 2.5 / 7.5))
    assert rounded_ratio_interval(10, 10, 2.5, 2.5)[1] == 1


def test_dispersion_about_the_level_by_hand():
    # p = 50/100; each month adds (y - 50)^2 / 25: 4 + 0 + 4 = 8 over 2 degrees of freedom
    assert dispersion([40, 50, 60], [100] * 3) == Dispersion(pytest.approx(4), 2, "level")


def test_dispersion_between_neighbours_by_hand():
    # each difference 0.1: 0.1^2 / (0.25 (1/100 + 1/100)) = 0.01 / 0.005 = 2
    assert dispersion([40, 50, 60], [100] * 3, "neighbour").phi == pytest.approx(2)
    # up and down do not cancel: p = 7/15, and 0.2^2 / (7/15 * 8/15 * 0.02) = 2 * 225/56
    expected = 2 * 225 / 56
    assert dispersion([40, 60, 40], [100] * 3, "neighbour").phi == pytest.approx(expected)


@pytest.mark.parametrize("months", [3, 10, 111])
def test_degrees_of_freedom_between_neighbours_follow_from_the_quadratic_form(months):
    # The sum of squared differences is x'Ax with A = D'D; matching mean and variance of a
    # scaled chi-squared gives tr(A)^2 / tr(A^2).
    steps = np.diff(np.eye(months), axis=0)
    form = steps.T @ steps
    events = np.where(np.arange(months) % 2, 40, 60)
    found = dispersion(events, np.full(months, 100), "neighbour").degrees_of_freedom
    assert found == pytest.approx(np.trace(form) ** 2 / np.trace(form @ form))


def test_process_interval_agrees_with_quasibinomial_regression():
    # R: g <- glm(cbind(y, n - y) ~ 1, family = quasibinomial); summary(g)$dispersion
    #    plogis(coef(g) + c(-1, 1) * qt(.975, 5) * summary(g)$coefficients[1, 2])
    assert dispersion(MONTHS, SIZES).phi == pytest.approx(6.9837374, abs=1e-6)
    assert process_interval(MONTHS, SIZES) == pytest.approx((0.434752122, 0.452014775), abs=1e-8)
    # Rates with sizes as weights: of a two-column response, statsmodels' X2 scale ignores sizes.
    rates, weights = np.divide(MONTHS, SIZES), np.array(SIZES)
    model = GLM(rates, np.ones((6, 1)), family=Binomial(), var_weights=weights)
    limits = model.fit(scale="X2", use_t=True).conf_int()[0]
    assert process_interval(MONTHS, SIZES) == pytest.approx(1 / (1 + np.exp(-limits)), abs=1e-8)


def test_months_as_alike_as_chance_get_no_less_than_binomial_width():
    # phi = 0 here; with phi at 1: logit half width = t(2, .975) sqrt(1 / (300 * 0.25)) = 0.49683
    half = 4.302653 * (1 / 75) ** 0.5
    assert process_interval([50, 50, 50], [100] * 3) == pytest.approx(
        (1 / (1 + np.exp(half)), 1 / (1 + np.exp(-half))), abs=1e-6
    )


def test_a_slow_trend_is_spread_about_the_level_but_not_between_neighbours():
    rng = np.random.default_rng(20260101)
    sizes = np.full(150, 40_000)
    events = rng.binomial(sizes, np.linspace(0.44, 0.53, 150))
    assert dispersion(events, sizes).phi > 50
    assert dispersion(events, sizes, "neighbour").phi == pytest.approx(1, abs=0.4)


def test_month_interval_by_hand():
    # 500 of 1000, phi 4, 30 degrees of freedom: logit half width 2.042272 sqrt(4 / 250) = 0.258329
    half = 2.0422725 * (4 / 250) ** 0.5
    found = month_process_interval(500, 1000, Dispersion(4.0, 30, "neighbour"))
    assert found == pytest.approx((1 / (1 + np.exp(half)), 1 / (1 + np.exp(-half))), abs=1e-7)


@settings(deadline=None)
@given(counts.filter(lambda pair: 0 < pair[0] < pair[1]), st.floats(0, 1e4), levels)
def test_month_interval_holds_its_estimate_and_widens_with_dispersion(pair, phi, level):
    k, n = pair
    low, high = month_process_interval(k, n, Dispersion(phi, 20, "neighbour"), level)
    wider = month_process_interval(k, n, Dispersion(2 * phi + 1, 20, "neighbour"), level)
    # On the logit scale a half width can reach hundreds, where a rate is 0 or 1 to the last digit.
    assert 0 <= wider[0] <= low < k / n < high <= wider[1] <= 1


def test_missing_outcomes_all_fail_or_all_succeed():
    # 101 of 179 measured, 239 randomised, 60 missing: 101/239 and 161/239
    assert missing_outcome_bounds(101, 179, 239) == pytest.approx((101 / 239, 161 / 239))
    assert missing_outcome_bounds(8, 87, 87) == (8 / 87, 8 / 87)


def test_leavers_move_numerator_and_denominator_together():
    # 50 of 100 finishers; 300 leavers. None recovers and all belong: 50/400.
    # All belong and recover: 350/400.
    assert leaver_bounds(50, 100, 300) == (50 / 400, 350 / 400)
    # Nobody among the leavers belongs: the finishers' rate.
    assert leaver_bounds(50, 100, 300, belonging=(0, 0)) == (0.5, 0.5)
    # Leavers no better than finishers (0.5): the rate cannot rise, with however many leavers.
    assert leaver_bounds(50, 100, 300, recovery=(0.2, 0.5)) == pytest.approx((110 / 400, 0.5))
    # Leavers all better than finishers: the low end has as few of them as allowed, (50 + 90)/250.
    found = leaver_bounds(50, 100, 300, belonging=(0.5, 0.8), recovery=(0.6, 0.9))
    assert found == pytest.approx((140 / 250, (50 + 240 * 0.9) / 340))


def test_finishers_without_a_last_score_can_only_raise_the_high_end():
    # 50 of 100, 10 of those counted as not recovered unmeasured: up to 60 + 300 of 400
    assert leaver_bounds(50, 100, 300, unmeasured=10) == (50 / 400, 360 / 400)


shares = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda pair: tuple(sorted(pair)))


@settings(deadline=None)
@given(counts, st.integers(0, 1000), shares, shares, st.floats(0, 1), st.floats(0, 1))
def test_no_admissible_leavers_fall_outside_the_bounds(pair, leavers, belonging, recovery, u, v):
    recovered, finished = pair
    share = belonging[0] + u * (belonging[1] - belonging[0])
    rate = recovery[0] + v * (recovery[1] - recovery[0])
    low, high = leaver_bounds(recovered, finished, leavers, belonging, recovery)
    joined = (recovered + leavers * share * rate) / (finished + leavers * share)
    assert low - 1e-12 <= joined <= high + 1e-12


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wilson(9, 8), "events is 9"),
        (lambda: wilson(-1, 8), "events is -1"),
        (lambda: wilson(float("nan"), 8), "events is nan"),
        (lambda: clopper_pearson(0, 0), "n is 0"),
        (lambda: clopper_pearson(8.5, 87), "must be whole"),
        (lambda: wilson(8, 87, level=95), "level is 95"),
        (lambda: clopper_pearson(8, 87, level=95), "level is 95"),
        (lambda: process_interval(MONTHS, SIZES, level=95), "level is 95"),
        (lambda: rounding_interval(float("inf"), 1), "value is inf"),
        (lambda: rounding_interval(5, 0), "half_width is 0"),
        (lambda: rounded_ratio_interval(2, 5, 2.5, 5), "denominator is 5"),
        (lambda: dispersion([1, 2], [3, 4]), "3 or more"),
        (lambda: dispersion([1, 2, 3], [3, 4]), "equal rows"),
        (lambda: dispersion([0, 0, 0], [3, 4, 5]), "no spread"),
        (lambda: dispersion([1, np.nan, 2], [3, 4, 5]), "events is nan"),
        (lambda: dispersion([1, 2, 3], [4, 5, 6], "season"), "about is 'season'"),
        (lambda: month_process_interval(0, 9, Dispersion(1, 9, "level")), "use wilson"),
        (lambda: missing_outcome_bounds(50, 80, 70), "events is 80"),
        (lambda: leaver_bounds(50, 100, -1), "below 0"),
        (lambda: leaver_bounds(50, 100, 10, unmeasured=60), "events is 110"),
        (lambda: leaver_bounds(50, 100, 10, recovery=(0, 50)), "divide a percentage"),
        (lambda: leaver_bounds(50, 100, 10, belonging=(-0.5, 0.5)), "belonging is -0.5"),
        (lambda: leaver_bounds(50, 100, 10, belonging=(0.8, 0.2)), "swap them"),
    ],
)
def test_impossible_input_is_refused_with_a_remedy(call, words):
    with pytest.raises(ValueError, match=words):
        call()
