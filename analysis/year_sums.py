"""Sums of the twelve months of a financial year, so that ways of ending share one cohort."""

from __future__ import annotations

from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Quantity


def months_of(year: str) -> list[str]:
    """The months of a financial year, April to March.

    >>> months_of("2024-25")[0], months_of("2024-25")[-1]
    ('2024-04', '2025-03')
    """
    start = int(year[:4])
    return [f"{start}-{m:02d}" for m in range(4, 13)] + [f"{start + 1}-{m:02d}" for m in (1, 2, 3)]


def year_sum(evidence: Evidence, table: str, measure: str, year: str) -> Quantity:
    """Referrals of a financial year as the sum of its monthly counts.

    Monthly counts are not refreshed, so the sum differs a little from the annual table and is
    not to be mixed with it.

    Raises:
        LookupFault: a month of the year is missing or doubled.
    """
    where: dict[str, object] = {"measure": measure, "month": months_of(year)}
    if table == "monthly_outcomes":
        where["preferred"] = True
    frame = evidence.table(table, **where)
    if sorted(frame["month"]) != months_of(year):
        raise LookupFault(f"table {table!r}: {measure} of {year} has {len(frame)} of 12 months")
    return Quantity(frame["value"].sum(), "referrals", rows=evidence.rows(table, frame.index))
