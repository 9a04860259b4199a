"""The multiverse of recovery: cells worked by hand, rules that cover the grid, nothing pooled."""

from __future__ import annotations

import json
from functools import cache
from typing import get_args

import numpy as np
import pytest
from scipy.stats import binom

from analysis.charts import Chart
from analysis.contrasts import Scale, implied_rate
from analysis.evidence import Evidence, load
from analysis.quantity import Quantity
from analysis.recovery.denominators import recovery_rates
from analysis.recovery.multiverse_curves import multiverse_curves
from analysis.recovery.multiverse_estimands import (
    all_points,
    answer,
    critic_reference,
    estimands,
    extreme,
    trial_difference,
)
from analysis.recovery.multiverse_explorer import multiverse_explorer
from analysis.recovery.multiverse_figures import multiverse_admissibility, multiverse_summary
from analysis.recovery.multiverse_grid import Multiverse, carried_net, service_multiverse
from analysis.recovery.multiverse_swings import multiverse_swings
from analysis.tables import Table
from analysis.trial_contrasts import trial_contrast
from tests.perturb import lineage_problems, perturbed

PUBLISH = (
    multiverse_summary,
    multiverse_admissibility,
    multiverse_curves,
    multiverse_explorer,
    multiverse_swings,
)
YEAR = {"year": "2018-19", "source": "annual"}


@cache
def evidence() -> Evidence:
    return load()


@cache
def service() -> Multiverse:
    return service_multiverse(evidence())


@cache
def published() -> dict[str, Quantity | Table | Chart]:
    return {name: item for make in PUBLISH for name, item in make(evidence()).items()}


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("finished_at_caseness", 284810 / 546850),  # 582,556 finished less 35,706 not at caseness
        ("finished", 284810 / 582556),
        ("started", 284810 / 1092296),
        ("ended", 284810 / 1495680),
        ("referred", 284810 / 1603643),
    ],
)
def test_one_numerator_over_five_bases(base: str, expected: float) -> None:
    found = answer(service(), denominator=base, outcome="recovery", **YEAR)
    assert found.value == pytest.approx(100 * expected)
    assert found.interval.kind == "record"
    assert "annual_national/eng_2018_19_moved_to_recovery" in found.rows


def test_rules_for_people_who_left_among_referrals_that_ended() -> None:
    # 1,495,680 ended less 582,556 finished: 913,124 left without two treatment sessions
    ended = {"denominator": "ended", "outcome": "recovery", **YEAR}
    as_finishers = answer(service(), missing="finishers", **ended)
    assert as_finishers.value == pytest.approx(100 * 284810 / 582556)
    # a waiting list: 546,850 of 582,556 taken to be cases, of whom 12.5 percent remit
    waiting = answer(service(), missing="waiting_list", **ended)
    expected = (284810 + 913124 * 546850 / 582556 * 0.125) / 1495680
    assert waiting.value == pytest.approx(100 * expected)
    assert "controlled_outcomes/mekonen_waiting_list" in waiting.rows


def test_pairs_only_and_bounds_for_missing_last_scores() -> None:
    # 2024-25, sums of months: 319,080 recovered, 667,143 finished, 34,899 not at caseness,
    # 658,429 with both scores, so 8,714 without
    cases = {"denominator": "finished_at_caseness", "outcome": "recovery"}
    rate = 319080 / (667143 - 34899)
    assert answer(service(), **cases).value == pytest.approx(100 * rate)
    pairs = answer(service(), missing="pairs", **cases)
    assert pairs.value == pytest.approx(100 * rate * 667143 / 658429)
    (item,) = [
        e for e in estimands(all_points(service())) if e.key[:3] == (*cases.values(), "gross")
    ]
    low, high, kind = item.limits
    assert kind == "identification bounds"
    assert low == pytest.approx(100 * rate)
    assert high == pytest.approx(100 * (319080 + 8714) / (667143 - 34899))


def test_one_cohort_of_people_who_started() -> None:
    # 667,143 finished and 502,900 ended after one treatment session
    found = answer(service(), denominator="started", outcome="recovery", source="cohort")
    assert found.value == pytest.approx(100 * 319080 / (667143 + 502900))


def test_net_of_usual_care_by_hand_on_three_scales() -> None:
    # 270,763 reliable recoveries of 546,850, 2018-19; Norway at six months 58.5 against 31.9
    p1 = 270763 / 546850
    odds = 0.585 / 0.415 / (0.319 / 0.681)
    p0 = {"rd": p1 - 0.266, "rr": p1 * 0.319 / 0.585, "or": p1 / (1 - p1) / odds}
    p0["or"] /= 1 + p0["or"]
    settings = {"denominator": "finished_at_caseness", "outcome": "reliable_recovery", **YEAR}
    for scale, rate in p0.items():
        found = answer(service(), comparison=f"{scale}_6", **settings)
        assert found.unit == "percentage points"
        assert found.value == pytest.approx(100 * (p1 - rate))
        assert found.interval.kind == "model"
        low, high = found.interval.limits or (0, 0)
        assert low < found.value < high
        assert any(row.startswith("trial_contrasts/") for row in found.rows)


@pytest.mark.parametrize("scale", get_args(Scale))
def test_transport_agrees_with_the_scalar_room_and_is_negative_where_that_refuses(
    scale: Scale,
) -> None:
    rates = np.array([0.05, 0.35, 0.5, 0.8])
    for effect in (5, 30) if scale == "risk_difference" else (0.9, 1.5, 3.0):
        plain = effect / 100 if scale == "risk_difference" else effect
        for rate, net in zip(rates, carried_net(rates, effect, scale), strict=True):
            if rate - net < 0:
                with pytest.raises(ValueError, match="in the other arm"):
                    implied_rate(rate, plain, scale)
            else:
                assert net == pytest.approx(rate - implied_rate(rate, plain, scale))


@pytest.mark.parametrize(("monthly", "source"), [(False, "annual"), (True, "months")])
def test_gross_shares_are_the_rates_of_the_five_bases(monthly: bool, source: str) -> None:
    """Two routes to one number: quantities by year, and the array of the whole grid."""
    points = all_points(service())
    at_reference = {"source": source, "outcome": "recovery", "missing": "not_recovered"}
    points = points[(points[list(at_reference)] == list(at_reference.values())).all(axis=1)]
    found = points.set_index(["year", "denominator"])["value"]
    rates = recovery_rates(evidence(), monthly=monthly)
    shared = [(y, b) for y, bases in rates.items() for b in bases if (y, b) in found.index]
    assert len(shared) > 20
    for year, base in shared:
        assert found[year, base] == pytest.approx(rates[year][base].value)
    # what the grid leaves out is the first year, over the wider bases
    left_out = {(y, b) for y, bases in rates.items() for b in bases} - set(shared)
    assert {year for year, _ in left_out} <= {"2012-13"}


def test_the_same_interval_has_the_same_kind_everywhere() -> None:
    for name in ("pmhc_12m", "reeact_4m", "reeact_12m"):
        trial, months = name.removesuffix("m").split("_")
        expected = trial_contrast(evidence(), name).risk_difference
        assert trial_difference(service(), trial, months) == expected
    table = published()["multiverse_summary"].table.frame
    kinds = table[table["Question"].str.contains("usual care")].groupby("Among")["Kind of limits"]
    assert kinds.first()["Norway, reliable recovery, 6 months"] == "interval from a model"


def test_trials_in_their_own_populations_by_hand() -> None:
    trials = service().trials.points
    later, first = (
        trial_difference(service(), "pmhc", "12"),
        trial_difference(service(), "reeact", "4"),
    )
    assert later.value == pytest.approx(59.4 - 36.6)
    # 82 and 93 of 165 and 182 with support, 101 of 179 under usual care
    assert first.value == pytest.approx(100 * (175 / 347 - 101 / 179))
    row = trials[(trials["denominator"] == "reeact") & (trials["net"] == "net")].iloc[0]
    # randomised 210 + 242 and 239: worst, nobody missing recovers with support, all 60 without
    assert row["least"] == pytest.approx(100 * (175 / 452 - (101 + 60) / 239))
    assert row["most"] == pytest.approx(100 * ((175 + 105) / 452 - 101 / 239))


def test_every_combination_is_evaluated_or_excluded_by_one_first_reason() -> None:
    grids = [(service().grid, service().screening), service().trials[:2]]
    for grid, screening in grids:
        masks = np.stack([np.broadcast_to(r.excludes, grid.shape) for r in screening.rules])
        excluded = masks.any(axis=0)
        assert (screening.admissible == ~excluded).all()
        assert (screening.first[excluded] == masks.argmax(axis=0)[excluded]).all()
        assert sum(screening.excluded().values()) + screening.admissible.sum() == grid.size
        assert all(count > 0 for count in screening.excluded().values())
        assert all(len(rule.reason) > 20 for rule in screening.rules)
    assert np.isfinite(service().values).sum() == service().screening.admissible.sum()
    assert len(service().points) == np.isfinite(service().values).sum()


def test_what_must_not_be_answered_is_not() -> None:
    points = all_points(service())
    net = points[points["net"] == "net"]
    england = net[net["source"] != "trial"]
    assert set(england["denominator"]) == {"finished_at_caseness"}
    assert set(england["outcome"]) == {"reliable_recovery"}
    assert (points["rater"].dropna() == "self_report").all()
    later = points[points["horizon"].isin(["12_months", "12", "24"])]
    assert set(later["denominator"]) == {"pmhc", "reeact"}
    deteriorated = points[points["outcome"] == "deterioration"]
    assert set(deteriorated["denominator"]) == {"finished"}


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"denominator": "referred", "comparison": "rd_6"}, "negative comparator"),
        ({"denominator": "referred", "comparison": "or_6"}, "population of trial"),
        ({"denominator": "ended", "rater": "interview"}, "interview"),
        ({"denominator": "ended", "horizon": "12_months"}, "follow-up"),
        ({"denominator": "ended", "operator": "strict"}, "operator"),
        ({"denominator": "ended", "missing": "waiting_list"}, "no waiting list with this outcome"),
        ({"denominator": "started", "missing": "finishers"}, "leavers not counted"),
    ],
)
def test_a_combination_meets_its_own_reason(settings: dict[str, str], rule: str) -> None:
    reference = {
        "outcome": "reliable_recovery",
        "comparison": "none",
        "horizon": "end",
        "rater": "self_report",
        "year": "2024-25",
        "source": "months",
        "missing": "not_recovered",
        "operator": "published",
    }
    at = service().grid.position({**reference, **settings})
    assert service().screening.rules[service().screening.first[at]].name == rule


def test_an_impossible_difference_is_refused_also_after_the_data_change() -> None:
    frame = evidence().table("controlled_outcomes")
    frame.loc["pmhc_usual_care_6m", "percent"] = 1.0
    changed = service_multiverse(evidence().with_table("controlled_outcomes", frame))
    # 58.5 less 1.0 exceeds every English rate of reliable recovery
    assert "rd_6" not in set(changed.points["comparison"])
    assert "rr_6" in set(changed.points["comparison"])


def test_ranges_and_the_critics_interval() -> None:
    settings = {"denominator": "referred", "outcome": "recovery"}
    low = extreme(service(), "low", **settings)
    assert low.value == pytest.approx(100 * 143833 / 1118990)  # 2013-14
    critic = critic_reference(evidence())
    # 8 of 87, the largest base up to 90 that prints 9.2 percent; exact 95 percent limits
    lower, upper = critic.interval.limits or (0, 0)
    assert binom.sf(7, 87, lower / 100) == pytest.approx(0.025, abs=1e-6)
    assert binom.cdf(8, 87, upper / 100) == pytest.approx(0.025, abs=1e-6)


def test_swings_at_the_official_rate_by_hand() -> None:
    found = published()
    # 319,080 recovered over 632,244 cases who finished and over 1,746,265 ended, 1,772,132 referred
    expected = 100 * (319080 / 632244 - 319080 / 1772132)
    assert found["multiverse_swing_denominator"].value == pytest.approx(expected)
    leavers = 100 * (319080 / 667143 - 319080 / 1746265)
    assert found["multiverse_swing_ended_missing"].value == pytest.approx(leavers)
    shares = found["multiverse_shapley"].frame.groupby("Block")["Share of variance, percent"]
    assert shares.sum().to_numpy() == pytest.approx([100, 100])


def test_nothing_is_pooled_over_questions() -> None:
    words = ("median", "mean of", "average", "share of specifications", "histogram")
    for name, item in published().items():
        text = json.dumps(item.specification("wide")) if isinstance(item, Chart) else ""
        table = item.table if isinstance(item, Chart) else item
        header = " ".join(table.header) + table.caption if isinstance(table, Table) else ""
        assert not any(word in (name + text + header).lower() for word in words), name
        assert '"bin"' not in text, name
    questions = published()["multiverse_summary"].table.frame
    assert not questions[["Among", "Question"]].duplicated().any()
    curves = [len(item.points) for item in estimands(all_points(service()))]
    assert sum(curves) == len(all_points(service()))


def test_the_explorer_offers_one_question_at_a_time_with_an_answer_or_a_reason() -> None:
    spec = published()["multiverse_explorer"].specification("narrow")
    names = {parameter["name"]: parameter for parameter in spec["params"]}
    assert {"base", "outcome", "net", "from_year", "to_year"} <= set(names)
    assert "all" not in names["base"]["bind"]["options"]
    sets = {frozenset(rows[0]): rows for rows in spec["datasets"].values()}
    answers = next(rows for keys, rows in sets.items() if "k" in keys and "s" in keys)
    reasons = next(rows for keys, rows in sets.items() if keys == {"d", "o", "g", "t"})
    answered = {(row["d"], row["o"], row["g"]) for row in answers}
    explained = {(row["d"], row["o"], row["g"]) for row in reasons}
    asked = {
        (base, outcome, net)
        for base in names["base"]["bind"]["options"]
        for outcome in names["outcome"]["bind"]["options"]
        for net in ("gross", "net")
    }
    assert answered | explained == asked
    assert not answered & explained
    assert len(answers) <= 1000


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_specifications_are_the_same_each_time(width: str) -> None:
    for make in PUBLISH:
        for name, item in make(evidence()).items():
            if isinstance(item, Chart):
                again = published()[name]
                assert isinstance(again, Chart)
                assert item.specification(width) == again.specification(width)  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [multiverse_summary, multiverse_swings])
def test_lineage_names_every_table_that_moves_a_number(make) -> None:
    def quantities(data: Evidence) -> dict[str, Quantity]:
        return {k: v for k, v in make(data).items() if isinstance(v, Quantity)}

    assert lineage_problems(quantities, load()) == []


def test_figures_survive_changed_data() -> None:
    for table in ("controlled_outcomes", "annual_national", "monthly_outcomes", "critic_sample"):
        changed = perturbed(evidence(), table, 0.3)
        for make in PUBLISH:
            for item in make(changed).values():
                if isinstance(item, Chart):
                    assert item.specification("narrow")["$schema"].endswith(".json")
