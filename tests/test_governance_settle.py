"""The study that would settle it: hand-worked sizes and costs, bounds, and the page's own sums."""

import itertools
import json
import math

import pytest
import vl_convert
from scipy.stats import norm

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance import (
    settle_audit,
    settle_calculator,
    settle_cost,
    settle_inputs,
    settle_trial,
)
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

SECTIONS = (
    settle_inputs.listed,
    settle_audit.size,
    settle_audit.agreement,
    settle_audit.limits_of_interviews,
    settle_cost.costs,
    settle_trial.design,
)
CHARTS = {
    "settle_costs_chart": settle_cost.costs,
    "settle_trial_chart": settle_trial.curve,
    "settle_calculator": settle_calculator.calculator,
}


def numbers(evidence: Evidence) -> dict[str, Quantity]:
    found = {}
    for section in SECTIONS:
        found |= section(evidence)
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


@pytest.fixture(scope="session")
def found(evidence: Evidence) -> dict[str, Quantity]:
    return numbers(evidence)


# --- audit ----------------------------------------------------------------------------------


def test_interviews_by_hand(found: dict[str, Quantity]) -> None:
    """p = 0.505, ± 0.03, 20 a provider of 136; V = (0.03/1.959964)², k of 136, n = 20k."""
    tau2 = (found["settle_between"].value / 100) ** 2
    variance = (0.03 / 1.959964) ** 2
    within = 0.505 * 0.495 - tau2
    clusters = (tau2 + within / 20) / (variance + tau2 / 136)
    assert found["settle_providers"].value == 136
    assert found["settle_interviews"].value == math.ceil(20 * clusters)
    assert found["settle_visited"].value == math.ceil(clusters)
    # 0.249975 / V = 1066.96, so 1067
    assert found["settle_simple"].value == 1067


def test_invitations_and_second_ratings_follow(found: dict[str, Quantity]) -> None:
    count = found["settle_interviews"].value
    assert found["settle_invited"].value == math.ceil(count / 0.48)
    assert found["settle_doubled"].value == math.ceil(count / 10)


def test_bounds_are_those_of_the_ranges(found: dict[str, Quantity]) -> None:
    """Every corner of spread (its limits) and interviews a provider (10 and 40), by hand."""
    variance = (0.03 / 1.959964) ** 2
    corners = []
    for spread, each in itertools.product(found["settle_between"].interval.limits, (10, 40)):
        tau2 = (spread / 100) ** 2
        clusters = (tau2 + (0.249975 - tau2) / each) / (variance + tau2 / 136)
        corners.append(math.ceil(each * clusters))
    limits = found["settle_interviews"].interval
    assert limits.kind == "bound"
    assert limits.limits == (min(corners), max(corners))


def test_few_interviews_tell_both_sides_apart(found: dict[str, Quantity]) -> None:
    # half of 50.5 − 10 is 20.25 points; 0.249975 · (1.959964 / 0.2025)² = 23.4 with no spread
    assert 24 <= found["settle_tell_apart"].value < 40


def test_what_people_who_stay_away_leave_open(found: dict[str, Quantity]) -> None:
    # 0.48 · 50.5 = 24.24; 24.24 + 52 = 76.24; half of 52 is 26
    assert found["settle_everyone"].interval.limits == pytest.approx((24.24, 76.24))
    assert found["settle_left_open"].value == pytest.approx(26)
    # 10 / 50.5 = 19.8 percent; (100 − 50.5) / 90 = 55 percent
    assert found["settle_needed_high"].value == pytest.approx(100 * 10 / 50.5)
    assert found["settle_needed_low"].value == pytest.approx(100 * 49.5 / 90)


def test_the_choice_of_interview_by_hand(found: dict[str, Quantity]) -> None:
    # odds of a diagnosis 49.5/50.5 · 1.46 = 1.43109; share 0.588661; less 0.495 is 9.366 points
    assert found["settle_kind"].value == pytest.approx(9.366, abs=0.001)
    low, high = found["settle_kind"].interval.limits
    odds = 49.5 / 50.5
    assert low == pytest.approx(100 * (odds * 1.11 / (1 + odds * 1.11) - 0.495))
    assert high == pytest.approx(100 * (odds * 1.92 / (1 + odds * 1.92) - 0.495))


def test_agreement_by_hand(found: dict[str, Quantity]) -> None:
    n, p = found["settle_interviews"].value, 0.505
    bracket = 0.42 * (1 - 1.16) + 0.58 * 1.42 / (2 * p * (1 - p))
    assert found["settle_kappa_within"].value == pytest.approx(
        1.959964 * math.sqrt(0.42 / n * bracket)
    )
    # 0.42 · 2 · 0.249975 disagree
    assert found["settle_paired"].value == pytest.approx(
        100 * 1.959964 * math.sqrt(0.84 * 0.249975 / n)
    )


# --- cost -----------------------------------------------------------------------------------


def test_cost_of_an_interview_by_hand(found: dict[str, Quantity]) -> None:
    # 90 · 1.1 + 90 = 189 minutes = 3.15 hours at 72, times 1.3, and 20
    assert found["settle_interview_cost"].value == pytest.approx(3.15 * 72 * 1.3 + 20)
    # 60 · 1.05 + 45 = 108 minutes at 60, times 1.1; 120 · 1.2 + 180 = 324 at 82, times 1.6, and 40
    assert found["settle_interview_cost"].interval.limits == pytest.approx(
        (1.8 * 60 * 1.1, 5.4 * 82 * 1.6 + 40)
    )


def test_cost_of_the_audit_is_interviews_and_a_team(found: dict[str, Quantity]) -> None:
    each, count = found["settle_interview_cost"].value, found["settle_interviews"].value
    team = 400 * 7.5 * 72 * 1.3 / 1e6  # 0.2808
    assert found["settle_team_cost"].value == pytest.approx(team)
    assert found["settle_audit_cost"].value == pytest.approx(team + each * count / 1e6)
    assert found["settle_leavers_cost"].value == pytest.approx(team + 2 * each * count / 1e6)
    assert found["settle_audit_share"].value == pytest.approx(
        100 * found["settle_audit_cost"].value / 861.038226
    )


def test_cost_bounds_hold_every_bound_beneath_them(found: dict[str, Quantity]) -> None:
    low, high = found["settle_audit_cost"].interval.limits
    least, most = found["settle_interviews"].interval.limits
    cheap, dear = found["settle_interview_cost"].interval.limits
    team = found["settle_team_cost"].interval.limits
    assert low == pytest.approx((least * cheap) / 1e6 + team[0])
    assert high == pytest.approx((most * dear) / 1e6 + team[1])


def test_the_earlier_look_in_prices_of_the_plan(
    found: dict[str, Quantity], evidence: Evidence
) -> None:
    levels = evidence.table("gdp_deflator", series="financial", preferred=True).set_index("year")
    ratio = levels.loc["2024-25", "value"] / levels.loc["2017-18", "value"]
    assert found["settle_earlier"].value == pytest.approx(74_000 * ratio)


# --- trial ----------------------------------------------------------------------------------


def by_hand(p0: float, p1: float, power: float) -> float:
    mean = (p0 + p1) / 2
    null = 1.959964 * math.sqrt(2 * mean * (1 - mean))
    return (null + norm.ppf(power) * math.sqrt(p0 * (1 - p0) + p1 * (1 - p1))) ** 2 / (p1 - p0) ** 2


def test_arms_by_hand(found: dict[str, Quantity]) -> None:
    assert found["settle_effect_norway"].value == pytest.approx(58.5 - 31.9)
    assert found["settle_effect_reviews"].value == pytest.approx(62 - 48)
    assert found["settle_arm_wanted"].value == math.ceil(by_hand(0.48, 0.55, 0.9))
    assert found["settle_arm_reviews"].value == math.ceil(by_hand(0.48, 0.62, 0.9))
    assert found["settle_arm_wanted"].interval.limits == (
        math.ceil(by_hand(0.48, 0.55, 0.8)),
        math.ceil(by_hand(0.48, 0.55, 0.95)),
    )


def test_loss_is_made_up_for_in_both_arms(found: dict[str, Quantity]) -> None:
    # the arm that keeps fewer, 67 percent, decides
    each = found["settle_arm_wanted"].value
    assert found["settle_randomised"].value == 2 * math.ceil(each / 0.67)


def test_cost_of_the_trial_by_hand(found: dict[str, Quantity]) -> None:
    asked = 2 * found["settle_randomised"].value * found["settle_interview_cost"].value
    assert found["settle_trial_cost"].value == pytest.approx((asked + 1200 * 7.5 * 72 * 1.3) / 1e6)


# --- lineage, steady pictures, and the page -------------------------------------------------


def test_every_bound_holds_its_figure(found: dict[str, Quantity]) -> None:
    for item in found.values():
        low, high = item.interval.limits or (item.value,) * 2
        assert low <= item.value <= high


def test_judged_inputs_are_all_listed(evidence: Evidence) -> None:
    judged = evidence.table("audit_design", basis="judged")
    table = settle_inputs.listed(evidence)["settle_inputs"].frame
    assert len(table) == len(judged)
    assert all(cell.interval.kind == "bound" for cell in table["Taken"])
    assert all((judged["low"] <= judged["value"]) & (judged["value"] <= judged["high"]))


def test_a_dearer_hour_makes_a_dearer_audit(evidence: Evidence, found: dict[str, Quantity]) -> None:
    frame = evidence.table("audit_design")
    frame.loc["interviewer_hour", ["value", "low", "high"]] *= 2
    dearer = settle_cost.costs(evidence.with_table("audit_design", frame))["settle_audit_cost"]
    assert dearer.value > 1.9 * found["settle_audit_cost"].value


def test_lineage(evidence: Evidence) -> None:
    """Counts of rows apart: rows drawn at random make rates that no sample could be planned for."""
    counts = set(settle_inputs.listed(evidence))

    def counted(moved: Evidence) -> dict[str, Quantity]:
        found = settle_inputs.listed(moved)
        return {name: item for name, item in found.items() if isinstance(item, Quantity)}

    def planned(moved: Evidence) -> dict[str, Quantity]:
        return {name: item for name, item in numbers(moved).items() if name not in counts}

    assert lineage_problems(counted, evidence) == []
    assert lineage_problems(planned, evidence) == []


@pytest.mark.parametrize("name", CHARTS)
def test_pictures_are_steady(evidence: Evidence, name: str) -> None:
    first, second = (CHARTS[name](evidence)[name] for _ in range(2))
    assert isinstance(first, Chart)
    for width in ("wide", "narrow"):
        assert first.specification(width) == second.specification(width)


def drawn(evidence: Evidence, **settings: float) -> str:
    spec = settle_calculator.calculator(evidence)["settle_calculator"].specification("wide")
    for param in spec["params"]:
        param["value"] = settings.get(param["name"], param.get("value"))
    return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version="6.4", allowed_base_urls=[])


@pytest.mark.parametrize(
    ("wanted", "taking", "spread", "interview"),
    [(3, 48, 5, 315), (1, 20, 9, 800), (10, 90, 0, 50), (1.5, 33, 6.3, 405)],
)
def test_the_page_computes_what_the_module_computes(
    evidence: Evidence, wanted: float, taking: float, spread: float, interview: float
) -> None:
    plan = settle_calculator.start(evidence)
    values = {
        "precision": wanted,
        "take_part": taking,
        "between": spread,
        "each_cost": interview,
    }
    reading = settle_calculator.read(settle_calculator.Plan(**{**vars(plan), **values}))
    svg = drawn(evidence, wanted=wanted, taking=taking, spread=spread, interview=interview)
    for line in (
        f"Interviews: {reading.interviews:,} at {reading.providers} providers",
        f"People to invite: {reading.invited:,}",
        f"Cost: £{reading.cost / 1e6:.2f} million",
        f"up to ± {reading.left_open:.1f} points",
    ):
        assert line in svg, line


def test_every_precision_of_the_slider_is_drawn() -> None:
    steps = (settle_calculator.COARSEST - settle_calculator.FINEST) / settle_calculator.STEP
    for number in range(int(steps) + 1):
        wanted = settle_calculator.FINEST + number * settle_calculator.STEP
        assert abs(settle_calculator.GRID - wanted).min() < 0.01
