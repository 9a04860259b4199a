"""The Norwegian trial: change within the treated arm against the difference between arms."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.charts import MUTED, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.trial_contrasts import printed_contrast

SCALES = {"phq9": "PHQ-9", "gad7": "GAD-7"}
TIMES = ("6m", "12m")
MISPRINT = "pmhc_phq9_6m"


def within(evidence: Evidence, scale: str, time: str) -> Quantity:
    """Standardised change within the treated arm; improvement is positive."""
    return evidence.quantity("cohorts", f"pmhc_arm_{scale}_effect_{time}")


def between(evidence: Evidence, scale: str, time: str) -> Quantity:
    """Standardised difference from usual care; improvement is positive.

    The interval printed for PHQ-9 at the first follow-up is not symmetric about its estimate,
    which a standardised difference would be: it is probably misprinted and is not used.
    """
    row = f"pmhc_{scale}_{time}"
    turned = -printed_contrast(evidence, row)
    return replace(turned, interval=UNSTATED) if row == MISPRINT else turned


def months(evidence: Evidence, time: str) -> Quantity:
    """Months from the start to a follow-up of the trial."""
    weeks = evidence.quantity("trial_scores", f"pmhc_phq9_{time}", "weeks")
    return Quantity(weeks.value * 12 / 52, "months", rows=weeks.rows)


@computes
def within_and_between(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Change within the treated arm beside the difference from usual care, on both scales.

    The ratio of the two supposes that both divide by the same spread, which the sources do not
    say; both rest on the same arm, so no interval is given for it.
    """
    found: dict[str, Quantity | Chart] = {
        "norway_between_later": between(evidence, "phq9", TIMES[1])
    }
    groups, rows = [], []
    for scale, name in SCALES.items():
        marks = []
        for time in TIMES:
            inside, across = within(evidence, scale, time), between(evidence, scale, time)
            at = months(evidence, time)
            marks += [
                Row(f"Within the treated arm, {at}", inside, MUTED),
                Row(f"Difference from usual care, {at}", across, TRIAL),
            ]
            ratio = derive(100 * across.value / inside.value, "percent", inside, across,
                           interval=UNSTATED, decimals=0)  # fmt: skip
            rows.append(
                {
                    "Scale and time": f"{name}, {at}",
                    "Within the treated arm": inside,
                    "Difference from usual care": across,
                    "Difference as a share of change": ratio,
                }
            )
            if time == TIMES[0]:
                found |= {
                    f"norway_within_{scale}": inside,
                    f"norway_between_{scale}": across,
                    f"norway_ratio_{scale}": ratio,
                }
        groups.append(Group(name, marks))
    first, compared = (found["norway_within_phq9"], found["norway_between_phq9"])
    title = (
        f"The treated arm changed by {first} standard deviations on PHQ-9, and differed from usual "
        f"care by {compared}"
    )
    picture = (
        "Standardised effects of the Norwegian trial on both scales at both follow-ups. The "
        "change within the treated arm lies far to the right of the difference from usual care "
        f"each time; {key(groups)}."
    )
    table = Table("Norwegian trial: change within the arm and between arms", pd.DataFrame(rows))
    ends = [end for g in groups for r in g.estimates for end in r.quantity.interval.limits or ()]
    found["norway_effects"] = Chart(
        title, picture, table,
        lambda w: interval_rows(groups, w, "Standardised effect, improvement positive",
                                (min(0.0, *ends), 1.05 * max(ends)), 0.0),
    )  # fmt: skip
    return found


@computes
def points_and_rates(evidence: Evidence) -> dict[str, Quantity]:
    """The treated arm's fall in points, usual care's share of recoveries, and the misprint."""
    start, end = (_mean(evidence, f"pmhc_phq9_{time}") for time in ("0m", "6m"))
    found = {
        "norway_first": months(evidence, TIMES[0]),
        "norway_later": months(evidence, TIMES[1]),
        "norway_start": start,
        "norway_end": end,
        "norway_fall": derive(start.value - end.value, "points", start, end, interval=UNSTATED),
    }
    for time in TIMES:
        usual, treated = (
            evidence.quantity("controlled_outcomes", f"pmhc_{arm}_{time}", "percent")
            for arm in ("usual_care", "service")
        )
        found[f"norway_usual_share_{time}"] = replace(share(usual, treated), interval=UNSTATED)
    printed = printed_contrast(evidence, MISPRINT)
    low, high = printed.interval.limits or (printed.value,) * 2
    gaps = {"low": printed.value - low, "high": high - printed.value}
    for name, gap in gaps.items():
        found[f"norway_misprint_{name}"] = derive(
            gap, "standard deviations", printed, interval=UNSTATED
        )
    return found


def _mean(evidence: Evidence, row: str) -> Quantity:
    """A mean of the treated arm, in points, with the interval of the model that gave it."""
    record = evidence.table("trial_scores").loc[row]
    interval = Interval("sampling", record["ci_low"], record["ci_high"], record["ci_level"] / 100)
    rows = evidence.rows("trial_scores", [row])
    return Quantity(record["mean"], "points", interval, rows)
