"""Reconciliation with the collected evidence, where that is at hand (it is not in a plain clone).

Every number of the data package must occur in the evidence under the same source key. What was
worked out here instead is listed with its reason, and a listed row that no longer needs its
reason fails too. Figures computed from whole files are computed again: from trial files in
``test_rederived``, from official files here.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from analysis.deriving.official import all_therapies, twelve_months
from analysis.deriving.tables import DERIVED
from analysis.evidence import load
from analysis.validation import bibliography_keys

ROOT = Path(__file__).resolve().parent.parent
EVIDENCE = ROOT.parent / "shared" / "evidence"
EXPLAINED = ROOT / "tests" / "reconciliation.csv"

pytestmark = pytest.mark.skipif(not EVIDENCE.is_dir(), reason="the collected evidence is not here")


NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?|-?\.\d+")
# how a printed figure is coded, its place in a chain, and times converted to one unit: not figures
# of a source
CODING = {
    "decimals",
    "missing_stated",
    "count_rounding",
    "ci_level",
    "weeks",
    "months",
    "months_low",
    "months_high",
    "score_min",
    "score_max",
    "interval_days_min",
    "interval_days_max",
    "stage_order",
    "step",
}
# tables with rows computed from official files
COMPUTED = ("comorbidity_and_descriptors", "problem_therapy_scores")
# ranges worked out from other rows by the rule in each row; tested with the model
# judgements of this book
WORKED_OUT = {"model_parameters", "study_appraisals", "certainty", "second_reading"}
# claims are compared with the collected claims one by one


def numbers_in(text: str) -> set[float]:
    return {round(abs(float(match.replace(",", ""))), 6) for match in NUMBER.findall(text)}


def evidence_numbers() -> dict[str, set[float]]:
    """Every number that occurs in the evidence, by source key."""
    found: dict[str, set[float]] = defaultdict(set)
    keys = bibliography_keys(ROOT / "book" / "references.bib")
    for path in sorted(EVIDENCE.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                cells = [cell for cell in row.values() if isinstance(cell, str)]
                numbers = set().union(*map(numbers_in, cells))
                for key in keys.intersection(cells):
                    found[key] |= numbers
    return found


def unmatched() -> set[tuple[str, str, str]]:
    """Numeric cells of the data package that the evidence does not hold for their source."""
    known, evidence, missing = evidence_numbers(), load(), set()
    for name in set(evidence.names) - set(DERIVED) - WORKED_OUT - {"claims"}:
        frame = evidence.table(name)
        if name in COMPUTED:
            frame = frame[frame["grade"] != "derived"]
        for column in set(frame.select_dtypes("float").columns) - CODING:
            for row, value in frame[column].dropna().items():
                single = column == "k_studies" and value == 1
                if not single and round(abs(value), 6) not in known[frame.loc[row, "source"]]:
                    missing.add((name, str(row), column))
    return missing


def test_every_number_is_in_the_evidence_or_explained() -> None:
    with EXPLAINED.open(encoding="utf-8", newline="") as lines:
        explained = {
            (r["table"], r["row"], r["column"]): r["reason"]
            for r in csv.DictReader(lines)
            if r["table"] != "claims"
        }
    missing = unmatched()
    assert all(reason.strip() for reason in explained.values())
    assert missing - set(explained) == set(), "not in the evidence under this source"
    assert set(explained) - missing == set(), "explained, but found: remove the explanation"


def test_every_claim_has_the_figure_of_the_collected_claims_or_says_why_not() -> None:
    with EXPLAINED.open(encoding="utf-8", newline="") as lines:
        explained = {r["row"] for r in csv.DictReader(lines) if r["table"] == "claims"}
    collected = pd.read_csv(EVIDENCE / "claims" / "claims.csv").set_index("claim_id")
    ours = load().table("claims")
    assert set(collected.index) <= set(ours.index)
    one, two = collected["asserted_value"], ours.loc[collected.index, "value"]
    differing = {str(row) for row in one.index[~((one == two) | (one.isna() & two.isna()))]}
    assert differing == explained


def derived_rows(name: str) -> pd.DataFrame:
    return load().table(name, grade="derived")


def test_mixtures_of_therapies_follow_from_the_official_scores() -> None:
    file = EVIDENCE / "subnational" / "data" / "nhs_annual_proms_england_2019_2025.csv"
    ours = derived_rows("problem_therapy_scores")
    again = all_therapies(pd.read_csv(file)).loc[ours.index]
    for column, decimals in {"mean": 3, "sd": 3, "courses": 0}.items():
        assert (again[column].round(decimals) - ours[column]).abs().max() < 0.0011


def test_sums_of_twelve_months_follow_from_the_official_months() -> None:
    file = EVIDENCE / "official_statistics" / "monthly_national.csv"
    ours = derived_rows("comorbidity_and_descriptors")["value"]
    again = twelve_months(pd.read_csv(file, low_memory=False))
    assert again.to_dict() == ours.to_dict()
