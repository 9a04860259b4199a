"""Claims about who checks, and about targets and waits: figures by hand and their verdicts."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.claims.governance import SEARCHED
from analysis.evidence import Evidence
from analysis.ruling import CLAIMS
from tests.judging import ruling


@pytest.mark.parametrize(
    ("row", "figure", "label"),
    [
        # two rounds of the national audit, the auditor in 2016, the committee in 2016, the press
        ("s0_decade_without_scrutiny", 5, "has counter-examples"),
        ("s2_no_outcome_audit", 2, "has counter-examples"),
        ("s0_no_public_independent_assessment", 2, "has counter-examples"),
        ("s0_no_debate_allowed", 2, "has counter-examples"),
        ("own_homework_only", 1, "has counter-examples"),
        ("psyreflect_never_reached", 1, "has counter-examples"),
        ("s0_nobody_tests_payback", 0, "no counter-example found"),
        ("s0_cqc_may_not_inspect", 0, "no counter-example found"),
        ("s2_no_drug_standard_assessment", 0, "no counter-example found"),
        ("s4_unique_transparency", 0, "no counter-example found"),
        ("nhse_all_outcomes_published", 0, "no counter-example found"),
        ("s0_standard_6_weeks", 75, "reproduced"),
        ("s0_standard_18_weeks", 95, "reproduced"),
        # 21 months from April 2015 to December 2016, each with a rate
        ("s0_monthly_statistics", 1, "reproduced"),
        ("s4_access_target_2024", 1_900_000, "reproduced"),
        # 1.9 less 1.5 million; less the 1,009,035 reached it is 890,965
        ("s4_additional_access", 400_000, "true on a stated base only"),
        # 1,009,035 entered, of 900,000 over 15 percent
        ("s4_most_still_untreated", 100 * (1 - 1009035 / 6e6), "reproduced"),
        # November 2017 to October 2018: 18.5 20.3 20.6 18.5 17.5 19.8 18.9 18.8 17.8 18.8 18.9 18.5
        ("s4_wait_19_days", 226.9 / 12, "reproduced"),
        # 2015: 31.5 27.8 24.6 29.5 26.3 29.9 28.1 23.3 24.1 24.3 22.9 25.1
        ("s4_waits_much_better", (317.4 - 226.9) / 12, "reproduced"),
        (
            "s2_four_in_ten_pressed",
            41,
            "reproduced",
        ),
        ("s2_survey_n", 550, "reproduced"),
        ("s2_staff_burnout_71", 71, "true on a stated base only"),
        ("s2_staff_depressed_67", 67, "reproduced"),
    ],
)
def test_figures_by_hand_and_the_verdicts_they_give(
    evidence: Evidence, row: str, figure: float, label: str
) -> None:
    judged = ruling(evidence, row)
    found = judged.finding
    computed = next(it for it in (found.computed, found.exceptions) if it is not None)
    assert computed.value == pytest.approx(figure, abs=1e-6)
    assert judged.label == label


def test_every_statement_of_the_table_that_is_a_claim_of_the_chapter_is_tested_by_one_rule(
    evidence: Evidence,
) -> None:
    claims = evidence.table("universal_statements")["claim_id"]
    chapter = set(evidence.table(CLAIMS, chapter="governance").index)
    untested = {"s2_nhse_no_audit_cited", "s3_no_other_service_so_lax"}  # nothing was searched
    assert set(claims) & chapter - untested == set(SEARCHED)


def test_providers_below_the_standard_are_counted_by_the_printed_rate(evidence: Evidence) -> None:
    areas = pd.read_csv("data/area_years.csv")
    providers = areas[areas["level"] == "provider"]
    below = providers[(providers["year"] == "2018-19") & (providers["recovery_percent"] < 50)]
    later = set(providers.loc[providers["year"] == "2019-20"].query("finished > 0")["code"])
    computed = ruling(evidence, "s1_c_no_funds_without_50").finding.computed
    assert computed is not None
    assert computed.value == len(set(below["code"]) & later) == 36
