"""Completeness, corrections, code and data, fidelity: against the files, read apart."""

import csv
from pathlib import Path

import pytest

from analysis.evidence import Evidence
from analysis.governance import (
    records_completeness,
    records_corrections,
    records_fidelity,
    records_open,
)
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

DATA = Path(__file__).resolve().parent.parent / "data"
SECTIONS = (
    records_completeness.by_year,
    records_completeness.published,
    records_corrections.log,
    records_corrections.sizes,
    records_open.materials,
    records_fidelity.records,
)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def numbers(evidence: Evidence) -> dict[str, Quantity]:
    found = {}
    for section in SECTIONS:
        found |= section(evidence)
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


@pytest.fixture(scope="session")
def found(evidence: Evidence) -> dict[str, float]:
    return {name: item.value for name, item in numbers(evidence).items()}


# --- completeness ---------------------------------------------------------------------------


def test_shares_without_an_entry_by_hand(found: dict[str, float]) -> None:
    """Counts of 2024-25 as the files print them, over their bases."""
    assert found["complete_descriptor"] == pytest.approx(100 * 43_743 / 670_419)
    assert found["complete_descriptor_referred"] == pytest.approx(100 * 846_786 / 1_813_432)
    assert found["complete_medication"] == pytest.approx(100 * 139_358 / 670_419)
    assert found["complete_medication_start"] == pytest.approx(100 * 72_151 / 670_419)
    assert found["complete_ethnic"] == pytest.approx(100 * 34_865 / 670_419)
    assert found["complete_ethnic_referred"] == pytest.approx(100 * 161_014 / 1_813_432)
    assert found["complete_staff"] == pytest.approx(100 * 3_892_376 / 6_293_310)
    assert found["complete_specific"] == pytest.approx(100 * (1 - 79_981 / 111_701))
    assert found["complete_scores_ended"] == pytest.approx(100 * 658_429 / 1_746_265)


def test_reasons_run_from_the_least_year_to_the_most(found: dict[str, float]) -> None:
    assert found["complete_reason_least"] == pytest.approx(100 * 15_744 / 1_759_499)
    assert found["complete_reason_most"] == pytest.approx(100 * 106_324 / 1_746_265)


def test_alternative_text_of_the_panels_is_true(evidence: Evidence) -> None:
    """Descriptors are missing more among referrals in every year, with a peak in 2020-21."""
    panels = records_completeness.panels(evidence)
    described = panels[records_completeness.DESCRIPTOR]
    later = [year for year in described["finished"] if year >= "2015-16"]
    assert max(later, key=lambda year: described["finished"][year].value) == "2020-21"
    for year, item in described["finished"].items():
        assert 2 * item.value < 2.1 * described["referred"][year].value
        assert item.value < described["referred"][year].value
    scores = panels[records_completeness.SCORES]
    assert all(item.value < 2 for item in scores["both scales"].values())
    assert min(item.value for item in scores["fitting measure"].values()) > 20


def test_every_missing_count_is_drawn_once(evidence: Evidence) -> None:
    panels = records_completeness.panels(evidence)
    drawn = [
        row.removeprefix("data_completeness/")
        for lines in panels.values()
        for series in lines.values()
        for item in series.values()
        for row in item.rows
        if row.startswith("data_completeness/")
    ]
    counted = [
        row["id"]
        for row in rows("data_completeness")
        if row["number"] and row["moment"] != "start and end" and row["field"][:10] != "employment"
    ]
    assert sorted(drawn) == sorted(counted)


# --- corrections ----------------------------------------------------------------------------


def test_counts_of_the_log_against_the_file(found: dict[str, float]) -> None:
    log = rows("corrections")
    open_ones = [row for row in log if row["action"] == "open"]
    assert found["correct_all"] == len(log)
    assert found["correct_open"] == len(open_ones)
    explained = sum(row["action"] == "explained" for row in log)
    assert found["correct_mended"] == len(log) - len(open_ones) - explained
    assert found["correct_open_official"] + found["correct_open_critic"] == len(open_ones)
    assert {row["whose"] for row in open_ones if row["headline"] == "yes"} == {"critic"}


def test_people_referred_were_too_high_by_hand(found: dict[str, float]) -> None:
    # 1,250,126 / 1,075,999 = 1.16183; 1,383,085 / 1,179,328 = 1.17277
    assert found["correct_people_2014_15"] == pytest.approx(16.183, abs=0.001)
    assert found["correct_people_2015_16"] == pytest.approx(17.277, abs=0.001)


def test_the_log_holds_every_notice_once(evidence: Evidence) -> None:
    frame = records_corrections.log(evidence)["correct_log"].frame
    log, events = rows("corrections"), rows("official_events")
    named = {row["event"] for row in log}
    more = [
        row
        for row in events
        if row["kind"] in records_corrections.NOTICES and row["id"] not in named
    ]
    assert len(frame) == len(log) + len(more)
    assert {row["id"] for row in events if row["kind"] == "correction"} <= named
    dates = [date for date in frame["Date"] if isinstance(date, str)]
    assert dates == sorted(dates, reverse=True)
    assert frame["Whose"].isin(records_corrections.SHOWN.values()).all()


def test_events_named_in_the_log_exist(evidence: Evidence) -> None:
    named = set(evidence.table("corrections")["event"]) - {""}
    assert named <= set(evidence.table("official_events").index)


# --- code and data --------------------------------------------------------------------------


def test_counts_of_materials_against_the_file(found: dict[str, float]) -> None:
    listed = rows("open_materials")
    states = [row["recomputable"] for row in listed]
    assert found["open_yes"] == states.count("yes")
    assert found["open_part"] == states.count("partly")
    assert found["open_no"] == states.count("no")
    assert found["open_items"] == len(listed) - states.count("not applicable")
    assert found["open_critics"] == sum(row["owner"] == "critic" for row in listed)
    assert found["open_critics_yes"] == 0


@pytest.mark.parametrize("width", [300, 620])
def test_every_item_has_one_mark(evidence: Evidence, width: int) -> None:
    frame = evidence.table(records_open.TABLE)
    lines = records_open.listed(frame, int(width / 7))
    assert lines["whose"].notna().sum() == len(frame)
    assert lines["y"].is_monotonic_increasing


# --- fidelity -------------------------------------------------------------------------------


def test_counts_of_fidelity_against_the_file(found: dict[str, float]) -> None:
    public = [row["public"] for row in rows("fidelity_records")]
    assert found["fidelity_items"] == len(public)
    assert found["fidelity_public"] == public.count("yes")
    assert found["fidelity_part"] == public.count("partly")
    assert found["fidelity_absent"] == public.count("no")


def test_what_the_prose_names_as_public_and_absent_is_so() -> None:
    by_answer: dict[str, set[str]] = {}
    for row in rows("fidelity_records"):
        by_answer.setdefault(row["public"], set()).add(row["id"])
    assert by_answer["yes"] == {
        "therapy_given", "dose", "matched_measure", "descriptor", "registration",
    }  # fmt: skip
    assert by_answer["no"] == {"session_ratings", "supervision_hours", "diagnosis"}


# --- lineage and steady pictures ------------------------------------------------------------


def test_lineage(evidence: Evidence) -> None:
    assert lineage_problems(numbers, evidence) == []


@pytest.mark.parametrize(
    ("section", "name"),
    [(records_completeness.by_year, "complete_chart"), (records_open.materials, "open_chart")],
)
def test_pictures_are_steady(evidence: Evidence, section, name: str) -> None:
    first, second = (section(evidence)[name] for _ in range(2))
    for width in ("wide", "narrow"):
        assert first.specification(width) == second.specification(width)
