"""One numerator over five denominators: the same recoveries among different groups of referrals.

Annual tables are refreshed after the year and sums of monthly figures are not, so the two kinds
of year stand in separate panels and are never joined.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.charts import Chart
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.recovery.denominator_strip import draw_strip
from analysis.recovery.year_sums import year_sum
from analysis.tables import Table

COUNTS = {
    "finished_at_caseness": ("finished_course", "not_at_caseness"),
    "finished": ("finished_course",),
    "started": ("first_treatment",),
    "ended": ("ended_referrals",),
    "referred": ("referrals_received",),
}
MONTHLY = {
    "moved_to_recovery": "monthly_outcomes",
    "finished_course": "monthly_outcomes",
    "not_at_caseness": "monthly_outcomes",
    "first_treatment": "monthly_pathway",
    "ended_referrals": "monthly_pathway",
    "referrals_received": "monthly_pathway",
}
HEADERS = {
    "finished_at_caseness": "Finished, case at start",
    "finished": "Finished",
    "started": "Started",
    "ended": "Ended",
    "referred": "Referred",
}


def financial_year(month: str) -> str:
    """The financial year of a month, April to March.

    >>> financial_year("2018-03"), financial_year("2018-04")
    ('2017-18', '2018-19')
    """
    year, number = int(month[:4]), int(month[5:7])
    start = year if number >= 4 else year - 1
    return f"{start}-{(start + 1) % 100:02d}"


def annual_counts(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of the annual data-set tables by year and measure, and the row behind each."""
    frame = evidence.table("annual_national", series="data_set", preferred=True)
    ids = frame.assign(ref="annual_national/" + frame.index)
    return (
        frame.pivot(index="year", columns="measure", values="value"),
        ids.pivot(index="year", columns="measure", values="ref"),
    )


def printed_half_step(count: float) -> float:
    """Half the unit a count was rounded to, told from three or more trailing noughts; 0 if exact.

    >>> printed_half_step(920000), printed_half_step(535000), printed_half_step(284810)
    (5000.0, 500.0, 0.0)
    """
    step = 1
    while count and count % (step * 10) == 0:
        step *= 10
    return step / 2 if step >= 1000 else 0.0


def _rate(base: str, counts: dict[str, Quantity]) -> Quantity:
    whole, *less = (counts[measure] for measure in COUNTS[base])
    denominator, recovered = sum((-part for part in less), whole), counts["moved_to_recovery"]
    rate, half = share(recovered, denominator), printed_half_step(denominator.value)
    if not half:
        return rate
    limits = (share(recovered, denominator + side).value for side in (half, -half))
    return replace(rate, interval=Interval("rounding", *limits))


def _annual_referrals(evidence: Evidence) -> dict[str, dict[str, Quantity]]:
    """Counts of each year in the annual tables, by year and measure."""
    counts, refs = annual_counts(evidence)
    return {
        str(year): {
            measure: Quantity(count, "referrals", rows=frozenset({refs.loc[year, measure]}))
            for measure, count in row.dropna().items()
        }
        for year, row in counts.iterrows()
    }


def _monthly_referrals(evidence: Evidence) -> dict[str, dict[str, Quantity]]:
    """Sums of monthly counts of each financial year that has all its months."""
    months = evidence.table("monthly_pathway", measure="referrals_received")["month"]
    years = months.map(financial_year).value_counts()
    return {
        str(year): {
            measure: year_sum(evidence, table, measure, str(year))
            for measure, table in MONTHLY.items()
        }
        for year in sorted(years[years == 12].index)
    }


def recovery_rates(evidence: Evidence, *, monthly: bool = False) -> dict[str, dict[str, Quantity]]:
    """Recoveries as a percentage of each base, by year and base, where both counts exist.

    Rate = 100 × moved to recovery / base. Bases: finished less not at caseness (the published
    rate), finished, first treatments, referrals ended, referrals received. Ended and its parts are
    one cohort; first treatments and referrals received of a year are others. `monthly` takes sums
    of monthly counts in place of the annual tables. Counts are records; a base that was printed
    rounded gives limits of rounding.
    """
    years = (_monthly_referrals if monthly else _annual_referrals)(evidence)
    rates = {
        year: {
            base: _rate(base, counts)
            for base, measures in COUNTS.items()
            if counts.keys() >= {*measures, "moved_to_recovery"}
        }
        for year, counts in years.items()
    }
    return {year: found for year, found in rates.items() if found}


@computes
def five_denominators(
    evidence: Evidence, *, year: str = "2018-19", monthly_year: str = "2025-26"
) -> dict[str, Quantity | Table | Chart]:
    """Recovery over five bases in the last annual table that has all, and in the latest months.

    Raises LookupFault when a base is missing in either year.
    """
    annual, monthly = recovery_rates(evidence), recovery_rates(evidence, monthly=True)
    for name, rates, wanted in (("annual", annual, year), ("monthly", monthly, monthly_year)):
        if missing := set(COUNTS) - set(rates.get(wanted, {})):
            raise LookupFault(f"{name} counts of {wanted} lack {sorted(missing)}: choose a year")
    chosen, recent = annual[year], monthly[monthly_year]
    published = evidence.table("denominators_published", outcome="recovery")
    critics = published[published["source"] == "griffiths_steen_2013"]
    named = {
        f"base_griffiths_steen_{record.base}": evidence.quantity(
            "denominators_published", str(row), "percent"
        )
        for row, record in critics.iterrows()
    }
    whole = {name: derive(q.value, "percent", q, decimals=0) for name, q in named.items()}
    table = _strip_table(annual, monthly)
    chart = Chart(
        title=(
            f"The same recoveries of {year} are {chosen['finished_at_caseness']} of finished "
            f"courses that began at caseness and {chosen['referred']} of referrals received"
        ),
        alt=(
            "Dots by financial year for recoveries as a percentage of each base. Finished courses "
            f"that began at caseness and all finished courses lie close together, near "
            f"{chosen['finished_at_caseness']} and {chosen['finished']} in {year}; first "
            f"treatments are near {chosen['started']}, referrals ended and referrals received "
            f"near {chosen['ended']} and {chosen['referred']}. The published critics' figures for "
            "about 2011-12 stand at the left of the annual panel; sums of months are a panel of "
            "their own."
        ),
        table=Table(
            table.caption, table.frame, rows=table.rows.union(*(q.rows for q in whole.values()))
        ),
        draw=lambda width: draw_strip(width, annual, monthly, critics, HEADERS),
    )
    return {
        **{f"base_{base}": rate for base, rate in chosen.items()},
        **{f"base_recent_{base}": rate for base, rate in recent.items()},
        **whole,
        "base_strip": chart,
    }


@computes
def published_bases(evidence: Evidence) -> dict[str, Quantity | Table | Chart]:
    """Rates that others printed over a named base, beside the rate from counts of the same year."""
    rates = recovery_rates(evidence)
    frame = evidence.table("denominators_published", outcome="recovery")
    frame = frame[frame["base"] != "finished_at_caseness"]
    records, rows = [], set(evidence.rows("denominators_published", frame.index))
    for row, record in frame.iterrows():
        printed: Quantity | str = "counts only"
        if pd.notna(record["percent"]):
            printed = evidence.quantity("denominators_published", str(row), "percent")
            printed = derive(printed.value, "percent", printed, decimals=round(record["decimals"]))
            if "bound" in str(row):
                printed = f"below {printed}"
        ours = rates.get(record["period"], {}).get(record["base"])
        records.append((record["base_label"], record["period"], printed, ours))
    header = ["Base, as printed", "Year", "Printed", "From the counts"]
    table = Table(
        "Recovery over a wider base: what others printed, and what the annual counts give. "
        "A dash means that no data-set counts of that year are at hand.",
        pd.DataFrame(records, columns=header),
        rows=frozenset(rows),
    )
    started = evidence.quantity("denominators_published", "england_2018_19_started", "percent")
    return {
        "base_mcinnes_started": derive(started.value, "percent", started, decimals=0),
        "base_mcinnes_ended": evidence.quantity(
            "denominators_published", "england_2015_16_ended", "percent"
        ),
        "base_2015_16_ended": rates["2015-16"]["ended"],
        "base_published": table,
    }


def _strip_table(
    annual: dict[str, dict[str, Quantity]], monthly: dict[str, dict[str, Quantity]]
) -> Table:
    records = [
        (year, origin, *(rates.get(base) for base in COUNTS))
        for origin, by_year in (("annual table", annual), ("sum of months", monthly))
        for year, rates in by_year.items()
    ]
    return Table(
        "Recoveries as a percentage of each base, by financial year. Started and referred are "
        "other cohorts than ended; the first year counts only referrals received within it; a dash "
        "means that a count is missing.",
        pd.DataFrame(records, columns=["Year", "Counts from", *HEADERS.values()]),
    )
