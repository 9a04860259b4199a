"""The cost offset model: a case by hand, accounts apart, bounds kept."""

import math

import numpy as np
import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st

from analysis.cost_offset import (
    explorer,
    horizons,
    information,
    intensity,
    options,
    threshold_figure,
    thresholds,
    uncertainty,
)
from analysis.cost_offset.accounts import ACCOUNTS, heights, model
from analysis.cost_offset.break_even import RANGES, Settings
from analysis.cost_offset.parameters import Parameters, parameters
from analysis.cost_offset.presets import presets
from analysis.cost_offset.scenarios import BASE, SCENARIOS
from analysis.cost_offset.summary import at_means, expected, spreads
from analysis.evidence import Evidence
from analysis.probabilistic import simulate
from analysis.quantity import Quantity

SMALL = 20_000
CASE = {
    "cost": 900.0, "share_unemployed": 20.0, "share_inactive": 10.0,
    "effect": 1.5, "effect_most": 1.5, "unemployed_most": 3.0, "value_unemployed": 1000.0,
    "value_inactive": 800.0, "value_employed": 400.0, "full_at": 1, "full_at_unemployed": 1,
    "until": 24, "kept": 0.0, "share_ltc": 25.0, "saving_ltc": 300.0, "saving_ltc_months": 6,
    "saving_rest": 12.0, "saving_rest_months": 12, "share_low": 50.0, "effect_low": 0.4,
    "effect_high": 0.2, "spread": 6.0, "utility": 0.01, "gain_months": 24, "output": 2000.0,
    "qaly_value": 20000.0, "qaly_society": 70000.0, "rate": 0.0, "rate_health": 0.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def given(evidence: Evidence) -> Parameters:
    return parameters(evidence)


def test_a_case_by_hand() -> None:
    """Cost 900. Work: 20% × 3 + 10% × 1.5 + the rest of 1.5 points = 0.6 + 0.15 + 0.75 points.

    Over 24 months 0.36 person-months; to the Exchequer (6 + 1.2 + 3) × 24 = 244.80. Care:
    0.25 × 300 / 3 × 6 = 150, and 0.75 × 12 = 9. QALYs: 0.3 × 6 × 0.01 × 2 years = 0.036.
    """
    found = {name: float(value) for name, value in model(CASE, 24).items()}
    assert found["cost"] == pytest.approx(900)
    assert found["person_months"] == pytest.approx(0.36)
    assert found["qalys"] == pytest.approx(0.036)
    assert found["net_exchequer"] == pytest.approx(244.80 - 900)
    assert found["net_nhs"] == pytest.approx(159 - 900)
    assert found["net_purse"] == pytest.approx(244.80 + 159 - 900)
    assert found["net_health"] == pytest.approx(159 + 720 - 900)
    assert found["net_society"] == pytest.approx(0.36 * 2000 + 159 + 2520 - 900)


def scalar(inputs: dict[str, float], horizon: int) -> dict[str, float]:
    """The model again, as a loop over months with plain numbers."""
    found = {"exchequer": 0.0, "nhs": 0.0, "output": 0.0, "qalys": 0.0, "society_qalys": 0.0}
    s_u, s_i = inputs["share_unemployed"] / 100, inputs["share_inactive"] / 100
    ratio = inputs["unemployed_most"] / inputs["effect_most"]
    e = inputs["effect"] / 100
    more = {
        "unemployed": s_u * e * ratio,
        "inactive": s_i * e,
        "employed": e * (1 - s_i - s_u * ratio),
    }
    ill = inputs["share_ltc"] / 100
    gain = (
        (
            inputs["share_low"] / 100 * inputs["effect_low"]
            + (1 - inputs["share_low"] / 100) * inputs["effect_high"]
        )
        * inputs["spread"]
        * inputs["utility"]
    )
    for k in range(1, horizon + 1):
        v = (1 + inputs["rate"] / 100) ** (-k / 12)
        for group, height in more.items():
            full = inputs["full_at_unemployed" if group == "unemployed" else "full_at"]
            if k <= inputs["until"]:
                there = min(1.0, k / full)
            else:
                there = min(1.0, inputs["until"] / full) * inputs["kept"] ** (
                    (k - inputs["until"]) / 12
                )
            found["exchequer"] += height * there * inputs[f"value_{group}"] * v
            found["output"] += height * there * inputs["output"] * v
        if k <= inputs["saving_ltc_months"]:
            found["nhs"] += ill * inputs["saving_ltc"] / 3 * v
        if k <= inputs["saving_rest_months"]:
            found["nhs"] += (1 - ill) * inputs["saving_rest"] / inputs["saving_rest_months"] * v
        if k <= inputs["gain_months"]:
            found["qalys"] += gain / 12 * v
            found["society_qalys"] += gain / 12 * (1 + inputs["rate_health"] / 100) ** (-k / 12)
    cost = inputs["cost"]
    return {
        "net_exchequer": found["exchequer"] - cost,
        "net_nhs": found["nhs"] - cost,
        "net_purse": found["exchequer"] + found["nhs"] - cost,
        "net_health": found["nhs"] + found["qalys"] * inputs["qaly_value"] - cost,
        "net_society": found["output"] + found["nhs"]
        + found["society_qalys"] * inputs["qaly_society"] - cost,
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given_that(
    st.integers(1, 130), st.integers(1, 100), st.integers(1, 60), st.sampled_from([0.0, 0.6, 1.0]),
    st.sampled_from([0.0, 3.5]), st.floats(-5, 12),
)  # fmt: skip
def test_the_model_is_the_loop_over_months(horizon, full_at, early, kept, rate, effect) -> None:
    case = {**CASE, "full_at": full_at, "full_at_unemployed": early, "kept": kept, "rate": rate,
            "rate_health": 1.5, "effect": effect}  # fmt: skip
    found, expects = model(case, horizon), scalar(case, horizon)
    for name, value in expects.items():
        assert float(found[name]) == pytest.approx(value, rel=1e-9, abs=1e-9), name


def test_transfers_are_not_counted_for_society() -> None:
    """Another value of benefits moves the Exchequer and the purse, and nothing else."""
    more = model({**CASE, "value_unemployed": 2000.0, "value_employed": 0.0}, 24)
    before = model(CASE, 24)
    moved = {name for name in ACCOUNTS if more[f"net_{name}"] != before[f"net_{name}"]}
    assert moved == {"exchequer", "purse"}


@given_that(st.floats(0, 50), st.floats(0, 40), st.floats(0, 5))
def test_groups_together_have_the_effect_on_all(unemployed, inactive, effect) -> None:
    case = {**CASE, "share_unemployed": unemployed, "share_inactive": inactive, "effect": effect}
    assert sum(heights(case).values()) == pytest.approx(effect / 100)


def test_no_scenario_but_the_integrated_exceeds_the_linked_study(given: Parameters) -> None:
    """1.5 points of everyone for 84 months are 1.26 person-months."""
    for name in set(SCENARIOS) - {"integrated"}:
        laws = SCENARIOS[name].inputs(given)
        drawn = simulate(lambda inputs: model(inputs, 84), laws, seed=1, draws=SMALL)
        assert drawn["person_months"].max() <= 0.015 * 84 + 1e-9
    assert expected(given, "maximum", 84)["person_months"] == pytest.approx(1.26)


def test_each_scenario_is_what_it_says(given: Parameters) -> None:
    means = {name: at_means(s.inputs(given), 84) for name, s in SCENARIOS.items()}
    assert means["care_only"]["person_months"] == means["trial_null"]["person_months"] == 0
    assert means["gradual"]["person_months"] < means["maximum"]["person_months"]
    assert means["bounded"]["person_months"] == pytest.approx(means["gradual"]["person_months"] / 2)
    assert SCENARIOS["integrated"].inputs(given)["share_ltc"].value == 100
    assert means["trial_null"]["net_nhs"] == pytest.approx(
        3 * 12 / 12 * np.mean([(1.035) ** (-k / 12) for k in range(1, 13)])
        - means["trial_null"]["cost"], abs=1
    )  # fmt: skip


def test_every_input_of_the_model_is_a_parameter_of_the_table(given: Parameters) -> None:
    assert set(BASE.values()) <= set(given.names)
    assert set(CASE) == set(BASE)


def test_thresholds_by_hand(evidence: Evidence, given: Parameters) -> None:
    """0.015 × 24 and × 84 months; gradually 0.015 × 42.5; the founders need 650/650."""
    found = thresholds.thresholds(evidence)
    values = {name: q.value for name, q in found.items() if isinstance(q, Quantity)}
    assert values["threshold_most_two_years"] == pytest.approx(0.36)
    assert values["threshold_most_evidence"] == pytest.approx(1.26)
    assert values["threshold_gradual_evidence"] == pytest.approx(0.6375)
    assert values["threshold_needed_founders"] == 1
    cost, value = values["threshold_cost"], values["threshold_value"]
    assert values["threshold_needed"] == pytest.approx(cost / value)
    assert values["threshold_value_needed"] == pytest.approx(cost / 1.26)
    assert values["threshold_effect_two_years"] == pytest.approx(100 * cost / value / 24)
    # the unemployed: 0.031 × 84, and gradually 0.031 × (24.5 + 36)
    assert values["threshold_most_unemployed"] == pytest.approx(2.604)
    assert values["threshold_gradual_unemployed"] == pytest.approx(0.031 * 60.5)
    assert values["threshold_needed_unemployed"] == pytest.approx(cost / 1018)
    # groups weighted by their part of the effect: 16.8% × 3.1, 6.9% × 1.5, the rest of 1.5 points
    parts = np.array([0.168 * 3.1, 0.069 * 1.5, 1.5 - 0.168 * 3.1 - 0.069 * 1.5])
    assert value == pytest.approx(parts @ [1018, 871, 393] / 1.5, abs=0.5)


def test_bounds_of_what_is_needed_go_with_what_follows_from_it(evidence: Evidence) -> None:
    """Months between 1,323 over the high value of a month and 1,625 over the low one."""
    found = thresholds.thresholds(evidence)
    needed, value = found["threshold_needed"], found["threshold_value"]
    low, high = 1323 / value.interval.high, 1625 / value.interval.low
    assert needed.interval.limits == pytest.approx((low, high))
    for name, over in (
        ("threshold_multiple", 1.26),
        ("threshold_effect_two_years", 0.24),
        ("threshold_effect_evidence", 0.84),
    ):
        assert found[name].interval.limits == pytest.approx((low / over, high / over)), name
    assert found["threshold_value_needed"].interval.limits == pytest.approx(
        (1323 / 1.26, 1625 / 1.26)
    )
    assert found["threshold_qalys_needed"].interval.limits == pytest.approx((0.06615, 0.08125))


def test_the_model_charges_the_expected_cost_that_it_names(
    evidence: Evidence, given: Parameters
) -> None:
    found = horizons.horizons(evidence)
    for name in SCENARIOS:
        assert expected(given, name, 84)["cost"] == pytest.approx(found["horizon_cost"].value)
    assert found["horizon_cost_less"].value == pytest.approx(1587 - found["horizon_cost"].value)


def test_titles_say_what_is_drawn(evidence: Evidence, given: Parameters) -> None:
    """Only integrated care is repaid; no input at its end brings break-even by itself."""
    assert all("“at maximum”" not in item.title and "“integrated”" in item.title
               for item in horizons.by_horizon(evidence).values())  # fmt: skip
    nets = {name: expected(given, name, 84)["net_purse"] for name in SCENARIOS}
    assert [name for name, net in nets.items() if net >= 0] == ["integrated"]
    title = uncertainty.tornado(evidence)["uncertainty_tornado"].title
    assert title.startswith("Exchequer and NHS, scenario “Linked study as a bound”")
    assert title.endswith("no input reaches break-even on its own")
    needed = thresholds.thresholds(evidence)["threshold_needed"]
    assert (
        needed.with_limits()
        in threshold_figure.needed_and_found(evidence)["thresholds_chart"].title
    )


def test_the_cost_that_is_repaid_is_repaid_to_the_pound(evidence: Evidence) -> None:
    """The first row of the grid nets nothing more when it is charged."""
    frame = uncertainty.cost_and_effect(evidence)["uncertainty_grid"].table.frame.set_index("Cost")
    for column in frame.columns:
        assert frame.loc["£500", column] == frame.loc[uncertainty.REPAID, column] - 500


def test_means_of_draws_are_near_the_results_at_the_means(given: Parameters) -> None:
    for name in SCENARIOS:
        centre = expected(given, name, 84)
        for account, spread in spreads(given, name, 84, seed=3, draws=SMALL).items():
            assert spread.low <= spread.mean <= spread.high
            room = 5 + 0.02 * abs(spread.high - spread.low)
            assert spread.mean == pytest.approx(centre[f"net_{account}"], abs=room)


def test_options_by_hand() -> None:
    """Effects 0.4, 0.3 and 0.2 × 6 points × 0.01 × 2 years; care of the case is 150 + 9."""
    case = {name: CASE[name] for name in options.INPUTS if name in CASE}
    found = options.options({**case, "price_as_now": 1000, "price_low": 600, "price_high": 2000})
    assert [float(found[f"qalys_{name}"]) for name in ("low", "as_now", "high")] == pytest.approx(
        [0.048, 0.036, 0.024]
    )
    assert [float(found[f"cost_{name}"]) for name in ("low", "as_now", "high")] == pytest.approx(
        [600 - 159, 1000 - 159, 2000 - 159]
    )


def test_keeping_the_service_is_the_account_of_the_nhs_with_qalys(given: Parameters) -> None:
    found = options.drawn(given, seed=5, draws=SMALL)
    net = options.net_benefits(found, 20_000, ("as_now",)).mean()
    assert net == pytest.approx(expected(given, "care_only", 84)["net_health"], abs=25)


def test_no_input_is_worth_more_than_all(given: Parameters) -> None:
    everything, each = information.worth(given, 20_000.0, seed=2, draws=SMALL)
    assert 0 <= max(each.values()) < everything
    assert "price_high" in each and "price_low" not in each


def test_presets_are_the_terms_that_were_stated(evidence: Evidence) -> None:
    found = {preset.name: preset.settings for preset in presets(evidence)}
    assert found["Founders, 2014"] == Settings(650, 4, 1, 25, 650, 0, 0)
    assert found["Critic, 2022, at £680"] == Settings(680, 0.25, 1, 12, 650, 0, 0)
    assert found["Founders, 2014"].payback() == 25
    assert found["Linked study, gradual"].effect == 1.5
    for setting in found.values():
        for name, allowed in RANGES.items():
            steps = (getattr(setting, name) - allowed.low) / allowed.step
            assert steps == pytest.approx(round(steps), abs=1e-6), name


@given_that(st.integers(1, 3000), st.integers(0, 300), st.integers(0, 120), st.integers(0, 1500))
def test_the_explorer_is_the_sum_over_months(cost, effect, lasts, value) -> None:
    cost = max(cost, 100)
    setting = Settings(cost, effect / 20, 12, lasts, value, 240, 3.5)
    back, month = 0.0, None
    for k in range(1, 121):
        there = min(1, k / 12) if k <= lasts else 0
        back += (effect / 20 / 100 * value * there + (20 if k <= 12 else 0)) * 1.035 ** (-k / 12)
        if month is None and back >= cost - 0.005:
            month = k
    assert setting.net(120) == math.floor(back - cost + 0.5)
    assert setting.payback() == month


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="cost is 50"):
        Settings(50, 4, 1, 25, 650, 0, 0)


def test_tables_and_charts_are_the_same_each_time(evidence: Evidence) -> None:
    charts = {
        **threshold_figure.needed_and_found(evidence),
        **horizons.by_horizon(evidence),
        **uncertainty.tornado(evidence),
        **uncertainty.cost_and_effect(evidence),
        **information.acceptable(evidence, draws=SMALL),
    }
    for chart in (*charts.values(), explorer.explorer(evidence)["explorer"]):
        for width in ("wide", "narrow"):
            assert chart.specification(width) == chart.specification(width)


def test_bands_and_errors_are_printed(evidence: Evidence) -> None:
    found = uncertainty.draws(evidence, number=SMALL)
    assert found["uncertainty_error"].value == pytest.approx(100 * 0.5 / math.sqrt(SMALL), rel=0.1)
    table = intensity.intensity(evidence, draws=SMALL)["intensity_table"]
    assert all("in" in text for text in table.frame["Probability that it beats usual care"])
