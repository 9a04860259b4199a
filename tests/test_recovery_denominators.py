"""One numerator over five denominators: hand-worked shares, cohorts and kinds of year apart."""

from __future__ import annotations

import pytest

from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.recovery.bases import BASES
from analysis.recovery.denominators import (
    five_denominators,
    published_bases,
    recovery_rates,
)
from analysis.year_sums import complete_years, financial_year, year_sum
from tests.perturb import lineage_problems

# 2018-19, annual table: 284,810 recovered; finished 582,556, of these 35,706 not at caseness
RATES_2018_19 = {
    "finished_at_caseness": 52.08,  # 284,810 / 546,850
    "finished": 48.89,  # 284,810 / 582,556
    "started": 26.07,  # 284,810 / 1,092,296
    "ended": 19.04,  # 284,810 / 1,495,680
    "referred": 17.76,  # 284,810 / 1,603,643
}


def test_the_five_rates_of_2018_19_are_the_hand_worked_ones(evidence: Evidence) -> None:
    rates = recovery_rates(evidence)["2018-19"]
    assert {base: round(rate.value, 2) for base, rate in rates.items()} == RATES_2018_19


def test_the_rate_over_cases_is_the_published_one_in_every_year(evidence: Evidence) -> None:
    for year, rates in recovery_rates(evidence).items():
        published = evidence.pick(
            "annual_national", measure="recovery_rate_percent", year=year, series="data_set"
        )
        assert rates["finished_at_caseness"].value == pytest.approx(published.value, abs=0.0501)


def test_a_wider_base_never_gives_a_higher_rate_within_one_cohort(evidence: Evidence) -> None:
    for monthly in (False, True):
        for rates in recovery_rates(evidence, monthly=monthly).values():
            one = [rates[base].value for base in BASES if base in rates and base != "started"]
            cohort = one[:-1] if "ended" in rates else one[:2]
            assert cohort == sorted(cohort, reverse=True)


def test_sums_of_months_and_annual_tables_name_different_tables(evidence: Evidence) -> None:
    annual = recovery_rates(evidence)["2023-24"]["referred"]
    monthly = recovery_rates(evidence, monthly=True)["2023-24"]["referred"]
    assert {row.split("/")[0] for row in annual.rows} == {"annual_national"}
    assert {row.split("/")[0] for row in monthly.rows} == {"monthly_outcomes", "monthly_pathway"}


def test_a_sum_of_months_uses_all_twelve(evidence: Evidence) -> None:
    ended = recovery_rates(evidence, monthly=True)["2024-25"]["ended"]
    # monthly moved to recovery of 2024-25 over 1,746,265 referrals ended
    recovered = evidence.table("monthly_outcomes", measure="moved_to_recovery", preferred=True)
    total = recovered[recovered["month"].map(financial_year) == "2024-25"]["value"].sum()
    assert ended.value == pytest.approx(100 * total / 1_746_265)
    assert len(ended.rows) == 24


@pytest.mark.parametrize("table", ["monthly_outcomes", "monthly_pathway"])
def test_all_complete_years_at_once_are_the_sums_of_each(evidence: Evidence, table: str) -> None:
    found = complete_years(evidence, table)
    assert len(found) >= 5
    for year, counts in found.items():
        for measure, count in counts.items():
            assert count == year_sum(evidence, table, measure, year)
    # monthly counts of not at caseness begin in January 2015
    assert "not_at_caseness" not in found.get("2014-15", {})


def test_a_base_printed_rounded_gives_limits_of_rounding(evidence: Evidence) -> None:
    rate = recovery_rates(evidence)["2013-14"]["ended"]
    # 143,833 / 920,000, printed to ten thousand: between / 925,000 and / 915,000
    assert rate.interval.kind == "rounding"
    assert rate.interval.limits == pytest.approx((15.550, 15.719), abs=0.001)
    assert recovery_rates(evidence)["2018-19"]["ended"].interval.kind == "record"


def test_a_year_without_all_bases_is_refused_by_name(evidence: Evidence) -> None:
    with pytest.raises(LookupFault, match=r"2019-20 lack \['ended'\]"):
        five_denominators(evidence, year="2019-20")


def test_the_printed_rates_of_others_stand_beside_the_counts(evidence: Evidence) -> None:
    frame = published_bases(evidence)["base_published"].frame
    rows = frame[frame["Printed"].map(str).isin(["28%", "17.5%"])]
    assert [str(rate) for rate in rows["From the counts"]] == ["17.5%", "26.1%"]
    early = frame[frame["Year"] == "2011-12"]
    assert [str(rate) for rate in early["Printed"]] == ["44%", "22%", "12%"]
    assert early["From the counts"].isna().all()


def test_lineage_is_true(evidence: Evidence) -> None:
    def compute(data: Evidence) -> dict[str, Quantity]:
        found = {**five_denominators(data), **published_bases(data)}
        return {name: item for name, item in found.items() if isinstance(item, Quantity)}

    assert lineage_problems(compute, evidence) == []


def test_the_chart_is_deterministic_and_joins_no_panels(evidence: Evidence) -> None:
    chart = five_denominators(evidence)["base_strip"]
    again = five_denominators(evidence)["base_strip"]
    for width in ("wide", "narrow"):
        assert chart.specification(width) == again.specification(width)
    assert len(chart.specification("wide")["hconcat"]) == 2
    assert len(chart.specification("narrow")["vconcat"]) == 2
