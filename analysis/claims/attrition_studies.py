"""Checks of the claims that rest on cited studies: appointments, commentaries, trials, reasons."""

from __future__ import annotations

from functools import partial

from analysis.attrition.benchmarks import rate
from analysis.attrition.chain_annual import figures
from analysis.attrition.chain_first_treatment import links
from analysis.attrition.pathway_studies import printed
from analysis.attrition.pathway_years import annual
from analysis.claims.reasons import Check, because
from analysis.evidence import Evidence
from analysis.quantity import derive
from analysis.ruling import Claim, Finding

CITED_DAVIS = "about so many first appointments, of any purpose, not attended (Davis abstract)"
MOLLER_BODY = (
    "The paper's abstract gives only the share that did not complete; whether the paper divides it "
    "so was not seen. Its body would check it."
)
MUS = (
    "No trial of therapy for medically unexplained symptoms is in the book's tables; the flow "
    "charts of those trials would check it."
)
STARTED = "of the treated that ended in 2018-19"


def missed_first(evidence: Evidence, claim: Claim, *, of: str, study: bool = False) -> Finding:
    """Missed first appointments, told as a share of people.

    Args:
        evidence: the evidence.
        claim: the claim.
        of: the people of whom the claim tells it.
        study: whether a later study measured the share among those assessed.
    """
    chain = links(evidence)
    later = printed(evidence, "sweetman_started", remaining=False) if study else None
    return Finding(
        f"{CITED_DAVIS}; nearest official figure: {chain['not_started']} of referrals received in "
        "2018-19 were not treated",
        computed=evidence.quantity("attrition_claims", "davis_abstract_first_missed"),
        footing="cited source",
        departs=f"the source counts first appointments, of any purpose; the claim counts {of}",
        later=later,
        later_on="assessed and not treated, in services of the North of England (Sweetman 2023)"
        if study
        else "",
    )


def once_of_starters(evidence: Evidence, claim: Claim, *, ended: bool = False) -> Finding:
    """Treated once, of the treated; the body of the cited study was not seen.

    Args:
        evidence: the evidence.
        claim: the claim.
        ended: whether the words could also mean everyone assessed or referred.
    """
    found = figures(evidence)
    others = (found["half_once"], *([found["once_ended"]] if ended else []))
    more = f"; of all that ended {found['once_ended']}" if ended else ""
    return Finding(
        f"treated once, {STARTED}; in 2019-20 {found['half_once']}{more}. The study cited has "
        "no such figure in its abstract",
        computed=found["once_treated"],
        footing="official statistics",
        others=others,
    )


def odds_below(evidence: Evidence, claim: Claim, *, rows: dict[str, str]) -> Finding:
    """How far odds of attending lie below those of the comparison, 100 (1 − odds ratio), percent.

    Args:
        evidence: the evidence.
        claim: the claim.
        rows: rows of the cited study's table, with whom each is of.
    """
    found = {}
    for row, who in rows.items():
        ratio = evidence.quantity("attendance_predictors", row, "odds_ratio")
        found[who] = derive(100 * (1 - ratio.value), "percent", ratio, decimals=0)
    first, *rest = found.values()
    told = "; ".join(f"{who}: {gap}" for who, gap in found.items())
    return Finding(
        f"odds of attending lower by, adjusted, in the services of the cited study; {told}",
        computed=first,
        footing="cited source",
        others=tuple(rest),
    )


def moller(evidence: Evidence, claim: Claim, *, start: str, end: str, on: str) -> Finding:
    """What official counts of the paper's year give on the nearest base."""
    counts = annual(evidence)["2017-18"]
    value = 100 * (counts[start].value - counts[end].value) / counts["referrals_received"].value
    found = derive(value, "percent", *(counts[x] for x in (start, end, "referrals_received")))
    return Finding(
        f"{on}, of referrals received in 2017-18, across cohorts; the paper's abstract is on the "
        "national report of that year",
        computed=found,
        footing="official statistics",
        missing=MOLLER_BODY,
    )


def whole_report(evidence: Evidence, claim: Claim) -> Finding:
    """The earlier paper rests on the whole national report, the later one on some services."""
    return Finding(
        "referrals of the earlier paper, by its abstract; the number of people in the later one "
        "was not seen",
        computed=evidence.quantity("attrition_claims", "moller_abstract_referrals"),
        footing="cited source",
        departs="the earlier paper is on the national report of a year, all services; the later "
        "one is on some of them",
    )


def dropped_out_once_begun(evidence: Evidence, claim: Claim) -> Finding:
    """Leaving after treatment began: treated once is counted, leaving later is not."""
    found = figures(evidence)
    return Finding(
        f"nearest figure: treated once, {STARTED}, by whoever ended it",
        computed=found["once_treated"],
        footing="official statistics",
        missing="Up to its date nobody published how treatments ended that had begun, and the "
        "post shows no count. End codes by number of appointments would check it.",
    )


def etherapies(evidence: Evidence, claim: Claim) -> Finding:
    """Drop-out in trials of the electronic therapies, as the cited review prints it."""
    control = rate(evidence, "etherapy_controls")
    return Finding(
        "mean over trial arms given an electronic therapy, by the cited review; in the control "
        f"arms of the same trials {control}",
        computed=rate(evidence, "etherapy_arms"),
        footing="cited source",
    )


def dismissed(evidence: Evidence, claim: Claim) -> Finding:
    """Loss in the service and loss in trials, which start from other people."""
    found, arms = figures(evidence), rate(evidence, "cooper_arms")
    median = evidence.quantity("trial_loss", "depression_lost_therapy_all_all", "median")
    return Finding(
        f"treated once, {STARTED}, less drop-out from therapy arms of depression trials; the "
        f"median therapy arm in an open database lost {median} to the study. How trials would have "
        "been judged is not measured",
        computed=found["once_treated"] - arms,
        unlike="Loss from the service is counted from referral or first treatment, loss in trials "
        "from randomisation, after assessment and consent.",
    )


def reasons_known(evidence: Evidence, claim: Claim) -> Finding:
    """Studies up to the claim that asked people why they did not come or stay."""
    year = int(claim.asserted_on[:4])
    frame = evidence.table("one_session", topic="reason")
    before = frame[[int(study[-4:]) <= year for study in frame["study"]]]
    return Finding(
        f"published studies of reasons: {', '.join(before['study'])}, of people who did not attend "
        "or came once. If only the trials named "
        "before are meant, nothing in the book's tables bears on it",
        exceptions=derive(len(before), "count", evidence.rows("one_session", before.index)),
    )


CHECKS: dict[str, Check] = {
    "s0_dna_first_treatment": partial(missed_first, of="clients, and first treatments"),
    "s0_assessed_not_treated": partial(missed_first, of="people assessed", study=True),
    "s0_one_session_of_starters": once_of_starters,
    "s0_one_session_about_same": partial(once_of_starters, ended=True),
    "s0_unemployed_attend_less": partial(
        odds_below,
        rows={
            "davis_unemployed_seeking": "unemployed, against employed",
            "davis_long_term_sick": "long-term sick, against employed",
        },
    ),
    "s0_rereferred_attend_less": partial(
        odds_below, rows={"davis_number_of_referrals": "for each further referral"}
    ),
    "s0_moller_nonstarters": partial(
        moller, start="referrals_received", end="first_treatment", on="not started"
    ),
    "s0_moller_one_session": partial(
        moller, start="first_treatment", end="finished_course", on="started and did not finish"
    ),
    "s0_moller_smaller_sample": whole_report,
    "s0_dropout_three_in_four": dropped_out_once_begun,
    "s0_etherapy_dropout": etherapies,
    "s1_rcts_would_be_dismissed": dismissed,
    "s1_c_mus_trials_same_rates": because(MUS),
    "s1_c_dropout_at_every_step": because(MUS),
    "s1_c_dropout_reasons_never_examined": reasons_known,
    "s1_c_bounced_six_months": because(
        "It is one person's account of a local service; records of refused referrals and of when "
        "they came back would check it."
    ),
}
