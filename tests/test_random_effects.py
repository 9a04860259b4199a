"""Random-effects pooling against metafor, statsmodels, hand-worked examples and invariants."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.meta_analysis import combine_effects

from analysis.random_effects import between_study_variance, pool, relative_weights

# Log risk ratios of the 13 trials of BCG vaccine, metafor's dat.bcg rounded to six decimals:
# escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
BCG = (
    [-0.889311, -1.585389, -1.348073, -1.441551, -0.217547, -0.786116, -1.620898, 0.011952,
     -0.469418, -1.371345, -0.339359, 0.445913, -0.017314],
    [0.325585, 0.194581, 0.415368, 0.02001, 0.05121, 0.006906, 0.223017, 0.003962, 0.056434,
     0.073025, 0.012412, 0.532506, 0.071405],
)  # fmt: skip
ALIKE = ([0.30, 0.34, 0.28, 0.31, 0.36], [0.02, 0.05, 0.03, 0.04, 0.06])
TWO = ([0.1, 0.6], [0.01, 0.03])
# R 4.2.2, metafor 3.8-1: f <- rma(y, v, method = m, test = "knha", control = list(threshold =
# 1e-12, tol = 1e-12, maxiter = 10000)); f$b, f$se, f$ci.lb, f$ci.ub, f$tau2, f$I2, and
# f$b -/+ qt(.975, k - 2) * sqrt(f$tau2 + f$se^2)
FROM_METAFOR = [
    (BCG, "reml", -0.7145325237, 0.1807917187, -1.1084438399, -0.3206212075, 0.3132430475,
     92.221124, -2.0090574207, 0.5799923733),
    (BCG, "paule_mandel", -0.7149683366, 0.1808921668, -1.1090985103, -0.3208381628,
     0.3180682694, 92.33008147, -2.0185578810, 0.5886212079),
    (ALIKE, "reml", 0.3095402299, 0.01277362688, 0.2740749561, 0.3450055037, 0.0, 0.0,
     0.2688888482, 0.3501916116),
    (ALIKE, "paule_mandel", 0.3095402299, 0.01277362688, 0.2740749561, 0.3450055037, 0.0, 0.0,
     0.2688888482, 0.3501916116),
    (TWO, "reml", 0.33, 0.2491987159, -2.836369904, 3.496369904, 0.105, 84.0, math.nan, math.nan),
    (TWO, "paule_mandel", 0.33, 0.2491987159, -2.836369904, 3.496369904, 0.105, 84.0,
     math.nan, math.nan),
]  # fmt: skip

methods = st.sampled_from(["reml", "paule_mandel"])
studies = st.integers(2, 30).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-3, 3), min_size=k, max_size=k),
        st.lists(st.floats(0.001, 2), min_size=k, max_size=k),
    )
)


@pytest.mark.parametrize(
    ("data", "method", "mean", "se", "low", "high", "tau2", "i2", "new_low", "new_high"),
    FROM_METAFOR,
)
def test_pooling_agrees_with_metafor(
    data, method, mean, se, low, high, tau2, i2, new_low, new_high
):
    fit = pool(*data, method)
    assert fit.k == len(data[0])
    assert (fit.mean, fit.se, fit.low, fit.high) == pytest.approx((mean, se, low, high), abs=2e-6)
    assert (fit.tau2, fit.i2) == pytest.approx((tau2, i2), abs=2e-5)
    assert (fit.prediction_low, fit.prediction_high) == pytest.approx(
        (new_low, new_high), abs=2e-5, nan_ok=True
    )


def test_equal_variances_give_the_plain_mean_and_its_t_interval_by_hand():
    # Variance of 1, 2, 6 is 7, so tau2 = 7 - 0.5; HK error sqrt(7 / 3), t(0.975, 2) = 4.302653
    fit = pool([1, 2, 6], [0.5, 0.5, 0.5])
    assert (fit.mean, fit.tau2) == pytest.approx((3, 6.5), abs=1e-6)
    assert fit.high - fit.mean == pytest.approx(4.302653 * math.sqrt(7 / 3), abs=1e-5)
    # A fourth study: tau2 and the squared error add; t(0.975, 1) = 12.706205
    reach = 12.706205 * math.sqrt(6.5 + 7 / 3)
    assert fit.prediction_high - fit.mean == pytest.approx(reach, rel=1e-6)


@pytest.mark.parametrize("method", ["reml", "paule_mandel"])
def test_studies_as_alike_as_chance_allows_have_no_variance_at_all(method):
    assert between_study_variance(*ALIKE, method) == 0.0


def test_one_study_keeps_its_own_error_and_predicts_nothing():
    fit = pool([0.4], [0.04])
    assert (fit.k, fit.mean, fit.se, fit.tau2, fit.i2) == (1, 0.4, 0.2, 0, 0)
    assert (fit.low, fit.high) == pytest.approx((0.4 - 0.3919928, 0.4 + 0.3919928), abs=1e-7)
    assert math.isnan(fit.prediction_low) and math.isnan(fit.prediction_high)


@pytest.mark.parametrize(("far", "deeper"), [(3, 0.0), (4, 7.58)])
def test_the_deeper_of_two_valleys_is_found(far, deeper):
    """Four precise studies agree, four imprecise ones do not: the likelihood has two peaks."""
    y = np.array([0.0, 0.02, -0.02, 0.03, far, -far, far, -far])
    v = np.array([1e-3] * 4 + [1.0] * 4)

    def restricted(tau2):
        sd = np.sqrt(v + tau2)
        w = relative_weights(v, tau2)
        return norm.logpdf(y, w @ y, sd).sum() - 0.5 * np.log((1 / sd**2).sum())

    grid = [restricted(tau2) for tau2 in np.linspace(0, 20, 4001)]
    peaks = [x for low, x, high in zip(grid, grid[1:], grid[2:], strict=False) if low < x >= high]
    assert peaks and grid[0] > grid[1], "one peak at 0 and one beyond"
    found = between_study_variance(y, v)
    assert found == pytest.approx(deeper, abs=0.01)
    assert restricted(found) >= max(grid) - 1e-9


@settings(deadline=None)
@given(studies, methods)
def test_invariants_of_pooling(data, method):
    y, v = map(np.array, data)
    fit = pool(y, v, method)
    slack = 1e-9
    assert fit.tau2 >= 0 and 0 <= fit.i2 <= 100
    weights = relative_weights(v, fit.tau2)
    assert weights.sum() == pytest.approx(1) and (weights > 0).all()
    assert y.min() - slack <= fit.mean <= y.max() + slack
    assert fit.low - slack <= fit.mean <= fit.high + slack
    if fit.k > 2:
        assert fit.prediction_low <= fit.low + slack and fit.high <= fit.prediction_high + slack


@settings(deadline=None)
@given(studies, methods, st.floats(-5, 5), st.floats(0.1, 10))
def test_another_zero_and_another_unit_change_nothing_else(data, method, shift, scale):
    y, v = map(np.array, data)
    here, there = pool(y, v, method), pool(shift + scale * y, scale**2 * v, method)
    size = 1e-4 * scale * (1 + np.ptp(y))
    assert there.mean == pytest.approx(shift + scale * here.mean, abs=size)
    assert there.tau2 == pytest.approx(scale**2 * here.tau2, abs=size * scale * (1 + np.ptp(y)))


@settings(deadline=None)
@given(studies)
def test_paule_mandel_solves_its_equation_or_is_zero(data):
    y, v = map(np.array, data)
    tau2 = between_study_variance(y, v, "paule_mandel")
    w = relative_weights(v, tau2)
    generalised_q = ((y - w @ y) ** 2 / (v + tau2)).sum()
    if tau2 > 0:
        assert generalised_q == pytest.approx(y.size - 1, rel=1e-6)
    else:
        assert generalised_q <= y.size - 1 + 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_mean_and_error_agree_with_statsmodels_at_its_own_tolerance(seed):
    """Its loose default tolerance is kept: at a strict one it returns 0 after overshooting."""
    draw = np.random.default_rng(seed)
    v = draw.uniform(0.01, 0.5, 5 + seed)
    y = draw.normal(0.4, np.sqrt(v + 0.05 * (seed % 4)))
    theirs, ours = combine_effects(y, v, method_re="pm"), pool(y, v, "paule_mandel")
    assert theirs.tau2 == pytest.approx(ours.tau2, abs=1e-5)
    assert theirs.mean_effect_re == pytest.approx(ours.mean, abs=1e-5)
    assert theirs.sd_eff_w_re_hksj == pytest.approx(ours.se, abs=1e-5)


@pytest.mark.parametrize(
    ("effects", "variances", "method", "words"),
    [
        ([], [], "reml", "equal rows"),
        ([0.1, 0.2], [0.1], "reml", "equal rows"),
        ([0.1, math.nan], [0.1, 0.1], "reml", "leave out the study"),
        ([0.1, 0.2], [0.1, 0.0], "reml", "leave out the study"),
        ([0.1, 0.2], [0.1, 0.1], "dl", "'reml' or 'paule_mandel'"),
    ],
)
def test_what_cannot_be_pooled_is_refused(effects, variances, method, words):
    with pytest.raises(ValueError, match=words):
        pool(effects, variances, method)
