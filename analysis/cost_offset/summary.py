"""What a scenario gives: by horizon at the means of its inputs, and over random draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.cost_offset.accounts import ACCOUNTS, model
from analysis.cost_offset.parameters import Parameters
from analysis.cost_offset.scenarios import SCENARIOS
from analysis.distributions import Distribution
from analysis.probabilistic import Probability, simulate

Floats = NDArray[np.float64]
SEED, DRAWS = 2026, 1_000_000
HORIZONS = (24, 84)  # the founders' payback time; the last month with evidence
YEARS = tuple(range(1, 11))
Laws = tuple[tuple[str, Distribution], ...]


@dataclass(frozen=True)
class Spread:
    """Mean and 95% limits of a result over draws, and the probability that it is above zero."""

    mean: float
    low: float
    high: float
    above_zero: Probability


def at_means(inputs: Mapping[str, Distribution], horizon: int) -> dict[str, float]:
    """Results of the model with every input at its mean."""
    means = {name: law.mean for name, law in inputs.items()}
    return {name: float(value) for name, value in model(means, horizon).items()}


def expected(given: Parameters, scenario: str, horizon: int) -> dict[str, float]:
    """Results of a scenario with every input at its mean, by a horizon in months."""
    return at_means(SCENARIOS[scenario].inputs(given), horizon)


def spreads(
    given: Parameters, scenario: str, horizon: int, seed: int = SEED, draws: int = DRAWS
) -> dict[str, Spread]:
    """Net benefit of each account over random draws of a scenario's inputs."""
    return _spreads(tuple(sorted(SCENARIOS[scenario].inputs(given).items())), horizon, seed, draws)


@lru_cache(maxsize=64)
def _spreads(laws: Laws, horizon: int, seed: int, draws: int) -> dict[str, Spread]:
    found = simulate(lambda inputs: model(inputs, horizon), dict(laws), seed, draws)
    return {account: _spread(found[f"net_{account}"]) for account in ACCOUNTS}


def _spread(net: Floats) -> Spread:
    low, high = np.quantile(net, [0.025, 0.975])
    return Spread(float(net.mean()), float(low), float(high), Probability.of(net > 0))
