"""Cost per outcome by hand, and agreement with the counterfactuals of the Recovery chapter."""

import math

import pytest

from analysis.charts import Chart
from analysis.cost_offset.activity import total_cost
from analysis.cost_offset.attributable import attributed, cost_of_one, ends
from analysis.cost_offset.per_outcome import others, recorded_and_attributed
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity
from analysis.recovery import counterfactual
from tests.perturb import lineage_problems


def compute(evidence: Evidence) -> dict[str, Quantity]:
    found = {**recorded_and_attributed(evidence), **others(evidence)}
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict[str, Quantity]:
    return compute(evidence)


def test_recorded_outcomes_by_hand(results: dict[str, Quantity]) -> None:
    # 1,064.05 million over 1,196,618 starts, 321,061 recoveries, 301,815 reliable recoveries
    assert results["per_start"].value == pytest.approx(889.2, abs=0.1)
    assert results["per_recovery"].value == pytest.approx(3_314.2, abs=0.2)
    assert results["per_reliable_recovery"].value == pytest.approx(3_525.5, abs=0.2)
    # 861.038226 million over 301,815
    assert results["per_reliable_recovery"].interval.limits[0] == pytest.approx(2_852.9, abs=0.1)


def test_usual_care_by_hand(results: dict[str, Quantity]) -> None:
    # 635,185 × 0.266 = 168,959 net extra recoveries; 1,064.05 million / 168,959 = 6,298
    assert results["per_usual_care"].value == 6_300
    assert results["per_usual_share"].value == pytest.approx(100 * 168_959.2 / 301_815, abs=0.01)


def test_the_band_is_that_of_the_recovery_chapter(evidence: Evidence) -> None:
    shown = counterfactual.band(evidence)
    found = attributed(evidence)
    for word, chosen in (("matched", [i for i in found if i.matched]), ("band", found)):
        for end, item in zip(("high", "low"), ends(chosen), strict=True):
            assert round(item.net.value, -3) == shown[f"net_{word}_{end}"].value
    shown_rows = [
        number.value
        for item in counterfactual.comparisons(evidence)
        if item.in_band
        for number in item.net.values()
        if number
    ]
    assert sorted(i.net.value for i in found) == pytest.approx(sorted(shown_rows))


def test_more_recoveries_cost_less_each(evidence: Evidence) -> None:
    total = total_cost(evidence)
    ordered = sorted(attributed(evidence), key=lambda item: item.net.value)
    costs = [cost_of_one(total, item.net).value for item in ordered]
    assert costs == sorted(costs, reverse=True)


def test_limits_that_include_no_recovery_have_no_upper_end() -> None:
    net = Quantity(2_000, "recoveries", Interval("model", -500, 4_000, 0.95))
    found = cost_of_one(Quantity(12, "GBP million"), net)
    assert found.interval.limits == (3_000, math.inf)


def test_costs_by_others(results: dict[str, Quantity]) -> None:
    # 877 / 1,766; 1,766 × 1.447095; 100,000 over 49, 115 and 78
    assert results["per_study_rate"].value == pytest.approx(49.660, abs=1e-3)
    assert results["per_study_real"].value == pytest.approx(2_555.57, abs=0.01)
    assert results["per_artemis_programme"].value == pytest.approx(2_040.8, abs=0.1)
    assert results["per_artemis_counselling"].value == pytest.approx(869.6, abs=0.1)
    assert results["per_artemis_voluntary"].value == pytest.approx(1_282.1, abs=0.1)
    # 635,185 × (0.42705 − 0.54373)
    assert results["per_net_worst"].value == -74_000


def test_the_picture(evidence: Evidence) -> None:
    chart = recorded_and_attributed(evidence)["per_outcome"]
    assert isinstance(chart, Chart)
    assert len(chart.table.frame) == 5 + len(attributed(evidence))
    again = recorded_and_attributed(evidence)["per_outcome"]
    assert chart.specification("narrow") == again.specification("narrow")


def test_lineage(evidence: Evidence) -> None:
    assert lineage_problems(compute, evidence) == []
