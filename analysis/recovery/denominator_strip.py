"""The picture of recovery over five bases, by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, FINANCIAL_YEAR, INK
from analysis.quantity import Quantity

SHAPES = {
    "finished_at_caseness": "circle",
    "finished": "square",
    "started": "triangle-up",
    "ended": "diamond",
    "referred": "cross",
}


def _points(by_year: dict[str, dict[str, Quantity]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (int(year[:4]), base, rate.value)
            for year, rates in by_year.items()
            for base, rate in rates.items()
        ],
        columns=["start", "base", "percent"],
    )


def draw_strip(
    width: int,
    annual: dict[str, dict[str, Quantity]],
    monthly: dict[str, dict[str, Quantity]],
    critics: pd.DataFrame,
    labels: Mapping[str, str],
) -> alt.HConcatChart | alt.VConcatChart:
    """Two panels that are never joined: annual tables, with the critics' points, and month sums.

    Rates are quantities by year and base; `critics` has columns period, base and percent.
    """
    narrow = width < 400
    first, second = (width - 50, width - 50) if narrow else (int(width * 0.56), int(width * 0.28))
    outside = critics[["base", "percent"]].assign(
        start=[int(period[:4]) for period in critics["period"]]
    )
    left = _panel(
        _points(annual), outside, first, [2012, 2016, 2020, 2024], "Annual tables", labels
    )
    right = _panel(
        _points(monthly), outside.iloc[:0], second, [2021, 2023, 2025], "Sums of months", labels
    )
    return alt.vconcat(left, right) if narrow else alt.hconcat(left, right)


def _panel(
    points: pd.DataFrame,
    outside: pd.DataFrame,
    width: int,
    ticks: Sequence[int],
    name: str,
    labels: Mapping[str, str],
) -> alt.LayerChart | alt.FacetChart:
    starts = [*points["start"], *outside["start"]]
    x = alt.X(
        "start:Q",
        title=name,
        scale=alt.Scale(domain=[min(starts) - 0.6, max(starts) + 0.6], nice=False),
        axis=alt.Axis(
            values=list(ticks),
            grid=False,
            labelExpr=FINANCIAL_YEAR,
        ),
    )
    y = alt.Y("percent:Q", title="Recovered, percent of base", scale=alt.Scale(domain=[0, 60]))
    shape = alt.Shape(
        "base:N",
        legend=None,
        scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
    )
    layers = [
        alt.Chart(points).mark_point(filled=True, size=50, opacity=1).encode(x, y, shape),
    ]
    if not outside.empty:
        top = outside.nlargest(1, "percent")
        critic = alt.Chart(outside).mark_point(filled=False, size=80, color=CRITIC, strokeWidth=2)
        label = alt.Chart(top).mark_text(align="left", dx=-6, dy=-52, color=CRITIC, lineBreak="|")
        text = "Critics|(Griffiths|& Steen)"
        layers += [critic.encode(x, y, shape), label.encode(x, y, text=alt.value(text))]
    for base, label in labels.items():
        own = points[points["base"] == base]
        late = own[own["start"] > own["start"].max() - (7 if base != "ended" else 1)]
        above = base not in ("finished", "referred")
        level = late["percent"].max() if above else late["percent"].min()
        at = pd.DataFrame({"start": [own["start"].max()], "percent": [level]})
        mark = alt.Chart(at).mark_text(align="right", dx=6, dy=-13 if above else 15, color=INK)
        layers.append(mark.encode(x, y, text=alt.value(label)))
    return alt.layer(*layers).properties(width=width, height=320)
