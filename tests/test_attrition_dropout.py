"""Drop-out benchmarks and loss in trials: conversions, intervals and matching figures."""

import pytest

from analysis.attrition import benchmarks, loss
from analysis.charts import Chart
from analysis.evidence import Evidence

SECTIONS = (benchmarks.early, benchmarks.during, benchmarks.completed, loss.trial_loss)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_completers_are_turned_round_with_their_interval(evidence):
    # 4,393 of 7,388 completed, printed 59; Wilson 58.34 to 60.58 turns into 39.42 to 41.66
    london = benchmarks.rate(evidence, "green")
    assert london.value == 41
    assert london.interval.limits == pytest.approx((39.42, 41.66), abs=0.01)
    assert benchmarks.rate(evidence, "ballegooijen_face_to_face").value == pytest.approx(15.3)
    record = evidence.table("dropout_benchmarks").loc["green"]
    assert "printed as completed or attended 59%" in benchmarks.words(record)


def test_a_share_without_a_count_has_an_interval_that_covers_its_rounding(evidence):
    # 42 percent of 15,274 may be 41.5 or 42.5: z²/n is small, so about 41.5 − 0.78, 42.5 + 0.78
    found = benchmarks.rate(evidence, "ssri_stopped")
    assert found.interval.limits == pytest.approx((40.72, 43.28), abs=0.01)


def test_pooled_figures_have_an_interval_only_where_one_is_printed(evidence):
    frame = evidence.table("dropout_benchmarks", statistic="pooled")
    kinds = {row: benchmarks.rate(evidence, row).interval.kind for row in frame.index}
    assert {row for row, kind in kinds.items() if kind == "sampling"} == {"swift_greenberg"}


def test_every_row_stands_in_one_table(evidence, results):
    names = [name for name in results if isinstance(results[name], Chart) and "dropout" in name]
    listed = [figure for name in names for figure in results[name].table.frame["Figure"]]
    labels = list(evidence.table("dropout_benchmarks")["label"])
    assert sorted(f for f in listed if f in labels) == sorted(labels)


def test_the_programmes_figures_are_hand_worked(evidence, results):
    # Sums of months, 2024-25: 667,143 finished, 502,900 treated once, 658,429 with both scores
    year, once, paired = 667_143, 502_900, 658_429
    assert results["dropout_once"].value == pytest.approx(100 * once / (once + year))
    assert results["loss_treated"].value == pytest.approx(100 - 100 * paired / (once + year))
    assert results["loss_finished"].value == pytest.approx(100 - 100 * paired / year)
    ends = evidence.table("monthly_end_reasons", stage="taken on")
    ends = ends[ends["month"].between("2024-04", "2025-03")].groupby("reason")["value"].sum()
    assert results["dropout_unplanned"].value == pytest.approx(
        100 * ends["ended_before_planned"] / ends.sum()
    )


def test_arms_with_large_loss_are_counted_over_the_databases(results):
    # 40 percent or more: 47 + 22 + 0 + 6 = 75 of 524 + 110 + 66 + 91 = 791 therapy arms
    assert (results["loss_large_arms"].value, results["loss_arms"].value) == (75, 791)
    assert results["loss_large_share"].value == pytest.approx(100 * 75 / 791)
