"""Claims about questionnaires and interviews: figures by hand, and verdicts that follow them."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest, norm

from analysis.evidence import Evidence
from tests.judging import ruling


@pytest.mark.parametrize(
    ("row", "figure", "label"),
    [
        # masked clinician in 16 trials of cognitive behaviour therapy, 2015 to 2019
        ("s0_no_recent_blind_cbt_trial", 16, "has counter-examples"),
        # 44 of 172 trials since 2000
        ("s0_cbt_rarely_single_blind", 100 * 44 / 172, "reproduced"),
        # 44 of 172 less 33 of 136
        (
            "s0_other_therapies_blind_even_less",
            100 * (44 / 172 - 33 / 136),
            "too uncertain to tell",
        ),
        # 71 of 241 other formats less 6 of 67 guided self-help
        ("s0_step2_weakest_evidence", 100 * (71 / 241 - 6 / 67), "reproduced"),
        ("s0_etherapies_with_rct", 7, "reproduced"),
        ("s0_cuijpers_high_quality_share", 17.4, "reproduced"),
        # 24/144 is 16.7, 25/144 is 17.4: only 25 prints the share of the abstract
        ("s0_cuijpers_high_quality_count", 25, "differs from the cited source"),
        ("s0_pwp_less_than_half_time", 100 * 45 / 90, "reproduced"),
        ("s0_only_self_report", 6, "has counter-examples"),
        ("s0_never_categorical_endpoint", 0, "no counter-example found"),
        ("s2_perrin_remission", 80, "reproduced"),
        ("s2_perrin_age_max", 18, "reproduced"),
        # ten effects 0.8 0.8 0.7 1.0 0.7 0.8 0.8 0.9 0.8 0.5
        ("s3_mean_effect_size", 7.8 / 10, "not checkable with the evidence seen"),
        # the normal distribution gives 84.13 for an effect of one
        ("s3_better_than_84pct", 100 * norm.cdf(1), "true on a stated base only"),
        # fourteen names, without all problems and the group of anxiety and stress
        ("s3_twelve_categories", 12, "reproduced"),
        ("s3_comorbidity_is_rule", 72, "reproduced"),
        ("s4_paired_scores", 98.5, "reproduced"),
        ("s4_recovery_two_measures", 2, "reproduced"),
        ("s3_es_definition", 2, "differs from official statistics"),
    ],
)
def test_figures_by_hand_and_the_verdicts_they_give(
    evidence: Evidence, row: str, figure: float, label: str
) -> None:
    judged = ruling(evidence, row)
    found = judged.finding
    computed = next(it for it in (found.computed, found.own, found.exceptions) if it is not None)
    assert computed.value == pytest.approx(figure, abs=5e-3)
    assert judged.label == label


def test_the_interview_share_has_the_exact_interval_of_its_people(evidence: Evidence) -> None:
    found = ruling(evidence, "s3_comorbidity_is_rule").finding.computed
    # 72 percent of 147 interviewed people are 106
    exact = binomtest(106, 147).proportion_ci(0.95, "exact")
    assert found.interval.limits == pytest.approx((100 * exact.low, 100 * exact.high))
