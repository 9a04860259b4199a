"""Low intensity: shares of finished courses and of everyone treated, by hand."""

import pytest

from analysis.attrition import low_intensity
from analysis.evidence import Evidence
from analysis.quantity import Quantity

SECTIONS = (low_intensity.by_year, low_intensity.first_step)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_shares_of_a_year_are_hand_worked(results):
    # 2024-25: 267,299 low only, 260,902 both, 111,901 high only, 30,317 not stated: 670,419
    low = results["low_only"]
    assert low.value == pytest.approx(100 * 267_299 / 670_419)
    assert low.interval.limits == pytest.approx((39.8705, 44.3926), abs=1e-3)
    assert results["low_any"].value == pytest.approx(100 * 528_201 / 670_419)
    assert results["low_high"].value == pytest.approx(100 * 372_803 / 670_419)
    assert results["low_unstated"].value == pytest.approx(100 * 30_317 / 670_419)


def test_groups_add_up_in_every_year(evidence):
    for shares in low_intensity.step_shares(evidence).values():
        total = sum(shares[name].value for name in ("low", "both", "high", "unstated"))
        assert total == pytest.approx(100)


def test_a_single_treatment_may_or_may_not_be_low():
    # 40 percent treated once; of the other 60, 50 to 60 percent low only: 30 to 36, plus 0 to 40
    once = Quantity(40, "percent")
    low = low_intensity.bounded(
        Quantity(50, "referrals"), Quantity(10, "referrals"), Quantity(100, "referrals")
    )
    found = low_intensity.among_treated(once, low)
    assert found.interval.limits == pytest.approx((30, 76))


def test_steps_are_shares_of_finished_courses_and_of_those_begun_low(results):
    assert results["low_first"].value == pytest.approx(100 * 298_167 / 670_419)
    assert results["low_up"].value == pytest.approx(100 * 57_983 / 670_419)
    assert results["low_up_of_low"].value == pytest.approx(100 * 57_983 / 298_167)
    assert [results[f"low_{n}_claimed"].value for n in ("first", "up", "high")] == [73, 4, 20]


def test_claimed_and_official_steps_stand_in_one_table_with_their_grade(results):
    frame = results["low_first_steps"].frame
    assert len(frame) == 8
    assert list(frame["How it is known"]).count("seed") == 3
