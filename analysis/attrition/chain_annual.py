"""Shares that the debate takes from annual counts: before treatment, not finished, once only."""

from __future__ import annotations

from analysis.attrition.asserted import OFFICIAL, Finding, claimed, findings_table, fits
from analysis.attrition.chain_first_treatment import whole_percent
from analysis.attrition.pathway import once_of_treated, stage_counts
from analysis.attrition.pathway_years import annual, lost
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table


def once_of_ended(evidence: Evidence) -> Quantity:
    """Treated once, of referrals that ended in 2018-19, from a share printed over the treated.

    With q the printed share of the treated who did not finish, once = finished × q / (1 − q); the
    whole percent in print gives limits of rounding.
    """
    counts = annual(evidence)["2018-19"]
    finished, ended = counts["finished_course"], counts["ended_referrals"]
    printed = whole_percent(
        evidence.quantity("pathway_official", "eng_2018_19_not_finished_of_started")
    )

    def once(percent: float) -> float:
        return 100 * finished.value * percent / (100 - percent) / ended.value

    low, high = (once(limit) for limit in printed.interval.limits or ())
    limits = Interval("rounding", low, high)
    return derive(once(printed.value), "percent", finished, ended, printed, interval=limits)


def figures(evidence: Evidence) -> dict[str, Quantity]:
    """Official shares on each base that the claims could mean."""
    counts, recent = annual(evidence), annual(evidence)["2021-22"]
    year, later = counts["2018-19"], counts["2022-23"]
    once = evidence.quantity("pathway_official", "eng_2019_20_one_treatment")
    finished = counts["2019-20"]["finished_course"]
    return {
        "before_treatment": lost(year["first_treatment"], year["referrals_received"]),
        "not_finished_ended": lost(year["finished_course"], year["ended_referrals"]),
        "not_finished_received": lost(year["finished_course"], year["referrals_received"]),
        "once_ended": once_of_ended(evidence),
        "once_treated": whole_percent(
            evidence.quantity("pathway_official", "eng_2018_19_not_finished_of_started")
        ),
        "second_divided": lost(recent["finished_course"], recent["first_treatment"]),
        "second_cohort": once_of_treated(stage_counts(evidence, "2021-22")),
        "half_once": share(once, once + finished),
        "later_divided": lost(later["finished_course"], later["first_treatment"]),
        "later_cohort": once_of_treated(stage_counts(evidence, "2022-23")),
        "moller_not_finished": lost(
            counts["2017-18"]["finished_course"], counts["2017-18"]["ended_referrals"]
        ),
        "low_of_finished": share(
            evidence.quantity(
                "outcomes_by_group",
                "2022_23_stepped_care_low_intensity_only_finished_course",
            ),
            later["finished_course"],
        ),
    }


def findings(evidence: Evidence) -> list[Finding]:
    """Claims on annual counts, each on the latest year up to its date."""
    found = figures(evidence)

    def holds(row: str, name: str) -> bool:
        return fits(evidence, row, found[name])

    abstract = evidence.quantity("attrition_claims", "moller_abstract_not_completed")
    untreated = evidence.table("pathway_official", measure=["ended_not_seen", "not_started"])
    published = int((untreated["period"] <= "2018-19").sum())
    return [
        Finding(
            "bbc_before_treatment",
            None,
            None,
            found["before_treatment"],
            "not started of received, across cohorts",
            {"fits": holds("bbc_before_treatment", "before_treatment"), **OFFICIAL},
        ),
        Finding(
            "bbc_not_completed",
            None,
            None,
            found["not_finished_ended"],
            f"of ended referrals; of those received {found['not_finished_received']}",
            {
                "fits": holds("bbc_not_completed", "not_finished_ended"),
                "fits_other_bases": holds("bbc_not_completed", "not_finished_received"),
                **OFFICIAL,
            },
        ),
        Finding(
            "bbc_one_session",
            None,
            None,
            found["once_ended"],
            f"of ended referrals, by way of a rounded share; "
            f"of the treated {found['once_treated']}",
            {
                "fits": holds("bbc_one_session", "once_ended"),
                "fits_other_bases": holds("bbc_one_session", "once_treated"),
                **OFFICIAL,
            },
        ),
        Finding(
            "most_decline",
            None,
            None,
            found["not_finished_ended"],
            f"not finished, of ended referrals in 2018-19, unsuitable and signposted people "
            f"included; of the treated {found['once_treated']}",
            {
                "fits": holds("most_decline", "not_finished_ended"),
                **OFFICIAL,
            },
        ),
        Finding(
            "moller_nonstarters",
            None,
            f"not finished: {abstract} of referrals",
            found["moller_not_finished"],
            "not finished, of ended referrals in 2017-18; how the paper splits them was not seen",
            {"checkable": False},
        ),
        Finding(
            "half_one_session",
            None,
            None,
            found["half_once"],
            "treated once, of all treated, in 2019-20",
            {"fits": holds("half_one_session", "half_once"), **OFFICIAL},
        ),
        Finding(
            "santa_46",
            None,
            None,
            found["second_cohort"],
            "treated once, of all treated, in 2021-22; across cohorts "
            f"{found['second_divided']}, and the claimed figure with the rounded starts announced",
            {
                "fits": holds("santa_46", "second_cohort"),
                "fits_other_bases": holds("santa_46", "second_divided"),
                **OFFICIAL,
            },
        ),
        Finding(
            "potholes_one_session",
            None,
            None,
            found["later_cohort"],
            f"treated once, of all treated, in 2022-23; across cohorts {found['later_divided']}",
            {"fits": holds("potholes_one_session", "later_cohort"), **OFFICIAL},
        ),
        Finding(
            "potholes_low",
            None,
            None,
            found["low_of_finished"],
            "a share of all finished courses, read as the share of a pathway that finishes",
            {"fits": False, **OFFICIAL},
        ),
        Finding(
            "only_completers_reported",
            None,
            None,
            "counts published, outcomes not",
            "people who were not treated are counted in official reports from 2012-13 on; "
            "outcomes are published for finished courses only",
            {"exceptions": published},
        ),
    ]


@computes
def annual_shares(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Claims on annual counts, recomputed, with verdicts."""
    found = figures(evidence)
    return {
        "chain_before_claimed": claimed(evidence, "bbc_before_treatment"),
        "chain_before_official": found["before_treatment"],
        "chain_not_finished_claimed": claimed(evidence, "bbc_not_completed"),
        "chain_not_finished_ended": found["not_finished_ended"],
        "chain_not_finished_received": found["not_finished_received"],
        "chain_single_claimed": claimed(evidence, "bbc_one_session"),
        "chain_single_ended": found["once_ended"],
        "chain_single_treated": found["once_treated"],
        "chain_second_claimed": claimed(evidence, "santa_46"),
        "chain_second_divided": found["second_divided"],
        "chain_second_cohort": found["second_cohort"],
        "chain_half_claimed": claimed(evidence, "half_one_session"),
        "chain_half_once": found["half_once"],
        "chain_annual_table": findings_table(
            evidence, "Shares taken from annual counts", findings(evidence)
        ),
    }
