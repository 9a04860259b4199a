"""Checks of the claims about cost and savings; first, how many people could leave benefits."""

from __future__ import annotations

from analysis.attrition.chain_first_treatment import links
from analysis.claims import cost_offset_payback, cost_offset_spend
from analysis.claims.cost_offset_spend import source_year
from analysis.claims.reasons import Check
from analysis.cost_offset.activity import annual_count
from analysis.cost_offset.work_mix import workless
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, derive
from analysis.ruling import Claim, Finding, combined, stated

EFFECTS, RECORDS = "employment_effects", "fidelity_records"
YEAR = "2020-21"  # the last annual report out by the end of the year of the post
OUT_OF_WORK = ("unemployed", "inactive", "on sick leave")
THROUGH_WORK = "event at work|through work|caused by work"
AT_WORK = "persistence|pace|adaptation"
OFFICIAL = (
    "finished courses of 2014-15 that began out of work, long-term sick or on benefit, from the "
    "annual report as a think tank reads it"
)
TABLE_UNSEEN = (
    "The table of the cited paper was not seen, and no official count keeps this group apart; "
    "either would check it."
)


def in_group(evidence: Evidence, claim: Claim) -> Finding:
    """One of both groups: not published apart; both together are."""
    return Finding(
        f"nearest, both groups together: {OFFICIAL}",
        computed=workless(evidence)["official"],
        missing=TABLE_UNSEEN,
    )


def both_groups(evidence: Evidence) -> Quantity:
    """Unemployed and long-term sick clients together, as the claimant gives their shares."""
    parts = (
        stated(evidence, row, "percent")
        for row in ("s0_share_unemployed", "s0_share_sick_disabled")
    )
    return combined(lambda one, other: one + other, "percent", *parts)


def out_of_work(evidence: Evidence, claim: Claim) -> Finding:
    """Share of clients out of work, by the claimant's own shares and officially."""
    return Finding(
        f"{OFFICIAL}; the claim's own two shares add to {both_groups(evidence)}",
        computed=workless(evidence)["official"],
        footing="official statistics",
        own=both_groups(evidence),
    )


def taken_as(evidence: Evidence, claim: Claim) -> Finding:
    """The share that the sum starts from, against the official share."""
    own = both_groups(evidence)
    return Finding(
        f"{OFFICIAL}; the author's own two shares add to {own}, and he takes the low end of the "
        "range that he gives",
        computed=workless(evidence)["official"],
        footing="official statistics",
        others=(own,),
    )


def target_group(evidence: Evidence, claim: Claim) -> Finding:
    """Clients times share as stated, and people who started times the official share."""
    clients = stated(evidence, "s0_access_target_2021", "people")
    part = stated(evidence, "s0_target_group_share", "percent")
    starts = annual_count(evidence, "first_treatment", YEAR)
    share = workless(evidence)["official"]
    other = derive(starts.value * share.value / 100, "people", starts, share, interval=UNSTATED)
    return Finding(
        f"the claim's own product, with the target as clients; people who started in {YEAR} times "
        "the official share give another",
        own=combined(lambda number, percent: number * percent / 100, "people", clients, part),
        others=(other,),
    )


def reached(evidence: Evidence, claim: Claim) -> Finding:
    """The target group less missed first appointments as stated; by the target none are lost."""
    group = stated(evidence, "s0_target_group_people", "people")
    missed = stated(evidence, "s0_dna_first_treatment", "percent")
    return Finding(
        "the claim's own product; but the target counts people who have come to a first treatment, "
        "so that on that base all of the group met a therapist",
        own=combined(lambda number, lost: number * (1 - lost / 100), "people", group, missed),
        others=(links(evidence)["start"],),
    )


def exposed(evidence: Evidence, claim: Claim) -> Finding:
    """Those reached less those with one appointment; by the target, starters who finish."""
    group = stated(evidence, "s0_target_group_reached", "people")
    once = stated(evidence, "s0_one_session_of_starters", "percent")
    return Finding(
        "the claim's own product; if the group counts people who start, as the target does, those "
        "of them who finish a course by the official share of 2018-19",
        own=combined(lambda number, lost: number * (1 - lost / 100), "people", group, once),
        others=(links(evidence)["official_started"],),
    )


def written_out(evidence: Evidence, claim: Claim) -> Finding:
    """The same number as the sentence gives it in millions."""
    millions = stated(evidence, "s0_exposed_million", "people")
    return Finding(
        f"the figure of the same sentence in millions, {millions.with_limits()}, which its "
        "own inputs give; the number written out lies within its rounding. If the group counts "
        "people who start, those of them who finish a course by the official share of 2018-19",
        own=millions,
        others=(links(evidence)["official_started"],),
    )


def sessions_of_group(evidence: Evidence, claim: Claim) -> Finding:
    """Sessions by work status: not published."""
    return Finding(
        "nearest: mean of all finished courses in England, 2018-19, whatever the work status",
        computed=evidence.quantity("sessions_distribution", "eng_2018_19_mean"),
        missing="A judgement of the author; sessions by work status at the start are not "
        "published, and records of both would check it.",
    )


def addressable(evidence: Evidence, claim: Claim) -> Finding:
    """How many were harmed by their work is not known."""
    return Finding(
        "before leaving anybody out: those of the target group who would finish a course by the "
        "official share of 2018-19, if it counts people who start",
        computed=links(evidence)["official_started"],
        missing="How many are out of work because their work harmed them is not published; a "
        "question on the cause in the data set would check it.",
    )


def studies_of_dose(evidence: Evidence, claim: Claim) -> Finding:
    """Studies with more work afterwards, of people out of work through an event at work."""
    more = evidence.table(EFFECTS, direction="more work")
    before = more[more["source"].map(source_year) <= int(claim.asserted_on[:4])]
    narrow = before[before["population"].str.contains(THROUGH_WORK)]
    near = before[before["group"].isin(OUT_OF_WORK)]
    rows = evidence.rows(EFFECTS, before.index)
    names = ", ".join(dict.fromkeys(near["study"]))
    return Finding(
        "none among studies of work by the year of the post; narrowed by studies of people out of "
        f"work or on sick leave for other or unstated reasons that found more work: {names}",
        exceptions=derive(len(narrow), "count", rows),
    )


def targets_at_work(evidence: Evidence, claim: Claim) -> Finding:
    """Published records of what is targeted or taught about functioning at work."""
    frame = evidence.table(RECORDS)
    found = frame[frame["item"].str.contains(AT_WORK)]
    advisers = evidence.quantity("employment_flows", "support_into_work", "n")
    rows = evidence.rows(RECORDS, frame.index) | advisers.rows
    return Finding(
        f"none in published records of fidelity and competence; narrowed by employment support "
        f"beside therapy, given to {advisers} in five London services, whose content was not seen",
        exceptions=derive(len(found), "count", rows),
    )


def against_counselling(evidence: Evidence, claim: Claim) -> Finding:
    """Studies of work that compare the programme with counselling."""
    frame = evidence.table(EFFECTS)
    frame = frame[frame["source"].map(source_year) <= int(claim.asserted_on[:4])]
    found = frame[frame["comparator"].str.contains("counselling", na=False)]
    return Finding(
        "none among studies of work by the year of the post has counselling as the comparison",
        exceptions=derive(len(found), "count", evidence.rows(EFFECTS, frame.index)),
    )


def access_target(evidence: Evidence, claim: Claim) -> Finding:
    """The access target as another source gives it, and what was reached."""
    row = "access_people_2020_21"
    return Finding(
        "target for 2020-21 as a think tank gives it; the text names a calendar year",
        computed=evidence.quantity("targets", row, "target_value"),
        later=evidence.quantity("targets", row, "actual_value"),
        later_on="referrals entering treatment in 2020-21",
    )


CHECKS: dict[str, Check] = {
    **cost_offset_payback.CHECKS,
    **cost_offset_spend.CHECKS,
    "s0_share_unemployed": in_group,
    "s0_share_sick_disabled": in_group,
    "s0_share_on_benefit_low": out_of_work,
    "s0_share_on_benefit_high": out_of_work,
    "s0_benefit_group_is_minority": out_of_work,
    "s0_target_group_share": taken_as,
    "s0_target_group_people": target_group,
    "s0_target_group_reached": reached,
    "s0_exposed_million": exposed,
    "s0_exposed_people": written_out,
    "s0_expected_sessions_target_group": sessions_of_group,
    "s0_addressable_under_100k": addressable,
    "s0_no_evidence_dose_changes_work": studies_of_dose,
    "s0_no_evidence_occupational_targets": targets_at_work,
    "s0_no_productivity_gain_over_counselling": against_counselling,
    "s0_access_target_2021": access_target,
}
