"""Bunching at the recovery target: samples, counts at the target, looks, and the trap."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance import bunching, bunching_curve, bunching_looks, bunching_trap
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

DRAWS = 60


@pytest.fixture(scope="module")
def small(evidence: Evidence) -> Evidence:
    """A part of the evidence with every population in it, for what has to be run many times."""
    months, areas = evidence.table("month_rates"), evidence.table("area_years")
    year = months["level"].map({"ccg": "2019-20", "provider": "2022-23", "subicb": "2022-23"})
    months = months[months["year"] == year]
    areas = areas[
        areas["level"].eq("icb")
        | (areas["level"].eq("ccg") & areas["year"].eq("2019-20"))
        | (areas["level"].eq("provider") & areas["year"].eq("2022-23"))
    ]
    return evidence.with_table("month_rates", months).with_table("area_years", areas)


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    """Everything that the section publishes, with few draws."""
    return {
        **bunching.around_the_target(evidence, draws=DRAWS),
        **bunching_curve.curve(evidence, draws=DRAWS),
        **bunching_curve.at_placebo_cuts(evidence, draws=DRAWS),
        **bunching_trap.rebuilt(evidence, draws=40),
    }


def test_counts_around_the_target_are_those_of_the_table(evidence: Evidence, results) -> None:
    """Transcribed from the table of months: 745, 1,002 and 971 provider-months at 49, 50 and 51."""
    frame = evidence.table("month_rates", level="provider")
    counts = frame.groupby("rate_percent")["months"].sum()
    assert counts.loc[[49, 50, 51]].tolist() == [745, 1002, 971]
    assert results["bunching_seen_below"].value == 745
    assert results["bunching_seen"].value == 1002
    assert results["bunching_seen_above"].value == 971
    assert results["bunching_months"].value == frame["months"].sum() == 10_604


def test_an_entry_stands_for_a_unit_and_a_month(evidence: Evidence) -> None:
    """Darlington, February and March 2019: one month at 46 of 70 finished, one at 53 of 60."""
    sample, years, rows = bunching_looks.population(evidence, "ccg_months", code="00C")
    first = sample.where(sample.period == years.index("2018-19"))
    areas = evidence.table("area_years", level="ccg", year="2018-19").dropna(subset=["base"])
    share = areas["base"].sum() / areas["finished"].sum()
    assert share == pytest.approx(0.9385, abs=0.0005)
    # 70 and 60 finished courses times 0.9385 are 65.7 and 56.3
    assert first.percent.tolist() == [46, 53]
    assert first.size == pytest.approx([65.7, 56.3], abs=0.5)
    assert len(set(sample.unit)) == 1
    months = evidence.table("month_rates", level="ccg", code="00C")
    assert len(sample) == months["months"].sum()
    assert {row.split("/")[0] for row in rows} == {"month_rates", "area_years"}


def test_levels_are_never_added(evidence: Evidence) -> None:
    for name, (table, level, _) in bunching_looks.POPULATIONS.items():
        sample, _, _ = bunching_looks.population(evidence, name)
        frame = evidence.table(table, level=level)
        times = frame["months"].sum() if table == "month_rates" else frame["base"].notna().sum()
        assert len(sample) == times


def test_years_that_print_a_base_need_no_conversion(evidence: Evidence) -> None:
    sample, _, rows = bunching_looks.population(evidence, "provider_months", year="2023-24")
    sizes = evidence.table("month_rates", level="provider", year="2023-24")
    mean = np.average(sizes["mean_size"], weights=sizes["months"])
    assert sample.size.mean() == pytest.approx(mean, abs=0.3)
    assert {row.split("/")[0] for row in rows} == {"month_rates"}


def test_every_look_is_a_different_one_and_large_enough(evidence: Evidence) -> None:
    table = bunching_looks.looks(evidence, draws=DRAWS).table
    labels = ["population", "years", "sizes", "bandwidth", "null", "statistic"]
    assert not table.duplicated(labels).any()
    assert table["entries"].min() >= bunching_looks.LEAST
    assert set(table["population"]) == set(bunching_looks.POPULATIONS)
    assert table["p"].between(1 / (1 + DRAWS), 1).all()
    assert (table["p_cuts"] >= table["p"] - 1e-9).all()
    assert table["rank"].between(1, 11).all()


def test_numbers_of_looks_add_up(results) -> None:
    table = results["bunching_curve"].table.frame
    excess = table[table["Statistic"] == "bin at the target"]
    assert table["Looks"].sum() == results["bunching_looks"].value
    assert excess["Looks"].sum() == results["bunching_looks_excess"].value
    assert excess["Small p"].sum() == results["bunching_looks_small"].value
    assert excess["Small p over cuts"].sum() == results["bunching_looks_over_cuts"].value
    cuts = results["bunching_placebos"].table.frame.set_index("Cut, percent")
    assert cuts.loc[50, "bin at the target"] == results["bunching_looks_small"].value
    others = cuts.drop(index=50)
    assert others["bin at the target"].max() == results["bunching_placebo_most"].value
    worst = int(results["bunching_placebo_step_cut"].value)
    assert others["above less below"].idxmax() == worst
    at_least = (others["above less below"] >= results["bunching_steps_small"].value).sum()
    assert at_least == results["bunching_placebo_step_as_many"].value


def test_the_rebuilt_tower_is_mostly_rounding(evidence: Evidence, results) -> None:
    """Added up from the table: 549 at 50.0, 1,020 from 50 to 50.9, 363 from 49 to 49.9."""
    table = evidence.table("rebuilt_rates").set_index("rebuilt_from")["months"]
    assert table.loc[50.0] == results["bunching_rebuilt_at"].value == 549
    assert results["bunching_rebuilt_above"].value == table.loc[50.0:50.9].sum() == 1020
    assert results["bunching_rebuilt_below"].value == table.loc[49.0:49.9].sum() == 363
    assert results["bunching_rebuilt_above_rest"].value == 1020 - 549
    null = results["bunching_rebuilt_at_null"]
    assert 0.7 * 549 < null.value < 1.2 * 549
    # without rounding a tenth of a percent has about a tenth of the 1,002 printed there
    assert null.value > 4 * 100


def test_the_null_counts_as_many_rebuilt_rates_as_the_table(evidence: Evidence) -> None:
    counts, rows = bunching_trap.simulated_tenths(evidence, draws=40)
    total = evidence.table("rebuilt_rates")["months"].sum()
    assert counts.sum(axis=1).mean() == pytest.approx(total)
    assert {row.split("/")[0] for row in rows} == {"month_rates", "area_years", "rebuilt_rates"}


def test_more_rates_moved_to_the_target_are_found(evidence: Evidence) -> None:
    """Three in ten provider-months printed at 48 or 49 moved to 50."""
    frame = evidence.table("month_rates", level="provider")
    chosen = frame["rate_percent"].isin([48, 49]) & (
        np.random.default_rng(1).random(len(frame)) < 0.3
    )
    frame.loc[chosen, "rate_percent"] = 50
    rest = evidence.table("month_rates", level=["ccg", "subicb"])
    bunched = evidence.with_table("month_rates", pd.concat([frame, rest]))
    found = bunching.around_the_target(bunched, draws=DRAWS)
    assert found["bunching_p_over_cuts"].value <= 0.05
    assert found["bunching_rank"].value == 1
    assert found["bunching_extra"].interval.low > 20


def test_the_same_seed_gives_the_same_figures(evidence: Evidence, results) -> None:
    bunching_looks.looks_at.cache_clear()
    again = bunching.around_the_target(evidence, draws=DRAWS)
    for name, item in again.items():
        if isinstance(item, Quantity):
            assert item == results[name]
    chart, other = again["bunching_rates"], results["bunching_rates"]
    assert chart.specification("wide") == other.specification("wide")


@pytest.mark.parametrize(
    "name", ["bunching_rates", "bunching_curve", "bunching_placebos", "bunching_rebuilt"]
)
def test_charts_are_deterministic_and_not_heavy(results, name: str) -> None:
    chart = results[name]
    assert isinstance(chart, Chart)
    for width in ("wide", "narrow"):
        spec = chart.specification(width)
        assert spec == chart.specification(width)
        assert len(json.dumps(spec)) < 120_000


def test_lineage_of_the_target(small: Evidence) -> None:
    def compute(evidence: Evidence) -> dict[str, Quantity]:
        found = {
            **bunching.around_the_target(evidence, draws=20),
            **bunching_trap.rebuilt(evidence, draws=10),
        }
        return {name: item for name, item in found.items() if isinstance(item, Quantity)}

    assert lineage_problems(compute, small) == []


def test_lineage_of_the_looks(small: Evidence) -> None:
    def compute(evidence: Evidence) -> dict[str, Quantity]:
        found = {
            **bunching_curve.curve(evidence, draws=20),
            **bunching_curve.at_placebo_cuts(evidence, draws=20),
        }
        return {name: item for name, item in found.items() if isinstance(item, Quantity)}

    assert lineage_problems(compute, small) == []
