"""Checks of the claims about recovery: against trials, other services and norms, and all others."""

from __future__ import annotations

from functools import partial

from analysis.claims import recovery_critic, recovery_rates, recovery_series
from analysis.claims.recovery_rates import Check
from analysis.evidence import Evidence
from analysis.quantity import RECORD, derive
from analysis.recovery.trials import PILOT
from analysis.ruling import Claim, Finding
from analysis.trial_contrasts import CONTRASTS, TrialName, trial_contrast


def trial_difference(
    evidence: Evidence, claim: Claim, *, trial: TrialName, on: str, cited: bool = False
) -> Finding:
    """What a named trial found, treated less control, in percentage points.

    Args:
        evidence: the evidence.
        claim: the claim.
        trial: which trial, at which time.
        on: what the difference is of.
        cited: the claim cites this trial.
    """
    return Finding(
        on=on,
        computed=trial_contrast(evidence, trial).risk_difference,
        footing="cited source" if cited else "other evidence",
    )


def printed_difference(evidence: Evidence, claim: Claim) -> Finding:
    """The difference of the rates that the abstract of the Norwegian trial prints."""
    service, usual = (
        evidence.quantity("controlled_outcomes", row, "percent")
        for row in ("pmhc_service_6m", "pmhc_usual_care_6m")
    )
    return Finding(
        on="reliable recovery in Norway at the first follow-up, service less usual care, everyone "
        "randomised, by questionnaire; the printed rates subtracted",
        computed=service - usual,
        footing="cited source",
    )


def beyond_time_and_attention(evidence: Evidence, claim: Claim) -> Finding:
    """Improvement beyond time and attention: no such comparison exists for the programme."""
    return Finding(
        on="nearest comparison: reliable recovery in Norway, a service of this kind less usual "
        "care, which is not time and attention alone",
        computed=trial_contrast(evidence, "pmhc_6m").risk_difference,
        missing="No public study compares the English programme with time and attention alone. A "
        "trial with such a control group would check it.",
    )


def better_than_before(evidence: Evidence, claim: Claim) -> Finding:
    """Independent comparisons of outcome that favour the programme over other services."""
    compared = evidence.table(CONTRASTS, study=PILOT, outcome="difference in outcome")
    favouring = compared.index[compared["result"] == "favours treatment"]
    return Finding(
        on="the independent comparison of a pilot with other services, as an editorial reports "
        f"it, at each of {len(compared)} times of measurement. A cost paper on the same sites "
        "implies more improvements at the pilot, beside services of the same time, with much "
        "uncertainty",
        exceptions=derive(
            float(len(favouring)),
            "count",
            evidence.rows(CONTRASTS, compared.index),
            interval=RECORD,
        ),
    )


def out_of_reach(evidence: Evidence, claim: Claim, *, why: str) -> Finding:
    """A claim that no public figure measures."""
    return Finding(missing=why)


CHECKS: dict[str, Check] = {
    **recovery_rates.CHECKS,
    **recovery_series.CHECKS,
    **recovery_critic.CHECKS,
    "s3_no_more_than_time_and_attention": beyond_time_and_attention,
    "s1_no_better_than_predecessors": better_than_before,
    "knapstad_trial_2020": printed_difference,
    "reeact_no_benefit_2015": partial(
        trial_difference,
        trial="reeact_4m",
        on="PHQ-9 below its threshold at the first follow-up, English practices, supported "
        "computerised therapy with usual care less usual care alone, people followed up",
    ),
    "s0_yardstick_8_weeks": partial(
        out_of_reach,
        why="A norm that the author proposes, without a source; no published rule that sets this "
        "length was found. A consensus definition of recovery for both disorders would check it.",
    ),
    "s1_c_pace_no_benefit": partial(
        out_of_reach,
        why="The trial is of chronic fatigue, which this book does not cover, and its outcomes are "
        "not in its tables. The trial's own report and the later analyses of its data would "
        "check it.",
    ),
}
