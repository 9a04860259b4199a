"""The critic's chains and the programme's totals, by hand."""

import pytest

from analysis.charts import Chart
from analysis.cost_offset import chain, spend
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.tables import Table
from tests.perturb import lineage_problems


def compute(evidence: Evidence) -> dict[str, Quantity]:
    found = {
        **chain.annual_cost(evidence),
        **chain.exposed(evidence),
        **chain.liverpool(evidence),
        **spend.programme(evidence),
    }
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict[str, Quantity]:
    return compute(evidence)


def test_cost_of_a_year(results: dict[str, Quantity]) -> None:
    # 1.5 million × 680; 664,087 × 680; (1,020 − 752) / 752
    assert results["chain_cost_own"].value == pytest.approx(1_020)
    assert results["chain_cost_courses"].value == pytest.approx(451.579, abs=1e-3)
    assert results["chain_over_reported"].value == pytest.approx(35.638, abs=1e-3)
    # 877 × 1.32421442 / 1.06913124 = 1,086.24; × 664,087 = 721.36 million
    assert results["chain_cost_study"].value == pytest.approx(721.36, abs=0.01)


def test_people_who_could_leave_benefits(results: dict[str, Quantity]) -> None:
    # 1.5 million × 0.2 × 0.6 × 0.58
    assert results["chain_exposed_own"].value == pytest.approx(104_400)
    # 1,244,386 × 0.209676 × (1 − 0.4234) = 150,450, to the thousand
    assert results["chain_exposed_official"].value == 150_000
    assert results["chain_exposed_share"].value == pytest.approx(20.9676, abs=1e-3)


def test_months_that_each_must_gain(results: dict[str, Quantity]) -> None:
    # 1,020 million / 104,400 / 650 = 15.031; / 100,000 / 650 = 15.692
    assert results["chain_months_own"].value == pytest.approx(15.031, abs=1e-3)
    assert results["chain_months_remaining"].value == pytest.approx(15.692, abs=1e-3)
    # 650 of 2014 in 2021-22: × 1.53327172 / 74.6524 gives the scale; 752 million over 150,450
    value = 650 * 100 / 74.6524 * 1.32421441774492 / 1.53327172
    assert results["chain_value_later"].value == pytest.approx(value, rel=1e-6)
    assert results["chain_months_official"].value == pytest.approx(
        752e6 / 150_450 / value, rel=1e-4
    )


def test_one_replaced_link_leaves_the_others(evidence: Evidence) -> None:
    table = chain.exposed(evidence)["chain_exposed_links"]
    assert isinstance(table, Table)
    alone = [cell.value for cell in table.frame["Result with this link replaced"].iloc[:-1]]
    # the loss before the start replaced by none: 300,000 × 0.58
    assert alone[2] == pytest.approx(174_000)
    assert alone[1] == pytest.approx(1_500_000 * 98_313 / 468_881 * 0.6 * 0.58)


def test_all_links_of_the_cost_replaced_give_the_reported_total(evidence: Evidence) -> None:
    table = chain.annual_cost(evidence)["chain_cost_links"]
    assert isinstance(table, Table)
    assert table.frame["Official or reported"].iloc[-1].value == pytest.approx(752)


def test_liverpool(results: dict[str, Quantity]) -> None:
    # 2.5 / 8.1 and 2.5 / 10.6; neither is the 25 percent claimed
    assert results["chain_liverpool_of_before"].value == pytest.approx(30.864, abs=1e-3)
    assert results["chain_liverpool_of_after"].value == pytest.approx(23.585, abs=1e-3)
    assert str(results["chain_liverpool_rise"]) == "£2.5 million"


def test_cumulative_totals_between_known_years(results: dict[str, Quantity]) -> None:
    # known: 33, 103, 173, 250 (2012-13), 367.219192, 394, 752 (2021-22)
    # to 2018-19: 1,320.219 + 2011-12 (173 to 250) + three years (250 to 367.219) + one (394 to 752)
    found = results["spend_to_2018"]
    assert found.interval.limits == pytest.approx((2_637.219, 3_423.877), abs=1e-2)
    middle = 1_320.219192 + 211.5 + 3 * (250 + 367.219192) / 2 + 394 + 358 / 4
    assert found.value == pytest.approx(middle, abs=1e-3)
    assert results["spend_to_2020"].interval.limits == pytest.approx(
        (3_425.219, 4_927.877), abs=0.1
    )


def test_every_total_of_a_year_is_drawn(evidence: Evidence) -> None:
    chart = spend.programme(evidence)["spend_totals"]
    assert isinstance(chart, Chart)
    kinds = [item.kind for item in spend.totals(evidence)]
    assert set(kinds) == set(spend.TOTALS)
    assert kinds.count("critic") == 3 and kinds.count("reported") == 3
    # cumulative totals and announcements for several years are no totals of a year
    assert all(item.money.value <= 1_200 for item in spend.totals(evidence))
    again = spend.programme(evidence)["spend_totals"]
    assert chart.specification("wide") == again.specification("wide")


def test_lineage(evidence: Evidence) -> None:
    assert lineage_problems(compute, evidence) == []
