"""Checks of the critic's interview figure and of his sum over people referred again."""

from __future__ import annotations

from analysis.attrition.again import YEARS, received
from analysis.claims.recovery_rates import Check
from analysis.evidence import Evidence
from analysis.printed_proportions import check_proportion
from analysis.quantity import RECORD, Interval, Quantity, derive, share
from analysis.recovery.critic_sample import printed_figure
from analysis.ruling import Claim, Finding, combined, stated

SAMPLE = (
    "former clients met around injury claims, some without treatment; full recovery from the "
    "disorder, by the author's interview"
)
ONCE, AGAIN, HALF = "s2_referred_once", "s2_referred_2_to_10_times", "s2_claim_50"
RECOVERED = "s2_recovered_people"
NO_REPLY = (
    "The reply to the freedom of information request was not seen, and no other count of people by "
    "number of referrals is public. The reply, or such a count from the national data set, would "
    "check it."
)


def interviewed_sample(evidence: Evidence, claim: Claim) -> Finding:
    """The share recovered in the author's sample, as the study's abstract prints it."""
    printed, text, size = printed_figure(evidence)
    check = check_proportion(text, round(size.value))
    return Finding(
        on=f"{SAMPLE}; as the abstract prints it beside {size}: {check.wording}",
        computed=printed,
        footing="cited source",
        obtainable=check.obtainable,
    )


def sample_in_whole_percent(evidence: Evidence, claim: Claim) -> Finding:
    """The same share restated in whole percent, against what the abstract prints."""
    printed, _, size = printed_figure(evidence)
    return Finding(
        on=f"{SAMPLE}; as the abstract prints it beside {size}",
        computed=printed,
        footing="cited source",
    )


def whole_programme_by_interview(evidence: Evidence, claim: Claim) -> Finding:
    """The sample's share carried to all clients of the programme."""
    printed, _, _ = printed_figure(evidence)
    return Finding(
        on=f"only in the cited sample: {SAMPLE}",
        computed=printed,
        footing="cited source",
        missing="No public figure holds outcomes judged by interview for clients of the programme "
        "at large. Interviews with a random sample of clients after treatment would check it.",
    )


def sample_size(evidence: Evidence, claim: Claim) -> Finding:
    """People in the author's study, as its abstract prints them."""
    return Finding(
        on="people assessed by interview, as the study's abstract prints them; how they were "
        "chosen is not in the abstract",
        computed=evidence.quantity("critic_sample", "scott_assessed"),
        footing="cited source",
    )


def less_than_claimed(evidence: Evidence, claim: Claim) -> Finding:
    """The author's figure set against the programme's rate."""
    printed, _, _ = printed_figure(evidence)
    return Finding(
        on=f"{SAMPLE}; as the abstract prints it",
        computed=printed,
        footing="cited source",
        unlike="The programme's rate is of finished courses that began at caseness, by "
        "questionnaire at the end of treatment; the author's is of former clients met around "
        "injury claims, by his interview, some of them without treatment.",
    )


def gap_of_two_rates(evidence: Evidence, claim: Claim) -> Finding:
    """The standard less the critic's figure: right as a subtraction."""
    printed, _, _ = printed_figure(evidence)
    goal = evidence.quantity("claim_estimands", "standard_half_2014")
    return Finding(
        on="the national standard less the figure of the interviewed sample",
        computed=goal - printed,
        footing="cited source",
        unlike="One figure is of finished courses that began at caseness, by questionnaire; the "
        "other of former clients met around injury claims, by interview.",
    )


def before_and_after_injury(evidence: Evidence, claim: Claim) -> Finding:
    """No difference between parts of a sample whose counts were not seen."""
    return Finding(
        missing="The abstract says so in words and prints no counts by group; with as few "
        "recoveries as the sample has, an interval is needed. The table in the paper would check "
        "it."
    )


def room_for(evidence: Evidence, claim: Claim, most: float, other: Quantity) -> Finding:
    """A count of the reply, beside what the referrals received leave room for."""
    most = max(most, 0.0)
    limit = derive(most, "people", received(evidence), other, interval=Interval("bound", 0.0, most))
    return Finding(
        on=f"the most that the referrals received from {YEARS[0]} to {YEARS[-1]} leave room for, "
        "given the other count of the reply; not a count of people",
        computed=limit,
        footing="official statistics",
        missing=NO_REPLY,
    )


def referred_again(evidence: Evidence, claim: Claim) -> Finding:
    """People referred more than once: each needs at least a pair of referrals."""
    once = stated(evidence, ONCE, "people")
    return room_for(evidence, claim, (received(evidence).value - once.value) / 2, once)


def referred_once(evidence: Evidence, claim: Claim) -> Finding:
    """People referred once: what is left when each of the others has a pair of referrals."""
    again = stated(evidence, AGAIN, "people")
    return room_for(evidence, claim, received(evidence).value - 2 * again.value, again)


def period(evidence: Evidence, claim: Claim) -> Finding:
    """Length of the period from its ends, with and without both years counted whole."""
    first, last = (
        evidence.quantity("re_referral", "foi_once", column)
        for column in ("months_low", "months_high")
    )
    own = derive((last.value - first.value) / 12, "count", first, last, interval=RECORD)
    both = own + 1
    return Finding(
        on="years from 2012 to 2018, the one subtracted from the other; with both calendar years "
        f"counted whole {both}",
        own=own,
        others=(both,),
    )


def nobody_benefits(evidence: Evidence, claim: Claim) -> Finding:
    """No lasting benefit among people referred again: followed up only after the claim."""
    unwell, relapsed = (
        evidence.quantity("re_referral", row) for row in ("lorimer_still_case", "lorimer_relapsed")
    )
    return Finding(
        missing="No account up to then was found of how people referred again had fared in "
        "between, or of how many had been treated the first time. Scores at the end of the first "
        "treatment and before the second referral would check it.",
        later=100 - (unwell + relapsed),
        later_on="people who came back for treatment in one English service and were neither a "
        "case at the end of the first treatment nor relapsed before the second (Lorimer 2023)",
    )


def half_of_those_referred_once(evidence: Evidence, claim: Claim) -> Finding:
    """Recoveries if half of the people referred once recovered."""
    own = combined(
        lambda half, once: half / 100 * once,
        "people",
        stated(evidence, HALF, "percent"),
        stated(evidence, ONCE, "people"),
    )
    return Finding(
        on="the claimed rate times the people referred once, as the post combines them; in "
        "official tables that rate is of finished courses, here it is applied to everyone "
        "referred once, treated or not",
        own=own,
    )


def share_of_everyone_referred(evidence: Evidence, claim: Claim) -> Finding:
    """Those recoveries as a share of everyone referred, from the post's own figures."""
    own = combined(
        lambda recovered, once, again: 100 * recovered / (once + again),
        "percent",
        *(stated(evidence, row, "people") for row in (RECOVERED, ONCE, AGAIN)),
    )
    return Finding(
        on="recoveries over people referred once and more than once, all as printed in the post; "
        f"limits from their printed digits: {own.limits_text()}",
        own=own,
    )


def recovered_of_treated_elsewhere(evidence: Evidence, claim: Claim) -> Finding:
    """Remission in usual care of one trial, said to be what would happen without the programme."""
    events, followed = (
        evidence.quantity("controlled_outcomes", "reeact_usual_care_4m", column)
        for column in ("events", "n")
    )
    return Finding(
        on="PHQ-9 below its threshold at the first follow-up, among people followed up in the "
        "usual-care arm of an English trial (REEACT)",
        computed=share(events, followed),
        footing="cited source",
        unlike="The trial selected people by the depression scale and counts remission on it "
        "alone; the programme's rate takes people at caseness on either scale and asks for both "
        "to be below.",
    )


CHECKS: dict[str, Check] = {
    "s0_scott_recovery_92": interviewed_sample,
    "s2_scott_10_overall": sample_in_whole_percent,
    "s0_scott_recovery_10": whole_programme_by_interview,
    "s0_tip_of_iceberg_n90": sample_size,
    "s2_scott_90_consecutive": sample_size,
    "s2_recovery_much_less_than_50": less_than_claimed,
    "marks_gap_2018": gap_of_two_rates,
    "s2_scott_no_injury_difference": before_and_after_injury,
    ONCE: referred_once,
    AGAIN: referred_again,
    "s2_period_years": period,
    "s2_rereferral_means_no_effect": nobody_benefits,
    RECOVERED: half_of_those_referred_once,
    "s2_recovered_share": share_of_everyone_referred,
    "s2_a_third_not_half": share_of_everyone_referred,
    "scott_usual_care_same": recovered_of_treated_elsewhere,
}
