"""A commissioner's view: one area's pathway, outcomes and waits beside England and the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.funnel import between_variance, funnel_limits
from analysis.governance.area_rates import COUNT_STEP, areas
from analysis.governance.area_rates import TABLE as YEARS_TABLE
from analysis.governance.commissioner_chart import draw_view
from analysis.governance.commissioner_shares import (
    MEASURES,
    NOT_SEEN,
    ONCE,
    TABLE,
    england,
    extreme,
    field_titles,
    label,
    of_unit,
    units,
    values,
)
from analysis.quantity import Quantity, computes
from analysis.tables import Table

YEAR = "2024-25"
LEAST_ENDED = 1000
IN_PROSE = ("finished", "recovery", "second_late", "low_only")


def view_data(evidence: Evidence, year: str = YEAR) -> pd.DataFrame:
    """Shares in percent, a row an area (England first, then by size) and measure: ``a, m, v``."""
    whole = evidence.table(TABLE, level="england", year=year).assign(name="England")
    frame = pd.concat([whole, units(evidence, "icb", year)])
    shares = {name: values(frame, measure) for name, measure in MEASURES.items()}
    return pd.DataFrame(
        [
            {"a": name, "m": number, "v": round(float(shares[measure].iloc[at]), 1)}
            for at, name in enumerate(frame["name"])
            for number, measure in enumerate(shares)
        ]
    )


@computes
def view(evidence: Evidence, *, year: str = YEAR) -> dict[str, Quantity | Chart]:
    """A chart with a menu of integrated care boards, and the range over boards."""
    boards = units(evidence, "icb", year)
    whole = england(evidence, year)
    data = view_data(evidence, year)
    counts = boards[["name", "referred", "finished"]].set_axis(["a", "r", "f"], axis=1)
    records = []
    for measure in MEASURES.values():
        records.append(
            (
                label(evidence, measure),
                of_unit(evidence, whole, measure),
                extreme(evidence, boards, measure, highest=False),
                Quantity(
                    float(values(boards, measure).median()),
                    "percent",
                    rows=evidence.rows(TABLE, boards.index),
                ),
                extreme(evidence, boards, measure, highest=True),
            )
        )
    table = Table(
        f"England and the range over integrated care boards, {year}. Counts of boards are printed "
        "rounded, and limits are those of rounding.",
        pd.DataFrame(
            records, columns=["Measure", "England", "Lowest board", "Median board", "Highest board"]
        ),
        folded=True,
    )
    found: dict[str, Quantity | Chart] = {}
    for name in IN_PROSE:
        found[f"commissioner_{name}_england"] = of_unit(evidence, whole, MEASURES[name])
        for side, high in (("lowest", False), ("highest", True)):
            found[f"commissioner_{name}_{side}"] = extreme(
                evidence, boards, MEASURES[name], highest=high
            )
    headings = [measure.heading for measure in MEASURES.values()]
    labels = [label(evidence, measure) for measure in MEASURES.values()]
    found["commissioner_view"] = Chart(
        title=(
            f"In {year} recovery ran from {found['commissioner_recovery_lowest']} to "
            f"{found['commissioner_recovery_highest']} over integrated care boards, and a late "
            f"second treatment from {found['commissioner_second_late_lowest']} to "
            f"{found['commissioner_second_late_highest']} of finished courses"
        ),
        alt=(
            "Rows of marks on a scale of percent, a row a measure of pathway, outcome, waits and "
            "intensity. In each row thin grey ticks are all integrated care boards, a dark tall "
            "tick is England and a large dot is the board chosen from the menu, at first "
            f"{boards['name'].iloc[0]}, the largest. The values of the board and of England are "
            "printed above each row."
        ),
        table=table,
        draw=lambda width: draw_view(width, data, counts, headings, labels),
        interactive=True,
    )
    return found


def place_in_funnel(evidence: Evidence, year: str) -> pd.Series:
    """Whether each board lies below, within or above additive limits about its expected rate."""
    found = areas(evidence, "icb", year, deprivation=True)
    tau2 = between_variance(found.rates, found.expected, found.sizes, 0.0, COUNT_STEP)
    low, high = funnel_limits(found.expected, found.sizes, tau2)
    words = [
        "below" if rate < a else "above" if rate > b else "within"
        for rate, a, b in zip(found.rates, low, high, strict=True)
    ]
    return pd.Series(words, index=found.frame["code"].to_numpy())


def _standard(evidence: Evidence, year: str) -> Quantity:
    """The recovery standard of a year."""
    return evidence.quantity("targets", f"recovery_{year.replace('-', '_')}", "target_value")


def _met(rate: float, aim: Quantity) -> str:
    """Whether a printed rate meets the standard; empty where none is printed."""
    if not np.isfinite(rate):
        return "no rate"
    return "met" if rate >= aim.value else "not met"


@computes
def boards_table(evidence: Evidence, *, year: str = YEAR) -> dict[str, Table]:
    """Every integrated care board of a year, to search, narrow down and sort."""
    boards = units(evidence, "icb", year).sort_values("name", kind="stable")
    years = evidence.table(YEARS_TABLE, level="icb", year=year).reset_index(names="row")
    years = years.set_index("code")
    places = place_in_funnel(evidence, year)
    aim = _standard(evidence, year)
    titles = field_titles(evidence)
    records = []
    for row, board in boards.iterrows():
        own = years.loc[board["code"]]
        shares = {name: of_unit(evidence, str(row), MEASURES[name]).value for name in MEASURES}
        records.append(
            {
                "Integrated care board": board["name"],
                "Recovery standard": _met(own["recovery_percent"], aim),
                "Beside similar areas": places[board["code"]],
                titles["referred"]: board["referred"],
                titles["finished"]: board["finished"],
                "Finished per referral, %": shares["finished"],
                "Recovery, printed %": own["recovery_percent"],
                "Expected from deprivation, %": own["expected_percent"],
                "Reliable recovery, printed %": own["reliable_recovery_percent"],
                "Reliably improved, %": shares["improvement"],
                "Deteriorated, printed %": own["deterioration_percent"],
                f"{titles['first_in_6_weeks']}, %": shares["first_short"],
                f"{titles['first_in_18_weeks']}, %": shares["first_long"],
                f"{titles['second_after_90_days']}, %": shares["second_late"],
                f"{titles['low_only']}, %": shares["low_only"],
                f"{titles['high_only']}, %": shares["high_only"],
            }
        )
    frame = pd.DataFrame(records)
    shares_shown = {
        str(column): 1
        for column in frame.columns
        if str(column).endswith("%") and "printed" not in str(column)
    }
    rows = evidence.rows(TABLE, boards.index) | evidence.rows(YEARS_TABLE, years["row"]) | aim.rows
    return {
        "commissioner_table": Table(
            f"All integrated care boards, {year}. The standard is judged by the printed rate. "
            "Beside similar areas: against additive limits about the rate expected from the "
            "deprivation of those treated. Waits, improvement and intensity are shares of finished "
            "courses.",
            frame,
            rows=rows,
            decimals=shares_shown,
            folded=True,
            filters=("Recovery standard", "Beside similar areas"),
        )
    }


@computes
def providers(evidence: Evidence, *, year: str = YEAR) -> dict[str, Quantity | Table]:
    """Endings by provider, the only level below England for which they are published."""
    frame = units(evidence, "provider", year)
    frame = frame[frame["ended"] >= LEAST_ENDED].dropna(subset=["ended_treated_once"])
    once = values(frame, ONCE)
    rows = evidence.rows(TABLE, frame.index)
    named = frame.sort_values("name", kind="stable")
    years = evidence.table(YEARS_TABLE, level="provider", year=year).reset_index(names="row")
    printed = named["code"].map(years.set_index("code")["recovery_percent"])
    aim, titles = _standard(evidence, year), field_titles(evidence)
    table = pd.DataFrame(
        {
            "Provider": named["name"],
            "Recovery standard": [_met(rate, aim) for rate in printed],
            "Ended": named["ended"],
            "Never seen, % of ended": values(named, NOT_SEEN),
            "Treated once, % of ended": values(named, ONCE),
            "Recovery, printed %": printed,
            f"{titles['first_in_6_weeks']}, %": values(named, MEASURES["first_short"]),
            f"{titles['second_after_90_days']}, %": values(named, MEASURES["second_late"]),
        }
    ).reset_index(drop=True)

    def quartile(at: float) -> Quantity:
        return Quantity(float(once.quantile(at)), "percent", rows=rows)

    whole = england(evidence, year)
    return {
        "commissioner_once_england": of_unit(evidence, whole, ONCE),
        "commissioner_once_lower": quartile(0.25),
        "commissioner_once_upper": quartile(0.75),
        "commissioner_provider_table": Table(
            f"Providers by how referrals ended, {year}; providers with few endings, or with a "
            "month not printed, are left out. Endings are sums of months and recoveries are of "
            "the year. Waits are shares of finished courses.",
            table,
            rows=rows | evidence.rows(YEARS_TABLE, years["row"]) | aim.rows,
            decimals={
                str(column): 1
                for column in table.columns
                if "%" in str(column) and "printed" not in str(column)
            },
            folded=True,
            filters=("Recovery standard",),
        ),
    }
