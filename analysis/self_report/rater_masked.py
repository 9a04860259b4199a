"""How common masked clinician outcomes have been, by period and kind of therapy."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.charts import MUTED, TRIAL, Chart
from analysis.contrasts import Arm, risk_difference
from analysis.evidence import Evidence
from analysis.intervals import normal_quantile, wilson
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive
from analysis.tables import Table

TABLE = "masked_by_period"
LEVEL = 0.95
PERIODS = (
    "1977_1989", "1990_1999", "2000_2004", "2005_2009", "2010_2014", "2015_2019", "2020_2024",
)  # fmt: skip
EARLY, SINCE_2000 = PERIODS[:2], PERIODS[2:]
ALL, CBT = "depression_all", "depression_cognitive_behaviour_therapy"
OTHERS = "depression_other_therapies_only"
GUIDED, UNGUIDED = "depression_guided_self_help", "depression_no_guided_self_help"


def total(evidence: Evidence, group: str, periods: Sequence[str], column: str) -> Quantity:
    """Trials of a group over several periods."""
    counts = [evidence.quantity(TABLE, f"{group}_{period}", column) for period in periods]
    return derive(sum(count.value for count in counts), "count", *counts)


def share_of(
    evidence: Evidence, group: str, periods: Sequence[str], part: str, whole: str = "trials"
) -> Quantity:
    """A share of trials, with the interval it would have if they were draws from a stream."""
    some, everything = (total(evidence, group, periods, column) for column in (part, whole))
    events = min(some.value, everything.value)  # a part is never more than its whole
    low, high = wilson(events, everything.value, LEVEL)
    limits = Interval("sampling", 100 * low, 100 * high, LEVEL)
    value = 100 * events / everything.value
    return derive(value, "percent", some, everything, interval=limits, decimals=0)


def gap(evidence: Evidence, group: str, other: str, periods: Sequence[str]) -> Quantity:
    """Masked share of one group less that of another, with a Newcombe interval."""
    arms, counts = [], []
    for name in (group, other):
        masked = total(evidence, name, periods, "with_masked_clinician")
        trials = total(evidence, name, periods, "trials")
        arms.append(Arm(min(masked.value, trials.value), trials.value))
        counts += [masked, trials]
    first, second = arms
    found = risk_difference(first, second, LEVEL)
    limits = Interval("sampling", 100 * found.low, 100 * found.high, LEVEL)
    return derive(100 * found.value, "percentage points", *counts, interval=limits)


@computes
def masked_outcomes(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Share of depression trials with a masked clinician outcome, by period of publication."""
    masked, rated = "with_masked_clinician", "with_clinician"
    by_period = {
        period: {
            "trials": total(evidence, ALL, [period], "trials"),
            "masked": share_of(evidence, ALL, [period], masked),
            "rated": share_of(evidence, ALL, [period], rated),
            "of_rated": share_of(evidence, ALL, [period], masked, rated),
            "count": total(evidence, ALL, [period], masked),
        }
        for period in PERIODS
    }
    read = {
        "rater_masked_early": share_of(evidence, ALL, EARLY, masked),
        "rater_masked_since": share_of(evidence, ALL, SINCE_2000, masked),
        "rater_masked_latest": by_period[PERIODS[-1]]["masked"],
        "rater_masked_count_first": by_period[PERIODS[0]]["count"],
        "rater_masked_count_latest": by_period[PERIODS[-1]]["count"],
        "rater_rated_early": share_of(evidence, ALL, EARLY, rated),
        "rater_rated_since": share_of(evidence, ALL, SINCE_2000, rated),
        "rater_of_rated_early": share_of(evidence, ALL, EARLY, masked, rated),
        "rater_of_rated_since": share_of(evidence, ALL, SINCE_2000, masked, rated),
        "rater_masked_cbt": share_of(evidence, CBT, SINCE_2000, masked),
        "rater_masked_guided": share_of(evidence, GUIDED, SINCE_2000, masked),
        "rater_masked_unguided": share_of(evidence, UNGUIDED, SINCE_2000, masked),
        "rater_gap_others": gap(evidence, OTHERS, CBT, SINCE_2000),
    }
    records = [
        {
            "Years": period.replace("_", " to "),
            "Trials": found["trials"],
            "Any clinician outcome": found["rated"],
            "A masked one": found["masked"],
            "Masked, of those with clinicians": found["of_rated"],
        }
        for period, found in by_period.items()
    ]
    return {
        **read,
        "rater_periods": Chart(
            title=(
                f"Trials with a masked clinician outcome fell from {read['rater_masked_early']} "
                f"before 2000 to {read['rater_masked_since']} since, as fewer use clinicians"
            ),
            alt=(
                "Horizontal bars over periods of publication. The share of depression trials with "
                "any clinician-rated outcome, and below it the share with a masked one, each with "
                "a confidence interval. Both are higher before 2000 than in the latest periods, "
                f"where {read['rater_masked_latest'].with_limits()} have a masked one."
            ),
            table=Table(
                "Trials of psychotherapy for depression against control, by year of publication; "
                "intervals as if the trials were draws from a stream.",
                pd.DataFrame(records),
                folded=True,
            ),
            draw=lambda width: draw_periods(evidence, width, by_period),
        ),
    }


def draw_periods(
    evidence: Evidence, width: int, by_period: dict[str, dict[str, Quantity]]
) -> alt.LayerChart | alt.FacetChart:
    """A bar over each period at its share, with an interval at its middle."""
    frame = evidence.table(TABLE)
    x = alt.X(
        "start:Q",
        title="Year of publication",
        scale=alt.Scale(domain=[1976, 2026], nice=False),
        axis=alt.Axis(format="d", tickCount=5, grid=False),
    )
    y = alt.Y("value:Q", title="Of all trials, percent", scale=alt.Scale(domain=[0, 80]))
    layers = []
    narrow = width < 400
    series = (
        ("rated", MUTED, "any clinician" if narrow else "any clinician outcome", -0.7, 58),
        ("masked", TRIAL, "masked" if narrow else "a masked clinician outcome", 0.7, 8),
    )
    for name, colour, label, shift, height in series:
        records = []
        for period, found in by_period.items():
            record, item = frame.loc[f"{ALL}_{period}"], found[name]
            low, high = item.interval.limits or (item.value, item.value)
            start, end = record["year_from"], record["year_to"] + 1
            records.append(
                {
                    "start": start, "end": end, "middle": (start + end) / 2 + shift,
                    "value": round(item.value, 1), "low": round(low, 1), "high": round(high, 1),
                }
            )  # fmt: skip
        chart = alt.Chart(pd.DataFrame(records))
        layers.append(chart.mark_rule(color=colour, strokeWidth=4).encode(x, alt.X2("end:Q"), y))
        layers.append(
            chart.mark_rule(color=colour, strokeWidth=1.5).encode(
                alt.X("middle:Q"), alt.Y("low:Q"), alt.Y2("high:Q")
            )
        )
        at = pd.DataFrame({"start": [2025], "value": [height]})
        words = alt.Chart(at).mark_text(align="right", color=colour, fontWeight="bold")
        layers.append(words.encode(x, y, text=alt.value(label)))
    return alt.layer(*layers).properties(width=width - 60, height=280)


@computes
def interview_trials(evidence: Evidence) -> dict[str, Quantity | Table]:
    """What outcomes by interview look like, trial by trial; units differ and are not compared."""
    frame = evidence.table("masked_interview_trials")
    records, rows = [], list(evidence.rows("masked_interview_trials", frame.index))
    for record in frame.to_dict("records"):
        found = []
        for row in record["outcome_rows"].split("; "):
            if row.endswith("_protocol"):
                continue
            item, arm = interview_outcome(evidence, record["outcome_table"], row)
            rows += item.rows
            found.append(f"{arm}: {item.with_limits()}")
        records.append(
            {
                "Study": record["study"],
                "Setting": record["setting"],
                "Interviewer": record["interviewer"],
                "Masked": record["masking"],
                "Compared with": record["comparison"],
                "Outcome": "; ".join(found),
            }
        )

    def outcome(table: str, row: str) -> Quantity:
        return interview_outcome(evidence, table, row)[0]

    return {
        "rater_cobra_cbt": outcome("trial_scores", "cobra_cbt_scid_days_12m"),
        "rater_cobra_activation": outcome("trial_scores", "cobra_ba_scid_days_12m"),
        "rater_free_therapy": outcome("controlled_outcomes", "cuijpers_2014_psychotherapy"),
        "rater_free_usual_care": outcome("controlled_outcomes", "cuijpers_2014_usual_care"),
        "rater_free_internet": outcome("controlled_outcomes", "icbt_no_diagnosis_3m"),
        "rater_interviews": Table(
            "Studies with an interview by a clinician: at the end, or at entry only where the "
            "outcome is a PHQ-9 mean.",
            pd.DataFrame(records),
            rows=frozenset(rows),
            folded=True,
        ),
    }


def interview_outcome(evidence: Evidence, table: str, row: str) -> tuple[Quantity, str]:
    """One outcome with the name of its arm: days free of depression, a mean score, or a share."""
    record = evidence.table(table).loc[row]
    if table == "controlled_outcomes":
        return evidence.quantity(table, row, "percent"), str(record["arm_label"])
    unit = "days" if str(record["instrument"]).endswith("days") else "points"
    mean, half = record["mean"], normal_quantile(LEVEL) * record["sd"] / math.sqrt(record["n"])
    known = math.isfinite(half)
    limits = Interval("sampling", mean - half, mean + half, LEVEL) if known else UNSTATED
    item = Quantity(mean, unit, limits, evidence.rows(table, [row]))
    return item, str(record["arm_label"])
