"""Verdicts follow from facts by rules in a fixed order, whoever made the claim."""

import itertools

import pytest

from analysis.quantity import Interval, Quantity
from analysis.verdicts import (
    BASE,
    CITED,
    DIFFERS,
    ESTIMAND,
    EXCEPTIONS,
    INPUTS,
    OFFICIAL,
    REPRODUCED,
    ROUNDED,
    SAMPLE,
    STANDS,
    UNCERTAIN,
    UNCHECKABLE,
    VERDICTS,
    agrees,
    judge,
    rounding,
    tolerance,
)

OBJECTIONS = {
    "obtainable": (False, SAMPLE),
    "own_inputs": (False, INPUTS),
    "checkable": (False, UNCHECKABLE),
    "same_estimand": (False, ESTIMAND),
    "exceptions": (1, EXCEPTIONS),
    "searched": (True, STANDS),
    "certain": (False, UNCERTAIN),
    "fits": (False, DIFFERS),
    "fits_other_bases": (False, BASE),
    "rounded": (True, ROUNDED),
}


def test_without_any_objection_a_claim_is_reproduced() -> None:
    assert judge() is REPRODUCED


@pytest.mark.parametrize("fact", OBJECTIONS)
def test_each_objection_has_its_own_verdict(fact: str) -> None:
    value, verdict = OBJECTIONS[fact]
    assert judge(**{fact: value}) is verdict


def test_the_first_rule_that_applies_decides() -> None:
    for one, two in itertools.combinations(OBJECTIONS, 2):
        facts = {one: OBJECTIONS[one][0], two: OBJECTIONS[two][0]}
        assert judge(**facts) is OBJECTIONS[one][1]


def test_a_difference_is_named_by_what_the_claim_differs_from() -> None:
    assert judge(fits=False, footing="cited source") is CITED
    assert judge(fits=False, footing="official statistics") is OFFICIAL


def test_every_class_can_be_given() -> None:
    given = {verdict for _, verdict in OBJECTIONS.values()} | {CITED, OFFICIAL, REPRODUCED}
    assert given == set(VERDICTS)


def test_labels_are_short_and_tell_the_classes_apart() -> None:
    assert all(len(verdict.label) < len(verdict.rule) for verdict in VERDICTS)
    assert len({verdict.label for verdict in VERDICTS}) == len(VERDICTS)


@pytest.mark.parametrize(
    ("claimed", "computed", "relation", "decimals", "side"),
    [
        (50, 46.0, "about", 0, "above"),  # four off; a fiftieth of fifty is one
        (50, 51.0, "about", 0, ""),
        (50, 51.1, "about", 0, "below"),
        (50, 52.1, "about", 0, "below"),
        (6, 6.4, "about", 0, ""),  # within half a printed digit, though not within a fiftieth
        (50, 46.0, "exact", 0, ""),
    ],
)
def test_rounding_has_a_direction(claimed, computed, relation, decimals, side) -> None:
    assert rounding(claimed, computed, relation, decimals) == side


@pytest.mark.parametrize(
    ("claimed", "relation", "decimals", "value", "fits"),
    [
        (52.1, "exact", 1, 52.08, True),
        (52.1, "exact", 1, 52.04, False),
        (50, "exact", 0, 49.5, True),
        (50, "exact", 0, 50.5, True),
        (50, "about", 0, 45.0, True),  # a tenth of fifty is five
        (50, "about", 0, 44.9, False),
        (50, "at least", 0, 49.4, False),
        (50, "at least", 0, 88.0, True),
        (20, "at most", 0, 17.5, True),
        (20, "at most", 0, 20.6, False),
        (20, "more than", 0, 20.0, False),
        (20, "more than", 0, 20.1, True),
        (20, "less than", 0, 19.9, True),
        (20, "less than", 0, 20.0, False),
        (-3, "exact", 0, -3.3, True),  # half a digit, but never more than a tenth: 0.3
        (-3, "exact", 0, -3.4, False),
    ],
)
def test_printed_precision_and_words_set_the_tolerance(
    claimed, relation, decimals, value, fits
) -> None:
    claim, computed = Quantity(claimed, "percent"), Quantity(value, "percent")
    assert agrees(claim, computed, relation, decimals) is fits


def test_a_figure_known_within_limits_agrees_if_they_overlap_the_tolerance() -> None:
    claim = Quantity(31.2, "percent")
    within = Quantity(31.9, "percent", Interval("rounding", 31.1, 32.0))
    beside = Quantity(31.9, "percent", Interval("rounding", 31.25, 32.0))
    assert agrees(claim, within, "exact", 1)
    assert not agrees(claim, beside, "exact", 1)


@pytest.mark.parametrize("relation", ["exact", "about"])
def test_a_loss_is_given_the_same_room_as_a_gain(relation: str) -> None:
    low, high = tolerance(50, relation, 0)
    assert tolerance(-50, relation, 0) == (-high, -low)


def test_a_sampling_interval_gives_a_claim_no_more_room() -> None:
    claim, limits = Quantity(31.2, "percent"), (31.1, 32.0)
    assert agrees(claim, Quantity(31.9, "percent", Interval("bound", *limits)), "exact", 1)
    assert not agrees(claim, Quantity(31.9, "percent", Interval("sampling", *limits)), "exact", 1)


def test_limits_without_width_are_a_figure() -> None:
    assert agrees(
        Quantity(50, "percent"), Quantity(50, "percent", Interval("rounding", 50, 50)), "exact", 0
    )


def test_an_unknown_relation_is_refused() -> None:
    with pytest.raises(ValueError, match="relation"):
        tolerance(50, "roughly", 0)
