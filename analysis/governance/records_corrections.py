"""Corrections made in public, of every side, and errors found and not seen mended."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

TABLE, EVENTS = "corrections", "official_events"
OPEN, NOT_STATED = "open", "not stated"
NOTICES = ("correction", "conflict", "label")  # kinds of event that belong in a log of errors
SHOWN = {
    "official": "official statistics",
    "programme code": "code of the programme's dashboards",
    "programme": "authors of the programme",
    "critic": "critics",
}
ACTIONS = {OPEN: "open: found, not seen mended", "explained": "explained, not changed"}


def _number(evidence: Evidence, frame: pd.DataFrame) -> Quantity:
    return derive(len(frame), "count", evidence.rows(TABLE, frame.index))


def relabelled(evidence: Evidence) -> pd.DataFrame:
    """Notices among the marks of the series that the log of corrections does not hold."""
    events = evidence.table(EVENTS, kind=list(NOTICES))
    return events[~events.index.isin(evidence.table(TABLE)["event"])]


def _values(evidence: Evidence, row: str, record: pd.Series) -> str | None:
    """Old and new value in words, where the notice prints both."""
    printed = np.isfinite(record["old_value"]) and np.isfinite(record["new_value"])
    if not (printed and record["unit"]):
        return None
    old, new = (evidence.quantity(TABLE, row, column) for column in ("old_value", "new_value"))
    return f"{old} to {new}"


@computes
def log(evidence: Evidence) -> dict[str, Quantity | Table]:
    """The log, newest first, with counts by side, by who found the error, and what stayed open."""
    frame = evidence.table(TABLE)
    opened, notices = frame[frame["action"] == OPEN], relabelled(evidence)
    mended = frame[~frame["action"].isin(ACTIONS)]
    official = frame[frame["whose"] == "official"]
    rows = [
        {
            "What": record["what"],
            "Whose": SHOWN[record["whose"]],
            "Done": ACTIONS.get(record["action"], record["action"]),
            "Date": record["date"],
            "First published": record["first_published"] or None,
            "Old and new": _values(evidence, str(row), record),
            "Found by": record["found_by"],
            "A headline moved": record["headline"],
            "Note": record["note"] or None,
        }
        for row, record in frame.iterrows()
    ]
    rows += [
        {
            "What": record["event"],
            "Whose": SHOWN["official"],
            "Done": "relabelled" if record["kind"] == "label" else record["kind"],
            "Date": record["date"],
            "First published": None,
            "Old and new": None,
            "Found by": NOT_STATED,
            "A headline moved": "no",
            "Note": record["effect"],
        }
        for _, record in notices.iterrows()
    ]
    shown = pd.DataFrame(rows).sort_values("Date", ascending=False, kind="stable")
    table = Table(
        "Corrections, withdrawals and open errors seen in public, newest first, undated last. "
        "Open it to search, narrow down and sort",
        shown.assign(Date=shown["Date"].replace("", None)),
        rows=evidence.rows(TABLE, frame.index) | evidence.rows(EVENTS, notices.index),
        folded=True,
        filters=("Whose", "Done", "Found by", "A headline moved"),
    )
    return {
        "correct_all": _number(evidence, frame),
        "correct_mended": _number(evidence, mended),
        "correct_unstated": _number(evidence, official[official["found_by"] == NOT_STATED]),
        "correct_official_all": _number(evidence, official),
        "correct_critic": _number(evidence, frame[frame["whose"] == "critic"]),
        "correct_programme": _number(evidence, frame[frame["whose"] == "programme"]),
        "correct_headline": _number(evidence, mended[mended["headline"] == "yes"]),
        "correct_open": _number(evidence, opened),
        "correct_open_official": _number(
            evidence, opened[opened["whose"].isin(["official", "programme code"])]
        ),
        "correct_open_critic": _number(evidence, opened[opened["whose"] == "critic"]),
        "correct_log": table,
    }


@computes
def sizes(evidence: Evidence) -> dict[str, Quantity]:
    """Corrections that print an old and a new value, and the errors of this book's own reading."""

    def pair(row: str) -> tuple[Quantity, Quantity]:
        return (
            evidence.quantity(TABLE, row, "old_value"),
            evidence.quantity(TABLE, row, "new_value"),
        )

    def over(row: str) -> Quantity:
        old, new = pair(row)
        return derive(100 * (old.value / new.value - 1), "percent", old, new, decimals=0)

    survey, interview = pair("survey_sample_final"), pair("interview_share_printed")
    return {
        "correct_people_2014_15": over("people_referred_2014_15"),
        "correct_people_2015_16": over("people_referred_2015_16"),
        "correct_survey_before": survey[0],
        "correct_survey_after": survey[1],
        "correct_interview_one": interview[0],
        "correct_interview_other": interview[1],
        "correct_own_differed": evidence.quantity("second_reading", "reading_differed", "rows"),
        "correct_own_read": evidence.quantity("second_reading", "reading_differed", "sampled"),
    }
