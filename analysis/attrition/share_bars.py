"""A chart of shares as bars in rows: label above each bar, what ended beside what remains."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE, Weight
from analysis.quantity import Quantity

LINE, BAR, GAP, LETTER = 15, 13, 11, 6.5


@dataclass(frozen=True)
class Bar:
    """One share: what it is in words, and what stands beside it.

    Args:
        label: what the share is of.
        share: the share, in percent.
        lost: the share lost on the way to it, drawn as an outline after the bar.
        lost_label: what was lost.
        earlier: the same share in an earlier year, drawn as a tick.
        heading: a heading above the row, for the first row of a group.
        approximate: whether the share is drawn hollow, as one that is not counted.
    """

    label: str
    share: Quantity
    lost: Quantity | None = None
    lost_label: str = ""
    earlier: Quantity | None = None
    heading: str = ""
    approximate: bool = False

    def lines(self) -> list[tuple[str, str]]:
        """Lines of text above the bar with their kind, before wrapping."""
        about = "about " if self.approximate else ""
        found = [("heading", self.heading)] if self.heading else []
        found.append(("label", f"{self.label}: {about}{self.share}"))
        if self.lost is not None:
            found.append(("lost", f"{self.lost_label}: {self.lost}"))
        return found


def _layout(bars: Sequence[Bar], width: int) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Where each line of text and each bar stands, in pixels from the top."""
    letters = int(width / LETTER)
    lines: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    y = 0.0
    for bar in bars:
        for kind, text in bar.lines():
            room = int(0.86 * letters) if kind == "heading" else letters
            y += 4 if kind == "heading" and y else 0
            for line in textwrap.wrap(text, room):
                y += LINE
                lines.append({"y": y, "text": line, "kind": kind})
        y += 2
        share = bar.share.value
        marks.append(
            {
                "y": y,
                "y2": y + BAR,
                "zero": 0.0,
                "share": share,
                "lost": share + (bar.lost.value if bar.lost else 0.0),
                "earlier": None if bar.earlier is None else bar.earlier.value,
                "approximate": bar.approximate,
            }
        )
        y += BAR + GAP
    return pd.DataFrame(lines), pd.DataFrame(marks), y


def share_bars(
    bars: Sequence[Bar], width: int, axis_title: str, most: float = 100.0
) -> alt.LayerChart | alt.FacetChart:
    """Draw shares one below the other on one scale from nought to ``most``.

    A filled bar is a share that was counted, a hollow one is approximate; an outline after a bar
    is what was lost before it; a tick is the same share in an earlier year.
    """
    lines, marks, height = _layout(bars, width)
    down = alt.Scale(domain=[0, height], range=[0, height])
    top, bottom = alt.Y("y:Q", scale=down, axis=None), alt.Y2("y2:Q")
    scale = alt.Scale(domain=[0, most], nice=False)

    def across(field: str) -> alt.X:
        axis = alt.Axis(tickCount=5, gridOpacity=0.6)
        return alt.X(f"{field}:Q", scale=scale, title=axis_title, axis=axis)

    guide = alt.Chart(pd.DataFrame({"x": [0.0, most]})).mark_rule(color=RULE)
    layers: list[alt.Chart] = [guide.encode(x=across("x"))]
    styles: dict[str, tuple[str, Weight]] = {
        "heading": (INK, "bold"),
        "label": (INK, "normal"),
        "lost": (MUTED, "normal"),
    }
    for kind, (colour, weight) in styles.items():
        chosen = lines[lines["kind"] == kind]
        if len(chosen):
            text = alt.Chart(chosen).mark_text(
                align="left", baseline="bottom", fontSize=12, fontWeight=weight, color=colour
            )
            layers.append(text.encode(x=alt.value(0), y=top, text="text:N"))
    counted, rough = marks[~marks["approximate"]], marks[marks["approximate"]]
    drawn = (
        (counted, "zero", "share", {"color": OFFICIAL}),
        (rough, "zero", "share", {"fill": None, "stroke": OFFICIAL, "strokeWidth": 2}),
        (
            marks[marks["lost"] > marks["share"]],
            "share",
            "lost",
            {"fill": None, "stroke": MUTED, "strokeDash": [3, 3]},
        ),
    )
    for frame, start, end, style in drawn:
        if len(frame):
            shape = alt.Chart(frame[["y", "y2", start, end]]).mark_rect(**style)
            layers.append(shape.encode(across(start), alt.X2(f"{end}:Q"), top, bottom))
    before = marks.dropna(subset=["earlier"])
    if len(before):
        tick = alt.Chart(before[["y", "y2", "earlier"]]).mark_rule(color=INK, strokeWidth=2.5)
        layers.append(tick.encode(across("earlier"), top, bottom))
    return alt.layer(*layers).properties(width=width, height=height)
