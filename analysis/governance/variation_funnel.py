"""The funnel plot: rates of areas against their size, with both kinds of limits."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.funnel import between_variance, funnel_limits, outside
from analysis.governance.area_rates import COUNT_STEP, UNITS_OF, Areas, areas
from analysis.governance.variation_spread import FIRST, LATEST, LEVEL, spread
from analysis.quantity import computes
from analysis.tables import Table

PLACES = {-1: "below", 0: "within", 1: "above"}
GRID = 40


@dataclass(frozen=True)
class _Panel:
    heading: str
    points: pd.DataFrame
    limits: pd.DataFrame
    mean: float


def places(found: Areas) -> pd.DataFrame:
    """Base, rebuilt rate in percent, and place against both kinds of limits, a row an area."""
    rates, mean, sizes = found.rates, found.mean, found.sizes
    tau2 = between_variance(rates, mean, sizes, 0.0, COUNT_STEP)
    return pd.DataFrame(
        {
            "name": found.frame["name"].to_numpy(),
            "base": sizes,
            "rate": (100 * rates).round(2),
            "chance": [PLACES[int(x)] for x in outside(rates, mean, sizes, 0.0, LEVEL)],
            "additive": [PLACES[int(x)] for x in outside(rates, mean, sizes, tau2, LEVEL)],
        }
    )


def _panel(found: Areas, level: str, year: str) -> _Panel:
    tau2 = between_variance(found.rates, found.mean, found.sizes, 0.0, COUNT_STEP)
    grid = np.geomspace(found.sizes.min() * 0.93, found.sizes.max() * 1.07, GRID).round(1)
    limits = {"base": grid}
    for name, variance in (("chance", 0.0), ("additive", tau2)):
        low, high = funnel_limits(found.mean, grid, variance, LEVEL)
        limits[f"{name}_low"] = (100 * low).round(2)
        limits[f"{name}_high"] = (100 * high).round(2)
    own = spread(found)
    heading = (
        f"{UNITS_OF[level].capitalize()}, {year}: {own.outside_binomial} outside chance, "
        f"{own.outside_additive} outside both"
    )
    return _Panel(heading, places(found), pd.DataFrame(limits), 100 * found.mean)


@computes
def funnel(evidence: Evidence) -> dict[str, Chart]:
    """Funnel plots of areas in two years with binomial and additive limits."""
    panels, records, shares = [], [], []
    rows: frozenset[str] = frozenset()
    for level, year in (FIRST, LATEST):
        found = areas(evidence, level, year)
        panels.append(_panel(found, level, year))
        rows |= found.rows
        shares.append(spread(found))
        for place in panels[-1].points.itertuples():
            kind = f"{UNITS_OF[level]}, {year}"
            records.append((place.name, kind, place.base, place.rate, place.chance, place.additive))
    frame = pd.DataFrame(
        records,
        columns=[
            "Area",
            "Kind and year",
            "Finished at caseness",
            "Recovery rate",
            "Against chance",
            "Against additive limits",
        ],
    )
    first, latest = shares
    return {
        "variation_funnel": Chart(
            title=(
                f"Outside the limits of chance lie {first.outside_binomial} of areas in "
                f"{FIRST[1]} and {latest.outside_binomial} in {LATEST[1]}; outside limits that "
                f"allow for areas that differ, {first.outside_additive} and "
                f"{latest.outside_additive}"
            ),
            alt=(
                "Funnel plots of commissioning groups and of integrated care boards. Each "
                "area is a dot at its number of courses and its recovery rate. An inner funnel of "
                "limits by chance narrows with size, and most dots lie beyond it on both sides; "
                "an outer, almost level pair of limits holds nearly all of them. The lowest and "
                "the highest area are named."
            ),
            table=Table(
                "Areas with their size, recovery rate rebuilt from rounded counts, and place "
                "against limits of chance and additive limits",
                frame,
                rows=rows,
                decimals={"Finished at caseness": 0, "Recovery rate": 1},
                folded=True,
                filters=("Kind and year", "Against chance", "Against additive limits"),
            ),
            draw=lambda width: draw(width, panels),
        )
    }


def draw(width: int, panels: list[_Panel]) -> alt.VConcatChart:
    """Panels one below the other, so that each has room for its names."""
    low = min(float(panel.points["rate"].min()) for panel in panels)
    high = max(float(panel.points["rate"].max()) for panel in panels)
    # Room below the points for what the limits are.
    domain = (float(np.floor(low / 5) * 5 - 10), float(np.ceil(high / 5) * 5))
    drawn = [_draw_panel(width, panel, domain) for panel in panels]
    return alt.vconcat(*drawn, spacing=14)


def _draw_panel(
    width: int, panel: _Panel, domain: tuple[float, float]
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < 400
    edges = [float(panel.limits["base"].min()), float(panel.limits["base"].max())]
    ticks = [500, 1000, 2000, 5000, 10000, 20000, 30000]
    x = alt.X(
        "base:Q",
        title="Finished courses at caseness",
        scale=alt.Scale(type="log", domain=edges, nice=False),
        axis=alt.Axis(
            grid=False, values=[tick for tick in ticks if edges[0] <= tick <= edges[1]], format=",d"
        ),
    )
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    y = alt.Y("rate:Q", title="Recovery, percent", scale=scale, axis=alt.Axis(tickCount=5))
    limits = alt.Chart(panel.limits)
    layers: list[alt.Chart] = [
        limits.mark_area(color=MUTED, opacity=0.22).encode(
            x,
            alt.Y("chance_low:Q", title="Recovery, percent", scale=scale),
            alt.Y2("chance_high:Q"),
        )
    ]
    for side in ("low", "high"):
        line = limits.mark_line(color=INK, strokeWidth=1.5, strokeDash=[6, 3])
        layers.append(line.encode(x, alt.Y(f"additive_{side}:Q", scale=scale)))
    mean = alt.Chart(pd.DataFrame({"rate": [panel.mean]}))
    layers.append(mean.mark_rule(color=INK, strokeWidth=1).encode(y=y))
    points = alt.Chart(panel.points[["name", "base", "rate", "chance"]])
    for test, filled in (("datum.chance == 'within'", False), ("datum.chance != 'within'", True)):
        dots = points.transform_filter(test).mark_point(
            filled=filled, size=26, color=OFFICIAL, opacity=0.8
        )
        layers.append(dots.encode(x, y))
    ends = panel.points.sort_values("rate").iloc[[0, -1]][["name", "base", "rate"]]
    middle = float(np.sqrt(edges[0] * edges[1]))
    for side, row in zip(("below", "above"), ends.to_dict("records"), strict=True):
        lines = textwrap.wrap(row["name"], 26 if narrow else 60)
        one = alt.Chart(pd.DataFrame([row | {"name": "\n".join(lines)}]))
        text = one.mark_text(
            align="right" if row["base"] > middle else "left",
            baseline="top" if side == "below" else "bottom",
            dy=5 if side == "below" else -5 - 14 * (len(lines) - 1),
            lineBreak="\n",
            color=INK,
        )
        layers.append(text.encode(x, y, text="name:N"))
    height = 220 if narrow else 250
    key = (
        ("grey band and hollow dots: chance alone", MUTED, 24),
        ("dashed: chance, and areas that differ", INK, 8),
    )
    for words, colour, above in key:
        one = alt.Chart(pd.DataFrame({"text": [words]}))
        text = one.mark_text(align="left", color=colour, fontWeight="bold")
        layers.append(text.encode(x=alt.value(4), y=alt.value(height - above), text="text:N"))
    heading = _wrapped(panel.heading, 44 if narrow else 96)
    over = alt.Chart(pd.DataFrame({"text": [heading]})).mark_text(
        align="left", baseline="bottom", lineBreak="\n", fontWeight="bold", color=INK
    )
    top = -8 - 15 * heading.count("\n")
    layers.append(over.encode(x=alt.value(-36), y=alt.value(top), text="text:N"))
    return alt.layer(*layers).properties(width=width - 56, height=height)


def _wrapped(text: str, letters: int) -> str:
    """Two lines where one would not fit, broken after the colon."""
    return text if len(text) <= letters else text.replace(": ", ":\n", 1)
