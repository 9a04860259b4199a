"""Versions of the claim by hand, and the picture of their break-evens."""

import pytest

from analysis.charts import Chart
from analysis.cost_offset.version_figures import break_evens, critics_sum, other_halves
from analysis.cost_offset.versions import versions
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from tests.perturb import lineage_problems


def compute(evidence: Evidence) -> dict[str, Quantity]:
    found = {**break_evens(evidence), **other_halves(evidence), **critics_sum(evidence)}
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict[str, Quantity]:
    return compute(evidence)


def test_break_evens_by_hand(results: dict[str, Quantity]) -> None:
    # 650 / 650; 1,000 / (8,000 / 12) = 1.5; at 25 months each 1.5 / 25 = 6 percent
    assert results["payback_needed_2014"].value == pytest.approx(1)
    assert results["payback_needed_2015"].value == pytest.approx(1.5)
    assert results["payback_share_2015"].value == pytest.approx(6)
    # 1 month over 24 and over 60 months
    assert results["payback_share_expected"].value == pytest.approx(100 / 24)
    assert results["payback_share_certain"].value == pytest.approx(100 / 60)


def test_the_supposition_of_2014_meets_its_own_break_even(results: dict[str, Quantity]) -> None:
    # 4 percent × 25 months
    assert results["payback_supposed_2014"].value == pytest.approx(1)
    assert str(results["payback_supposed_2014"]) == "1.00 months"


def test_a_value_that_is_taken_over_leaves_bounds(results: dict[str, Quantity]) -> None:
    # 666.67 × 100 / 75.1536 = 887.07; 1,000 / 887.07 = 1.12730; 5 percent: 22.55 and 30 months
    needed, each = results["payback_needed_2024"], results["payback_months_each_2024"]
    assert needed.value == pytest.approx(1.12730, abs=1e-5)
    assert needed.interval.limits == pytest.approx((1.12730, 1.5), abs=1e-5)
    assert each.interval.limits == pytest.approx((22.546, 30), abs=1e-3)


def test_the_official_forecast_rests_on_care(results: dict[str, Quantity]) -> None:
    # 272 / 302; 30 million over 2.6 million people; 400 over 2.6
    assert results["payback_official_nhs"].value == pytest.approx(90.0662, abs=1e-4)
    assert results["payback_official_rest"].value == pytest.approx(11.538, abs=1e-3)
    assert results["payback_official_money"].value == pytest.approx(153.846, abs=1e-3)
    assert results["payback_physical_share"].value == pytest.approx(32.5)


def test_the_critics_sum_by_hand(results: dict[str, Quantity]) -> None:
    # 1,783 × 650 = 1,158,950; × 12 = 13,907,400; 1,783 / 0.0025 = 713,200;
    # 547.2 million / 713,200 = 767.25; / 650 = 1.18038; 547.2 / 13.9074 = 39.35 years
    assert results["payback_critic_month"].value == pytest.approx(1.15895)
    assert results["payback_critic_year"].value == pytest.approx(13.9074)
    assert results["payback_critic_clients"].value == pytest.approx(713_200)
    assert results["payback_critic_cost"].value == pytest.approx(767.246, abs=1e-3)
    assert results["payback_critic_needed"].value == pytest.approx(1.18038, abs=1e-5)
    assert results["payback_critic_counted"].value == pytest.approx(0.03)
    assert results["payback_critic_years"].value == pytest.approx(39.346, abs=1e-3)


def test_every_version_with_a_cost_is_shown_once(evidence: Evidence) -> None:
    found = versions(evidence)
    assert len({item.label for item in found}) == len(found) == 7
    assert [item.borrowed for item in found] == [False] * 4 + [True] * 2 + [False]
    assert sum(item.supposed is not None for item in found) == 2


def test_the_title_says_what_the_table_holds(evidence: Evidence) -> None:
    chart = break_evens(evidence)["payback_versions"]
    assert isinstance(chart, Chart)
    needed = [cell.value for cell in chart.table.frame["Months needed"]]
    assert f"from {min(needed):.2f} to {max(needed):.2f} months" in chart.title
    for width in ("wide", "narrow"):
        again = break_evens(evidence)["payback_versions"]
        assert chart.specification(width) == again.specification(width)


def test_lineage(evidence: Evidence) -> None:
    assert lineage_problems(compute, evidence) == []
