"""Who gets in: sums of monthly codes by hand, exhaustive codes, bounds for the unrecorded."""

from __future__ import annotations

import pytest

from analysis.attrition import appointments, end_codes
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.year_sums import year_sum

# 2024-25, sums of twelve months, read off the official monthly file
ENDED, NOT_ASSESSED, DECLINED = 1_746_265, 298_799, 176_489
RETURNED, SIGNPOSTED, NO_CODE, INVALID = 74_148, 85_224, 106_324, 8_935


@pytest.fixture(scope="module")
def codes(evidence: Evidence) -> dict:
    return end_codes.end_codes(evidence)


def test_the_sixteen_codes_are_all_ended_referrals_in_every_year(evidence):
    for year in end_codes.YEARS:
        ended = year_sum(evidence, "monthly_pathway", "ended_referrals", year)
        assert end_codes.total(end_codes.code_counts(evidence, year)).value == ended.value


def test_shares_of_a_year_are_the_hand_worked_ones(codes):
    assert codes["entry_never_assessed"].value == pytest.approx(100 * NOT_ASSESSED / ENDED)
    assert codes["entry_declined"].value == pytest.approx(100 * DECLINED / ENDED)
    assert codes["entry_not_suitable"].value == pytest.approx(100 * (RETURNED + SIGNPOSTED) / ENDED)
    assert codes["entry_unrecorded"].value == pytest.approx(100 * (NO_CODE + INVALID) / ENDED)
    # 556,598 without any contact, nearly twice the code for never assessed
    assert codes["entry_no_contact"].value == pytest.approx(100 * 556_598 / ENDED)


def test_a_year_with_a_missing_month_is_refused_by_code(evidence):
    frame = evidence.table("monthly_end_reasons")
    gone = (frame["reason"] == "no_code") & (frame["month"] == "2024-05")
    short = evidence.with_table("monthly_end_reasons", frame[~gone])
    with pytest.raises(LookupFault, match="no_code of 2024-25 has 11 of 12 months"):
        end_codes.code_counts(short, "2024-25")


def test_every_code_stands_in_the_table_by_year(evidence):
    frame = end_codes.by_year(evidence)["entry_by_year"].frame
    assert len(frame) == len(end_codes.CODES) + 1
    column = [cell.value for cell in frame["2024-25"]][:-1]
    assert sum(column) == pytest.approx(100)


def test_unrecorded_appointments_bound_the_share_of_qualified_staff(evidence):
    found = appointments.held_by(evidence)["entry_qualified"]
    # 1,638,423 qualified, 271,036 in training, 491,475 neither, 3,892,376 unrecorded
    whole = 1_638_423 + 271_036 + 491_475 + 3_892_376
    low, high = 100 * 1_638_423 / whole, 100 * (1_638_423 + 3_892_376) / whole
    assert found.interval.kind == "bound"
    assert found.interval.limits == pytest.approx((low, high))


def test_a_new_label_of_a_medium_does_not_break_the_year(evidence):
    before = appointments.counts(evidence, "medium", appointments.MEDIA, "2021-22")["video"]
    after = appointments.counts(evidence, "medium", appointments.MEDIA, "2022-23")["video"]
    assert before.value == 1_345_960  # labelled telemedicine
    assert after.value == 1_151_505


def test_a_class_without_some_month_is_refused(evidence):
    with pytest.raises(LookupFault, match="chat of 2021-22 has 0 of 12 months"):
        appointments.counts(evidence, "medium", {"chat": ("chat_room",)}, "2021-22")
