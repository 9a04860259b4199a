"""The five bases of the recovery rate: their names, their counts, and those counts by year.

Annual tables are refreshed after the year and sums of monthly figures are not: the two kinds of
year stand side by side and are never joined.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.year_sums import YearlyCounts, complete_years

BASES = {
    "finished_at_caseness": "finished, case at start",
    "finished": "finished a course",
    "started": "started treatment",
    "ended": "referral ended",
    "referred": "referred",
}
MEASURES = {
    "finished_at_caseness": ("finished_course", "not_at_caseness", "recovery_denominator"),
    "finished": ("finished_course",),
    "started": ("first_treatment",),
    "ended": ("ended_referrals",),
    "referred": ("referrals_received",),
}


def base_count(base: str, counts: Mapping[str, Quantity]) -> Quantity | None:
    """Referrals of one base in a year, None where a count is missing.

    At caseness: finished less not at caseness, or where one of the two was not published the
    denominator that was.

    >>> finished, below = Quantity(80, "referrals"), Quantity(5, "referrals")
    >>> counts = {"finished_course": finished, "not_at_caseness": below}
    >>> print(base_count("finished_at_caseness", counts), base_count("started", counts))
    75 referrals None
    """
    whole, *others = (counts.get(measure) for measure in MEASURES[base])
    if base != "finished_at_caseness":
        return whole
    below, printed = others
    return printed if whole is None or below is None else whole - below


def annual_counts(evidence: Evidence) -> YearlyCounts:
    """Referrals by year and measure in the annual tables of the data set, 2012-13 onwards."""
    frame = evidence.table("annual_national", series="data_set", preferred=True, unit="referrals")
    frame = frame.sort_values("year", kind="stable")
    found: YearlyCounts = {}
    columns = (frame[name].tolist() for name in ("year", "measure", "value"))
    for row, year, measure, value in zip(frame.index, *columns, strict=True):
        rows = evidence.rows("annual_national", [row])
        found.setdefault(year, {})[measure] = Quantity(value, "referrals", rows=rows)
    return found


def monthly_counts(evidence: Evidence) -> YearlyCounts:
    """Referrals by year and measure as sums of monthly counts, where all twelve are there."""
    return complete_years(evidence, "monthly_outcomes", "monthly_pathway")
