"""The official series by year and by month: hand-read values, readings of the claim, winters."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.recovery.months import claim_by_month, monthly_rates, months_to_date, process_limits
from analysis.recovery.series import published_rates, reliable, reliable_rates, yearly
from analysis.recovery.winter import mean_process_interval, winter, winter_changes


def quantities(function, evidence: Evidence) -> dict[str, Quantity]:
    return {k: v for k, v in function(evidence).items() if isinstance(v, Quantity)}


# By year


def test_the_two_collections_overlap_in_one_year_and_disagree(evidence: Evidence) -> None:
    rates = published_rates(evidence)
    both = rates[rates["kpi"].notna() & rates["data_set"].notna()]
    assert list(both.index) == ["2012-13"]
    assert both.loc["2012-13", ["kpi", "data_set"]].tolist() == [45.9, 42.8]
    assert yearly(evidence)["year_overlap_gap"].value == pytest.approx(3.1)


def test_years_below_the_standard_are_counted_in_the_data_set_alone(evidence: Evidence) -> None:
    # 2012-13 to 2016-17, and 2022-23 with 49.9
    assert yearly(evidence)["year_below"].value == 6


def test_the_widest_gap_of_the_founders_chart_is_that_of_2013_14(evidence: Evidence) -> None:
    assert yearly(evidence)["year_founder_gap"].value == pytest.approx(45.0 - 44.1)


def test_reliable_change_divides_each_count_by_its_own_base(evidence: Evidence) -> None:
    now = reliable_rates(evidence).loc["2024-25"]
    assert now["improvement"].value == pytest.approx(100 * 452_284 / 670_419)
    assert now["deterioration"].value == pytest.approx(100 * 39_157 / 670_419)
    assert now["reliable_recovery"].value == pytest.approx(100 * 301_815 / (670_419 - 35_234))


def test_computed_rates_of_reliable_change_print_as_published(evidence: Evidence) -> None:
    published = {
        "improvement": "reliable_improvement_percent",
        "reliable_recovery": "reliable_recovery_percent",
        "deterioration": "reliable_deterioration_percent",
    }
    rates = reliable_rates(evidence)
    for name, measure in published.items():
        # the first year is printed as a whole number, or not at all
        table = evidence.table("annual_national", measure=measure, preferred=True)
        for row in table[table["year"] > "2012-13"].itertuples():
            assert rates.loc[row.year, name].value == pytest.approx(row.value, abs=0.0501)


def test_the_classes_of_change_leave_a_small_rest(evidence: Evidence) -> None:
    # 670,419 less 452,284, 170,457 and 39,157
    rest = reliable(evidence)["reliable_unclassified"]
    assert rest.value == pytest.approx(100 * 8_521 / 670_419)


# By month


def test_counts_and_published_rates_agree_in_all_months_but_one(evidence: Evidence) -> None:
    frame = monthly_rates(evidence).frame
    apart = frame[(frame["published"] - frame["counted"]).abs() > 0.0501]
    assert list(apart.index) == ["2018-03"]
    assert apart["counted"].iloc[0] == pytest.approx(100 * 23_466 / 44_217)


def test_counts_are_missing_for_fourteen_months_in_two_stretches(evidence: Evidence) -> None:
    frame = monthly_rates(evidence).frame
    missing = list(frame.index[frame["counted"].isna()])
    spring = pd.period_range("2019-10", "2020-05", freq="M").astype(str)
    autumn = pd.period_range("2020-07", "2020-12", freq="M").astype(str)
    assert missing == [*spring, *autumn]
    assert frame["published"].notna().all()


def test_the_claim_fails_in_one_month_as_published_and_two_by_counts(evidence: Evidence) -> None:
    found = claim_by_month(evidence)
    # December 2017: 18,580 of 37,238 is 49.9; May 2017: 22,483 of 44,990 is 49.97, printed 50.0
    assert found["month_misses_rounded"].value == 0
    assert found["month_misses_published"].value == 1
    assert found["month_misses_counted"].value == 2
    table = found["month_readings"].frame.set_index("Reading")
    short, long = "before the year of the claim", "to the end of that year"
    assert table.loc[f"as published, {short}", ["Months", "Which"]].tolist() == [
        24,
        "December 2017",
    ]
    assert table.loc[f"from the counts, {long}", ["Months", "Which"]].tolist() == [
        33,
        "May 2017, December 2017",
    ]
    assert table.loc[f"rounded to whole percent, {long}", "Below"] == 0


def test_no_month_before_january_2017_reached_the_standard(evidence: Evidence) -> None:
    assert claim_by_month(evidence)["month_best_before"].value == 49.0


def test_a_record_has_no_limits_and_the_process_behind_it_has(evidence: Evidence) -> None:
    found = claim_by_month(evidence)
    assert found["month_exception"].interval.limits is None
    low, high = found["month_exception_process"].interval.limits
    assert low < 49.9 < 50 < high


def test_process_limits_contain_their_month_and_skip_months_without_counts(
    evidence: Evidence,
) -> None:
    frame = monthly_rates(evidence).frame
    limits = process_limits(frame)
    counted = frame.loc[limits.index, "counted"]
    assert ((limits["low"] < counted) & (counted < limits["high"])).all()
    # a month on its own, June 2020, has no neighbours to learn a dispersion from
    assert set(frame.index[frame["counted"].notna()]) - set(limits.index) == {"2020-06"}


def test_months_below_to_2026_are_counted_both_ways(evidence: Evidence) -> None:
    found = months_to_date(evidence)
    # of 111 months; by counts also May 2017 and February 2026, both printed 50.0
    assert found["month_below_published"].value == 30
    assert found["month_below_counted"].value == 32
    assert found["month_below_share"].value == pytest.approx(100 * 30 / 111)
    assert found["month_series"].table.frame["Months"].sum() == 153


def test_the_recent_level_is_the_pooled_rate(evidence: Evidence) -> None:
    level = months_to_date(evidence)["month_recent_level"]
    table = evidence.table("monthly_outcomes", preferred=True)
    late = table[table["month"] >= "2021-04"].groupby("measure")["value"].sum()
    base = late["finished_course"] - late["not_at_caseness"]
    assert level.value == pytest.approx(100 * late["moved_to_recovery"] / base)
    assert level.interval.kind == "process"


# Winters


def test_the_rate_rose_in_every_january_on_record(evidence: Evidence) -> None:
    changes = winter_changes(monthly_rates(evidence))
    assert len(changes) == 13
    # published 47.9 after 46.3, 48.5 to 50.1, and 50.7 to 51.1
    assert changes.loc[["2015-16", "2016-17", "2019-20"], "into_january"].tolist() == pytest.approx(
        [1.6, 1.6, 0.4]
    )
    assert winter(evidence)["month_winter_rises"].value == 13
    assert winter(evidence)["month_winter_exceptions"].value == 0


def test_the_mean_change_has_a_t_interval_over_winters() -> None:
    # s = 1, T = 4, t(3) = 3.182446: 2.5 ± 3.182446 × 1.290994 / 2
    mean, low, high = mean_process_interval(pd.Series([1.0, 2.0, 3.0, 4.0]))
    assert mean == 2.5
    assert (low, high) == pytest.approx((2.5 - 2.054260, 2.5 + 2.054260), abs=1e-5)
    assert math.isclose(high - mean, mean - low)
    with pytest.raises(ValueError, match="too few"):
        mean_process_interval(pd.Series([1.0, 2.0]))


# All
