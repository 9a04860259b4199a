"""The picture of the share reaching k sessions: bands of bounds, with thresholds and a slider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.attrition.dose_sources import Source
from analysis.charts import CRITIC, FOUNDER, INK, MUTED

SIDES = {"programme": FOUNDER, "critic": CRITIC, "independent": MUTED}


def bands(source: Source, last: int) -> pd.DataFrame:
    """Bounds of a source for every number of sessions, and the words that read them out."""
    records: list[dict[str, float | str]] = []
    for k in range(1, last + 1):
        low, high = source.reaching(k).interval.limits or (0.0, 0.0)
        ends = dict.fromkeys((f"{low:.0f}", f"{high:.0f}"))
        records.append({"k": k, "low": round(low, 1), "high": round(high, 1)})
        records[-1]["says"] = " to ".join(ends) + "%"
    return pd.DataFrame(records)


def draw_dose(
    width: int,
    panels: Sequence[tuple[str, Sequence[tuple[Source, str, str, float]]]],
    marks: pd.DataFrame,
    last: int,
    start: int,
) -> alt.VConcatChart:
    """Panels one below the other: bands of bounds and the reading at the slider.

    Each panel is a heading and its bands as (source, words, colour, opacity). `marks` has k, side
    and text: the thresholds, drawn in the first panel.
    """
    small = width < 400
    slider = alt.param(
        name="sessions",
        value=start,
        bind=alt.binding_range(min=1, max=last, step=1, name="Number of sessions "),
    )
    scale = alt.Scale(domain=[0.5, last + 0.5], nice=False)
    axis = alt.Axis(values=list(range(2, last + 1, 4 if small else 2)), grid=False)
    x = alt.X("k:Q", scale=scale, axis=axis, title="Sessions or more")
    y_scale = alt.Scale(domain=[0, 100])
    drawn = []
    for number, (heading, parts) in enumerate(panels):
        layers: list[alt.Chart] = []
        for row, (source, words, colour, opacity) in enumerate(parts):
            frame = bands(source, last)
            frame["says"] = words + ": " + frame["says"]
            base = alt.Chart(frame)
            area = base.mark_area(interpolate="step", color=colour, opacity=opacity)
            y = alt.Y("low:Q", scale=y_scale, title="Percent")
            layers.append(area.encode(x, y, alt.Y2("high:Q")))
            for edge in ("low", "high"):
                line = base.mark_line(interpolate="step", color=colour, strokeWidth=1.2)
                layers.append(line.encode(x, alt.Y(f"{edge}:Q", scale=y_scale)))
            read = base.transform_filter("datum.k == sessions")
            text = read.mark_text(align="right", baseline="middle", color=INK, fontSize=12)
            place = {"x": alt.value(width - 68), "y": alt.value(17 * row - 32)}
            layers.append(text.encode(text="says:N", **place))
            swatch = read.mark_point(
                shape="square", size=90, color=colour, stroke=colour, strokeWidth=1.2,
                filled=True, fillOpacity=opacity, opacity=1,
            )  # fmt: skip
            right = {"x": alt.value(width - 58), "y": alt.value(17 * row - 32)}
            layers.append(swatch.encode(**right))
        handle = pd.DataFrame({"k": range(1, last + 1)})
        rule = alt.Chart(handle).transform_filter("datum.k == sessions")
        layers.append(rule.mark_rule(color=INK, strokeWidth=1.5).encode(x))
        if number == 0:
            layers += _thresholds(marks, x, small)
        title = alt.Chart(pd.DataFrame({"t": [heading]})).mark_text(
            align="left", baseline="middle", fontWeight="bold", color=INK
        )
        layers.append(title.encode(x=alt.value(0), y=alt.value(-50), text="t:N"))
        layer = alt.layer(*layers).properties(width=width - 50, height=190 if number else 230)
        drawn.append(layer.add_params(slider) if number == 0 else layer)
    return alt.vconcat(*drawn, spacing=24)


def _thresholds(marks: pd.DataFrame, x: alt.X, small: bool) -> list[alt.Chart]:
    """Thresholds as short ticks on the lower edge with their words upright above them.

    Where there is little room, words next to those of one session fewer stand above them.
    """
    layers, y = [], alt.Y("foot:Q")
    marks = marks.assign(foot=0, crowded=small & (marks["k"] - 1).isin(marks["k"]))
    for side, colour in SIDES.items():
        rows = marks[marks["side"] == side].drop(columns="side")
        if rows.empty:
            continue
        tick = alt.Chart(rows).mark_tick(
            color=colour, thickness=2.5, size=12, orient="vertical", yOffset=-6
        )
        layers.append(tick.encode(x, y))
        for crowded, part in rows.groupby("crowded"):
            lift = 100 if crowded else 15
            words = alt.Chart(part).mark_text(
                angle=270, align="left", baseline="middle", dx=lift, dy=7, color=INK
            )
            layers.append(words.encode(x, y, text="text:N"))
    return layers


def reading_table(columns: Mapping[str, Source], last: int) -> pd.DataFrame:
    """Bounds as text for every number of sessions (rows) and source (columns)."""
    found = {name: bands(source, last)["says"] for name, source in columns.items()}
    return pd.DataFrame({"Sessions or more": [str(k) for k in range(1, last + 1)], **found})
