"""Who may look at the programme, who has looked, at what, and what the look rests on.

A look counts for England where it was made there and at least begun. A look at official statistics
is a look at what the services recorded, taken once more: the statistics are made from the
questionnaires and dates that the services return.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance.looks_chart import draw_looks
from analysis.quantity import Quantity, computes, derive, share
from analysis.tables import Table

TABLE = "accountability"
LOOKED = ("yes", "partly", "started")
OWN_RECORDS = ("questionnaires", "official statistics")
NAMED = {
    "interview": "interviews",
    "questionnaires": "questionnaires that patients fill in",
    "official statistics": "official statistics, made from what services return",
    "administrative records": "administrative records",
    "staff answers": "answers of staff",
    "none": "no outcome looked at",
    "not stated": "not stated",
}
HAVE_LOOKED = {
    "yes": "yes",
    "partly": "in part",
    "started": "begun, not finished",
    "abroad": "abroad only",
    "no": "no",
}


def looks_in_england(evidence: Evidence) -> pd.DataFrame:
    """Looks at the programme in England that were at least begun."""
    return evidence.table(TABLE, has_looked=LOOKED)


def number(evidence: Evidence, frame: pd.DataFrame) -> Quantity:
    """How many looks a part of the matrix holds, as a count of our list."""
    return derive(len(frame), "count", evidence.rows(TABLE, frame.index))


@computes
def matrix(evidence: Evidence) -> dict[str, Quantity | Table]:
    """The accountability matrix, one row a look or its absence, and counts over it."""
    frame = evidence.table(TABLE)
    shown = pd.DataFrame(
        {
            "Who": frame["body"],
            "May look": frame["may_look"],
            "Has looked": frame["has_looked"].map(HAVE_LOOKED),
            "When": frame["when"],
            "Subject": frame["subject"],
            "Rests on": frame["outcome_measure"].map(NAMED),
            "Independent": frame["independence"],
            "Result public": frame["published"],
            "What was looked at": frame["at_what"],
            "What came of it": frame["result"],
            "Interest": frame["interest"],
        }
    )
    table = Table(
        "Who may look and who has looked, at what, and what the look rests on. Partly: of a part, "
        "or through others. None seen is not none. Open it to search, narrow down and sort",
        shown.replace("", "–"),
        rows=evidence.rows(TABLE, frame.index),
        folded=True,
        filters=("Has looked", "Subject", "Rests on", "Independent"),
    )
    return {"look_rows": number(evidence, frame), "look_matrix": table}


@computes
def measures(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Looks in England by what they rest on, and the picture of all looks."""
    england, everything = looks_in_england(evidence), evidence.table(TABLE)
    resting = {
        measure: number(evidence, england[england["outcome_measure"] == measure])
        for measure in ("interview", "questionnaires", "official statistics")
    }
    own = number(evidence, england[england["outcome_measure"].isin(OWN_RECORDS)])
    all_looks = number(evidence, england)
    free = england[england["independence"] == "independent"]
    outcome = england[england["subject"] == "outcomes"]
    at_outcome = outcome[outcome["independence"] == "independent"]
    by_measure = pd.crosstab(everything["outcome_measure"], everything["independence"])
    counts = by_measure.reindex([key for key in NAMED if key in by_measure.index])
    kinds = [kind for kind in ("independent", "partly", "not independent") if kind in counts]
    table = Table(
        "Rows of the matrix by what the look rests on and by independence, looks abroad and looks "
        "not made included",
        counts[kinds].rename(index=NAMED).rename_axis("Rests on").reset_index(),
        rows=evidence.rows(TABLE, everything.index),
    )
    title = (
        f"Of {all_looks} looks at the programme in England, {own} rest on its questionnaires or on "
        f"statistics made from its returns, and {resting['interview']} on interviews"
    )
    picture = (
        "A list of looks in groups by what they rest on: interviews, questionnaires, official "
        "statistics, administrative records, answers of staff, no outcome, not stated, and bodies "
        "that have not looked. A mark says whether the look was independent of the programme, the "
        "programme's own or its critics', and its column or words say what it was at."
    )
    return {
        "look_england": all_looks,
        "look_independent": number(evidence, free),
        "look_own_records": own,
        "look_own_share": share(own, all_looks),
        "look_questionnaires": resting["questionnaires"],
        "look_statistics": resting["official statistics"],
        "look_interview": resting["interview"],
        "look_outcomes": number(evidence, outcome),
        "look_outcomes_independent": number(evidence, at_outcome),
        "look_measures": evidence.quantity("open_materials", "monthly_files"),
        "look_chart": Chart(title, picture, table, lambda width: draw_looks(everything, width)),
    }
