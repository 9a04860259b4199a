"""Net extra recoveries over other people: everyone who started or ended, and REEACT's kind."""

from __future__ import annotations

import pandas as pd

from analysis.comparators import admissible, named
from analysis.counterfactual import SCALES, Base, service_year
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes
from analysis.recovery.counterfactual import LABELS, YEAR, printed, thousands
from analysis.tables import Table
from analysis.trial_contrasts import trial_contrast

BASES: dict[Base, str] = {
    "finished_at_caseness": "finished a course, at caseness at the start",
    "first_treatment": "started treatment in the year",
    "ended_referrals": "ended a referral in the year",
}


@computes
def by_base(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table]:
    """What changes when N is everyone who started, or everyone whose referral ended.

    The recoveries stay the same, so the treated rate falls; on the ratio scale N cancels out,
    R(1 − 1/RR); a difference larger than the rate is refused.
    """
    trial = trial_contrast(evidence, "pmhc_6m")
    services = {base: service_year(evidence, year, base=base) for base in BASES}
    found = {
        base: {scale: admissible(service, trial.effect(scale), scale) for scale in SCALES}
        for base, service in services.items()
    }
    frame = pd.DataFrame(
        {
            "N is everyone who": list(BASES.values()),
            "N": [service.base for service in services.values()],
            "Reliable recoveries per N": [service.rate for service in services.values()],
        }
        | {LABELS[scale]: printed(item[scale] for item in found.values()) for scale in SCALES}
    )
    caption = (
        f"Net extra reliable recoveries in {year} by the referrals counted; comparator: "
        f"{named(trial)}"
    )
    started = services["first_treatment"]
    odds = found["first_treatment"]["odds_ratio"]
    if odds is None:
        raise ValueError("an odds ratio never implies a rate below zero; check the trial's rates")
    return {
        "net_bases": Table(caption, frame),
        "net_started": started.base,
        "net_started_rate": started.rate,
        "net_started_odds": thousands(odds),
        "net_ended": services["ended_referrals"].base,
    }


@computes
def low_intensity_scenario(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table]:
    """A scenario: what if every course added no more than computerised therapy did in REEACT.

    Another population, outcome (PHQ-9 alone, remission) and treatment: the differences are set
    against the service's recovery rate on both scales.
    """
    service = service_year(evidence, year, "moved_to_recovery")
    trials = [trial_contrast(evidence, name) for name in ("reeact_4m", "reeact_12m", "reeact_24m")]
    nets = {
        trial.name: {scale: admissible(service, trial.effect(scale), scale) for scale in SCALES}
        for trial in trials
    }
    frame = pd.DataFrame(
        {
            "Scenario": [f"{trial.study}, {trial.time}" for trial in trials],
            "Difference in the trial": [trial.risk_difference for trial in trials],
        }
        | {LABELS[scale]: printed(net[scale] for net in nets.values()) for scale in SCALES}
    )
    caption = (
        f"Scenario for {year}: net extra recoveries if every course added what supported "
        "computerised therapy added to usual care"
    )
    firsts = {
        "net_scenario_first": nets["reeact_4m"]["risk_difference"],
        "net_scenario_later": nets["reeact_12m"]["risk_difference"],
    }
    return {
        "net_scenario": Table(caption, frame),
        "net_scenario_rate": service.rate,
        **{name: thousands(number) for name, number in firsts.items() if number},
    }
