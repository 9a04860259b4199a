"""The counterfactual sections: what is published, and that the pictures say what is computed."""

import json
from collections.abc import Callable, Mapping

import pytest
import vl_convert
from statsmodels.stats.proportion import proportion_confint

from analysis.charts import Chart
from analysis.comparators import STANDS, comparators
from analysis.counterfactual import service_year
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.recovery import (
    counterfactual,
    net_explorer,
    net_variants,
    transport,
    trials,
    usual_care,
)
from analysis.tables import Table

SECTIONS: list[Callable[[Evidence], Mapping[str, object]]] = [
    trials.norway,
    trials.england,
    trials.contrasts,
    trials.differences,
    trials.pilot,
    usual_care.comparators,
    usual_care.remission,
    counterfactual.band,
    net_variants.by_base,
    net_variants.low_intensity_scenario,
    net_explorer.explorer,
    transport.assumptions,
]


# --- trials ---------------------------------------------------------------------------------


def test_shares_and_number_needed_follow_from_the_printed_rates(evidence: Evidence) -> None:
    found = trials.norway(evidence)
    assert found["trial_usual_share"].value == pytest.approx(100 * 31.9 / 58.5)
    assert found["trial_needed"].value == pytest.approx(100 / 26.6)


def test_title_of_the_differences_is_true(evidence: Evidence) -> None:
    """It says that every interval of REEACT includes no difference; the Norwegian ones do not."""
    table = trials.contrasts(evidence)["trial_contrasts"].frame
    for _, row in table.iterrows():
        low, high = row["Difference"].interval.limits
        assert (low <= 0 <= high) == row["Trial and time"].startswith("REEACT")


def test_alternative_text_of_the_bounds_is_true(evidence: Evidence) -> None:
    """It says that each band of missing outcomes crosses no difference."""
    frame = trials.differences(evidence)["trial_differences"].table.frame
    known = frame[[isinstance(cell, Quantity) for cell in frame["Worst case for treatment"]]]
    assert len(known) == 4
    for _, row in known.iterrows():
        assert row["Worst case for treatment"].value < 0 < row["Best case for treatment"].value


def test_pilot_has_words_and_costs_and_no_effect(evidence: Evidence) -> None:
    table = trials.pilot(evidence)["trial_pilot"]
    assert len(table.frame) == 5
    assert set(table.frame["Result"]) == {"no difference", "favours treatment"}
    assert set(table.frame["Grade"]) == {"primary", "secondary"}
    assert trials.pilot(evidence)["trial_pilot_recovery_cost"].value == 9440


# --- without the programme ------------------------------------------------------------------


def test_only_the_arms_of_one_trial_are_matched(evidence: Evidence) -> None:
    found = comparators(evidence, service_year(evidence))
    assert [item.matched for item in found] == [True, True, False, False]
    assert all(item.in_band for item in found)
    # people of other studies are set against the treated at six months: 58.5 percent
    assert [item.treated.value for item in found] == [58.5, 59.4, 58.5, 58.5]


def test_a_share_from_counts_has_limits_and_a_printed_one_only_the_printed(
    evidence: Evidence,
) -> None:
    """Wilson limits of 15 in 76 from statsmodels."""
    counted = usual_care.outcome_share(evidence, "posternak_waiting_list")
    assert counted.value == pytest.approx(100 * 15 / 76)
    low, high = proportion_confint(15, 76, method="wilson")
    assert counted.interval.limits == pytest.approx((100 * low, 100 * high))
    assert usual_care.outcome_share(evidence, "mekonen_waiting_list").interval.limits == (7.8, 18.0)
    bare = usual_care.outcome_share(evidence, "whiteford_untreated_3m")
    assert bare.interval.kind == "unstated"


def test_every_comparator_is_shown_once_and_no_treated_arm(evidence: Evidence) -> None:
    chart = usual_care.remission(evidence)["usual_remission"]
    frame = evidence.table("controlled_outcomes")
    wanted = frame["arm_type"].isin(["untreated", "waiting_list", "usual_care", "control"])
    repeats = frame.index.str.endswith("_critic_reading")
    assert chart.table.rows == evidence.rows("controlled_outcomes", frame.index[wanted & ~repeats])
    assert len(chart.table.frame) == int((wanted & ~repeats).sum())


# --- net extra recoveries -------------------------------------------------------------------


def test_the_matched_band_lies_within_the_whole_band(evidence: Evidence) -> None:
    found = counterfactual.band(evidence)
    ends = [
        found[f"net_{name}"].value
        for name in ("band_low", "matched_low", "matched_high", "band_high")
    ]
    assert ends == sorted(ends)
    # 635,185 x 0.266 = 168,959 and 301,815 - 635,185 x 0.366 = 69,337, to the thousand
    assert found["net_difference"].value == 169_000
    assert found["net_stands_later"].value == 69_000
    assert found["net_matched_high_share"].value == pytest.approx(100 * 168_959.2 / 301_815)


def test_worst_case_of_the_trial_is_a_loss(evidence: Evidence) -> None:
    """635,185 x (0.42705 - 0.54373) = -74,113."""
    assert counterfactual.band(evidence)["net_worst"].value == -74_000


def test_combinations_with_a_negative_comparator_are_printed_as_refused(
    evidence: Evidence,
) -> None:
    table = counterfactual.band(evidence)["net_table"].frame
    lower = table[table["Comparator"].str.endswith("lower limit")].iloc[0]
    # 47.5 - (58.5 - 7.8) is below zero; 47.5 x 7.8 / 58.5 is not
    assert lower["Difference"] == counterfactual.REFUSED
    assert lower["Ratio"].value > 0
    bases = net_variants.by_base(evidence)["net_bases"].frame
    assert [isinstance(cell, Quantity) for cell in bases["Difference"]] == [True, False, False]
    assert bases["Ratio"].map(lambda cell: cell.value).nunique() == 1


def test_scenario_from_reeact_has_the_sign_of_the_trial(evidence: Evidence) -> None:
    """321,061 of 635,185 recovered; 175/347 - 101/179 = -0.059923 of them is -38,062."""
    found = net_variants.low_intensity_scenario(evidence)
    assert found["net_scenario_first"].value == -38_000
    assert found["net_scenario_rate"].value == pytest.approx(100 * 321_061 / 635_185)


def test_every_supposition_says_which_way_it_pushes(evidence: Evidence) -> None:
    table = transport.assumptions(evidence)["net_assumptions"]
    pushes = {transport.MORE, transport.LESS, transport.EITHER}
    assert set(table.frame["then there are"]) == pushes
    assert isinstance(table, Table)


# --- the explorer in the page ---------------------------------------------------------------


def drawn(chart: Chart, rate: float, way: str) -> str:
    """The picture after a reader has moved the slider and set the switch."""
    text = json.dumps(chart.specification("wide"))
    spec = json.loads(text)
    values = {"comparator_rate": rate, "carried_as": way}
    for param in spec["params"]:
        param["value"] = values[param["name"]]
    return vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])


def test_the_page_computes_what_the_module_computes(evidence: Evidence) -> None:
    chart = net_explorer.explorer(evidence)["net_explorer"]
    assert chart.interactive
    for item in counterfactual.comparisons(evidence):
        if not item.in_band or item.treated.value != pytest.approx(58.5):
            continue
        picture = drawn(chart, item.comparator.value, "Ratio")
        for scale, way in counterfactual.LABELS.items():
            number = counterfactual.thousands(item.net[scale]).number()
            assert f"{way}: {number}" in picture
        stands = counterfactual.thousands(item.net[STANDS]).number()
        assert f"{STANDS}: {stands}" in picture


def test_the_page_refuses_a_comparator_below_zero(evidence: Evidence) -> None:
    chart = net_explorer.explorer(evidence)["net_explorer"]
    assert "Difference: refused, negative" in drawn(chart, 7.8, "Difference")
    assert "refused" not in drawn(chart, 12.5, "Difference")


def test_the_first_picture_is_that_of_the_trial(evidence: Evidence) -> None:
    spec = net_explorer.explorer(evidence)["net_explorer"].specification("narrow")
    values = {param["name"]: param["value"] for param in spec["params"]}
    assert values == {"comparator_rate": 31.9, "carried_as": "Difference"}
