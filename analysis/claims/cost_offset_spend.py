"""Checks of the claims about what the programme costs: a year, a client, a course, so far."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from analysis.claims.reasons import Check, because
from analysis.cost_offset.activity import MILLION, annual_count, each, spent
from analysis.cost_offset.spend import FIRST, KNOWN, cumulative
from analysis.cost_offset.unit_cost import STUDY, UNITS, reported, returned
from analysis.evidence import Evidence
from analysis.prices import in_prices
from analysis.quantity import UNSTATED, Interval, Quantity, derive, lineage
from analysis.ruling import Claim, Finding, combined, stated

MONTHS, APRIL, DECEMBER = 12, 4, 12
UNDATED = 9999
REPORTED_YEAR, LATEST_REPORTED = "2017-18", "2021-22"
SPEND = "programme_spend"
LIVERPOOL = (
    "The commissioner's reply was not seen and its accounts were not searched; either would check "
    "the sum."
)


def pounds(millions: Quantity) -> Quantity:
    """A sum in GBP million as GBP, limits with it."""
    limits, interval = millions.interval.limits, millions.interval
    if limits is not None:
        interval = replace(interval, low=MILLION * limits[0], high=MILLION * limits[1])
    return derive(MILLION * millions.value, "GBP", millions, interval=interval)


def source_year(source: str) -> int:
    """The year in a bibliography key; of an undated source one that is after every claim.

    >>> source_year("lamb_2012_speech"), source_year("prudon_nd_reform")
    (2012, 9999)
    """
    return next((int(part) for part in source.split("_") if part.isdigit()), UNDATED)


def moment(asserted_on: str) -> tuple[int, int]:
    """First calendar year of the financial year of a claim, and the months of it that were over.

    A date without a month counts to the end of its year, the month of the claim as over.

    >>> moment("2019-11-13"), moment("2021-03"), moment("2020")
    ((2019, 8), (2020, 12), (2020, 9))
    """
    year, month = int(asserted_on[:4]), int(asserted_on[5:7] or DECEMBER)
    return (year, month - APRIL + 1) if month >= APRIL else (year - 1, month + MONTHS - APRIL + 1)


def spent_by(evidence: Evidence, asserted_on: str) -> Quantity:
    """Money spent from 2008-09 to a month, GBP, from totals that were public by then.

    Years between known totals lie on the line between them, within limits that suppose that
    spending never fell. Years after the last known total go on along the line from the first to
    the last; the limits take them as flat, and as rising each year by the steepest yearly rise
    between totals. The first years hold central money only.
    """
    year, months = moment(asserted_on)
    frame = evidence.table(SPEND).loc[list(KNOWN)]
    public = frame[frame["source"].map(source_year) <= int(asserted_on[:4])]
    known = {int(str(frame.loc[row, "year"])[:4]): spent(evidence, row) for row in public.index}
    years = np.array([start for start in known if start <= year])
    totals = np.array([known[start].value for start in years])
    rises = np.diff(totals) / np.diff(years)
    wanted = np.arange(FIRST, year + 1)
    beyond = np.maximum(wanted - years[-1], 0)
    within = np.minimum(wanted, years[-1])
    trend = (totals[-1] - totals[0]) / (years[-1] - years[0])
    before = totals[np.searchsorted(years, within, side="right") - 1]
    after = totals[np.searchsorted(years, within, side="left")]
    weights = np.where(wanted == year, months / MONTHS, 1.0)
    middle = weights @ (np.interp(within, years, totals) + trend * beyond)
    low = weights @ np.minimum(before, after)
    high = weights @ (np.maximum(before, after) + rises.max() * beyond)
    interval = Interval("model", MILLION * low, MILLION * high)
    rows = lineage(*(known[start] for start in years))
    return Quantity(MILLION * middle, "GBP", interval, rows)


def spent_by_all_totals(evidence: Evidence, asserted_on: str) -> Quantity:
    """The same with every total known today: the chapter's sum, the last year by its months."""
    year, months = moment(asserted_on)
    before, after = (cumulative(evidence, last) for last in (year - 1, year))

    def by(one: float, other: float) -> float:
        return MILLION * (one + months / MONTHS * (other - one))

    ends = zip(before.interval.limits or (), after.interval.limits or (), strict=True)
    low, high = (by(*pair) for pair in ends)
    interval = Interval("model", low, high)
    return derive(by(before.value, after.value), "GBP", before, after, interval=interval)


def spent_so_far(evidence: Evidence, claim: Claim) -> Finding:
    """A sum spent so far, against totals public at the claim's date."""
    found = spent_by(evidence, claim.asserted_on)
    millions = [
        derive(limit / MILLION, "GBP million", found) for limit in found.interval.limits or ()
    ]
    return Finding(
        f"from 2008-09 to the claim's month, totals public by then and years between and after "
        f"along a line: {millions[0]} to {millions[1]} as the years without a total are taken "
        "low or high; central money only in the first years, money of the time",
        computed=found,
        later=spent_by_all_totals(evidence, claim.asserted_on),
        later_on=f"to the same month, with the total of {LATEST_REPORTED} that was reported in "
        "2023",
    )


def study_cost(evidence: Evidence, year: str) -> Quantity:
    """Cost of a course as the one costing study found it, in prices of a year."""
    price_year = str(evidence.table(UNITS).loc[STUDY, "price_year"])
    found = in_prices(evidence, evidence.quantity(UNITS, STUDY), price_year, year)
    return replace(found, interval=UNSTATED)


def yearly(evidence: Evidence, claim: Claim, *, year: str) -> Finding:
    """Cost of a year: finished courses at the cost that the costing study found."""
    courses, cost = annual_count(evidence, "finished_course", year), study_cost(evidence, year)
    last = spent(evidence, "reported_2017_18")
    return Finding(
        f"courses finished in {year} at the cost of a course in the one costing study, carried to "
        f"prices of that year; the last total public at the date is {last}, of {REPORTED_YEAR}",
        computed=derive(courses.value * cost.value, "GBP", courses, cost, interval=UNSTATED),
        later=pounds(spent(evidence, "reported_2021_22")),
        later_on=f"reported total of {LATEST_REPORTED}, known through the critic",
    )


def product(evidence: Evidence, claim: Claim, *, year: str) -> Finding:
    """Target times cost of a client as stated; and the same cost for finished courses."""
    clients = stated(evidence, "s0_access_target_2021", "people")
    cost = stated(evidence, "s0_unit_cost_680", "GBP")
    courses = annual_count(evidence, "finished_course", year)
    other = derive(courses.value * cost.value, "GBP", courses, cost, interval=UNSTATED)
    return Finding(
        "the claim's own product, which takes the target for people who start as clients; the "
        f"same cost for each course finished in {year}, if it is of a course, gives {other}",
        own=combined(lambda number, price: number * price, "GBP", clients, cost),
        others=(other,),
        later=pounds(spent(evidence, "reported_2021_22")),
        later_on=f"reported total of {LATEST_REPORTED}, known through the critic",
    )


def per_client(evidence: Evidence, claim: Claim) -> Finding:
    """Reported total of a year over people who start, and over finished courses."""
    total = spent(evidence, "reported_2017_18")
    starts, courses = (
        each(total, annual_count(evidence, measure, REPORTED_YEAR))
        for measure in ("first_treatment", "finished_course")
    )
    study = study_cost(evidence, "2020-21")
    return Finding(
        f"reported total of {REPORTED_YEAR} for each person who starts; for each finished course "
        f"{courses}, and {study} in the one costing study at prices of 2020-21",
        computed=starts,
        others=(courses, study),
    )


def per_course(evidence: Evidence, claim: Claim, *, year: str) -> Finding:
    """Cost of a course in the costing study at prices of the claim's year."""
    later = reported(evidence, "2016-17").nominal
    return Finding(
        f"cost of a course in five primary care trusts, the one costing study, carried to prices "
        f"of {year}",
        computed=study_cost(evidence, year),
        later=later,
        later_on="reported total of 2016-17 for each finished course, known through the critic",
    )


def per_course_reported(evidence: Evidence, claim: Claim) -> Finding:
    """Reported total over finished courses, the latest before the claim."""
    study = study_cost(evidence, "2024")
    return Finding(
        f"reported total of {LATEST_REPORTED}, known through the critic, for each finished "
        f"course; the one costing study gives {study} in prices of 2024",
        computed=reported(evidence, LATEST_REPORTED).nominal,
        later=returned(evidence, "2024-25").nominal,
        later_on="contacts of 2024-25 at the cost that NHS trusts returned, for each finished "
        "course",
    )


def local_rise(evidence: Evidence, claim: Claim) -> Finding:
    """The rise as a share of the sum before it, from the claimant's own sums."""
    rise = stated(evidence, "s2_liverpool_increase", "GBP")
    after = stated(evidence, "s2_liverpool_budget", "GBP")
    of_after = combined(lambda part, whole: 100 * part / whole, "percent", rise, after)
    return Finding(
        f"the rise as a share of funding before it, own sums; of funding after it {of_after}",
        own=combined(lambda part, whole: 100 * part / (whole - part), "percent", rise, after),
    )


def recovered_for_sum(evidence: Evidence, claim: Claim) -> Finding:
    """People recovered for 100,000 pounds by the costing study's cost of a recovery."""
    row = "artemis_iapt"
    base = str(evidence.table(UNITS).loc[row, "base"])
    sum_of_money = float(base.split()[-2])
    cost = evidence.quantity(UNITS, "radhakrishnan_all_recovery")
    found = derive(sum_of_money / cost.value, "people", cost, evidence.rows(UNITS, [row]))
    return Finding(
        "the same sum over the cost of a recovery in the one costing study, five primary care "
        "trusts, recovery as recorded",
        computed=replace(found, interval=UNSTATED),
    )


CHECKS: dict[str, Check] = {
    "s0_annual_cost_one_billion": partial(yearly, year="2020-21"),
    "scott_likely_cost": partial(yearly, year="2021-22"),
    "s0_total_cost_102bn": partial(product, year="2020-21"),
    "s0_unit_cost_680": per_client,
    "s0_spend_over_4bn": spent_so_far,
    "s2_spend_over_3bn": spent_so_far,
    "layard_clark_2014_cost": partial(per_course, year="2014"),
    "layard_2015_cost": partial(per_course, year="2015"),
    "layard_2024_cost": per_course_reported,
    "artemis_recovered_per_sum": recovered_for_sum,
    "scott_counter_cost": because(
        "The source of the sum and its year are not printed and the list of providers was not "
        "seen; either would check it. The total reported for all providers is of another year."
    ),
    "s2_liverpool_increase": because(LIVERPOOL),
    "s2_liverpool_budget": because(LIVERPOOL),
    "s2_liverpool_total": because(LIVERPOOL),
    "s2_liverpool_25pct": local_rise,
    "s1_c_mus_cost_wrong": because(
        "No figure of the cost of unexplained symptoms is in what was read; the cited paper and "
        "the journal's correction would check it."
    ),
}
