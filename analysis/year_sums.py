"""Sums of the twelve months of a financial year, so that ways of ending share one cohort.

Monthly counts are not refreshed, so a sum differs a little from the annual table and is not to be
mixed with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Quantity

YearlyCounts = dict[str, dict[str, Quantity]]


def financial_year(month: str) -> str:
    """The financial year of a month, April to March.

    >>> financial_year("2018-03"), financial_year("2018-04")
    ('2017-18', '2018-19')
    """
    start = int(month[:4]) - (int(month[5:7]) < 4)
    return f"{start}-{(start + 1) % 100:02d}"


def months_of(year: str) -> list[str]:
    """The months of a financial year, April to March.

    >>> months_of("2024-25")[0], months_of("2024-25")[-1]
    ('2024-04', '2025-03')
    """
    start = int(year[:4])
    return [f"{start}-{m:02d}" for m in range(4, 13)] + [f"{start + 1}-{m:02d}" for m in (1, 2, 3)]


def year_sum(evidence: Evidence, table: str, measure: str, year: str) -> Quantity:
    """Referrals of a financial year as the sum of its monthly counts.

    Raises:
        LookupFault: a month of the year is missing or doubled.
    """
    frame = _counts(evidence, table, measure=measure, month=months_of(year))
    if sorted(frame["month"]) != months_of(year):
        raise LookupFault(f"table {table!r}: {measure} of {year} has {len(frame)} of 12 months")
    return _sum(evidence, table, zip(frame.index, frame["value"], strict=True))


def complete_years(evidence: Evidence, *tables: str) -> YearlyCounts:
    """Referrals by financial year and measure, wherever all twelve months of a measure are there.

    Years and measures are sorted; each sum is that of `year_sum`.
    """
    found: YearlyCounts = {}
    for table in tables:
        frame = _counts(evidence, table)
        months, parts = defaultdict(list), defaultdict(list)
        columns = (frame[name].tolist() for name in ("month", "measure", "value"))
        for row, month, measure, value in zip(frame.index, *columns, strict=True):
            key = (financial_year(month), measure)
            months[key].append(month)
            parts[key].append((row, value))
        for year, measure in sorted(parts):
            if sorted(months[year, measure]) == months_of(year):
                total = _sum(evidence, table, parts[year, measure])
                found.setdefault(year, {})[measure] = total
    return dict(sorted(found.items()))


def _counts(evidence: Evidence, table: str, **where: object) -> pd.DataFrame:
    """Monthly counts of referrals; of a count that was published twice, the preferred one."""
    frame = evidence.table(table, unit="referrals", **where)
    return frame[frame["preferred"]] if "preferred" in frame else frame


def _sum(evidence: Evidence, table: str, parts: Iterable[tuple[str, float]]) -> Quantity:
    ids, values = zip(*parts, strict=True)
    return Quantity(sum(values), "referrals", rows=evidence.rows(table, ids))
