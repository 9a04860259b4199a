"""Checks of the founder's chart of recovery, of the standard, and of the months that reached it."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.claims.reasons import OTHER_COLLECTION
from analysis.claims.recovery_rates import Check, named_rate, published
from analysis.evidence import Evidence
from analysis.quantity import RECORD, Interval, Quantity, derive, share
from analysis.recovery.months import monthly_rates
from analysis.ruling import Claim, Finding
from analysis.trial_contrasts import OUTCOMES, trial_contrast

FIRST_MET = "2017-01"
LAST_MONTH = "2018-12"  # the founder's text is of early 2019
DATA_END = ("2018-04", "2018-10")
OWN_COLLECTION = (
    "The national data set began later. The quarterly indicators of those years were published "
    "and their rate was not seen; they would check it."
)


def standard(evidence: Evidence) -> Quantity:
    """The national standard of October 2014, in percent."""
    return evidence.quantity("claim_estimands", "standard_half_2014")


def before_the_data_set(evidence: Evidence, claim: Claim) -> Finding:
    """A point of the chart from years of which no other public rate was seen."""
    return Finding(missing=OWN_COLLECTION)


def critics_rate_of_the_year(evidence: Evidence, claim: Claim) -> Finding:
    """The one point of the early years for which another author printed the rate."""
    row = "griffiths_steen_finished"
    printed = evidence.quantity("denominators_published", row, "percent")
    decimals = evidence.quantity("denominators_published", row, "decimals")
    half = 0.5 * 10.0**-decimals.value
    limits = Interval("rounding", printed.value - half, printed.value + half)
    return Finding(
        on="completed treatment, early quarterly indicators, as Griffiths, Steen and Pietroni "
        "print them in whole percent for about 2011-12; by questionnaire",
        computed=derive(printed.value, "percent", printed, decimals, interval=limits),
    )


def part_year(evidence: Evidence, claim: Claim) -> Finding:
    """The last point, from the months that were out: the chart of people seen ends in October."""
    months = monthly_rates(evidence)
    first, last = DATA_END
    part = months.frame.loc[first:last, ["recovered", "base"]].sum()
    recovered, base = (
        derive(part[column], "referrals", months.rows(first, last), interval=RECORD)
        for column in ("recovered", "base")
    )
    return Finding(
        on="finished courses that began at caseness, England, April to October 2018 together, by "
        "questionnaire; the full year was not yet reported",
        computed=share(recovered, base),
        footing="official statistics",
        later=published(evidence, "2018-19"),
        later_on="the same, full year 2018-19",
    )


def national_standard(evidence: Evidence, claim: Claim) -> Finding:
    """The national standard, beside the text that quotes it."""
    return Finding(
        on="the standard of October 2014, as a later document quotes it: at least so many of those "
        "who finish, having begun at caseness",
        computed=standard(evidence),
        footing="cited source",
    )


def trial_recoveries(evidence: Evidence) -> dict[str, Quantity]:
    """Recovery in trials of therapy, in percent, by what counts as recovery in them."""
    return {
        "PHQ-9 below its threshold with computerised therapy in English practices (REEACT)": (
            trial_contrast(evidence, "reeact_4m").treated
        ),
        "depression no longer diagnosed after therapy, pooled trials": evidence.quantity(
            OUTCOMES, "cuijpers_2014_psychotherapy", "percent"
        ),
        "anxiety disorder absent at interview after cognitive behaviour therapy, young people": (
            evidence.quantity(OUTCOMES, "perrin_cbt", "percent")
        ),
    }


def aim(evidence: Evidence, claim: Claim) -> Finding:
    """An aim set to match trials: the standard itself, and what trials report as recovery."""
    trials = trial_recoveries(evidence)
    named = "; ".join(f"{what}: {rate}" for what, rate in trials.items())
    return Finding(
        on=f"the standard of October 2014; as to trials, each with its own outcome: {named}",
        computed=standard(evidence),
        others=tuple(trials.values()),
    )


def usual_in_trials(evidence: Evidence, claim: Claim) -> Finding:
    """The recovery rate called commonplace in trials, whose definition is not said."""
    (first, rate), *rest = trial_recoveries(evidence).items()
    named = "; ".join(f"{what}: {other}" for what, other in rest)
    return Finding(on=f"{first}; {named}", computed=rate, others=tuple(other for _, other in rest))


def month_name(month: str) -> str:
    """A month in words.

    >>> month_name("2017-12")
    'December 2017'
    """
    return f"{pd.Timestamp(month):%B %Y}"


def first_met(evidence: Evidence, claim: Claim) -> Finding:
    """The first month whose published rate reaches the standard; its year is compared.

    If none does, the year after the last month stands for "not before".
    """
    months, goal = monthly_rates(evidence), standard(evidence)
    rates = months.frame.loc[:LAST_MONTH, "published"].dropna()
    reached = rates.index[rates >= goal.value]
    year = int(reached[0][:4]) if len(reached) else int(LAST_MONTH[:4]) + 1
    found = month_name(reached[0]) if len(reached) else "no month"
    return Finding(
        on=f"first month from {month_name(rates.index[0])} on whose published national rate "
        f"reaches {goal}: {found}",
        computed=derive(float(year), "year", months.rows(last=LAST_MONTH), goal, interval=RECORD),
        footing="official statistics",
    )


def kept_each_month(evidence: Evidence, claim: Claim) -> Finding:
    """Months below the standard since it was first met, up to the claim's date."""
    months, goal = monthly_rates(evidence), standard(evidence)
    part = months.frame.loc[FIRST_MET:LAST_MONTH]
    below = part.index[part["published"] < goal.value]
    rows = months.rows(FIRST_MET, LAST_MONTH)
    counted = derive(
        float((part["counted"] < goal.value).sum()), "months", rows, goal, interval=RECORD
    )
    named = ", ".join(month_name(month) for month in below) or "none"
    return Finding(
        on=f"months from January 2017 to December 2018 with a published national rate below "
        f"{goal}: {named}; by the counts, which keep more decimals, {counted}",
        exceptions=derive(float(len(below)), "months", rows, goal, interval=RECORD),
        footing="official statistics",
    )


CHECKS: dict[str, Check] = {
    "s4_recovery_2009": before_the_data_set,
    "s4_recovery_2010": before_the_data_set,
    "s4_recovery_2011": critics_rate_of_the_year,
    **{
        f"s4_recovery_{year}": partial(named_rate, year=f"{year}-{year + 1 - 2000}")
        for year in range(2013, 2018)
    },
    "s4_recovery_2012": partial(named_rate, year="2012-13", missing=OTHER_COLLECTION),
    "s4_recovery_2018": part_year,
    "s0_standard_50_recovery": national_standard,
    "s4_standard_50": national_standard,
    "s4_aim_at_least_50": aim,
    "s1_rct_recovery_50": usual_in_trials,
    "s4_target_first_met_jan_2017": first_met,
    "s4_target_kept_each_month": kept_each_month,
}
