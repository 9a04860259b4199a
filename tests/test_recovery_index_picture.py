"""The index as a picture: regions counted by hand, and both readings of the thresholds."""

from __future__ import annotations

import pytest

from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.recovery.index_picture import index_picture, whole_score_rule
from tests.perturb import lineage_problems

SCORES = range(28)


@pytest.fixture(scope="module")
def found(evidence: Evidence) -> dict:
    return index_picture(evidence)


def classes(case: int, change: int) -> dict[tuple[int, int], tuple[bool, bool, bool, bool]]:
    """Case before, case after, fell reliably, rose reliably, for each pair of PHQ-9 scores."""
    return {
        (b, a): (b >= case, a >= case, b - a >= change, a - b >= change)
        for b in SCORES
        for a in SCORES
    }


def region(pair: tuple[bool, bool, bool, bool]) -> tuple[bool, ...]:
    before, after, fell, rose = pair
    return (before, before and not after, fell, rose)


def test_recovery_is_a_block_and_its_corner_is_not_reliable(found: dict) -> None:
    cells = found["index_map"].table.frame.set_index("Region")["Pairs of scores"]
    # 18 scores of 10 and more by 10 scores below: 180; falls of 1 to 5 points from 10 to 14:
    # 5 + 4 + 3 + 2 + 1 = 15
    assert cells["reliable recovery"] + cells["recovery without reliable improvement"] == 18 * 10
    assert cells["recovery without reliable improvement"] == 15
    assert cells.sum() == 28 * 28


def test_greater_than_for_change_moves_the_pairs_that_change_by_just_the_threshold(
    found: dict,
) -> None:
    # a fall or a rise of exactly 6: 22 pairs each
    assert found["index_pairs_change"].value == 2 * 22
    # of these, from 10 to 15 down to 4 to 9
    assert found["index_pairs_reliable_recovery"].value == 6


def test_greater_than_for_caseness_moves_ten_before_and_ten_after(found: dict) -> None:
    # before = 10, any of 28 after; after = 10 from 11 to 27, 17 more
    assert found["index_pairs_caseness"].value == 28 + 17
    # 10 recoveries from a score of 10 are lost, 17 that end at 10 are won
    assert found["index_pairs_recovery"].value == 27


def test_both_readings_agree_with_an_enumeration(found: dict) -> None:
    at_least, beyond = classes(10, 6), classes(11, 7)
    moved = sum(region(at_least[pair]) != region(beyond[pair]) for pair in at_least)
    assert found["index_pairs_both"].value == moved
    assert found["index_pairs_both_share"].value == pytest.approx(100 * moved / 784)


def test_a_threshold_to_be_exceeded_starts_at_the_next_whole_score(evidence: Evidence) -> None:
    reached = whole_score_rule(evidence, "phq9_registry", "gad7_registry")
    beyond = whole_score_rule(evidence, "phq9_guide_text", "gad7_guide_text")
    assert (reached.phq9_caseness, reached.gad7_caseness, reached.strict) == (10, 8, False)
    assert (beyond.phq9_caseness, beyond.gad7_caseness, beyond.strict) == (11, 9, True)


def test_a_row_without_operator_is_refused(evidence: Evidence) -> None:
    with pytest.raises(LookupFault, match="no operator is stated"):
        whole_score_rule(evidence, "phq9_guide_table", "gad7_guide_table")


def test_lineage_is_true(evidence: Evidence) -> None:
    def compute(data: Evidence) -> dict[str, Quantity]:
        return {k: v for k, v in index_picture(data).items() if isinstance(v, Quantity)}

    assert lineage_problems(compute, evidence) == []


def test_the_picture_says_it_is_a_slice_and_is_deterministic(
    found: dict, evidence: Evidence
) -> None:
    chart = found["index_map"]
    assert "GAD-7 held at its lowest score" in chart.title
    assert "GAD-7 at its lowest" in chart.table.caption
    for width in ("wide", "narrow"):
        again = index_picture(evidence)["index_map"].specification(width)
        assert chart.specification(width) == again
