"""The Norwegian trial: within the arm, between arms, and an interval that is not used."""

import pytest

from analysis.evidence import Evidence
from analysis.self_report import norway


@pytest.mark.parametrize(
    ("scale", "time", "within", "between"),
    [
        ("phq9", "6m", 1.64, 0.88),
        ("phq9", "12m", 1.65, 0.67),
        ("gad7", "6m", 1.50, 0.60),
        ("gad7", "12m", 1.52, 0.58),
    ],
)
def test_the_difference_is_a_part_of_the_change(
    scale: str, time: str, within: float, between: float, evidence: Evidence
) -> None:
    frame = norway.within_and_between(evidence)["norway_effects"].table.frame
    label = f"{norway.SCALES[scale]}, {norway.months(evidence, time)}"
    row = frame.set_index("Scale and time").loc[label]
    assert row["Within the treated arm"].value == pytest.approx(within)
    assert row["Difference from usual care"].value == pytest.approx(between)
    assert row["Difference as a share of change"].value == pytest.approx(100 * between / within)


def test_the_interval_that_is_probably_misprinted_is_not_used(evidence: Evidence) -> None:
    found = norway.within_and_between(evidence)
    assert found["norway_between_phq9"].interval.kind == "unstated"
    assert found["norway_between_later"].interval.limits == pytest.approx((0.36, 0.99))


def test_the_misprint_shows_in_unequal_arms(evidence: Evidence) -> None:
    """Printed −0.88 (−1.23 to −0.43): 0.35 below and 0.45 above."""
    found = norway.points_and_rates(evidence)
    assert found["norway_misprint_low"].value == pytest.approx(0.35)
    assert found["norway_misprint_high"].value == pytest.approx(0.45)


def test_points_and_usual_cares_share_of_recoveries(evidence: Evidence) -> None:
    """14.88 to 7.50; 31.9 of 58.5 and 36.6 of 59.4 percent; 26 and 52 weeks."""
    found = norway.points_and_rates(evidence)
    assert [found[name].value for name in ("norway_first", "norway_later")] == [6, 12]
    assert found["norway_fall"].value == pytest.approx(7.38)
    assert found["norway_usual_share_6m"].value == pytest.approx(100 * 31.9 / 58.5)
    assert found["norway_usual_share_12m"].value == pytest.approx(100 * 36.6 / 59.4)
