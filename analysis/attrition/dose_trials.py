"""Sessions in the therapy arms of trials, beside what the service gives."""

from __future__ import annotations

import pandas as pd

from analysis.attrition.quartile_rows import Reference, Spread, quartile_rows
from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive, share
from analysis.tables import Table


def name(row: pd.Series) -> str:
    """Disorder, therapy and form of a group of arms."""
    therapy = "CBT" if row["therapy"] == "cbt" else "any therapy"
    form = "any form" if row["form"] == "any" else row["form"]
    return f"{row['disorder'].capitalize()}, {therapy}, {form}"


@computes
def trial_sessions(
    evidence: Evidence,
    *,
    year: str = "2018-19",
    month: str = "2025-05",
    column: str = "arms_upto_6",
) -> dict[str, Quantity | Chart]:
    """Sessions per arm in the open trial databases, and how many arms gave no more than the claim.

    The claim is that no trial of CBT gave the service's average dose, then stated as a mean of
    sessions; `column` counts the arms with at most that number.
    """
    frame = evidence.table("trial_sessions")
    chosen = frame[(frame["therapy"] == "cbt") & (frame["form"] == "face to face")]
    overall = frame.loc[["depression_any_any"]]
    claimed = evidence.quantity("attrition_claims", "trials_mean_sessions")

    def cell(row: str, column: str) -> Quantity:
        return evidence.quantity("trial_sessions", row, column)

    every = frame[(frame["therapy"] == "cbt") & (frame["form"] == "any")].index
    short = sum((cell(row, column) for row in every[1:]), cell(every[0], column))
    arms = sum((cell(row, "arms") for row in every[1:]), cell(every[0], "arms"))
    face, face_arms = (
        sum((cell(row, item) for row in chosen.index[1:]), cell(chosen.index[0], item))
        for item in (column, "arms")
    )
    mean = evidence.quantity("sessions_distribution", "eng_2018_19_mean")
    latest = evidence.pick("monthly_sessions", month=month, scope="finished", statistic="mean")
    spreads = [
        Spread(
            f"{name(row)} ({row['arms']:.0f} arms): median {row['median']:g}, quartiles "
            f"{row['q1']:g} and {row['q3']:g}",
            row["q1"],
            row["median"],
            row["q3"],
        )
        for _, row in pd.concat([overall, chosen]).iterrows()
    ]
    references = [
        Reference(f"England, finished, {year}: mean {mean.number()}", mean.value),
        Reference(f"England, finished, {month}: mean {latest.number()}", latest.value),
    ]
    columns = {
        "arms": "Arms",
        "trials": "Trials",
        "q1": "Lower quartile",
        "median": "Median",
        "q3": "Upper quartile",
        "minimum": "Fewest",
        "maximum": "Most",
        column: f"Arms with at most {claimed.number()}",
    }
    listed = frame[list(columns)].rename(columns=columns)
    listed.insert(0, "Arms of", [name(row) for _, row in frame.iterrows()])
    table = Table(
        "Sessions per therapy arm in the open trial databases, as recorded there: mostly the "
        "number planned. Rows overlap.",
        listed,
        rows=evidence.rows("trial_sessions", frame.index) | claimed.rows,
        folded=True,
    )
    typical = cell("depression_cbt_face_to_face", "median")
    chart = Chart(
        title=(
            f"Trial arms of face-to-face CBT for depression have {typical} at the median; "
            f"{face} of {face_arms} such arms over all disorders have {claimed.number()} or fewer"
        ),
        alt=(
            "Bars from lower to upper quartile of the number of sessions over trial arms, with a "
            "tick at the median, by disorder. "
            + " ".join(f"{s.label}." for s in spreads)
            + f" Diamonds are the means of finished courses in England, {mean.number()} in "
            f"{year} and {latest.number()} in {month}, repeated as thin ticks on every row."
        ),
        table=Table(
            table.caption, table.frame, rows=table.rows | mean.rows | latest.rows, folded=True
        ),
        draw=lambda width: quartile_rows(spreads, references, width, "Sessions", 18),
    )
    return {
        "dose_claimed_mean": claimed,
        "dose_short_arms": short,
        "dose_short_arms_of": arms,
        "dose_short_arms_share": share(short, arms),
        "dose_short_face": face,
        "dose_short_face_of": face_arms,
        "dose_short_face_share": share(face, face_arms),
        "dose_trial_median": typical,
        "dose_trial_median_highest": derive(
            chosen["median"].max(),
            "sessions",
            evidence.rows("trial_sessions", chosen.index),
            decimals=0,
        ),
        "dose_published_trials_mean": evidence.quantity("sessions_distribution", "trials_mean"),
        "dose_received_face": evidence.quantity(
            "sessions_distribution", "trials_face_to_face_planned_received"
        ),
        "dose_trial_sessions": chart,
    }
