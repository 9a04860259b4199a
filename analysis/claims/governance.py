"""Checks of the claims about who checks the programme: statements of none, never and all."""

from __future__ import annotations

from analysis.claims import governance_targets
from analysis.claims.reasons import Check, because
from analysis.claims.universal import counter_examples

BROADCAST = "The broadcast could not be heard; a recording or a transcript would check it."
# Statements whose cases stand in the table of counter-examples.
SEARCHED = (
    "s0_nobody_tests_payback",
    "s0_cqc_may_not_inspect",
    "s0_decade_without_scrutiny",
    "s0_nao_plans_no_audit",
    "s0_dh_did_nothing_on_cqc",
    "s0_all_stakeholders_failed",
    "s0_no_debate_allowed",
    "s0_no_public_independent_assessment",
    "s0_nhse_no_independent_evidence",
    "s0_no_fidelity_check",
    "s1_c_no_independent_audit",
    "s2_liverpool_no_assessment",
    "s2_no_outcome_audit",
    "s2_no_drug_standard_assessment",
    "s3_no_followup_asked",
    "s3_no_commissioner_asks",
    "s4_unique_transparency",
    "own_homework_only",
    "nhse_all_outcomes_published",
    "psyreflect_never_reached",
)

CHECKS: dict[str, Check] = {
    **governance_targets.CHECKS,
    **dict.fromkeys(SEARCHED, counter_examples),
    "s0_barkham_authors_all_linked": because(
        "The declarations of interest were not seen; the declaration printed with the paper, "
        "author by author, would check it."
    ),
    "s1_layard_61_meetings": because(
        "The book was not read and keeps the count to its author's own account; the book would "
        "check what it says, and ministers' published meetings a part of them."
    ),
    "s2_nhse_no_audit_cited": because(BROADCAST),
    "s2_public_all_negative": because(
        BROADCAST + " Callers choose to call, so that they speak for nobody but themselves."
    ),
    "s2_bad_apples": because(
        "What the staff meant are said to have done is not stated, and no survey measures what "
        "staff did: the one that is cited asks what they were asked to do. An anonymous survey of "
        "a random sample of services would check it."
    ),
    "s2_nao_cost": because(
        "The sum is known only from the reply as the critic quotes it; the letter, or the "
        "auditor's own account of the work, would check it."
    ),
    "s3_no_other_service_so_lax": because(
        "No definition of a completed course in cancer care or physiotherapy was collected; a "
        "survey of the rules of such services would check it."
    ),
    "s4_nature_2012": because(
        "The editorial was not found; the journal's volume of the year would check it."
    ),
}
