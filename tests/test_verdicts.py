"""Verdicts follow from facts by rules in a fixed order, whoever made the claim."""

import itertools

import pytest

from analysis.quantity import Interval, Quantity
from analysis.verdicts import REPRODUCED, VERDICTS, agrees, judge, tolerance

FACTS = {
    "obtainable": False,
    "own_inputs": False,
    "checkable": False,
    "same_estimand": False,
    "exceptions": 1,
    "certain": False,
    "fits": False,
    "fits_other_bases": False,
}


def test_without_any_objection_a_claim_is_reproduced() -> None:
    assert judge() is REPRODUCED


@pytest.mark.parametrize("fact", FACTS)
def test_each_objection_has_its_own_verdict(fact: str) -> None:
    assert judge(**{fact: FACTS[fact]}) is VERDICTS[list(FACTS).index(fact)]


def test_the_first_rule_that_applies_decides() -> None:
    for one, two in itertools.combinations(FACTS, 2):
        assert judge(**{one: FACTS[one], two: FACTS[two]}) is judge(**{one: FACTS[one]})


@pytest.mark.parametrize(
    ("claimed", "relation", "decimals", "value", "fits"),
    [
        (52.1, "exact", 1, 52.08, True),
        (52.1, "exact", 1, 52.04, False),
        (50, "exact", 0, 49.5, True),
        (50, "about", 0, 45.0, True),  # a tenth of fifty is five
        (50, "about", 0, 44.9, False),
        (50, "at least", 0, 49.4, False),
        (50, "at least", 0, 88.0, True),
        (20, "at most", 0, 17.5, True),
        (20, "at most", 0, 20.6, False),
        (20, "more than", 0, 20.0, False),
        (20, "more than", 0, 20.1, True),
        (20, "less than", 0, 19.9, True),
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


def test_an_unknown_relation_is_refused() -> None:
    with pytest.raises(ValueError, match="relation"):
        tolerance(50, "roughly", 0)
