"""Bounds on the share reaching k sessions: by hand, by linear programming, by brute force."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.attrition.dose_bounds import ContradictionError, Known, envelope, reaching


def programme(known: Known, k: int, top: int) -> tuple[float, float]:
    """The same bounds by linear programming over the chances of 0, 1, …, top sessions."""
    numbers = np.arange(top + 1)
    rows, limits = [], []
    for number, (low, high) in known.shares:
        reached = (numbers >= number).astype(float)
        rows += [reached, -reached]
        limits += [high, -low]
    if known.mean is not None:
        rows += [numbers, -numbers]
        limits += [known.mean[1], -known.mean[0]]
    found = []
    for sign in (1, -1):
        solved = linprog(
            sign * (numbers >= k).astype(float),
            A_ub=np.array(rows, dtype=float),
            b_ub=limits,
            A_eq=np.ones((1, top + 1)),
            b_eq=[1],
            bounds=(0, 1),
        )
        assert solved.status == 0
        found.append(sign * solved.fun)
    return found[0], found[1]


def test_markov_above_a_minimum_by_hand():
    # mean 6.9, nobody below 2: at most (6.9 − 2)/(7 − 2) = 0.98 reach 7 and 4.9/10 = 0.49 reach 12
    known = Known(mean=(6.9, 6.9)).from_minimum(2)
    assert reaching(known, 7) == pytest.approx((0.0, 0.98))
    assert reaching(known, 12) == pytest.approx((0.0, 0.49))
    assert reaching(known, 2) == (1.0, 1.0)


def test_a_maximum_gives_a_lower_limit_by_hand():
    # mean 8 of 2 to 10 sessions: if S of them reach 7 the mean is at most 10 S + 6 (1 − S)
    low, high = reaching(Known(mean=(8.0, 8.0), maximum=10).from_minimum(2), 7)
    assert low == pytest.approx((8 - 6) / (10 - 6))
    assert high == pytest.approx(1.0)


def test_a_median_bounds_its_own_number_and_the_next():
    known = Known().from_minimum(2).with_median(7)
    assert [reaching(known, k) for k in (2, 7, 8)] == [(1, 1), (0.5, 1), (0, 0.5)]


def test_median_and_mean_together_are_tighter_than_either():
    # Half at 7 or more cost 7 × ½, the rest at least 2 × ½: 4.5 of 8.4 sessions are spoken for.
    # Reaching 20 costs 13 more for those from 7: (8.4 − 4.5)/13 = 0.3
    known = Known(mean=(8.4, 8.4)).from_minimum(2).with_median(7)
    assert reaching(known, 20)[1] == pytest.approx(0.3)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=1, max_size=12),
    st.integers(1, 15),
    st.integers(1, 14),
    st.booleans(),
)
def test_closed_form_agrees_with_linear_programming(sample, k, shown, with_median):
    people = np.sort(sample)
    shares = [(shown, ((people >= shown).mean() - 0.01, (people >= shown).mean() + 0.01))]
    shares = [(n, (max(low, 0.0), min(high, 1.0))) for n, (low, high) in shares]
    mean = (people.mean() - 0.05, people.mean() + 0.05)
    known = Known(tuple(shares), mean, maximum=14).from_minimum(int(people[0]))
    if with_median:
        known = known.with_median(int(people[(len(people) - 1) // 2]))
    low, high = reaching(known, k)
    assert (low, high) == pytest.approx(programme(known, k, 14), abs=1e-7)
    assert low - 1e-9 <= (people >= k).mean() <= high + 1e-9


def test_every_small_sample_lies_within_and_some_attain_the_bounds():
    # Brute force: all samples of 6 people with 2 to 8 sessions, 26 in all and a median of 4
    known = Known(mean=(26 / 6, 26 / 6), maximum=8).from_minimum(2).with_median(4)
    samples = [
        np.array(s)
        for s in combinations_with_replacement(range(2, 9), 6)
        if sum(s) == 26 and s[2] <= 4 <= s[3]
    ]
    for k in range(2, 9):
        low, high = reaching(known, k)
        found = [(sample >= k).mean() for sample in samples]
        assert low - 1e-9 <= min(found) <= max(found) <= high + 1e-9
    # Reaching 8: half have at least 4 and half at least 2, so 3 × 4 + 3 × 2 = 18 of 26 are spent
    # and 8/4 = 2 of the 4s may be raised to 8: two of six, as in the sample 2, 2, 2, 4, 8, 8
    assert reaching(known, 8)[1] == pytest.approx(2 / 6)
    assert max((sample >= 8).mean() for sample in samples) == pytest.approx(2 / 6)


def test_without_a_maximum_a_mean_gives_no_lower_limit():
    assert reaching(Known(mean=(6.0, 6.0)).from_minimum(2), 3)[0] == 0.0


def test_an_envelope_never_rises():
    low, high = envelope(Known(((3, (0.6, 0.62)), (6, (0.4, 0.45)))), 8)
    assert low.tolist() == [0.6, 0.6, 0.6, 0.4, 0.4, 0.4, 0.0, 0.0]
    assert high.tolist() == [1.0, 1.0, 0.62, 0.62, 0.62, 0.45, 0.45, 0.45]


@pytest.mark.parametrize(
    "known",
    [
        Known(((3, (0.6, 0.7)), (2, (0.1, 0.2)))),
        Known(mean=(1.0, 1.0)).from_minimum(2),
        Known(mean=(9.0, 9.0), maximum=8),
    ],
)
def test_contradictions_are_refused(known):
    with pytest.raises(ContradictionError):
        reaching(known, 3)


def test_limits_the_wrong_way_round_are_refused():
    with pytest.raises(ContradictionError):
        Known(((3, (0.7, 0.6)),))
