"""Conditions side by side: problems, long-term conditions, and cells that do not hold together."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive, share
from analysis.recovery.compared import CBT, SELF_HELP
from analysis.recovery.group_rates import COURSES, TABLE, GroupCounts
from analysis.tables import Table

LTC, NO_LTC, UNKNOWN = "Long-term condition", "No long-term condition", "Not stated"
PANIC = "Panic disorder"
UNEXPLAINED = (
    "Chronic fatigue syndrome",
    "Irritable bowel syndrome",
    "Medically unexplained symptoms not otherwise specified",
)
PROBLEM_YEARS = ("2018-19", "2021-22", "2024-25")


@computes
def long_term_conditions(
    evidence: Evidence, year: str = "2018-19", last: str = "2024-25"
) -> dict[str, Quantity | Table]:
    """Recovery with and without a long-term condition, and how often that is not recorded.

    The default year is the last full one before the change of data set after which the groups
    overlap and most referrals have no status.
    """
    frame = evidence.table(TABLE, grouping="long_term_condition", measure="finished_course")
    counts = GroupCounts(evidence, "long_term_condition")
    records = []
    for period in sorted(frame["year"].unique()):
        with_, without, unknown = (counts.rate(group, period) for group in (LTC, NO_LTC, UNKNOWN))
        everyone = _all_finished(evidence, period)
        records.append(
            {
                "Year": period,
                LTC: with_,
                NO_LTC: without,
                UNKNOWN: unknown,
                "Status not stated": share(counts.size(UNKNOWN, period), everyone),
                "Counted more than once": share(_overlap(counts, period, everyone), everyone),
            }
        )
    chosen = {record["Year"]: record for record in records}
    caption = "Recovery by long-term condition; shares in the last columns are of finished courses."
    return {
        "condition_ltc": chosen[year][LTC],
        "condition_no_ltc": chosen[year][NO_LTC],
        "condition_ltc_difference": chosen[year][NO_LTC] - chosen[year][LTC],
        "condition_ltc_unknown": chosen[year]["Status not stated"],
        "condition_ltc_unknown_last": chosen[last]["Status not stated"],
        "condition_ltc_overlap_last": chosen[last]["Counted more than once"],
        "condition_ltc_by_year": Table(caption, pd.DataFrame(records)),
    }


def _all_finished(evidence: Evidence, year: str) -> Quantity:
    return evidence.pick(
        "annual_national", year=year, measure="finished_course", series="data_set", preferred=True
    )


def _overlap(counts: GroupCounts, year: str, everyone: Quantity) -> Quantity:
    parts = [counts.size(group, year) for group in (LTC, NO_LTC, UNKNOWN)]
    excess = max(sum(part.value for part in parts) - everyone.value, 0.0)
    return derive(excess, "referrals", *parts, everyone)


@computes
def problems(evidence: Evidence, last: str = "2024-25") -> dict[str, Quantity | Table]:
    """Recovery by recorded problem over finished courses, largest first."""
    frame = evidence.table(
        TABLE, basis="referral", grouping="problem", measure="finished_course", year=last
    ).sort_values("value", ascending=False)
    years = evidence.table(TABLE, basis="referral", grouping="problem", measure="moved_to_recovery")
    counts = GroupCounts(evidence, "problem")
    records = []
    for row in frame.itertuples():
        have = set(years[years["group"] == row.group]["year"])
        rates = {
            year: counts.rate(row.group, year) if year in have else "" for year in PROBLEM_YEARS
        }
        size = counts.size(row.group, last)
        records.append({"Problem": row.group, f"Finished {last}": size, **rates})
    unexplained = counts.size(UNEXPLAINED, last)
    caption = "Recovery by recorded problem; broad groups stand beside their parts."
    return {
        "condition_unexplained": unexplained,
        "condition_problems": Table(caption, pd.DataFrame(records), folded=True),
    }


@computes
def panic_cells(
    evidence: Evidence, odd: str = "2021-22", later: str = "2024-25"
) -> dict[str, Quantity | Table]:
    """Panic disorder by therapy: a rate that fell and rose while the scores stayed where they were.

    Over all finished courses with the same problem no such fall is seen, so the cells of the
    therapy table are not compared.
    """

    def end(year: str) -> Quantity:
        return evidence.pick(
            "problem_therapy_scores",
            "mean",
            year=year,
            population="all_courses",
            problem=PANIC,
            therapy=CBT,
            instrument="GAD-7",
            time="end",
        )

    finished, courses = (GroupCounts(evidence, "problem", basis) for basis in ("referral", COURSES))
    records: list[dict[str, Any]] = [
        {
            "Year": year,
            "CBT courses": courses.rate(PANIC, year, CBT),
            "Self-help courses": courses.rate(PANIC, year, SELF_HELP),
            "All finished courses": finished.rate(PANIC, year),
            "GAD-7 at the end, CBT": end(year),
        }
        for year in (odd, later)
    ]
    caption = "Panic disorder: recovery in the therapy table and over all finished courses."
    first, last = records
    return {
        "condition_panic_odd": first["CBT courses"],
        "condition_panic_later": last["CBT courses"],
        "condition_panic_all_odd": first["All finished courses"],
        "condition_panic_end_odd": first["GAD-7 at the end, CBT"],
        "condition_panic_end_later": last["GAD-7 at the end, CBT"],
        "condition_panic": Table(caption, pd.DataFrame(records)),
    }
