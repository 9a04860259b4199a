"""Psychotropic medication beside therapy: shares of finished courses, as bounds.

Recoveries by medication are not published, so nothing can be said on who recovered with it.
"""

from __future__ import annotations

from collections.abc import Set

import pandas as pd

from analysis.charts import OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.recovery.group_rates import TABLE
from analysis.tables import Table

TAKING = frozenset({"prescribed and taking"})
NOT_TAKING = frozenset({"not prescribed", "prescribed, not taking"})
UNKNOWN = frozenset({"not stated"})
FLOWS = {
    "start": ("taking at the start", TAKING, TAKING | NOT_TAKING),
    "both": ("taking at the start and at the end", TAKING, TAKING),
    "started": ("started", NOT_TAKING, TAKING),
    "stopped": ("stopped", TAKING, NOT_TAKING),
    "neither": ("taking at neither time", NOT_TAKING, NOT_TAKING),
}


def flows(evidence: Evidence, year: str) -> pd.DataFrame:
    """Finished courses by medication status at the start and at the end of the course."""
    frame = evidence.table(TABLE, grouping="medication_start", year=year)
    frame = frame[frame["within"] != ""].copy()
    frame["at_start"] = frame["group"].str.lower()
    frame["at_end"] = frame["within"].str.removeprefix("At end: ")
    return frame


def flow_share(evidence: Evidence, year: str, at_start: Set[str], at_end: Set[str]) -> Quantity:
    """Share of finished courses with these statuses, as bounds for those not recorded.

    Low: recorded so at both times. High: nothing recorded that speaks against it.
    """
    frame = flows(evidence, year)
    total = frame["value"].sum()

    def part(start: Set[str], end: Set[str]) -> float:
        chosen = frame["at_start"].isin(start) & frame["at_end"].isin(end)
        return float(100 * frame.loc[chosen, "value"].sum() / total)

    # Where any recorded status at the end will do, so will an unrecorded one.
    whole = at_end >= TAKING | NOT_TAKING
    low = part(at_start, set(at_end) | UNKNOWN if whole else at_end)
    high = part(set(at_start) | UNKNOWN, set(at_end) | UNKNOWN)
    rows = evidence.rows(TABLE, frame.index)
    return derive(low, "percent", rows, interval=Interval("bound", low, high))


def unrecorded(evidence: Evidence, year: str) -> Quantity:
    """Share of finished courses whose status is missing at the start, at the end, or both."""
    frame = flows(evidence, year)
    lacking = frame["at_start"].isin(UNKNOWN) | frame["at_end"].isin(UNKNOWN)
    value = 100 * frame.loc[lacking, "value"].sum() / frame["value"].sum()
    return derive(value, "percent", evidence.rows(TABLE, frame.index))


@computes
def medication(
    evidence: Evidence, first: str = "2018-19", last: str = "2024-25"
) -> dict[str, Quantity | Chart]:
    """Taking medication at the start, started, stopped and unrecorded, in two years."""
    found: dict[str, Quantity] = {}
    groups = []
    for year in (first, last):
        rows = []
        for name, (label, at_start, at_end) in FLOWS.items():
            quantity = flow_share(evidence, year, at_start, at_end)
            rows.append(Row(label, quantity, OFFICIAL))
            if year == last:
                found[f"medication_{name}"] = quantity
        lacking = unrecorded(evidence, year)
        rows.append(Row("status missing at either time", lacking, OFFICIAL))
        found[f"medication_unrecorded{'' if year == last else '_first'}"] = lacking
        groups.append(Group(f"Finished courses of {year}", rows))
    records = [
        {
            "Status": row.label,
            "Of whom": group.heading,
            "Share": row.quantity,
        }
        for group in groups
        for row in group.estimates
    ]
    caption = "Psychotropic medication, shares of finished courses with bounds for the unrecorded."
    chart = Chart(
        title=(
            f"At least {found['medication_start']} of those who finished in {last} were taking "
            "psychotropic medication at the start"
        ),
        alt="Bars are bounds for statuses that were not recorded; diamonds are full counts. "
        + " ".join(f"{group.heading}, {row.text}." for group in groups for row in group.rows),
        table=Table(caption, pd.DataFrame(records)),
        draw=lambda width: interval_rows(groups, width, "Percent of finished courses", (0, 80)),
    )
    return {**found, "medication_flows": chart}
