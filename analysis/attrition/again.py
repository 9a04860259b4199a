"""People referred or treated again: each count, over its own time and unit, and why they differ."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.charts import OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows
from analysis.intervals import wilson
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive
from analysis.ruling import combined
from analysis.tables import Table

TABLE, LEVEL = "re_referral", 0.95
HALF_STEP = 50_000.0  # counts of the reply are printed in tenths of a million
YEARS = ("2012-13", "2013-14", "2014-15", "2015-16", "2016-17", "2017-18")


def rounded_share(part: Quantity, rest: Quantity, half_step: float = HALF_STEP) -> Quantity:
    """Part over part and rest, two counts that were rounded, with the limits of their rounding.

    >>> half = rounded_share(Quantity(5e5, "people"), Quantity(5e5, "people"))
    >>> print(half.with_limits())
    50.0% (rounding 45.0% to 55.0%)
    """
    low, high = (
        100 * (part.value + s) / (part.value + s + rest.value - s) for s in (-half_step, half_step)
    )
    value = 100 * part.value / (part.value + rest.value)
    return derive(value, "percent", part, rest, interval=Interval("rounding", low, high))


def rounded_count(count: Quantity, half_step: float = HALF_STEP) -> Quantity:
    """A count of the reply with the limits of its rounding."""
    limits = Interval("rounding", count.value - half_step, count.value + half_step)
    return replace(count, interval=limits)


def sampled(evidence: Evidence, row: str) -> Quantity:
    """A printed share with its Wilson interval for a stream of people like those followed."""
    printed = evidence.quantity(TABLE, row)
    size = evidence.quantity(TABLE, row, "n")
    low, high = wilson(printed.value / 100 * size.value, size.value, LEVEL)
    limits = Interval("sampling", 100 * low, 100 * high, LEVEL)
    return derive(
        printed.value, "percent", printed, size, interval=limits, decimals=printed.decimals
    )


def received(evidence: Evidence) -> Quantity:
    """Referrals received in the six financial years nearest to those of the reply."""
    counts = [
        evidence.pick(
            "annual_national",
            measure="referrals_received",
            series="data_set",
            year=year,
            preferred=True,
        )
        for year in YEARS
    ]
    return sum(counts[1:], counts[0])


def within_a_year(referrals: Quantity, people: Quantity) -> Quantity:
    """Share of the year's people with more than one referral in it, as bounds.

    Everyone with more than one has at least one further referral, so at most R/P − 1 of the
    people; nothing keeps all further referrals from belonging to very few.

    >>> year = within_a_year(Quantity(120, "referrals"), Quantity(100, "people"))
    >>> print(year.limits_text())
    bounds 0.0% to 20.0%
    """
    most = 100 * max(referrals.value / people.value - 1, 0.0)
    return derive(most, "percent", referrals, people, interval=Interval("bound", 0.0, most))


@computes
def again(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """The share who come back, by each source, on its own unit and over its own time."""

    def count(row: str) -> Quantity:
        return evidence.quantity(TABLE, row)

    once, more = count("foi_once"), count("foi_twice_or_more")
    asked = rounded_share(more, once)
    followed = sampled(evidence, "lorimer_returned")
    asked_here = count("hepgul_not_first")
    referrals, people = count("eng_2015_16_referrals"), count("eng_2015_16_people")
    withdrawn = count("eng_2015_16_people_withdrawn")
    year = within_a_year(referrals, people)
    all_received = received(evidence)
    heads = once + more
    per_person = derive(
        all_received.value / heads.value, "ratio", all_received, heads, interval=UNSTATED
    )
    each = derive(
        (all_received.value - once.value) / more.value,
        "ratio",
        all_received,
        once,
        more,
        interval=UNSTATED,
        decimals=1,
    )
    repeat = derive(100 * (1 - people.value / referrals.value), "percent", referrals, people)
    groups = [
        Group(
            "Referred more than once, England",
            [
                Row(
                    "of people referred from 2012 to 2018, by a reply that a critic reports",
                    asked,
                    OFFICIAL,
                ),
                Row("of people referred in 2015-16, within that year", year, OFFICIAL),
            ],
        ),
        Group(
            "Treated again, or not for the first time",
            [
                Row("of people treated in one service, treated there again later", followed, TRIAL),
                Row(
                    "of people awaiting treatment in a London service, more than this share not "
                    "for the first time",
                    asked_here,
                    TRIAL,
                ),
            ],
        ),
    ]
    chart = Chart(
        title=(
            f"{asked} of people referred were referred more than once between 2012 and 2018; of "
            f"people treated in one service {followed} came back for treatment there"
        ),
        alt="Rows on one scale, not pooled. "
        + " ".join(f"{group.heading}: {row.text}." for group in groups for row in group.rows),
        table=counted(evidence),
        draw=lambda width: interval_rows(groups, width, "Percent", (0, 60)),
    )
    recovered = evidence.quantity("attrition_claims", "foi_recovered")
    return {
        "again_once": once,
        "again_more": more,
        "again_share": asked,
        "again_treated": followed,
        "again_months": evidence.quantity(TABLE, "lorimer_returned", "months_high"),
        "again_sessions": count("lorimer_sessions"),
        "again_still_case": count("lorimer_still_case"),
        "again_relapsed": count("lorimer_relapsed"),
        "again_not_first": asked_here,
        "again_referrals": referrals,
        "again_people": people,
        "again_withdrawn": withdrawn,
        "again_year_most": year,
        "again_year_repeat": repeat,
        "again_per_person": per_person,
        "again_each": each,
        "again_received": all_received,
        "again_claimed_recovered": recovered,
        "again_claimed_share": evidence.quantity("attrition_claims", "foi_recovered_share"),
        "again_recovered_share": combined(
            lambda well, single, several: 100 * well / (single + several),
            "percent",
            *(rounded_count(count) for count in (recovered, once, more)),
        ),
        "again_chart": chart,
    }


def counted(evidence: Evidence) -> Table:
    """What each source counts: the unit, where, over what time."""
    frame = evidence.table(TABLE)
    records = [
        (
            record["study"],
            record["population"],
            record["statistic"],
            record["unit_counted"],
            record["period"],
            evidence.quantity(TABLE, str(row)),
            "withdrawn by the publisher" if not record["preferred"] else record["grade"],
        )
        for row, record in frame.iterrows()
    ]
    return Table(
        "What each source counts as coming back, where and over what time.",
        pd.DataFrame(
            records,
            columns=[
                "Source",
                "Where",
                "What is counted",
                "Unit",
                "Period",
                "Figure",
                "How it is known",
            ],
        ),
        rows=evidence.rows(TABLE, frame.index),
    )
