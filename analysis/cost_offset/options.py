"""The choice of a commissioner: usual care, the service as it is, or one intensity for everyone.

Within the account of the NHS with QALYs: costs of a course, care not needed afterwards, and QALYs
from the trials' effects on depression. Effects on work by intensity were not seen in any source,
so work plays no part here. Other care not needed is taken to be the same for all three services.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.cost_offset.accounts import SCORED_MONTHS, care_not_needed
from analysis.cost_offset.parameters import Parameters
from analysis.cost_offset.scenarios import BASE
from analysis.distributions import Distribution
from analysis.payback import Shape
from analysis.probabilistic import simulate

Floats = NDArray[np.float64]
USUAL, LOW, AS_NOW, HIGH = "usual", "low", "as_now", "high"
NAMES = {
    USUAL: "Usual care",
    LOW: "Low intensity only",
    AS_NOW: "The service as it is",
    HIGH: "High intensity only",
}
INPUTS = {
    name: BASE[name]
    for name in (
        "share_ltc", "saving_ltc", "saving_ltc_months", "saving_rest",
        "saving_rest_months", "effect_low", "effect_high", "share_low", "spread", "utility",
        "gain_months", "rate",
    )
} | {"price_as_now": "cost_course_all", "price_low": "cost_course_low",
     "price_high": "cost_course_high"}  # fmt: skip
HORIZON = 36  # months: the longest that a gain in utility is taken to last
SEED, DRAWS = 2026, 200_000


def laws(given: Parameters) -> dict[str, Distribution]:
    """Distribution of every input of the choice."""
    return {name: given[parameter].distribution for name, parameter in INPUTS.items()}


def rows(given: Parameters) -> frozenset[str]:
    """Data rows behind the choice."""
    return given.rows(INPUTS.values())


def options(inputs: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    """Cost net of care not needed and QALYs of each option, over usual care, a person.

    The service as it is has the effect of its mix of courses: low intensity only, and others.
    """
    rate = float(np.asarray(inputs["rate"])) / 100
    care = care_not_needed(inputs, HORIZON, rate)
    months = np.rint(np.asarray(inputs["gain_months"])).astype(np.int64)
    years = Shape.plateau(months).months_of_full_effect(HORIZON, rate) / SCORED_MONTHS
    point = np.asarray(inputs["spread"]) * np.asarray(inputs["utility"]) * years
    mix = np.asarray(inputs["share_low"]) / 100
    low, high = (np.asarray(inputs[f"effect_{name}"]) for name in (LOW, HIGH))
    effects = {LOW: low, AS_NOW: mix * low + (1 - mix) * high, HIGH: high}
    found: dict[str, Floats] = {"qalys_usual": np.asarray(0.0), "cost_usual": np.asarray(0.0)}
    for name, effect in effects.items():
        found[f"qalys_{name}"] = effect * point
        found[f"cost_{name}"] = np.asarray(inputs[f"price_{name}"]) - care
    return found


@lru_cache(maxsize=8)
def drawn_from(
    fixed: tuple[tuple[str, Distribution], ...], seed: int, draws: int
) -> dict[str, Floats]:
    """Costs and QALYs of every option over draws of these inputs; the arrays are read-only."""
    given = dict(fixed)
    varying = [name for name, law in given.items() if law.family != "fixed"]
    drawn = simulate(options, given, seed, draws, keep=varying)
    for values in drawn.values():
        values.setflags(write=False)
    return drawn


def drawn(given: Parameters, seed: int = SEED, draws: int = DRAWS) -> dict[str, Floats]:
    """Costs and QALYs of every option over random draws, and the inputs that vary."""
    return drawn_from(tuple(sorted(laws(given).items())), seed, draws)


def net_benefits(found: Mapping[str, Floats], value: float, chosen: tuple[str, ...]) -> Floats:
    """Net benefit of each option at a value of a QALY: (draws, options), GBP a person."""
    return np.column_stack(
        [value * found[f"qalys_{name}"] - found[f"cost_{name}"] for name in chosen]
    )
