"""Checks of the claims about sessions, low and high intensity, and waits."""

from __future__ import annotations

from functools import partial

from analysis.attrition.chain_annual import figures
from analysis.attrition.chain_sessions import YEAR, below_rule, claimed_mean
from analysis.attrition.dose_sources import ended, yearly
from analysis.attrition.low_intensity import among_treated, step_shares
from analysis.attrition.waits import longer, year_bands
from analysis.claims.reasons import Check, because
from analysis.evidence import Evidence
from analysis.quantity import Quantity, derive, share
from analysis.ruling import Claim, Finding

LATER_MONTH = "2022-01"
STEPS_YEAR = "2018-19"  # the last with intensity by course that was out when the posts were made
EARLIER_STEPS = "2017-18"  # for a post dated by its place only, between 2017 and 2019
LATER_STEPS = "eng_2024_25_assessment_to_low"
RULE = "seven"
BODY = (
    "The body of the study that it cites was not seen, and official tables up to its date do not "
    "give the order of steps. That paper, or first and later steps by course, would check it."
)
WEEKS = (
    "Only the abstract of the study that it cites was seen, without this figure, and no official "
    "length of treatment is published. The paper, or days from first to last appointment, would "
    "check it."
)


def mean_sessions(evidence: Evidence, claim: Claim, *, aside: str = "") -> Finding:
    """Mean sessions of finished courses in the year before the claim, as officially reported."""
    return Finding(
        f"finished courses, England, {YEAR}, mean number of treatment sessions{aside}",
        computed=evidence.quantity("sessions_distribution", "eng_2018_19_mean"),
        footing="official statistics",
        later=evidence.quantity("sessions_distribution", "eng_2021_22_mean"),
        later_on="the same, 2021-22",
    )


def dropped_by_rule(evidence: Evidence, claim: Claim) -> Finding:
    """Share below a number of sessions when only a mean is known: bounds, which decide nothing."""
    own = below_rule(evidence, claimed_mean(evidence))
    return Finding(
        "finished courses with fewer sessions than the rule asks for, bounds from the official "
        f"mean of {YEAR}; from the post's own mean {own.limits_text()}",
        computed=below_rule(evidence, yearly(evidence, YEAR)),
        own=own,
        footing="official statistics",
        missing="A mean does not fix a share: the bounds hold the figure and almost any other. The "
        "distribution of sessions in that year would check it.",
        later=below_rule(evidence, ended(evidence, LATER_MONTH, treated_only=True)),
        later_on="everyone treated at least once whose referral ended in January 2022, bounds "
        "from figures published later",
    )


def drop_out_rule(evidence: Evidence, claim: Claim) -> Finding:
    """The number of sessions said to define a drop-out, against definitions in use."""
    table = evidence.table("dropout_benchmarks")
    each = table["definition"].str.contains("each").sum()
    such = table["definition"].str.contains(RULE).sum()
    nearest = evidence.quantity("dose_thresholds", "veterans_eight", "sessions_low")
    rows = evidence.rows("dropout_benchmarks", table.index)
    return Finding(
        f"nearest rule found: an adequate dose for US veterans. Of {len(table)} published rates of "
        f"leaving, {each} leave the definition to each study and {such} use the number claimed; "
        "the source cited was not found",
        computed=derive(nearest.value, "sessions", nearest, rows),
        departs="no definition in common use was found, and the one claimed is not among them",
    )


def counting_rule(evidence: Evidence, claim: Claim) -> Finding:
    """Treatment sessions that make a finished course by the official construction."""
    return Finding(
        "attended treatment appointments of a finished course, by the constructions sheet of the "
        "official time series",
        computed=evidence.quantity("dose_thresholds", "programme_two", "sessions_low"),
        footing="official statistics",
    )


def short_trials(evidence: Evidence, claim: Claim, *, column: str, on: str) -> Finding:
    """Therapy arms of cognitive behaviour therapy as short as the statement says none is."""
    frame = evidence.table("trial_sessions", therapy="cbt", form="any")
    arms = [evidence.quantity("trial_sessions", str(row), column) for row in frame.index]
    return Finding(
        f"therapy arms {on}, in trials published up to 2019 in open databases; mostly the number "
        "planned, and modules of self-help count as sessions",
        exceptions=sum(arms[1:], arms[0]),
    )


def finished_steps(evidence: Evidence, year: str) -> dict[str, Quantity]:
    """Shares of finished courses by intensity in one year."""
    return step_shares(evidence)[year]


def low_received(
    evidence: Evidence, claim: Claim, *, year: str = STEPS_YEAR, only: bool = False
) -> Finding:
    """Low intensity at any step, of finished courses.

    Args:
        evidence: the evidence.
        claim: the claim.
        year: financial year.
        only: whether the words could also mean low intensity and nothing else.
    """
    shares = finished_steps(evidence, year)
    everyone = among_treated(figures(evidence)["once_treated"], shares["any_low"])
    others = (everyone, shares["low"]) if only else (everyone,)
    alone = f"; low intensity only {shares['low']}" if only else ""
    return Finding(
        f"finished courses of {year} with low intensity at some step{alone}; of everyone treated, "
        f"{everyone.limits_text()}, as the intensity of a single appointment is not published. "
        "Offers are not counted",
        computed=shares["any_low"],
        footing="official statistics",
        others=others,
    )


def low_and_nothing_else(evidence: Evidence, claim: Claim) -> Finding:
    """Low intensity only, of finished courses, which are those whose intensity is published."""
    shares = finished_steps(evidence, STEPS_YEAR)
    everyone = among_treated(figures(evidence)["once_treated"], shares["low"])
    return Finding(
        f"finished courses of {STEPS_YEAR} with low intensity only; of everyone treated, "
        f"{everyone.limits_text()}, as the intensity of a single appointment is not published. "
        "Whether low intensity is psychological therapy is disputed",
        computed=shares["low"],
        footing="official statistics",
        others=(everyone,),
    )


def low_first(evidence: Evidence, claim: Claim, *, later: str = LATER_STEPS, on: str) -> Finding:
    """First and later steps: published only after the claim.

    Args:
        evidence: the evidence.
        claim: the claim.
        later: row of the later official count.
        on: what that count is of.
    """
    shares = finished_steps(evidence, STEPS_YEAR)
    count, whole = (
        evidence.quantity("first_treatment_intensity", later, column) for column in ("value", "n")
    )
    return Finding(
        f"nearest figures: finished courses of {STEPS_YEAR}, low intensity at some step "
        f"{shares['any_low']}, both low and high {shares['both']}",
        missing=BODY,
        later=share(count, whole),
        later_on=f"finished courses of 2024-25, {on}",
    )


def high_received(evidence: Evidence, claim: Claim) -> Finding:
    """High intensity at any step: of finished courses, and at least of everyone treated."""
    shares = finished_steps(evidence, STEPS_YEAR)
    everyone = among_treated(figures(evidence)["once_treated"], shares["any_high"])
    return Finding(
        f"finished courses of {STEPS_YEAR} with high intensity at some step; of everyone treated, "
        f"{everyone.limits_text()}. The body of the study cited, on some services, was not seen",
        computed=shares["any_high"],
        footing="official statistics",
        others=(everyone,),
        missing=BODY,
    )


def wait_by_step(evidence: Evidence, claim: Claim) -> Finding:
    """Mean wait for high intensity less that for low intensity, in the one service found."""
    means = (
        evidence.quantity("waits_first_to_second", f"liverpool_2018_step{step}") for step in (2, 3)
    )
    low, high = (derive(mean.value, "weeks", mean, decimals=1) for mean in means)
    return Finding(
        f"nearest: one local service, Liverpool, October 2018, from assessment to treatment: "
        f"{high} less {low}. Waits by intensity are not published nationally, and how much longer "
        "is not said",
        computed=derive(high.value - low.value, "weeks", high, low, decimals=1),
        missing="No national count of waits by intensity was seen; waits by step in the data set "
        "would check it.",
    )


def second_wait(evidence: Evidence, claim: Claim) -> Finding:
    """Days between first and second treatment, of finished courses."""
    return Finding(
        "finished courses of 2018-19 with more days than that between first and second treatment; "
        "nobody who left in between is counted",
        computed=longer(year_bands(evidence)["2018-19"], 28),
        footing="official statistics",
    )


TO_LOW = "a step from assessment to low intensity"
CHECKS: dict[str, Check] = {
    "s0_mean_sessions_2018_19": partial(
        mean_sessions, aside="; the study cited is on London services, its body was not seen"
    ),
    "s0_mean_sessions_completers": mean_sessions,
    "s0_treatment_weeks": because(WEEKS),
    "s0_likely_dropout_75": dropped_by_rule,
    "s0_dropout_definition": drop_out_rule,
    "s0_completer_two_sessions": counting_rule,
    "s1_dose_subtherapeutic": partial(
        short_trials,
        column="arms_upto_6_by_2019",
        on="of cognitive behaviour therapy with no more sessions than the mean claimed",
    ),
    "s1_no_trial_at_iapt_dose": partial(
        short_trials,
        column="arms_5_to_7_by_2019",
        on="of cognitive behaviour therapy within a session of the mean claimed",
    ),
    "s0_low_intensity_first": partial(low_first, on=TO_LOW),
    "s0_low_intensity_three_quarters": partial(low_first, on=TO_LOW),
    "s0_stepped_up": partial(
        low_first, later="eng_2024_25_step_up", on="a step from low to high intensity"
    ),
    "s0_high_intensity_total": high_received,
    "s0_step2_most_offered": partial(low_received, year=EARLIER_STEPS),
    "s2_majority_low_intensity": partial(low_received, only=True),
    "s2_most_get_no_psychotherapy": low_and_nothing_else,
    "s0_high_intensity_waits_longer": wait_by_step,
    "s0_half_wait_28_days": second_wait,
}
