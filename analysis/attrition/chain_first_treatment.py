"""Missed first appointments read as clients, and the chain from them to people exposed.

The source counts appointments. Read as a share of clients or of people assessed it becomes the
first link of a chain that ends in how many people were exposed to treatment.
"""

from __future__ import annotations

from analysis.attrition.asserted import CITED, OFFICIAL, Finding, claimed, findings_table, fits
from analysis.attrition.pathway_years import annual, lost
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.ruling import combined, stated
from analysis.tables import Table

STARTERS_NOT_FINISHED = "eng_2018_19_not_finished_of_started"
INPUTS = {
    "s0_access_target_2021": "people",
    "s0_target_group_share": "percent",
    "s0_dna_first_treatment": "percent",
    "s0_one_session_of_starters": "percent",
}


def whole_percent(figure: Quantity) -> Quantity:
    """A figure printed in whole percent, with its limits of rounding.

    >>> print(whole_percent(Quantity(43, "percent")).with_limits())
    43.0% (rounding 42.5% to 43.5%)
    """
    low, high = figure.value - 0.5, figure.value + 0.5
    return derive(figure.value, "percent", figure, interval=Interval("rounding", low, high))


def links(evidence: Evidence) -> dict[str, Quantity]:
    """The chain on its own inputs, and the same people on official shares.

    exposed: clients × share × (1 − missed) × (1 − once), with the limits that the printed digits
    of the inputs allow. official_started takes the starting
    number as people who start, which is what the target counts, and so loses those with a single
    appointment only; official_referred takes it as referrals followed to their end.
    """
    clients, part = claimed(evidence, "target_all"), claimed(evidence, "target_share")
    start = derive(clients.value * part.value / 100, "people", clients, part)
    exposed = combined(
        lambda all_clients, of_them, missed, once: (
            all_clients * of_them / 100 * (1 - missed / 100) * (1 - once / 100)
        ),
        "people",
        *(stated(evidence, row, unit) for row, unit in INPUTS.items()),
    )
    counts = annual(evidence)["2018-19"]
    finished = share(counts["finished_course"], counts["ended_referrals"])
    not_finished = whole_percent(evidence.quantity("pathway_official", STARTERS_NOT_FINISHED))
    low, high = (start.value * (1 - x / 100) for x in reversed(not_finished.interval.limits or ()))
    started = derive(
        start.value * (1 - not_finished.value / 100),
        "people",
        start,
        not_finished,
        interval=Interval("rounding", low, high),
    )
    referred = derive(start.value * finished.value / 100, "people", start, finished)
    return {
        "start": start,
        "exposed": exposed,
        "official_started": started,
        "official_referred": referred,
        "not_finished": not_finished,
        "not_started": lost(counts["first_treatment"], counts["referrals_received"]),
    }


def findings(evidence: Evidence) -> list[Finding]:
    """Each reading of the missed appointments, the single appointments, and the chain."""
    chain = links(evidence)
    appointments = evidence.quantity("attrition_claims", "davis_abstract_first_missed")
    cited = f"about {appointments}, of first appointments"
    referred, started = chain["official_referred"], chain["official_started"]
    return [
        Finding(
            "davis_first_treatment",
            None,
            cited,
            chain["not_started"],
            "the source counts first appointments of any purpose, not clients; officially, not "
            "started of received in 2018-19",
            {"fits": False, **CITED},
        ),
        Finding(
            "davis_assessed",
            None,
            cited,
            None,
            "the source counts first appointments of any purpose, not people assessed; no official "
            "count of the kind at the date",
            {"fits": False, **CITED},
        ),
        Finding(
            "davis_one_session",
            None,
            "not in the abstract; paper not seen",
            chain["not_finished"],
            "of all treated, ended in 2018-19",
            {"fits": fits(evidence, "davis_one_session", chain["not_finished"]), **OFFICIAL},
        ),
        Finding(
            "exposed_treatment_full",
            chain["exposed"],
            None,
            None,
            f"within the rounding of the inputs, {chain['exposed'].limits_text()}; the base as in "
            "the next row",
            {
                "own_inputs": fits(evidence, "exposed_treatment_full", chain["exposed"]),
                "fits_other_bases": fits(evidence, "exposed_treatment_full", started),
            },
        ),
        Finding(
            "exposed_treatment_rounded",
            chain["exposed"],
            None,
            f"{started} or {referred}",
            "if the start counts people who start, or referrals; the chain takes missed "
            "appointments off people who by the target have started",
            {
                "own_inputs": fits(evidence, "exposed_treatment_rounded", chain["exposed"]),
                "fits_other_bases": fits(evidence, "exposed_treatment_rounded", started),
            },
        ),
    ]


@computes
def first_treatment(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Readings of the missed appointments and the chain from them, with verdicts."""
    chain = links(evidence)
    return {
        "chain_missed": claimed(evidence, "davis_abstract_first_missed"),
        "chain_missed_all": claimed(evidence, "davis_abstract_all_missed"),
        "chain_once_claimed": claimed(evidence, "davis_one_session"),
        "chain_exposed_target": claimed(evidence, "target_all"),
        "chain_exposed_share": claimed(evidence, "target_share"),
        "chain_exposed_start": chain["start"],
        "chain_exposed_own": chain["exposed"],
        "chain_exposed_slip": claimed(evidence, "exposed_treatment_full"),
        "chain_exposed_started": chain["official_started"],
        "chain_exposed_referred": chain["official_referred"],
        "chain_unemployed": evidence.quantity(
            "attendance_predictors", "davis_unemployed_seeking", "odds_ratio"
        ),
        "chain_long_term_sick": evidence.quantity(
            "attendance_predictors", "davis_long_term_sick", "odds_ratio"
        ),
        "chain_exposed_table": findings_table(
            evidence, "Missed first appointments and the chain from them", findings(evidence)
        ),
    }
