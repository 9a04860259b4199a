"""The monthly recovery rate against the standard: the claim up to its date, then to the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.intervals import dispersion, month_process_interval, process_interval
from analysis.quantity import RECORD, UNSTATED, Interval, Quantity, computes, derive
from analysis.recovery.month_chart import draw_months
from analysis.tables import Table
from analysis.year_sums import financial_year

CLAIM = "clark_each_month_2019"
COUNT_COLUMNS = ["moved_to_recovery", "recovery_denominator", "finished_course", "not_at_caseness"]


@dataclass(frozen=True)
class Months:
    """The monthly series: one row a month, and the data rows behind each month.

    `frame` is indexed by month (text) with columns published (percent as printed), recovered and
    base (counts, empty where not published), counted (percent from the counts).
    """

    frame: pd.DataFrame
    refs: pd.Series

    def rows(self, first: str = "0", last: str = "9") -> frozenset[str]:
        """References to the data rows of the months from first to last."""
        return frozenset().union(*self.refs.loc[first:last])


def monthly_rates(evidence: Evidence) -> Months:
    """Recovery by month as published and from counts: recovered over finished at caseness.

    The base is the recovery denominator where printed, else finished less not at caseness.
    """
    wanted = ["recovery_rate_percent", *COUNT_COLUMNS]
    table = evidence.table("monthly_outcomes", measure=wanted, preferred=True)
    wide = table.pivot(index="month", columns="measure", values="value")
    base = wide["recovery_denominator"].fillna(wide["finished_course"] - wide["not_at_caseness"])
    frame = pd.DataFrame(
        {
            "published": wide["recovery_rate_percent"],
            "recovered": wide["moved_to_recovery"],
            "base": base,
            "counted": 100 * wide["moved_to_recovery"] / base,
        }
    )
    named = table.assign(ref="monthly_outcomes/" + table.index)
    return Months(frame, named.groupby("month")["ref"].agg(frozenset))


def _runs(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Unbroken runs of three or more months with counts."""
    known = frame["counted"].notna()
    groups = (known != known.shift()).cumsum()
    runs = [run for _, run in frame.groupby(groups) if run["counted"].notna().all()]
    return [run for run in runs if len(run) > 2]


def process_limits(frame: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Process interval of each month with counts, in percent (columns low, high).

    What is repeated is the month; the dispersion is that of neighbouring months in its own
    unbroken run of months, so a slow trend does not widen it and the season does.
    """
    pieces = []
    for run in _runs(frame):
        spread = dispersion(run["recovered"], run["base"], about="neighbour")
        limits = [
            month_process_interval(recovered, base, spread, level)
            for recovered, base in zip(run["recovered"], run["base"], strict=True)
        ]
        pieces.append(pd.DataFrame(100 * np.array(limits), run.index, ["low", "high"]))
    return pd.concat(pieces)


def windows(claim: pd.Series, since: str) -> dict[str, tuple[str, str]]:
    """The months a claim can speak about, shortest and longest, by its date of assertion.

    Dated by year alone, the claim rests at least on months before that year and at most on months
    to its end.
    """
    year = int(claim["asserted_on"][:4])
    return {
        "before the year of the claim": (since, f"{year - 1}-12"),
        "to the end of that year": (since, f"{year}-12"),
    }


def _misses(rates: pd.Series, standard: float) -> list[str]:
    return list(rates.index[rates < standard])


@computes
def claim_by_month(
    evidence: Evidence, *, since: str = "2017-01", exception: str = "2017-12"
) -> dict[str, Quantity | Table | Chart]:
    """Whether each month from `since` to the claim's date reached the founders' standard.

    Readings: rate as published with its decimal, rate from counts, and rate rounded to a whole
    percent; each over the shortest and the longest window.
    """
    months = monthly_rates(evidence)
    standard = evidence.quantity("claim_estimands", CLAIM)
    claim = evidence.table("claim_estimands").loc[CLAIM]
    goal = standard.value
    spans = windows(claim, since)
    records, misses = [], {}
    for name, (first, last) in spans.items():
        part = months.frame.loc[first:last]
        readings = {
            "rounded to whole percent": (part["published"].dropna() + 0.5).apply(np.floor),
            "as published": part["published"].dropna(),
            "from the counts": part["counted"].dropna(),
        }
        for reading, rates in readings.items():
            below = _misses(rates, goal)
            misses[name, reading] = below
            records.append((f"{reading}, {name}", len(rates), len(below), _names(below)))
    shortest, longest = spans
    before = months.frame.loc[: f"{int(since[:4]) - 1}-12", "published"]

    def count(below: list[str]) -> Quantity:
        rows = months.rows(since, spans[longest][1])
        return derive(float(len(below)), "count", rows, standard, interval=RECORD)

    low, high = process_limits(months.frame).loc[exception]
    value = float(months.frame.loc[exception, "counted"])
    header = ["Reading", "Months", "Below", "Which"]
    return {
        "month_standard": standard,
        "month_best_before": derive(
            before.max(), "percent", months.rows(last=before.index[-1]), interval=RECORD
        ),
        "month_misses_rounded": count(misses[longest, "rounded to whole percent"]),
        "month_misses_published": count(misses[longest, "as published"]),
        "month_misses_counted": count(misses[shortest, "from the counts"]),
        "month_exception": derive(
            months.frame.loc[exception, "published"],
            "percent",
            months.rows(exception, exception),
            interval=RECORD,
        ),
        "month_exception_process": derive(
            value, "percent", months.rows(), interval=Interval("process", low, high, 0.95)
        ),
        "month_readings": Table(
            f"The standard of {goal:.0f} percent in each month from January 2017, by reading of "
            "the claim. Counts of October to December 2019 are not at hand.",
            pd.DataFrame(records, columns=header),
            rows=months.rows(since, spans[longest][1]) | standard.rows,
        ),
    }


@computes
def months_to_date(
    evidence: Evidence, *, since: str = "2017-01", recent: str = "2021-04"
) -> dict[str, Quantity | Table | Chart]:
    """The monthly series from its first month to its last, against the standard.

    `recent` starts the span of whole years with counts whose level is given with a process
    interval: months repeat, independent about a stable level, overdispersed.
    """
    months = monthly_rates(evidence)
    standard = evidence.quantity("claim_estimands", CLAIM)
    goal, frame, rows = standard.value, months.frame, months.rows(since)
    part = frame.loc[since:]
    below = _misses(part["published"], goal)
    counted = part["counted"].fillna(part["published"])
    late = frame.loc[recent:].dropna(subset=["counted"])
    low, high = process_interval(late["recovered"], late["base"])
    level = 100 * late["recovered"].sum() / late["base"].sum()
    spread = dispersion(late["recovered"], late["base"], about="level")
    events = evidence.table("official_events", kind=["collection", "shock"])
    events = events[events["date"] >= frame.index.min()]

    def made(value: float, unit: str) -> Quantity:
        return derive(value, unit, rows, standard, interval=RECORD)

    calm = part.loc[:"2020-02", "published"]
    early = made(len(_misses(calm, goal)), "count")
    share_below = made(100 * len(below) / len(part), "percent")
    chart = Chart(
        title=(
            f"Since January 2017 the published rate was below the standard in {share_below} of "
            f"months; before the pandemic, in {early} of {len(calm)}"
        ),
        alt=(
            "Recovery rate by month from July 2013 to March 2026 with the standard as a dashed "
            f"line. The rate climbs from about {frame['published'].iloc[0]:.0f} percent, passes "
            "the standard in January 2017, is highest in 2019 and 2021, drops in March 2020 and "
            "April 2021, and since then moves closely around the standard, with a dip each "
            "December. Triangles are months below the standard. Bars show the month-to-month "
            "interval where counts were published."
        ),
        table=_year_table(months, standard, events.index, evidence),
        draw=lambda width: draw_months(width, frame, process_limits(frame), goal, events),
    )
    return {
        "month_below_published": made(len(below), "count"),
        "month_below_counted": made(len(_misses(counted, goal)), "count"),
        "month_below_share": share_below,
        "month_lowest": derive(part["published"].min(), "percent", rows, interval=RECORD),
        "month_highest": derive(part["published"].max(), "percent", rows, interval=RECORD),
        "month_recent_level": derive(
            level,
            "percent",
            months.rows(recent),
            interval=Interval("process", 100 * low, 100 * high, 0.95),
        ),
        "month_recent_dispersion": derive(
            spread.phi, "ratio", months.rows(recent), interval=UNSTATED, decimals=0
        ),
        "month_series": chart,
    }


def _names(months: list[str]) -> str:
    return ", ".join(f"{pd.Timestamp(month):%B %Y}" for month in months) or "none"


def _year_table(months: Months, standard: Quantity, events: pd.Index, evidence: Evidence) -> Table:
    frame = months.frame.assign(year=[financial_year(month) for month in months.frame.index])
    records = [
        (
            year,
            len(part),
            int(part["counted"].notna().sum()),
            len(_misses(part["published"], standard.value)),
            part["published"].min(),
            part["published"].max(),
        )
        for year, part in frame.groupby("year")
    ]
    header = ["Year", "Months", "With counts", "Below standard", "Lowest rate", "Highest rate"]
    return Table(
        "Monthly recovery rates as published, by financial year, in percent.",
        pd.DataFrame(records, columns=header),
        rows=months.rows() | standard.rows | evidence.rows("official_events", events),
        decimals={"Lowest rate": 1, "Highest rate": 1},
    )
