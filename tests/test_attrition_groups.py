"""Deprivation and other groups: ratios, differences, slopes and the scatter of years."""

import pytest

from analysis.attrition import deprivation, group_gaps, groups
from analysis.evidence import Evidence

SECTIONS = (
    deprivation.deprivation,
    deprivation.by_decile,
    groups.groups,
    groups.groups_by_year,
    groups.elsewhere,
    groups.attendance,
)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_access_and_recovery_of_the_deciles_are_hand_worked(results):
    # 2024-25, most deprived: 71,614 of 246,365; least: 54,475 of 119,299
    most, least = 100 * 71_614 / 246_365, 100 * 54_475 / 119_299
    assert results["group_access_most"].value == pytest.approx(most)
    assert results["group_access_ratio"].value == pytest.approx(most / least)
    assert results["group_access_points"].value == pytest.approx(most - least)
    # recovery: 29,753 of 71,614 − 2,054, and 28,257 of 54,475 − 4,211
    most, least = 100 * 29_753 / 69_560, 100 * 28_257 / 50_264
    assert results["group_recovery_ratio"].value == pytest.approx(most / least)


def test_scatter_is_a_t_quantile_times_the_residual_spread():
    # Line through 1, 2, 2, 3 at 0..3 is 1.1 + 0.6 x; residuals −.1, .3, −.3, .1; s² = 0.2/2
    # R 4.2.2: qt(0.975, 2) = 4.302653
    assert group_gaps.scatter([1, 2, 2, 3]) == pytest.approx(4.302653 * 0.1**0.5, abs=1e-6)
    assert group_gaps.scatter([5, 6, 7, 8, 9]) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="3 years"):
        group_gaps.scatter([1, 2, 3])


def test_slopes_lie_on_the_side_of_the_gaps(results):
    for measure in ("access", "recovery"):
        assert results[f"group_{measure}_slope"].value < 0
        assert results[f"group_{measure}_points"].interval.high < 0


def test_shares_of_groups_agree_with_a_printed_table(evidence):
    # Frederick 2025 prints 39.7, 34.0 and 34.5 for 2023-24; the counts give 34.2 for black people
    counts = group_gaps.group_counts(evidence, "ethnicity")
    names = ("White", "Black or Black British", "Asian or Asian British")
    found = [group_gaps.group_shares(counts, name, "2023-24")["access"].value for name in names]
    assert found == pytest.approx([39.7, 34.2, 34.5], abs=0.05)


def test_limits_need_four_years(evidence):
    counts = group_gaps.group_counts(evidence, "age")
    bands = groups.ratios_by_year(counts, "age", "18 to 25", "access")
    assert list(bands) == ["2021-22", "2022-23", "2023-24", "2024-25"]
    assert all(item.interval.kind == "process" for item in bands.values())


def test_odds_ratios_without_an_interval_say_so(results):
    assert results["group_attend_unemployed"].interval.kind == "unstated"
    assert results["group_attend_self_other"].interval.limits == (3.27, 3.66)
