"""The recovery index: hand-worked people, both readings of reliable change, invariants."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.recovery_index import (
    REGIONS,
    RecoveryRule,
    caseness,
    phq9_region,
    phq9_region_map,
    recovered,
    reliable_deterioration,
    reliable_improvement,
    reliable_recovery,
)

AT_LEAST = RecoveryRule(10, 8, 6, 4, strict=False)
GREATER = RecoveryRule(10, 8, 6, 4, strict=True)

# phq start, gad start, phq end, gad end: recovered, improved, worsened, reliably recovered
PEOPLE = [
    ((15, 12, 9, 7), (True, True, False, True)),  # both fall reliably, both end below
    ((15, 12, 10, 7), (False, True, False, False)),  # one point short on PHQ-9
    ((15, 12, 9, 8), (False, True, False, False)),  # one point short on GAD-7
    ((10, 8, 9, 7), (True, False, False, False)),  # recovers by one point: not reliable
    ((9, 8, 4, 5), (True, False, False, False)),  # a case by GAD-7 only; 5 and 3 points
    ((10, 7, 4, 7), (True, True, False, True)),  # exactly 6 points
    ((9, 8, 9, 4), (True, True, False, True)),  # exactly 4 points
    ((9, 7, 0, 0), (False, True, False, False)),  # not at caseness: improves, cannot recover
    ((20, 5, 9, 9), (False, False, False, False)),  # PHQ-9 falls, GAD-7 rises reliably
    ((20, 8, 25, 12), (False, False, True, False)),  # GAD-7 rises by exactly 4
    ((3, 3, 9, 3), (False, False, True, False)),  # worsens without ever being a case
    ((12, 12, 12, 12), (False, False, False, False)),  # nothing moves
]


def test_hand_worked_people() -> None:
    scores = np.array([person for person, _ in PEOPLE]).T
    expected = np.array([outcome for _, outcome in PEOPLE]).T
    found = [
        function(*scores, AT_LEAST)
        for function in (
            recovered, reliable_improvement, reliable_deterioration, reliable_recovery,
        )
    ]  # fmt: skip
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("person", "function"),
    [
        ((10, 7, 4, 7), reliable_improvement),
        ((9, 8, 9, 4), reliable_improvement),
        ((10, 7, 4, 7), reliable_recovery),
        ((10, 8, 16, 8), reliable_deterioration),
        ((10, 8, 10, 12), reliable_deterioration),
    ],
)
def test_a_change_of_exactly_the_threshold_counts_only_under_at_least(person, function) -> None:
    assert function(*person, AT_LEAST).item() is True
    assert function(*person, GREATER).item() is False


def test_caseness_is_either_scale_at_or_above_its_cut() -> None:
    phq, gad = [9, 10, 9, 10, 27], [7, 7, 8, 8, 0]
    assert caseness(phq, gad, AT_LEAST).tolist() == [False, True, True, True, True]


def test_thresholds_are_taken_from_the_rule_and_not_built_in() -> None:
    other = RecoveryRule(19, 15, 2, 2, strict=False)
    assert caseness(18, 14, other).item() is False
    assert reliable_recovery(19, 0, 17, 0, other).item() is True


def test_published_rates_follow_from_a_small_table() -> None:
    scores = np.array([person for person, _ in PEOPLE]).T
    case = caseness(*scores[:2], AT_LEAST)
    assert case.sum() == 10  # the denominator: those finished less those not at caseness
    assert recovered(*scores, AT_LEAST).sum() == 5
    assert reliable_recovery(*scores, AT_LEAST).sum() == 3


def test_scores_broadcast_and_keep_their_shape() -> None:
    ends = np.arange(28).reshape(4, 7)
    assert recovered(15, 12, ends, 0, AT_LEAST).shape == (4, 7)
    assert recovered(15, 12, ends, 0, AT_LEAST).sum() == 10


# --- the picture ----------------------------------------------------------------------------


def test_region_map_covers_the_square_once_with_known_counts() -> None:
    grid = phq9_region_map(AT_LEAST, 27)
    pairs = set(zip(grid.before.tolist(), grid.after.tolist(), strict=True))
    assert len(grid.region) == len(pairs) == 28**2
    place = 28 * 20 + 5  # 20 before and 5 after, the score before varying slowest
    assert (grid.before[place], grid.after[place]) == (20, 5)
    assert grid.region[place] == "reliable recovery"
    counts = {label: int((grid.region == label).sum()) for label in REGIONS}
    # 18 starts at caseness x 10 ends below = 180, of which 15 pairs change by less than 6
    assert counts["reliable recovery"] == 165
    assert counts["recovery without reliable improvement"] == 15
    # start 16 or more, end from 10 to start - 6: 1 + 2 + ... + 12; deterioration is its mirror
    assert counts["reliable improvement, still at caseness"] == 78
    assert counts["reliable deterioration, at caseness"] == 78
    assert counts["no reliable change, still at caseness"] == 18**2 - 2 * 78
    # below caseness: 6 to 9 falling to 0 to 3 makes 1 + 2 + 3 + 4 pairs
    assert counts["not at caseness at start, reliable improvement"] == 10
    assert sum(counts.values()) == 784


def test_region_map_shrinks_recovery_when_the_change_must_be_greater() -> None:
    grid = phq9_region_map(GREATER, 27)
    # starts 10 to 15 lose the one end exactly 6 below
    assert (grid.region == "reliable recovery").sum() == 159


@given(
    before=st.integers(0, 27), after=st.integers(0, 27), gad=st.integers(1, 8), strict=st.booleans()
)
@example(before=10, after=4, gad=1, strict=False)
def test_regions_agree_with_the_index(before: int, after: int, gad: int, strict: bool) -> None:
    rule = RecoveryRule(10, gad, 6, gad, strict=strict)
    label, pair = phq9_region(before, after, rule).item(), (before, 0, after, 0)
    assert label in REGIONS
    assert (label == "reliable recovery") == reliable_recovery(*pair, rule).item()
    assert label.startswith(("reliable recovery", "recovery")) == recovered(*pair, rule).item()
    assert label.startswith("not at caseness") != caseness(before, 0, rule).item()
    assert ("deterioration" in label) == reliable_deterioration(*pair, rule).item()


# --- invariants -----------------------------------------------------------------------------

people = st.tuples(*[st.integers(0, 27), st.integers(0, 21)] * 2)
rules = st.builds(
    RecoveryRule,
    st.integers(1, 27), st.integers(1, 21), st.integers(1, 10), st.integers(1, 10), st.booleans(),
)  # fmt: skip


@given(people, rules)
def test_improvement_and_deterioration_exclude_and_mirror_each_other(person, rule) -> None:
    back = person[2:] + person[:2]
    better = reliable_improvement(*person, rule).item()
    worse = reliable_deterioration(*person, rule).item()
    assert not (better and worse)
    assert better == reliable_deterioration(*back, rule).item()


@given(people, rules)
def test_reliable_recovery_is_the_overlap_of_its_two_parts(person, rule) -> None:
    reliable = reliable_recovery(*person, rule).item()
    assert reliable == (
        recovered(*person, rule).item() and reliable_improvement(*person, rule).item()
    )
    assert not reliable or caseness(*person[:2], rule).item()


@given(people, rules)
def test_recovery_asks_for_caseness_at_the_start_and_not_at_the_end(person, rule) -> None:
    start, end = caseness(*person[:2], rule).item(), caseness(*person[2:], rule).item()
    assert recovered(*person, rule).item() == (start and not end)


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), "10", None, True])
def test_rule_refuses_a_threshold_that_is_not_a_positive_number(bad) -> None:
    for position, name in enumerate(
        ("phq9_caseness", "gad7_caseness", "phq9_reliable_change", "gad7_reliable_change")
    ):
        values = [10, 8, 6, 4]
        values[position] = bad
        with pytest.raises(ValueError, match=f"{name}=.*positive.*thresholds row"):
            RecoveryRule(*values, strict=False)


def test_rule_refuses_an_operator_that_is_not_a_bool() -> None:
    with pytest.raises(ValueError, match=r"strict='at least'.*pass a bool"):
        RecoveryRule(10, 8, 6, 4, strict="at least")


def test_scores_refuse_a_missing_value_and_name_the_argument() -> None:
    with pytest.raises(ValueError, match=r"gad7_end: scores must be finite.*missing-data rule"):
        reliable_recovery([15, 12], [9, 9], [8, 8], [7, float("nan")], AT_LEAST)


def test_scores_refuse_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=re.escape("phq9 (2,), gad7 (3,): shapes")):
        caseness([1, 2], [1, 2, 3], AT_LEAST)


def test_the_least_region_map_has_one_score_at_caseness() -> None:
    assert (phq9_region_map(AT_LEAST, 10).before.max(), AT_LEAST.phq9_caseness) == (10, 10)


@pytest.mark.parametrize("top", [9, 27.5])
def test_region_map_refuses_a_scale_without_caseness_or_whole_scores(top) -> None:
    with pytest.raises(ValueError, match=r"score_max=.*caseness threshold 10.*top of the scale"):
        phq9_region_map(AT_LEAST, top)
