"""A drop-out share inferred from a mean: what a mean can bound, and what later figures add.

The bounds are those of ``analysis.attrition.dose_bounds``; here they are turned to the share that
stays below the critic's number of sessions.
"""

from __future__ import annotations

from analysis.attrition.asserted import OFFICIAL, Finding, claimed, findings_table, fits
from analysis.attrition.dose_bounds import Known
from analysis.attrition.dose_sources import Source, ended, finished, yearly
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

MONTH = "2022-01"
YEAR = "2018-19"


def below_rule(evidence: Evidence, source: Source) -> Quantity:
    """Bounds of the share with fewer sessions than the critic's rule asks for, in percent."""
    rule = claimed(evidence, "seven_session_rule")
    return derived_from(100 - source.reaching(round(rule.value)), rule)


def derived_from(share: Quantity, rule: Quantity) -> Quantity:
    """A share with the rule among its inputs and its lower bound as value."""
    low, _ = share.interval.limits or (share.value,) * 2
    return derive(low, "percent", share, rule, interval=share.interval, decimals=0)


def claimed_mean(evidence: Evidence) -> Source:
    """Finished courses of which only the mean that the critic prints is known."""
    mean = claimed(evidence, "mean_six")
    least = evidence.quantity("dose_thresholds", "programme_two", "sessions_low")
    known = Known(mean=(mean.value, mean.value)).from_minimum(round(least.value))
    return Source("finished, by the mean claimed", known, (mean, least))


def findings(evidence: Evidence) -> list[Finding]:
    """The means, and the share inferred from one of them."""
    mean = evidence.quantity("sessions_distribution", "eng_2018_19_mean")
    return [
        Finding(
            "mean_six",
            None,
            None,
            mean,
            "finished courses of 2018-19",
            {"fits": fits(evidence, "mean_six", mean), **OFFICIAL},
        ),
        Finding(
            "exposed_mean_sessions",
            None,
            "not in the abstract; paper not seen",
            mean,
            "finished courses of 2018-19; the cited paper is on London services",
            {"fits": fits(evidence, "exposed_mean_sessions", mean), **OFFICIAL},
        ),
        Finding(
            "three_in_four_by_rule",
            below_rule(evidence, claimed_mean(evidence)),
            None,
            below_rule(evidence, yearly(evidence, YEAR)),
            "finished courses; the bounds hold the figure and almost any other",
            {"checkable": False},
        ),
        Finding(
            "three_in_four_once_begun",
            None,
            None,
            "no count",
            "no distribution of sessions is published",
            {"checkable": False},
        ),
    ]


@computes
def sessions(evidence: Evidence) -> dict[str, Quantity | Table]:
    """What a mean can say about drop-out, and what later figures add, with verdicts."""
    return {
        "chain_quarters_claimed": claimed(evidence, "three_in_four_by_rule"),
        "chain_quarters_rule": claimed(evidence, "seven_session_rule"),
        "chain_quarters_mean": claimed(evidence, "mean_six"),
        "chain_quarters_official_mean": evidence.quantity(
            "sessions_distribution", "eng_2018_19_mean"
        ),
        "chain_quarters_own": below_rule(evidence, claimed_mean(evidence)),
        "chain_quarters_finished": below_rule(evidence, finished(evidence, MONTH)),
        "chain_quarters_treated": below_rule(evidence, ended(evidence, MONTH, treated_only=True)),
        "chain_quarters_table": findings_table(
            evidence, "Drop-out inferred from a mean", findings(evidence)
        ),
    }
