"""Every claim has a verdict, its figures name what they rest on, and both follow the data."""

from __future__ import annotations

import pytest

from analysis.claims import ledger, summary
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.ruling import CLAIMS, Finding
from tests.judging import changed, figures_of, ruling
from tests.perturb import differs, lineage_problems, perturbed


def fresh(evidence: Evidence) -> Evidence:
    """The same evidence with nothing read yet."""
    return evidence.with_table(CLAIMS, evidence.table(CLAIMS))


def named(finding: Finding) -> dict[str, Quantity]:
    """The figures of a finding by where they stand in it."""
    fields = ("computed", "own", "exceptions", "later")
    single = {field: getattr(finding, field) for field in fields}
    several = {f"others {number}": item for number, item in enumerate(finding.others)}
    return {name: item for name, item in {**single, **several}.items() if item is not None}


def test_no_figure_moves_with_a_table_that_it_does_not_name(evidence: Evidence) -> None:
    claims, checks = ledger.claims(evidence), ledger.checks()
    figures: dict[str, dict[str, Quantity]] = {}
    readers: dict[str, list[str]] = {}
    for row, check in checks.items():
        own = fresh(evidence)
        figures[row] = named(check(own, claims[row]))
        for table in own.tables_read:
            readers.setdefault(table, []).append(row)
    problems, moved = [], 0
    for table, rows in sorted(readers.items()):
        other = perturbed(evidence, table, 0.1)
        for row in rows:
            after = named(checks[row](other, claims[row]))
            for name, figure in figures[row].items():
                if name not in after or not differs(figure, after[name]):
                    continue
                moved += 1
                if table not in {reference.split("/")[0] for reference in figure.rows}:
                    problems.append(f"{row}, {name}: moves with {table} and does not name it")
    assert moved > len(checks)  # most figures move with at least one table
    assert not problems, "\n".join(problems)


def test_the_counts_are_those_of_the_rulings(evidence: Evidence) -> None:
    rulings = ledger.rulings(evidence)
    counts = summary.counts(rulings)
    assert counts["ledger_claims"].value == len(evidence.table(CLAIMS))
    classes = [name for name in counts if name not in summary.TOTALS]
    assert sum(counts[name].value for name in classes) == counts["ledger_groups"].value
    fewer = dict(list(rulings.items())[:-1])
    assert summary.counts(fewer)["ledger_claims"].value == len(rulings) - 1


def test_no_claim_lacks_a_verdict(evidence: Evidence) -> None:
    rulings = ledger.rulings(evidence)
    assert set(rulings) == set(evidence.table(CLAIMS).index)
    assert all(ruling.label for ruling in rulings.values())
    silent = [row for row, it in rulings.items() if not it.live and not it.finding.missing]
    assert silent == []


def test_checks_stand_in_the_room_of_the_claims_chapter(evidence: Evidence) -> None:
    claims = ledger.claims(evidence)
    for room in ledger.ROOMS:
        chapter = room.__name__.rpartition(".")[2]
        assert {claims[row].chapter for row in room.CHECKS} == {chapter}


@pytest.mark.parametrize(
    ("row", "table", "datum", "column", "value", "label"),
    [
        (
            "s1_rb_noncompletion",
            "attrition_claims",
            "rb_abstract_two_plus",
            "value",
            2_947.0,  # 62.50 percent of 7,859 without
            "reproduced",
        ),
        (
            "s4_course_550k",
            "re_referral",
            "eng_2015_16_people",
            "value",
            1_390_000.0,
            "reproduced",
        ),
        (
            "s0_mean_sessions_completers",
            "sessions_distribution",
            "eng_2018_19_mean",
            "value",
            6.3,
            "reproduced",
        ),
        (
            "s1_scott_not_initiated",
            "critic_sample",
            "scott_no_contact",
            "missing_stated",
            1.0,
            "not checkable with the evidence seen",
        ),
        (
            "s4_grew_each_year",
            "annual_national",
            "eng_2017_18_first_treatment",
            "value",
            960_000.0,
            "has counter-examples",
        ),
        (
            "s0_etherapies_with_rct",
            "attrition_claims",
            "etherapy_abstract_tested",
            "value",
            8.0,
            "differs from the cited source",
        ),
        (
            "s0_never_categorical_endpoint",
            "counter_examples",
            "icbt_endpoint",
            "meets_terms",
            "yes",
            "has counter-examples",
        ),
        (
            "s2_perrin_remission",
            "controlled_outcomes",
            "perrin_cbt",
            "percent",
            75.0,
            "differs from the cited source",
        ),
        (
            "s4_paired_scores",
            "self_report_claims",
            "clark_outcome_data_2018",
            "value",
            95.0,
            "differs from the evidence",
        ),
        # 2.5 on 10.0 million is a quarter
        ("s2_liverpool_25pct", "claims", "s2_liverpool_budget", "value", 12.5e6, "reproduced"),
        (
            "s0_benefit_group_is_minority",
            "employment_flows",
            "out_of_work_at_start_2014_15",
            "value",
            300_000.0,
            "differs from official statistics",
        ),
        (
            "layard_2024_cost",
            "programme_spend",
            "reported_2021_22",
            "value",
            664.0,
            "reproduced",
        ),
        (
            "s0_no_evidence_dose_changes_work",
            "employment_effects",
            "toffolutti_employment",
            "population",
            "unemployed through an event at work",
            "has counter-examples",
        ),
        (
            "s0_spend_over_4bn",
            "programme_spend",
            "stated_2012_13",
            "value",
            600.0,
            "reproduced",
        ),
        (
            "s4_unique_transparency",
            "counter_examples",
            "dutch_monitoring",
            "meets_terms",
            "yes",
            "has counter-examples",
        ),
        (
            "own_homework_only",
            "counter_examples",
            "scott_homework",
            "before_claim",
            "no",
            "no counter-example found",
        ),
        (
            "s4_wait_19_days",
            "monthly_pathway",
            "eng_2018_03_mean_wait",
            "value",
            30.0,
            "differs from official statistics",
        ),
        (
            "s0_standard_6_weeks",
            "targets",
            "wait_6_weeks_2015_16",
            "target_value",
            80.0,
            "differs from the evidence",
        ),
        (
            "s0_scott_recovery_92",
            "critic_sample",
            "scott_recovered_printed",
            "n_printed",
            87,
            "reproduced",
        ),
        (
            "s4_reliable_improvement_67",
            "annual_national",
            "eng_2017_18_reliable_improvement_percent",
            "value",
            66.9,
            "reproduced",
        ),
        (
            "s1_no_better_than_predecessors",
            "trial_contrasts",
            "pilot_difference_8m",
            "result",
            "favours treatment",
            "has counter-examples",
        ),
        (
            "s4_preference_ratio",
            "functioning_satisfaction",
            "prefer_therapy_seekers",
            "value",
            75,
            "reproduced",
        ),
    ],
)
def test_a_verdict_changes_with_the_datum_behind_it(
    evidence: Evidence, row: str, table: str, datum: str, column: str, value: object, label: str
) -> None:
    assert ruling(evidence, row).label != label
    assert ruling(changed(evidence, table, datum, column, value), row).label == label


@pytest.mark.parametrize(
    "rows",
    [
        ("s2_nhse_7_in_10", "s2_recovered_share", "s4_recovery_2018", "s4_preference_ratio"),
        ("s0_likely_dropout_75", "s1_rb_no_assessment", "s1_pattern_identical"),
        ("s2_one_session_only", "s4_seen_over_1m", "s4_seen_2018"),
        ("s0_unit_cost_680", "s0_target_group_people", "s2_spend_over_3bn", "layard_2007_payback"),
        ("s4_additional_access", "s4_most_still_untreated", "s4_wait_19_days", "s2_survey_n"),
    ],
)
def test_figures_name_the_tables_they_move_with_and_no_others(
    evidence: Evidence, rows: tuple[str, ...]
) -> None:
    assert lineage_problems(figures_of(*rows), evidence) == []
