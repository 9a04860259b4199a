"""Payback arithmetic: against sums written out month by month, closed forms and printed claims."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.payback import (
    Shape,
    Stream,
    balance,
    benefit,
    benefit_cost_ratio,
    discount_factors,
    net_benefit,
    payback_month,
    person_months_needed,
    running_sums,
)

MONTHS = st.integers(1, 140)
RATES = st.sampled_from([0.0, 0.015, 0.035, 0.2])


def share(k: int, full_at: int, until: int, kept: float) -> float:
    """The shape as its docstring defines it, for one month."""
    if k <= until:
        return min(1.0, k / full_at)
    return min(1.0, until / full_at) * kept ** ((k - until) / 12)


def scalar_value(amount: float, full_at: int, until: int, kept: float, rate: float, horizon: int):
    """Present value by a loop over months."""
    return sum(
        amount * share(k, full_at, until, kept) / (1 + rate) ** (k / 12)
        for k in range(1, horizon + 1)
    )


@given(MONTHS, st.integers(0, 140), st.sampled_from([0.0, 0.3, 0.999, 1.0]), RATES, MONTHS)
@example(full_at=1, until=0, kept=0.3, rate=0.035, horizon=12)  # nothing ever comes
def test_the_value_is_the_sum_over_months(full_at, until, kept, rate, horizon) -> None:
    stream = Stream(37.5, Shape(full_at, until, kept), rate)
    expected = scalar_value(37.5, full_at, until, kept, rate, horizon)
    assert stream.value(horizon).item() == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert stream.by_month(horizon).sum() == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(MONTHS, MONTHS, RATES)
def test_no_shape_exceeds_its_maximum_and_more_time_never_brings_less(full_at, until, rate) -> None:
    shape = Shape(full_at, until)
    shares = shape.by_month(160)
    assert ((shares >= 0) & (shares <= 1)).all()
    by_horizon = [shape.months_of_full_effect(h, rate).item() for h in (1, 12, 60, 160)]
    assert by_horizon == sorted(by_horizon)


def test_arrays_of_draws_give_what_single_numbers_give() -> None:
    full_at, until, kept = np.array([1, 12, 84]), np.array([25, 12, 84]), np.array([0, 0.5, 1])
    amount = np.array([26.0, 10.0, 9.75])
    together = Stream(amount, Shape(full_at, until, kept), 0.035).value(96)
    apart = [
        scalar_value(*row, 0.035, 96)
        for row in zip(amount, full_at, until, kept, strict=True)
    ]  # fmt: skip
    assert together == pytest.approx(apart)


def test_the_claim_of_2014_breaks_even_in_month_25_to_the_penny() -> None:
    """4% of 25 months is one month: £650 for £650, with no discounting."""
    stream = Stream(0.04 * 650, Shape.plateau(25))
    assert net_benefit((stream,), 650, 300).item() == pytest.approx(0, abs=1e-9)
    assert payback_month((stream,), 650, 300) == 25
    assert payback_month((stream,), 650.004, 300) == 25
    assert payback_month((stream,), 650.006, 300) is None
    discounted = Stream(0.04 * 650, Shape.plateau(25), 0.035)
    assert payback_month((discounted,), 650, 300) is None
    assert discounted.value(25).item() == pytest.approx(626.5, abs=0.5)


def test_the_linked_maximum_by_hand() -> None:
    """1.5 points from the first day: 0.015·24 = 0.36 months; £650 each: £234. Seven years: 1.26."""
    path = Shape.plateau(120)
    assert 0.015 * path.months_of_full_effect(24) == pytest.approx(0.36)
    assert 0.015 * path.months_of_full_effect(84) == pytest.approx(1.26)
    assert Stream(0.015 * 650, path).value(24) == pytest.approx(234)
    gradual = Shape(84, 120)
    assert 0.015 * gradual.months_of_full_effect(84) == pytest.approx(0.015 * 42.5)
    assert 0.015 * gradual.months_of_full_effect(120) == pytest.approx(0.015 * (42.5 + 36))


@pytest.mark.parametrize("rate", [0.015, 0.035])
def test_a_level_stream_is_an_annuity(rate: float) -> None:
    """v(1 − vⁿ)/(1 − v) with the monthly factor v."""
    v = (1 + rate) ** (-1 / 12)
    found = Stream(1, Shape.plateau(60), rate).value(60).item()
    assert found == pytest.approx(v * (1 - v**60) / (1 - v))
    assert discount_factors(rate, 12)[-1] == pytest.approx(1 / (1 + rate))


def test_the_balance_starts_at_the_cost_and_ends_at_the_net_benefit() -> None:
    streams = (Stream(20.0, Shape(6, 30, 0.6), 0.035), Stream(5.0, Shape.plateau(12), 0.035))
    path = balance(streams, 400.0, 60)
    assert path[0] == -400
    assert path[-1] == pytest.approx(net_benefit(streams, 400.0, 60))
    assert len(path) == 61
    month = payback_month(streams, 400.0, 60)
    assert month is not None and path[month] >= -0.005 > path[month - 1]
    assert benefit_cost_ratio(streams, 400.0, 60) == pytest.approx(path[-1] / 400 + 1)
    assert benefit((), 60) == 0


def test_thresholds_by_hand() -> None:
    assert person_months_needed(1000, 8000 / 12).item() == pytest.approx(1.5)


def test_running_sums_are_shared_and_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        running_sums(0.035, 12)[0][0] = 1.0


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"full_at": 1.5, "until": 3}, "whole months"),
        ({"full_at": 1, "until": -1}, "whole months"),
        ({"full_at": 1, "until": float("nan")}, "whole months"),
        ({"full_at": 1, "until": 6000}, "whole months"),
        ({"full_at": 0, "until": 3}, "at the earliest"),
        ({"full_at": 1, "until": 3, "kept": 1.5}, "from 0 to 1"),
        ({"full_at": 1, "until": 3, "kept": float("nan")}, "from 0 to 1"),
    ],
)
def test_impossible_shapes_are_refused(shape: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Shape(**shape)


@pytest.mark.parametrize("percent", [-1.5, 1.5, 3.5])
def test_a_rate_in_percent_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="share"):
        Stream(1, Shape.plateau(12), percent).value(12)
