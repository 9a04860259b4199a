"""The pathway: one cohort that adds up, the division across cohorts, and studies beside it."""

from __future__ import annotations

import pytest

from analysis.attrition import pathway, pathway_studies, pathway_years
from analysis.attrition.end_codes import YEARS
from analysis.attrition.share_bars import Bar, share_bars
from analysis.evidence import Evidence
from analysis.printed_counts import printed_half_step
from analysis.quantity import Quantity

# 2024-25, sums of twelve months
ENDED, NOT_SEEN, NOT_TREATED, ONCE, FINISHED = 1_746_265, 556_598, 19_624, 502_900, 667_143


@pytest.fixture(scope="module")
def picture(evidence: Evidence) -> dict:
    return pathway.picture(evidence)


def test_the_four_ways_of_ending_are_all_that_ended_up_to_a_few_referrals(evidence):
    for year in YEARS:
        counts = pathway.stage_counts(evidence, year)
        parts = sum(counts[name].value for name in pathway.STAGES)
        assert 0 <= counts["ended"].value - parts <= 3 * 12


def test_shares_of_the_picture_are_the_hand_worked_ones(picture):
    for name, count in (
        ("path_not_seen", NOT_SEEN),
        ("path_not_treated", NOT_TREATED),
        ("path_untreated", NOT_SEEN + NOT_TREATED),
        ("path_once", ONCE),
        ("path_finished", FINISHED),
    ):
        assert picture[name].value == pytest.approx(100 * count / ENDED)
    # 62 percent of finished courses had five or more contacts: 0.62 × 38.2
    assert picture["path_dose"].value == pytest.approx(0.62 * 100 * FINISHED / ENDED)
    assert picture["path_dose"].interval.kind == "unstated"


def test_the_monthly_rates_that_are_printed_agree_with_our_shares(evidence):
    printed = evidence.table("monthly_pathway", measure="ended_treated_once_percent")
    count = evidence.table("monthly_pathway", measure="ended_treated_once").set_index("month")
    ended = evidence.table("monthly_pathway", measure="ended_referrals").set_index("month")
    for _, row in printed.iterrows():
        ours = 100 * count["value"][row["month"]] / ended["value"][row["month"]]
        assert ours == pytest.approx(row["value"], abs=0.0501)


def test_one_cohort_and_two_give_the_known_figures(evidence):
    found = pathway_years.shares_by_year(evidence)
    assert found["2018-19"]["finished_ended"].value == pytest.approx(100 * 582_556 / 1_495_680)
    assert found["2018-19"]["finished_received"].value == pytest.approx(100 * 582_556 / 1_603_643)
    assert found["2021-22"]["lost_started"].value == pytest.approx(100 - 100 * 664_087 / 1_244_386)
    # 488,443 treated once and 665,229 finished among those that ended
    assert found["2021-22"]["lost_treated"].value == pytest.approx(
        100 * 488_443 / (488_443 + 665_229)
    )


def test_a_base_printed_to_ten_thousand_gives_limits_of_rounding(evidence):
    share = pathway_years.shares_by_year(evidence)["2013-14"]["finished_ended"]
    assert (printed_half_step(920_000), printed_half_step(0)) == (5000, 0)
    assert share.interval.kind == "rounding"
    limits = (100 * 364_343 / 925_000, 100 * 364_343 / 915_000)
    assert share.interval.limits == pytest.approx(limits)


def test_a_study_with_counts_has_an_exact_interval_and_others_none(evidence):
    doncaster = pathway_studies.printed(evidence, "rb2011_attended_2plus")
    assert doncaster.value == pytest.approx(100 * 4183 / 7859)
    # Clopper-Pearson of 4,183 of 7,859 from the F distribution
    assert doncaster.interval.limits == pytest.approx((52.114, 54.334), abs=0.002)
    lost = pathway_studies.printed(evidence, "sweetman_assessed", remaining=False)
    assert (lost.value, lost.interval.kind) == (34, "unstated")


def test_turning_a_share_turns_its_interval(evidence):
    row = "mindstep_completed"
    kept = pathway_studies.printed(evidence, row, remaining=True)
    lost = pathway_studies.printed(evidence, row, remaining=False)
    low, high = kept.interval.limits
    assert lost.interval.limits == pytest.approx((100 - high, 100 - low))


def test_seen_and_treated_once_at_most_is_of_those_seen(evidence):
    found = pathway_studies.studies(evidence)
    seen = ENDED - NOT_SEEN
    assert found["path_seen_untreated"].value == pytest.approx(100 * NOT_TREATED / seen)
    assert found["path_seen_once_or_less"].value == pytest.approx(100 * (NOT_TREATED + ONCE) / seen)


def test_every_stage_of_every_cohort_is_listed_with_its_base(evidence):
    table = pathway_studies.every_cohort(evidence)["path_every_cohort"]
    assert len(table.frame) == len(evidence.table("pathway_cohorts"))
    assert table.frame["Of"].str.len().min() > 0


def test_bars_state_what_ended_before_them():
    bar = Bar("Seen", Quantity(68.1, "percent"), Quantity(31.9, "percent"), "never seen")
    assert [text for _, text in bar.lines()] == ["Seen: 68.1%", "never seen: 31.9%"]
    spec = share_bars([bar], 300, "Percent").to_dict()
    assert spec["width"] == 300
