"""Checks of the claims about trials: masking, effects by control, what cited trials print."""

from __future__ import annotations

from functools import partial

from analysis.claims.reasons import Check, because
from analysis.evidence import Evidence
from analysis.printed_proportions import check_proportion
from analysis.quantity import Interval, derive
from analysis.ruling import Claim, Finding
from analysis.self_report.rater_masked import (
    CBT,
    GUIDED,
    OTHERS,
    SINCE_2000,
    UNGUIDED,
    gap,
    share_of,
    total,
)

# The posts on masking are undated; by their place they stand between 2017 and 2019.
UP_TO_CLAIM = SINCE_2000[:-1]
MASKED = "with_masked_clinician"
LEVEL = 0.95
UNTIL = "trials for depression since 2000"
REVIEW = "The cited review was not found; its table of trials would check it."


def masked_recently(evidence: Evidence, claim: Claim) -> Finding:
    """Trials of cognitive behaviour therapy with a masked clinician in the last years before."""
    recent = total(evidence, CBT, UP_TO_CLAIM[-1:], MASKED)
    period = UP_TO_CLAIM[-1].replace("_", " to ")
    on = f"trials of cognitive behaviour therapy for depression with a masked clinician, {period}"
    return Finding(on, exceptions=recent)


def masked_rarely(evidence: Evidence, claim: Claim) -> Finding:
    """Share of trials of cognitive behaviour therapy with a masked clinician."""
    found = share_of(evidence, CBT, UP_TO_CLAIM, MASKED)
    return Finding(f"{UNTIL}; cognitive behaviour therapy, masked clinician", computed=found)


def masked_less(evidence: Evidence, claim: Claim, *, group: str, other: str, of: str) -> Finding:
    """How much rarer masked outcomes are in one group of trials than in another."""
    found = gap(evidence, other, group, UP_TO_CLAIM)
    return Finding(f"{UNTIL}; share with a masked clinician, {of}", computed=found)


def effects_by_control(evidence: Evidence, claim: Claim) -> Finding:
    """Effects against a waiting list less those against usual care, by pooled open trials."""
    table = "effect_by_control"
    waiting = evidence.quantity(table, "depression_waiting_list")
    usual = evidence.quantity(table, "depression_usual_care")
    spread = [evidence.quantity(table, item, "se").value for item in (
        "depression_waiting_list", "depression_usual_care"
    )]  # fmt: skip
    half = 1.96 * (spread[0] ** 2 + spread[1] ** 2) ** 0.5
    value = waiting.value - usual.value
    limits = Interval("model", value - half, value + half, LEVEL)
    return Finding(
        "psychotherapy for depression: pooled effect against waiting lists less that against "
        "usual care, trials taken as independent; the claim's words for size are not tested",
        computed=derive(value, "standard deviations", waiting, usual, interval=limits),
    )


def of_review(evidence: Evidence, claim: Claim) -> Finding:
    """Share of high quality as the review's abstract prints it."""
    printed = evidence.quantity("printed_proportions", "cuijpers_2016_high_quality", "percent")
    return Finding("trials of high quality in the review's abstract", printed, "cited source")


def count_of_review(evidence: Evidence, claim: Claim) -> Finding:
    """The count of trials that gives the percentage which the abstract prints."""
    table, row = "printed_proportions", "cuijpers_2016_high_quality"
    printed = evidence.quantity(table, row, "percent")
    trials = round(evidence.table(table).loc[row, "n"])
    check = check_proportion(f"{printed.value:.1f}", trials)
    if not check.counts:
        return Finding("no count prints the share of the review's abstract", obtainable=False)
    count = derive(check.counts[0], "count", printed)
    on = "the only count of the review's trials that prints its abstract's share"
    return Finding(on, computed=count, footing="cited source")


def reading(
    evidence: Evidence, claim: Claim, *, table: str, row: str, column: str = "value", on: str
) -> Finding:
    """A figure that the cited source prints."""
    return Finding(on, computed=evidence.quantity(table, row, column), footing="cited source")


def interview_outcomes(evidence: Evidence, claim: Claim) -> Finding:
    """Outcomes of the trial by interview: those that our rows of it hold."""
    scores = evidence.table("trial_scores", study="PRaCTICED")
    rows = evidence.rows("trial_scores", scores.index)
    interviews = scores[~scores["instrument"].str.contains("PHQ|GAD|CORE|BDI|WSAS|EQ")]
    on = "outcomes of the trial in what was read are questionnaires; its protocol was seen in part"
    return Finding(on, exceptions=derive(len(interviews), "count", rows))


def trial_age(evidence: Evidence, claim: Claim, *, end: int) -> Finding:
    """An end of the ages that the trial's abstract prints."""
    table, row = "controlled_outcomes", "perrin_cbt"
    words = evidence.table(table).loc[row, "population"]
    ages = [int(word) for word in words.replace(",", " ").split() if word.isdigit()]
    age = derive(ages[end], "count", evidence.rows(table, [row]))
    return Finding("ages in the trial's abstract", computed=age, footing="cited source")


CHECKS: dict[str, Check] = {
    "s0_no_diagnostic_interview_outcome_barkham": interview_outcomes,
    "s0_no_recent_blind_cbt_trial": masked_recently,
    "s0_cbt_rarely_single_blind": masked_rarely,
    "s0_other_therapies_blind_even_less": partial(
        masked_less,
        group=OTHERS,
        other=CBT,
        of="cognitive behaviour therapy less other therapies",
    ),
    "s0_step2_weakest_evidence": partial(
        masked_less, group=GUIDED, other=UNGUIDED, of="other formats less guided self-help"
    ),
    "s0_etherapies_with_rct": partial(
        reading,
        table="attrition_claims",
        row="etherapy_abstract_tested",
        on="e-therapies with a trial, of those recommended, in the cited abstract",
    ),
    "s0_etherapies_no_blind_interview": because(
        "The outcomes of the review's trials are not coded in its abstract; its table of outcomes "
        "would check it. One trial in an English service did interview, at three months."
    ),
    "s0_zhu_trials": because(REVIEW),
    "s0_zhu_self_report": because(REVIEW),
    "s0_cuijpers_high_quality_share": of_review,
    "s0_cuijpers_high_quality_count": count_of_review,
    "s0_cuijpers_effects_vs_control": effects_by_control,
    "s0_half_had_blind_assessors": because(
        "The review's table of risk of bias was not seen; it would check the share."
    ),
    "s1_c_none_controlled": because(
        "The comment does not list the trials that it means, nor say what control would be "
        "adequate; a list of them with their controls would check it."
    ),
    "s2_liness_no_real_world_outcome": because(
        "Neither paper was read, and a real-world outcome is not defined; the papers' tables of "
        "outcomes would check it."
    ),
    "s2_perrin_remission": partial(
        reading,
        table="controlled_outcomes",
        row="perrin_cbt",
        column="percent",
        on="young people free of the disorder at a masked interview after therapy",
    ),
    "s2_perrin_waitlist": partial(
        reading,
        table="controlled_outcomes",
        row="perrin_waiting_list",
        column="percent",
        on="young people free of the disorder at a masked interview on the waiting list",
    ),
    "s2_perrin_sessions": because(
        "The abstract gives the length of the therapy in weeks, and no number of sessions; the "
        "paper's section on treatment would check it."
    ),
    "s2_perrin_age_min": partial(trial_age, end=0),
    "s2_perrin_age_max": partial(trial_age, end=1),
    "s2_perrin_followup": partial(
        reading,
        table="durability",
        row="perrin_followup_3m",
        column="months",
        on="months of follow-up over which the abstract says that gains held, treated people only",
    ),
}
