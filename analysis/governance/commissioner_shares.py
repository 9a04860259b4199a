"""What is published of an area: pathway, outcomes, waits and intensity, each as a share.

Shares divide annual figures by annual figures. Sums of months, which are not refreshed, are used
only among themselves: treated once over ended is of months on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity

TABLE = "area_pathway"
HALF_STEP = 2.5


@dataclass(frozen=True)
class Measure:
    """One share: its heading, the field it counts and the field it divides by."""

    heading: str
    part: str
    whole: str
    words: str


MEASURES: Mapping[str, Measure] = {
    "finished": Measure("Pathway", "finished", "referred", "of referrals received in the year"),
    "recovered_all": Measure(
        "Pathway", "recovered", "referred", "of referrals received in the year"
    ),
    "recovery": Measure("Outcome", "recovered", "base", "of finished at caseness"),
    "reliable_recovery": Measure(
        "Outcome", "reliably_recovered", "base", "of finished at caseness"
    ),
    "improvement": Measure("Outcome", "reliably_improved", "finished", "of finished"),
    "deterioration": Measure("Outcome", "deteriorated", "finished", "of finished"),
    "first_short": Measure("Waits", "first_in_6_weeks", "finished", "of finished"),
    "first_long": Measure("Waits", "first_in_18_weeks", "finished", "of finished"),
    "second_late": Measure("Waits", "second_after_90_days", "finished", "of finished"),
    "low_only": Measure("Intensity", "low_only", "finished", "of finished"),
    "both": Measure("Intensity", "low_and_high", "finished", "of finished"),
    "high_only": Measure("Intensity", "high_only", "finished", "of finished"),
}
ONCE = Measure("Pathway", "ended_treated_once", "ended", "of referrals ended")
NOT_SEEN = Measure("Pathway", "ended_not_seen", "ended", "of referrals ended")


def field_titles(evidence: Evidence) -> dict[str, str]:
    """Printed name of every column of the table, as the data package gives it."""
    fields = evidence.descriptor(TABLE)["schema"]["fields"]
    return {field["name"]: field["title"] for field in fields}


def label(evidence: Evidence, measure: Measure) -> str:
    """A measure in words: the name of what it counts, and of what it is a share."""
    return f"{field_titles(evidence)[measure.part]}, {measure.words}"


def units(evidence: Evidence, level: str, year: str) -> pd.DataFrame:
    """Rows of a level and year, largest number of finished courses first."""
    frame = evidence.table(TABLE, level=level, year=year)
    return frame.sort_values("finished", ascending=False, kind="stable")


def values(frame: pd.DataFrame, measure: Measure) -> pd.Series:
    """The share in percent for every row; empty where a count is not published."""
    return 100 * frame[measure.part] / frame[measure.whole]


def of_unit(evidence: Evidence, row: str, measure: Measure) -> Quantity:
    """The share of one row; counts of areas and providers are rounded, those of England are not."""
    record = evidence.table(TABLE).loc[row]
    part, whole = float(record[measure.part]), float(record[measure.whole])
    interval = Interval("record")
    if record["level"] != "england":
        half = HALF_STEP * (2 if measure.whole == "base" else 1)
        low, high = (
            100 * (part - HALF_STEP) / (whole + half),
            100 * (part + HALF_STEP) / (whole - half),
        )
        interval = Interval("rounding", low, high)
    return Quantity(100 * part / whole, "percent", interval, evidence.rows(TABLE, [row]))


def extreme(
    evidence: Evidence, frame: pd.DataFrame, measure: Measure, *, highest: bool
) -> Quantity:
    """The highest or the lowest share among rows, with the rows of all of them."""
    found = values(frame, measure).dropna()
    own = of_unit(evidence, str(found.idxmax() if highest else found.idxmin()), measure)
    rows = evidence.rows(TABLE, found.index)
    return Quantity(own.value, own.unit, own.interval, rows)


def england(evidence: Evidence, year: str) -> str:
    """Row of England in a year."""
    return str(evidence.table(TABLE, level="england", year=year).index[0])
