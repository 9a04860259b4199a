"""Differences between areas, the commissioner's view and a local claim, against the rows."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance import (
    area_rates,
    commissioner,
    commissioner_shares,
    local_claim,
    variation_deprivation,
    variation_funnel,
    variation_persistence,
    variation_reliability,
    variation_spread,
)
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

SECTIONS = (
    variation_spread.facts,
    variation_spread.by_year,
    variation_funnel.funnel,
    lambda evidence: variation_persistence.rates_over_time(evidence, draws=50),
    variation_deprivation.between_areas,
    variation_deprivation.national,
    commissioner.view,
    commissioner.boards_table,
    commissioner.providers,
    local_claim.claim,
    local_claim.context,
)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_lineage_is_true(evidence):
    def quantities(changed: Evidence) -> dict[str, Quantity]:
        return {k: item for k, item in compute(changed).items() if isinstance(item, Quantity)}

    assert lineage_problems(quantities, evidence) == []


def test_charts_are_the_same_when_drawn_again(evidence, results):
    again = compute(evidence)
    charts = {name: item for name, item in results.items() if isinstance(item, Chart)}
    assert len(charts) == 5
    for name, chart in charts.items():
        for width in ("wide", "narrow"):
            one, other = (item.specification(width) for item in (chart, again[name]))
            assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


# Spread


def test_rebuilt_and_printed_rates_are_kept_apart(evidence, results):
    # Liverpool 2018-19: 2,485 of 5,300 is 46.887 percent; 47 is printed
    found = area_rates.areas(evidence, "ccg", "2018-19")
    row = list(found.frame.index).index("ccg_99a_2018_19")
    assert 100 * found.rates[row] == pytest.approx(46.8868, abs=1e-4)
    assert area_rates.printed(evidence, "ccg_99a_2018_19").value == 47
    # a rate from 49.5 prints as 50, so more units meet the standard as printed
    assert results["variation_met_first"].value > results["variation_met_rebuilt_first"].value


def test_dispersion_is_the_mean_square_of_the_distances(evidence, results):
    frame = pd.DataFrame(evidence.table("area_years", level="ccg", year="2018-19"))
    frame = frame.dropna(subset=["base"])
    p = frame["recovered"].sum() / frame["base"].sum()
    chi = (frame["recovered"] - p * frame["base"]) ** 2 / (frame["base"] * p * (1 - p))
    assert results["variation_phi_first"].value == pytest.approx(chi.mean())
    beyond = (frame["recovered"] / frame["base"] - p).abs() > 1.959964 * np.sqrt(
        p * (1 - p) / frame["base"]
    )
    assert results["variation_outside_binomial_first"].value == pytest.approx(100 * beyond.mean())


def test_the_funnel_places_every_area_once(results):
    frame = results["variation_funnel"].table.frame
    assert not frame.duplicated(["Area", "Kind and year"]).any()
    outer = frame["Against additive limits"] != "within"
    assert (frame["Against chance"][outer] == frame["Against additive limits"][outer]).all()


# Persistence


def test_correction_undoes_the_noise_that_was_added():
    generator = np.random.default_rng(8)
    true = generator.multivariate_normal([0.5, 0.5], 0.04**2 * np.array([[1, 0.7], [0.7, 1]]), 4000)
    noisy = true + generator.normal(0, 0.03, true.shape)
    errors = np.full(4000, 0.03**2)
    observed, reliability, corrected = variation_reliability.corrected_correlation(
        noisy[:, 0], noisy[:, 1], errors, errors
    )
    # reliability 16/(16 + 9), so 0.7 is seen as 0.448
    assert reliability[0] == pytest.approx(0.64, abs=0.02)
    assert observed[0] == pytest.approx(0.448, abs=0.03)
    assert corrected[0] == pytest.approx(0.7, abs=0.04)


def test_weights_that_count_every_unit_once_change_nothing():
    x, y = np.array([0.4, 0.5, 0.7, 0.6]), np.array([0.3, 0.6, 0.6, 0.5])
    e = np.full(4, 0.001)
    plain = variation_reliability.corrected_correlation(x, y, e, e)
    weighted = variation_reliability.corrected_correlation(x, y, e, e, np.ones((2, 4)))
    assert plain[0][0] == pytest.approx(np.corrcoef(x, y)[0, 1])
    for one, other in zip(plain, weighted, strict=True):
        assert other == pytest.approx([one[0]] * 2)


def test_an_error_as_large_as_the_spread_gives_no_corrected_correlation():
    x, e = np.array([0.4, 0.5, 0.6]), np.full(3, 1.0)
    assert np.isnan(variation_reliability.corrected_correlation(x, x, e, e)[2][0])


def test_persistence_pairs_units_by_their_code(evidence, results):
    table = evidence.table("area_years", level="icb", year=["2022-23", "2024-25"])
    rate = (table["recovered"] / table["base"]).groupby([table["code"], table["year"]]).first()
    wide = rate.unstack()
    panel = variation_reliability.panel(evidence, "icb", ["2022-23", "2024-25"])
    found = variation_reliability.persistence(panel, 1, draws=50)
    assert found.observed == pytest.approx(wide["2022-23"].corr(wide["2024-25"]))
    assert found.corrected.value > found.observed


# Deprivation


def test_deciles_run_from_least_to_most_deprived(evidence, results):
    # 2024-25: most deprived 29,753 of 71,614 − 2,054; least 28,257 of 54,475 − 4,211
    assert results["variation_decile_most"].value == pytest.approx(100 * 29_753 / 69_560)
    assert results["variation_decile_least"].value == pytest.approx(100 * 28_257 / 50_264)
    assert results["variation_slope_latest"].value < 0
    assert results["variation_relative_latest"].value < 1


def test_ecological_correlations_are_turned_alike(evidence, results):
    """Residents' decile counts from most deprived, patients' from least: both come out negative."""
    years = evidence.table("area_years", level="ccg", year="2018-19").set_index("code")
    index = evidence.table("area_deprivation", level="ccg").set_index("code")
    both = years.join(index["mean_decile"]).dropna(subset=["mean_decile", "base"])
    rate = both["recovered"] / both["base"]
    found = results["variation_ecological_residents_first"]
    assert found.value == pytest.approx(-rate.corr(both["mean_decile"]))
    # Fisher: tanh(atanh r ± 1.959964/√(n − 3))
    reach = 1.959964 / np.sqrt(len(both) - 3)
    assert found.interval.high == pytest.approx(np.tanh(np.arctanh(found.value) + reach))
    assert both["mean_decile"].corr(both["decile_mean"]) < -0.9


# The commissioner's view


def test_shares_of_a_board_by_hand(evidence):
    # Cheshire and Merseyside 2024-25: 30,360 of 86,295 referrals finished; 14,605 of 29,380
    row = "icb_qyg_2024_25"
    finished = commissioner_shares.of_unit(evidence, row, commissioner_shares.MEASURES["finished"])
    assert finished.value == pytest.approx(100 * 30_360 / 86_295)
    assert finished.interval.limits == pytest.approx(
        (100 * 30_357.5 / 86_297.5, 100 * 30_362.5 / 86_292.5)
    )
    own = commissioner_shares.of_unit(evidence, row, commissioner_shares.MEASURES["recovery"])
    # the base is a difference of two rounded counts: 5 either way
    assert own.interval.limits == pytest.approx((100 * 14_602.5 / 29_385, 100 * 14_607.5 / 29_375))


def test_no_share_mixes_refreshed_and_unrefreshed_counts():
    monthly = {"accessed", "ended", "ended_not_seen", "ended_treated_once", "ended_finished"}
    monthly |= {"paired_scores", "appointments", "missed"}
    every = [
        *commissioner_shares.MEASURES.values(),
        commissioner_shares.ONCE,
        commissioner_shares.NOT_SEEN,
    ]
    for measure in every:
        assert (measure.part in monthly) == (measure.whole in monthly)


def test_the_menu_offers_every_board_and_starts_with_the_largest(evidence, results):
    spec = results["commissioner_view"].specification("wide")
    menu = next(item for item in spec["params"] if item["name"] == "board")
    boards = evidence.table("area_pathway", level="icb", year="2024-25")
    assert menu["bind"]["options"] == sorted(boards["name"])
    assert menu["value"] == boards.loc[boards["finished"].idxmax(), "name"]
    data = commissioner.view_data(evidence)
    assert data.groupby("a").size().eq(len(commissioner_shares.MEASURES)).all()
    recovery = list(commissioner_shares.MEASURES).index("recovery")
    own = data[(data["a"] == "Cheshire and Merseyside") & (data["m"] == recovery)]
    assert own["v"].item() == pytest.approx(49.7)  # 14,605 of 29,380


def test_the_table_of_boards_can_be_narrowed_down(results):
    table = results["commissioner_table"]
    frame = table.frame.set_index("Integrated care board")
    assert set(table.filters) <= set(table.header)
    assert set(frame["Recovery standard"]) == {"met", "not met"}
    assert ((frame["Recovery, printed %"] >= 50) == (frame["Recovery standard"] == "met")).all()
    assert set(frame["Beside similar areas"]) <= {"below", "within", "above"}


def test_treated_once_is_a_share_of_endings(results):
    # England 2024-25, sums of months: 502,900 of 1,746,265
    assert results["commissioner_once_england"].value == pytest.approx(100 * 502_900 / 1_746_265)


# The local claim


def test_bounds_of_the_years_before_the_claim_by_hand(evidence, results):
    # Finished February to September 2019: 330, 420, 400, 665, 585, 730, 535, 670; printed 50, 29,
    # 39, 38, 45, 48, 53, 53. Four months unseen, at most 730 each.
    sizes = [330, 420, 400, 665, 585, 730, 535, 670]
    rates = [50, 29, 39, 38, 45, 48, 53, 53]
    seen = sum(n * (r + 0.5) for n, r in zip(sizes, rates, strict=True))
    expected = (seen + 100 * 4 * 730) / (sum(sizes) + 4 * 730)
    assert local_claim.possible_rates(evidence, "2019-09")[1] == pytest.approx(expected)
    assert results["local_possible"].value == pytest.approx(expected)
    assert results["local_possible"].value < results["local_claimed"].value


def test_monthly_rates_agree_with_the_counted_months(evidence):
    """The same months, counted by rate for another purpose, come from the same file."""
    counted = evidence.table("month_rates", level="ccg", code="99A")
    for rate, size in zip(
        local_claim.months(evidence)["value"], local_claim.months(evidence)["base"], strict=True
    ):
        own = counted[counted["rate_percent"] == rate]
        assert len(own)
        if own["months"].item() == 1:
            assert own["mean_size"].item() == size


def test_official_rates_of_the_two_tables_agree(evidence, results):
    for name, row in {
        "local_before": "liverpool_official_2018_19",
        "local_after": "liverpool_official_2019_20",
        "local_best_before": "highest_area_2018_19",
        "local_best_after": "highest_area_2019_20",
    }.items():
        assert results[name].value == evidence.quantity("local_claim", row).value


def test_reported_spending_by_hand(results):
    # 2.5 million on 8.1 million; 10.6 million over 7,585 finished and 3,350 recovered
    assert results["local_spend_rise_share"].value == pytest.approx(100 * 2.5 / 8.1)
    assert results["local_cost_per_course"].value == pytest.approx(10_600_000 / 7_585)
    assert results["local_cost_per_recovery"].value == pytest.approx(10_600_000 / 3_350)
