"""A local recovery claim as it was reported, beside what was published officially of that area."""

from __future__ import annotations

import pandas as pd

from analysis.charts import FOUNDER, INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.governance.area_rates import TABLE as YEARS_TABLE
from analysis.governance.area_rates import highest, printed
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

TABLE = "local_claim"
AREA = "ccg_99a"
YEARS = ("2017-18", "2018-19", "2019-20", "2020-21", "2021-22")
BEFORE, AFTER = "2018-19", "2019-20"
HALF_POINT = 0.5
TWELVE = 12
LAST_MONTHS = ("2019-09", "2019-10")


def official(evidence: Evidence, year: str, column: str = "recovery_percent") -> Quantity:
    """The area's printed rate of a financial year."""
    return printed(evidence, f"{AREA}_{year.replace('-', '_')}", column)


def months(evidence: Evidence) -> pd.DataFrame:
    """The area's printed monthly recovery rates with finished courses, in order."""
    return evidence.table(TABLE, area="Liverpool", measure="monthly recovery rate").sort_values(
        "period"
    )


def possible_rates(evidence: Evidence, last: str) -> tuple[float, float]:
    """Lowest and highest recovery rate that the twelve months to a month could have had, percent.

    Months weigh by their finished courses. Printed months enter at the ends of their rounding;
    months of the twelve that were not seen enter as large as the largest month seen, with no course
    recovered or with all.
    """
    frame = months(evidence)
    frame = frame[frame["period"] <= last].tail(TWELVE)
    sizes, rates = frame["base"].to_numpy(), frame["value"].to_numpy()
    unseen = (TWELVE - len(frame)) * float(sizes.max())
    whole = float(sizes.sum()) + unseen
    low = float(sizes @ (rates - HALF_POINT)) / whole
    return low, (float(sizes @ (rates + HALF_POINT)) + 100 * unseen) / whole


def possible(evidence: Evidence) -> Quantity:
    """The highest rate of any year that ends with one of ``LAST_MONTHS``, with both bounds."""
    bounds = [possible_rates(evidence, last) for last in LAST_MONTHS]
    low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    rows = evidence.rows(TABLE, months(evidence).index)
    return Quantity(high, "percent", Interval("bound", low, high), rows, decimals=0)


def largest(evidence: Evidence, year: str) -> Quantity:
    """Printed rate of the commissioning group with most finished courses in a year."""
    frame = evidence.table(YEARS_TABLE, level="ccg", year=year)
    row = str(frame["finished"].idxmax())
    own = printed(evidence, row)
    return derive(
        own.value,
        own.unit,
        evidence.rows(YEARS_TABLE, frame.index),
        decimals=0,
    )


def largest_name(evidence: Evidence, year: str) -> str:
    """Name of the commissioning group with most finished courses in a year."""
    frame = evidence.table(YEARS_TABLE, level="ccg", year=year)
    return str(frame.loc[frame["finished"].idxmax(), "name"])


@computes
def claim(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """The reported figure beside the official rates of the area, the best area and the largest."""
    claimed = evidence.quantity(TABLE, "liverpool_claimed")
    frame = months(evidence)
    best_month = Quantity(
        float(frame["value"].max()), "percent", rows=evidence.rows(TABLE, frame.index), decimals=0
    )
    improvement = evidence.quantity(TABLE, "liverpool_improvement_highest")
    reachable = possible(evidence)
    best = {year: highest(evidence, "ccg", year) for year in (BEFORE, AFTER)}
    own = {year: official(evidence, year) for year in YEARS}
    groups = [
        Group("As the critic reports the service", [Row("October 2019", claimed, FOUNDER)]),
        Group(
            "Official, Liverpool",
            [
                *(Row(year, rate, OFFICIAL) for year, rate in own.items()),
                Row("Highest month, to October 2019", best_month, OFFICIAL),
                Row("Reliable improvement, highest month", improvement, INK),
            ],
        ),
        Group(
            "Official, elsewhere",
            [
                *(Row(f"Highest area, {year}", rate, OFFICIAL) for year, rate in best.items()),
                *(
                    Row(
                        f"Largest area, {largest_name(evidence, year)}, {year}",
                        largest(evidence, year),
                        OFFICIAL,
                    )
                    for year in (BEFORE, AFTER)
                ),
            ],
        ),
        Group(
            "By arithmetic",
            [Row("Any year to September or October 2019", reachable, MUTED)],
        ),
    ]
    rows = [(group.heading, row.label, row.quantity) for group in groups for row in group.estimates]
    return {
        "local_claimed": claimed,
        "local_before": own[BEFORE],
        "local_after": own[AFTER],
        "local_best_month": best_month,
        "local_improvement": improvement,
        "local_possible": reachable,
        "local_best_before": best[BEFORE],
        "local_best_after": best[AFTER],
        "local_best_earliest": evidence.quantity(TABLE, "highest_area_2014_15"),
        "local_largest_before": largest(evidence, BEFORE),
        "local_largest_after": largest(evidence, AFTER),
        "local_gap": claimed - own[AFTER],
        "local_chart": Chart(
            title=(
                f"A local figure of {claimed} was reported in 2019; official recovery rates of the "
                f"area were {own[BEFORE]} and {own[AFTER]}, and the highest of any commissioning "
                f"group {best[BEFORE]} and {best[AFTER]}"
            ),
            alt="Rows of figures in percent, by whose they are; "
            + key(groups)
            + ". "
            + "; ".join(f"{name}, {label}: {number}" for name, label, number in rows)
            + ".",
            table=Table(
                "The reported figure and official figures, in percent",
                pd.DataFrame(rows, columns=["Whose", "What", "Figure"]),
            ),
            draw=lambda width: interval_rows(
                groups,
                width - 20,
                "Percent; broken line: as reported",
                (0, 100),
                reference=claimed.value,
            ),
        ),
    }


@computes
def context(evidence: Evidence) -> dict[str, Quantity]:
    """What the area's deprivation would lead one to expect, providers, and reported spending."""

    def own(year: str, column: str) -> Quantity:
        return evidence.quantity(YEARS_TABLE, f"{AREA}_{year.replace('-', '_')}", column)

    providers = evidence.table(YEARS_TABLE, level="provider", year=AFTER)
    claimed = evidence.quantity(TABLE, "liverpool_claimed")
    above = providers[providers["recovery_percent"] >= claimed.value]
    spend = evidence.quantity(TABLE, "spend_2019_20")
    rise = evidence.quantity(TABLE, "spend_rise_2019_20")
    finished, recovered = own(AFTER, "finished"), own(AFTER, "recovered")
    return {
        "local_expected_before": own(BEFORE, "expected_percent"),
        "local_expected_after": own(AFTER, "expected_percent"),
        "local_deteriorated_before": own(BEFORE, "deterioration_percent"),
        "local_reliable_before": own(BEFORE, "reliable_recovery_percent"),
        "local_providers_at_claim": Quantity(
            len(above),
            "count",
            rows=evidence.rows(YEARS_TABLE, providers.index) | claimed.rows,
        ),
        "local_provider_highest": highest(evidence, "provider", AFTER),
        "local_spend": spend,
        "local_spend_rise_share": share(rise, spend - rise),
        "local_cost_per_course": derive(spend.value / finished.value, "GBP", spend, finished),
        "local_cost_per_recovery": derive(spend.value / recovered.value, "GBP", spend, recovered),
    }
