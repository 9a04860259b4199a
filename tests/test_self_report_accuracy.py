"""Predictive values by a table of a thousand people, Rogan-Gladen within its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.diagnostic_accuracy import rogan_gladen, screened
from analysis.evidence import Evidence
from analysis.self_report.accuracy import published_accuracy, reaching_the_threshold
from analysis.self_report.accuracy_explorer import START, explorer, values

SECTIONS = (published_accuracy, reaching_the_threshold, explorer)
SHARES = st.floats(0.01, 0.99)
GOOD = st.floats(0.55, 0.99)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_a_thousand_people_divide_as_counted():
    # 100 ill: 85 found, 15 missed; 900 well: 135 above, 765 below; 85/220 and 765/780
    found = screened(0.1, 0.85, 0.85)
    assert found == pytest.approx((0.085, 0.135, 0.015, 0.765))
    assert found.positive_value == pytest.approx(85 / 220)
    assert found.negative_value == pytest.approx(765 / 780)


def test_nobody_positive_gives_no_value():
    assert screened(0.0, 0.8, 1.0).positive_value == 0
    assert screened(1.0, 1.0, 0.5).negative_value == 0


@given(SHARES, GOOD, GOOD)
def test_the_corrected_prevalence_undoes_the_test(prevalence, sensitivity, specificity):
    positive = screened(prevalence, sensitivity, specificity).positive
    assert rogan_gladen(positive, sensitivity, specificity) == pytest.approx(prevalence)


def test_fewer_positives_than_false_ones_give_a_value_below_nothing():
    # 0.10 + 0.85 − 1 = −0.05 over 0.70: the accuracies cannot hold there, and it is not hidden
    assert rogan_gladen(0.10, 0.85, 0.85) == pytest.approx(-0.05 / 0.70)


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        (rogan_gladen, (0.2, 0.5, 0.5), "exceed 1"),
        (rogan_gladen, (22, 0.85, 0.85), "positive is 22"),
        (rogan_gladen, (0.22, 85, 0.85), "sensitivity is 85"),
        (rogan_gladen, (0.22, 0.85, 85), "specificity is 85"),
        (screened, (10, 0.85, 0.85), "prevalence is 10"),
        (screened, (0.1, 85, 0.85), "sensitivity is 85"),
        (screened, (0.1, 0.85, 85), "specificity is 85"),
    ],
)
def test_a_useless_test_and_a_percentage_are_refused(function, arguments, words):
    with pytest.raises(ValueError, match=words):
        function(*arguments)


def test_the_critics_figure_follows_from_his_base_rate(results):
    # 0.1 × 0.85 / 0.22 = 38.6, printed 39; outpatients 207/567 = 36.5: 0.3103 / 0.4056 = 76.5
    assert results["accuracy_value_assumed"].value == pytest.approx(38.636, abs=1e-3)
    assert results["accuracy_value_outpatients"].value == pytest.approx(76.51, abs=0.01)
    # 0.79 and 0.82, 0.89 and 0.87: 0.079/0.241 = 32.8 and 0.089/0.206 = 43.2
    limits = results["accuracy_value_assumed"].interval.limits
    assert limits == pytest.approx((32.78, 43.20), abs=0.01)


def test_the_correction_nears_what_interviews_found(results):
    # (24.6 + 85 − 100) / 70 = 13.71 where interviews found 12.1 (9.6 to 15.2)
    found = results["accuracy_behind"]
    assert found.value == pytest.approx(13.714, abs=1e-3)
    low, high = results["accuracy_base_interviewed"].interval.limits
    assert low < found.value < high


def test_accuracy_without_limits_gives_no_limits(results):
    # outpatients with their own 58.3 and 83.1: 0.2128 / (0.2128 + 0.1073) = 66.5
    found = results["accuracy_value_own"]
    assert found.value == pytest.approx(66.5, abs=0.1)
    assert found.interval.kind == "unstated"


def test_the_page_starts_at_a_base_rate_that_is_drawn(results, evidence):
    chart = results["accuracy_explorer"]
    spec = chart.specification("wide")
    assert chart.interactive
    assert [param["value"] for param in spec["params"] if "bind" in param] == [START]
    above, low, high = values(evidence, START / 100)["positive_value"]
    drawn = [
        row
        for rows in spec["datasets"].values()
        for row in rows
        if row.get("base") == START and row.get("which") == "positive_value"
    ]
    assert drawn and all(
        (row["value"], row["low"], row["high"]) == pytest.approx((above, low, high), abs=0.05)
        for row in drawn
    )


def test_the_share_depressed_rises_with_the_base_rate(evidence):
    found = [values(evidence, base / 100) for base in range(2, 100, 2)]
    for which in ("positive_value", "below"):
        curve = [item[which][0] for item in found]
        assert curve == sorted(curve)
