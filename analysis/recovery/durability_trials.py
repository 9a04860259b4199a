"""Durability in trials: the difference between arms over time, and scores in one arm."""

from __future__ import annotations

import math

import pandas as pd

from analysis.charts import TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes
from analysis.tables import Table
from analysis.trial_contrasts import TRIALS, trial_contrast

LEVEL = 0.95
HEADINGS = {
    "pmhc": "Norwegian trial: reliable recovery, service less usual care, all randomised",
    "reeact": "REEACT: PHQ-9 below caseness, computerised CBT less usual GP care, those with data",
}
SCORE_MONTHS = (0, 6, 12, 24, 36)


@computes
def between_arms(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Difference between arms at each time in the trials that have later times."""
    found = {
        f"durability_{name}": trial_contrast(evidence, name).risk_difference for name in TRIALS
    }
    groups = [
        Group(
            heading,
            [
                Row(f"{name.split('_')[1].removesuffix('m')} months", number, TRIAL)
                for name, number in zip(TRIALS, found.values(), strict=True)
                if name.startswith(trial)
            ],
        )
        for trial, heading in HEADINGS.items()
    ]
    records = [
        {
            "Trial and time": f"{group.heading.split(':')[0]}, {row.label}",
            "What is compared": group.heading.split(": ")[1],
            "Difference": row.quantity,
        }
        for group in groups
        for row in group.estimates
    ]
    (early, first), (late, last) = (
        (row.label.split()[0], row.quantity) for row in groups[0].estimates
    )
    chart = Chart(
        title=(
            f"The Norwegian service's advantage is {first} at {early} and {last} at {late} months"
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
