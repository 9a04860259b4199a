"""What the evidence gives on each headline claim about self-report: the facts that rules need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.evidence import Evidence
from analysis.quantity import Quantity, share
from analysis.self_report.accuracy import accuracy, outpatient_share, predicted
from analysis.self_report.effect_sizes import claimed_effect
from analysis.self_report.meaning_recorded import of_year
from analysis.self_report.rater_masked import (
    CBT,
    GUIDED,
    OTHERS,
    SINCE_2000,
    UNGUIDED,
    gap,
    share_of,
    total,
)
from analysis.self_report.scale_reliability import recomputed, reliabilities
from analysis.verdicts import Verdict, agrees, judge

CLAIMS, EFFECTS = "self_report_claims", "effect_size_claims"
# The posts on masking are undated and stand beside others of 2019 to 2021.
UP_TO_CLAIM = SINCE_2000[:-1]
RECENT = UP_TO_CLAIM[-1:]
MASKED = "with_masked_clinician"


@dataclass(frozen=True)
class Finding:
    """What was recomputed for a claim, in which words, and the facts that the rule needs."""

    claim: str
    computed: Quantity | str
    on: str
    facts: dict[str, Any] = field(default_factory=dict)
    inputs: tuple[Quantity, ...] = ()
    coded: bool = False
    table: str = CLAIMS

    @property
    def verdict(self) -> Verdict:
        """The verdict that the facts give."""
        return judge(**self.facts)


def claimed(evidence: Evidence, claim: str, table: str = CLAIMS) -> Quantity:
    """The figure of a claim."""
    return evidence.quantity(table, claim)


def fits(evidence: Evidence, claim: str, computed: Quantity, table: str = CLAIMS) -> bool:
    """Whether a recomputed figure lies within the tolerance of a claim's own words."""
    record = evidence.table(table).loc[claim]
    decimals = len(f"{record['value']:g}".partition(".")[2])
    return agrees(claimed(evidence, claim, table), computed, record["relation"], decimals)


def threshold_findings(evidence: Evidence) -> list[Finding]:
    """The official thresholds of reliable change, against every published reliability."""
    found = []
    for scale, claim, alpha in (
        ("PHQ-9", "official_phq9_reliable", "phq9_alpha_primary_care"),
        ("GAD-7", "official_gad7_reliable", "gad7_alpha_primary_care"),
    ):
        least = recomputed(evidence, alpha)
        every = [recomputed(evidence, str(row)) for row in reliabilities(evidence, scale).index]
        most = max(every, key=lambda item: item.value)
        found.append(
            Finding(
                claim,
                least,
                f"by agreement within a sitting, spread at caseness; up to {most} by retest",
                {
                    "fits": fits(evidence, claim, least),
                    "fits_other_bases": all(fits(evidence, claim, item) for item in every),
                },
                tuple(every),
            )
        )
    return found


def one_sided(difference: Quantity) -> bool:
    """Whether the interval of a difference leaves out no difference."""
    low, high = difference.interval.limits or (difference.value,) * 2
    return low > 0 or high < 0


def masking_findings(evidence: Evidence, periods: Sequence[str] = UP_TO_CLAIM) -> list[Finding]:
    """The claims about masked assessors, on trials of depression up to about their date."""
    recent = total(evidence, CBT, RECENT, MASKED)
    cbt = share_of(evidence, CBT, periods, MASKED)
    others, guided = gap(evidence, OTHERS, CBT, periods), gap(evidence, GUIDED, UNGUIDED, periods)
    until = f"trials for depression, 2000 to {periods[-1][-4:]}"
    return [
        Finding(
            "scott_masking_abandoned",
            f"{recent} trials",
            "of cognitive behaviour therapy for depression with a masked clinician outcome, "
            f"published {RECENT[0].replace('_', ' to ')}",
            {"exceptions": round(recent.value)},
            (recent,),
            coded=True,
        ),
        Finding(
            "scott_masking_rare",
            cbt,
            f"{until}; masked clinician outcome; rarely read as in the minority",
            {"fits": fits(evidence, "scott_masking_rare", cbt)},
            coded=True,
        ),
        Finding(
            "scott_others_rarer",
            others,
            f"{until}; {others.limits_text()}",
            {"fits": fits(evidence, "scott_others_rarer", others), "certain": one_sided(others)},
            coded=True,
        ),
        Finding(
            "scott_guided_weakest",
            guided,
            f"{until}; guided self-help less other formats; {guided.limits_text()}",
            {"fits": fits(evidence, "scott_guided_weakest", guided), "certain": one_sided(guided)},
            coded=True,
        ),
    ]


def measure_findings(evidence: Evidence, *, year: str = "2017-18") -> list[Finding]:
    """Claims about what is measured, by whom, and of whom.

    Args:
        evidence: the evidence.
        year: the latest financial year before the founder's claim.
    """
    finished, started = (
        evidence.pick("annual_national", year=year, measure=measure, preferred=True)
        for measure in ("finished_course", "first_treatment")
    )
    paired = of_year(evidence, "2021-22", "paired_both", "finished_course")
    frame = evidence.table("thresholds")
    specific = frame[frame["use"].str.startswith("disorder-specific")]
    expected = of_year(evidence, "2021-22", "specific_measure_expected", "finished_course")
    return [
        Finding(
            "clark_outcome_data_2018",
            "no count of the time",
            f"of finished courses, in 2021-22 {paired}; in {year} finished courses were "
            f"{share(finished, started)} of first treatments",
            {"checkable": False},
            (paired, finished, started),
        ),
        Finding(
            "scott_two_questionnaires",
            f"{len(specific)} further questionnaires",
            "disorder-specific measures of the official guide, self-report too; called for in "
            f"{expected} of finished courses in 2021-22",
            {"exceptions": len(specific)},
            (expected, evidence.quantity("thresholds", specific.index[0], "caseness_threshold")),
            coded=True,
        ),
        Finding(
            "scott_never_interview",
            "no counter-example found",
            "in what we read; absence of a record is no proof",
            {"checkable": False},
            coded=True,
        ),
        Finding(
            "scott_wrong_disorder",
            "no national count",
            "of diagnoses by interview beside descriptors",
            {"checkable": False},
            coded=True,
        ),
        Finding(
            "scott_presence",
            "no national count",
            "of who was present when a questionnaire was answered",
            {"checkable": False},
            coded=True,
        ),
    ]


def accuracy_findings(evidence: Evidence) -> list[Finding]:
    """The predictive value of the critic, at the base rate assumed and at another."""
    review = accuracy(evidence, "negeri_phq9_10")
    claim = "scott_base_rate"
    assumed = predicted(
        evidence.quantity(CLAIMS, "scott_base_rate_assumed"), review, "positive_value"
    )
    other = predicted(outpatient_share(evidence), review, "positive_value")
    return [
        Finding(
            claim,
            assumed,
            f"at the base rate assumed; {other} at that of psychiatric outpatients",
            {
                "fits": fits(evidence, claim, assumed),
                "fits_other_bases": fits(evidence, claim, other),
            },
            (other,),
        )
    ]


def effect_findings(evidence: Evidence) -> list[Finding]:
    """The effect of one and what it is said to mean, refilled from official scores."""
    found = claimed_effect(evidence)
    mean, cases = found["effect_listed_mean"], found["effect_cases"]
    outdone = found["effect_claim_implied"]
    return [
        Finding(
            "seed_mean_effect",
            "no figure by disorder seen",
            f"for cases at the start; over every course of the disorders named {mean}, over all "
            f"cases a year later {cases}",
            {"checkable": False},
            (mean, cases),
            table=EFFECTS,
        ),
        Finding(
            "seed_better_than",
            outdone,
            "of the effect as claimed, normal scores of equal spread; from the official effect "
            f"over all courses {found['effect_all_share']}",
            {
                "fits": fits(evidence, "seed_better_than", outdone, EFFECTS),
                "fits_other_bases": fits(
                    evidence, "seed_better_than", found["effect_all_share"], EFFECTS
                ),
            },
            (found["effect_all_share"],),
            table=EFFECTS,
        ),
    ]
