"""Checks of the claims about who is lost on the way, from annual counts and from cited studies."""

from __future__ import annotations

from functools import partial

from analysis.attrition.chain_annual import figures
from analysis.attrition.chain_cohorts import doncaster_figures
from analysis.claims.reasons import Check
from analysis.claims.universal import counter_examples
from analysis.evidence import Evidence
from analysis.ruling import Claim, Finding, stated

ENDED = "of referrals that ended in 2018-19"


def on_base(
    evidence: Evidence, claim: Claim, *, name: str, on: str, others: dict[str, str] | None = None
) -> Finding:
    """An official share on the base that the words name, and on others that they could mean.

    Args:
        evidence: the evidence.
        claim: the claim.
        name: share of `chain_annual.figures`.
        on: what that share is of.
        others: further shares by name, with what each is of.
    """
    found = figures(evidence)
    told = "".join(f"; {what}: {found[other]}" for other, what in (others or {}).items())
    return Finding(
        f"{on}{told}",
        computed=found[name],
        footing="official statistics",
        others=tuple(found[other] for other in others or {}),
    )


def rejection(evidence: Evidence, claim: Claim) -> Finding:
    """Rejecting the service: not finishing, or not starting."""
    found, site = figures(evidence), doncaster_figures(evidence)
    return Finding(
        f"did not finish, {ENDED}, people found unsuitable or sent elsewhere included; not "
        f"treated, of referrals received: {found['before_treatment']}; not treated, in the study "
        f"cited: {site['first_two']}",
        computed=found["not_finished_ended"],
        footing="official statistics",
        others=(found["before_treatment"], site["first_two"]),
    )


def before_second(evidence: Evidence, claim: Claim, *, own: str = "") -> Finding:
    """Lost before a second session: in one cohort, and across cohorts.

    Args:
        evidence: the evidence.
        claim: the claim.
        own: the claim whose figure this one restates in words; none if empty.
    """
    found = figures(evidence)
    return Finding(
        "treated once, of all treated that ended in 2021-22; finished courses over first "
        f"treatments of the year leave {found['second_divided']}, and with the starts rounded as "
        "they were announced the figure claimed",
        computed=found["second_cohort"],
        own=stated(evidence, own, "percent") if own else None,
        footing="official statistics",
        others=(found["second_divided"],),
    )


def read_as_completion(evidence: Evidence, claim: Claim) -> Finding:
    """A share of all finished courses, read as the share of a pathway that finishes."""
    return Finding(
        "finished courses of 2022-23 with low intensity only, of all finished courses; how many "
        "entered that pathway is not published",
        computed=figures(evidence)["low_of_finished"],
        footing="official statistics",
        departs="the official table gives a share of all finished courses, not of those who "
        "entered the pathway",
    )


NOT_TREATED = "not treated, of referrals received in 2018-19, first treatments over referrals"
NOT_FINISHED = {"not_finished_received": "of referrals received"}
OF_TREATED = {"once_treated": "of the treated"}
CHECKS: dict[str, Check] = {
    "s0_reports_only_completers": counter_examples,
    "s1_rejection_is_the_norm": rejection,
    "s1_most_decline": partial(
        on_base,
        name="not_finished_ended",
        on=f"did not finish, {ENDED}, people found unsuitable or sent elsewhere included",
    ),
    "s2_lost_before_treatment": partial(on_base, name="before_treatment", on=NOT_TREATED),
    "s2_lost_before_treatment_third": partial(on_base, name="before_treatment", on=NOT_TREATED),
    "s2_not_completing": partial(
        on_base, name="not_finished_ended", on=f"did not finish, {ENDED}", others=NOT_FINISHED
    ),
    "s2_not_completing_two_thirds": partial(
        on_base, name="not_finished_ended", on=f"did not finish, {ENDED}", others=NOT_FINISHED
    ),
    **{
        row: partial(
            on_base,
            name="once_ended",
            on=f"treated once, {ENDED}, by way of a rounded share",
            others=OF_TREATED,
        )
        for row in ("s2_one_session_only", "s2_one_session_only_third")
    },
    "s3_lost_before_second": before_second,
    "s3_lost_half_santa": partial(before_second, own="s3_lost_before_second"),
    "half_one_session": partial(
        on_base, name="half_once", on="treated once, of all treated that ended in 2019-20"
    ),
    "potholes_one_session": partial(
        on_base,
        name="later_cohort",
        on="treated once, of all treated that ended in 2022-23",
        others={"later_divided": "finished courses over first treatments leave"},
    ),
    "potholes_low": read_as_completion,
}
