"""A chart of quartiles in rows: how a number spreads over trial arms, beside the service."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.charts import INK, OFFICIAL, OUTLINED, RULE, TRIAL

LINE, MARK, LETTER = 15, 18, 6.4


@dataclass(frozen=True)
class Spread:
    """Median and quartiles over a number of arms."""

    label: str
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Reference:
    """A figure of the service: a row of its own and a tick in every other row."""

    label: str
    value: float


def _layout(
    spreads: Sequence[Spread], references: Sequence[Reference], width: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, float]:
    """Lines of text, bars and diamonds with their places in pixels from the top, and the height."""
    letters = int(width / LETTER)
    lines, bars, points, y = [], [], [], 0.0
    items: list[Reference | Spread] = [*references, *spreads]
    for item in items:
        for line in textwrap.wrap(item.label, letters):
            y += LINE
            lines.append({"y": y, "text": line})
        y += MARK / 2
        if isinstance(item, Reference):
            points.append({"y": y, "x": item.value})
        else:
            bars.append({"y": y, "low": item.low, "mid": item.median, "high": item.high})
        y += MARK / 2 + 2
    return pd.DataFrame(lines), pd.DataFrame(bars), pd.DataFrame(points), y


def quartile_rows(
    spreads: Sequence[Spread],
    references: Sequence[Reference],
    width: int,
    axis_title: str,
    highest: float,
) -> alt.LayerChart | alt.FacetChart:
    """Bars from the lower to the upper quartile with the median as a tick, words above each.

    Quartiles describe how arms differ; they are not limits of an estimate. Figures of the service
    are diamonds in the first rows, repeated as thin ticks on every bar's row.
    """
    lines, bars, points, height = _layout(spreads, references, width)
    vertical = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    scale = alt.Scale(domain=[0, highest], nice=False)
    axis = alt.Axis(tickCount=5 if width < 400 else 8, grid=False)
    x = alt.X("x:Q", scale=scale, title=axis_title, axis=axis)
    low = alt.X("low:Q", scale=scale, title=axis_title, axis=axis)
    repeated = bars[["y"]].merge(points[["x"]], how="cross")
    marks = alt.Chart(bars)
    base = alt.Chart(pd.concat([bars[["y"]], points[["y"]]])).mark_rule(color=RULE)
    tick = alt.Chart(repeated).mark_tick(orient="vertical", size=18, thickness=1.5, color=OFFICIAL)
    diamond = alt.Chart(points).mark_point(
        shape="diamond", filled=True, size=110, color=OFFICIAL, opacity=1
    )
    return alt.layer(
        base.encode(x=alt.value(0), x2=alt.value(width), y=vertical),
        alt.Chart(lines)
        .mark_text(align="left", baseline="bottom", color=INK)
        .encode(x=alt.value(0), y=vertical, text="text:N"),
        marks.mark_bar(height=8, color=TRIAL, stroke=TRIAL, **OUTLINED).encode(
            low, alt.X2("high:Q"), vertical
        ),
        marks.mark_tick(orient="vertical", size=15, thickness=3, color=TRIAL).encode(
            alt.X("mid:Q", scale=scale), vertical
        ),
        tick.encode(x, vertical),
        diamond.encode(x, vertical),
    ).properties(width=width, height=height)
