"""Drawing of the commissioner's view: rows of boards with a menu that picks one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL

NARROW = 400
TOP, LINE, STRIP, HEADING, GAP = 54, 16, 22, 24, 8


def _places(headings: Sequence[str], narrow: bool) -> tuple[list[float], list[tuple[str, float]]]:
    """Vertical place of every strip and heading, in pixels; the last heading is the height."""
    strips: list[float] = []
    named: list[tuple[str, float]] = []
    y = float(TOP)
    for number, heading in enumerate(headings):
        if number == 0 or headings[number - 1] != heading:
            y += HEADING
            named.append((heading, y))
        y += LINE * (2 if narrow else 1) + STRIP
        strips.append(y - STRIP / 2 + 2)
        y += GAP
    named.append(("", y))
    return strips, named


def draw_view(
    width: int,
    data: pd.DataFrame,
    counts: pd.DataFrame,
    headings: Sequence[str],
    labels: Sequence[str],
) -> alt.LayerChart | alt.FacetChart:
    """Strips of all boards, England's tick, and the chosen board's dot with both values in words.

    ``data`` has a row an area and measure: name ``a``, number of the measure ``m``, percent ``v``;
    England comes first and then the board shown at first. ``counts`` has referrals received ``r``
    and finished courses ``f`` of every board ``a``.
    """
    narrow = width < NARROW
    names = list(dict.fromkeys(data["a"]))
    start, options = names[1], sorted(names[1:])
    strips, named = _places(headings, narrow)
    height = named.pop()[1]
    menu = alt.param(
        name="board",
        value=start,
        bind=alt.binding_select(options=options, name="Integrated care board "),
    )
    y_scale = alt.Scale(domain=[0, height], range=[0, height])
    y = alt.Y("y:Q", axis=None, scale=y_scale)
    x = alt.X(
        "v:Q",
        title="Percent",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(tickCount=5, gridOpacity=0.6),
    )
    lookup = alt.LookupData(
        pd.DataFrame({"m": range(len(strips)), "y": strips, "l": list(labels)}), "m", ["y", "l"]
    )
    rows = alt.Chart(data).transform_lookup("m", lookup)
    boards = rows.transform_filter("datum.a != 'England'")
    chosen = rows.transform_filter("datum.a == board")
    whole = rows.transform_filter("datum.a == 'England'")
    both = (
        rows.transform_filter("datum.a == board || datum.a == 'England'")
        .transform_calculate(
            here="datum.a == 'England' ? null : datum.v",
            there="datum.a == 'England' ? datum.v : null",
        )
        .transform_aggregate(here="max(here)", there="max(there)", groupby=["m", "y", "l"])
        .transform_calculate(
            numbers="format(datum.here, '.1f') + '%, England ' + format(datum.there, '.1f') + '%'"
        )
    )
    label = both.transform_calculate(y=f"datum.y - {STRIP / 2 + (LINE if narrow else 0)}")
    number = both.transform_calculate(y=f"datum.y - {STRIP / 2}")
    heads = pd.DataFrame(named, columns=["text", "y"])
    own = (
        alt.Chart(counts)
        .transform_filter("datum.a == board")
        .transform_calculate(
            size="format(datum.r, ',') + ' referrals, ' + format(datum.f, ',') + ' finished'"
        )
    )
    marks = "tall tick: England; thin ticks: the other boards"
    meaning = alt.Chart(pd.DataFrame({"text": [marks]}))
    above: dict[str, Any] = {"align": "left", "baseline": "bottom"}
    layers = [
        boards.mark_tick(orient="vertical", size=12, thickness=1, color=MUTED, opacity=0.7).encode(
            x, y
        ),
        whole.mark_tick(orient="vertical", size=20, thickness=3, color=INK, opacity=1).encode(x, y),
        chosen.mark_point(filled=True, size=110, color=OFFICIAL, opacity=1).encode(x, y),
        label.mark_text(color=INK, **above).encode(x=alt.value(0), y=y, text="l:N"),
        number.mark_text(
            align="left" if narrow else "right",
            baseline="bottom",
            color=OFFICIAL,
            fontWeight="bold",
        ).encode(x=alt.value(0 if narrow else width - 20), y=y, text="numbers:N"),
        own.mark_text(fontWeight="bold", fontSize=13, color=OFFICIAL, limit=width, **above).encode(
            x=alt.value(0), y=alt.value(16), text="a:N"
        ),
        own.mark_text(color=OFFICIAL, **above).encode(
            x=alt.value(0), y=alt.value(32), text="size:N"
        ),
        meaning.mark_text(color=MUTED, **above).encode(
            x=alt.value(0), y=alt.value(48), text="text:N"
        ),
        alt.Chart(heads)
        .mark_text(fontWeight="bold", fontSize=13, color=INK, **above)
        .encode(x=alt.value(0), y=y, text="text:N"),
    ]
    return alt.layer(*layers).add_params(menu).properties(width=width - 20, height=height)
