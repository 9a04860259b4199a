"""A picture of ranges in rows: a bar, its reference dot, a pale extension and thin limits."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, OFFICIAL, Weight


@dataclass(frozen=True)
class Bar:
    """A row of a picture: a range with its reference dot, a pale extension and thin limits."""

    label: str
    low: float
    high: float
    dot: float
    pale: float = np.nan
    least: float = np.nan
    most: float = np.nan
    colour: str = OFFICIAL
    text: str = ""


def bars(
    groups: Sequence[tuple[str, Sequence[Bar]]],
    width: int,
    domain: tuple[float, float],
    title: str,
    outside: tuple[float, float, float] | None = None,
    note: str = "",
) -> alt.LayerChart | alt.FacetChart:
    """Draw groups of bars with labels beside them, or above them where the picture is narrow.

    `outside` is a value with limits that is no part of the first group, drawn through its rows;
    `note` stands above and says what the marks mean.
    """
    narrow = width < 400
    left, step = (4, 34) if narrow else (300, 19)
    y, heads, rows = 0.0, [], []
    notes = [{"y": 14.0 * n + 8, "l": line} for n, line in enumerate(_wrapped(note, width))]
    y += 14.0 * len(notes)
    first = y + 24
    for heading, members in groups:
        y += 6
        for line in _wrapped(heading, width):
            y += 15
            heads.append({"y": y, "t": line})
        y += 2 if narrow else 14
        for bar in members:
            y += step if narrow else 0
            rows.append({**bar.__dict__, "y": y})
            if narrow and bar.text:
                rows[-1]["label"] = f"{bar.label}: {bar.text}"
            y += 0 if narrow else step
        y += 12 if narrow else 0
    last = max((row["y"] for row in rows[: len(groups[0][1])]), default=y) + 8
    frame = pd.DataFrame(rows).rename(
        columns={"label": "l", "colour": "c", "text": "t", "least": "b", "most": "e", "pale": "p"}
    )
    frame = frame.round(2)
    x = alt.Scale(domain=list(domain), range=[left, width - 8], nice=False)
    axis = alt.Axis(
        values=[v for v in range(-40, 101, 20 if narrow else 10) if domain[0] <= v <= domain[1]],
        title=title,
        labelExpr="replace(datum.label, '-', '−')",
    )
    vertical = alt.Scale(domain=[0, y], range=[0, y])
    base = alt.Chart(frame).encode(y=alt.Y("y:Q", scale=vertical, axis=None))

    def span(
        start: str, stop: str, size: float, opacity: float, source: alt.Chart = base
    ) -> alt.Chart:
        mark: alt.Chart = source.mark_rule(strokeWidth=size, opacity=opacity, strokeCap="butt")
        return mark.encode(
            x=alt.X(f"{start}:Q", scale=x, axis=axis),
            x2=f"{stop}:Q",
            color=alt.Color("c:N", scale=None, legend=None),
        )

    def words(rows: pd.DataFrame, weight: Weight, where: float, dy: float) -> alt.Chart:
        mark: alt.Chart = alt.Chart(rows).mark_text(
            align="left", baseline="middle", fontWeight=weight, fontSize=12, color=INK, dy=dy
        )
        return mark.encode(
            y=alt.Y("y:Q", scale=vertical, axis=None),
            x=alt.value(where),
            text="t:N" if weight == "bold" else "l:N",
        )

    layers: list[alt.Chart] = []
    if outside is not None:
        value, low, high = outside
        band = pd.DataFrame([{"v": value, "a": low, "z": high, "y": first, "k": last}])
        strip = alt.Chart(band).encode(y=alt.Y("y:Q", scale=vertical, axis=None), y2="k:Q")
        layers += [
            strip.mark_rect(color=CRITIC, opacity=0.12).encode(
                x=alt.X("a:Q", scale=x, axis=axis), x2="z:Q"
            ),
            strip.mark_rule(color=CRITIC, strokeDash=[4, 3]).encode(x=alt.X("v:Q", scale=x)),
        ]
    bounded = frame[frame["b"].notna()]
    ends = alt.Chart(bounded).encode(y=alt.Y("y:Q", scale=vertical, axis=None))
    layers += [
        span("b", "e", 1.5, 0.9, ends),
        *(
            ends.mark_tick(thickness=1.5, height=8, orient="vertical").encode(
                x=alt.X(f"{end}:Q", scale=x), color=alt.Color("c:N", scale=None)
            )
            for end in ("b", "e")
        ),
        span("high", "p", 8, 0.7),
        span("low", "high", 8, 1),
        base.mark_point(filled=True, size=46, opacity=1, strokeWidth=1.5).encode(
            x=alt.X("dot:Q", scale=x),
            stroke=alt.Stroke("c:N", scale=None),
            fill=alt.value("white"),
        ),
        words(frame, "normal", 0, -14 if narrow else 0),
        words(pd.DataFrame(heads), "bold", 0, -4),
    ]
    if not narrow:
        numbers = base.mark_text(align="right", baseline="middle", color=INK)
        layers.append(numbers.encode(x=alt.value(left - 14), text="t:N"))
    if notes:
        layers.append(words(pd.DataFrame(notes), "normal", 0, 0))
    return alt.layer(*layers).properties(width=width, height=y)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, int(width / 7))
