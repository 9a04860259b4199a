"""Checks of the claims about how many are seen and treated, and how that grew."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import pandas as pd

from analysis.attrition.chain_programme import treated_once
from analysis.attrition.pathway_years import annual
from analysis.claims.reasons import OTHER_COLLECTION, Check, because
from analysis.evidence import Evidence
from analysis.quantity import RECORD, UNSTATED, Interval, Quantity, derive
from analysis.ruling import Claim, Finding, combined, stated

TABLE = "pathway_official"
FOUNDERS_YEAR, NEXT_YEAR = "2017-18", "2018-19"  # the founder's text ends its data in October 2018
FIRST_FULL = "2013-14"  # the data set's first year is undercounted
CHART = [f"s4_seen_{year}" for year in range(2009, 2019)]
PART_YEAR, TWELVE = "eng_2018_04_10_started_months", "eng_2017_11_2018_10_started_months"
OWN_COLLECTION = (
    "The national data set began later. The quarterly indicators of those years were published "
    "and their count was not seen; they would check it."
)
OF = {"first_treatment": "referrals that started treatment", "finished_course": "finished courses"}


def as_people(evidence: Evidence, referrals: Quantity) -> Quantity:
    """People behind a number of referrals, at the ratio of people to referrals received 2015-16.

    That year is the only one for which people were counted; the ratio may differ by stage.
    """
    received, people = (
        evidence.quantity("re_referral", f"eng_2015_16_{unit}") for unit in ("referrals", "people")
    )
    value = referrals.value * people.value / received.value
    return derive(value, "people", referrals, received, people, interval=UNSTATED)


def people_claimed(
    evidence: Evidence, claim: Claim, *, measure: str, year: str, later: str = ""
) -> Finding:
    """A number of people against official counts, which are of referrals.

    Args:
        evidence: the evidence.
        claim: the claim.
        measure: stage of the pathway that is counted.
        year: last full year reported when the claim was made.
        later: a year reported after it, shown apart; none if empty.
    """
    counts = annual(evidence)
    counted = counts[year][measure]
    people = as_people(evidence, counted)
    return Finding(
        f"{OF[measure]}, England, {year}, with people counted once for each referral; if they "
        f"repeat as referrals received did in 2015-16, {people}",
        computed=counted,
        footing="official statistics",
        others=(people,),
        later=counts[later][measure] if later else None,
        later_on=f"{OF[measure]}, England, {later}" if later else "",
    )


def the_others(evidence: Evidence, claim: Claim) -> Finding:
    """People seen without a course who were not advised: none shown up to the claim's date."""
    left = evidence.quantity(TABLE, "eng_2012_13_declined_or_dropped_out")
    ended = evidence.quantity(TABLE, "eng_2012_13_declined_or_dropped_out", "n")
    return Finding(
        f"none in what was searched; narrowed by {left} of about {ended} that ended in 2012-13 "
        "because people declined or dropped out, of whom it is not said how many had been seen",
        exceptions=Quantity(0, "count", rows=left.rows),
        footing="official statistics",
        later=evidence.quantity("one_session", "nhs_england_dropouts"),
        later_on="people a year who drop out between the first and the second appointment, by NHS "
        "England in a news report of December 2019",
    )


def falls(evidence: Evidence, measure: str, last: str) -> tuple[list[str], Quantity]:
    """Years up to one in which an official count did not rise on the year before."""
    counts = {year: own[measure] for year, own in annual(evidence).items() if year <= last}
    years = sorted(counts)
    fell = [b for a, b in itertools.pairwise(years) if counts[b].value <= counts[a].value]
    return fell, derive(len(fell), "count", *counts.values(), interval=RECORD)


def grew_each_year(evidence: Evidence, claim: Claim) -> Finding:
    """Years in which the number seen did not grow; other measures of growth are named."""
    _, none = falls(evidence, "first_treatment", FOUNDERS_YEAR)
    named = {
        label: ", ".join(falls(evidence, measure, FOUNDERS_YEAR)[0]) or "no year"
        for measure, label in (
            ("referrals_received", "referrals received"),
            ("finished_course", "finished courses"),
        )
    }
    told = "; ".join(f"{label} fell in {years}" for label, years in named.items())
    return Finding(
        "years without growth in referrals that started treatment, England, 2012-13 to 2017-18, "
        f"the measure of the claim's own chart. On other measures: {told}",
        exceptions=none,
        footing="official statistics",
    )


def steadily(evidence: Evidence, claim: Claim) -> Finding:
    """The smallest step from year to year, in the chart and in official counts."""
    points = [stated(evidence, row, "people") for row in CHART]
    steps = [
        combined(lambda before, after: after - before, "people", *pair)
        for pair in itertools.pairwise(points)
    ]
    counts = annual(evidence)
    years = [year for year in sorted(counts) if FIRST_FULL <= year <= FOUNDERS_YEAR]
    official = [counts[year]["first_treatment"] for year in years]
    rises = [after - before for before, after in itertools.pairwise(official)]
    least = min(rises, key=lambda rise: rise.value)
    own = min(steps, key=lambda step: step.value)
    return Finding(
        f"smallest yearly rise of referrals that started treatment, England, {years[0]} to "
        f"{years[-1]}; in the chart itself {own}. How even the steps must be is not said",
        computed=least,
        own=own,
        footing="official statistics",
    )


def chart_point(
    evidence: Evidence, claim: Claim, *, year: str, months: bool = True, missing: str = ""
) -> Finding:
    """A point of the chart against the annual table and the sum of the months."""
    counted = annual(evidence)[year]["first_treatment"]
    others: tuple[Quantity, ...] = ()
    if months:
        row = f"eng_{year.replace('-', '_')}_started_months"
        others = (evidence.quantity(TABLE, row),)
    gap = derive((claim.value or 0) - counted.value, "referrals", counted)
    summed = "".join(f"; the months add up to {other}" for other in others)
    return Finding(
        f"referrals that started treatment, England, {year}, annual table{summed}. The point of "
        f"the chart less the annual count: {gap}",
        computed=counted,
        footing="official statistics",
        others=others,
        missing=missing,
    )


def last_point(evidence: Evidence, claim: Claim) -> Finding:
    """The last point: seven months scaled to a year, since the year was not over."""
    period = evidence.table(TABLE).loc[PART_YEAR, "period"]
    months = len(pd.period_range(*period.split(" to "), freq="M"))
    part, twelve = evidence.quantity(TABLE, PART_YEAR), evidence.quantity(TABLE, TWELVE)
    scaled = derive(part.value * 12 / months, "referrals", part, interval=RECORD)
    return Finding(
        "referrals that started treatment, England, April to October 2018, scaled from "
        f"{part} to a year; counted in the year to October 2018: {twelve}",
        computed=scaled,
        footing="official statistics",
        others=(twelve,),
        later=annual(evidence)[NEXT_YEAR]["first_treatment"],
        later_on="the same, full year 2018-19, reported later",
    )


def drop_outs(evidence: Evidence, claim: Claim) -> Finding:
    """Drop-outs after one appointment: at most all who had a single one."""
    once = treated_once(evidence)
    most = (once.interval.limits or (once.value, once.value))[1]
    return Finding(
        f"at most all treated once in 2018-19, {once}, an estimate from rounded shares",
        computed=derive(most, "referrals", once, interval=Interval("bound", 0, most)),
        footing="official statistics",
        missing="How many of those treated once dropped out is not published. The number of "
        "appointments crossed with the end code, which the data set holds, would check it.",
    )


FOUNDER: dict[str, Any] = {"year": FOUNDERS_YEAR, "later": NEXT_YEAR}
CHECKS: dict[str, Check] = {
    "s4_seen_over_1m": partial(people_claimed, measure="first_treatment", **FOUNDER),
    "s4_course_550k": partial(people_claimed, measure="finished_course", **FOUNDER),
    "clark_lancet_treated": partial(people_claimed, measure="finished_course", year="2015-16"),
    "s4_rest_assessed_advised": the_others,
    "s4_grew_each_year": grew_each_year,
    "s4_increases_steadily": steadily,
    **{f"s4_seen_{year}": because(OWN_COLLECTION) for year in (2009, 2010, 2011)},
    "s4_seen_2012": partial(chart_point, year="2012-13", months=False, missing=OTHER_COLLECTION),
    **{
        f"s4_seen_{year}": partial(chart_point, year=f"{year}-{year - 1999}")
        for year in range(2013, 2018)
    },
    "s4_seen_2018": last_point,
    "dropouts_first_second": drop_outs,
}
