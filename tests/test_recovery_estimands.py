"""The claim–estimand tables: every claim once, taken apart, in the words of its row."""

from __future__ import annotations

import pytest

from analysis.evidence import Evidence
from analysis.recovery.estimands import HEADER, claims, figure_text, ours, tables_by_side


def test_every_claim_stands_in_exactly_one_table(evidence: Evidence) -> None:
    by_side = tables_by_side(evidence)
    tables = [*by_side.values(), ours(evidence)["estimand_ours"]]
    named = [row for table in tables for row in table.rows if row.startswith("claim_estimands/")]
    every = evidence.rows("claim_estimands", evidence.table("claim_estimands").index)
    assert sorted(named) == sorted(every)
    assert sum(len(table.frame) for table in tables) == len(every)


def test_tables_take_each_claim_apart_in_the_same_columns(evidence: Evidence) -> None:
    for table in tables_by_side(evidence).values():
        assert table.header == HEADER
        assert table.folded
        assert not table.frame.isin(["", None]).any().any()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("clark_each_month_2019", "at least 50%"),
        ("scott_interview_2018", "9.2%"),
        ("ref_extra_recoveries_2021", "about 230,000 people"),
        ("wakefield_effect_2021", "0.87 standard deviations"),
        ("reeact_no_benefit_2015", "odds ratio 1.19"),
        ("timimi_pilot_2015", "no difference"),
        ("ours_official_rate", "computed below"),
    ],
)
def test_a_figure_prints_with_its_unit_and_how_it_binds(
    row: str, words: str, evidence: Evidence
) -> None:
    assert figure_text(evidence, row) == words


def test_a_claim_known_only_from_a_critic_says_so(evidence: Evidence) -> None:
    claimants = tables_by_side(evidence)["estimand_programme"].frame["Claim by"]
    reported = [name for name in claimants if "reported by a critic" in name]
    assert reported == [
        "NHS England, reported by a critic, 2019",
        "Talk Liverpool, reported by a critic, 2019",
    ]


def test_our_figures_are_computed_from_the_annual_table(evidence: Evidence) -> None:
    table = ours(evidence)["estimand_ours"]
    figures = table.frame.set_index("Estimate")["Figure"]
    # 284,810 of 546,850 and of 1,603,643
    assert figures["official rate"] == "52.1% in 2018-19"
    assert figures["five bases"] == "17.8% to 52.1% in 2018-19"
    assert "annual_national/eng_2018_19_moved_to_recovery" in table.rows


def test_the_spread_runs_from_the_lowest_to_the_highest_pictured_claim(evidence: Evidence) -> None:
    chart = claims(evidence)["estimand_spread"]
    figures = [figure.value for figure in chart.table.frame["Figure"]]
    assert figures == sorted(figures, reverse=True)
    assert f"from {figures[-1]:g}% to {figures[0]:g}%" in chart.title
    for width in ("wide", "narrow"):
        assert chart.specification(width) == claims(evidence)["estimand_spread"].specification(
            width
        )
