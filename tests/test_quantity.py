"""A quantity prints itself, keeps its lineage through arithmetic, and refuses nonsense."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import UnitError
from analysis.quantity import (
    RECORD,
    UNITS,
    UNSTATED,
    Interval,
    Quantity,
    computes,
    derive,
    inherited,
    share,
)

PART = Quantity(284810, "referrals", rows=frozenset({"year/part"}))
WHOLE = Quantity(546850, "referrals", rows=frozenset({"year/whole"}))
SAMPLED = Quantity(58.5, "percent", Interval("sampling", 53, 64, 0.95), frozenset({"trial/a"}))


def test_a_share_prints_as_a_percentage_and_knows_both_rows() -> None:
    rate = share(PART, WHOLE)
    assert str(rate) == "52.1%"  # 284,810 / 546,850 = 0.52082
    assert rate.rows == {"year/part", "year/whole"}


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(1234567, "referrals"), "1,234,567 referrals"),
        (Quantity(1, "referrals"), "1 referral"),
        (Quantity(-3.14159, "points"), "−3.1 points"),
        (Quantity(-0.001, "points"), "0.0 points"),
        (Quantity(2017, "year"), "2017"),
        (Quantity(0.4567, "ratio"), "0.46"),
        (Quantity(0.4567, "correlation"), "0.46"),
        (Quantity(0.01234, "QALYs"), "0.012 QALYs"),
        (Quantity(-1234.6, "GBP"), "−£1,235"),
        (Quantity(1016, "GBP million"), "£1,016 million"),
        (Quantity(6.5, "sessions"), "6.5 sessions"),
        (Quantity(0.4567, "ratio", decimals=3), "0.457"),
        (Quantity(np.float64(9.2), "percent"), "9.2%"),
        (Quantity(np.int64(7), "count"), "7"),
    ],
)
def test_printing(quantity: Quantity, text: str) -> None:
    assert str(quantity) == text
    assert "float64" not in repr(quantity.value)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_prints_a_number_and_one_of_it_is_not_a_plural(unit: str) -> None:
    assert str(Quantity(1234, unit, decimals=0)).replace(",", "").lstrip("£€").startswith("1234")
    assert not str(Quantity(1, unit, decimals=0)).endswith("s")


def test_counts_and_money_print_whole_and_ratios_with_two_decimals() -> None:
    counts = ["people", "referrals", "courses", "recoveries", "months", "minutes", "days", "weeks"]
    for unit in ("count", "GBP", "GBP million", "EUR", "year", *counts):
        assert "." not in str(Quantity(12.6, unit))
    ratios = ["ratio", "correlation", "coefficient", "difference"]
    for unit in ("odds ratio", "standard deviations", *ratios):
        assert str(Quantity(0.4567, unit)) == "0.46"


def test_html_is_a_data_element_with_the_exact_value() -> None:
    assert share(PART, WHOLE)._repr_html_() == '<data value="52.08192374508549">52.1%</data>'


def test_limits_are_named_by_their_kind() -> None:
    assert SAMPLED.with_limits() == "58.5% (95% CI 53.0% to 64.0%)"
    bounded = Quantity(20, "percent", Interval("bound", 18, 79))
    assert bounded.with_limits() == "20.0% (bounds 18.0% to 79.0%)"
    assert PART.with_limits() == "284,810 referrals"
    yearly = Quantity(50, "percent", Interval("process", 48, 52, 0.95, repeated="year"))
    assert yearly.with_limits() == "50.0% (95% year-to-year interval 48.0% to 52.0%)"
    modelled = Quantity(0.4, "ratio", Interval("model", 0.1, math.inf, 0.9))
    assert modelled.with_limits() == "0.40 (90% model interval 0.10 to ∞)"
    rounded = Quantity(5, "points", Interval("rounding", -math.inf, 5.5))
    assert rounded.with_limits() == "5.0 points (rounding −∞ to 5.5)"


def test_subtracting_percentages_gives_percentage_points() -> None:
    difference = share(PART, WHOLE) - Quantity(50, "percent")
    assert str(difference) == "2.1 percentage points"


def test_a_constant_moves_the_interval_with_the_value() -> None:
    flipped = 100 - SAMPLED
    assert flipped.value == pytest.approx(41.5)
    assert flipped.interval.limits == (36, 47)
    assert (2 * SAMPLED).interval.limits == (106, 128)
    assert (SAMPLED / 2).value == 29.25
    assert (SAMPLED / 2).interval.limits == (26.5, 32)
    assert (-SAMPLED).interval.limits == (-64, -53)


def test_a_ratio_leaves_the_unit_of_what_it_multiplies() -> None:
    half, rate = Quantity(0.5, "ratio"), Quantity(40, "percent")
    for product, value, unit in (
        (half * rate, 20, "percent"),
        (rate * half, 20, "percent"),
        (rate / half, 80, "percent"),
        (half * half, 0.25, "ratio"),
        (rate / rate, 1, "ratio"),
    ):
        assert (product.value, product.unit) == (value, unit)


def test_an_interval_that_was_not_propagated_is_never_passed_off_as_certainty() -> None:
    assert (SAMPLED - share(PART, WHOLE)).interval == UNSTATED
    assert share(PART, WHOLE).interval == RECORD
    assert inherited(SAMPLED, PART) == UNSTATED


@pytest.mark.parametrize(
    "combine",
    [
        lambda: PART + SAMPLED,
        lambda: PART - SAMPLED,
        lambda: PART * SAMPLED,
        lambda: PART / SAMPLED,
        lambda: Quantity(1, "furlongs"),
        lambda: Quantity(math.nan, "percent"),
        lambda: Quantity(math.inf, "percent"),
        lambda: Interval("sampling", 3, 2),
        lambda: Interval("sampling"),
        lambda: Interval("sampling", low=1),
        lambda: Interval("sampling", high=1),
        lambda: Interval("record", 1, 2),
        lambda: Interval("record", low=1),
        lambda: Interval("record", high=1),
        lambda: Interval("guess", 1, 2),
        lambda: Interval("bound", math.nan, 2),
    ],
)
def test_nonsense_is_refused(combine) -> None:
    with pytest.raises(UnitError):
        combine()


def test_computes_stamps_the_function_that_made_a_quantity() -> None:
    @computes
    def made() -> dict:
        return {"a": PART + WHOLE, "b": "not a quantity"}

    result = made()
    assert result["a"].by.endswith("made")
    assert result["b"] == "not a quantity"


finite = st.floats(-1e6, 1e6)


@given(finite, finite, st.sampled_from(["a", "b"]), st.sampled_from(["b", "c"]))
def test_lineage_is_the_union_for_every_operation(x, y, first, second) -> None:
    one = Quantity(x, "ratio", rows=frozenset({first}))
    two = Quantity(y, "ratio", rows=frozenset({second}))
    for result in (one + two, one - two, one * two, derive(1, "count", one, two)):
        assert result.rows == {first, second}


@given(finite, st.floats(0, 1e3), st.floats(-10, 10), finite)
def test_an_interval_contains_its_value_after_any_affine_step(x, half, scale, shift) -> None:
    moved = Quantity(x, "points", Interval("sampling", x - half, x + half)) * scale + shift
    low, high = moved.interval.limits
    slack = 1e-6 * max(1, abs(moved.value))
    assert low - slack <= moved.value <= high + slack
