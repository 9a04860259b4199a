"""Other outcomes judged by interview, and what was published in answer to the critic's study."""

from __future__ import annotations

import re

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, computes
from analysis.tables import Table

INTERVIEWS = (
    "scott_2018_interview",
    "icbt_no_diagnosis_3m",
    "cuijpers_2014_psychotherapy",
    "cuijpers_2014_control",
    "cuijpers_2014_usual_care",
    "perrin_cbt",
    "perrin_waiting_list",
)
INTERVIEW_DAYS = ("cobra_cbt_scid_days_12m", "cobra_ba_scid_days_12m")


def days(evidence: Evidence, row: str) -> Quantity:
    """Mean days without depression over the year; no interval of the mean was printed."""
    value = evidence.table("trial_scores").loc[row, "mean"]
    rows = evidence.rows("trial_scores", [row])
    return Quantity(value, "days", interval=UNSTATED, rows=rows)


@computes
def interviews(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Other outcomes that a person judged by interview, each with its estimand."""
    frame = evidence.table("controlled_outcomes")
    records = [
        {
            "Study and care": f"{row['study']}: {row['arm_label']}",
            "Population": row["population"],
            "Allocation": row["allocation"],
            "Outcome": f"{row['definition']} ({row['instrument']}; {row['rater']})",
            "Time": row["weeks_text"],
            "Result": evidence.quantity("controlled_outcomes", name, "percent"),
        }
        for name, row in frame.loc[list(INTERVIEWS)].iterrows()
    ]
    scores = evidence.table("trial_scores")
    records += [
        {
            "Study and care": f"{row['study']}: {row['arm_label']}",
            "Population": "major depression, UK",
            "Allocation": row["allocation"],
            "Outcome": "mean days without depression in a year (SCID; masked clinician)",
            "Time": "12 months",
            "Result": days(evidence, name),
        }
        for name, row in scores.loc[list(INTERVIEW_DAYS)].iterrows()
    ]
    caption = "Outcomes judged by interview: unlike populations and times, not to be pooled."
    named = {
        "critic_icbt_interview": "icbt_no_diagnosis_3m",
        "critic_cuijpers_therapy": "cuijpers_2014_psychotherapy",
        "critic_cuijpers_control": "cuijpers_2014_control",
        "critic_cuijpers_usual_care": "cuijpers_2014_usual_care",
    }
    found = {
        name: evidence.quantity("controlled_outcomes", row, "percent")
        for name, row in named.items()
    }
    return {
        **found,
        "critic_cobra_days": days(evidence, INTERVIEW_DAYS[0]),
        "critic_interviews": Table(caption, pd.DataFrame(records)),
    }


@computes
def replies(evidence: Evidence) -> dict[str, Quantity | Table]:
    """What was published in answer to the study, in our words, and how much of it was seen."""
    frame = evidence.table("replies").sort_values("year", kind="stable")
    rows = evidence.rows("replies", frame.index)
    shown = frame[["author", "year", "side", "about", "point", "seen"]].copy()
    shown["about"] = [
        re.sub(r"([a-z]+)_(\d{4})", lambda name: f"{name[1].title()} {name[2]}", about)
        for about in shown["about"]
    ]
    shown["year"] = shown["year"].round().astype(int).astype(str)
    shown.columns = ["Author", "Year", "Position", "Answers", "Point, in our words", "Seen"]
    caption = "Texts that answer the study or continue the exchange; none was read whole."
    return {"critic_replies": Table(caption, shown, rows=rows)}
