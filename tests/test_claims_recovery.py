"""The claims of the chapters on recovery and context: hand-worked figures and their verdicts."""

import pytest

from analysis.claims import context, recovery
from analysis.claims.recovery_rates import latest_year
from analysis.evidence import Evidence
from tests.judging import changed, finding, ruling

CHECKS = {**recovery.CHECKS, **context.CHECKS}
CHAPTERS = ("recovery", "context")


@pytest.mark.parametrize(
    ("row", "figure", "others", "verdict"),
    [
        # Scott 2018 prints 9.2 beside 90 people: 8 of 90 is 8.9, 9 of 90 is 10.0.
        ("s0_scott_recovery_92", 9.2, [], "not obtainable from the stated sample"),
        ("s2_scott_10_overall", 9.2, [], "differs from the cited source"),
        ("s0_scott_recovery_10", 9.2, [], "not checkable with the evidence seen"),
        ("s2_recovery_much_less_than_50", 9.2, [], "compares unlike with unlike"),
        # 2019-20 was out in July 2020, 2020-21 not before November 2021.
        ("s0_iapt_claims_50_recovery", 51.1, [], "differs from official statistics"),
        ("s0_bbc_repeats_50", 52.1, [], "differs from official statistics"),
        ("s0_nao_accepted_45", 44.8, [], "reproduced"),
        # 284,810 recoveries of 582,556 finished (48.89) and of 1,092,296 begun (26.07).
        ("s2_nhse_5_in_10", 52.1, [48.890, 26.074], "true on a stated base only"),
        # 392,662 reliably improved of 1,092,296 begun.
        ("s2_nhse_7_in_10", 67.4, [35.948], "true on a stated base only"),
        ("s2_talk_liverpool_87", 47, [], "differs from official statistics"),
        # 2017-18: 263,295 of 554,709 finished is 47.47.
        ("s4_recovered_51", 50.8, [47.465], "true on a stated base only"),
        ("s4_five_in_ten", 50.8, [47.465], "reproduced"),
        ("clark_around_half_2018", 50.8, [47.465, 26.094], "true on a stated base only"),
        ("s4_reliable_improvement_67", 66.4, [], "differs from official statistics"),
        (
            "s4_seven_in_ten",
            66.4,
            [],
            "rounding changes the reading (claimed figure above the recomputed one)",
        ),
        ("s4_recovery_2012", 42.8, [], "not checkable with the evidence seen"),
        ("s4_recovery_2015", 46.3, [], "reproduced"),
        # April to October 2018: 168,024 of 324,332.
        ("s4_recovery_2018", 51.806, [], "differs from official statistics"),
        ("s4_target_first_met_jan_2017", 2017, [], "reproduced"),
        # REEACT, both computerised arms: (82 + 93) / (165 + 182).
        ("s1_rct_recovery_50", 50.432, [62, 80], "true on a stated base only"),
        ("s4_aim_at_least_50", 50, [50.432, 62, 80], "reproduced"),
        ("marks_gap_2018", 40.8, [], "compares unlike with unlike"),
        # 101 of 179.
        ("scott_usual_care_same", 56.425, [], "compares unlike with unlike"),
        ("knapstad_trial_2020", 26.6, [], "reproduced"),
        # 50.432 - 56.425, with an interval that holds benefit and harm.
        ("reeact_no_benefit_2015", -5.993, [], "too uncertain to tell"),
        # 2015-16: 17.456 of the referrals ended.
        ("mcinnes_ended_2017", 17.456, [], "reproduced"),
        # 7,494,860 referrals received, less 3,200,000, by pairs.
        ("s2_referred_2_to_10_times", 2_147_430, [], "not checkable with the evidence seen"),
        # 0.75 / 0.25 and 0.69 / 0.31.
        ("s4_preference_ratio", 3.0, [2.226], "true on a stated base only"),
        ("s4_therapists_trained", 10_500, [], "reproduced"),
        # 14 May 2021 less six weeks is 2 April.
        ("s0_guidance_in_june", 6, [4], "true on a stated base only"),
        ("s0_standards_set_october_2014", 2014, [], "reproduced"),
        ("s4_start_october_2008", 2008, [], "reproduced"),
        # 2020 - 2011.
        (
            "s1_nearly_a_decade_ago",
            9,
            [],
            "rounding changes the reading (claimed figure above the recomputed one)",
        ),
        ("s2_three_commentaries", 3, [], "reproduced"),
    ],
)
def test_recomputed_figures_and_verdicts(
    evidence: Evidence, row: str, figure: float, others: list[float], verdict: str
) -> None:
    judged = ruling(evidence, row)
    assert judged.finding.computed is not None
    assert judged.finding.computed.value == pytest.approx(figure, abs=0.001)
    assert [q.value for q in judged.finding.others] == pytest.approx(others, abs=0.001)
    assert judged.label == verdict


@pytest.mark.parametrize(
    ("row", "own", "limits", "verdict"),
    [
        # 0.5 x 3.2 million; 0.495 x 3.15 and 0.505 x 3.25.
        ("s2_recovered_people", 1_600_000, (1_559_250, 1_641_250), "reproduced"),
        # 1.6 / 4.7; 1.55 / 4.8 and 1.65 / 4.6.
        ("s2_recovered_share", 34.043, (32.292, 35.870), "reproduced"),
        (
            "s2_a_third_not_half",
            34.043,
            (32.292, 35.870),
            "rounding changes the reading (claimed figure below the recomputed one)",
        ),
        ("s2_period_years", 6, None, "true on a stated base only"),
        # October 2008 to January 2019 is 123 months.
        ("s4_ten_years", 10, None, "reproduced"),
    ],
)
def test_own_inputs(
    evidence: Evidence, row: str, own: float, limits: tuple[float, float] | None, verdict: str
) -> None:
    judged = ruling(evidence, row)
    assert judged.finding.own is not None
    assert judged.finding.own.value == pytest.approx(own, abs=0.001)
    assert judged.finding.own.interval.limits == (
        None if limits is None else pytest.approx(limits, abs=0.001)
    )
    assert judged.label == verdict


def test_universal_statements(evidence: Evidence) -> None:
    kept = ruling(evidence, "s4_target_kept_each_month")
    assert kept.finding.exceptions is not None and kept.finding.exceptions.value == 1
    assert "December 2017" in kept.finding.on and "2 months" in kept.finding.on
    assert kept.label == "has counter-examples"
    assert ruling(evidence, "s1_no_better_than_predecessors").label == "no counter-example found"
    again = finding(evidence, "s2_rereferral_means_no_effect")
    assert again.later is not None and again.later.value == pytest.approx(10)  # 100 - 58 - 32


def test_counselling_against_the_next_therapy(evidence: Evidence) -> None:
    later = finding(evidence, "s4_counselling_commonest_alternative").later
    assert later is not None and later.value == 54_298 - 7_548


def test_a_month_above_the_target_ends_the_exception(evidence: Evidence) -> None:
    month = evidence.table("monthly_outcomes", month="2017-12", measure="recovery_rate_percent")
    kept = changed(evidence, "monthly_outcomes", str(month.index[0]), "value", 50.1)
    assert ruling(kept, "s4_target_kept_each_month").label == "no counter-example found"


def test_evidence_stops_at_the_date_of_the_claim() -> None:
    assert latest_year("2019-10") == "2017-18"
    assert latest_year("2020-06") == "2018-19"
    assert latest_year("2020") == latest_year("2021-08") == "2019-20"
