"""Checks of the claims about standards, targets, waits and what staff say in surveys."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from analysis.claims.reasons import Check, because
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, derive
from analysis.ruling import Claim, Finding, stated

TARGETS, WAITS = "targets", "monthly_pathway"
STAFF, ASKED = "staff_surveys", "disclosure_surveys"
TWELVE = 12
FOUNDERS_END = "2018-10"  # last month of data in the founder's text
MONTHLY_FROM = "2015-04"
SURVEY = "current and past staff who chose to answer an open survey, 2019"


def standard(evidence: Evidence, claim: Claim, *, row: str, on: str) -> Finding:
    """A standard as another document states it."""
    return Finding(on, computed=evidence.quantity(TARGETS, row, "target_value"))


def planned_access(evidence: Evidence, claim: Claim) -> Finding:
    """The plan's number of people a year, and what the year brought."""
    row = "access_people_2023_24"
    return Finding(
        "people a year by 2023-24 in the plan, as a think tank gives it",
        computed=evidence.quantity(TARGETS, row, "target_value"),
        later=evidence.quantity(TARGETS, row, "actual_value"),
        later_on="referrals entering treatment in 2023-24",
    )


def additional(evidence: Evidence, claim: Claim) -> Finding:
    """The plan's number less the step before it, and less the number then reached."""
    plan = stated(evidence, "s4_access_target_2024", "people")
    step = stated(evidence, "s0_access_target_2021", "people")
    reached = evidence.pick(
        "annual_national", measure="first_treatment", year="2017-18", preferred=True
    )
    (low, high), (least, most) = (
        item.interval.limits or (item.value, item.value) for item in (plan, step)
    )
    limits = Interval("rounding", low - most, high - least)
    beyond = derive(plan.value - reached.value, "people", plan, reached, interval=UNSTATED)
    return Finding(
        "people a year in the plan for 2024 less the target for 2020-21, both as rounded; less the "
        f"number who entered treatment in 2017-18 it is {beyond}",
        computed=derive(plan.value - step.value, "people", plan, step, interval=limits),
        others=(beyond,),
    )


def people_affected(evidence: Evidence) -> Quantity:
    """People with anxiety or depression behind the access standard: target over its share."""
    people = evidence.quantity(TARGETS, "access_people_2014_15", "target_value")
    share = evidence.quantity(TARGETS, "access_rate_2014_15_q4", "target_value")
    return derive(100 * people.value / share.value, "people", people, share)


def untreated(evidence: Evidence, claim: Claim) -> Finding:
    """Share of people affected who did not enter treatment in the year."""
    everyone = people_affected(evidence)
    entered = evidence.pick(
        "annual_national", measure="first_treatment", year="2017-18", preferred=True
    )
    return Finding(
        f"people who did not enter the programme's treatment in 2017-18, of {everyone} affected "
        "by the estimate behind the access standard; use in a year, not opportunity, and without "
        "therapy elsewhere",
        computed=derive(
            100 * (1 - entered.value / everyone.value), "percent", everyone, entered,
            interval=UNSTATED,
        ),
    )  # fmt: skip


def share_of_affected(evidence: Evidence, claim: Claim) -> Finding:
    """The planned number over the latest prevalence: a number of people was not seen."""
    plan, everyone = stated(evidence, "s4_access_target_2024", "people"), people_affected(evidence)
    return Finding(
        f"on an older estimate of people affected, the one behind the access standard, {everyone}",
        computed=derive(
            100 * plan.value / everyone.value, "percent", plan, everyone, interval=UNSTATED
        ),
        missing="The latest survey at the date was seen as percentages only, not as a number of "
        "people of all ages; its tables with the population would check it.",
    )


def mean_wait(evidence: Evidence, months: list[str]) -> Quantity:
    """Mean over months of the published mean wait to first treatment, days."""
    frame = evidence.table(WAITS, measure="mean_wait_first_treatment", month=months)
    return Quantity(
        frame["value"].mean(), "days", UNSTATED, evidence.rows(WAITS, frame.index), decimals=1
    )


def months_of_waits(evidence: Evidence) -> list[str]:
    """Months with a published mean wait up to the end of the founder's data."""
    frame = evidence.table(WAITS, measure="mean_wait_first_treatment")
    return sorted(month for month in frame["month"] if month <= FOUNDERS_END)


def wait(evidence: Evidence, claim: Claim) -> Finding:
    """Mean wait to first treatment in the last twelve months of the text's data."""
    months = months_of_waits(evidence)
    last = mean_wait(evidence, months[-1:])
    return Finding(
        "days from referral to first treatment, people entering treatment, mean of the published "
        f"monthly means of the year to October 2018; in its last month {last}",
        computed=mean_wait(evidence, months[-TWELVE:]),
        footing="official statistics",
        others=(last,),
        later=mean_wait(evidence, ["2019-03"]),
        later_on="the same in March 2019",
    )


def waits_fell(evidence: Evidence, claim: Claim) -> Finding:
    """By how much the mean wait fell from the first to the last twelve months published."""
    months = months_of_waits(evidence)
    first, last = mean_wait(evidence, months[:TWELVE]), mean_wait(evidence, months[-TWELVE:])
    return Finding(
        f"days from referral to first treatment, mean of months, {months[0]} to "
        f"{months[TWELVE - 1]} less the year to October 2018; waits between the first and the "
        "second session have no figures from before to compare with",
        computed=replace(first - last, decimals=1),
        footing="official statistics",
    )


def monthly(evidence: Evidence, claim: Claim) -> Finding:
    """Months with a published recovery rate over months, to the end of the year before."""
    frame = evidence.table("monthly_outcomes", measure="recovery_rate_percent", preferred=True)
    until = f"{int(claim.asserted_on[:4]) - 1}-12"
    seen = frame[(frame["month"] >= MONTHLY_FROM) & (frame["month"] <= until)]
    years, rest = divmod(int(until[:4]) * TWELVE + TWELVE - _months(MONTHLY_FROM), TWELVE)
    expected = years * TWELVE + rest + 1
    rows = evidence.rows("monthly_outcomes", seen.index)
    return Finding(
        f"months with a published national recovery rate, {MONTHLY_FROM} to {until}, for each "
        "month",
        computed=derive(seen["month"].nunique() / expected, "ratio", rows),
        footing="official statistics",
    )


def _months(month: str) -> int:
    return int(month[:4]) * TWELVE + int(month[5:7])


def badge(evidence: Evidence, claim: Claim) -> Finding:
    """What the producer calls the statistics."""
    row = "nhs_digital_producer"
    label = evidence.table("accountability").loc[row, "result"]
    return Finding(
        "labels on the producer's pages; in lower case the words may only mean statistics of the "
        "nation",
        computed=Quantity(1, "count", rows=evidence.rows("accountability", [row])),
        footing="official statistics",
        departs=f"{label}; pages seen do not carry the badge of national statistics",
    )


def funded_below(evidence: Evidence, claim: Claim) -> Finding:
    """Providers below the standard that still finished courses a year later."""
    frame = evidence.table("area_years", level="provider", year=["2018-19", "2019-20"])
    value = stated(evidence, claim.id, "percent").value
    first, second = (frame[frame["year"] == year] for year in ("2018-19", "2019-20"))
    below = first[first["recovery_percent"] < value]
    working = second.loc[second["finished"] > 0, "code"]
    kept = below[below["code"].isin(working)]
    rows = evidence.rows("area_years", frame.index) | evidence.rows("claims", [claim.id])
    rule = evidence.table("timeline").loc["payment_by_outcomes"]
    return Finding(
        "providers of every kind, since which are approved as the comment means was not seen, "
        "with a published recovery rate below the standard in 2018-19 that finished courses in "
        f"2019-20, of {derive(len(below), 'count', rows)} below it; numbers treated, the other "
        "condition, are not judged",
        computed=derive(len(kept), "count", rows, evidence.rows("timeline", [str(rule.name)])),
        departs=f"the rule from {rule['date']} as reported: {str(rule['event']).lower()}; it ties "
        "a part of the money to outcomes and no rate was seen on which all of it hangs",
    )


def survey(
    evidence: Evidence,
    claim: Claim,
    *,
    table: str,
    row: str,
    on: str,
    others: tuple[str, ...] = (),
) -> Finding:
    """A share that the cited survey prints, and others of the same staff that the words fit."""
    return Finding(
        on,
        computed=evidence.quantity(table, row, "percent"),
        footing="cited source",
        others=tuple(evidence.quantity(table, other, "percent") for other in others),
    )


def answered(evidence: Evidence, claim: Claim) -> Finding:
    """Number answering on the survey's page, and in the final report."""
    first, final = (
        evidence.quantity(ASKED, f"surviving_work_manipulate_{wave}", "n")
        for wave in ("preliminary", "final")
    )
    return Finding(
        "people answering, on the survey's page of the month",
        computed=first,
        footing="cited source",
        later=final,
        later_on="people answering in the final report of 2020",
    )


CHECKS: dict[str, Check] = {
    "s0_standard_6_weeks": partial(
        standard,
        row="wait_6_weeks_2015_16",
        on="standard of October 2014 in an answer to Parliament; reported on finished courses, "
        "though worded of people referred",
    ),
    "s0_standard_18_weeks": partial(
        standard,
        row="wait_18_weeks_2015_16",
        on="standard of October 2014 in an answer to Parliament; reported on finished courses, "
        "though worded of people referred",
    ),
    "s0_monthly_statistics": monthly,
    "s0_called_national_statistics": badge,
    "s1_c_no_funds_without_50": funded_below,
    "s4_access_target_2024": planned_access,
    "s4_additional_access": additional,
    "s4_most_still_untreated": untreated,
    "s4_quarter_of_prevalence": share_of_affected,
    "s4_wait_19_days": wait,
    "s4_waits_much_better": waits_fell,
    "s4_ltc_third_of_ccgs": because(
        "No list of areas with integrated services at the date was seen; the programme owner's "
        "list of sites would check it."
    ),
    "s2_four_in_ten_pressed": partial(
        survey,
        table=ASKED,
        row="surviving_work_manipulate_preliminary",
        on=f"ever asked to manipulate performance data: {SURVEY}; asked, which is less than "
        "pressed, and of more kinds of data than results",
    ),
    "s2_survey_n": answered,
    "s2_staff_burnout_71": partial(
        survey,
        table=STAFF,
        row="surviving_work_burnout",
        others=("westwood_burnout_low_intensity", "westwood_burnout_high_intensity"),
        on=f"burnout in their own words, ever: {SURVEY}; on a scale of burnout, two years before, "
        "junior and then senior staff of the programme who volunteered",
    ),
    "s2_staff_depressed_67": partial(
        survey,
        table=STAFF,
        row="surviving_work_anxiety_depression",
        on=f"anxiety or depression through the work, ever: {SURVEY}; the announcement leaves out "
        "that the work is named as the cause",
    ),
}
