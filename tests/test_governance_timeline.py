"""The timeline: every event is drawn once, in its year, and nothing overlaps."""

import pandas as pd
import pytest

from analysis.evidence import Evidence
from analysis.governance import timeline, timeline_chart
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

SMALL = pd.DataFrame(
    {
        "date": ["2017", "2017-06-28", "2017-12", "2019-01", "2019-03"],
        "lane": ["critic", "independent", "independent", "programme", "statistics"],
        "text": ["Book", "Letter", "A second letter of the auditor", "Plan", "Corrected"],
    }
)


def numbers(evidence: Evidence) -> dict[str, Quantity]:
    found = timeline.events(evidence)
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


def test_counts_are_those_of_the_tables(evidence: Evidence) -> None:
    found = numbers(evidence)
    said = evidence.table("timeline")
    assert found["timeline_all"].value == len(said)
    assert found["timeline_audits"].value == (said["kind"] == "audit").sum() == 12
    assert found["timeline_critics"].value == (said["side"] == "critic").sum() == 9
    corrected = evidence.table("official_events", kind="correction")
    assert found["timeline_corrections"].value == len(corrected) == 9


def test_events_of_both_tables_stand_in_order(evidence: Evidence) -> None:
    frame = timeline.lane_events(evidence)
    assert frame["date"].is_monotonic_increasing
    assert set(frame["lane"]) == set(timeline_chart.LANES)


def test_a_band_is_as_high_as_its_fullest_lane() -> None:
    """2017: 4 above, a letter of one line and one of two with a gap each, 4 below: 55.5 pixels."""
    lines, marks, bands, _ = timeline_chart.placed(SMALL, 620, 0.0)
    line, gap = timeline_chart.LINE, timeline_chart.GAP
    assert list(bands["year"]) == ["2017", "2019"]
    assert bands["y"].iloc[1] == pytest.approx(4 + 3 * line + 2 * gap + 4)
    assert len(marks) == len(SMALL)
    assert list(lines["text"]) == [
        "Book", "Jun: Letter", "Dec: A second letter of the", "auditor", "Jan: Plan",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [300, 620])
def test_no_line_of_a_lane_covers_another(evidence: Evidence, width: int) -> None:
    frame = timeline.lane_events(evidence)
    lines, marks, bands, height = timeline_chart.placed(frame, width, 20.0)
    assert len(marks) == len(frame)
    for _, lane in lines.groupby("x"):
        assert lane["y"].diff().dropna().min() >= timeline_chart.LINE - 1e-9
    assert bands["y"].is_monotonic_increasing
    assert lines["y"].max() < height


def test_a_date_prints_its_month_where_one_is_known() -> None:
    assert timeline_chart.dated("2006-07", "Intake") == "Jul: Intake"
    assert timeline_chart.dated("2017", "Call") == "Call"


def test_lineage_and_a_steady_picture(evidence: Evidence) -> None:
    assert lineage_problems(numbers, evidence) == []
    first, second = (timeline.events(evidence)["timeline_chart"] for _ in range(2))
    for width in ("wide", "narrow"):
        assert first.specification(width) == second.specification(width)
