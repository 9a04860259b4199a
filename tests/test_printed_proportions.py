"""The proportion check against brute force, R's printing and figures that do and do not fit."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.printed_proportions import (
    MAX_SIZE,
    check_proportion,
    pairs_print,
    possible_counts,
    possible_sizes,
    printed_units,
)

# R 4.2.2: which(sapply(1:200, function(m) any(sprintf("%.1f", 100 * (0:m) / m) == "9.2")))
SIZES_OF_9_2 = [65, 76, 87, 98, 109, 119, 120, 130, 131, 141, 142, 152, 153, 163, 173, 174, 184]
SIZES_OF_9_2 += [185, 195, 196]


def prints(k: int, n: int, decimals: int, rule: str) -> Fraction:
    """Percentage as printed, rounded by definition: floor(x + 1/2), or Python's half-even round."""
    x = Fraction(100 * k, n) * 10**decimals
    whole = math.floor(x + Fraction(1, 2)) if rule == "half_up" else round(x)
    return Fraction(whole, 10**decimals)


def brute_counts(percent: str, decimals: int, n: int, rule: str) -> set[int]:
    return {k for k in range(n + 1) if prints(k, n, decimals, rule) == Fraction(percent)}


def test_sizes_that_can_print_the_critics_figure_agree_with_r():
    assert possible_sizes("9.2", None, 1, 200).tolist() == SIZES_OF_9_2


def test_eight_of_eighty_seven_prints_9_2_and_no_count_of_ninety_does():
    # 8/87 = 9.195...; 8/90 = 8.888..., 9/90 = 10 exactly
    assert possible_counts("9.2", None, 87) == (8,)
    assert possible_counts("9.2", None, 90) == ()
    found = check_proportion("9.2", 90)
    assert not found.obtainable
    assert (found.nearest_smaller, found.nearest_larger) == (87, 98)
    assert found.wording == "not obtainable from the stated n; obtainable from 87 and 98"


def test_an_obtainable_figure_is_worded_without_further_suspicion():
    # 21/89 = 23.595..., printed as 23.6; R lists 55, 72 and 89 up to 100
    assert check_proportion("23.6", 89).wording == "obtainable from the stated n"
    assert check_proportion("23.6", 90).nearest_smaller == 89
    assert possible_sizes("23.6", None, 1, 100).tolist() == [55, 72, 89]


def test_ties_part_the_two_rounding_rules():
    # 1/8 = 12.5 percent: half-up prints 13, half-even 12; 3/8 = 37.5: 38 under both
    assert possible_counts("13", None, 8, "half_up") == (1,)
    assert possible_counts("13", None, 8, "half_even") == ()
    assert possible_counts("12", None, 8, "half_up") == ()
    assert possible_counts("12", None, 8, "half_even") == (1,)
    assert possible_counts("12", None, 8) == possible_counts("13", None, 8) == (1,)
    assert possible_counts("38", None, 8, "half_up") == (3,)
    assert possible_counts("38", None, 8, "half_even") == (3,)
    found = check_proportion("13", 8)
    assert (found.obtainable_half_up, found.obtainable_half_even) == (True, False)
    assert found.obtainable


@pytest.mark.parametrize("rule", ["half_up", "half_even"])
@pytest.mark.parametrize("decimals", [0, 1])
def test_every_percentage_of_every_small_size_agrees_with_brute_force(decimals, rule):
    for n in range(1, 26):
        printed = {}
        for k in range(n + 1):
            printed.setdefault(prints(k, n, decimals, rule), []).append(k)
        for units in range(100 * 10**decimals + 1):
            percent = f"{units / 10**decimals:.{decimals}f}"
            expected = tuple(printed.get(Fraction(percent), ()))
            assert possible_counts(percent, None, n, rule) == expected


@settings(deadline=None)
@given(
    st.integers(1, 600),
    st.integers(0, 2),
    st.floats(0, 1),
    st.sampled_from(["half_up", "half_even"]),
)
def test_counts_agree_with_brute_force(n, decimals, share, rule):
    percent = f"{round(100 * share, decimals):.{decimals}f}"
    expected = brute_counts(percent, decimals, n, rule)
    assert set(possible_counts(percent, None, n, rule)) == expected
    assert (n in possible_sizes(percent, None, n, n, rule)) == bool(expected)


@settings(deadline=None)
@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_real_count_always_passes(pair):
    k, n = pair
    for rule in ("half_up", "half_even"):
        percent = f"{float(prints(k, n, 1, rule)):.1f}"
        assert pairs_print([k], [n], [percent], 1, rule).tolist() == [True]
        assert check_proportion(percent, n, count=k).obtainable


def test_nearest_sizes_agree_with_a_search_by_definition():
    able = {
        n: {prints(k, n, 0, rule) for k in range(n + 1) for rule in ("half_up", "half_even")}
        for n in range(1, 104)
    }
    for percent in range(101):
        for n in (1, 2, 5, 9, 17, 33, 60, 99, 100, 102):
            found = check_proportion(str(percent), n)
            smaller = [m for m in range(1, n) if percent in able[m]]
            assert found.nearest_smaller == (smaller[-1] if smaller else None)
            assert found.nearest_larger == min(m for m in range(n + 1, 104) if percent in able[m])


@settings(deadline=None)
@given(
    st.integers(0, 100),
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_nearest_sizes_of_a_printed_count_agree_with_a_search_by_definition(percent, pair):
    count, n = pair
    found = check_proportion(str(percent), n, count=count)

    def able(m):
        rules = ("half_up", "half_even")
        return any(prints(count, m, 0, rule) == percent for rule in rules)

    smaller = next((m for m in range(n - 1, max(count, 1) - 1, -1) if able(m)), None)
    # Beyond 200 times the count every figure is 0 or 1 percent, or 0 for no events.
    larger = next((m for m in range(n + 1, max(n, 200 * count) + 3) if able(m)), None)
    assert found.nearest_smaller == smaller
    assert found.nearest_larger == larger


def test_ties_count_among_the_nearest_sizes_of_a_printed_count():
    # 1/8 = 12.5 prints 13 half-up and 12 half-even; 3/8 = 37.5 prints 38 under both, never 37
    assert check_proportion("13", 9, count=1).nearest_smaller == 8
    assert check_proportion("12", 7, count=1).nearest_larger == 8
    assert check_proportion("38", 9, count=3).nearest_smaller == 8
    assert check_proportion("37", 7, count=3).nearest_larger is None


def test_a_printed_count_must_itself_give_the_percentage():
    # 101/179 = 56.42 percent prints 56; 102/179 = 56.98 prints 57
    assert check_proportion("56", 179, count=101).obtainable
    found = check_proportion("56", 179, count=102)
    assert not found.obtainable
    # 102/n prints 56 for n from 102/0.565 = 180.5 to 102/0.555 = 183.8
    assert (found.nearest_smaller, found.nearest_larger) == (None, 181)
    assert found.counts == (100, 101)


def test_pairs_are_checked_a_table_at_a_time():
    found = pairs_print([101, 82, 93, 9], [179, 165, 182, 90], ["56.4", "49.7", "51.1", "9.2"], 1)
    # 56.42, 49.70, 51.10 and exactly 10
    assert found.tolist() == [True, True, True, False]
    rows = 5000
    assert pairs_print([8] * rows, np.full(rows, 87), [9.2] * rows, 1).all()


def test_numbers_and_text_give_the_same_units_without_binary_fractions():
    assert printed_units("9.20") == (920, 2)
    assert printed_units("56%") == (56, 0)
    # 57.55 is below itself in binary; 1151/2000 = 57.55 exactly
    assert possible_counts(57.55, 2, 2000) == (1151,)
    assert possible_counts("100", None, 7) == (7,)
    assert possible_counts("0", None, 7) == (0,)


def test_a_size_of_many_millions_does_not_overflow():
    # 100 k / 10^9 within 49.99995 and 50.00005 percent: k from 499,999,500 to 500,000,499 half-up
    assert len(possible_counts("50.0000", None, 10**9, "half_up")) == 1000


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: printed_units("nine"), "not a number"),
        (lambda: printed_units("101"), "between 0 and 100"),
        (lambda: printed_units("nan"), "between 0 and 100"),
        (lambda: printed_units(9.2), "decimals is needed"),
        (lambda: printed_units(9.25, 1), "more than 1 decimals"),
        (lambda: printed_units("9.2", 9), "decimals is 9"),
        (lambda: possible_counts("9.2", None, 0), "between 1 and"),
        (lambda: possible_counts("9.2", None, MAX_SIZE + 1), "between 1 and"),
        (lambda: possible_counts("9.2", None, 90, "down"), "rounding is 'down'"),
        (lambda: possible_sizes("9.2", None, 90, 80), "n_min 90"),
        (lambda: pairs_print([1], [2, 3], ["50"], 0), "differ in length"),
        (lambda: check_proportion("9.2", 90, count=91), "count is 91"),
    ],
)
def test_impossible_input_is_refused_with_a_remedy(call, words):
    with pytest.raises(ValueError, match=words):
        call()
