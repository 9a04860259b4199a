"""Checks of the claims about questionnaires, interviews and what they measure."""

from __future__ import annotations

from functools import partial

from analysis.claims import self_report_trials
from analysis.claims.reasons import PRIVATE, Check, because
from analysis.claims.universal import counter_examples
from analysis.evidence import Evidence
from analysis.intervals import clopper_pearson
from analysis.quantity import Interval, Quantity, derive
from analysis.ruling import Claim, Finding, combined, stated
from analysis.self_report.accuracy import accuracy, outpatient_share, predicted
from analysis.self_report.effect_sizes import CLAIMS as EFFECTS
from analysis.self_report.effect_sizes import claimed_effect, listed
from analysis.self_report.meaning_recorded import of_year
from analysis.self_report.scale_reliability import recomputed, reliabilities

LEVEL = 0.95
GROUPS = ("All problems", "Anxiety and stress related disorders")
LENGTHS = (
    "No length of assessments is published; durations of assessments in the data set would "
    "check it. The author's documents give two ranges."
)
MANUAL = "The manual's text was not read; its section on problem descriptors would check it."
GUIDELINE = "Neither the editorial nor the guideline's text was read; they would check it."


def further_questionnaires(evidence: Evidence, claim: Claim) -> Finding:
    """Disorder-specific questionnaires of the official guide: all of them self-report."""
    frame = evidence.table("thresholds")
    specific = frame[frame["use"].str.startswith("disorder-specific")]
    rows = evidence.rows("thresholds", specific.index)
    return Finding(
        "disorder-specific questionnaires of the official guide beside the two named; they are "
        "self-report as well, so the narrower reading, self-report alone, has none",
        exceptions=derive(len(specific), "count", rows),
    )


def paired(evidence: Evidence, claim: Claim) -> Finding:
    """Scores at both ends: as the founder's paper of the year before prints it."""
    printed = evidence.quantity("self_report_claims", "clark_outcome_data_2018")
    later = of_year(evidence, "2021-22", "paired_both", "finished_course")
    return Finding(
        "people who had a course, as the paper of 2018 prints it; the others have no outcome",
        computed=printed,
        footing="other evidence",
        later=later,
        later_on="finished courses with both scores at both ends, 2021-22, monthly files",
    )


def scales_in_index(evidence: Evidence, claim: Claim) -> Finding:
    """Scales on which a person must be below the threshold."""
    frame = evidence.table("thresholds", use="recovery index", preferred=True)
    number = derive(len(frame), "count", evidence.rows("thresholds", frame.index))
    on = "scales of the recovery index in the registered definition"
    return Finding(on, computed=number, footing="other evidence")


def categories(evidence: Evidence, claim: Claim) -> Finding:
    """Problems by which official tables of the year sort courses, groups of problems left out."""
    frame = evidence.table("problem_therapy_scores", year="2021-22")
    found = frame[~frame["problem"].isin(GROUPS)]
    rows = evidence.rows("problem_therapy_scores", found.index)
    number = derive(found["problem"].nunique(), "count", rows)
    on = "specific problems in the official tables of outcome by problem, 2021-22"
    return Finding(on, computed=number, footing="official statistics")


def several_disorders(evidence: Evidence, claim: Claim) -> Finding:
    """Interviewed people with more than one diagnosis, in one service."""
    row = "hepgul_two_or_more"
    printed = evidence.quantity("comorbidity_and_descriptors", row)
    people = evidence.table("comorbidity_and_descriptors").loc[row, "base"]
    low, high = clopper_pearson(round(printed.value * people / 100), round(people), LEVEL)
    limits = Interval("sampling", 100 * low, 100 * high, LEVEL)
    found = derive(printed.value, "percent", printed, interval=limits, decimals=0)
    on = "people awaiting treatment in one London service, by diagnostic interview, 2014-15"
    return Finding(on, computed=found, footing="other evidence")


def time_of_assessment(evidence: Evidence, claim: Claim) -> Finding:
    """The longest telephone assessment as a share of the shortest in a trial, own figures."""
    phone = stated(evidence, "s0_phone_assessment_max", "minutes")
    trial = stated(evidence, "s0_rct_assessment_length", "minutes")
    own = combined(lambda part, whole: 100 * part / whole, "percent", phone, trial)
    shortest = stated(evidence, "s0_phone_assessment_min", "minutes")
    other = combined(lambda part, whole: 100 * part / whole, "percent", shortest, trial)
    return Finding(f"the claim's own figures at their high end; at their low end {other}", own=own)


def outdone(evidence: Evidence, claim: Claim) -> Finding:
    """What an effect of one implies under normal scores, and what the official effect does."""
    found = claimed_effect(evidence)
    return Finding(
        "share of those at the start below the average end, normal first scores of equal spread: "
        "the effect as claimed, then the official effect over all courses",
        own=found["effect_claim_implied"],
        others=(found["effect_all_share"],),
    )


def mean_effect(evidence: Evidence, claim: Claim) -> Finding:
    """Mean official effect over the disorders that the lost table lists: the nearest figure."""
    found = claimed_effect(evidence)
    return Finding(
        f"nearest: mean over the {len(listed(evidence))} disorders listed, every completed course "
        f"of cognitive behaviour therapy; over all therapies {found['effect_listed_mean']}; over "
        f"all problems, for cases at the start, a year later {found['effect_cases']}",
        computed=found["effect_listed_cbt"],
        footing="official statistics",
        missing="The claim is of people at caseness at the start, by disorder; official tables "
        "give effects by disorder for every completed course only. Scores by disorder for people "
        "at caseness would check it.",
    )


def divisor(evidence: Evidence, claim: Claim) -> Finding:
    """How official tables define the effect."""
    rows = evidence.rows(EFFECTS, ["official_divisor", "official_recode_note"])
    return Finding(
        "points in which the official notes to the tables give another definition",
        computed=Quantity(len(rows), "count", rows=rows),
        footing="official statistics",
        departs="official tables divide by the spread of first scores in England, and count every "
        "completed course, those below caseness at the start included",
    )


def predictive_value(evidence: Evidence, claim: Claim) -> Finding:
    """Share of positives with depression at the base rate assumed, and at another."""
    review = accuracy(evidence, "negeri_phq9_10")
    assumed = evidence.quantity("self_report_claims", "scott_base_rate_assumed")
    return Finding(
        "people at or above the threshold of PHQ-9 who are depressed: at the base rate assumed, "
        "then at that of psychiatric outpatients",
        computed=predicted(assumed, review, "positive_value"),
        others=(predicted(outpatient_share(evidence), review, "positive_value"),),
    )


def reliable_threshold(evidence: Evidence, claim: Claim, *, scale: str, alpha: str) -> Finding:
    """The least reliable change by each published reliability of a scale."""
    every = [recomputed(evidence, str(row)) for row in reliabilities(evidence, scale).index]
    return Finding(
        "least change beyond error: by agreement within a sitting at the spread of cases, then "
        "by the other published reliabilities",
        computed=recomputed(evidence, alpha),
        others=tuple(every),
    )


CHECKS: dict[str, Check] = {
    **self_report_trials.CHECKS,
    "s0_never_categorical_endpoint": counter_examples,
    "s0_only_self_report": further_questionnaires,
    "s0_phone_assessment_min": because(LENGTHS),
    "s0_phone_assessment_max": because(LENGTHS),
    "s0_rct_assessment_length": because(
        "No table of the length of assessments in trials was found; a sample of trial reports "
        "would check it."
    ),
    "s0_pwp_less_than_half_time": time_of_assessment,
    "s0_treated_for_wrong_disorder": because(
        "Nobody publishes diagnoses by interview beside the recorded problem; interviews of a "
        "random sample of people in treatment would check it."
    ),
    "s0_no_full_symptom_coverage": because(
        "What staff ask is not recorded; recordings of assessments, rated against the criteria, "
        "would check it. The depression questionnaire has an item for each criterion of a "
        "depressive episode; whether answering it is being asked is a matter of reading."
    ),
    "s0_assessments_fail_all_counts": because(
        "It is argued and not measured; recorded assessments, rated on the points that it lists, "
        "would check it."
    ),
    "s2_case_phone_minutes": because(PRIVATE),
    "s2_case_interview_minutes": because(PRIVATE),
    "s2_case_years_ill": because(PRIVATE),
    "s2_phone_assessment_min": because(LENGTHS),
    "s2_phone_assessment_max": because(LENGTHS),
    "s2_no_diagnoses": because(MANUAL),
    "s3_manual_no_diagnoses": because(MANUAL),
    "s3_es_definition": divisor,
    "s3_mean_effect_size": mean_effect,
    "s3_better_than_84pct": outdone,
    "s3_twelve_categories": categories,
    "s3_reevaluate_week_min": because(GUIDELINE),
    "s3_reevaluate_week_max": because(GUIDELINE),
    "s3_no_reevaluation": counter_examples,
    "s3_comorbidity_is_rule": several_disorders,
    "s3_questionnaires_in_presence": because(
        "How questionnaires are completed is not published; a field for it in the data set would "
        "check it. In one English trust fewer were satisfied when asked anonymously."
    ),
    "s4_paired_scores": paired,
    "s4_recovery_two_measures": scales_in_index,
    "scott_base_rate": predictive_value,
    "official_phq9_reliable": partial(
        reliable_threshold, scale="PHQ-9", alpha="phq9_alpha_primary_care"
    ),
    "official_gad7_reliable": partial(
        reliable_threshold, scale="GAD-7", alpha="gad7_alpha_primary_care"
    ),
}
