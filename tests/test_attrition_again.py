"""Coming back: each count on its own unit, by hand."""

import pytest

from analysis.attrition import again
from analysis.evidence import Evidence
from analysis.quantity import Quantity

SECTIONS = (again.again,)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_the_reply_is_bounded_by_its_rounding(results):
    # 1.5 of 4.7 million; 1.45/(1.45 + 3.25) to 1.55/(1.55 + 3.15), printed in tenths of a million
    found = results["again_share"]
    assert found.value == pytest.approx(100 * 1.5 / 4.7)
    assert found.interval.limits == pytest.approx((100 * 1.45 / 4.7, 100 * 1.55 / 4.7))


def test_one_year_bounds_the_people_with_more_than_one_referral(results):
    # 1,399,088 referrals of 1,179,328 people: at most 219,760 people had another
    assert results["again_year_most"].interval.limits == pytest.approx(
        (0, 100 * 219_760 / 1_179_328)
    )
    assert results["again_year_repeat"].value == pytest.approx(100 * 219_760 / 1_399_088)


def test_brute_force_within_a_year():
    # 3 people and 5 referrals can be 1+1+3 or 1+2+2: one or two people with more than one
    found = again.within_a_year(Quantity(5, "referrals"), Quantity(3, "people"))
    assert found.interval.high == pytest.approx(100 * 2 / 3)


def test_official_referrals_of_the_years_are_summed(results):
    # 883,968 + 1,118,990 + 1,267,193 + 1,399,088 + 1,385,664 + 1,439,957
    assert results["again_received"].value == 7_494_860
    assert results["again_per_person"].value == pytest.approx(7_494_860 / 4_700_000)
    assert results["again_each"].value == pytest.approx((7_494_860 - 3_200_000) / 1_500_000)


def test_the_claims_share_does_not_follow_from_its_counts(results):
    assert results["again_recovered_share"].value == pytest.approx(100 * 1.6 / 4.7)
    assert results["again_claimed_share"].value == 34.5


def test_a_withdrawn_count_is_marked(results):
    frame = results["again_chart"].table.frame
    assert list(frame["How it is known"]).count("withdrawn by the publisher") == 1
