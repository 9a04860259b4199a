"""Claims about attrition: figures by hand, the verdicts that follow, and the chapter's chains."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from analysis.attrition import chains
from analysis.evidence import Evidence
from tests.judging import finding, ruling

SAME = {  # rows of the chapter's chains and the claims of the ledger that are the same
    "rb_no_assessment": "s1_rb_no_assessment",
    "rb_assessment_only": "s1_rb_assessment_only",
    "rb_one_session": "s1_rb_one_session",
    "rb_noncompletion": "s1_rb_noncompletion",
    "identical_pattern": "s1_pattern_identical",
    "most_decline": "s1_most_decline",
    "davis_first_treatment": "s0_dna_first_treatment",
    "davis_assessed": "s0_assessed_not_treated",
    "davis_one_session": "s0_one_session_about_same",
    "moller_nonstarters": "s0_moller_nonstarters",
    "three_in_four_once_begun": "s0_dropout_three_in_four",
    "three_in_four_by_rule": "s0_likely_dropout_75",
    "mean_six": "s0_mean_sessions_completers",
    "exposed_mean_sessions": "s0_mean_sessions_2018_19",
    "exposed_treatment_full": "s0_exposed_people",
    "exposed_treatment_rounded": "s0_exposed_million",
    "only_completers_reported": "s0_reports_only_completers",
    "bbc_before_treatment": "s2_lost_before_treatment",
    "bbc_not_completed": "s2_not_completing",
    "bbc_one_session": "s2_one_session_only",
    "santa_46": "s3_lost_before_second",
    "clark_seen": "s4_seen_over_1m",
    "clark_course": "s4_course_550k",
    "clark_others": "s4_rest_assessed_advised",
}


@pytest.mark.parametrize(
    ("row", "figure", "others", "label"),
    [
        # referrals received 1,603,643, first treatments 1,092,296 in 2018-19
        (
            "s2_lost_before_treatment",
            100 * (1 - 1_092_296 / 1_603_643),
            [],
            "differs from official statistics",
        ),
        (
            "s2_lost_before_treatment_third",
            100 * (1 - 1_092_296 / 1_603_643),
            [],
            "rounding changes the reading (claimed figure above the recomputed one)",
        ),
        # 582,556 finished of 1,495,680 ended; of 1,603,643 received
        (
            "s2_not_completing",
            100 * (1 - 582_556 / 1_495_680),
            [100 * (1 - 582_556 / 1_603_643)],
            "true on a stated base only",
        ),
        # once = finished × 0.43 / 0.57
        (
            "s2_one_session_only",
            100 * 582_556 * 0.43 / 0.57 / 1_495_680,
            [43],
            "true on a stated base only",
        ),
        ("s1_most_decline", 61.0507, [], "reproduced"),
        # not started of received, and 1 − 0.727 × 0.732
        ("s1_rejection_is_the_norm", 61.0507, [31.8866, 46.7836], "true on a stated base only"),
        # 489,547 once and 606,192 finished in 2019-20
        ("half_one_session", 100 * 489_547 / 1_095_739, [], "differs from official statistics"),
        # 664,087 finished, 1,244,386 first treatments in 2021-22; in one cohort 488,443, 665,229
        (
            "s3_lost_before_second",
            100 * 488_443 / (488_443 + 665_229),
            [100 * (1 - 664_087 / 1_244_386)],
            "differs from official statistics",
        ),
        # the abstract prints about 40, of first appointments
        ("s0_dna_first_treatment", 40, [], "differs from the cited source"),
        ("s0_one_session_of_starters", 43, [44.6773], "differs from official statistics"),
        # odds ratios 0.67 and 0.64
        ("s0_unemployed_attend_less", 33, [36], "reproduced"),
        ("s0_mean_sessions_completers", 6.9, [], "differs from official statistics"),
        ("s0_completer_two_sessions", 2, [], "reproduced"),
        # 289,862 of 582,556 within 28 days
        ("s0_half_wait_28_days", 50.24, [], "reproduced"),
        ("s0_high_intensity_waits_longer", 9.2 - 5.1, [], "not checkable with the evidence seen"),
        ("s0_etherapy_dropout", 31, [], "reproduced"),
        # 4,183 of 7,859 had two or more: 1 − 0.53226 / 0.732 and 1 − 0.53226 / 0.727
        ("s1_rb_no_assessment", 100 * (1 - 4_183 / 7_859 / 0.732), [], "reproduced"),
        ("s1_rb_assessment_only", 100 * (1 - 4_183 / 7_859 / 0.727), [], "reproduced"),
        ("s1_rb_one_session", 0, [], "differs from the cited source"),
        ("s1_rb_noncompletion", 100 * (1 - 4_183 / 7_859), [], "differs from the cited source"),
        # 29.5 − 2/56 and 46.78 − 33/90
        (
            "s1_pattern_identical",
            29.5 - 100 * 2 / 56,
            [46.7836 - 100 * 33 / 90],
            "differs from the evidence",
        ),
        ("s1_no_improvement", 46.7836 - 100 * 33 / 90, [], "compares unlike with unlike"),
        ("s1_scott_not_initiated", 23.6, [], "not obtainable from the stated sample"),
        # 35, 51, 21, 72 and 4 of 89 print the shares, and no larger number up to 90 does
        ("s1_scott_missing", 1, [], "reproduced"),
        # 1,179,328 people of 1,399,088 referrals in 2015-16
        (
            "s4_seen_over_1m",
            1_009_035,
            [1_009_035 * 1_179_328 / 1_399_088],
            "true on a stated base only",
        ),
        (
            "s4_course_550k",
            554_709,
            [554_709 * 1_179_328 / 1_399_088],
            "true on a stated base only",
        ),
        ("s4_increases_steadily", 965_379 - 953_522, [], "reproduced"),
        ("s4_seen_2017", 1_009_035, [1_009_014], "differs from official statistics"),
        # seven months, 622,547, times twelve sevenths
        ("s4_seen_2018", 622_547 * 12 / 7, [1_048_093], "true on a stated base only"),
        # 241,200 low intensity only of 672,193 finished
        ("potholes_low", 35.88, [], "differs from official statistics"),
    ],
)
def test_figures_by_hand_and_the_verdicts_they_give(
    evidence: Evidence, row: str, figure: float, others: list[float], label: str
) -> None:
    judged = ruling(evidence, row)
    assert judged.finding.computed is not None
    assert judged.finding.computed.value == pytest.approx(figure, abs=5e-3)
    assert [it.value for it in judged.finding.others] == pytest.approx(others, abs=5e-3)
    assert judged.label == label


def test_steps_are_shares_of_finished_courses_with_bounds_for_everyone_treated(
    evidence: Evidence,
) -> None:
    # 2018-19: low only 217,736, low and high 228,525, high only 134,147, not stated 2,148
    whole = 217_736 + 228_525 + 134_147 + 2_148
    low = ruling(evidence, "s2_majority_low_intensity")
    assert low.finding.computed is not None
    assert low.finding.computed.value == pytest.approx(100 * (217_736 + 228_525) / whole)
    assert low.finding.others[1].value == pytest.approx(100 * 217_736 / whole)
    assert low.label == "true on a stated base only"
    high = ruling(evidence, "s0_high_intensity_total")
    least = 0.57 * 100 * (134_147 + 228_525) / whole
    assert high.finding.others[0].interval.low == pytest.approx(least)
    assert (
        ruling(evidence, "s0_high_intensity_total").label == "not checkable with the evidence seen"
    )


def test_a_mean_bounds_drop_out_too_widely_to_decide(evidence: Evidence) -> None:
    judged = ruling(evidence, "s0_likely_dropout_75")
    assert judged.finding.own is not None
    # at most (6 − 2) / (7 − 2) of them reach the rule
    assert judged.finding.own.interval.limits == pytest.approx((20, 100))
    assert judged.label == "not checkable with the evidence seen"


def test_universal_statements_of_both_sides(evidence: Evidence) -> None:
    # arms up to 2019: 74 + 7 + 7 + 12 + 5 and 62 + 9 + 7 + 10 + 2
    for row, arms in (("s1_dose_subtherapeutic", 105), ("s1_no_trial_at_iapt_dose", 90)):
        exceptions = finding(evidence, row).exceptions
        assert exceptions is not None and exceptions.value == arms
        assert ruling(evidence, row).label == "has counter-examples"
    assert ruling(evidence, "s0_reports_only_completers").label == "has counter-examples"
    asked = ruling(evidence, "s1_c_dropout_reasons_never_examined").finding
    assert asked.exceptions is not None and asked.exceptions.value == 2
    others = ruling(evidence, "s4_rest_assessed_advised")
    assert others.label == "no counter-example found"
    assert others.finding.later is not None and others.finding.later.value == 100_000
    assert "269,000" in others.finding.on
    grew = ruling(evidence, "s4_grew_each_year")
    assert grew.label == "no counter-example found"
    assert "referrals received fell in 2016-17" in grew.finding.on
    assert "finished courses fell in 2017-18" in grew.finding.on


def test_the_sample_keeps_its_exact_interval(evidence: Evidence) -> None:
    low, high = beta.ppf(0.025, 2, 55), beta.ppf(0.975, 3, 54)
    found_ = finding(evidence, "s1_pattern_identical").computed
    assert found_ is not None
    assert found_.interval.limits == pytest.approx((29.5 - 100 * high, 29.5 - 100 * low))


def test_the_chapters_chains_give_the_verdicts_of_the_ledger(evidence: Evidence) -> None:
    for chain, item in chains.every_finding(evidence).items():
        row = SAME.get(chain, chain)
        assert ruling(evidence, row).verdict is item.verdict, chain
