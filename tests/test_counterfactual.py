"""Trials by name and their transport, against arithmetic on the printed figures."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contrasts import contrast_from_standardised_effect
from analysis.counterfactual import (
    SCALES,
    Service,
    comparator_rate,
    net_extra,
    net_extra_as_it_stands,
    rate_effect,
    service_year,
)
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity
from analysis.trial_contrasts import (
    TRIALS,
    missing_outcomes,
    printed_contrast,
    rows_of,
    standardised_effect,
    trial_contrast,
)
from tests.perturb import lineage_problems

DATA = Path(__file__).resolve().parent.parent / "data"


def limits(quantity: Quantity) -> tuple[float, float]:
    assert quantity.interval.limits is not None
    return quantity.interval.limits


# --- what the trials found ------------------------------------------------------------------


def test_norwegian_contrast_is_that_of_its_printed_rates(evidence: Evidence) -> None:
    found = trial_contrast(evidence, "pmhc_6m")
    assert found.risk_difference.value == pytest.approx(58.5 - 31.9)
    assert found.risk_ratio.value == pytest.approx(58.5 / 31.9)
    # odds 58.5 / 41.5 = 1.40964 and 31.9 / 68.1 = 0.46843
    assert found.odds_ratio.value == pytest.approx(1.40964 / 0.46843, abs=1e-4)


def test_limits_of_the_norwegian_odds_ratio_are_those_of_the_printed_effect(
    evidence: Evidence,
) -> None:
    """exp(pi d / sqrt 3) for d = 0.37 and 0.85: exp(0.67110) and exp(1.54172)."""
    found = trial_contrast(evidence, "pmhc_6m").odds_ratio
    assert limits(found) == pytest.approx((1.95639, 4.67264), abs=1e-4)
    assert found.interval.kind == "model"
    assert found.interval.level == pytest.approx(0.95)


@pytest.mark.parametrize("name", ["pmhc_6m", "pmhc_12m"])
def test_printed_effect_is_the_one_of_the_printed_rates(evidence: Evidence, name: str) -> None:
    """The inference of an interval rests on this, to the second decimal that is printed."""
    found = trial_contrast(evidence, name)
    printed = printed_contrast(evidence, str(rows_of(name).effect))
    assert standardised_effect(found.treated, found.control).value == pytest.approx(
        printed.value, abs=0.006
    )
    shares = found.treated.value / 100, found.control.value / 100
    again = contrast_from_standardised_effect(*shares, (printed.value, *limits(printed)), 463, 218)
    assert again.odds_ratio.low == pytest.approx(limits(found.odds_ratio)[0])


def test_no_interval_is_inferred_from_an_effect_that_does_not_fit_the_rates(
    evidence: Evidence,
) -> None:
    frame = evidence.table("trial_contrasts")
    frame.loc["pmhc_reliable_recovery_12m", "estimate"] = 0.3
    found = trial_contrast(evidence.with_table("trial_contrasts", frame), "pmhc_12m")
    assert found.risk_difference.value == pytest.approx(59.4 - 36.6)
    assert {found.effect(scale).interval.kind for scale in SCALES} == {"unstated"}
    assert found.number_needed is None


def test_a_printed_contrast_has_no_more_decimals_than_its_source(evidence: Evidence) -> None:
    found = printed_contrast(evidence, "furukawa_2014_no_treatment_vs_waiting_list")
    assert found.with_limits() == "2.9 (95% CI 1.3 to 5.7)"
    # 1.40 keeps its nought, as its limits have two decimals
    assert str(printed_contrast(evidence, "stratcare_or")) == "1.40"


def test_arms_of_reeact_that_share_a_control_are_one_arm(evidence: Evidence) -> None:
    """82 + 93 of 165 + 182 against 101 of 179; odds ratio and limits from R's metafor 3.8.1."""
    found = trial_contrast(evidence, "reeact_4m")
    assert found.treated.value == pytest.approx(100 * 175 / 347)
    assert found.risk_difference.value == pytest.approx(-5.9923, abs=1e-4)
    assert found.odds_ratio.value == pytest.approx(0.78574718)
    assert limits(found.odds_ratio) == pytest.approx((0.54670574, 1.12930702))
    assert found.odds_ratio.interval.kind == "sampling"


def test_number_needed_only_where_the_interval_excludes_no_difference(evidence: Evidence) -> None:
    needed = {name: trial_contrast(evidence, name).number_needed for name in TRIALS}
    assert {name for name, number in needed.items() if number} == {"pmhc_6m", "pmhc_12m"}
    assert needed["pmhc_6m"].value == pytest.approx(100 / 26.6)


def test_a_named_contrast_names_its_rows(evidence: Evidence) -> None:
    found = trial_contrast(evidence, "pmhc_12m")
    assert found.risk_difference.rows == {
        "controlled_outcomes/pmhc_service_12m",
        "controlled_outcomes/pmhc_usual_care_12m",
        "trial_contrasts/pmhc_reliable_recovery_12m",
    }


# --- their own missing outcomes -------------------------------------------------------------


def test_missing_outcomes_of_reeact_from_its_counts(evidence: Evidence) -> None:
    """452 and 239 randomised, 105 and 60 of them not measured."""
    found = missing_outcomes(evidence, "reeact_4m")
    assert found.treated.value == pytest.approx(100 * 175 / 452)
    assert found.control.value == pytest.approx(100 * 101 / 239)
    assert found.same_rule.value == pytest.approx(100 * (175 / 452 - 101 / 239))
    assert found.worst.value == pytest.approx(100 * (175 / 452 - 161 / 239))
    assert found.best.value == pytest.approx(100 * (280 / 452 - 101 / 239))
    low, high = limits(found.same_rule)
    assert low < found.same_rule.value < high


def test_missing_outcomes_of_norway_suppose_the_rate_of_the_measured(evidence: Evidence) -> None:
    """Measured 73 and 67 percent: 0.585 x 0.73 = 0.42705 and 0.319 x 0.67 = 0.21373."""
    found = missing_outcomes(evidence, "pmhc_6m")
    assert found.same_rule.value == pytest.approx(42.705 - 21.373)
    assert found.worst.value == pytest.approx(42.705 - (21.373 + 33))
    assert found.best.value == pytest.approx(42.705 + 27 - 21.373)
    assert found.same_rule.interval.kind == "unstated"
    assert limits(found.bounded) == pytest.approx((found.worst.value, found.best.value))


def test_missing_outcomes_are_refused_where_the_share_with_data_was_not_seen(
    evidence: Evidence,
) -> None:
    with pytest.raises(LookupFault, match=r"pmhc_service_12m.*data_percent is empty"):
        missing_outcomes(evidence, "pmhc_12m")


# --- the service ----------------------------------------------------------------------------


def test_service_year_divides_by_finished_less_not_at_caseness(evidence: Evidence) -> None:
    found = service_year(evidence, "2024-25")
    assert found.base.value == 670_419 - 35_234
    assert found.rate.value == pytest.approx(100 * 301_815 / 635_185)


@pytest.mark.parametrize("base", ["first_treatment", "ended_referrals"])
def test_other_bases_are_the_sums_of_twelve_months(evidence: Evidence, base: str) -> None:
    with (DATA / "monthly_pathway.csv").open() as lines:
        months = [
            int(row["value"])
            for row in csv.DictReader(lines)
            if row["measure"] == base and "2024-04" <= row["month"] <= "2025-03"
        ]
    assert len(months) == 12
    assert service_year(evidence, "2024-25", base=base).base.value == sum(months)


def test_a_year_without_monthly_counts_is_refused(evidence: Evidence) -> None:
    with pytest.raises(LookupFault, match="first_treatment of 2012-13 has 0 of 12 months"):
        service_year(evidence, "2012-13", base="first_treatment")


# --- transport ------------------------------------------------------------------------------


def made(base: float, rate: float) -> Service:
    whole = Quantity(base, "referrals")
    part = Quantity(base * rate, "referrals")
    return Service("2024-25", whole, part, Quantity(100 * rate, "percent"))


def test_net_extra_by_hand_on_every_scale() -> None:
    """A thousand people at 50 percent, effects of 60 against 30: rates without 20, 25, 22.2."""
    treated, control = Quantity(60, "percent"), Quantity(30, "percent")
    service = made(1000, 0.5)
    nets = [net_extra(service, rate_effect(treated, control, s), s).value for s in SCALES]
    # odds ratio (0.6 / 0.4) / (0.3 / 0.7) = 3.5; odds 1 / 3.5 = 2 / 7; rate 2 / 9
    assert nets == pytest.approx([300, 250, 1000 * (1 / 2 - 2 / 9)])
    assert net_extra_as_it_stands(service, control).value == pytest.approx(200)


def test_norwegian_effect_carried_to_2024_25(evidence: Evidence) -> None:
    service, trial = service_year(evidence), trial_contrast(evidence, "pmhc_6m")
    by_difference = net_extra(service, trial.risk_difference, "risk_difference")
    assert by_difference.value == pytest.approx(635_185 * 0.266)
    by_ratio = net_extra(service, trial.risk_ratio, "risk_ratio")
    assert by_ratio.value == pytest.approx(301_815 * (1 - 31.9 / 58.5))
    assert limits(by_ratio)[0] < by_ratio.value < limits(by_ratio)[1]


def test_a_comparator_below_zero_is_refused(evidence: Evidence) -> None:
    """Of those who started 25.2 percent recovered reliably: less than 26.6 points."""
    started = service_year(evidence, base="first_treatment")
    effect = trial_contrast(evidence, "pmhc_6m").risk_difference
    for refused in (net_extra, comparator_rate):
        with pytest.raises(ValueError, match=r"imply -0\.014 in the other arm"):
            refused(started, effect, "risk_difference")


def test_limits_stop_where_the_comparator_would_be_negative() -> None:
    effect = Quantity(20, "percentage points", Interval("sampling", 5, 60, 0.95))
    found = net_extra(made(1000, 0.5), effect, "risk_difference")
    assert limits(found) == pytest.approx((50, 500))


def test_limits_stop_where_the_comparator_would_exceed_everyone() -> None:
    # half of a thousand: at worst all of them recover without the service, 500 more
    points = Quantity(20, "percentage points", Interval("sampling", -70, 30, 0.95))
    assert limits(net_extra(made(1000, 0.5), points, "risk_difference")) == (-500, 300)
    ratio = Quantity(1.2, "ratio", Interval("sampling", 0.3, 2, 0.95))
    assert limits(net_extra(made(1000, 0.5), ratio, "risk_ratio")) == (-500, 250)
    # an odds ratio always leaves a rate: odds of 1 over 0.25 are 4 in 5, over 4 they are 1 in 5
    odds = Quantity(2, "odds ratio", Interval("sampling", 0.25, 4, 0.95))
    found = net_extra(made(1000, 0.5), odds, "odds_ratio")
    assert limits(found) == pytest.approx((-300, 300))
    assert (found.interval.kind, found.interval.level) == ("model", 0.95)


@given(st.floats(0.05, 0.95), st.floats(1, 99), st.floats(1, 99))
def test_on_the_ratio_scale_the_number_of_people_cancels_out(
    rate: float, treated: float, control: float
) -> None:
    effect = rate_effect(Quantity(treated, "percent"), Quantity(control, "percent"), "risk_ratio")
    if rate * control / treated > 1:
        return
    narrow, wide = made(1000, rate), made(2000, rate / 2)
    assert net_extra(narrow, effect, "risk_ratio").value == pytest.approx(
        net_extra(wide, effect, "risk_ratio").value, abs=1e-6
    )


@given(st.floats(0.05, 0.95), st.floats(1, 99), st.floats(1, 99))
def test_odds_ratios_always_imply_a_rate(rate: float, treated: float, control: float) -> None:
    effect = rate_effect(Quantity(treated, "percent"), Quantity(control, "percent"), "odds_ratio")
    implied = comparator_rate(made(1000, rate), effect, "odds_ratio").value / 100
    assert 0 < implied < 1
    odds = rate / (1 - rate) / (implied / (1 - implied))
    assert math.log(odds) == pytest.approx(math.log(effect.value), abs=1e-6)


def test_lineage_of_the_shared_room(evidence: Evidence) -> None:
    def compute(on: Evidence) -> dict[str, Quantity]:
        found = {}
        for name in TRIALS:
            trial = trial_contrast(on, name)
            for scale in SCALES:
                found[f"{name}_{scale}"] = trial.effect(scale)
                found[f"{name}_{scale}_net"] = net_extra(
                    service_year(on), trial.effect(scale), scale
                )
        return found | {"missing": missing_outcomes(on, "reeact_12m").bounded}

    assert lineage_problems(compute, evidence) == []
