"""Dose: constraints read from each source, and the shares they bound, worked by hand."""

import pytest

from analysis.attrition import dose, dose_sources, dose_trials
from analysis.evidence import Evidence
from analysis.quantity import Quantity

SECTIONS = (dose.curves, dose.by_source, dose.thresholds, dose_trials.trial_sessions)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def limits(quantity: Quantity) -> tuple[float, float]:
    return quantity.interval.limits or (quantity.value,) * 2


def test_a_month_is_bounded_by_its_median_its_mean_and_its_printed_share(evidence):
    # May 2025: median 7, mean 8.4, 62 percent (61.5 to 62.5) with five or more, 2 to 148 sessions
    found = dose_sources.finished(evidence, "2025-05")
    assert limits(found.reaching(2)) == (100, 100)
    assert limits(found.reaching(5)) == pytest.approx((61.5, 62.5))
    assert limits(found.reaching(7)) == pytest.approx((50, 62.5))
    # Reaching 20, at most: half from 7, 11.5 percent from 5, the rest from 2 cost
    # 3.5 + 0.575 + 0.77 = 4.845 of the mean of at most 8.45; 3.605/13 = 27.7 percent
    assert limits(found.reaching(20))[1] == pytest.approx(100 * (8.45 - 4.845) / 13)


def test_without_the_printed_share_the_bounds_are_wider(evidence):
    tight = dose_sources.finished(evidence, "2025-05")
    wide = dose_sources.finished(evidence, "2025-05", use_share=False)
    for k in range(2, 25):
        low, high = limits(wide.reaching(k))
        assert low <= limits(tight.reaching(k))[0] <= limits(tight.reaching(k))[1] <= high


def test_everyone_who_ended_is_the_finished_scaled_by_their_share(evidence, results):
    # May 2025: 55,543 finished, 41,503 treated once, 1,728 seen and 49,138 not: 147,912 in all
    done, once, every = 55_543, 41_503, 147_912
    assert results["dose_rule_ended_least"].value == pytest.approx(50 * done / every)
    assert results["dose_rule_ended_most"].value == pytest.approx(62.5 * done / every)
    assert results["dose_rule_treated_most"].value == pytest.approx(62.5 * done / (done + once))
    everyone = dose_sources.ended(evidence, "2025-05")
    assert limits(everyone.reaching(1)) == pytest.approx((100 * (done + once) / every,) * 2)


def test_the_critics_shares_enter_as_printed(evidence):
    # 57.3 percent with fewer than six, 80.9 with eight or fewer, 4.5 with twenty or more; median 4
    own = dose_sources.critic(evidence)
    assert limits(own.reaching(6)) == pytest.approx((42.65, 42.75))
    assert limits(own.reaching(9)) == pytest.approx((19.05, 19.15))
    assert limits(own.reaching(7)) == pytest.approx((19.05, 42.75))
    assert limits(own.reaching(4)) == pytest.approx((50, 60.75))
    # 23.6 + 13.3 = 36.9 percent had no session
    assert limits(own.reaching(1)) == pytest.approx((62.6, 63.6))


def test_every_constraint_of_every_source_is_admitted(evidence):
    # counting rule, maximum apart; median gives two; the printed share one more
    assert len(dose_sources.finished(evidence, "2025-05").known.shares) == 4
    assert len(dose_sources.finished(evidence, "2026-03").known.shares) == 3
    assert len(dose_sources.critic(evidence).known.shares) == 7
    assert dose_sources.critic(evidence).known.mean == pytest.approx((5.45, 5.55))


def test_a_mean_alone_hardly_bounds_a_share(results):
    # 2018-19: mean at most 6.95 of at least 2: (6.95 − 2)/(7 − 2) = 0.99
    assert results["dose_rule_mean_only_least"].value == 0
    assert results["dose_rule_mean_only_most"].value == pytest.approx(99)


def test_arms_no_longer_than_the_claimed_mean_are_counted(results, evidence):
    # CBT, any form: 99 + 8 + 7 + 13 + 5 = 132 of 295 + 41 + 57 + 50 + 28 = 471
    assert results["dose_short_arms"].value == 132
    assert results["dose_short_arms_of"].value == 471
    # face to face: 42 + 3 + 1 + 5 + 1 = 52 of 184 + 29 + 32 + 32 + 12 = 289
    assert (results["dose_short_face"].value, results["dose_short_face_of"].value) == (52, 289)
    assert results["dose_claimed_mean"].value == 6


def test_every_threshold_has_a_row(evidence, results):
    frame = results["dose_thresholds"].frame
    assert len(frame) == len(evidence.table("dose_thresholds")) == 12
    assert set(frame["Sessions"]) >= {"at least 2", "at least 7", "12 to 28", "at most 24"}


def test_the_slider_starts_at_the_critics_rule(results):
    params = results["dose_curves"].specification("narrow")["params"]
    assert [(p["name"], p["value"]) for p in params] == [("sessions", 7)]
