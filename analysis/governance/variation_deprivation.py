"""Deprivation: the national gradient in recovery, and how much of it separates areas.

The table of deciles counts from 1 least to 10 most deprived, and so does the mean decile of those
treated; the index of residents counts from 1 most deprived, and the score of boards rises with
deprivation. Here every figure is turned so that a negative one means that the more deprived
recover less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.charts import INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.governance.area_rates import TABLE, areas
from analysis.governance.variation_spread import FIRST, LATEST, tau_points
from analysis.inequality import Gradient, gradient, ridits
from analysis.intervals import normal_quantile
from analysis.quantity import Interval, Quantity, computes
from analysis.tables import Table

GROUPS = "conversion_by_group"
LEVEL = 0.95


@dataclass(frozen=True)
class DecileYear:
    """Recovery by decile of deprivation in one year, least deprived first."""

    frame: pd.DataFrame
    fitted: Gradient
    rows: frozenset[str]

    def quantity(self, name: str) -> Quantity:
        """The slope in percentage points, or the ratio of the fitted ends, with model limits."""
        low, high = getattr(self.fitted, f"{name}_low"), getattr(self.fitted, f"{name}_high")
        unit = "percentage points" if name == "slope" else "ratio"
        return Quantity(
            getattr(self.fitted, name), unit, Interval("model", low, high, LEVEL), self.rows
        )

    def rate(self, at: int) -> Quantity:
        """Recovery rate of one decile, counted from the least deprived; −1 is the most deprived."""
        return Quantity(float(self.frame["rate"].iloc[at]), "percent", rows=self.rows)


def decile_year(evidence: Evidence, year: str) -> DecileYear:
    """Recovery rates of finished courses at caseness by decile, with the line fitted to them."""
    frame = evidence.table(GROUPS, grouping="deprivation", year=year)
    frame = frame[frame["rank"].notna()]
    order = frame.drop_duplicates("group").sort_values("rank")["group"]
    counts = frame.pivot(index="group", columns="measure", values="value").loc[order]
    base = counts["finished_course"] - counts["not_at_caseness"]
    found = pd.DataFrame({"base": base, "rate": 100 * counts["moved_to_recovery"] / base})
    used = frame[frame["measure"].isin(["finished_course", "not_at_caseness", "moved_to_recovery"])]
    return DecileYear(
        found,
        gradient(found["rate"].to_numpy(), found["base"].to_numpy(), LEVEL),
        evidence.rows(GROUPS, used.index),
    )


def correlation(x: ArrayLike, y: ArrayLike, rows: frozenset[str]) -> Quantity:
    """Pearson correlation with Fisher's limits, as if areas were drawn at random.

    >>> found = correlation([1, 2, 3, 4, 5], [1, 3, 2, 5, 4], frozenset())
    >>> print(found.with_limits())
    0.80 (95% model interval −0.28 to 0.99)
    """
    a, b = np.asarray(x, float), np.asarray(y, float)
    if a.size < 4:
        raise ValueError(f"{a.size} areas give no limits of a correlation; pass four or more")
    r = float(np.corrcoef(a, b)[0, 1])
    half = normal_quantile(LEVEL) / math.sqrt(a.size - 3)
    low, high = (math.tanh(math.atanh(r) + side * half) for side in (-1, 1))
    return Quantity(r, "correlation", Interval("model", low, high, LEVEL), rows)


def with_residents(evidence: Evidence, level: str, year: str, column: str, turn: int) -> Quantity:
    """Correlation over areas of the rebuilt rate with the deprivation of residents."""
    found = areas(evidence, level, year)
    index = evidence.table("area_deprivation", level=level)
    index = index[index[column].notna()].reset_index(names="row").set_index("code")
    frame = found.frame.reset_index(names="row").set_index("code")
    shared = frame.index.intersection(index.index)
    frame, index = frame.loc[shared], index.loc[shared]
    rows = evidence.rows(TABLE, frame["row"]) | evidence.rows("area_deprivation", index["row"])
    return correlation(turn * index[column], frame["recovered"] / frame["base"], rows)


def with_patients(evidence: Evidence, level: str, year: str) -> Quantity:
    """Correlation over areas of the rebuilt rate with the mean decile of those treated."""
    found = areas(evidence, level, year, deprivation=True)
    return correlation(found.frame["decile_mean"], found.rates, found.rows)


@computes
def between_areas(evidence: Evidence) -> dict[str, Quantity]:
    """Spread between areas before and after their expected rates, and ecological correlations."""
    found: dict[str, Quantity] = {}
    for name, (level, year) in {"first": FIRST, "latest": LATEST}.items():
        known = areas(evidence, level, year, deprivation=True)
        found[f"variation_tau_beyond_{name}"] = tau_points(known, expected=True)
        expected = 100 * known.expected
        for side, value in (("least", expected.min()), ("most", expected.max())):
            found[f"variation_expected_{side}_{name}"] = Quantity(
                float(value), "percent", rows=known.rows
            )
        found[f"variation_ecological_patients_{name}"] = with_patients(evidence, level, year)
    level, year = FIRST
    found["variation_ecological_residents_first"] = with_residents(
        evidence, level, year, "mean_decile", -1
    )
    level, year = LATEST
    found["variation_ecological_residents_latest"] = with_residents(
        evidence, level, year, "average_score", 1
    )
    return found


@computes
def national(evidence: Evidence) -> dict[str, Quantity | Table | Chart]:
    """Slope and relative index of inequality of recovery over deciles, by year."""
    years = sorted(set(evidence.table(GROUPS, grouping="deprivation")["year"]))
    found = {year: decile_year(evidence, year) for year in years}
    first, latest = found[years[0]], found[years[-1]]
    slopes = {year: item.quantity("slope") for year, item in found.items()}
    records = [
        (year, item.rate(0), item.rate(-1), slopes[year], item.quantity("ratio"))
        for year, item in found.items()
    ]
    table = Table(
        "Recovery in the least and the most deprived decile, slope index of inequality and "
        "relative index of inequality, by year. Limits say how well a straight line fits the "
        "deciles; the counts are complete.",
        pd.DataFrame(
            records,
            columns=[
                "Year",
                "Least deprived decile",
                "Most deprived decile",
                "Slope index",
                "Relative index",
            ],
        ),
    )
    return {
        "variation_slope_first": slopes[years[0]],
        "variation_slope_latest": slopes[years[-1]],
        "variation_relative_first": first.quantity("ratio"),
        "variation_relative_latest": latest.quantity("ratio"),
        "variation_decile_least": latest.rate(0),
        "variation_decile_most": latest.rate(-1),
        "variation_gradient": Chart(
            title=(
                "From the least to the most deprived end of England the fitted recovery rate "
                f"falls by {-slopes[years[0]]} in {years[0]} and by {-slopes[years[-1]]} in "
                f"{years[-1]}"
            ),
            alt=(
                f"Recovery rates of deciles in {years[0]} and {years[-1]}, each with a straight "
                "line fitted over the people ranked by deprivation. Slope index of inequality: "
                f"{slopes[years[0]].with_limits()} and {slopes[years[-1]].with_limits()}; relative "
                f"index: {first.quantity('ratio').with_limits()} and "
                f"{latest.quantity('ratio').with_limits()}. Bars at the most deprived end are the "
                "limits of the slope."
            ),
            table=table,
            draw=lambda width: draw(width, {years[0]: first, years[-1]: latest}),
        ),
    }


def draw(width: int, found: dict[str, DecileYear]) -> alt.LayerChart | alt.FacetChart:
    """Deciles at the middle of their people, fitted lines, and limits at the deprived end."""
    narrow = width < 400
    rates = pd.concat([item.frame["rate"] for item in found.values()])
    bounds = [
        item.fitted.first + limit
        for item in found.values()
        for limit in (item.fitted.slope_low, item.fitted.slope_high)
    ]
    scale = alt.Scale(
        domain=[
            float(np.floor(min(rates.min(), *bounds) / 5) * 5),
            float(np.ceil(max(rates.max(), *bounds) / 5) * 5),
        ],
        nice=False,
        zero=False,
    )
    ends = "datum.value == 0 ? 'least deprived' : datum.value == 1 ? 'most deprived' : ''"
    x = alt.X(
        "rank:Q",
        title="People treated, ranked by deprivation of their neighbourhood",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            values=[0, 1], grid=False, labelExpr=ends, labelFlush=True, labelOverlap=False
        ),
    )
    if narrow:
        x = x.title("People treated, by deprivation")
    y = alt.Y("rate:Q", title="Recovery, percent", scale=scale, axis=alt.Axis(tickCount=5))
    layers: list[alt.Chart] = []
    for (year, item), colour in zip(found.items(), (INK, OFFICIAL), strict=True):
        fitted = item.fitted
        points = pd.DataFrame(
            {
                "rank": ridits(item.frame["base"].to_numpy()).round(4),
                "rate": item.frame["rate"].to_numpy().round(2),
            }
        )
        line = pd.DataFrame({"rank": [0.0, 1.0], "rate": [fitted.first, fitted.last]})
        end = pd.DataFrame(
            {
                "rank": [1.0],
                "rate": [fitted.first + fitted.slope_low],
                "high": [fitted.first + fitted.slope_high],
            }
        )
        middle = (fitted.first + fitted.last) / 2
        label = pd.DataFrame({"rank": [0.5], "rate": [middle], "text": [year]})
        below = fitted.last < max(other.fitted.last for other in found.values())
        layers += [
            alt.Chart(line).mark_line(color=colour, strokeWidth=1.5).encode(x, y),
            alt.Chart(end).mark_rule(color=colour, strokeWidth=3).encode(x, y, alt.Y2("high:Q")),
            alt.Chart(points)
            .mark_point(filled=True, size=60, color=colour, opacity=1)
            .encode(x, y),
            alt.Chart(label)
            .mark_text(
                align="right" if below else "left",
                dx=-8 if below else 8,
                dy=16 if below else -16,
                color=colour,
                fontWeight="bold",
            )
            .encode(x, y, text="text:N"),
        ]
    note = pd.DataFrame({"text": ["bars: limits of the slope"]})
    height = 260 if narrow else 300
    layers.append(
        alt.Chart(note)
        .mark_text(align="left", color=MUTED)
        .encode(x=alt.value(8), y=alt.value(height - 10), text="text:N")
    )
    return alt.layer(*layers).properties(width=width - 52, height=height)
