"""The grid of choices, its rules, swings and Shapley effects, on cases worked by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.multiverse import Grid, Rule, screen, shapley_effects, swings, variance_components

GRID = Grid({"base": ("finished", "referred"), "year": ("a", "b", "c"), "rule": ("none", "pairs")})


def test_values_named_in_any_order_land_on_their_own_axes() -> None:
    by_year_and_base = np.arange(6).reshape(3, 2)
    spread = GRID.spread(by_year_and_base, "year", "base")
    assert spread.shape == (2, 3, 1)
    assert spread[:, :, 0].tolist() == [[0, 2, 4], [1, 3, 5]]


@pytest.mark.parametrize(
    ("choices", "part"),
    [({"base": ()}, "needs levels"), ({"base": ("a", "a")}, "each once")],
)
def test_a_choice_needs_levels_each_once(choices: dict, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        Grid(choices)


def test_unknown_levels_settings_and_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="'ended' is no level"):
        GRID.where("base", "ended")
    with pytest.raises(ValueError, match="but choices"):
        GRID.position({"base": "finished"})
    with pytest.raises(ValueError, match=r"need \(3,\)"):
        GRID.spread([1, 2], "year")


def test_the_first_rule_that_fits_gives_the_reason() -> None:
    early = Rule("early", "first year", GRID.where("year", "a"))
    pairs = Rule(
        "pairs",
        "pairs among finishers",
        GRID.where("rule", "pairs") & GRID.where("base", "referred"),
    )
    found = screen(GRID, [early, pairs])
    # 2 bases x 2 rules in year a; referred x pairs in the years b and c
    assert found.excluded() == {"early": 4, "pairs": 2}
    assert found.admissible[0].tolist() == [[False, False], [True, True], [True, True]]
    assert found.admissible[1].tolist() == [[False, False], [True, False], [True, False]]
    assert screen(GRID, [pairs, early]).excluded() == {"pairs": 3, "early": 3}
    assert screen(GRID, [early, replace(early, name="again")]).excluded()["again"] == 0


def test_two_rules_of_one_name_are_refused() -> None:
    rule = Rule("same", "reason", GRID.where("year", "a"))
    with pytest.raises(ValueError, match="share a name"):
        screen(GRID, [rule, rule])


def test_a_swing_moves_one_choice_and_skips_what_is_not_admissible() -> None:
    values = np.full(GRID.shape, np.nan)
    values[0, :, 0] = [45.0, 52.0, 50.0]
    values[1, 2, 0] = 18.0
    found = swings(GRID, values, {"base": "finished", "year": "c", "rule": "none"})
    assert set(found) == {"base", "year"}  # only one missing-data rule is admissible
    assert (found["base"].width, found["base"].low_level) == (32.0, "referred")
    assert (found["year"].low, found["year"].high, found["year"].levels) == (45.0, 52.0, 3)
    assert found["year"].high_level == "b"
    assert found["year"].reference == 50.0
    values[1, 2, 0] = np.nan
    found = swings(GRID, values, {"base": "finished", "year": "c", "rule": "none"})
    assert set(found) == {"year"}  # nor is another base: the choices after it still count


def test_a_reference_must_itself_be_admissible() -> None:
    with pytest.raises(ValueError, match="not admissible"):
        swings(
            GRID,
            np.full(GRID.shape, np.nan),
            {"base": "finished", "year": "a", "rule": "none"},
        )


def test_shapley_of_a_two_by_two_with_interaction_by_hand() -> None:
    # f = 0, 0, 0, 4: mean 1, variance 3. Row means 0, 2 and column means 0, 2: each main effect
    # is -1, +1, variance 1; the interaction is f - 1 - row - column = 1, -1, -1, 1, variance 1.
    # Owen: each choice gets its main effect and half of the interaction, 1.5.
    values = np.array([[0.0, 0.0], [0.0, 4.0]])
    assert variance_components(values) == {(0,): 1.0, (1,): 1.0, (0, 1): 1.0}
    assert shapley_effects(values).tolist() == [1.5, 1.5]


def test_an_additive_model_gives_each_choice_the_variance_of_its_own_effect() -> None:
    base, year, rule = np.array([0.0, 30.0]), np.array([-1.0, 0.0, 1.0]), np.array([0.0, 1.0])
    values = base[:, None, None] + year[None, :, None] + rule[None, None, :]
    # Var(0, 30) = 225; Var(-1, 0, 1) = 2/3; Var(0, 1) = 1/4
    assert shapley_effects(values) == pytest.approx([225, 2 / 3, 0.25])


def test_shapley_effects_need_a_complete_block() -> None:
    with pytest.raises(ValueError, match="fully crossed"):
        shapley_effects(np.array([[1.0, np.nan]]))


def by_orderings(values: np.ndarray) -> np.ndarray:
    """Shapley values from their definition: mean gain of each choice over all orders."""

    def worth(chosen: tuple[int, ...]) -> float:
        others = tuple(axis for axis in range(values.ndim) if axis not in chosen)
        return float(values.mean(axis=others).var())

    gains = np.zeros(values.ndim)
    orders = list(permutations(range(values.ndim)))
    for order in orders:
        for place, axis in enumerate(order):
            gains[axis] += worth(order[: place + 1]) - worth(order[:place])
    return gains / len(orders)


@given(arrays(float, (2, 3, 2), elements=st.floats(-100, 100)))
def test_the_closed_form_agrees_with_all_orderings_and_shares_out_the_variance(
    values: np.ndarray,
) -> None:
    found = shapley_effects(values)
    assert found == pytest.approx(by_orderings(values), abs=1e-7)
    assert found.sum() == pytest.approx(values.var(), abs=1e-7)
    assert (found >= 0).all()
