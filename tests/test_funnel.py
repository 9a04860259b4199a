"""Funnel limits and overdispersion: hand-worked, closed forms, statsmodels, and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.meta_analysis import combine_effects

from analysis import funnel

RATES = st.lists(st.floats(0.2, 0.8), min_size=4, max_size=30)


def sizes_for(rates: list[float]) -> np.ndarray:
    return np.linspace(200, 5000, len(rates))


def test_binomial_limits_are_the_normal_ones():
    # √(0.5 · 0.5/400) = 0.025; 1.959964 · 0.025 = 0.0489991
    low, high = funnel.funnel_limits(0.5, [400])
    assert (low[0], high[0]) == pytest.approx((0.4510009, 0.5489991))


def test_additive_limits_add_the_variance_between_units():
    # 0.025² + 0.06² = 0.065²; 1.959964 · 0.065 = 0.12739766
    low, high = funnel.funnel_limits(0.5, [400], tau2=0.06**2)
    assert (low[0], high[0]) == pytest.approx((0.37260234, 0.62739766))
    # 3.0902323 at 99.8 percent
    low, high = funnel.funnel_limits(0.5, [400], level=0.998)
    assert high[0] == pytest.approx(0.5 + 3.0902323 * 0.025)


def test_each_unit_may_have_a_target_of_its_own():
    low, high = funnel.funnel_limits([0.4, 0.6], [100, 100])
    # √(0.24/100) on both
    assert (high - low) / 2 == pytest.approx([1.959964 * 0.0489898] * 2)
    assert funnel.outside([0.45, 0.45], [0.4, 0.6], [100, 100]).tolist() == [0, -1]


def test_a_unit_on_a_limit_is_within_it():
    # 1.96 √(0.25/3) = 0.57: every rate of three is possible by chance, none and all included
    assert funnel.outside([0, 1], 0.5, [3, 3]).tolist() == [0, 0]


def test_rounded_counts_add_to_the_variance_of_chance():
    # 25/12 · (1 + 2/4)/100² = 0.0003125 on top of 0.0025
    assert funnel.sampling_variance(0.5, 100, 5) == pytest.approx(0.0028125)
    # 20,000 draws of true counts, rounded to 5, give the same variance about the true rate
    generator = np.random.default_rng(5)
    base, out = generator.integers(500, 600, 20_000), generator.integers(100, 130, 20_000)
    events = generator.integers(180, 260, 20_000)

    def five(counts: np.ndarray) -> np.ndarray:
        return 5 * np.round(counts / 5 + generator.uniform(-1e-9, 1e-9, counts.size))

    errors = five(events) / (five(base) - five(out)) - events / (base - out)
    alone = 25 / 12 * (1 + 2 * 0.5**2) / (550 - 115) ** 2
    assert errors.var() == pytest.approx(alone, rel=0.15)


def test_dispersion_of_pure_chance_is_one():
    generator = np.random.default_rng(11)
    sizes = generator.integers(300, 4000, 3000)
    rates = generator.binomial(sizes, 0.5) / sizes
    assert funnel.overdispersion(funnel.z_scores(rates, 0.5, sizes)) == pytest.approx(1, abs=0.08)
    assert np.mean(funnel.outside(rates, 0.5, sizes) != 0) == pytest.approx(0.05, abs=0.01)


def test_spread_between_units_is_found_again():
    generator = np.random.default_rng(3)
    sizes = generator.integers(500, 4000, 3000)
    rates = generator.binomial(sizes, generator.normal(0.5, 0.04, 3000)) / sizes
    tau2 = funnel.between_variance(rates, 0.5, sizes)
    assert np.sqrt(tau2) == pytest.approx(0.04, rel=0.05)
    assert np.mean(funnel.outside(rates, 0.5, sizes, tau2) != 0) == pytest.approx(0.05, abs=0.012)
    # pulling in a tenth at each end takes spread away also where no unit is odd
    assert funnel.between_variance(rates, 0.5, sizes, tail=0.1) < tau2


def test_between_variance_agrees_with_statsmodels():
    rates, sizes = np.array([0.44, 0.52, 0.47, 0.61, 0.50]), np.array([900, 400, 1500, 700, 300])
    variances = 0.25 / sizes
    found = combine_effects(rates - 0.5, variances, method_re="iterated", atol=1e-12)
    assert funnel.between_variance(rates, 0.5, sizes) == pytest.approx(found.tau2, abs=1e-9)


def test_equal_sizes_have_closed_forms():
    # With one variance v the Q statistic is S/(v + τ²): τ² = S/quantile − v
    rates, v = np.array([0.40, 0.45, 0.55, 0.60]), 0.25 / 500
    total = 0.025  # (0.1² + 0.05²) · 2
    assert funnel.between_variance(rates, 0.5, [500] * 4) == pytest.approx(total / 3 - v)
    found = funnel.between_variance_limits(rates, 0.5, [500] * 4)
    expected = [total / chi2.ppf(p, 3) - v for p in (0.975, 0.025)]
    assert found == pytest.approx(expected)
    # the same differences from targets of their own; 0.4 and 0.6 share the variance 0.24/500
    targets = np.array([0.4, 0.6, 0.4, 0.6])
    rates, v = targets + rates - 0.5, 0.24 / 500
    assert funnel.between_variance(rates, targets, [500] * 4) == pytest.approx(total / 3 - v)
    found = funnel.between_variance_limits(rates, targets, [500] * 4)
    assert found == pytest.approx([total / chi2.ppf(p, 3) - v for p in (0.975, 0.025)])


def test_winsorising_pulls_in_the_extreme_tenth():
    # 11 scores: quantiles at 0.1 and 0.9 are the second lowest and the second highest
    scores = [-50.0, -4, -3, -2, -1, 0, 1, 2, 3, 4, 60.0]
    assert funnel.winsorised(scores).tolist() == [-4.0, -4, -3, -2, -1, 0, 1, 2, 3, 4, 4.0]


@given(RATES)
def test_the_estimate_lies_within_its_limits(rates: list[float]):
    sizes = sizes_for(rates)
    low, high = funnel.between_variance_limits(rates, 0.5, sizes)
    assert 0 <= low <= funnel.between_variance(rates, 0.5, sizes) + 1e-12 <= high + 2e-12


@given(RATES, st.floats(0, 0.01))
def test_more_spread_never_leaves_more_units_outside(rates: list[float], tau2: float):
    sizes = sizes_for(rates)
    narrow, wide = (funnel.outside(rates, 0.5, sizes, value) != 0 for value in (0.0, tau2))
    assert not (wide & ~narrow).any()


@given(st.floats(0.05, 0.95), st.integers(1, 10**6), st.floats(0, 0.1))
def test_limits_contain_their_target_and_stay_shares(target: float, size: int, tau2: float):
    low, high = funnel.funnel_limits(target, [size], tau2)
    assert 0 <= low[0] <= target <= high[0] <= 1


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: funnel.sampling_variance(52, [100]), "percentage"),
        (lambda: funnel.sampling_variance([0.5, 1], [100, 100]), "percentage"),
        (lambda: funnel.sampling_variance([0.5, 0], [100, 100]), "percentage"),
        (lambda: funnel.sampling_variance(0.5, [0]), "denominator"),
        (lambda: funnel.sampling_variance(0.5, [100, 0]), "denominator"),
        (lambda: funnel.sampling_variance(0.5, [9], -5), "negative"),
        (lambda: funnel.funnel_limits(0.5, [100], tau2=-1), "variance"),
        (lambda: funnel.winsorised([1, 2], tail=0.5), "tail"),
        (lambda: funnel.overdispersion([]), "no scores"),
        (lambda: funnel.between_variance_limits([0.5], 0.5, [9]), "two or more"),
    ],
)
def test_senseless_input_is_refused(call, word: str):
    with pytest.raises(ValueError, match=word):
        call()
