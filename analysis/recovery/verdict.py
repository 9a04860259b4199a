"""Verdicts on the chapter's headline claims: facts recomputed here, the rule applied to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from analysis.evidence import Evidence
from analysis.printed_proportions import check_proportion
from analysis.quantity import Quantity, lineage
from analysis.recovery.critic_sample import printed_figure
from analysis.recovery.denominators import recovery_rates
from analysis.recovery.estimands import attribution, claimed, figure_text
from analysis.recovery.months import claim_by_month
from analysis.tables import Table
from analysis.trial_contrasts import trial_contrast
from analysis.verdicts import VERDICTS, Verdict, agrees, judge

CLAIMS = "claim_estimands"


@dataclass(frozen=True)
class Finding:
    """What was recomputed for a claim, in which words, and the facts that the rule needs."""

    claim: str
    computed: Quantity | str
    on: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The verdict that the facts give."""
        return judge(**self.facts)


def fits(evidence: Evidence, claim: str, computed: Quantity) -> bool:
    """Whether a recomputed figure lies within the tolerance of a claim's own words."""
    record = evidence.table(CLAIMS).loc[claim]
    text = f"{record['value']:g}"
    decimals = len(text.partition(".")[2])
    return agrees(claimed(evidence, claim), computed, record["relation"], decimals)


def findings(evidence: Evidence, *, founders_year: str = "2017-18") -> list[Finding]:
    """The headline claims of both sides, each with what the evidence gives.

    Args:
        evidence: the evidence.
        founders_year: the latest full financial year before the founders' claims of 2018 and 2019.
    """
    rates = recovery_rates(evidence)
    year = rates[founders_year]
    improved = evidence.pick(
        "annual_national",
        year=founders_year,
        measure="reliable_improvement_percent",
        preferred=True,
    )
    course = [year["finished_at_caseness"], year["finished"]]
    course_fits = all(fits(evidence, "clark_recovered_2019", rate) for rate in course)
    treated_fits = fits(evidence, "clark_around_half_2018", year["started"])
    by_month = claim_by_month(evidence)
    misses = by_month["month_misses_published"]
    ended = rates["2015-16"]["ended"]
    printed, text, stated = printed_figure(evidence)
    check = check_proportion(text, round(stated.value))
    service = evidence.quantity("controlled_outcomes", "pmhc_service_6m", "percent")
    usual = evidence.quantity("controlled_outcomes", "pmhc_usual_care_6m", "percent")
    net = service - usual
    computerised = trial_contrast(evidence, "reeact_4m").risk_difference
    low, high = computerised.interval.limits or (computerised.value,) * 2
    events = evidence.quantity("controlled_outcomes", "reeact_usual_care_4m", "events")
    followed = evidence.quantity("controlled_outcomes", "reeact_usual_care_4m", "n")
    return [
        Finding(
            "clark_recovered_2019",
            course[0],
            f"finished courses that began at caseness, {founders_year}; over all finished "
            f"courses {course[1]}",
            {"fits": course_fits},
        ),
        Finding(
            "clark_around_half_2018",
            course[0],
            f"finished courses; over everyone who started treatment {year['started']}",
            {
                "fits": fits(evidence, "clark_around_half_2018", course[0]),
                "fits_other_bases": treated_fits,
            },
        ),
        Finding(
            "clark_improved_2019",
            improved,
            f"finished courses, {founders_year}",
            {"fits": fits(evidence, "clark_improved_2019", improved)},
        ),
        Finding(
            "clark_each_month_2019",
            replace(misses, unit="months"),
            "months below the standard up to the claim's date, as published; in whole percent "
            f"the number is {by_month['month_misses_rounded']}",
            {"exceptions": round(misses.value)},
        ),
        Finding(
            "knapstad_trial_2020",
            net,
            "difference of the printed rates, everyone randomised",
            {"fits": fits(evidence, "knapstad_trial_2020", net)},
        ),
        Finding(
            "reeact_no_benefit_2015",
            computerised,
            "below the PHQ-9 threshold with a program less without, by counts; the printed odds "
            f"ratio is adjusted; {computerised.limits_text()}, which holds benefit and harm",
            {"certain": not low < 0 < high, "fits": high <= 0},
        ),
        Finding(
            "mcinnes_ended_2017",
            ended,
            "referrals that ended in 2015-16",
            {"fits": fits(evidence, "mcinnes_ended_2017", ended)},
        ),
        Finding(
            "griffiths_steen_referred_2013",
            "no public count",
            "of the years it is about; the first full year of the data set, later, gives "
            f"{rates['2013-14']['referred']}",
            {"checkable": False},
        ),
        Finding(
            "scott_interview_2018",
            f"{check.nearest_smaller} or {check.nearest_larger} people",
            f"the nearest bases that print {printed}; stated: {stated}",
            {"obtainable": check.obtainable},
        ),
        Finding(
            "scott_true_rate_2019",
            "no national count",
            "of outcomes judged by interview",
            {"checkable": False},
        ),
        Finding(
            "scott_usual_care_same",
            100 * events / followed,
            "depression scale alone, people selected by it and followed up; the programme's rate "
            "asks for both scales",
            {"same_estimand": False},
        ),
        Finding(
            "scott_time_attention_2022",
            "no comparison",
            "of the English programme with time and attention alone",
            {"checkable": False},
        ),
        Finding(
            "marks_gap_2018",
            claimed(evidence, "standard_half_2014") - claimed(evidence, "scott_interview_2018"),
            "right as arithmetic; population, outcome and rater differ",
            {"same_estimand": False},
        ),
    ]


def verdicts(evidence: Evidence) -> dict[str, Table]:
    """The verdict box of the chapter."""
    found = findings(evidence)
    records = []
    for item in found:
        record = evidence.table(CLAIMS).loc[item.claim]
        computed = item.computed
        if isinstance(computed, Quantity) and computed.unit == "ratio":
            computed = f"{computed.value:.1f}%"
        records.append(
            {
                "Claim": f"{record['claim']} {attribution(record.claimant, record.asserted_on)}.",
                "As claimed": figure_text(evidence, item.claim),
                "Recomputed": str(computed),
                "Verdict": item.verdict.label,
                "On what": item.on,
            }
        )
    rows = lineage(
        evidence.rows(CLAIMS, [item.claim for item in found]),
        *(item.computed for item in found if isinstance(item.computed, Quantity)),
    )
    return {
        "verdict_claims": Table("Headline claims and verdicts", pd.DataFrame(records), rows=rows)
    }


def rules(evidence: Evidence) -> dict[str, Table]:
    """The rules that decided the chapter's verdicts, in the order in which they decide."""
    found = findings(evidence)
    given = {item.verdict for item in found}
    listed = [{"Verdict": v.label, "Rule": v.rule} for v in VERDICTS if v in given]
    rows = evidence.rows(CLAIMS, [item.claim for item in found])
    return {"verdict_rules": Table("The rules, first to last", pd.DataFrame(listed), rows=rows)}
