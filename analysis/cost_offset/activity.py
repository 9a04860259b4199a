"""What the programme did and what that cost in a year: contacts, courses, recoveries, money.

Cost returns are of NHS trusts alone. Other providers are carried at the trusts' mean cost of a
contact; the floor is what the trusts returned, as if the others had cost nothing.
"""

from __future__ import annotations

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, derive, lineage
from analysis.year_sums import months_of

YEAR = "2024-25"
ATTENDED = ("M086", "M087")  # attended on time; late but seen
TRUSTS = "NHS trusts, England"
MILLION = 1e6


def annual_count(evidence: Evidence, measure: str, year: str) -> Quantity:
    """A count of referrals of a year, the preferred one."""
    return evidence.pick("annual_national", measure=measure, year=year, preferred=True)


def attended(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Attended appointments of a year, by any provider."""
    frame = evidence.table("monthly_appointments", measure_id=ATTENDED, month=months_of(year))
    rows = evidence.rows("monthly_appointments", frame.index)
    return Quantity(frame["value"].sum(), "count", rows=rows)


def course_appointments(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Treatment appointments within the courses that finished in a year."""
    frame = evidence.table(
        "monthly_sessions", scope="finished", statistic="total_appointments", month=months_of(year)
    )
    rows = evidence.rows("monthly_sessions", frame.index)
    return Quantity(frame["value"].sum(), "count", rows=rows)


def spent(evidence: Evidence, name: str) -> Quantity:
    """A total of money in GBP million, as reported, returned, allocated or claimed."""
    return evidence.quantity("programme_spend", name)


def returned_contacts(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Contacts behind the cost returns of NHS trusts."""
    frame = _returns(evidence, year)
    return Quantity(frame["n"].sum(), "count", rows=evidence.rows("unit_costs", frame.index))


def cost_per_contact(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Mean full cost of a contact in NHS trusts, GBP: sum of costs over sum of contacts."""
    frame = _returns(evidence, year)
    mean = (frame["value"] * frame["n"]).sum() / frame["n"].sum()
    return Quantity(mean, "GBP", rows=evidence.rows("unit_costs", frame.index))


def treatment_contact(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Full cost of a treatment contact in NHS trusts, GBP; the mean where no kinds are given."""
    frame = _returns(evidence, year)
    kinds = frame[frame["contact_type"] == "treatment"]
    if kinds.empty:
        return cost_per_contact(evidence, year)
    return evidence.quantity("unit_costs", str(kinds.index[0]))


def total_cost(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Cost of the whole programme in a year, GBP million: attended contacts at the trusts' mean.

    Bounds: what the trusts returned, and every contact at the cost of a treatment contact.
    """
    contacts, mean = attended(evidence, year), cost_per_contact(evidence, year)
    floor = spent(evidence, f"returned_{year.replace('-', '_')}")
    dearer = treatment_contact(evidence, year)
    value, high = (contacts.value * unit.value / MILLION for unit in (mean, dearer))
    limits = Interval("bound", min(floor.value, value), max(value, high))
    return derive(value, "GBP million", contacts, mean, floor, dearer, interval=limits)


def each(total: Quantity, number: Quantity) -> Quantity:
    """Cost of one of a number: GBP million over a count, limits with the cost. A ratio of means.

    >>> print(each(Quantity(12, "GBP million"), Quantity(8000, "courses")))
    £1,500
    """
    limits = total.interval.limits
    interval = UNSTATED
    if limits is not None:
        low, high = (MILLION * limit / number.value for limit in limits)
        interval = Interval(total.interval.kind, low, high, total.interval.level)
    rows = lineage(total, number)
    return Quantity(MILLION * total.value / number.value, "GBP", interval, rows)


def _returns(evidence: Evidence, year: str) -> pd.DataFrame:
    return evidence.table("unit_costs", study="NHS cost returns", scope=TRUSTS, year=year)
