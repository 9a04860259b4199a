"""Money of one year in prices of another, by the GDP deflator."""

from __future__ import annotations

from dataclasses import replace

from analysis.evidence import Evidence
from analysis.quantity import Quantity, derive, lineage

BASE_YEAR = "2024-25"
LINK = 2024  # calendar year in which both series are known
TABLE = "gdp_deflator"
FIRST_QUARTER = 0.25  # January to March belong to the financial year before


def price_level(evidence: Evidence, year: str) -> Quantity:
    """Level of prices in a financial ("2024-25") or calendar ("2014") year, on one scale.

    Financial years are taken from the preferred financial series, calendar years from the
    calendar series, which is joined to the other in 2024: a quarter of 2023-24 and three quarters
    of 2024-25. A ratio, of which only ratios mean anything.

    Raises LookupFault for a year that the series do not cover.
    """
    if "-" in year:
        return evidence.pick(TABLE, year=year, series="financial", preferred=True)
    level, link = (
        evidence.pick(TABLE, year=item, series="calendar", preferred=True)
        for item in (year, str(LINK))
    )
    before, after = (
        price_level(evidence, f"{start}-{(start + 1) % 100:02d}") for start in (LINK - 1, LINK)
    )
    joined = FIRST_QUARTER * before.value + (1 - FIRST_QUARTER) * after.value
    return derive(level.value / link.value * joined, "ratio", level, link, before, after)


def in_prices(evidence: Evidence, amount: Quantity, year: str, to: str = BASE_YEAR) -> Quantity:
    """An amount of money of a year in prices of another year: amount · level(to) / level(year).

    Limits move with the amount and keep their kind. Not for thresholds of a QALY, which are
    nominal.
    """
    from_level, to_level = price_level(evidence, year), price_level(evidence, to)
    factor = to_level.value / from_level.value
    scaled = factor * amount
    rows = lineage(amount, from_level, to_level)
    return replace(scaled, rows=rows, decimals=None)
