"""Durability in trials: the difference between arms over time, and scores in one arm."""

from __future__ import annotations

import math

import pandas as pd

from analysis.charts import TRIAL, Chart
from analysis.contrasts import (
    Arm,
    Contrast,
    combine_arms,
    contrast_from_standardised_effect,
    risk_difference,
)
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive
from analysis.recovery.interval_rows import Group, Row, interval_rows, key
from analysis.tables import Table

LEVEL = 0.95
PMHC_MONTHS, REEACT_MONTHS = (6, 12), (4, 12, 24)
SCORE_MONTHS = (0, 6, 12, 24, 36)


def pmhc_difference(evidence: Evidence, months: int) -> Quantity:
    """Norwegian trial: reliable recovery in the service less usual care, of all randomised.

    The interval is inferred from the printed standardised effect, which equals ln OR·√3/π of the
    printed rates; where it does not, no interval is inferred and none is given.
    """
    table, outcome = "controlled_outcomes", f"pmhc_reliable_recovery_{months}m"
    arms = [f"pmhc_{arm}_{months}m" for arm in ("service", "usual_care")]
    rates = [evidence.quantity(table, arm, "percent") for arm in arms]
    sizes = [evidence.quantity(table, arm, "randomised_n") for arm in arms]
    printed = evidence.table("trial_contrasts").loc[outcome, ["estimate", "ci_low", "ci_high"]]
    shares = [rate.value / 100 for rate in rates]
    effect = (float(printed.iloc[0]), float(printed.iloc[1]), float(printed.iloc[2]))
    found: Contrast | None = None
    try:
        found = contrast_from_standardised_effect(
            shares[0], shares[1], effect, sizes[0].value, sizes[1].value
        )
    except ValueError:
        found = None
    difference = shares[0] - shares[1]
    inputs = (*rates, *sizes, evidence.rows("trial_contrasts", [outcome]))
    if found is None:
        return derive(100 * difference, "percentage points", *inputs, interval=UNSTATED)
    estimate = found.risk_difference
    limits = Interval("model", 100 * estimate.low, 100 * estimate.high, LEVEL)
    return derive(100 * difference, "percentage points", *inputs, interval=limits)


def reeact_difference(evidence: Evidence, months: int) -> Quantity:
    """REEACT: PHQ-9 below caseness with supported computerised therapy less usual GP care.

    Both therapy arms together, since they share one control; of those with data; Newcombe's
    interval.
    """
    frame = evidence.table("controlled_outcomes")
    names = [f"reeact_{arm}_{months}m" for arm in ("arm_210", "arm_242", "usual_care")]
    chosen = frame.loc[names]
    arms = [Arm(min(e, n), n) for e, n in zip(chosen["events"], chosen["n"], strict=True)]
    estimate = risk_difference(combine_arms(*arms[:2]), arms[2], LEVEL)
    limits = Interval("sampling", 100 * estimate.low, 100 * estimate.high, LEVEL)
    rows = evidence.rows("controlled_outcomes", names)
    return derive(100 * estimate.value, "percentage points", rows, interval=limits)


@computes
def between_arms(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Difference between arms at each time in the trials that have later times."""
    found = {
        f"durability_pmhc_{months}m": pmhc_difference(evidence, months) for months in PMHC_MONTHS
    }
    found |= {
        f"durability_reeact_{months}m": reeact_difference(evidence, months)
        for months in REEACT_MONTHS
    }
    groups = [
        Group(
            "Norwegian trial: reliable recovery, service less usual care, all randomised",
            [
                Row(f"{months} months", found[f"durability_pmhc_{months}m"], TRIAL)
                for months in PMHC_MONTHS
            ],
        ),
        Group(
            "REEACT: PHQ-9 below caseness, computerised CBT less usual GP care, those with data",
            [
                Row(f"{months} months", found[f"durability_reeact_{months}m"], TRIAL)
                for months in REEACT_MONTHS
            ],
        ),
    ]
    records = [
        {"Trial and outcome": group.heading, "Time": row.label, "Difference": row.quantity}
        for group in groups
        for row in group.rows
    ]
    last, end = (found[f"durability_pmhc_{months}m"] for months in PMHC_MONTHS)
    chart = Chart(
        title=(
            f"The Norwegian service's advantage is {last} at {PMHC_MONTHS[0]} and {end} at "
            f"{PMHC_MONTHS[1]} months"
        ),
        alt=f"Differences between arms with time; {key(groups)}; the broken line is no difference. "
        + " ".join(f"{group.heading}, {row.text}." for group in groups for row in group.rows),
        table=Table("Differences between arms at each time.", pd.DataFrame(records)),
        draw=lambda width: interval_rows(
            groups, width, "Percentage points more than usual care", (-20, 40), reference=0
        ),
    )
    return {**found, "durability_between_arms": chart}


@computes
def treated_scores(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Mean scores over time in the treated arm of the Norwegian trial, with the share measured.

    Model-based means over everyone in the arm; there is no control arm after one year.
    """
    frame = evidence.table("trial_scores")
    found: dict[str, Quantity] = {}
    records = []
    for months in SCORE_MONTHS:
        record: dict[str, object] = {"Months from randomisation": str(months)}
        for scale in ("phq9", "gad7"):
            name = f"pmhc_{scale}_{months}m"
            row = frame.loc[name]
            limits = Interval("model", row["ci_low"], row["ci_high"], LEVEL)
            rows = evidence.rows("trial_scores", [name])
            mean = Quantity(row["mean"], "points", limits, rows, decimals=2)
            record[row["instrument"]] = mean
            if scale == "phq9" and months in (6, 36):
                found[f"durability_phq9_{months}m"] = mean
        data = frame.loc[f"pmhc_phq9_{months}m", "data_percent"]
        record["Share with data"] = "not seen"
        if math.isfinite(data):
            measured = evidence.quantity("trial_scores", f"pmhc_phq9_{months}m", "data_percent")
            record["Share with data"] = measured
            found[f"durability_data_{months}m"] = measured
        records.append(record)
    caption = "Norwegian trial, treated arm only: mean scores with model intervals."
    return {**found, "durability_scores": Table(caption, pd.DataFrame(records))}
