"""Waits between first and second treatment, and missed appointments, from counts."""

import pytest

from analysis.attrition import missed, waits
from analysis.evidence import Evidence
from analysis.quantity import Quantity

SECTIONS = (waits.over_time, missed.missed)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_a_years_share_is_over_those_with_a_wait_in_some_band(results):
    # 2018-19: 124,232 + 74,157 + 94,305 = 292,694 over 28 days, of 582,556 in four bands
    assert results["wait_claimed_year"].value == pytest.approx(100 * 292_694 / 582_556)
    # 2024-25: 145,392 + 97,487 + 158,586 = 401,465 of 670,419
    assert results["wait_latest"].value == pytest.approx(100 * 401_465 / 670_419)
    assert results["wait_long_latest"].value == pytest.approx(100 * 158_586 / 670_419)


def test_the_parliamentary_answer_implies_a_smaller_base(results):
    # 284,832 / 0.478 = 595,883, fewer than the 664,087 finished courses of the year
    assert results["wait_answer_base"].value == pytest.approx(595_883, abs=1)
    assert results["wait_answer_base"].value < 664_087
    # 151,282 + 87,814 + 101,883 = 340,979 of 664,087
    assert results["wait_answer_year"].value == pytest.approx(100 * 340_979 / 664_087)
    assert results["wait_answer_months"].value == pytest.approx(53.1, abs=0.05)


def test_longer_waits_are_rarer(evidence):
    for bands in waits.year_bands(evidence).values():
        shares = [waits.longer(bands, days).value for days in (28, 56, 90)]
        assert shares == sorted(shares, reverse=True)


def test_missed_appointments_have_two_bases():
    counts = {"all": 100, "missed_without_notice": 9}
    counts |= {"cancelled_by_patient": 10, "cancelled_by_provider": 5}
    found = missed.shares({name: Quantity(value, "count") for name, value in counts.items()})
    # 9 of 100 booked; 9 of the 85 that nobody cancelled
    assert found["booked"].value == 9
    assert found["kept"].value == pytest.approx(100 * 9 / 85)


def test_every_printed_rate_stands_in_the_table(evidence, results):
    frame = results["wait_missed_elsewhere"].frame
    assert len(frame) == len(evidence.table("nonattendance"))
