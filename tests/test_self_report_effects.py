"""Effect sizes and the share left behind, against official values and by hand."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.self_report import effect_figures, effect_sizes
from analysis.self_report.standing import standing, start_above
from analysis.self_report.tipping_setting import setting


def test_an_effect_of_one_leaves_84_percent_behind(evidence: Evidence) -> None:
    found = effect_sizes.claimed_effect(evidence)
    expected = 100 * NormalDist().cdf(1)
    assert found["effect_claim_implied"].value == pytest.approx(expected)
    assert round(expected) == found["effect_claim_share"].value == 84


def test_effects_divide_by_the_spread_of_first_scores(evidence: Evidence) -> None:
    """2021-22, all courses: (13.852 − 9.377)/6.016, pooled over √((6.016² + 6.494²)/2)."""
    found = effect_sizes.claimed_effect(evidence)
    fall = 13.852 - 9.377
    assert found["effect_all"].value == pytest.approx(fall / 6.016)
    pooled = math.sqrt((6.016**2 + 6.494**2) / 2)
    assert found["effect_all_pooled"].value == pytest.approx(fall / pooled)
    assert found["effect_all_share"].value == pytest.approx(100 * NormalDist().cdf(fall / 6.016))


def test_at_caseness_the_pooled_effect_is_about_one(evidence: Evidence) -> None:
    """2022-23: 6.0/5.5, and 6.0/√((5.5² + 6.4²)/2)."""
    found = effect_sizes.claimed_effect(evidence)
    assert found["effect_cases"].value == pytest.approx(6.0 / 5.5)
    assert found["effect_cases_pooled"].value == pytest.approx(6.0 / math.hypot(5.5, 6.4) * 2**0.5)
    assert found["effect_cases_gad7"].value == pytest.approx(5.6 / 4.5)


def test_the_lost_table_has_ten_rows_and_its_mean_is_of_those(evidence: Evidence) -> None:
    names = effect_sizes.listed(evidence)
    assert len(names) == 10
    frame = effect_figures.refilled(evidence)["effect_refilled"].table.frame
    assert sorted(frame["Problem"]) == sorted(names)
    mean = np.mean([cell.value for cell in frame["PHQ-9, all therapies"]])
    assert effect_sizes.claimed_effect(evidence)["effect_listed_mean"].value == pytest.approx(mean)


def test_every_official_effect_follows_from_the_spread_at_the_start(evidence: Evidence) -> None:
    """Counted apart: 264 cells have means and spreads; all agree with the start's spread."""
    found = effect_sizes.divisor(evidence)
    frame = found["effect_divisors"].frame.set_index("Divisor")
    assert found["effect_agree_start"].value == 264
    assert found["effect_agree_start_share"].value == 100
    assert frame.loc["Pooled spread, of the cell", "Cells that agree"].value == 223
    assert frame.loc["Spread at the start, of the cell", "Largest difference"] < 0.07


def test_who_is_counted_moves_the_effect(evidence: Evidence) -> None:
    found = effect_figures.selection(evidence)
    assert found["effect_selection_all"].value == 0.48
    assert found["effect_selection_cases"].value == 0.86


def test_the_share_left_behind_rises_with_the_effect() -> None:
    shares = [standing(Quantity(d, "standard deviations")).value for d in (-1, 0, 0.5, 2)]
    assert shares == sorted(shares)
    assert shares[1] == pytest.approx(50)


def test_first_scores_above_the_last_mean_agree_with_simulation(evidence: Evidence) -> None:
    given = setting(evidence)
    people, rng = given.population, np.random.default_rng(7)
    z = rng.standard_normal((400_000, 2))
    phq9 = people.mean_phq9 + people.sd_phq9 * z[:, 0]
    other = people.correlation * z[:, 0] + math.sqrt(1 - people.correlation**2) * z[:, 1]
    gad7 = people.mean_gad7 + people.sd_gad7 * other
    case = (phq9 >= 9.5) | (gad7 >= 7.5)
    expected = 100 * (phq9[case] > 9.4).mean()
    assert start_above(evidence, "2022-23").value == pytest.approx(expected, abs=0.2)
