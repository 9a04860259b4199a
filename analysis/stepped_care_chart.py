"""Finished courses by the intensities they had, year by year, as a picture.

Courses whose intensity is not stated may belong to any of the groups: a bar rises from each
point to what the share is if all of them do.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import FINANCIAL_YEAR, INK, MUTED, OFFICIAL, Chart
from analysis.tables import Table

UNSTATED = "Not stated"
# Colour, shape, step aside in years so that bars stand apart, and height of the name.
LOOKS: dict[str, tuple[str, str, float, float]] = {
    "Low and high intensity": (MUTED, "square", -0.1, 42.3),
    "Low intensity only": (OFFICIAL, "circle", 0.1, 32.7),
    "High intensity only": (INK, "diamond", 0.0, 21.5),
}


def stepped_care_chart(shares: pd.DataFrame, title: str, alternative: str, table: Table) -> Chart:
    """Lines of percent by financial year (rows, as "2017-18") and group (columns)."""
    return Chart(title, alternative, table, lambda width: _draw(width, shares))


def _draw(width: int, shares: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    small = width < 400
    starts = [int(year[:4]) for year in shares.index]
    x = alt.X(
        "start:Q",
        title=["Financial year", "bars: with those not stated"],
        scale=alt.Scale(domain=[starts[0] - 0.3, starts[-1] + 0.5], nice=False),
        axis=alt.Axis(values=starts[:: 3 if small else 1], grid=False, labelExpr=FINANCIAL_YEAR),
    )
    y = alt.Y("percent:Q", title="Percent of finished courses", scale=alt.Scale(domain=[0, 50]))
    layers: list[alt.Chart] = []
    for group, (colour, shape, aside, height) in LOOKS.items():
        points = pd.DataFrame({"start": starts, "percent": shares[group].round(2).to_numpy()})
        points["start"] += aside
        points["high"] = (shares[group] + shares[UNSTATED]).round(2).to_numpy()
        words = group.replace(" intensity", "") if small else group
        name = pd.DataFrame({"start": starts[:1], "percent": [height]})
        base = alt.Chart(points).encode(x, y)
        layers += [
            base.mark_rule(color=colour, strokeWidth=3, opacity=0.7).encode(y2="high:Q"),
            base.mark_line(color=colour),
            base.mark_point(color=colour, shape=shape, opacity=1),
            alt.Chart(name)
            .mark_text(align="left", dx=-4, color=colour, fontWeight="bold")
            .encode(x, y, text=alt.value(words)),
        ]
    return alt.layer(*layers).properties(width=width - 50, height=280)
