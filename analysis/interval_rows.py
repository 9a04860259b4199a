"""A chart of estimates in rows: each with its limits, its number printed above it.

Rows stand in groups that are not to be pooled. The kind of interval decides the mark, so that
a confidence interval, an identification bound and a full count do not look alike.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, OUTLINED, RULE
from analysis.quantity import Quantity

LINE, MARK, GAP = 15, 16, 7
LETTER = 6.5


@dataclass(frozen=True)
class Row:
    """One estimate: what it is in words, the number, and the colour of its side."""

    label: str
    quantity: Quantity
    colour: str = OFFICIAL

    @property
    def inside(self) -> bool:
        """Whether the figure lies within its limits and is not one of them."""
        low, high = self.quantity.interval.limits or (self.quantity.value,) * 2
        return low < self.quantity.value < high

    @property
    def text(self) -> str:
        """Label and number, with what stands in place of limits where there are none."""
        absent = {"unstated": "no interval", "record": "full count"}
        kind = absent.get(self.quantity.interval.kind, "")
        if self.quantity.interval.kind == "bound" and not self.inside:
            return f"{self.label}: {self.quantity.limits_text()}"
        number = self.quantity.with_limits() if not kind else f"{self.quantity} ({kind})"
        return f"{self.label}: {number}"


@dataclass(frozen=True)
class Remark:
    """A finding without a number, such as "no difference, size not printed": words, no mark."""

    text: str


@dataclass(frozen=True)
class Group:
    """Rows that share a heading; an empty heading is left out."""

    heading: str
    rows: Sequence[Row | Remark]

    @property
    def estimates(self) -> list[Row]:
        """The rows with a number."""
        return [row for row in self.rows if isinstance(row, Row)]


@dataclass(frozen=True)
class _Layout:
    lines: pd.DataFrame
    marks: pd.DataFrame
    height: float


def _layout(groups: Sequence[Group], width: int) -> _Layout:
    """Where each line of text and each mark stands, in pixels from the top."""
    letters = int(width / LETTER)
    lines: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    y = 0.0
    for group in groups:
        for line in textwrap.wrap(group.heading, int(0.86 * letters)):
            y += LINE
            lines.append({"y": y, "text": line, "bold": True})
        y += GAP if group.heading else 0
        for row in group.rows:
            for line in textwrap.wrap(row.text, letters):
                y += LINE
                lines.append({"y": y, "text": line, "bold": False})
            if isinstance(row, Remark):
                y += GAP
                continue
            y += MARK - 4
            low, high = row.quantity.interval.limits or (row.quantity.value,) * 2
            kind = row.quantity.interval.kind
            mark = {"y": y, "x": row.quantity.value, "low": low, "high": high}
            marks.append({**mark, "kind": kind, "colour": row.colour, "inside": row.inside})
            y += GAP + 3
        y += GAP
    return _Layout(pd.DataFrame(lines), pd.DataFrame(marks), y)


def interval_rows(
    groups: Sequence[Group],
    width: int,
    axis_title: str,
    domain: tuple[float, float],
    reference: float | None = None,
) -> alt.LayerChart | alt.FacetChart:
    """Draw groups of estimates one below the other, on one scale.

    Bounds are bars with a tick at a figure within them, other limits are lines with ends around a
    point; a full count is a filled diamond and a figure without an interval a hollow circle. A
    reference value is a broken line that the axis title names.
    """
    layout = _layout(groups, width)
    vertical = alt.Y(
        "y:Q", scale=alt.Scale(domain=[0, layout.height], range=[0, layout.height]), axis=None
    )
    ticks = 5 if width < 400 else 10
    scale = alt.Scale(domain=list(domain), nice=False)
    horizontal = alt.X(
        "x:Q", scale=scale, title=axis_title, axis=alt.Axis(tickCount=ticks, gridOpacity=0.6)
    )
    low, high = alt.X("low:Q", scale=scale, title=axis_title), alt.X2("high:Q")
    colour = alt.Color("colour:N", scale=None, legend=None)
    marks, kind = layout.marks, layout.marks["kind"]
    bounds = marks[kind == "bound"]
    limited = marks[~kind.isin(["bound", "record", "unstated", "definition"])]
    counted, bare = marks[kind == "record"], marks[kind.isin(["unstated", "definition"])]

    def layer(frame: pd.DataFrame) -> alt.Chart:
        return alt.Chart(frame).encode(y=vertical)

    layers: list[alt.Chart] = []
    for bold in (False, True):
        chosen = layout.lines[layout.lines["bold"] == bold]
        if len(chosen):
            text = layer(chosen).mark_text(
                align="left",
                baseline="bottom",
                fontSize=12,
                fontWeight="bold" if bold else "normal",
                color=INK,
            )
            layers.append(text.encode(x=alt.value(0), text="text:N"))
    if len(bounds):
        bar = layer(bounds).mark_bar(height=9, **OUTLINED)
        edge = alt.Stroke("colour:N", scale=None, legend=None)
        layers.append(bar.encode(x=low, x2=high, color=colour, stroke=edge))
    if bounds["inside"].any():
        inner = layer(bounds[bounds["inside"]])
        tick = inner.mark_tick(orient="vertical", size=15, thickness=2, opacity=1)
        layers.append(tick.encode(x=horizontal, color=colour))
    if len(limited):
        layers.append(layer(limited).mark_rule(strokeWidth=2).encode(x=low, x2=high, color=colour))
        for end in ("low", "high"):
            cap = layer(limited).mark_tick(orient="vertical", size=9, thickness=2)
            layers.append(cap.encode(x=alt.X(f"{end}:Q", scale=scale), color=colour))
        point = layer(limited).mark_point(filled=True, size=70, opacity=1)
        layers.append(point.encode(x=horizontal, color=colour))
    if len(counted):
        diamond = layer(counted).mark_point(shape="diamond", filled=True, size=110, opacity=1)
        layers.append(diamond.encode(x=horizontal, color=colour))
    if len(bare):
        hollow = layer(bare).mark_point(filled=False, size=70, strokeWidth=2, opacity=1)
        layers.append(hollow.encode(x=horizontal, color=colour))
    guide = alt.Chart(pd.DataFrame({"x": [domain[0], domain[1]]})).mark_rule(color=RULE)
    layers.insert(0, guide.encode(x=horizontal))
    if reference is not None:
        line = alt.Chart(pd.DataFrame({"x": [reference]}))
        layers.insert(1, line.mark_rule(strokeDash=[4, 3], color=MUTED).encode(x=horizontal))
    return alt.layer(*layers).properties(width=width, height=layout.height)


def key(groups: Sequence[Group]) -> str:
    """What the marks of these rows mean, for the alternative text."""
    meanings = {
        "bound": "bars are bounds, with a tick where a figure lies within",
        "sampling": "lines are confidence intervals",
        "rounding": "lines are limits set by rounding",
        "model": "lines are intervals from a model",
        "record": "diamonds are full counts",
        "unstated": "hollow circles have no interval",
        "definition": "hollow circles have no interval",
    }
    kinds = [row.quantity.interval.kind for group in groups for row in group.estimates]
    return "; ".join(dict.fromkeys(meanings[kind] for kind in kinds if kind in meanings))
