"""The critic's figure: hand-worked counts, intervals and comparisons base by base."""

import pytest

from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.recovery import critic_compared, critic_interviews, critic_sample

SECTIONS = (
    critic_sample.proportion_check,
    critic_sample.candidates,
    critic_sample.study_figures,
    critic_compared.like_for_like,
    critic_interviews.interviews,
    critic_interviews.replies,
)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_counts_beside_the_stated_size_are_found_by_the_check(results):
    # 8/90 = 8.89 and 9/90 = 10.00, neither of which rounds to 9.2; 8/87 = 9.195; 9/98 = 9.184;
    # 6/65 = 9.231 is the first size: 5/54 = 9.259 and 5/55 = 9.091 miss on either side.
    found = {name: item.value for name, item in results.items() if isinstance(item, Quantity)}
    assert (found["critic_count_below"], found["critic_count_above"]) == (8, 9)
    assert (found["critic_smaller_count"], found["critic_smaller_n"]) == (8, 87)
    assert (found["critic_larger_count"], found["critic_larger_n"]) == (9, 98)
    assert found["critic_smallest_n"] == 65
    assert found["critic_not_counted"] == 3


def test_exact_intervals_agree_with_r(results):
    # R 4.2.2: 100 * binom.test(8, 87)$conf.int and binom.test(9, 90)$conf.int
    assert results["critic_smaller_share"].interval.limits == pytest.approx(
        (4.0540171, 17.3169173), abs=1e-6
    )
    assert results["critic_share_above"].interval.limits == pytest.approx(
        (4.6755315, 18.1359973), abs=1e-6
    )


def test_engagement_rows_fit_the_stated_size_less_the_missing_person(results):
    frame = results["critic_study_figures"].frame.set_index("What is counted")
    row = frame.loc["two or fewer treatment sessions"]
    # 35/89 = 39.33; of 90 the neighbours are 35/90 = 38.89 and 36/90 = 40.0.
    assert row["Check"] == "not obtainable from the stated n; obtainable from 89 and 107"
    assert row["Less those missing"] == "obtainable"
    assert frame.loc["came to an assessment only", "Check"] == "obtainable from the stated n"


def test_official_shares_are_hand_worked_counts(results):
    # 226,850 recovered in 2015-16, of 1,299,525 ended, 537,131 finished, 46,736 not at caseness
    assert results["critic_official_ended"].value == pytest.approx(100 * 226_850 / 1_299_525)
    assert results["critic_official_finished"].value == pytest.approx(100 * 226_850 / 537_131)
    assert results["critic_official_published"].value == pytest.approx(100 * 226_850 / 490_395)
    # Monthly sums of 2021-22: 314,343 of 665,229 finished and 488,443 treated once
    assert results["critic_official_treated"].value == pytest.approx(100 * 314_343 / 1_153_672)


def test_treated_share_takes_off_those_without_treatment(results):
    # 23.6 + 13.3 = 36.9 percent untreated; 87 × 0.631 = 54.9, so 8 of 55; 90 × 0.631 = 56.8
    assert results["critic_untreated"].value == pytest.approx(36.9)
    assert results["critic_treated_share"].value == pytest.approx(100 * 8 / 55)
    assert results["critic_treated_people"].interval.limits == (56, 57)
    # 87 × (1 − 0.393) = 52.8, so 8 of 53
    assert results["critic_stayed_share"].value == pytest.approx(100 * 8 / 53)


def test_gaps_carry_the_interval_of_the_sample(results):
    gap, sample = results["critic_gap_everyone"], results["critic_smaller_share"]
    official = results["critic_official_ended"].value
    assert gap.value == pytest.approx(official - sample.value)
    assert gap.interval.low == pytest.approx(official - sample.interval.high)


def test_every_interview_outcome_names_its_estimand(results):
    frame = results["critic_interviews"].frame
    assert len(frame) == 9
    assert (frame[["Population", "Outcome", "Time"]].map(len) > 0).all().all()


def test_replies_are_listed_with_what_was_seen_of_them(results):
    frame = results["critic_replies"].frame
    assert len(frame) == 7
    assert "Scott 2018" in set(frame["Answers"])
