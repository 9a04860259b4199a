"""Constant prices against hand-worked factors and a printed index."""

import pandas as pd
import pytest

from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.prices import BASE_YEAR, in_prices, price_level
from analysis.quantity import Interval, Quantity

HUNDRED = Quantity(100, "GBP", Interval("bound", 90, 120))


def test_financial_years_by_their_series(evidence: Evidence) -> None:
    # 1.54713493530499 / 1.06913123844732 = 1.447095
    found = in_prices(evidence, HUNDRED, "2010-11")
    assert found.value == pytest.approx(144.7095, abs=1e-4)
    assert found.interval.limits == pytest.approx((130.2386, 173.6514), abs=1e-3)
    assert found.interval.kind == "bound"


def test_calendar_years_by_theirs(evidence: Evidence) -> None:
    # 100 / 75.1536 = 1.330608: the link to financial years cancels
    assert in_prices(evidence, HUNDRED, "2015", "2024").value == pytest.approx(133.0608, abs=1e-4)


def test_calendar_to_financial_by_way_of_2024(evidence: Evidence) -> None:
    # 2024 = ¼ × 1.4916820702403 + ¾ × 1.54713493530499 = 1.53327172; 1.54713494 / 1.53327172 =
    # 1.00904159; 2006: × 100 / 63.4682 = 1.58983803
    assert in_prices(evidence, HUNDRED, "2024").value == pytest.approx(100.904159, abs=1e-5)
    assert in_prices(evidence, HUNDRED, "2006").value == pytest.approx(158.983803, abs=1e-5)


def test_a_value_of_another_series_or_not_preferred_moves_nothing(evidence: Evidence) -> None:
    frame = evidence.table("gdp_deflator")
    beside = frame.assign(value=1.0, preferred=False).add_suffix("_beside", axis=0)
    elsewhere = frame.assign(value=1.0, series="elsewhere").add_suffix("_elsewhere", axis=0)
    more = evidence.with_table("gdp_deflator", pd.concat([frame, beside, elsewhere]))
    for year in ("2010-11", "2015"):
        assert in_prices(more, HUNDRED, year) == in_prices(evidence, HUNDRED, year)


def test_an_amount_in_other_prices_knows_the_rows_of_both_years(evidence: Evidence) -> None:
    amount = Quantity(100, "GBP", rows=frozenset({"costs/a"}), decimals=0)
    found = in_prices(evidence, amount, "2010-11")
    years = {row.partition("/")[2] for row in found.rows - amount.rows}
    assert set(evidence.table("gdp_deflator").loc[sorted(years), "year"]) == {"2010-11", "2024-25"}
    assert amount.rows < found.rows and len(years) == 2
    assert found.decimals is None


def test_there_and_back(evidence: Evidence) -> None:
    there = in_prices(evidence, HUNDRED, "2014", BASE_YEAR)
    assert in_prices(evidence, there, BASE_YEAR, "2014").value == pytest.approx(100)


def test_the_same_year_changes_nothing(evidence: Evidence) -> None:
    assert in_prices(evidence, HUNDRED, BASE_YEAR).value == pytest.approx(100)


@pytest.mark.parametrize("year", ["1999", "2006-07", "2031-32"])
def test_years_outside_the_series_are_refused(evidence: Evidence, year: str) -> None:
    with pytest.raises(LookupFault):
        price_level(evidence, year)
