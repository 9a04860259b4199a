"""Steps, therapies, conditions and medication: hand-worked shares of full counts."""

import pytest

from analysis.evidence import Evidence
from analysis.recovery import compared, compared_conditions, medication

SECTIONS = (
    compared.steps,
    compared.intensity,
    compared.therapies,
    compared.same_problem,
    compared_conditions.long_term_conditions,
    compared_conditions.problems,
    compared_conditions.panic_cells,
    medication.medication,
)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_steps_are_shares_of_all_finished_courses(results):
    # 2024-25: 267,299 low only of 267,299 + 260,902 + 111,901 + 30,317 = 670,419
    assert results["intensity_low_only"].value == pytest.approx(100 * 267_299 / 670_419)
    names = ("low_only", "both", "high_only", "not_stated")
    assert sum(results[f"intensity_{name}"].value for name in names) == pytest.approx(100)


def test_rates_from_counts_print_as_the_published_rates(evidence, results):
    published = evidence.table(
        "outcomes_by_group",
        basis="course_of_therapy",
        grouping="therapy",
        within="All problems",
        year="2024-25",
        measure="recovery_rate_percent",
    ).set_index("group")["value"]
    assert round(results["therapy_cbt"].value, 1) == published["Cognitive behaviour therapy"]
    assert round(results["therapy_self_help"].value, 1) == published["Guided self-help (book)"]
    assert len(results["therapy_rates"].table.frame) == len(published) == 14


def test_a_swing_is_the_later_rate_less_the_earlier(results):
    # applied relaxation, printed 16.1 and 50.7
    assert results["therapy_swing"].value == pytest.approx(34.6, abs=0.1)
    assert results["therapy_swing_courses"].value == 80


def test_the_step_rates_pool_the_courses_of_their_therapies(evidence, results):
    frame = evidence.table(
        "outcomes_by_group",
        basis="course_of_therapy",
        grouping="therapy",
        within="All problems",
        year="2024-25",
        intensity="low",
    )
    sums = frame.groupby("measure")["value"].sum()
    expected = sums["moved_to_recovery"] / (sums["courses_of_therapy"] - sums["not_at_caseness"])
    assert results["intensity_low_rate"].value == pytest.approx(100 * expected)


def test_long_term_conditions_before_and_after_the_change_of_data_set(results):
    # 2018-19: 69,859 of 152,618 − 8,956, and 177,176 of 348,589 − 21,233
    difference = 100 * 177_176 / 327_356 - 100 * 69_859 / 143_662
    assert results["condition_ltc_difference"].value == pytest.approx(difference)
    # 2024-25: 498,020 of 670,419 without status; groups add up to 705,504, 35,085 too many
    assert results["condition_ltc_unknown_last"].value == pytest.approx(100 * 498_020 / 670_419)
    assert results["condition_ltc_overlap_last"].value == pytest.approx(100 * 35_085 / 670_419)


def test_unexplained_symptoms_are_few(results):
    assert results["condition_unexplained"].value == 77 + 92 + 33


def test_panic_cells_move_while_scores_and_all_courses_do_not(results):
    # 946 of 5,508 − 297 courses, then 2,530 of 5,937 − 593
    assert results["condition_panic_odd"].value == pytest.approx(100 * 946 / 5_211)
    assert results["condition_panic_later"].value == pytest.approx(100 * 2_530 / 5_344)
    assert results["condition_panic_all_odd"].value == pytest.approx(100 * 6_938 / 13_643)


def test_medication_shares_are_bounds_for_what_is_not_recorded(results):
    # 2024-25 of 670,419: taking 267,405, not stated 72,151 at the start
    low, high = results["medication_start"].interval.limits
    assert low == pytest.approx(100 * 267_405 / 670_419, abs=0.01)
    assert high == pytest.approx(100 * (267_405 + 72_151) / 670_419, abs=0.01)
    # started: 49,353 + 6,673 recorded; could be: 52,033 + 3,753, 14,837 and 40,428 more
    low, high = results["medication_started"].interval.limits
    assert low == pytest.approx(100 * 56_026 / 670_419, abs=0.01)
    assert high == pytest.approx(100 * 167_077 / 670_419, abs=0.01)
