"""Checks of the claims about the Doncaster cohort and about the critic's own sample."""

from __future__ import annotations

from functools import partial

from analysis.attrition.chain_annual import figures
from analysis.attrition.chain_cohorts import doncaster_figures, sample_figures
from analysis.claims.reasons import Check
from analysis.evidence import Evidence
from analysis.printed_proportions import check_proportion, possible_sizes
from analysis.quantity import RECORD, Interval, Quantity, derive
from analysis.ruling import Claim, Finding, combined, stated

STEPS = {"s1_rb_no_assessment": "s1_rb_assessment_only"}
STEPS |= {second: first for first, second in STEPS.items()}
ABSTRACT = "Doncaster demonstration site, referrals of 2006 to 2008, by the study's abstract"
SESSION_SHARES = (
    "scott_two_or_fewer",
    "scott_fewer_than_six",
    "scott_six_to_eight",
    "scott_eight_or_fewer",
    "scott_twenty_or_more",
)
TABLE_UNSEEN = (
    "Only the author's own table gives it, and the table of the paper that it cites was not seen; "
    "that table would check it."
)
LEVEL = 0.95


def abstract_referred(evidence: Evidence) -> tuple[Quantity, Quantity]:
    """Referred, and those with two sessions or more, as the abstract prints them."""
    referred, several = (
        evidence.quantity("attrition_claims", row)
        for row in ("rb_abstract_referred", "rb_abstract_two_plus")
    )
    return referred, several


def referred(evidence: Evidence, claim: Claim) -> Finding:
    """Consecutive patients of the cited study."""
    whole, _ = abstract_referred(evidence)
    return Finding(f"people referred; {ABSTRACT}", computed=whole, footing="cited source")


def one_step(evidence: Evidence, claim: Claim) -> Finding:
    """One of the first two steps, from the abstract's counts and the other step.

    The abstract prints both losses together: 1 − t/r = 1 − (1 − a)(1 − b), with t of r referred
    having two sessions or more.
    """
    whole, several = abstract_referred(evidence)
    other = stated(evidence, STEPS[claim.id], "percent")
    found = combined(
        lambda all_, some, share: 100 * (1 - some / all_ / (1 - share / 100)),
        "percent",
        whole,
        several,
        other,
    )
    return Finding(
        f"what the abstract's counts leave for this step, given the other step of the post; "
        f"alone it is not in the abstract. {ABSTRACT}",
        computed=found,
        footing="cited source",
    )


def one_session(evidence: Evidence, claim: Claim) -> Finding:
    """Room that the abstract leaves for people with a single session."""
    found = doncaster_figures(evidence)
    return Finding(
        f"of those whom the first steps leave in treatment, {found['left']}; the abstract prints "
        f"{found['two_plus']} with more than a single session. {ABSTRACT}",
        computed=found["room"],
        footing="cited source",
    )


def not_completed(evidence: Evidence, claim: Claim) -> Finding:
    """The product of the three steps, and what the abstract gives for the same rule."""
    found = doncaster_figures(evidence)
    return Finding(
        f"no more than a single session, of those referred; the post's own steps multiply to "
        f"{found['own']}. {ABSTRACT}",
        computed=found["abstract"],
        own=found["own"],
        footing="cited source",
    )


def less(evidence: Evidence, theirs: Quantity, ours: Quantity) -> Quantity:
    """Doncaster less the sample, with the sampling interval of the sample's share."""
    low, high = ours.interval.limits or (ours.value, ours.value)
    limits = Interval("sampling", theirs.value - high, theirs.value - low, LEVEL)
    return derive(theirs.value - ours.value, "percentage points", theirs, ours, interval=limits)


def both_patterns(evidence: Evidence) -> tuple[Quantity, Quantity]:
    """Doncaster less the sample: without treatment, and with a single session of the treated."""
    site, sample = doncaster_figures(evidence), sample_figures(evidence)
    once = stated(evidence, "s1_rb_one_session", "percent")
    untreated = less(evidence, site["first_two"], sample["untreated"])
    return untreated, less(evidence, once, sample["once_at_most"])


def identical(evidence: Evidence, claim: Claim) -> Finding:
    """The parts of both patterns that can be set side by side."""
    untreated, once = both_patterns(evidence)
    return Finding(
        "Doncaster less the author's sample, by the post's figures: a single session, of the "
        f"treated, where the sample can have had no more than its table leaves. Without treatment, "
        f"of all: {untreated.with_limits()}, which chance allows. Both print the same mean",
        computed=once,
        others=(untreated,),
    )


def no_improvement(evidence: Evidence, claim: Claim) -> Finding:
    """A change over time read from two samples of different people."""
    untreated, _ = both_patterns(evidence)
    early = evidence.quantity("pathway_official", "eng_2013_14_ended_finished")
    late = figures(evidence)["not_finished_ended"]
    return Finding(
        f"without treatment, Doncaster less the author's sample. In England {100 - early} of "
        f"ended referrals did not finish in 2013-14, and {late} in 2018-19",
        computed=untreated,
        unlike="One figure is of everyone referred to a demonstration site, the other of former "
        "clients met around injury claims.",
    )


def sample_size(evidence: Evidence, claim: Claim) -> Finding:
    """People in the study, as its abstract prints them."""
    return Finding(
        "people assessed by interview, as the study's abstract prints them",
        computed=evidence.quantity("critic_sample", "scott_assessed"),
        footing="cited source",
    )


def printed(evidence: Evidence, row: str) -> tuple[Quantity, str, int]:
    """A share of the author's table, as text, and the number of people stated for it."""
    record = evidence.table("critic_sample").loc[row]
    figure = evidence.quantity("critic_sample", row)
    base = round(record["n_printed"] - record["missing_stated"])
    return figure, f"{figure.value:.{int(record['decimals'])}f}", base


def table_share(evidence: Evidence, claim: Claim, *, row: str) -> Finding:
    """A share of the author's table: whether a whole number of the stated people prints it."""
    figure, text, base = printed(evidence, row)
    check = check_proportion(text, base)
    counts = " or ".join(str(count) for count in check.counts)
    how = f"{counts} of {base} people print it" if counts else check.wording
    return Finding(
        f"former clients met around injury claims, the author's own table, {base} people stated: "
        f"{how}",
        computed=figure,
        obtainable=check.obtainable,
        missing=TABLE_UNSEEN,
    )


def sum_of_items(evidence: Evidence, claim: Claim) -> Finding:
    """Up to eight sessions: the sum of both items above it in the table."""
    own = combined(
        lambda fewer, middle: fewer + middle,
        "percent",
        stated(evidence, "s1_scott_under_six", "percent"),
        stated(evidence, "s1_scott_six_to_eight", "percent"),
    )
    _, text, base = printed(evidence, "scott_eight_or_fewer")
    check = check_proportion(text, base)
    return Finding(
        f"the sum of both items above it in the author's table; {check.wording}",
        own=own,
        obtainable=check.obtainable,
    )


def table_average(evidence: Evidence, claim: Claim, *, row: str) -> Finding:
    """A mean or median of the author's table."""
    return Finding(
        "former clients met around injury claims, the author's own table; whether people without "
        "a session count is not said",
        computed=evidence.quantity("critic_sample", row),
        missing=TABLE_UNSEEN,
    )


def missing_data(evidence: Evidence, claim: Claim) -> Finding:
    """People stated less the largest number that can print every share of sessions."""
    people = evidence.quantity("critic_sample", "scott_assessed")
    most = round(people.value)
    sizes = [
        set(possible_sizes(printed(evidence, row)[1], None, 1, most).tolist())
        for row in SESSION_SHARES
    ]
    shares = [evidence.quantity("critic_sample", row) for row in SESSION_SHARES]
    base = max(set.intersection(*sizes), default=0)
    return Finding(
        f"people stated less the largest number, {base}, of which whole people print every share "
        "of sessions in the author's table",
        computed=derive(most - base, "people", people, *shares, interval=RECORD),
    )


CHECKS: dict[str, Check] = {
    "s1_rb_sample": referred,
    "s1_rb_no_assessment": one_step,
    "s1_rb_assessment_only": one_step,
    "s1_rb_one_session": one_session,
    "s1_rb_noncompletion": not_completed,
    "s1_pattern_identical": identical,
    "s1_no_improvement": no_improvement,
    "s1_scott_n": sample_size,
    "s1_scott_not_initiated": partial(table_share, row="scott_no_contact"),
    "s1_scott_assessment_only": partial(table_share, row="scott_assessment_only"),
    "s1_scott_mean_sessions": partial(table_average, row="scott_mean_sessions"),
    "s1_scott_median_sessions": partial(table_average, row="scott_median_sessions"),
    "s1_scott_missing": missing_data,
    "s1_scott_two_or_fewer": partial(table_share, row="scott_two_or_fewer"),
    "s1_scott_under_six": partial(table_share, row="scott_fewer_than_six"),
    "s1_scott_six_to_eight": partial(table_share, row="scott_six_to_eight"),
    "s1_scott_eight_or_fewer": sum_of_items,
    "s1_scott_twenty_or_more": partial(table_share, row="scott_twenty_or_more"),
}
