"""The picture of the monthly recovery rate."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, Align


def draw_months(
    width: int, frame: pd.DataFrame, limits: pd.DataFrame, standard: float, events: pd.DataFrame
) -> alt.LayerChart | alt.FacetChart:
    """Months as points on a line, process intervals as bars, the standard as a dashed line.

    `frame` has the column published, `limits` low and high (percent), both indexed by month;
    `events` has date and kind: shocks become verticals.
    """
    narrow = width < 400
    first_days, shocks = frame.index + "-01", events[events["kind"] == "shock"]
    data = pd.DataFrame({"month": first_days, "percent": frame["published"].to_numpy()})
    data["below"] = data["percent"] < standard
    bars = limits.round(2).assign(month=limits.index + "-01")
    x = alt.X(
        "month:T",
        title=["bars: month-to-month interval", "triangles: below the standard"],
        scale=alt.Scale(type="utc", domain=["2013-04-01", "2026-07-01"]),
        axis=alt.Axis(
            format="%Y",
            tickCount={"interval": "year", "step": 4 if narrow else 2},
            grid=False,
        ),
    )
    y = alt.Y("percent:Q", title="Recovered, percent", scale=alt.Scale(domain=[42, 56]))
    band = alt.Chart(bars).mark_rule(color=OFFICIAL, opacity=0.7, strokeWidth=1 if narrow else 2)
    base = alt.Chart(data).encode(x, y)
    shock_days = shocks["date"] + "-01"
    marks = pd.DataFrame({"month": shock_days, "y": [42.7, 43.9][: len(shocks)]})
    marks["label"] = ["pandemic", "old cases|closed"][: len(shocks)]
    goal = pd.DataFrame({"percent": [standard], "month": ["2013-06-01"]})
    layers = [
        alt.Chart(goal).mark_rule(color=INK, strokeDash=[6, 4]).encode(y=y),
        alt.Chart(goal)
        .mark_text(align="left", dy=-8, color=INK)
        .encode(x, y, text=alt.value("standard")),
        alt.Chart(marks).mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x),
        band.encode(x, alt.Y("low:Q"), alt.Y2("high:Q")),
        base.mark_line(color=OFFICIAL, strokeWidth=1),
        base.transform_filter("!datum.below").mark_point(
            color=OFFICIAL, filled=True, size=14 if narrow else 24, opacity=1
        ),
        base.transform_filter("datum.below").mark_point(
            color=INK, filled=True, shape="triangle-down", size=14 if narrow else 26, opacity=1
        ),
    ]
    sides: tuple[tuple[Align, int, pd.DataFrame], ...] = (
        ("right", -3, marks.iloc[:1]),
        ("left", 3, marks.iloc[1:]),
    )
    for side, dx, row in sides:
        words = alt.Chart(row).mark_text(align=side, dx=dx, color=MUTED, lineBreak="|")
        layers.append(words.encode(x, alt.Y("y:Q"), text="label:N"))
    return alt.layer(*layers).properties(width=width - 50, height=300)
