"""The multiverse of the trials: treated and control compared in the trials' own populations.

Nothing is carried to England here. The Norwegian trial counts reliable recovery, REEACT PHQ-9
below its cut-off; both compare with usual care, as randomised.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import trial_contrasts
from analysis.evidence import Evidence
from analysis.multiverse import Grid, Screening, screen
from analysis.quantity import Quantity
from analysis.recovery.multiverse_rules import trial_rules
from analysis.trial_contrasts import missing_outcomes, trial_contrast

TRIALS = {"pmhc": "randomised, Norwegian trial", "reeact": "randomised, REEACT"}
TRIAL_OUTCOMES = {"reliable_recovery": "reliable recovery", "remission": "PHQ-9 below cut-off"}
TIMES = {"4": "4 months", "6": "6 months", "12": "12 months", "24": "24 months"}
TRIAL_MISSING = {
    "model": "missing: the trial's model",
    "measured": "missing: left out",
    "not_recovered": "missing: taken as no",
}


class TrialGrid(NamedTuple):
    """The grid of the trials, what is admissible, and one row an admissible combination.

    Rows have the number as `quantity` and as `value`, the limits `low` and `high` of a difference
    and their `kind`, and bounds `least` and `most` for missing outcomes.
    """

    grid: Grid
    screening: Screening
    points: pd.DataFrame


def _answers(evidence: Evidence) -> Iterator[tuple[tuple[str, ...], Quantity, dict[str, float]]]:
    """What the trials give: settings of the grid, the number, and its limits if it is net."""
    for name in trial_contrasts.TRIALS:
        trial, time = name.split("_")
        months = time.removesuffix("m")
        found = trial_contrast(evidence, name)
        if trial == "pmhc":
            outcome, rules = "reliable_recovery", {"model": (found.treated, found.risk_difference)}
            bounds = {}
        else:
            cases = missing_outcomes(evidence, name)
            bounds = {"least": cases.worst.value, "most": cases.best.value}
            outcome = "remission"
            rules = {
                "measured": (found.treated, found.risk_difference),
                "not_recovered": (cases.treated, cases.same_rule),
            }
        for missing, (rate, difference) in rules.items():
            low, high = difference.interval.limits or (np.nan, np.nan)
            yield (trial, outcome, "gross", months, missing), rate, {}
            limits = {"low": low, "high": high, **bounds}
            yield (trial, outcome, "net", months, missing), difference, limits


def trial_multiverse(evidence: Evidence) -> TrialGrid:
    """Every combination: percent with the outcome, or points more than under usual care."""
    grid = Grid(
        {
            "denominator": tuple(TRIALS),
            "outcome": tuple(TRIAL_OUTCOMES),
            "net": ("gross", "net"),
            "horizon": tuple(TIMES),
            "missing": tuple(TRIAL_MISSING),
            "later": ("between_arms", "relapse_rate"),
        }
    )
    values = np.full(grid.shape, np.nan)
    records: dict[tuple[int, ...], dict[str, object]] = {}
    for settings, number, limits in _answers(evidence):
        record = dict(zip(grid.names, (*settings, "between_arms"), strict=True))
        at = grid.position(record)
        values[at] = number.value
        about = {"quantity": number, "value": number.value, "kind": number.interval.kind}
        records[at] = {**record, **about, **limits}
    screening = screen(grid, trial_rules(grid, values))
    frame = pd.DataFrame([records[at] for at in sorted(records) if screening.admissible[at]])
    return TrialGrid(grid, screening, frame)
