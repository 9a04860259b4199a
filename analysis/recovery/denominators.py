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
from analysis.printed_counts import printed_half_step
from analysis.quantity import Interval, Quantity, computes, share
from analysis.recovery.bases import BASES, annual_counts, base_count, monthly_counts
from analysis.recovery.denominator_strip import draw_strip
from analysis.tables import Table

HEADERS = {base: label[:1].upper() + label[1:] for base, label in BASES.items()}


def _rate(recovered: Quantity, whole: Quantity) -> Quantity:
    rate, half = share(recovered, whole), printed_half_step(whole.value)
    if not half:
        return rate
    low, high = (share(recovered, whole + side).value for side in (half, -half))
    return replace(rate, interval=Interval("rounding", low, high))


def recovery_rates(evidence: Evidence, *, monthly: bool = False) -> dict[str, dict[str, Quantity]]:
    """Recoveries as a percentage of each base, by year and base, where both counts exist.

    Rate = 100 × moved to recovery / base, the bases as in `bases`; the one at caseness gives the
    published rate. Ended and its parts are one cohort; first treatments and referrals received of
    a year are others. `monthly` takes sums of monthly counts in place of the annual tables, in
    years that have all five. Counts are records; a base that was printed rounded gives limits of
    rounding.
    """
    rates: dict[str, dict[str, Quantity]] = {}
    for year, counts in (monthly_counts if monthly else annual_counts)(evidence).items():
        wholes = {base: base_count(base, counts) for base in BASES}
        recovered = counts.get("moved_to_recovery")
        found = {
            base: _rate(recovered, whole)
            for base, whole in wholes.items()
            if whole is not None and recovered is not None
        }
        # Before all five were counted by month, months give the published rate again and no more.
        if found and (not monthly or found.keys() == BASES.keys()):
            rates[year] = found
    return rates


@computes
def five_denominators(
    evidence: Evidence, *, year: str = "2018-19", monthly_year: str = "2025-26"
) -> dict[str, Quantity | Table | Chart]:
    """Recovery over five bases in the last annual table that has all, and in the latest months.

    Raises LookupFault when a base is missing in either year.
    """
    annual, monthly = recovery_rates(evidence), recovery_rates(evidence, monthly=True)
    for name, rates, wanted in (("annual", annual, year), ("monthly", monthly, monthly_year)):
        if missing := set(BASES) - set(rates.get(wanted, {})):
            raise LookupFault(f"{name} counts of {wanted} lack {sorted(missing)}: choose a year")
    chosen, recent = annual[year], monthly[monthly_year]
    published = evidence.table("denominators_published", outcome="recovery")
    critics = published[published["source"] == "griffiths_steen_2013"]
    outside = {
        f"base_griffiths_steen_{record.base}": evidence.quantity(
            "denominators_published", str(row), "percent"
        )
        for row, record in critics.iterrows()
    }
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
            table.caption, table.frame, rows=table.rows.union(*(q.rows for q in outside.values()))
        ),
        draw=lambda width: draw_strip(width, annual, monthly, critics, HEADERS),
    )
    return {
        **{f"base_{base}": rate for base, rate in chosen.items()},
        **{f"base_recent_{base}": rate for base, rate in recent.items()},
        **outside,
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
    return {
        "base_mcinnes_started": evidence.quantity(
            "denominators_published", "england_2018_19_started", "percent"
        ),
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
        (year, origin, *(rates.get(base) for base in BASES))
        for origin, by_year in (("annual table", annual), ("sum of months", monthly))
        for year, rates in by_year.items()
    ]
    return Table(
        "Recoveries as a percentage of each base, by financial year. Started and referred are "
        "other cohorts than ended; the first year counts only referrals received within it; a dash "
        "means that a count is missing.",
        pd.DataFrame(records, columns=["Year", "Counts from", *HEADERS.values()]),
    )
