"""The people treated once: bounds from totals alone, and how much hangs on them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.attrition import intention_to_treat, single_session
from analysis.quantity import Quantity

ONCE, FINISHED, BELOW = 502_900, 667_143, 34_899  # sums of the months of 2024-25


def referrals(count: int) -> Quantity:
    return Quantity(count, "referrals")


def test_totals_alone_bound_the_share_that_declined_or_left(evidence):
    found = single_session.single(evidence)
    # declined 176,489, left the assessment 67,517, ended before planned 250,869
    unplanned = 176_489 + 67_517 + 250_869
    assert found["once_unplanned_most"].interval.limits == pytest.approx(
        (0, 100 * unplanned / ONCE)
    )
    # taken on by code 737,367, finished 667,143
    assert found["once_taken_on_beyond"].value == 737_367 - FINISHED


def test_assessment_is_mostly_combined_with_treatment_in_the_cost_return(evidence):
    found = single_session.single(evidence)["once_combined"]
    assert found.value == pytest.approx(100 * 924_020 / (924_020 + 221_708))


@given(st.integers(2, 6), st.data())
def test_the_bounds_hold_every_way_of_crossing_the_totals(whole, data):
    part = data.draw(st.integers(1, whole))
    other = data.draw(st.integers(0, whole))
    bounds = single_session.overlap(referrals(part), referrals(other), referrals(whole))
    shared = {
        100 * len(set(range(part)) & set(chosen)) / part
        for chosen in itertools.combinations(range(whole), other)
    }
    assert bounds.interval.limits == pytest.approx((min(shared), max(shared)))


def test_every_finding_on_early_leavers_is_listed(evidence):
    table = single_session.known(evidence)["once_known"]
    assert len(table.frame) == len(evidence.table("one_session"))


def test_the_slope_is_the_weight_of_those_treated_once(evidence):
    slope = intention_to_treat.dependence(evidence)["itt_slope"]
    cases = FINISHED - BELOW
    belong = ONCE * cases / FINISHED
    assert slope.value == pytest.approx(ONCE / (cases + ONCE))
    assert slope.interval.limits == pytest.approx(
        (belong / (cases + belong), ONCE / (cases + ONCE))
    )
