"""Bunching: what is printed at each size, the smooth null, and a test with the right size."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from analysis import bunching, printed_rates, smooth_null
from analysis.bunching import Finding, contrast, cuts_around, findings, null_band, upper_p
from analysis.printed_rates import (
    Window,
    exact_law,
    expected_by_unit,
    least_counts,
    mixing,
    printed_percent,
    rebuilt_tenths,
    rounded_count,
)
from analysis.smooth_null import (
    Sample,
    counts_of,
    fit_latent,
    fit_law,
    knots_of,
    persistence,
    simulate_counts,
)

WINDOW = Window.around(50)


def made(
    rng: np.random.Generator,
    units: int = 60,
    times: int = 10,
    kept: float = 0.4,
    moved: float = 0.0,
    spread: float = 0.17,
) -> Sample:
    """Units with a level of their own; some of those printed just below 50 moved to 50."""
    level = rng.normal(0.04, spread * kept**0.5, units)
    latent = expit(level[:, None] + rng.normal(0, spread * (1 - kept) ** 0.5, (units, times)))
    usual = rng.choice([40, 90, 150, 220, 300, 450, 800], units)
    size = np.maximum(rng.poisson(usual[:, None] * np.ones(times)), 5)
    percent = printed_percent(rng.binomial(size, latent), size)
    just_below = (percent == 48) | (percent == 49)
    percent = np.where(just_below & (rng.random(percent.shape) < moved), 50, percent)
    unit, period = np.repeat(np.arange(units), times), np.zeros(units * times, dtype=int)
    return Sample(unit, np.maximum(rounded_count(size).ravel(), 1), period, percent.ravel())


# What is printed


def test_the_least_count_is_the_first_that_prints_the_percent() -> None:
    for n in (1, 7, 40, 99, 200, 333):
        printed = printed_percent(np.arange(n + 1), n)
        for percent in range(101):
            reached = np.flatnonzero(printed >= percent)
            least = least_counts(percent, n)
            assert least == (reached[0] if len(reached) else n + 1)


@pytest.mark.parametrize("n", [1, 12, 37, 200, 600])
def test_the_law_of_printing_is_the_binomial_summed_over_counts(n: int) -> None:
    k = np.arange(n + 1)
    printed = printed_percent(k, n)
    for place in (0, 70, 140):
        mass = stats.binom.pmf(k, n, WINDOW.latent[place])
        by_hand = [mass[printed == percent].sum() for percent in WINDOW.percents]
        assert exact_law(WINDOW)[n, :, place] == pytest.approx(by_hand, abs=1e-12)


def test_small_sizes_print_one_in_two_more_often() -> None:
    """Of sizes 8 to 12 the even ones print 50; 49 and 51 need a size of at least 33."""
    law = mixing([10], WINDOW)[:, 70]
    assert law[WINDOW.position(50)] > 0.1
    assert law[WINDOW.position(49)] == law[WINDOW.position(51)] == 0


@pytest.mark.parametrize(("n", "latent"), [(750, 0.51), (1203, 0.31), (4000, 0.51), (4000, 0.7)])
def test_large_sizes_agree_with_the_binomial(n: int, latent: float) -> None:
    """Within a hundredth of the peak: sizes are grouped, and the normal stands for the binomial."""
    k = np.arange(n + 1)
    density = np.isclose(WINDOW.latent, latent).astype(float)
    sizes = np.maximum(n + printed_rates.OFFSETS, 1)
    by_hand = np.zeros(len(WINDOW.percents))
    for size in sizes:
        mass = stats.binom.pmf(k, size, latent)
        by_hand += [
            mass[printed_percent(k, size) == percent].sum() / 5 for percent in WINDOW.percents
        ]
    found = expected_by_unit([n], density, WINDOW)[0]
    assert found == pytest.approx(by_hand, abs=0.015 * by_hand.max())


def test_rebuilt_rates_by_hand() -> None:
    """Counts 102, 215, 14 print 100, 215, 15: 100/200. 103, 214, 13 print 105, 215, 15: 52.5."""
    assert rebuilt_tenths([102, 103], [215, 214], [14, 13]).tolist() == [500, 525]
    assert rebuilt_tenths([3], [4], [4]).tolist() == [-1]


def test_mixing_is_the_sum_of_its_units() -> None:
    density = np.exp(-0.5 * ((WINDOW.latent - 0.5) / 0.05) ** 2)
    density /= density.sum()
    sizes = [30, 30, 250, 2000]
    assert expected_by_unit(sizes, density, WINDOW).sum(axis=0) == pytest.approx(
        mixing(sizes, WINDOW) @ density
    )
    weighted = mixing([30, 250, 2000], WINDOW, [2, 1, 1])
    assert weighted == pytest.approx(mixing(sizes, WINDOW))


def test_a_window_must_fit_into_the_percents() -> None:
    with pytest.raises(ValueError, match="within 1 to 99"):
        Window.around(15)
    with pytest.raises(ValueError, match="lies outside"):
        contrast(WINDOW, 69, 3, "step")


# The smooth null


def known(sizes: np.ndarray, total: float = 5000.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mixing matrix, knots, and the counts expected under a smooth density in the model."""
    mix, knots = mixing(sizes, WINDOW), np.array([0.42, 0.46, 0.49, 0.52, 0.55, 0.59])
    density = np.exp(-0.5 * ((np.log(WINDOW.latent / (1 - WINDOW.latent)) - 0.04) / 0.17) ** 2)
    expected = mix @ density
    return mix, knots, expected * total / expected.sum()


def test_the_left_out_bin_is_predicted_from_the_others() -> None:
    mix, knots, expected = known(np.full(400, 250))
    bunched = expected.copy()
    bunched[WINDOW.position(50)] *= 2
    fit = fit_latent(bunched, mix, WINDOW, 50, knots)
    near = np.isin(WINDOW.percents, np.arange(44, 57))
    assert fit.expected[near] == pytest.approx(expected[near], rel=0.02)
    pulled = fit_latent(bunched, mix, WINDOW, None, knots)
    assert pulled.expected[WINDOW.position(50)] > 1.1 * expected[WINDOW.position(50)]


def test_the_residual_map_stands_for_refitting() -> None:
    """Change the counts a little, refit, and compare with the map, to first order."""
    mix, knots, expected = known(np.full(400, 250))
    fit = fit_latent(expected, mix, WINDOW, 50, knots)
    change = np.random.default_rng(3).normal(0, 0.02, len(expected)) * np.sqrt(expected)
    again = fit_latent(expected + change, mix, WINDOW, 50, knots, start=fit.alpha)
    moved = (expected + change - again.expected) - (expected - fit.expected)
    assert moved == pytest.approx(fit.residual @ change, abs=0.02)


def test_persistence_is_found_again() -> None:
    rng = np.random.default_rng(11)
    found = [persistence(made(rng, units=200, times=20, kept=kept)) for kept in (0.1, 0.5, 0.9)]
    assert found == pytest.approx([0.1, 0.5, 0.9], abs=0.09)


def test_simulated_counts_have_the_expected_mean_and_strata_add_up() -> None:
    rng = np.random.default_rng(5)
    sample = made(rng)
    law = fit_law(sample, WINDOW, 50)
    strata = sample.unit % 2
    drawn = simulate_counts(sample, law, WINDOW, strata, 400, np.random.default_rng(6))
    whole = drawn.sum(axis=1)
    fit = fit_latent(
        counts_of(sample.percent, WINDOW), mixing(sample.size, WINDOW), WINDOW, 50,
        knots_of(sample, WINDOW),
    )  # fmt: skip
    expected = fit.expected / fit.density.sum()
    error = whole.std(axis=0) / np.sqrt(400)
    assert (np.abs(whole.mean(axis=0) - expected) < 4.5 * error + 0.15).all()
    assert whole.sum(axis=1).max() <= len(sample)


def test_units_that_persist_make_simulated_counts_vary_more() -> None:
    sample = made(np.random.default_rng(8), units=30, times=40, kept=0.9)
    law = fit_law(sample, WINDOW, 50)
    loose = smooth_null.Law(law.periods, law.table, 0.0)
    strata = np.zeros(len(sample), dtype=int)
    tied, free = (
        simulate_counts(sample, item, WINDOW, strata, 300, np.random.default_rng(9))[:, 0]
        for item in (law, loose)
    )
    half = WINDOW.position(50)
    assert tied[:, half:].sum(axis=1).std() > 2 * free[:, half:].sum(axis=1).std()


# The test itself


def test_p_counts_draws_at_least_as_large() -> None:
    """Two of four draws reach 1: (1 + 2)/(1 + 4)."""
    assert upper_p(np.array([1.0]), np.array([[0.0], [1.0], [2.0], [-1.0]])) == pytest.approx(0.6)


def looked(sample: Sample, seed: int, draws: int = 99) -> list[Finding]:
    rng = np.random.default_rng(seed)
    law = fit_law(sample, WINDOW, 50)
    strata = np.zeros(len(sample), dtype=int)
    drawn = simulate_counts(sample, law, WINDOW, strata, draws, rng)[:, 0]
    return findings(sample, drawn, 50, WINDOW, rng, bandwidths=(2,), resamples=100)


def test_under_a_smooth_null_the_p_is_uniform() -> None:
    """Each statistic at the target; and of eleven cuts the target leads no more than its share."""
    trials = 60
    found = [looked(made(np.random.default_rng([1, i])), i) for i in range(trials)]
    for place in range(2):
        p = [item[place].p_target for item in found]
        assert stats.kstest(p, "uniform").pvalue > 0.02
        assert stats.binom.sf(sum(x <= 0.05 for x in p) - 1, trials, 0.05) > 0.01
        over_cuts = sum(item[place].p_cuts <= 0.05 for item in found)
        assert stats.binom.sf(over_cuts - 1, trials, 0.05) > 0.05
        leads = sum(item[place].rank == 1 for item in found)
        assert stats.binom.sf(leads - 1, trials, 1 / 11) > 0.01


def test_an_injected_bunch_is_found_at_the_target_and_not_far_from_it() -> None:
    found = [looked(made(np.random.default_rng([2, i]), moved=0.4), i)[0] for i in range(15)]
    assert np.mean([item.p_target <= 0.05 for item in found]) > 0.8
    assert np.mean([item.p_cuts <= 0.05 for item in found]) > 0.6
    assert np.mean([item.low > 0 for item in found]) > 0.8
    assert np.mean([item.p[[0, -1]].min() <= 0.025 for item in found]) < 0.25
    assert all(item.rank == 1 for item in found if item.p_cuts <= 0.05)


def test_a_narrow_peak_at_the_target_is_no_bunching() -> None:
    """Latent rates much closer together, so that binomial noise makes nearly all of the peak."""
    found = [looked(made(np.random.default_rng([3, i]), spread=0.06), i)[0] for i in range(24)]
    small = sum(item.p_target <= 0.05 for item in found)
    assert stats.binom.sf(small - 1, 24, 0.05) > 0.01


def test_extra_entries_are_observed_less_expected() -> None:
    sample = made(np.random.default_rng(4), moved=0.3)
    item = looked(sample, 4)[0]
    counts = counts_of(sample.percent, WINDOW)
    fit = fit_latent(
        counts, mixing(sample.size, WINDOW), WINDOW, 50, knots_of(sample, WINDOW)
    )  # fmt: skip
    here = WINDOW.position(50)
    around = [here - 2, here - 1, here + 1, here + 2]
    rest = counts - fit.expected
    assert item.extra == pytest.approx(rest[here] - rest[around].mean(), abs=0.01)
    assert item.low < item.extra < item.high
    assert item.relative[0] == pytest.approx(100 * item.extra / fit.expected[here], rel=1e-3)


def test_the_band_holds_most_of_a_smooth_sample() -> None:
    rng = np.random.default_rng(21)
    sample = made(rng)
    law = fit_law(sample, WINDOW, 50)
    strata = np.zeros(len(sample), dtype=int)
    drawn = simulate_counts(sample, law, WINDOW, strata, 300, rng)[:, 0]
    band = null_band(sample, drawn, 50, WINDOW)
    inside = (band.counts >= band.low - 0.5) & (band.counts <= band.high + 0.5)
    assert inside[np.isin(band.percents, np.arange(40, 61))].mean() > 0.8


def test_the_same_seed_gives_the_same_findings() -> None:
    sample = made(np.random.default_rng(2))
    one, two = looked(sample, 7), looked(sample, 7)
    assert [item.p_cuts for item in one] == [item.p_cuts for item in two]
    assert [item.low for item in one] == [item.low for item in two]


def test_placebo_cuts_lie_on_both_sides() -> None:
    assert cuts_around(50).tolist() == list(range(45, 56))
    assert printed_rates.Window.around(50).last - 50 > bunching.PLACEBO_REACH
