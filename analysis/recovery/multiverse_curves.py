"""Specification curves: every admissible combination in order, with its choices beneath.

Curves are drawn question by question, never over several questions.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import INK, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import computes
from analysis.recovery.bases import BASES
from analysis.recovery.multiverse_estimands import (
    Estimand,
    all_points,
    estimand_table,
    estimands,
)
from analysis.recovery.multiverse_grid import (
    service_multiverse,
)

MARKS = {
    "source": {"annual": "annual tables", "months": "sums of months", "cohort": "one cohort"},
    "missing": {
        "not_recovered": "missing: taken as no",
        "pairs": "missing: left out",
        "measured": "missing: left out",
        "model": "missing: trial's model",
        "waiting_list": "missing: waiting list",
        "finishers": "missing: as finishers",
    },
    "comparison": {
        f"{scale}_{months}": f"{label}, {months} months"
        for months in (6, 12)
        for scale, label in {"rd": "difference", "rr": "ratio", "or": "odds ratio"}.items()
    },
}
PLOT, LABELS = 162, 126


@computes
def multiverse_curves(evidence: Evidence) -> dict[str, Chart]:
    """A curve for each question about England: answers in order, options marked beneath."""
    service = service_multiverse(evidence)
    items = [item for item in estimands(all_points(service)) if item.key[0] in BASES]
    return {
        "multiverse_curves": Chart(
            title="Within a question the answers lie close together, except where people who "
            "left before a last score have to be given an outcome",
            alt="Small panels, one for each question. In each the admissible answers rise from "
            "left to right; marks beneath show year, source, missing-data rule and comparator of "
            "each answer. Panels of people who finished are flat; panels of people who started or "
            "whose referral ended jump where those who left are treated as finishers.",
            table=estimand_table(evidence, service),
            draw=lambda width: alt.concat(
                *(_panel(item) for item in items), columns=1 if width < 400 else 2, spacing=14
            ).resolve_scale(color="independent", opacity="independent"),
        )
    }


def _panel(item: Estimand) -> alt.VConcatChart:
    """One question: the curve above, a row of marks for each option in use beneath."""
    points = item.points.sort_values("value", kind="stable").reset_index(drop=True)
    frame = pd.DataFrame({"r": points.index + 1, "v": points["value"].round(2)})
    frame["lo"], frame["hi"] = points["low"].round(2), points["high"].round(2)
    colour = TRIAL if item.key[2] == "net" else OFFICIAL
    rank = alt.X("r:Q", axis=None, scale=alt.Scale(domain=[0, len(frame) + 1], nice=False))
    value = alt.Scale(domain=[0, 75], range=[84, 34], nice=False)
    curve = alt.Chart(frame).encode(x=rank)
    axis = alt.Axis(values=[0, 25, 50, 75], title=None, minExtent=LABELS, maxExtent=LABELS)
    size = 26 if len(frame) < 50 else 6
    heads = [item.group if len(item.group) < 40 else "Reliable recovery, net, carried over"]
    titles = alt.Chart(pd.DataFrame({"t": [*heads, item.label], "y": [6, 21]})).mark_text(
        align="left", baseline="middle", fontSize=12, color=INK
    )
    layers = [
        titles.encode(
            x=alt.value(-LABELS),
            y=alt.Y("y:Q", scale=None),
            text="t:N",
        ),
        curve.mark_point(filled=True, size=size, color=colour, opacity=1).encode(
            y=alt.Y("v:Q", scale=value, axis=axis)
        ),
    ]
    if item.key[2] == "net":
        limits = curve.mark_rule(color=colour, opacity=0.7)
        layers.insert(1, limits.encode(y=alt.Y("lo:Q", scale=value, axis=None), y2="hi:Q"))
    top = alt.layer(*layers).resolve_scale(y="independent").properties(width=PLOT, height=84)
    return alt.vconcat(top, _marks(points, rank), spacing=4)


def _marks(points: pd.DataFrame, rank: alt.X) -> alt.Chart:
    """Rows of ticks: shade for the year, a row for each level of each option in use."""
    rows: list[dict[str, Any]] = []
    order = ["year: later bolder"]
    years = sorted(points["year"].unique())
    for place, point in points.iterrows():
        shade = 0.5 + 0.5 * years.index(point["year"]) / max(len(years) - 1, 1)
        rows.append({"r": place + 1, "m": order[0], "o": round(shade, 2)})
        for option, labels in MARKS.items():
            if label := labels.get(point[option]):
                rows.append({"r": place + 1, "m": label, "o": 1})
    used = {row["m"] for row in rows}
    order += [label for labels in MARKS.values() for label in labels.values() if label in used]
    width = max(1.0, min(5.0, 0.7 * PLOT / len(points)))
    marks: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_tick(orient="vertical", thickness=width, height=8, color=INK)
        .encode(
            x=rank,
            y=alt.Y(
                "m:N",
                sort=list(dict.fromkeys(order)),
                axis=alt.Axis(
                    title=None,
                    minExtent=LABELS,
                    maxExtent=LABELS,
                    labelFontSize=11,
                    labelLimit=LABELS,
                    domain=False,
                    ticks=False,
                ),
            ),
            opacity=alt.Opacity("o:Q", scale=None, legend=None),
        )
        .properties(width=PLOT, height=alt.Step(11))
    )
    return marks
