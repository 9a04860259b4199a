"""Targets against what was reached, and the cost of looking, against hand-worked figures."""

import numpy as np
import pytest

from analysis.evidence import Evidence
from analysis.governance import spending, targets, targets_chart
from analysis.quantity import Quantity
from tests.perturb import lineage_problems


def numbers(evidence: Evidence) -> dict[str, Quantity]:
    found = targets.by_year(evidence) | spending.beside_service(evidence)
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


def test_met_is_decided_from_the_values_as_the_table_says(evidence: Evidence) -> None:
    frame, decided = evidence.table("targets"), targets.judged(evidence)["reached"]
    said = frame["met"].map({"yes": True, "no": False})
    assert list(decided.index) == list(said.dropna().index)
    assert decided.tolist() == said.dropna().tolist()


def test_hits_and_misses_by_hand(evidence: Evidence) -> None:
    """Recovery: 42.8, 45.0, 44.8, 46.3, 49.3 and 49.9 miss 50; 50.8, 52.1, 51.1, 51.4, 50.2,
    50.1 and 50.5 do not. Ten years of both waiting standards."""
    found = {name: item.value for name, item in numbers(evidence).items()}
    assert (found["target_recovery_met"], found["target_recovery_all"]) == (7, 13)
    assert (found["target_waits_met"], found["target_waits_all"]) == (20, 20)
    assert found["target_people_all"] == 3
    assert found["target_recovery_latest_miss"] == 49.9
    assert found["target_access_2021_share"] == pytest.approx(100 * 1_024_014 / 1_500_000)
    assert found["target_access_2024_share"] == pytest.approx(100 * 1_260_381 / 1_900_000)


def test_the_deadline_of_2015_was_met_as_a_rate_and_missed_as_a_number(evidence: Evidence) -> None:
    decided = targets.judged(evidence)["reached"]
    assert decided["access_rate_2014_15_q4"] and not decided["access_people_2014_15"]


def test_percentages_are_those_of_their_counts(evidence: Evidence) -> None:
    frame = evidence.table("targets", unit="percent")
    frame = frame[frame["actual_events"].notna()]
    rates = 100 * frame["actual_events"] / frame["actual_base"]
    assert len(frame) > 10
    assert np.allclose(rates, frame["actual_value"], atol=0.0500001)


def test_a_value_equal_to_its_target_meets_it(evidence: Evidence) -> None:
    frame = evidence.table("targets")
    frame.loc["recovery_2022_23", "actual_value"] = 50.0
    decided = targets.judged(evidence.with_table("targets", frame))["reached"]
    assert decided["recovery_2022_23"]


def test_points_of_a_panel(evidence: Evidence) -> None:
    """January to March 2015 lies in 2014-15; 815,665 of 900,000 is 90.63 percent."""
    decided = targets.judged(evidence)
    chosen = decided.loc[["access_people_2014_15", "access_rate_2014_15_q4"]]
    found = targets_chart.points(chosen, targets_chart.PANELS["people"])
    assert list(found["year"]) == [2014, 2014]
    assert sorted(found["value"]) == [90.63, 104.0]
    assert list(found["aim"]) == [100, 100]


def test_cost_of_looking_by_hand(evidence: Evidence) -> None:
    """74,000 of 394 million is 0.0188 percent; one sum of ten is known."""
    found = numbers(evidence)
    assert found["audit_share"].value == pytest.approx(100 * 74_000 / 394_000_000)
    assert str(found["audit_share"]) == "0.019%"
    assert found["audit_looks"].value - found["audit_unseen"].value == 1


def test_a_sum_that_was_not_seen_is_printed_as_that(evidence: Evidence) -> None:
    cells = spending.beside_service(evidence)["audit_looks_table"].frame["Cost"]
    assert sum(isinstance(cell, Quantity) for cell in cells) == 1
    assert {cell for cell in cells if isinstance(cell, str)} == {"not seen", "reported as none"}


def test_lineage_and_steady_pictures(evidence: Evidence) -> None:
    assert lineage_problems(numbers, evidence) == []
    for section, name in (
        (targets.by_year, "target_chart"),
        (spending.beside_service, "audit_chart"),
    ):
        first, second = (section(evidence)[name] for _ in range(2))
        for width in ("wide", "narrow"):
            assert first.specification(width) == second.specification(width)
