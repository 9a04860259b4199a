"""The contrast of raters against metafor 3.8.1, the share of masked trials against counts."""

import numpy as np
import pytest

from analysis.evidence import Evidence
from analysis.random_effects import pool
from analysis.self_report.rater_masked import interview_trials, masked_outcomes
from analysis.self_report.rater_trials import (
    differences,
    pooled,
    rater_contrast,
    robust_limits,
    subsets,
)
from analysis.small_study import small_study_asymmetry

SECTIONS = (rater_contrast, masked_outcomes, interview_trials)

# metafor 3.8.1, rma(y, v, method = "REML", test = "knha"): estimate, limits, tau²; then, from the
# same weights, robust(cluster = trial) limits; then the slope on √(1/n₁ + 1/n₂), limits and p.
METAFOR = {
    ("all", 0.3): (
        (0.091571, 0.016737, 0.166404, 0.043158),
        (0.019365, 0.163776),
        (0.530340, -0.438979, 1.499659, 0.280473),
    ),
    ("masked", 0.3): (
        (0.075768, -0.001518, 0.153054, 0.031014),
        (0.001928, 0.149607),
        (0.778049, -0.255224, 1.811321, 0.138034),
    ),
    ("all", 0.5): (
        (0.101374, 0.023533, 0.179215, 0.074324),
        (0.026628, 0.176120),
        (0.424385, -0.562812, 1.411581, 0.395938),
    ),
    ("masked", 0.5): (
        (0.087435, 0.006417, 0.168452, 0.057373),
        (0.011066, 0.163803),
        (0.729994, -0.320618, 1.780605, 0.170716),
    ),
    ("all", 0.7): (
        (0.109889, 0.029113, 0.190665, 0.113899),
        (0.031860, 0.187918),
        (0.304577, -0.694450, 1.303604, 0.546810),
    ),
    ("all", 0.9): (
        (0.116175, 0.032663, 0.199687, 0.162484),
        (0.034341, 0.198009),
        (0.164769, -0.837890, 1.167429, 0.745193),
    ),
    ("masked", 0.9): (
        (0.113991, 0.024734, 0.203248, 0.145843),
        (0.027119, 0.200862),
        (0.636786, -0.439088, 1.712661, 0.242514),
    ),
}


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_the_variance_of_a_difference_takes_off_what_raters_share(evidence):
    # Ammerman 2013: 0.781054 − 0.912934; 0.04635 + 0.035682 − 2 × 0.5 √(0.04635 × 0.035682)
    found = differences(evidence, 0.5)
    at = list(found.trials.index).index("ammerman_2013")
    assert found.effects[at] == pytest.approx(-0.13188)
    assert found.variances[at] == pytest.approx(0.041364, abs=1e-6)


@pytest.mark.parametrize(("subset", "correlation"), METAFOR)
def test_metafor_gives_the_same(evidence, subset, correlation):
    fit = pooled(evidence, subset, correlation)
    whole, robust, slope = METAFOR[subset, correlation]
    assert (fit.mean, fit.low, fit.high, fit.tau2) == pytest.approx(whole, abs=2e-6)
    found = differences(evidence, correlation)
    part = found.of(subsets(found.trials)[subset])
    assert robust_limits(part, fit) == pytest.approx(robust, abs=2e-6)
    sizes = (part.trials[name].to_numpy() for name in ("n1", "n2"))
    test = small_study_asymmetry(part.effects, part.variances, *sizes)
    assert (test.slope, test.low, test.high, test.p) == pytest.approx(slope, abs=2e-5)


def test_prediction_limits_use_k_less_two(results, evidence):
    # 0.101374 ± t(105) √(0.074324 + 0.039262²), t = 1.982815
    reach = 1.982815 * np.sqrt(0.074324 + 0.039262**2)
    low, high = results["rater_prediction"].interval.limits
    assert (low, high) == pytest.approx((0.101374 - reach, 0.101374 + reach), abs=2e-5)


def test_the_sign_is_clinician_less_self(evidence):
    frame = evidence.table("rater_by_trial").assign(g_self=0.0, g_clin=1.0)
    changed = evidence.with_table("rater_by_trial", frame)
    assert pooled(changed).mean == pytest.approx(1.0)


def test_subsets_hold_the_trials_they_name(evidence):
    sizes = {k: int(v.sum()) for k, v in subsets(evidence.table("rater_by_trial")).items()}
    assert sizes["all"] == 107 and sizes["masked"] == 86 and sizes["not_masked"] == 20
    assert sizes["strict"] < sizes["masked"] and sizes["clean"] == 104


def test_a_small_study_test_needs_ten_trials():
    y, n = np.linspace(0, 1, 9), np.full(9, 20)
    with pytest.raises(ValueError, match="too few"):
        small_study_asymmetry(y, y + 0.1, n, n)
    ten = np.linspace(0, 1, 10)
    assert small_study_asymmetry(ten, ten + 0.1, 20 + 30 * ten, np.full(10, 20)).k == 10


def test_a_small_study_test_needs_variances_and_sizes():
    y, n = np.linspace(0, 1, 12), np.linspace(9, 90, 12)
    for v, n1, n2 in ((y, n, n), (y + 1, n - 9, n), (y + 1, n, n - 9)):
        with pytest.raises(ValueError, match="above zero"):
            small_study_asymmetry(y, v, n1, n2)


def test_masked_shares_are_counts_of_trials(results):
    # before 2000: 18 of 46 trials; since: 8+18+22+29+27 = 104 of 25+51+106+126+126 = 434
    assert results["rater_masked_early"].value == pytest.approx(100 * 18 / 46)
    assert results["rater_masked_since"].value == pytest.approx(100 * 104 / 434)
    # of those with clinicians: 18 of 25, then 104 of 129
    assert results["rater_of_rated_early"].value == pytest.approx(72)
    assert results["rater_of_rated_since"].value == pytest.approx(100 * 104 / 129)
    # Wilson for 18 of 46
    assert results["rater_masked_early"].interval.limits == pytest.approx((26.4, 53.5), abs=0.1)


def test_other_therapies_less_cbt_has_an_interval_around_nothing(results):
    # since 2000: 46 of 203 less 58 of 231 = 22.66 − 25.11
    found = results["rater_gap_others"]
    assert found.value == pytest.approx(100 * (46 / 203 - 58 / 231))
    assert found.interval.low < 0 < found.interval.high


def test_days_free_of_depression_have_their_sampling_interval(results):
    # 129 ± 1.96 × 58 / √160 = 129 ± 8.99
    assert results["rater_cobra_cbt"].interval.limits == pytest.approx((120.01, 137.99), abs=0.01)
    assert str(results["rater_cobra_cbt"]) == "129 days"


def test_every_interview_study_is_listed_with_its_outcome(results, evidence):
    frame = results["rater_interviews"].frame
    assert len(frame) == len(evidence.table("masked_interview_trials"))
    assert frame["Outcome"].str.contains(r"\d").all()


def test_pooling_one_value_everywhere_has_no_spread():
    fit = pool(np.full(12, 0.2), np.full(12, 0.04))
    assert (fit.mean, fit.tau2) == pytest.approx((0.2, 0.0))
