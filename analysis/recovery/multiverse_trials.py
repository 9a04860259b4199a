"""The multiverse of the trials: treated and control compared in the trials' own populations.

Nothing is carried to England here. The Norwegian trial counts reliable recovery, REEACT PHQ-9
below its cut-off; both compare with usual care, as randomised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.contrasts import (
    Arm,
    Contrast,
    Estimate,
    combine_arms,
    contrast_from_counts,
    contrast_from_standardised_effect,
    missing_outcome_contrasts,
)
from analysis.evidence import Evidence
from analysis.multiverse import Grid, Screening, screen
from analysis.recovery.multiverse_rules import trial_rules

TRIALS = {"pmhc": "randomised, Norwegian trial", "reeact": "randomised, REEACT"}
TRIAL_OUTCOMES = {"reliable_recovery": "reliable recovery", "remission": "PHQ-9 below cut-off"}
TIMES = {"4": "4 months", "6": "6 months", "12": "12 months", "24": "24 months"}
TRIAL_MISSING = {
    "model": "missing: the trial's model",
    "measured": "missing: left out",
    "not_recovered": "missing: taken as no",
}
MEASURED_AT = {"pmhc": ("6", "12"), "reeact": ("4", "12", "24")}


@dataclass(frozen=True)
class Effect:
    """A trial's contrast on one scale, a share or a ratio, with the data rows behind it."""

    value: float
    low: float
    high: float
    rows: frozenset[str]


def norwegian_contrast(evidence: Evidence, months: str) -> tuple[Contrast, frozenset[str]]:
    """Reliable recovery in the Norwegian trial against usual care, 6 or 12 months on.

    Rates come from the trial's model. The interval is inferred from the printed standardised
    effect; where that is not ln OR·√3/π of the rates, the limits are NaN.
    """
    treated = evidence.quantity("controlled_outcomes", f"pmhc_service_{months}m", "percent")
    control = evidence.quantity("controlled_outcomes", f"pmhc_usual_care_{months}m", "percent")
    sizes = [
        evidence.table("controlled_outcomes").at[f"pmhc_{arm}_{months}m", "randomised_n"]
        for arm in ("service", "usual_care")
    ]
    printed = f"pmhc_reliable_recovery_{months}m"
    row = evidence.table("trial_contrasts").loc[printed]
    effect = tuple(float(row[column]) for column in ("estimate", "ci_low", "ci_high"))
    p1, p0 = treated.value / 100, control.value / 100
    rows = treated.rows | control.rows | evidence.rows("trial_contrasts", [printed])
    try:
        return contrast_from_standardised_effect(p1, p0, effect, *sizes), rows
    except ValueError:  # the printed effect is not that of the rates: nothing to infer
        ratio = p1 * (1 - p0) / (p0 * (1 - p1))
        bare = (Estimate(v, np.nan, np.nan, "printed") for v in (p1 - p0, p1 / p0, ratio))
        return Contrast(p1, p0, *bare, "rates alone"), rows


def norwegian_effects(evidence: Evidence) -> dict[str, Effect]:
    """Effect by scale and months, named as the comparisons of the service's grid."""
    found = {}
    for months in MEASURED_AT["pmhc"]:
        contrast, rows = norwegian_contrast(evidence, months)
        scales = {
            "rd": contrast.risk_difference,
            "rr": contrast.risk_ratio,
            "or": contrast.odds_ratio,
        }
        for scale, estimate in scales.items():
            found[f"{scale}_{months}"] = Effect(estimate.value, estimate.low, estimate.high, rows)
    return found


def _reeact_arm(evidence: Evidence, row: str) -> tuple[Arm, float]:
    """People with PHQ-9 below the cut-off among those measured, and all who were randomised."""
    record = evidence.table("controlled_outcomes").loc[row]
    return Arm(record["events"], record["n"]), max(record["randomised_n"], record["n"])


def reeact_cells(evidence: Evidence, months: str) -> tuple[dict, Estimate, frozenset[str]]:
    """REEACT by missing-data rule: (gross, net) estimates, the net bounds, and the rows.

    Both supported arms are taken together against the control they share. Bounds: the missing all
    fail under treatment and succeed under control, and the reverse.
    """
    names = [f"reeact_{arm}_{months}m" for arm in ("arm_210", "arm_242", "usual_care")]
    (first, n1), (second, n2), (control, n0) = (_reeact_arm(evidence, name) for name in names)
    treated, total = combine_arms(first, second), n1 + n2
    measured = contrast_from_counts(treated, control)
    cases = missing_outcome_contrasts(treated, control, total, n0)
    failed = cases.missing_as_failure
    cells = {
        "measured": (measured.treated_rate, measured.risk_difference),
        "not_recovered": (failed.treated_rate, failed.risk_difference),
    }
    worst, best = cases.worst.risk_difference.value, cases.best.risk_difference.value
    bounds = Estimate(measured.risk_difference.value, worst, best, "worst and best case")
    return cells, bounds, evidence.rows("controlled_outcomes", names)


def trial_multiverse(evidence: Evidence) -> tuple[Grid, Screening, pd.DataFrame]:
    """Every combination for the trials: percent with the outcome, or points more than usual care.

    Returns the grid, the screening and one row an admissible combination, with its value, sampling
    limits `low` and `high`, bounds `least` and `most` for missing outcomes, and data rows.
    """
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

    def put(trial: str, outcome: str, net: str, months: str, missing: str, **cell: object) -> None:
        settings = (trial, outcome, net, months, missing, "between_arms")
        at = grid.position(dict(zip(grid.names, settings, strict=True)))
        values[at] = cell["value"]
        records[at] = dict(zip(grid.names, settings, strict=True)) | cell

    for months in MEASURED_AT["pmhc"]:
        contrast, rows = norwegian_contrast(evidence, months)
        put(
            "pmhc",
            "reliable_recovery",
            "gross",
            months,
            "model",
            value=100 * contrast.treated_rate,
            rows=rows,
        )
        put(
            "pmhc",
            "reliable_recovery",
            "net",
            months,
            "model",
            rows=rows,
            **_percent(contrast.risk_difference),
        )
    for months in MEASURED_AT["reeact"]:
        cells, bounds, rows = reeact_cells(evidence, months)
        for missing, (rate, difference) in cells.items():
            put("reeact", "remission", "gross", months, missing, value=100 * rate, rows=rows)
            put(
                "reeact",
                "remission",
                "net",
                months,
                missing,
                rows=rows,
                least=100 * bounds.low,
                most=100 * bounds.high,
                **_percent(difference),
            )
    screening = screen(grid, trial_rules(grid, values))
    frame = pd.DataFrame([records[at] for at in sorted(records) if screening.admissible[at]])
    return grid, screening, frame


def _percent(estimate: Estimate) -> dict[str, float]:
    return {
        "value": 100 * estimate.value,
        "low": 100 * estimate.low,
        "high": 100 * estimate.high,
    }
