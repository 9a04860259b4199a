"""Targets against what was reached, year by year; hits and misses by the same rule.

A target is met where the value reached is at least the target. A year for which no target, or
nothing reached, was seen is undecided and counts neither way.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance.targets_chart import PANELS, draw_targets
from analysis.quantity import Quantity, computes, derive, share
from analysis.tables import Table

TABLE = "targets"
MET = {True: "met", False: "missed"}
YEARS = ("year", "quarter, annualised")


def judged(evidence: Evidence, **where: object) -> pd.DataFrame:
    """Targets that can be judged, with whether they were met.

    Met is decided from both values, not taken over from the table.
    """
    frame = evidence.table(TABLE, **where)
    frame = frame[frame["target_value"].notna() & frame["actual_value"].notna()].copy()
    frame["reached"] = frame["actual_value"] >= frame["target_value"]
    return frame


def counts(evidence: Evidence, frame: pd.DataFrame) -> tuple[Quantity, Quantity]:
    """How many targets of a part of the table could be judged, and how many were met."""
    rows = evidence.rows(TABLE, frame.index)
    return derive(len(frame), "count", rows), derive(float(frame["reached"].sum()), "count", rows)


def attained(evidence: Evidence, row: str) -> Quantity:
    """What was reached as a percentage of what was aimed at, for one target."""
    reached, aimed = (
        evidence.quantity(TABLE, row, column) for column in ("actual_value", "target_value")
    )
    return share(reached, aimed)


@computes
def by_year(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Every yearly target with the value reached: access, waits and recovery."""
    frame = evidence.table(TABLE, period_kind=YEARS)
    frame = frame[frame["area"].isin(["access", "waits", "recovery"])]
    decided = judged(evidence, period_kind=YEARS)
    drawn = frame[frame["actual_value"].notna()].join(decided["reached"])
    panels = {key: drawn[panel.rows(drawn)] for key, panel in PANELS.items()}
    tallies = {
        key: counts(evidence, decided[decided.index.isin(part.index)])
        for key, part in panels.items()
    }
    waits_all, waits_met = counts(evidence, decided[decided["area"] == "waits"])
    table = Table(
        "Targets and what was reached, where either was seen; undecided where one is missing",
        _listed(evidence),
        rows=evidence.rows(TABLE, evidence.table(TABLE).index),
        folded=True,
        filters=("About", "Outcome"),
    )
    recovery_all, recovery_met = tallies["recovery"]
    people_all, people_met = tallies["people"]
    title = (
        f"Waiting targets were met in {waits_met} of {waits_all} yearly figures, recovery in "
        f"{recovery_met} of {recovery_all} years, numbers of people in {people_met}"
        f" of {people_all}"
    )
    picture = (
        "Panels by financial year: recovery, treatment begun within the shorter and the longer "
        "limit, and access as a share of its target. Filled circles are targets met, hollow "
        "circles of the same size and colour targets missed; a line marks the target. Squares are "
        "the access target read as a rate of the last quarter."
    )
    recovery = panels["recovery"].sort_values("period")
    missed = panels["recovery"][panels["recovery"]["reached"].eq(False)]
    waits = panels["six"].sort_values("actual_value")
    late = panels["eighteen"].sort_values("actual_value")
    reached = {
        "target_recovery_first": str(recovery.index[0]),
        "target_recovery_last": str(recovery.index[-1]),
        "target_recovery_latest_miss": str(missed.sort_values("period").index[-1]),
        "target_six_weeks_least": str(waits.index[0]),
        "target_six_weeks_most": str(waits.index[-1]),
        "target_eighteen_weeks_least": str(late.index[0]),
        "target_access_rate_2015": "access_rate_2014_15_q4",
        "target_access_people_2015": "access_people_2014_15",
        "target_access_people_2021": "access_people_2020_21",
        "target_access_people_2024": "access_people_2023_24",
    }
    aims = {
        "target_recovery_aim": "recovery_2018_19",
        "target_six_weeks_aim": "wait_6_weeks_2018_19",
        "target_eighteen_weeks_aim": "wait_18_weeks_2018_19",
        "target_access_rate_2015_aim": "access_rate_2014_15_q4",
        "target_access_people_2015_aim": "access_people_2014_15",
        "target_access_people_2021_aim": "access_people_2020_21",
        "target_access_people_2024_aim": "access_people_2023_24",
        "target_courses_2027": "courses_2026_27",
        "target_courses_2029": "courses_2028_29",
        "target_reliable_2027": "reliable_recovery_2026_27",
        "target_reliable_2029": "reliable_recovery_2028_29",
    }
    return {
        "target_waits_all": waits_all,
        "target_waits_met": waits_met,
        "target_recovery_all": recovery_all,
        "target_recovery_met": recovery_met,
        "target_people_all": people_all,
        **{name: evidence.quantity(TABLE, row, "actual_value") for name, row in reached.items()},
        **{name: evidence.quantity(TABLE, row, "target_value") for name, row in aims.items()},
        "target_access_2021_share": attained(evidence, "access_people_2020_21"),
        "target_access_2024_share": attained(evidence, "access_people_2023_24"),
        "target_courses_reached": evidence.quantity(TABLE, "courses_2024_25", "actual_value"),
        "target_reliable_reached": evidence.quantity(
            TABLE, "reliable_recovery_2024_25", "actual_value"
        ),
        "target_treated_before": evidence.pick(
            "annual_national", year="2009-10", measure="first_treatment", preferred=True
        ),
        "target_chart": Chart(title, picture, table, lambda width: draw_targets(panels, width)),
    }


def _listed(evidence: Evidence) -> pd.DataFrame:
    """Every row of the table of targets in words."""
    decided = judged(evidence)["reached"]
    records = []
    for row, record in evidence.table(TABLE).iterrows():
        cells = {
            side: evidence.quantity(TABLE, str(row), column) if pd.notna(record[column]) else None
            for side, column in (("Aimed at", "target_value"), ("Reached", "actual_value"))
        }
        outcome = MET[bool(decided[row])] if row in decided.index else "undecided"
        records.append(
            {
                "Period": record["period"],
                "About": record["area"],
                "Measure": record["target"],
                **cells,
                "Outcome": outcome,
                "Note": record["note"] or None,
            }
        )
    return pd.DataFrame(records)
