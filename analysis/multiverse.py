"""A multiverse: every combination of some choices, which of them are admissible, and what moves.

A grid crosses named choices. Rules say which combinations answer no question, each with its
reason; what is left is computed at once as an array with one axis a choice. A swing shows one
choice with the others held at a named reference, Shapley effects share out the variance of a
complete block. Both describe the grid that was laid out, not how often a result holds in the
world. After Steegen and others 2016; Simonsohn, Simmons and Nelson 2020.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Reference = Mapping[str, str]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """All combinations of some choices; axis i of every array runs over the levels of choice i.

    Raises ValueError for a choice without levels or with a level twice.

    >>> grid = Grid({"base": ("finished", "referred"), "year": ("2018", "2019", "2020")})
    >>> grid.shape, grid.size, grid.position({"base": "referred", "year": "2018"})
    ((2, 3), 6, (1, 0))
    """

    choices: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        for name, levels in self.choices.items():
            if not levels or len(set(levels)) != len(levels):
                raise ValueError(f"choice {name!r} needs levels, each once; it has {list(levels)}")

    @property
    def names(self) -> tuple[str, ...]:
        """The choices in the order of the axes."""
        return tuple(self.choices)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each choice."""
        return tuple(len(levels) for levels in self.choices.values())

    @property
    def size(self) -> int:
        """Number of combinations."""
        return int(np.prod(self.shape))

    def level(self, name: str, level: str) -> int:
        """Position of a level of a choice; ValueError for an unknown name."""
        if name not in self.choices or level not in self.choices[name]:
            raise ValueError(f"{level!r} is no level of a choice {name!r}; see Grid.choices")
        return list(self.choices[name]).index(level)

    def position(self, settings: Reference) -> tuple[int, ...]:
        """Index of the combination with these settings, one for every choice."""
        if set(settings) != set(self.names):
            raise ValueError(f"settings for {sorted(settings)} but choices {sorted(self.names)}")
        return tuple(self.level(name, settings[name]) for name in self.names)

    def spread(self, values: ArrayLike, *names: str) -> NDArray[Any]:
        """Values with one axis for each named choice, shaped to broadcast over the grid."""
        array = np.asarray(values)
        wanted = tuple(len(self.choices[name]) for name in names)
        if array.shape != wanted:
            raise ValueError(f"values have shape {array.shape}; {', '.join(names)} need {wanted}")
        order = sorted(range(len(names)), key=lambda i: self.names.index(names[i]))
        shape = [len(self.choices[name]) if name in names else 1 for name in self.names]
        return array.transpose(order).reshape(shape)

    def where(self, name: str, *levels: str) -> Mask:
        """True where a choice takes one of the levels, shaped to broadcast over the grid."""
        chosen = [self.level(name, level) for level in levels]
        return self.spread(np.isin(np.arange(len(self.choices[name])), chosen), name)


@dataclass(frozen=True)
class Rule:
    """Why some combinations are left out: a short name, the reason, and where it bites."""

    name: str
    reason: str
    excludes: Mask


@dataclass(frozen=True)
class Screening:
    """For every combination the number of the first rule that excludes it, −1 if none does."""

    first: NDArray[np.int64]
    rules: tuple[Rule, ...]

    @property
    def admissible(self) -> Mask:
        """True where no rule excludes the combination."""
        return self.first < 0

    def excluded(self) -> dict[str, int]:
        """Combinations that each rule is the first to exclude."""
        counts = np.bincount(self.first[self.first >= 0], minlength=len(self.rules))
        return {rule.name: int(n) for rule, n in zip(self.rules, counts, strict=True)}


def screen(grid: Grid, rules: Sequence[Rule]) -> Screening:
    """The first rule, in the order given, that excludes each combination of the grid.

    >>> grid = Grid({"base": ("finished", "referred"), "rule": ("pairs", "all")})
    >>> pairs = Rule("pairs", "pairs are counted among finishers", grid.where("base", "referred")
    ...     & grid.where("rule", "pairs"))
    >>> screen(grid, [pairs]).first.tolist(), screen(grid, [pairs]).excluded()
    ([[-1, -1], [0, -1]], {'pairs': 1})
    """
    if len({rule.name for rule in rules}) != len(rules):
        raise ValueError("two rules share a name; give each its own")
    first = np.full(grid.shape, -1, dtype=np.int64)
    for number, rule in enumerate(rules):
        first[np.broadcast_to(rule.excludes, grid.shape) & (first < 0)] = number
    return Screening(first, tuple(rules))


@dataclass(frozen=True)
class Swing:
    """Lowest and highest value that one choice gives with the others at their reference."""

    low: float
    high: float
    low_level: str
    high_level: str
    reference: float
    levels: int

    @property
    def width(self) -> float:
        """Highest less lowest value."""
        return self.high - self.low


def swings(grid: Grid, values: Floats, reference: Reference) -> dict[str, Swing]:
    """How far each choice moves the result while the others stay at a named reference.

    Swing of choice j = max over levels l of f(l, r₋ⱼ) − min over the same, r the reference and
    only admissible levels counted. `values` has the grid's shape, NaN where inadmissible. Choices
    with a single admissible level are left out. Raises ValueError when the reference itself is
    inadmissible. One choice at a time, as in a tornado diagram.

    >>> grid = Grid({"base": ("finished", "referred"), "year": ("2018", "2019")})
    >>> found = swings(grid, np.array([[50.0, 52.0], [18.0, np.nan]]),
    ...     {"base": "finished", "year": "2018"})
    >>> {name: swing.width for name, swing in found.items()}
    {'base': 32.0, 'year': 2.0}
    """
    at = grid.position(reference)
    if not np.isfinite(values[at]):
        raise ValueError(f"the reference {dict(reference)} is not admissible; name another")
    found = {}
    for axis, name in enumerate(grid.names):
        place: tuple[int | slice, ...] = (*at[:axis], slice(None), *at[axis + 1 :])
        line = values[place]
        if np.isfinite(line).sum() < 2:
            continue
        low, high = int(np.nanargmin(line)), int(np.nanargmax(line))
        levels = grid.choices[name]
        found[name] = Swing(
            float(line[low]),
            float(line[high]),
            levels[low],
            levels[high],
            float(values[at]),
            int(np.isfinite(line).sum()),
        )
    return found


def variance_components(values: Floats) -> dict[tuple[int, ...], float]:
    """Variance of each main effect and interaction of a complete block, its levels equally likely.

    Functional analysis of variance: f_S = Σ over T ⊆ S of (−1)^(|S|−|T|) · mean of f given the
    choices T; component = mean of f_S². They sum to the variance of f over the block. Axes are
    choices. Raises ValueError when a cell is missing. Hoeffding 1948; Sobol 1993.

    >>> variance_components(np.array([[0.0, 2.0], [4.0, 6.0]]))
    {(0,): 4.0, (1,): 1.0, (0, 1): 0.0}
    """
    if not np.isfinite(values).all():
        raise ValueError("the block has cells without a value; take choices that are fully crossed")
    axes = range(values.ndim)
    subsets = [s for k in range(values.ndim + 1) for s in combinations(axes, k)]
    effects: dict[tuple[int, ...], Floats] = {}
    for subset in subsets:
        others = tuple(axis for axis in axes if axis not in subset)
        effect = values.mean(axis=others, keepdims=True)
        for part in (s for s in effects if set(s) < set(subset)):
            effect = effect - effects[part]
        effects[subset] = effect
    return {s: float((effect**2).mean()) for s, effect in effects.items() if s}


def shapley_effects(values: Floats) -> Floats:
    """Variance over a complete block, shared out among its choices by Shapley values.

    The worth of a set S of choices is the variance that it explains, v(S) = Var(E[f | x_S]), with
    every level of every choice weighted equally. The Shapley value is then exact without
    sampling: φⱼ = Σ over S ∋ j of σ²_S/|S|, σ²_S the variance component of S; the φ are not
    negative and sum to Var(f). Raises ValueError when a cell is missing. Owen 2014.

    >>> shapley_effects(np.array([[0.0, 2.0], [4.0, 6.0]])).tolist()
    [4.0, 1.0]
    """
    shares = np.zeros(values.ndim)
    for subset, component in variance_components(values).items():
        shares[list(subset)] += component / len(subset)
    return shares
