"""Low intensity against high intensity against usual care, one step at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cost_offset.options import (
    AS_NOW,
    DRAWS,
    HIGH,
    LOW,
    NAMES,
    SEED,
    USUAL,
    drawn,
    net_benefits,
    rows,
)
from analysis.cost_offset.parameters import parameters
from analysis.evidence import Evidence
from analysis.probabilistic import Probability
from analysis.quantity import Interval, Quantity, computes
from analysis.tables import Table

PENCE, QALY_PLACES = 2, 6


def _spread(values: np.ndarray, unit: str, behind: frozenset[str]) -> Quantity:
    places = PENCE if unit == "GBP" else QALY_PLACES
    low, high = (round(float(x), places) for x in np.quantile(values, [0.025, 0.975]))
    limits = Interval("model", low, high, 0.95)
    return Quantity(round(float(values.mean()), places), unit, limits, behind)


@computes
def intensity(
    evidence: Evidence, seed: int = SEED, draws: int = DRAWS
) -> dict[str, Quantity | Table]:
    """Cost, QALYs and net benefit of each option over usual care, and of one over the other.

    Args:
        evidence: the evidence.
        seed: seed of the random streams.
        draws: number of draws.
    """
    given = parameters(evidence)
    found, behind = drawn(given, seed, draws), rows(given)
    threshold = given["qaly_value_nice_to_2025"].quantity
    value = threshold.value
    chosen = (USUAL, LOW, AS_NOW, HIGH)
    net = net_benefits(found, value, chosen)
    table = []
    for column, name in enumerate(chosen[1:], start=1):
        better = Probability.of(net[:, column] > 0)
        table.append(
            {
                "Option": NAMES[name],
                "Extra cost": _spread(found[f"cost_{name}"], "GBP", behind),
                "Extra QALYs": _spread(found[f"qalys_{name}"], "QALYs", behind),
                "Net benefit": _spread(net[:, column], "GBP", behind | threshold.rows),
                "Probability that it beats usual care": better.band,
            }
        )
    extra_cost = found["cost_high"] - found["cost_low"]
    extra_qalys = found["qalys_high"] - found["qalys_low"]
    ahead = Probability.of(value * extra_qalys > extra_cost)
    caption = (
        f"Each option over usual care, a person treated, at {threshold} a QALY; {draws:,} draws "
        f"(seed {seed}); high intensity beats low intensity with a probability {ahead.band}"
    )
    effects = {name: given[f"depression_effect_{name}"].quantity for name in (LOW, HIGH)}
    step = extra_cost / value
    needed = Quantity(round(float(step.mean()), QALY_PLACES), "QALYs", rows=behind | threshold.rows)
    return {
        "intensity_effect_low": effects[LOW],
        "intensity_effect_high": effects[HIGH],
        "intensity_cost_low": given["cost_course_low"].quantity,
        "intensity_cost_high": given["cost_course_high"].quantity,
        "intensity_expected_low": given["cost_course_low"].expected,
        "intensity_expected_high": given["cost_course_high"].expected,
        "intensity_extra_cost": _spread(extra_cost, "GBP", behind),
        "intensity_extra_qalys": _spread(extra_qalys, "QALYs", behind),
        "intensity_qalys_needed": needed,
        "intensity_net_low": _spread(net[:, 1], "GBP", behind | threshold.rows),
        "intensity_net_high": _spread(net[:, 3], "GBP", behind | threshold.rows),
        "intensity_table": Table(caption, pd.DataFrame(table)),
    }
