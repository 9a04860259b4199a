"""The pathway in studies of single cohorts, each with its own stages and base, beside England."""

from __future__ import annotations

import pandas as pd

from analysis.attrition.pathway import stage_counts, stage_shares
from analysis.charts import CRITIC, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.intervals import clopper_pearson
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

COHORTS = "pathway_cohorts"


def printed(evidence: Evidence, row: str, *, remaining: bool | None = None) -> Quantity:
    """A printed share, turned to those remaining where asked, with an exact interval if counted.

    Clopper-Pearson covers sampling from a stream like the one followed. Where no count is
    printed there is no interval.
    """
    record = evidence.table(COHORTS).loc[row]
    figure = evidence.quantity(COHORTS, row, "percent")
    limits = None
    if record["count"] == record["count"] and record["n"] == record["n"]:
        count, n = min(record["count"], record["n"]), record["n"]
        low, high = clopper_pearson(round(count), max(round(n), round(count)))
        limits = Interval("sampling", 100 * low, 100 * high, 0.95)
        figure = derive(100 * count / n, "percent", figure, interval=limits)
    turn = remaining is not None and remaining != (record["status"] == "remaining")
    if not turn:
        return figure
    if limits is not None:
        limits = Interval("sampling", 100 - 100 * high, 100 - 100 * low, 0.95)
    return derive(100 - figure.value, "percent", figure, interval=limits, decimals=figure.decimals)


def groups(evidence: Evidence, year: str) -> list[Group]:
    """Shares of comparable meaning, England's first; the groups are not links of a chain."""
    england, counts = stage_shares(evidence, year), stage_counts(evidence, year)
    seen = counts["ended"] - counts["not_seen"]
    untreated = share(counts["not_treated"], seen)
    at_most_once = share(counts["not_treated"] + counts["once"], seen)
    finished = england["finished"]

    def lost(label: str, row: str, colour: str = TRIAL) -> Row:
        return Row(label, printed(evidence, row, remaining=False), colour)

    def kept(label: str, row: str, colour: str = TRIAL) -> Row:
        return Row(label, printed(evidence, row, remaining=True), colour)

    return [
        Group(
            "Did not come to an assessment or a first contact",
            [
                Row(f"England {year}, of ended referrals", england["not_seen"], OFFICIAL),
                lost("West and North London, of ended referrals", "wnl2526_not_seen"),
                lost("Northern services, of referrals", "sweetman_assessed"),
                lost(
                    "Greater Manchester, first appointment, of referrals",
                    "gm2122_first_appointment_missed",
                ),
                lost("Found suitable by a GP, did not attend", "jonker_not_attended"),
                lost(
                    "Doncaster, as the critic reports it, of referred",
                    "rb2011_not_assessed",
                    CRITIC,
                ),
            ],
        ),
        Group(
            "First appointments missed, a share of appointments",
            [lost("Services on one record system", "davis_first_appointment_missed")],
        ),
        Group(
            "Came, and went no further",
            [
                Row(f"England {year}, seen and not treated, of seen", untreated, OFFICIAL),
                Row(f"England {year}, with those treated once, of seen", at_most_once, OFFICIAL),
                lost("Northern services, no first treatment, of assessed", "sweetman_started"),
                lost(
                    "Doncaster, as the critic reports it, of assessed",
                    "rb2011_assessed_only",
                    CRITIC,
                ),
            ],
        ),
        Group(
            "More than a single treatment appointment",
            [
                Row(f"England {year}, of ended referrals", finished, OFFICIAL),
                kept("West and North London, of ended referrals", "wnl2526_attended_2plus"),
                kept("Doncaster demonstration site, of referred", "rb2011_attended_2plus"),
            ],
        ),
        Group(
            "Completed, each by its own rule",
            [
                kept(
                    "London services, completed or ended by agreement, of attended",
                    "green2015_completed_or_agreed_end",
                ),
                kept("MindStep in Australia, of starters", "mindstep_completed"),
            ],
        ),
    ]


@computes
def studies(evidence: Evidence, *, year: str = "2024-25") -> dict[str, Quantity | Chart]:
    """Cohorts by what they counted, not pooled and not chained."""
    listed = groups(evidence, year)
    records = [
        {"What was counted": group.heading, "Cohort and base": row.label, "Share": row.quantity}
        for group in listed
        for row in group.estimates
    ]
    assessed = printed(evidence, "sweetman_assessed", remaining=False)
    further = printed(evidence, "sweetman_started", remaining=False)
    doncaster = printed(evidence, "rb2011_attended_2plus")
    untreated, once = (row.quantity for row in listed[2].estimates[:2])
    return {
        "path_sweetman_not_assessed": assessed,
        "path_sweetman_not_started": further,
        "path_doncaster_finished": doncaster,
        "path_seen_untreated": untreated,
        "path_seen_once_or_less": once,
        "path_studies_chart": Chart(
            title=(
                f"Of the assessed, {further} did not start treatment in services that count them; "
                f"in England {once} of those seen went no further, those treated once included"
            ),
            alt=(
                f"Shares in rows, in groups by what was counted; {key(listed)}. "
                + " ".join(
                    f"{group.heading}, {row.text}." for group in listed for row in group.rows
                )
            ),
            table=Table(
                "Cohorts of single studies beside England, by what was counted. Groups and rows "
                "have their own bases and are not to be multiplied.",
                pd.DataFrame(records),
            ),
            draw=lambda width: interval_rows(listed, width, "Percent of each base", (0, 100)),
        ),
    }


@computes
def every_cohort(evidence: Evidence) -> dict[str, Table]:
    """Every stage of every cohort, with its definition and base as the study has them."""
    frame = evidence.table(COHORTS)
    records = []
    for row, record in frame.iterrows():
        numbers = {
            column: evidence.quantity(COHORTS, str(row), column)
            if record[column] == record[column]
            else None
            for column in ("count", "percent")
        }
        records.append(
            {
                "Cohort": f"{record['cohort']}, {record['study']}",
                "What was counted": record["definition"],
                "Number": numbers["count"],
                "Share": numbers["percent"],
                "Of": record["base"] or record["unit_counted"],
                "Period": record["period"],
            }
        )
    table = Table(
        "Every cohort with its own stages and definitions, as printed.",
        pd.DataFrame(records),
        rows=evidence.rows(COHORTS, frame.index),
        folded=True,
    )
    return {"path_every_cohort": table}
