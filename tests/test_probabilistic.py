"""Probabilistic analysis: laws against scipy, value of information against closed forms."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.distributions import FAMILIES, Distribution
from analysis.probabilistic import (
    BAND_LIMITS,
    Probability,
    acceptability,
    band,
    evpi,
    evppi,
    generator,
    one_way,
    simulate,
    two_way,
)

LAWS = {
    "uniform": Distribution("uniform", 3.0, 1.0, 4.0),
    "triangular": Distribution("triangular", 3.0, 1.0, 4.0),
    "normal": Distribution("normal", 3.0, 1.0, 5.0),
    "beta": Distribution("beta", 0.3, 0.1, 0.5),
    "gamma": Distribution("gamma", 3.0, 1.0, 7.0),
    "lognormal": Distribution("lognormal", 2.0, 1.0, 5.0),
}


def unit_normal_loss(d: float) -> float:
    """φ(d) − d(1 − Φ(d))."""
    return stats.norm.pdf(d) - d * stats.norm.sf(d)


def linear(inputs):
    """A net benefit that is linear in two inputs."""
    return {"net": inputs["a"] + 2 * inputs["b"] - inputs["cost"]}


INPUTS = {
    "a": Distribution("normal", 1.0, 1.0 - 1.959963984540054, 1.0 + 1.959963984540054),
    "b": Distribution("normal", 0.0, -1.959963984540054, 1.959963984540054),
    "cost": Distribution.fixed(1.5),
}


def test_every_random_family_is_tested() -> None:
    assert {"fixed", *LAWS} == set(FAMILIES)


@pytest.mark.parametrize("name", LAWS)
def test_draws_follow_the_law_that_quantiles_come_from(name: str) -> None:
    law = LAWS[name]
    drawn = law.draw(generator(7, name), 100_000)
    assert stats.kstest(drawn, law.law.cdf).statistic < 0.006  # 1.63/√n is 0.005 at 1%
    assert law.mean == pytest.approx(integrate.quad(
        lambda x: x * law.law.pdf(x), *law.law.support())[0])  # fmt: skip


def test_moments_and_limits_are_those_documented() -> None:
    """A normal with 95% limits 2·1.96 apart has unit spread; beta and gamma share its moments."""
    for family, value in (("normal", 3.0), ("gamma", 3.0), ("beta", 0.3)):
        low, high = value - 0.1 * 1.959964, value + 0.1 * 1.959964
        law = Distribution(family, value, low, high)
        assert law.law.mean() == pytest.approx(value)
        assert law.law.std() == pytest.approx(0.1, rel=1e-6)
    wide = Distribution("beta", 0.5, 0.5 - 0.3 * 1.959964, 0.5 + 0.3 * 1.959964)
    assert wide.law.std() == pytest.approx(0.3, rel=1e-6)
    log = Distribution("lognormal", 4.0, 2.0, 8.0)
    assert [log.quantile(p) for p in (0.025, 0.5, 0.975)] == pytest.approx([2, 4, 8])
    assert LAWS["triangular"].mean == pytest.approx((1 + 3 + 4) / 3)
    assert Distribution.fixed(2.5).mean == Distribution.fixed(2.5).quantile(0.1) == 2.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cauchy", 1, 0, 2), "is not one of"),
        (("normal", 3, 0, 2), "must hold the estimate"),
        (("normal", math.nan, 0, 2), "finite"),
        (("uniform", 1, 1, 1), "use fixed"),
        (("gamma", 1, 0, 2), "positive"),
        (("beta", 0.5, -2, 3), "no beta"),
    ],
)
def test_impossible_distributions_are_refused(arguments, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Distribution(*arguments)


def test_results_do_not_depend_on_chunks_or_on_other_inputs() -> None:
    whole = simulate(linear, INPUTS, seed=5, draws=1000, keep=("a",))
    parts = simulate(linear, INPUTS, seed=5, draws=1000, keep=("a",), chunk=97)
    assert (whole["net"] == parts["net"]).all()
    fewer = simulate(linear, {**INPUTS, "b": Distribution.fixed(0.0)}, 5, 1000, keep=("a",))
    assert (fewer["a"] == whole["a"]).all()
    assert (simulate(linear, INPUTS, seed=6, draws=1000)["net"] != whole["net"]).all()


def test_an_input_cannot_take_the_place_of_a_result() -> None:
    with pytest.raises(ValueError, match="share the names"):
        simulate(lambda inputs: {"a": inputs["a"]}, INPUTS, seed=1, draws=10, keep=("a",))


def test_a_probability_is_right_within_its_monte_carlo_error() -> None:
    """a + 2b − 1.5 is normal with mean −0.5 and variance 5."""
    net = simulate(linear, INPUTS, seed=1, draws=200_000)["net"]
    found = Probability.of(net > 0)
    exact = stats.norm.sf(0.5 / math.sqrt(5))
    assert found.error == pytest.approx(math.sqrt(exact * (1 - exact) / 200_000), rel=0.01)
    assert abs(found.value - exact) < 3 * found.error


def test_bands_meet_and_say_when_error_does_not_tell_them_apart() -> None:
    assert band(0) == band(0.0499) != band(0.05)
    assert band(1) == band(0.95) == "above 19 in 20"
    assert len({band(p) for p in np.linspace(0, 1, 101)}) == len(BAND_LIMITS) + 1
    assert Probability(0.5, 100).band == "between 1 in 5 and 4 in 5"
    assert Probability(0.2, 100).band.startswith("from between 1 in 20 and 1 in 5 to")
    with pytest.raises(ValueError, match="between 0 and 1"):
        band(1.2)


def test_perfect_information_for_a_normal_net_benefit() -> None:
    """σ·L(|μ|/σ) with the unit normal loss L (Raiffa and Schlaifer)."""
    net = simulate(linear, INPUTS, seed=2, draws=200_000)["net"]
    options = np.column_stack([np.zeros_like(net), net])
    sigma = math.sqrt(5)
    assert evpi(options) == pytest.approx(sigma * unit_normal_loss(0.5 / sigma), abs=0.01)


def test_perfect_information_in_a_published_table() -> None:
    """Ten draws of warfarin and a device: 446,688.00 less 443,750.50 dollars, as printed.

    PMC4323782 (2014), Table 1, net benefits at 100,000 dollars a QALY.
    """
    warfarin = [438601.60, 437745.50, 433453.80, 435035.00, 437617.40, 435430.20, 434030.50,
                433893.70, 435033.60, 437555.70]  # fmt: skip
    device = [419543.20, 463363.40, 467280.00, 440207.70, 449992.30, 445595.70, 424200.50,
              435406.70, 434547.60, 457368.10]  # fmt: skip
    assert evpi(np.column_stack([warfarin, device])) == pytest.approx(2937.40, abs=0.1)


@pytest.mark.parametrize(("name", "slope"), [("a", 1.0), ("b", 2.0)])
def test_partial_information_in_a_linear_normal_case(name: str, slope: float) -> None:
    """E[net | input] is normal with mean −0.5 and the spread of slope·input."""
    found = simulate(linear, INPUTS, seed=3, draws=200_000, keep=(name,))
    options = np.column_stack([np.zeros_like(found["net"]), found["net"]])
    exact = slope * unit_normal_loss(0.5 / slope)
    assert evppi(found[name], options) == pytest.approx(exact, abs=0.01)


def test_partial_information_of_a_bent_relation_and_three_options() -> None:
    """Nets 0, x² − 1 + e and x + e′: E max(0, x² − 1, x) for a standard normal x, by quadrature."""
    rng = np.random.default_rng(4)
    x, noise = rng.standard_normal(200_000), rng.standard_normal((2, 200_000))
    options = np.column_stack([np.zeros_like(x), x**2 - 1 + noise[0], x + noise[1]])
    known = integrate.quad(
        lambda t: max(0, t * t - 1, t) * stats.norm.pdf(t), -9, 9, limit=200,
        points=[-1, 0, (1 + math.sqrt(5)) / 2],
    )[0]  # fmt: skip
    assert evppi(x, options) == pytest.approx(known, abs=0.015)
    assert evppi(x, options) < evpi(options)


def test_an_input_that_does_not_vary_or_matter_has_no_value() -> None:
    net = np.column_stack([np.zeros(1000), np.full(1000, 5.0)])
    assert evppi(np.full(1000, 2.0), net) == 0.0
    assert evppi(np.arange(1000.0), net) == 0.0
    months = np.repeat([1.0, 2.0], 500)
    two = np.column_stack([np.zeros(1000), np.where(months == 1, -4.0, 4.0)])
    assert evppi(months, two) == pytest.approx(2.0)  # an input of two values: E max is 2


def test_acceptability_against_a_loop() -> None:
    rng = np.random.default_rng(8)
    effects, costs = rng.normal([0, 1, 2], 1, (500, 3)), rng.normal([0, 10, 30], 5, (500, 3))
    values = [0.0, 10.0, 40.0]
    found = acceptability(effects, costs, values)
    for row, value in zip(found, values, strict=True):
        best = [max(range(3), key=lambda j, i=i: value * effects[i, j] - costs[i, j])
                for i in range(500)]  # fmt: skip
        assert row == pytest.approx([best.count(j) / 500 for j in range(3)])
    assert found.sum(axis=1) == pytest.approx(np.ones(3))


def test_one_way_swings_by_hand_in_order_of_size() -> None:
    """Ends at ±1.96 with the other at its mean: b swings by 2·3.92, a by 3.92."""
    swings = one_way(linear, INPUTS, "net")
    assert list(swings) == ["b", "a"]
    assert swings["a"] == pytest.approx((-0.5 - 1.95996, -0.5 + 1.95996), abs=1e-4)
    assert swings["b"] == pytest.approx((-0.5 - 3.91993, -0.5 + 3.91993), abs=1e-4)


def test_a_two_way_grid_has_the_first_input_along_the_rows() -> None:
    base = {"a": 0.0, "b": 0.0, "cost": 1.0}
    grid = two_way(linear, base, "net", {"a": [0, 1], "b": [0, 10, 20]})
    assert grid.tolist() == [[-1, 19, 39], [0, 20, 40]]
    with pytest.raises(ValueError, match="two inputs"):
        two_way(linear, base, "net", {"a": [0]})
