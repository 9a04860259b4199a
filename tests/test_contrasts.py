"""Contrasts against Newcombe's printed examples, metafor, statsmodels and hand-worked cases."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.contrasts import (
    Arm,
    Estimate,
    combine_arms,
    contrast_from_counts,
    contrast_from_standardised_effect,
    implied_rate,
    missing_outcome_contrasts,
    net_extra_recoveries,
    number_needed_to_treat,
    odds_ratio,
    risk_difference,
    risk_ratio,
    transported_net_extra,
)

# Newcombe 1998, Statistics in Medicine 17:873-890, Table II, method 10, examples (a) to (h)
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]
# R 4.2.2, metafor 3.8.1:
#   s <- summary(escalc(measure = m, ai = a, bi = n1 - a, ci = c, di = n0 - c,
#                       add = 1/2, to = "only0")); c(s$yi, s$ci.lb, s$ci.ub), exp() unless m is RD
METAFOR = [
    ("RD", 56, 70, 48, 80, (0.2, 0.057504899, 0.342495101)),
    ("RR", 56, 70, 48, 80, (1.3333333, 1.0766264, 1.6512485)),
    ("OR", 56, 70, 48, 80, (2.6666667, 1.2762179, 5.5720197)),
    ("RD", 175, 347, 101, 179, (-0.059923043, -0.149611400, 0.029765313)),
    ("RR", 175, 347, 101, 179, (0.89379975, 0.75732191, 1.05487243)),
    ("OR", 175, 347, 101, 179, (0.78574718, 0.54670574, 1.12930702)),
    ("RR", 5, 56, 0, 29, (5.7894737, 0.3311898, 101.2048244)),
    ("OR", 5, 56, 0, 29, (6.30097087, 0.33637998, 118.02793222)),
    ("RR", 10, 10, 0, 20, (40.0909091, 2.5844274, 621.9098993)),
    ("OR", 10, 10, 0, 20, (861.0, 15.930296, 46535.292127)),
]
SCALES = ("risk_difference", "risk_ratio", "odds_ratio")


def as_tuple(estimate):
    return estimate.value, estimate.low, estimate.high


arms = st.integers(1, 300).flatmap(lambda n: st.builds(Arm, st.integers(0, n), st.just(n)))
inner_arms = st.integers(2, 300).flatmap(
    lambda n: st.builds(Arm, st.integers(1, n - 1), st.just(n))
)
rates = st.floats(0.01, 0.99)


@pytest.mark.parametrize(("a", "n1", "c", "n0", "low", "high"), NEWCOMBE)
def test_hybrid_score_interval_gives_newcombes_published_examples(a, n1, c, n0, low, high):
    found = risk_difference(Arm(a, n1), Arm(c, n0))
    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-5)


@pytest.mark.parametrize(("measure", "a", "n1", "c", "n0", "expected"), METAFOR)
def test_contrasts_agree_with_metafor(measure, a, n1, c, n0, expected):
    treated, control = Arm(a, n1), Arm(c, n0)
    found = {
        "RD": lambda: risk_difference(treated, control, method="wald"),
        "RR": lambda: risk_ratio(treated, control),
        "OR": lambda: odds_ratio(treated, control),
    }[measure]()
    assert as_tuple(found) == pytest.approx(expected, rel=1e-6)
    empty = 0 in (a, c, n1 - a, n0 - c)
    assert ("0.5 added" in found.method) == (empty and measure != "RD")


def test_difference_of_the_combined_arms_by_r():
    # R: Wilson limits from prop.test(..., correct = FALSE), then Newcombe's two square roots
    found = risk_difference(Arm(175, 347), Arm(101, 179))
    expected = (-0.059923043, -0.147771663, 0.030052493)
    assert as_tuple(found) == pytest.approx(expected, abs=1e-8)


@settings(deadline=None)
@given(inner_arms, inner_arms, st.floats(0.5, 0.999))
def test_contrasts_agree_with_statsmodels(treated, control, level):
    table = (treated.events, treated.n, control.events, control.n)

    def limits(compare, method):
        return confint_proportions_2indep(
            *table, compare=compare, method=method, alpha=1 - level, correction=False
        )

    found = contrast_from_counts(treated, control, level)
    for estimate, expected in (
        (found.risk_difference, limits("diff", "newcomb")),
        (risk_difference(treated, control, level, "wald"), limits("diff", "wald")),
        (found.risk_ratio, limits("ratio", "log")),
        (found.odds_ratio, limits("odds-ratio", "logit")),
    ):
        assert (estimate.low, estimate.high) == pytest.approx(expected, rel=1e-7, abs=1e-9)


@settings(deadline=None)
@given(arms, arms)
def test_intervals_hold_their_estimate_and_turn_over_when_the_arms_are_swapped(one, two):
    ahead, back = contrast_from_counts(one, two), contrast_from_counts(two, one)
    for estimate in (ahead.risk_difference, ahead.risk_ratio, ahead.odds_ratio):
        assert estimate.low - 1e-12 <= estimate.value <= estimate.high + 1e-12
    assert ahead.risk_difference.low >= -1 - 1e-12 and ahead.risk_difference.high <= 1 + 1e-12
    assert ahead.risk_difference.low == pytest.approx(-back.risk_difference.high, abs=1e-12)
    assert ahead.risk_ratio.low == pytest.approx(1 / back.risk_ratio.high)
    assert ahead.odds_ratio.low == pytest.approx(1 / back.odds_ratio.high)


def test_arms_that_share_a_control_are_summed():
    # 82 + 93 of 165 + 182
    assert combine_arms(Arm(82, 165), Arm(93, 182)) == Arm(175, 347)


def test_interval_inferred_from_the_printed_effect_of_the_norwegian_trial():
    # ln(0.585/0.415) - ln(0.319/0.681) = 1.10170; times sqrt(3)/pi = 0.60740, printed 0.61
    # limits exp(0.37 pi/sqrt 3) and exp(0.85 pi/sqrt 3); standard error of the log odds ratio
    # 0.48 * 1.813799 / (2 * 1.959964) = 0.222102; sizes shrunk by 0.608404: 281.69 and 132.63
    # R from there: Wilson limits of the fractional sizes, Newcombe; Katz on the same sizes
    found = contrast_from_standardised_effect(0.585, 0.319, (0.61, 0.37, 0.85), 463, 218)
    expected = (1.409639 / 0.468429, 1.9563994, 4.6726645)
    assert as_tuple(found.odds_ratio) == pytest.approx(expected, rel=1e-5)
    expected = (0.266, 0.16419225, 0.35822996)
    assert as_tuple(found.risk_difference) == pytest.approx(expected, abs=1e-7)
    expected = (0.585 / 0.319, 1.4035668, 2.3960577)
    assert as_tuple(found.risk_ratio) == pytest.approx(expected, abs=1e-6)
    assert "inferred" in found.basis


def test_only_the_ratio_of_the_arms_matters_for_the_inferred_interval():
    args = (0.585, 0.319, (0.61, 0.37, 0.85))
    whole = contrast_from_standardised_effect(*args, 463, 218).risk_difference
    half = contrast_from_standardised_effect(*args, 231.5, 109).risk_difference
    assert as_tuple(whole) == pytest.approx(as_tuple(half))


@settings(deadline=None)
@given(inner_arms, inner_arms)
def test_inferring_from_a_trials_own_woolf_interval_gives_back_its_contrasts(treated, control):
    direct = contrast_from_counts(treated, control)
    odds = as_tuple(direct.odds_ratio)
    effect = tuple(math.log(x) * math.sqrt(3) / math.pi for x in odds)
    found = contrast_from_standardised_effect(
        treated.rate, control.rate, effect, treated.n, control.n
    )
    assert as_tuple(found.odds_ratio) == pytest.approx(odds)
    for scale in ("risk_difference", "risk_ratio"):
        expected = as_tuple(getattr(direct, scale))
        assert as_tuple(getattr(found, scale)) == pytest.approx(expected)


def test_missing_outcomes_of_a_trial_by_hand():
    # REEACT at four months: 175/347 of 452 randomised (105 missing), 101/179 of 239 (60 missing)
    # worst 175/452 against 161/239; best 280/452 against 101/239
    # the missing counted as failures in both arms: 175/452 against 101/239
    cases = missing_outcome_contrasts(Arm(175, 347), Arm(101, 179), 452, 239)
    assert cases.worst.risk_difference.value == pytest.approx(175 / 452 - 161 / 239)
    assert cases.best.risk_difference.value == pytest.approx(280 / 452 - 101 / 239)
    assert cases.missing_as_failure.risk_ratio.value == pytest.approx((175 / 452) / (101 / 239))


@settings(deadline=None)
@given(inner_arms, inner_arms, st.integers(0, 50), st.integers(0, 50), st.floats(0, 1))
def test_any_outcomes_of_the_missing_lie_between_worst_and_best(one, two, lost1, lost0, share):
    cases = missing_outcome_contrasts(one, two, one.n + lost1, two.n + lost0)
    got1, got0 = int(share * lost1), int((1 - share) * lost0)
    filled = (one.events + got1) / (one.n + lost1) - (two.events + got0) / (two.n + lost0)
    worst, best = cases.worst.risk_difference.value, cases.best.risk_difference.value
    assert worst - 1e-12 <= filled <= best + 1e-12
    assert worst <= cases.missing_as_failure.risk_difference.value <= best


def test_number_needed_to_treat_only_where_the_interval_excludes_zero():
    # 1/0.2 = 5, from 1/0.3339 = 2.99 to 1/0.0524 = 19.1
    found = number_needed_to_treat(risk_difference(Arm(56, 70), Arm(48, 80)))
    assert as_tuple(found) == pytest.approx((5, 1 / 0.3339, 1 / 0.0524), rel=1e-3)
    assert number_needed_to_treat(risk_difference(Arm(175, 347), Arm(101, 179))) is None
    assert number_needed_to_treat(Estimate(0.2, 0.0, 0.4, "")) is None


def test_a_harmful_difference_gives_a_number_needed_to_harm():
    found = number_needed_to_treat(Estimate(-0.2, -0.25, -0.1, ""))
    assert as_tuple(found) == pytest.approx((5, 4, 10))
    assert found.method == "number needed to harm"


@pytest.mark.parametrize(
    ("scale", "effect", "control"),
    [
        # a service at 0.5: 0.5 - 0.266; 0.5 / 1.834; odds 1 / 3.009 as a rate, 1 / 4.009
        ("risk_difference", 0.266, 0.234),
        ("risk_ratio", 1.834, 0.272628),
        ("odds_ratio", 3.009, 0.249439),
    ],
)
def test_transport_to_another_treated_rate_by_hand(scale, effect, control):
    assert implied_rate(0.5, effect, scale) == pytest.approx(control, abs=1e-6)
    assert implied_rate(control, effect, scale, known="control") == pytest.approx(0.5, abs=1e-5)


@settings(deadline=None)
@given(rates, rates)
def test_transport_at_the_trials_own_rates_gives_back_the_trial(treated, control):
    effects = {
        "risk_difference": treated - control,
        "risk_ratio": treated / control,
        "odds_ratio": treated / (1 - treated) / (control / (1 - control)),
    }
    for scale, effect in effects.items():
        assert implied_rate(treated, effect, scale) == pytest.approx(control)
        assert implied_rate(control, effect, scale, known="control") == pytest.approx(treated)


@settings(deadline=None)
@given(rates, rates, rates)
def test_the_odds_scale_never_leaves_the_range_and_keeps_its_ratio(treated, control, service):
    effect = treated / (1 - treated) / (control / (1 - control))
    found = implied_rate(service, effect, "odds_ratio")
    assert 0 < found < 1
    assert service / (1 - service) / (found / (1 - found)) == pytest.approx(effect, rel=1e-6)


def test_net_extra_recoveries_by_hand():
    # 2000 (0.5 - 0.3) = 400; transported: p0 = 0.5 - 0.2, limits 0.5 - 0.1 and 0.5 - 0.3
    assert net_extra_recoveries(2000, 0.5, 0.3) == pytest.approx(400)
    found = transported_net_extra(2000, 0.5, Estimate(0.2, 0.1, 0.3, ""), "risk_difference")
    assert as_tuple(found) == pytest.approx((400, 200, 600))
    # risk ratio 1.25 (1 to 2): p0 0.4, 0.5, 0.25, so 200, 0 and 500
    found = transported_net_extra(2000, 0.5, Estimate(1.25, 1.0, 2.0, ""), "risk_ratio")
    assert as_tuple(found) == pytest.approx((200, 0, 500))


@settings(deadline=None)
@given(inner_arms, inner_arms, rates, st.sampled_from(SCALES))
def test_net_extra_recoveries_hold_their_estimate_on_every_scale(one, two, service, scale):
    effect = getattr(contrast_from_counts(one, two), scale)
    try:
        found = transported_net_extra(1000, service, effect, scale)
    except ValueError:
        assume(False)
    assert found.low <= found.value + 1e-9 and found.value <= found.high + 1e-9
    assert found.low >= -1000 and found.high <= 1000


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Arm(9, 8), "events is 9"),
        (lambda: Arm(0, 0), "n is 0"),
        (lambda: risk_difference(Arm(1, 2), Arm(1, 2), method="exact"), "method is 'exact'"),
        (lambda: risk_ratio(Arm(1, 2), Arm(1, 2), level=95), "level is 95"),
        (lambda: implied_rate(0.1, 0.2, "risk_difference"), "imply -0.100"),
        (lambda: implied_rate(0.9, 0.2, "risk_difference", known="control"), "imply 1.100"),
        (lambda: implied_rate(0.6, 0.5, "risk_ratio"), "imply 1.200"),
        (lambda: implied_rate(0.5, -1, "odds_ratio"), "above 0"),
        (lambda: implied_rate(0.5, float("nan"), "risk_difference"), "imply nan"),
        (lambda: implied_rate(50, 0.2, "risk_difference"), "divide a percentage"),
        (lambda: implied_rate(0.5, 0.2, "hazard_ratio"), "scale is 'hazard_ratio'"),
        (lambda: implied_rate(0.5, 0.2, "risk_ratio", known="both"), "known is 'both'"),
        (lambda: net_extra_recoveries(0, 0.5, 0.3), "n is 0"),
        (lambda: net_extra_recoveries(10, 0.5, -0.3), "control_rate is -0.3"),
        (lambda: missing_outcome_contrasts(Arm(1, 9), Arm(1, 9), 8, 9), "n = 8"),
        (
            lambda: contrast_from_standardised_effect(0.585, 0.319, (0.88, 0.5, 1.26), 9, 9),
            "is not ln OR",
        ),
        (
            # as the same trial's depression score is printed: its limits are not symmetric
            lambda: contrast_from_standardised_effect(0.585, 0.319, (0.61, 0.37, 0.95), 9, 9),
            "not symmetric",
        ),
        (
            lambda: contrast_from_standardised_effect(1.0, 0.319, (0.61, 0.37, 0.85), 9, 9),
            "no finite odds",
        ),
        (
            lambda: contrast_from_standardised_effect(0.585, 0, (0.61, 0.37, 0.85), 9, 9),
            "no finite odds",
        ),
        (
            lambda: contrast_from_standardised_effect(58.5, 31.9, (0.61, 0.37, 0.85), 9, 9),
            "divide a percentage",
        ),
    ],
)
def test_impossible_input_is_refused_with_a_remedy(call, words):
    with pytest.raises(ValueError, match=words):
        call()
