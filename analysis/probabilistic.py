"""Probabilistic analysis of a decision model: draws, probabilities, value of information.

A model is a function of named inputs, numbers or arrays, that returns named results. Every input
has its own stream of random numbers, found by its name: results do not depend on the size of the
chunks or on which other inputs vary, and scenarios share the draws of what they share.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import BSpline

from analysis.distributions import Distribution

Floats = NDArray[np.float64]
Inputs = Mapping[str, ArrayLike]
Model = Callable[[Inputs], Mapping[str, ArrayLike]]
CHUNK = 16_384  # the arrays of a chunk stay in the processor's cache
BAND_LIMITS = (1 / 20, 1 / 5, 4 / 5, 19 / 20)
KNOTS = 8


@dataclass(frozen=True)
class Probability:
    """A probability estimated from independent draws, with its Monte Carlo standard error.

    >>> found = Probability.of(np.array([True, False, False, False]))
    >>> found.value, round(found.error, 4), found.band
    (0.25, 0.2165, 'from below 1 in 20 to between 1 in 5 and 4 in 5')
    """

    value: float
    draws: int

    @classmethod
    def of(cls, events: ArrayLike) -> Probability:
        """The share of draws in which something happens."""
        happened = np.asarray(events, dtype=bool)
        return cls(float(np.count_nonzero(happened) / happened.size), happened.size)

    @property
    def error(self) -> float:
        """Standard error from the number of draws alone: √(p(1 − p)/n)."""
        return float(np.sqrt(self.value * (1 - self.value) / self.draws))

    @property
    def band(self) -> str:
        """The coarse band in words; both bands where Monte Carlo error cannot tell them apart."""
        ends = [band(min(1.0, max(0.0, self.value + k * self.error))) for k in (-2, 2)]
        return ends[0] if ends[0] == ends[1] else f"from {ends[0]} to {ends[1]}"


def band(probability: float) -> str:
    """The book's words for a probability: five bands, because the inputs bear no more.

    >>> [band(p) for p in (0.01, 0.1, 0.5, 0.9, 0.99)]  # doctest: +NORMALIZE_WHITESPACE
    ['below 1 in 20', 'between 1 in 20 and 1 in 5', 'between 1 in 5 and 4 in 5',
     'between 4 in 5 and 19 in 20', 'above 19 in 20']
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies between 0 and 1, got {probability}")
    names = [_in_words(limit) for limit in BAND_LIMITS]
    position = int(np.searchsorted(BAND_LIMITS, probability, side="right"))
    if position == 0:
        return f"below {names[0]}"
    if position == len(names):
        return f"above {names[-1]}"
    return f"between {names[position - 1]} and {names[position]}"


def _in_words(share: float) -> str:
    """A share as so many in so many, with the smallest whole numbers."""
    whole = next(n for n in range(1, 101) if abs(share * n - round(share * n)) < 1e-9)
    return f"{round(share * whole)} in {whole}"


def draw_chunks(
    inputs: Mapping[str, Distribution], seed: int, draws: int, chunk: int = CHUNK
) -> Iterator[dict[str, Floats | float]]:
    """Draws of all inputs, a chunk at a time, each input from a stream of its own.

    >>> inputs = {"cost": Distribution("uniform", 5.0, 0.0, 10.0)}
    >>> [part["cost"].size for part in draw_chunks(inputs, 1, 5, chunk=2)]
    [2, 2, 1]
    """
    streams = {name: generator(seed, name) for name in inputs}
    for start in range(0, draws, chunk):
        size = min(chunk, draws - start)
        yield {name: law.draw(streams[name], size) for name, law in inputs.items()}


def generator(seed: int, name: str) -> np.random.Generator:
    """The stream of random numbers that belongs to an input, by its name."""
    key = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),))
    return np.random.Generator(np.random.PCG64(key))


def simulate(
    model: Model,
    inputs: Mapping[str, Distribution],
    seed: int,
    draws: int,
    keep: Sequence[str] = (),
    chunk: int = CHUNK,
) -> dict[str, Floats]:
    """Results of a model for random inputs, each an array over the draws.

    Args:
        model: takes the inputs of a chunk and returns results, numbers or arrays.
        inputs: distribution of every input.
        seed: seed of all streams.
        draws: number of draws.
        keep: names of inputs to return beside the results.
        chunk: draws computed at once; it changes speed, not results.

    Raises:
        ValueError: an input to keep has the name of a result.
    """
    found: dict[str, Floats] = {}
    start = 0
    for given in draw_chunks(inputs, seed, draws, chunk):
        size = min(chunk, draws - start)
        results = dict(model(given))
        if both := set(results) & set(keep):
            raise ValueError(f"inputs to keep and results share the names {sorted(both)}")
        results.update({name: given[name] for name in keep})
        for name, values in results.items():
            if name not in found:
                found[name] = np.empty(draws)
            found[name][start : start + size] = values
        start += size
    return found


def one_way(
    model: Model, inputs: Mapping[str, Distribution], result: str, tails: float = 0.025
) -> dict[str, tuple[float, float]]:
    """A result at the low and the high end of each uncertain input, the others at their means.

    Ends are quantiles that leave out ``tails`` on each side; inputs in order of the swing.
    """
    centre = {name: law.mean for name, law in inputs.items()}
    swings = {}
    for name, law in inputs.items():
        if law.family != "fixed":
            ends = (law.quantile(tails), law.quantile(1 - tails))
            low, high = (float(np.asarray(model({**centre, name: end})[result])) for end in ends)
            swings[name] = (low, high)
    return dict(sorted(swings.items(), key=lambda item: -abs(item[1][1] - item[1][0])))


def two_way(
    model: Model, inputs: Mapping[str, float], result: str, axes: Mapping[str, ArrayLike]
) -> Floats:
    """A result over a grid of two inputs, the first along the rows."""
    if len(axes) != 2:
        raise ValueError(f"a two-way grid has two inputs, got {', '.join(axes)}")
    grids = np.meshgrid(*(np.asarray(values, dtype=float) for values in axes.values()),
                        indexing="ij")  # fmt: skip
    flat = {name: grid.ravel() for name, grid in zip(axes, grids, strict=True)}
    return np.asarray(model({**inputs, **flat})[result]).reshape(grids[0].shape)


def acceptability(effects: Floats, costs: Floats, values: ArrayLike) -> Floats:
    """For each value of a unit of effect, the share of draws in which each option is best.

    Args:
        effects: (draws, options).
        costs: (draws, options).
        values: GBP a unit of effect, all within one account.

    Returns:
        (values, options); rows sum to one, a tie goes to the first of the options.

    >>> effects = np.array([[0.0, 1.0], [0.0, 3.0]])
    >>> costs = np.array([[0.0, 20.0], [0.0, 20.0]])
    >>> acceptability(effects, costs, [5, 10, 30])
    array([[1. , 0. ],
           [0.5, 0.5],
           [0. , 1. ]])
    """
    options = effects.shape[1]
    best = [np.argmax(value * effects - costs, axis=1) for value in np.asarray(values, dtype=float)]
    return np.array([np.bincount(found, minlength=options) / len(effects) for found in best])


def evpi(net_benefits: Floats) -> float:
    """Expected value of perfect information: E max over options less max over options of E.

    Args:
        net_benefits: (draws, options), GBP.

    >>> evpi(np.array([[0.0, -10.0], [0.0, 30.0]]))
    5.0
    """
    return float(net_benefits.max(axis=1).mean() - net_benefits.mean(axis=0).max())


def evppi(values: ArrayLike, net_benefits: Floats, knots: int = KNOTS) -> float:
    """Expected value of knowing one input: the single-loop estimate by regression.

    Net benefits of each option are regressed on the input by a cubic spline with knots at its
    quantiles; the fitted values stand for the expectations given the input.

    Args:
        values: (draws,) of the input.
        net_benefits: (draws, options), GBP.
        knots: most inner knots.

    Returns:
        GBP; never below zero, and zero for an input that does not vary. Rounded to a thousandth
        of a penny, below which the order of additions could show.

    Source: Strong, Oakley and Brennan, Medical Decision Making 34 (2014) 311.
    """
    x = np.asarray(values, dtype=np.float64)
    low, high = float(x.min()), float(x.max())
    if low == high:
        return 0.0
    inner = np.unique(np.quantile(x, np.linspace(0, 1, knots + 2)[1:-1]))
    inner = inner[(inner > low) & (inner < high)]
    basis = BSpline.design_matrix(x, np.r_[[low] * 4, inner, [high] * 4], 3)
    incremental = net_benefits - net_benefits[:, :1]
    gram = (basis.T @ basis).toarray()
    fitted = basis @ np.linalg.lstsq(gram, basis.T @ incremental, rcond=None)[0]
    gain = fitted.max(axis=1).mean() - fitted.mean(axis=0).max()
    return round(max(0.0, float(gain)), 5)
