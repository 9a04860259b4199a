"""The book's own data package keeps its rules, and agrees with itself where it overlaps."""

from pathlib import Path

import numpy as np
import pytest

from analysis.evidence import Evidence
from analysis.validation import faults

ROOT = Path(__file__).resolve().parent.parent
PREFERRED_BY = {"annual_national": ["year", "measure"], "monthly_outcomes": ["month", "measure"]}


def test_the_package_has_no_faults() -> None:
    assert faults(ROOT / "data", ROOT / "book" / "references.bib") == []


def test_every_table_says_what_a_row_is_and_whose_figures_they_are(evidence: Evidence) -> None:
    for name in evidence.names:
        about = evidence.descriptor(name)
        assert len(about["title"]) > 10 and len(about["description"]) > 40, name
        assert len(about["attribution"]) > 40, name
        assert about["uncertainty"] in ("record", "definition", "unstated"), name
        for field in about["schema"]["fields"]:
            assert field.get("description"), f"{name}.{field['name']}"


@pytest.mark.parametrize(
    ("licence", "named"), [("OGL-UK-3.0", "Open Government"), ("ODC-By-1.0", "Metapsy")]
)
def test_a_licence_is_declared_where_the_attribution_names_its_giver(
    evidence: Evidence, licence: str, named: str
) -> None:
    for name in evidence.names:
        about = evidence.descriptor(name)
        declared = {item["name"] for item in about["licenses"]}
        assert declared and (licence in declared) == (named in about["attribution"]), name


def test_no_share_of_a_sample_in_a_table_of_records_passes_for_a_full_count(
    evidence: Evidence,
) -> None:
    """Bases of under 50,000 people are single services or studies; England's are far larger."""
    for name in evidence.names:
        frame = evidence.table(name)
        numbers = frame.select_dtypes("number")
        base = next((column for column in ("n", "base") if column in numbers), None)
        if evidence.descriptor(name)["uncertainty"] != "record" or base is None:
            continue
        small = frame[(frame.get("unit") == "percent") & (frame[base] < 50_000)]
        # where a row says its own kind, somebody has thought of it
        said = small["uncertainty"].notna() if "uncertainty" in small else small.empty
        assert np.all(said), f"{name}: {list(small.index)}"


def test_grades_are_the_four_and_derived_rows_say_how(evidence: Evidence) -> None:
    for name in evidence.names:
        frame = evidence.table(name)
        assert set(frame["grade"]) <= {"primary", "secondary", "seed", "derived"}
        assert (frame.loc[frame["grade"] == "derived", "note"].str.len() > 10).all(), name


@pytest.mark.parametrize("table", PREFERRED_BY)
def test_one_value_is_preferred_where_sources_differ(evidence: Evidence, table: str) -> None:
    frame = evidence.table(table)
    preferred = frame.groupby(PREFERRED_BY[table])["preferred"].sum()
    assert (preferred == 1).all(), preferred[preferred != 1]


def test_published_yearly_rates_follow_from_their_counts(evidence: Evidence) -> None:
    """Recovered over finished less not at caseness, to the printed decimal."""
    frame = evidence.table("annual_national", preferred=True, series="data_set")
    wide = frame.pivot(index="year", columns="measure", values="value")
    base = wide["finished_course"] - wide["not_at_caseness"]
    rate = (100 * wide["moved_to_recovery"] / base).round(1).dropna()
    assert len(rate) >= 12
    assert (rate - wide["recovery_rate_percent"].loc[rate.index]).abs().max() < 0.051


def test_monthly_counts_give_the_printed_rates_but_for_the_known_misprint(
    evidence: Evidence,
) -> None:
    frame = evidence.table("monthly_outcomes", preferred=True)
    wide = frame.pivot(index="month", columns="measure", values="value")
    base = wide["recovery_denominator"].fillna(wide["finished_course"] - wide["not_at_caseness"])
    gap = (100 * wide["moved_to_recovery"] / base - wide["recovery_rate_percent"]).abs().dropna()
    decimals = (wide["recovery_rate_percent"].loc[gap.index] * 10 % 10).round(6)
    tolerance = decimals.eq(0).map({True: 0.5, False: 0.051})
    assert list(gap[gap > tolerance].index) == ["2018-03"]


def test_every_cited_source_is_in_the_bibliography_and_every_entry_is_used(
    evidence: Evidence,
) -> None:
    from analysis.validation import bibliography_keys

    cited = {key for name in evidence.names for key in evidence.table(name)["source"]}
    for name in evidence.names:
        frame = evidence.table(name)
        for column in ("low_source", "high_source", "target_source", "evidence_key"):
            cited |= set(frame[column]) if column in frame else set()
    text = "".join(path.read_text() for path in (ROOT / "book").glob("*.[im]*"))
    keys = bibliography_keys(ROOT / "book" / "references.bib")
    assert cited - {""} <= keys
    assert not [key for key in keys - cited if key not in text]
