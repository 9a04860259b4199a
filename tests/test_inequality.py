"""Slope and relative index of inequality: hand-worked, statsmodels, and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import WLS

from analysis.inequality import gradient, ridits

SIZES = st.lists(st.integers(1, 10_000), min_size=3, max_size=12)


def test_groups_stand_at_the_middle_of_their_people():
    # sizes 2, 3, 5 of 10: middles at 1, 3.5 and 7.5
    assert ridits([2, 3, 5]) == pytest.approx([0.1, 0.35, 0.75])


def test_slope_of_equal_groups_by_hand():
    # Middles 1/6, 1/2, 5/6; rates 60, 50, 46: slope Σ(x − ½)y/Σ(x − ½)² = (−14/3)/(2/9) = −21,
    # mean 52, so the ends are 62.5 and 41.5
    found = gradient([60, 50, 46], [1, 1, 1])
    assert found.slope == pytest.approx(-21)
    assert (found.first, found.last) == pytest.approx((62.5, 41.5))
    assert found.ratio == pytest.approx(41.5 / 62.5)
    # Residuals 1, −2, 1 leave s² = 6 on 1 degree of freedom; SE = √(6/(2/9)) = √27; t = 12.7062
    assert found.slope_high - found.slope == pytest.approx(12.7062047 * 27**0.5)
    # d log ratio: Var(a) = s²(1/3 + (1/2)²/(2/9)) = 8.75, Cov(a, b) = −(1/2)·27 = −13.5
    p, q = 1 / 41.5 - 1 / 62.5, 1 / 41.5
    se = (p * p * 8.75 + 2 * p * q * -13.5 + q * q * 27) ** 0.5
    assert np.log(found.ratio_high / found.ratio) == pytest.approx(12.7062047 * se)


def test_agrees_with_weighted_least_squares_of_statsmodels():
    rates = np.array([55.0, 53.1, 52.9, 50.2, 48.0, 47.7, 44.1, 43.0, 40.2, 35.0])
    sizes = np.array([44, 46, 47, 50, 53, 52, 56, 60, 63, 66.0])
    parts = sizes / sizes.sum()
    design = np.column_stack([np.ones(10), np.cumsum(parts) - parts / 2])
    fit = WLS(rates, design, weights=sizes).fit()
    found = gradient(rates, sizes)
    assert (found.first, found.slope) == pytest.approx(tuple(fit.params))
    assert (found.slope_low, found.slope_high) == pytest.approx(tuple(fit.conf_int()[1]))
    jump = np.array([1 / found.last - 1 / found.first, 1 / found.last])
    half = 2.3060041 * float(np.sqrt(jump @ fit.cov_params() @ jump))  # t with 8 degrees of freedom
    assert found.ratio_low == pytest.approx(found.ratio * np.exp(-half))


@given(SIZES, st.floats(30, 60), st.floats(-20, 20))
def test_a_line_gives_its_slope_whatever_the_sizes(sizes, start: float, slope: float):
    found = gradient(start + slope * ridits(sizes), sizes)
    assert found.slope == pytest.approx(slope, abs=1e-6)
    assert found.first == pytest.approx(start, abs=1e-6)


@given(SIZES, st.integers(2, 50))
def test_only_relative_sizes_count(sizes, times: int):
    rates = np.linspace(60, 40, len(sizes)) + np.sin(range(len(sizes)))
    one, many = gradient(rates, sizes), gradient(rates, [times * n for n in sizes])
    assert many.slope == pytest.approx(one.slope)
    assert (many.slope_low, many.ratio_high) == pytest.approx((one.slope_low, one.ratio_high))


def test_shares_and_percentages_have_the_same_ratio():
    percent, share = gradient([60, 50, 46], [1, 2, 3]), gradient([0.60, 0.50, 0.46], [1, 2, 3])
    assert share.slope == pytest.approx(percent.slope / 100)
    assert (share.ratio, share.ratio_low) == pytest.approx((percent.ratio, percent.ratio_low))


@given(SIZES)
def test_turning_the_order_turns_the_slope(sizes):
    rates = np.linspace(60, 40, len(sizes)) + np.sin(range(len(sizes)))
    one, turned = gradient(rates, sizes), gradient(rates[::-1], sizes[::-1])
    assert turned.slope == pytest.approx(-one.slope)
    assert turned.ratio == pytest.approx(1 / one.ratio)


@given(SIZES)
def test_limits_contain_their_estimates(sizes):
    rates = np.linspace(60, 40, len(sizes)) + np.sin(range(len(sizes)))
    found = gradient(rates, sizes)
    assert found.slope_low <= found.slope <= found.slope_high
    assert 0 < found.ratio_low <= found.ratio <= found.ratio_high


@pytest.mark.parametrize(
    ("rates", "sizes", "word"),
    [
        ([50, 40], [1, 1], "3 or more"),
        ([50, 40, 30], [1, 1], "equal rows"),
        ([50, 40, 30], [1, 0, 1], "people"),
        ([30, 15, 0], [1, 1, 1], "ratio"),
    ],
)
def test_senseless_input_is_refused(rates, sizes, word: str):
    with pytest.raises(ValueError, match=word):
        gradient(rates, sizes)


@pytest.mark.parametrize("sizes", [[1], [[1, 2]], [1, float("inf")], [1, 0]])
def test_groups_without_a_rank_are_refused(sizes):
    with pytest.raises(ValueError, match="two or more groups"):
        ridits(sizes)
