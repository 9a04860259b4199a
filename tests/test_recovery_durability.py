"""Follow-up kept apart by population; trials by the difference between arms at each time."""

import math

import pytest

from analysis.evidence import Evidence
from analysis.recovery.durability import later
from analysis.recovery.durability_trials import between_arms, treated_scores


def compute(evidence: Evidence) -> dict:
    sections = (later, between_arms, treated_scores)
    return {name: item for section in sections for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_a_unique_count_gives_the_exact_interval(results):
    # 26 is the only count of 89 that prints 29.2; R 4.2.2: 100 * binom.test(26, 89)$conf.int
    assert results["durability_palacios"].interval.limits == pytest.approx(
        (20.050757, 39.806896), abs=1e-5
    )


def test_many_possible_counts_give_the_wilson_interval_of_the_printed_share(results):
    # p = 0.137, n = 21,029, z = 1.96: half width about 1.96 √(0.137 × 0.863 / 21,029) = 0.00465
    low, high = results["durability_return"].interval.limits
    assert (low, high) == pytest.approx((13.235, 14.165), abs=0.01)


@pytest.mark.parametrize(
    "name", ["durability_ali", "durability_wojnarowski", "durability_cobalt_therapy"]
)
def test_no_interval_is_made_up_where_no_count_lies_behind(results, name):
    assert results[name].interval.kind == "unstated"


def test_missing_people_are_bounded_by_none_and_all_of_them(results):
    # end: 49.5 of the 56 percent with data: 0.495 × 56 = 27.72, plus the 44 missing 71.72
    assert results["durability_saether_end"].interval.limits == pytest.approx((27.72, 71.72))
    # later: 0.45 × 42 = 18.9, plus the 58 missing 76.9
    assert results["durability_saether_12m"].interval.limits == pytest.approx((18.9, 76.9))
    assert results["durability_missing_12m"].value == 58


def test_rounded_counts_of_people_referred_again_give_rounding_limits(results):
    # 1.5 of 4.7 million, each group to a tenth: 1.45/4.70 = 30.85 to 1.55/4.70 = 32.98
    assert results["durability_referred_again"].interval.limits == pytest.approx(
        (30.851, 32.979), abs=1e-3
    )


def test_reeact_differences_are_those_of_the_counts(results):
    # 4 months: (82 + 93)/(165 + 182) − 101/179; 12: 214/318 − 100/166; 24: 188/303 − 97/158
    expected = {4: 175 / 347 - 101 / 179, 12: 214 / 318 - 100 / 166, 24: 188 / 303 - 97 / 158}
    for months, value in expected.items():
        found = results[f"durability_reeact_{months}m"]
        assert found.value == pytest.approx(100 * value)
        assert found.interval.kind == "sampling"
        assert found.interval.low < 0 < found.interval.high


def test_the_norwegian_interval_is_inferred_from_the_printed_effect(results):
    # ln OR of 59.4 v 36.6 percent = 0.9299; times √3/π = 0.513, printed as 0.51
    log_odds = math.log(0.594 / 0.406) - math.log(0.366 / 0.634)
    assert log_odds * math.sqrt(3) / math.pi == pytest.approx(0.51, abs=0.01)
    found = results["durability_pmhc_12m"]
    assert found.value == pytest.approx(22.8)
    assert found.interval.kind == "model"
    assert 0 < found.interval.low < 22.8 < found.interval.high


def test_scores_of_the_treated_arm_stand_with_the_share_measured(results):
    frame = results["durability_scores"].frame.set_index("Months from randomisation")
    assert frame.loc["36", "PHQ-9"].value == 7.23
    assert [str(frame.loc[m, "Share with data"]) for m in ("24", "36")] == ["47%", "39%"]


def test_populations_are_groups_of_their_own(results):
    headings = results["durability_later"].table.frame["Of whom"].unique()
    assert len(headings) == 6
