"""Claims about cost and savings: figures by hand, and verdicts that follow them."""

from __future__ import annotations

import pytest

from analysis.claims.cost_offset_spend import moment, spent_by
from analysis.evidence import Evidence
from tests.judging import ruling


@pytest.mark.parametrize(
    ("row", "figure", "label"),
    [
        # 98,313 of 468,881 finished courses began out of work, sick or on benefit
        ("s0_share_on_benefit_low", 100 * 98313 / 468881, "reproduced"),
        ("s0_share_on_benefit_high", 100 * 98313 / 468881, "reproduced"),
        ("s0_benefit_group_is_minority", 100 * 98313 / 468881, "reproduced"),
        ("s0_target_group_share", 100 * 98313 / 468881, "differs from official statistics"),
        # 1.5 million times 20 percent; 1,024,014 starters times 20.97 percent give 214,711
        ("s0_target_group_people", 300_000, "true on a stated base only"),
        # 300,000 less 40 percent; 180,000 less 42 percent
        ("s0_target_group_reached", 180_000, "true on a stated base only"),
        ("s0_exposed_million", 104_400, "true on a stated base only"),
        # 0.1044 million is 104,350 to 104,450, and 104,440 lies within
        ("s0_exposed_people", 104_400, "true on a stated base only"),
        # 394 million over 1,009,035 people who started in 2017-18
        ("s0_unit_cost_680", 394e6 / 1009035, "differs from the evidence"),
        # 1.5 million times 680; 634,649 courses of 2020-21 give 432 million
        ("s0_total_cost_102bn", 1.02e9, "true on a stated base only"),
        # 634,649 courses times 877, carried from 2010-11 to 2020-21 by the financial deflator
        (
            "s0_annual_cost_one_billion",
            634649 * 877 * 1.32088724584104 / 1.06913123844732,
            "differs from the evidence",
        ),
        # 877 carried to calendar 2014: 0.746524 of 2024, which is a quarter of 2023-24 and three
        # of 2024-25
        (
            "layard_clark_2014_cost",
            877 * 0.746524 * (0.25 * 1.4916820702403 + 0.75 * 1.54713493530499) / 1.06913123844732,
            "differs from the evidence",
        ),
        ("s0_access_target_2021", 1_500_000, "reproduced"),
        # to 2017-18: 309 + 211.5 + 250 + 925.828788 + 367.219192 + 394 = 2457.54798 million; then
        # 394 plus one, two and three times (394 - 33) / 9 = 361 / 9
        ("s0_spend_over_4bn", 1e6 * (2457.54798 + 3 * 394 + 6 * 361 / 9), "too uncertain to tell"),
        # the total of 2017-18 was public from 2020: 2063.54798 to 2016-17, then a slope of
        # 334.219192 / 8 over two years and eight months
        (
            "s2_spend_over_3bn",
            1e6 * (2063.54798 + (2 + 8 / 12) * 367.219192 + (1 + 2 + 3 * 8 / 12) * 334.219192 / 8),
            "too uncertain to tell",
        ),
        # 2.5 on 8.1 million
        ("s2_liverpool_25pct", 100 * 2.5 / 8.1, "own inputs do not give own output"),
        # 650 over 650 over 25 months
        ("layard_clark_2014_enough", 4.0, "reproduced"),
        # 752 million over 664,087 courses
        ("layard_2024_cost", 752e6 / 664087, "differs from the evidence"),
        # 1,783 people times 650
        ("scott_counter_month", 1_158_950, "reproduced"),
        # 12 times 1.16 million
        (
            "scott_counter_year",
            13_920_000,
            "rounding changes the reading (claimed figure above the recomputed one)",
        ),
        # 100,000 over 1,766 a recovery
        ("artemis_recovered_per_sum", 100_000 / 1766, "differs from the evidence"),
        ("s0_no_evidence_dose_changes_work", 0, "no counter-example found"),
        ("s0_no_productivity_gain_over_counselling", 0, "no counter-example found"),
    ],
)
def test_figures_by_hand_and_the_verdicts_they_give(
    evidence: Evidence, row: str, figure: float, label: str
) -> None:
    judged = ruling(evidence, row)
    found = judged.finding
    computed = next(it for it in (found.computed, found.own, found.exceptions) if it is not None)
    assert computed.value == pytest.approx(figure, rel=1e-6)
    assert judged.label == label


@pytest.mark.parametrize(
    ("row", "later"),
    [
        # 1.5 points held for 24, 60 and 84 months
        ("layard_2007_payback", 0.015 * 24),
        ("layard_2007_payback_certain", 0.015 * 60),
        ("lse_2024_payback", 0.015 * 24),
        ("s0_iapt_recoups_its_cost", 0.015 * 84),
        ("s0_payback_improbable", 0.015 * 84),
        # the same over one month that the terms of 2014 need
        ("layard_2016_cover", 0.015 * 84),
    ],
)
def test_that_it_pays_and_that_it_does_not_are_judged_alike(
    evidence: Evidence, row: str, later: float
) -> None:
    judged = ruling(evidence, row)
    assert judged.label == "not checkable with the evidence seen"
    assert judged.finding.later is not None
    assert judged.finding.later.value == pytest.approx(later)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2019-11-13", (2019, 8)),
        ("2021-01", (2020, 10)),
        ("2021-03", (2020, 12)),
        ("2019-04", (2019, 1)),
        ("2020", (2020, 9)),
    ],
)
def test_months_of_the_financial_year_that_were_over(date: str, expected: tuple[int, int]) -> None:
    assert moment(date) == expected


def test_spending_to_a_date_knows_no_total_that_came_later(evidence: Evidence) -> None:
    assert "programme_spend/reported_2017_18" in spent_by(evidence, "2020").rows
    assert "programme_spend/reported_2017_18" not in spent_by(evidence, "2019-11").rows
    assert "programme_spend/reported_2021_22" not in spent_by(evidence, "2021-03").rows
