"""Change without therapy: ratios by hand, shares of the programme's change, effects by control."""

import math

import pytest
from scipy.stats import t

from analysis.evidence import Evidence
from analysis.self_report import change, change_by_disorder, control_effects
from analysis.self_report.ratio_of_means import fieller, log_ratio_of_shares


def test_fieller_limits_solve_their_own_equation() -> None:
    """Both limits θ satisfy (n − θd)² = t²(se_n² + θ²se_d²), the theorem itself."""
    n, se_n, d, se_d, df = 3.46, 0.27, 6.91, 0.31, 21
    for theta in fieller(n, se_n, d, se_d, df):
        quantile = t.ppf(0.975, df)
        assert (n - theta * d) ** 2 == pytest.approx(
            quantile**2 * (se_n**2 + theta**2 * se_d**2), rel=1e-9
        )


def test_fieller_without_error_below_is_the_interval_above_divided() -> None:
    low, high = fieller(3.0, 0.5, 6.0, 0.0, 10)
    half = t.ppf(0.975, 10) * 0.5
    assert (low, high) == pytest.approx(((3 - half) / 6, (3 + half) / 6))


def test_fieller_refuses_a_denominator_that_may_be_nothing() -> None:
    with pytest.raises(ValueError, match="does not differ from zero"):
        fieller(1.0, 0.2, 1.0, 0.6, 10)


def test_a_ratio_of_shares_by_hand() -> None:
    """0.2 and 0.4: se(ln) = 0.8·0.1 and 0.6·0.1, together 0.1; limits 0.5·exp(±1.96·0.1)."""
    low, high = log_ratio_of_shares(0.2, 0.1, 0.4, 0.1)
    assert (low, high) == pytest.approx((0.5 * math.exp(-0.195996), 0.5 * math.exp(0.195996)))


def test_the_programme_falls_by_six_points(evidence: Evidence) -> None:
    """PHQ-9 15.4 to 9.4 and GAD-7 14.0 to 8.4 in 2022-23."""
    found = change.change_in_points(evidence)
    assert found["change_service"].value == pytest.approx(15.4 - 9.4)
    assert found["change_service_gad7"].value == pytest.approx(14.0 - 8.4)


@pytest.mark.parametrize(
    ("name", "points", "low", "high"),
    [
        ("waiting", 1.63701, 0.16968, 3.10435),
        ("usual", 3.46153, 2.89476, 4.02830),
        ("other", 4.35219, 2.68467, 6.01971),
        ("usual_uk", 2.95421, 2.35059, 3.55783),
    ],
)
def test_a_share_is_the_control_over_six_points(
    name: str, points: float, low: float, high: float, evidence: Evidence
) -> None:
    found = change.change_in_points(evidence)[f"change_share_{name}"]
    assert found.value == pytest.approx(100 * points / 6.0, rel=1e-4)
    assert found.interval.limits == pytest.approx((100 * low / 6, 100 * high / 6), rel=1e-4)


def test_the_share_of_therapy_arms_by_fieller(evidence: Evidence) -> None:
    """Usual care 3.46153 (0.27254, 22 trials) over therapy 6.91279 (0.31463, 46): 21 df."""
    found = change.change_in_points(evidence)["change_trial_share_usual"]
    assert found.value == pytest.approx(100 * 3.46153 / 6.91279, rel=1e-4)
    expected = fieller(3.46153, 0.27254, 6.91279, 0.31463, 21)
    assert found.interval.limits == pytest.approx([100 * limit for limit in expected], rel=1e-4)


def test_the_assumed_correlation_hardly_moves_a_change(evidence: Evidence) -> None:
    """The largest move is usual care at 0.7: 2.98147 less 2.95397."""
    found = change.change_in_points(evidence)["change_correlation"]
    assert found.value == pytest.approx(2.98147 - 2.95397, abs=1e-4)


def test_response_of_controls_over_therapy(evidence: Evidence) -> None:
    """Depression 18.32908 over 41.07395; obsessive-compulsive disorder 4.62426 over 38.02552."""
    found = change_by_disorder.response(evidence)
    assert found["change_response_high"].value == pytest.approx(100 * 18.32908 / 41.07395, rel=1e-5)
    assert found["change_response_low"].value == pytest.approx(100 * 4.62426 / 38.02552, rel=1e-5)
    for name in ("change_response_high", "change_response_low"):
        low, high = found[name].interval.limits
        assert low < found[name].value < high


def test_published_falls_of_controls_over_therapy(evidence: Evidence) -> None:
    """Beck 4.56 of 13.42, Hamilton 5.29 of 10.28: the clinicians' share is the larger."""
    found = change_by_disorder.published(evidence)
    assert found["change_beck"].value == pytest.approx(100 * 4.56 / 13.42)
    assert found["change_hamilton"].value == pytest.approx(100 * 5.29 / 10.28)
    assert len(found["change_published"].frame) == len(evidence.table("change_published"))


def test_effects_fall_from_waiting_list_to_other_controls(evidence: Evidence) -> None:
    found = control_effects.effects(evidence)
    order = [found[f"change_effect_{name}"].value for name in ("waiting", "usual", "other")]
    assert order == pytest.approx([0.94503, 0.6321, 0.53902])
    assert found["change_effect_usual_uk"].value == pytest.approx(0.3898)
    assert len(found["change_effects"].table.frame) == 15


def test_published_effects_keep_their_limits(evidence: Evidence) -> None:
    found = control_effects.published_effects(evidence)
    assert found["change_effect_placebo"].interval.limits == (0.14, 0.36)
    assert found["change_effect_adjusted"].interval.kind == "unstated"
