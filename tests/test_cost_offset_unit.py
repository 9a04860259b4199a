"""Unit costs by hand from counts and cost returns, over the years and over each base."""

import numpy as np
import pytest

from analysis.charts import Chart
from analysis.cost_offset.activity import attended, cost_per_contact, returned_contacts, total_cost
from analysis.cost_offset.unit_cost import series
from analysis.cost_offset.unit_cost_figures import by_base, middle, over_the_years
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

KINDS = [  # contacts and unit cost of the schedule of 2024-25, in the order of the table
    (221_708, 168.164011), (3_265_588, 173.550348), (924_020, 164.4241), (67_852, 94.626302),
    (127_921, 173.007639), (12_032, 140.164475), (115_000, 132.093024), (346_039, 172.381658),
]  # fmt: skip


def compute(evidence: Evidence) -> dict[str, Quantity]:
    found = {**over_the_years(evidence), **by_base(evidence)}
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict[str, Quantity]:
    return compute(evidence)


def test_cost_of_a_contact_is_a_ratio_of_sums(evidence: Evidence) -> None:
    n, unit = np.array(KINDS).T
    assert returned_contacts(evidence).value == n.sum() == 5_080_160
    assert cost_per_contact(evidence).value == pytest.approx((n @ unit) / n.sum())
    # the schedule's own sum of costs, to the pound
    returned = evidence.quantity("programme_spend", "returned_2024_25")
    assert (n @ unit) / 1e6 == pytest.approx(returned.value, abs=1e-4)


def test_attended_appointments_of_the_year(evidence: Evidence) -> None:
    assert attended(evidence).value == 6_199_752 + 78_164


def test_total_cost_and_its_bounds(evidence: Evidence) -> None:
    # 6,277,916 × 169.4904 = 1,064.05 million; all at 173.550348: 1,089.53; returned 861.04
    total = total_cost(evidence)
    assert total.value == pytest.approx(1_064.05, abs=0.02)
    assert total.interval.limits == pytest.approx((861.038226, 1_089.534), abs=1e-3)


def test_cost_of_a_course(results: dict[str, Quantity]) -> None:
    # 1,064.05 million / 670,419 = 1,587; 861.038226 / 670,419 = 1,284.3
    found = results["unit_returned"]
    assert found.value == pytest.approx(1_587.1, abs=0.1)
    assert found.interval.limits == pytest.approx((1_284.33, 1_625.15), abs=0.1)
    # 5,587,415 appointments over 670,419 courses = 8.3342, × 169.4904
    assert results["unit_sessions"].value == pytest.approx(8.3342, abs=1e-4)
    assert results["unit_own"].value == pytest.approx(1_412.57, abs=0.1)


def test_claims_in_constant_prices(results: dict[str, Quantity]) -> None:
    # 750 × 1.58983803 (see test_prices); two years before: 59.8584 in place of 63.4682
    first = results["unit_claim_2006_real"]
    assert first.value == pytest.approx(1_192.379, abs=1e-3)
    assert first.interval.limits[1] == pytest.approx(1_192.379 * 63.4682 / 59.8584, abs=1e-2)
    # 650 × 100.904159 / 74.6524 = 878.57; (1,192.38 − 878.57) / 1,192.38 = 26.3 percent
    assert results["unit_claim_2014_real"].value == pytest.approx(878.57, abs=0.01)
    assert results["unit_claim_fall"].value == pytest.approx(26.318, abs=1e-2)


def test_reported_totals_over_courses(results: dict[str, Quantity]) -> None:
    # 752 million / 664,087 = 1,132.38 × 1.54713494 / 1.32421442 = 1,323.01
    assert results["unit_reported_2021"].value == pytest.approx(1_323.0, abs=0.1)


def test_limits_of_the_multiple_pair_opposite_ends(results: dict[str, Quantity]) -> None:
    said, found = results["unit_claim_2024_real"], results["unit_returned"]
    low, high = results["unit_over_claim"].interval.limits
    assert low == pytest.approx(found.interval.limits[0] / said.interval.limits[1])
    assert high == pytest.approx(found.interval.limits[1] / said.interval.limits[0])


@pytest.mark.parametrize(("year", "at"), [("2014", 2014.5), ("2010-11", 2010.75)])
def test_middle_of_a_year(year: str, at: float) -> None:
    assert middle(year) == at


def test_the_picture_holds_every_cost_and_its_title_is_true(evidence: Evidence) -> None:
    chart = over_the_years(evidence)["unit_costs"]
    assert isinstance(chart, Chart)
    assert len(chart.table.frame) == len(series(evidence)) == 13
    said, found = chart.table.frame.iloc[5].iloc[-1], chart.table.frame.iloc[-1].iloc[-1]
    assert ("above the last" in chart.title) == (found.value > said.value)
    again = over_the_years(evidence)["unit_costs"]
    assert chart.specification("narrow") == again.specification("narrow")


def test_lineage(evidence: Evidence) -> None:
    assert lineage_problems(compute, evidence) == []
