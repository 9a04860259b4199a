"""The picture of the timeline: years from top to bottom, lanes beside each other.

On a phone there is no room for lanes: the events stand below each other and the mark and a word
say whose they are.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, FOUNDER, INK, MUTED, OFFICIAL, RULE, Weight


@dataclass(frozen=True)
class Lane:
    """A lane: its heading, the mark of its events, and its place and width among 620 pixels."""

    heading: str
    shape: str
    colour: str
    left: float
    width: float


LANES = {
    "government": Lane("government", "square", INK, 42, 240),
    "programme": Lane("programme", "circle", FOUNDER, 42, 240),
    "independent": Lane("independent", "diamond", OFFICIAL, 286, 200),
    "critic": Lane("critics", "cross", CRITIC, 490, 130),
    "statistics": Lane("statistics changed or corrected", "triangle-up", MUTED, 0, 36),
}
GUTTER = "statistics"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KEY = {"wide": (0, 95, 190, 285, 350), "narrow": (0, 0, 0, 0, 0)}
NARROW, LINE, GAP, SIZE, LETTER = 400, 12.5, 5, 11, 6.0
STEP, IN_ROW = 11, 3


def dated(date: str, text: str) -> str:
    """The text of an event behind its month, where one is known.

    >>> dated("2019-11-13", "Survey")
    'Nov: Survey'
    >>> dated("2012", "Editorial")
    'Editorial'
    """
    return f"{MONTHS[int(date[5:7]) - 1]}: {text}" if len(date) > 4 else text


def placed(
    frame: pd.DataFrame, width: int, top: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, float]:
    """Lines of text, marks and year bands from ``top`` downwards in pixels; and where they end.

    A band is as high as its fullest lane; on a phone all events share one column. Events of the
    statistics are marks below the year, without words.
    """
    narrow = width < NARROW
    lines: list[dict[str, object]] = []
    marks: list[dict[str, object]] = []
    bands: list[dict[str, object]] = []
    for year, events in frame.groupby(frame["date"].str[:4], sort=True):
        filled: dict[float, float] = {}
        for at in range(int((events["lane"] == GUTTER).sum())):
            y = top + 4 + LINE + 11 + STEP * (at // IN_ROW)
            marks.append({"x": 5.0 + STEP * (at % IN_ROW), "y": y, "lane": GUTTER})
            filled[0.0] = y + 6
        for record in events[events["lane"] != GUTTER].itertuples():
            lane = LANES[record.lane]
            left, room = (42.0, width - 44.0) if narrow else (lane.left, lane.width)
            y = filled.get(left, top + 4)
            marks.append({"x": left + 4, "y": y + LINE - 4, "lane": record.lane})
            words = dated(record.date, record.text)
            for line in textwrap.wrap(words, int((room - 12) / LETTER)):
                y += LINE
                lines.append({"x": left + 11, "y": y, "text": line})
            filled[left] = y + GAP
        bands.append({"year": year, "y": top})
        top = max(top + LINE + 8, *filled.values()) + 4
    return pd.DataFrame(lines), pd.DataFrame(marks), pd.DataFrame(bands), top


def draw_timeline(frame: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    """Year bands with the events of each lane; every mark has its lane's shape and colour."""
    narrow = width < NARROW
    places, row = KEY["narrow" if narrow else "wide"], 18.0
    key = pd.DataFrame(
        [
            {"lane": name, "text": lane.heading, "x": 5.0 + places[at],
             "y": 10 + row * at if narrow else 10.0}
            for at, (name, lane) in enumerate(LANES.items())
        ]
    )  # fmt: skip
    lines, marks, bands, height = placed(frame, width, row * (len(LANES) if narrow else 1) + 8)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, width], range=[0, width]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    edges = bands.assign(x=0.0, end=float(width))[["x", "end", "y"]]
    years = bands.assign(y=bands["y"] + 4 + LINE, x=0.0, text=bands["year"])[["x", "y", "text"]]
    words = key.assign(x=key["x"] + 8, y=key["y"] + 4)[["x", "y", "text"]]
    layers: list[alt.Chart] = [
        alt.Chart(edges).mark_rule(color=RULE).encode(x=x, x2="end:Q", y=y),
        _words(years, bold=True).encode(x=x, y=y, text="text:N"),
        _words(pd.concat([words, lines])).encode(x=x, y=y, text="text:N"),
    ]
    both = pd.concat([marks, key[["x", "y", "lane"]]])
    for name, lane in LANES.items():
        chosen = both[both["lane"] == name][["x", "y"]]
        mark = alt.Chart(chosen).mark_point(
            shape=lane.shape, filled=True, color=lane.colour, size=45, opacity=1
        )
        layers.append(mark.encode(x=x, y=y))
    return alt.layer(*layers).properties(width=width, height=height)


def _words(frame: pd.DataFrame, bold: bool = False) -> alt.Chart:
    weight: Weight = "bold" if bold else "normal"
    words: alt.Chart = alt.Chart(frame).mark_text(
        align="left", baseline="alphabetic", color=INK, fontSize=SIZE, fontWeight=weight
    )
    return words
