"""The chains: products by hand, the tolerance of a claim's own words, verdicts by rule."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from analysis.attrition import (
    chain_annual,
    chain_cohorts,
    chain_first_treatment,
    chain_sessions,
    chains,
)
from analysis.attrition.asserted import Finding, figure_text, fits
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity


@pytest.fixture(scope="module")
def found(evidence: Evidence) -> dict[str, Finding]:
    return chains.every_finding(evidence)


def test_the_doncaster_product_and_what_the_abstract_leaves(evidence):
    figures = chain_cohorts.doncaster_figures(evidence)
    # 1 − 0.727 × 0.732 × 0.705 = 0.6248; 7,859 × 0.727 × 0.732 = 4,182.3
    assert figures["own"].value == pytest.approx(62.482, abs=0.001)
    assert figures["left"].value == pytest.approx(4182.26, abs=0.05)
    # largest: 7,859 × 0.7275 × 0.7325 = 4,188.0, of whom 4,183 had two or more
    assert figures["left"].interval.high == pytest.approx(4188.0, abs=0.1)
    assert figures["room"].interval.limits == pytest.approx((0, 100 * 5.02 / 4188.02), abs=0.002)
    assert figures["abstract"].value == pytest.approx(100 - 100 * 4183 / 7859)


def test_the_sample_is_cut_as_the_cohort_is(evidence):
    sample = chain_cohorts.sample_figures(evidence)
    # 21 and 12 of 90 without treatment; 35 of 89 with two or fewer, so 2 of 56 with one or two
    assert sample["untreated"].value == pytest.approx(100 * 33 / 90)
    assert sample["once_at_most"].value == pytest.approx(100 * 2 / 56)
    low, high = beta.ppf(0.025, 2, 55), beta.ppf(0.975, 3, 54)
    assert sample["once_at_most"].interval.limits == pytest.approx((100 * low, 100 * high))


def test_the_chain_of_people_exposed_on_its_own_inputs_and_on_official_shares(evidence):
    chain = chain_first_treatment.links(evidence)
    # 1,500,000 × 0.2 × 0.6 × 0.58
    assert chain["exposed"].value == pytest.approx(104_400)
    # 1.45 million × 0.195 × 0.595 × 0.575 and 1.55 million × 0.205 × 0.605 × 0.585
    assert chain["exposed"].interval.limits == pytest.approx((96_735.84, 112_459.67), abs=0.01)
    assert chain["official_started"].value == pytest.approx(300_000 * 0.57)
    assert chain["official_referred"].value == pytest.approx(300_000 * 582_556 / 1_495_680)


def test_a_share_of_the_treated_gives_limits_of_the_share_of_ended(evidence):
    share = chain_annual.once_of_ended(evidence)
    # finished 582,556; once = finished × 0.43 / 0.57 = 439,472 of 1,495,680 ended
    assert share.value == pytest.approx(100 * 439_472 / 1_495_680, abs=0.001)
    low, high = share.interval.limits
    assert (low, high) == pytest.approx((28.789, 29.988), abs=0.001)
    assert low < 29.54 < high


def test_a_mean_leaves_the_share_below_seven_open(evidence):
    own = chain_sessions.below_rule(evidence, chain_sessions.claimed_mean(evidence))
    # at most (6 − 2) / (7 − 2) = 0.8 reach seven
    assert own.interval.limits == pytest.approx((20, 100))


def test_half_with_seven_or_more_bounds_the_treated_from_above(evidence):
    found = chain_sessions.sessions(evidence)
    once = 40_776 / (40_776 + 52_914)  # January 2022
    low, high = found["chain_quarters_treated"].interval.limits
    assert high == pytest.approx(100 * (once + (1 - once) * 0.5), abs=0.01)
    assert low == pytest.approx(100 * (once + (1 - once) * 0.425), abs=0.01)


def test_a_claim_fits_by_its_own_words(evidence):
    def percent(value: float, *limits: float) -> Quantity:
        interval = Interval("rounding", *limits) if limits else Interval("record")
        return Quantity(value, "percent", interval)

    assert fits(evidence, "bbc_not_completed", percent(61.051))  # 61.1, to one decimal
    assert not fits(evidence, "bbc_not_completed", percent(61.16))
    assert fits(evidence, "most_decline", percent(50.1))  # more than 50
    assert not fits(evidence, "most_decline", percent(50.0))
    # limits that only touch the tolerance do not fit: 42 allows up to 42.5
    assert not fits(evidence, "davis_one_session", percent(43, 42.5, 43.5))
    assert fits(evidence, "davis_one_session", percent(43, 42.4, 43.5))


def test_a_base_that_is_not_stated_is_said_to_be_so(evidence):
    assert figure_text(evidence, "bbc_not_completed") == "61.1%, base not stated"
    assert figure_text(evidence, "clark_course") == "about 550,000 people"
    assert figure_text(evidence, "clark_others") == "no figure"


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("rb_assessment_only", "reproduced"),
        ("rb_one_session", "differs from the cited source"),
        ("rb_noncompletion", "differs from the cited source"),
        ("identical_pattern", "differs from the evidence"),
        ("davis_first_treatment", "differs from the cited source"),
        ("exposed_treatment_full", "true on a stated base only"),
        ("exposed_treatment_rounded", "true on a stated base only"),
        ("bbc_before_treatment", "differs from official statistics"),
        ("bbc_not_completed", "true on a stated base only"),
        ("bbc_one_session", "true on a stated base only"),
        ("santa_46", "differs from official statistics"),
        ("three_in_four_by_rule", "not checkable with the evidence seen"),
        ("clark_seen", "true on a stated base only"),
        ("clark_course", "true on a stated base only"),
        ("clark_others", "no counter-example found"),
        ("dropouts_first_second", "not checkable with the evidence seen"),
        ("only_completers_reported", "has counter-examples"),
    ],
)
def test_the_rule_gives_the_verdict(found, claim, label):
    assert found[claim].verdict.label == label


def test_another_count_would_change_the_verdict(evidence):
    frame = evidence.table("annual_national")
    frame.loc["eng_2017_18_finished_course", "value"] = 440_000  # a fifth below 550,000
    changed = chains.every_finding(evidence.with_table("annual_national", frame))
    assert changed["clark_course"].verdict.label == "differs from official statistics"
