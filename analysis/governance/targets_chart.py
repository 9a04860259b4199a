"""The picture of targets against what was reached: a panel for each kind of target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL

FIRST, LAST = 2012, 2024
NARROW = 400


@dataclass(frozen=True)
class Panel:
    """One panel: what picks its rows, its scale, and a heading where the data's words do not do.

    A relative panel shows what was reached as a percentage of the target.
    """

    area: str
    words: str
    domain: tuple[float, float]
    heading: str = ""
    relative: bool = False

    def rows(self, frame: pd.DataFrame) -> pd.Series:
        """Which rows of the table of targets belong in this panel."""
        return (frame["area"] == self.area) & frame["target"].str.contains(self.words)


ACCESS = "Access, as a share of the target"
PANELS = {
    "recovery": Panel("recovery", "recovery rate", (40, 55)),
    "six": Panel("waits", "six", (60, 100)),
    "eighteen": Panel("waits", "eighteen", (90, 100)),
    "people": Panel("access", "people", (50, 120), ACCESS, relative=True),
    "rate": Panel("access", "rate", (50, 120), ACCESS, relative=True),
}
KEY = (
    ("circle", True, "met"),
    ("circle", False, "missed"),
    ("square", True, "met, as a rate of the last quarter"),
)


def points(frame: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Year, value and target of a panel; relative panels are in percent of the target.

    A quarter at the end of a financial year is placed in that year.
    """
    year = frame["period"].str[:4].astype(int) - (frame["period_kind"] != "year").astype(int)
    target = frame["target_value"]
    value = 100 * frame["actual_value"] / target if panel.relative else frame["actual_value"]
    aim = (0 * target + 100) if panel.relative else target
    found = pd.DataFrame({"year": year, "value": value.round(2), "aim": aim})
    found["reached"] = frame["reached"].map({True: "met", False: "missed"})
    return found[found["reached"].notna()].sort_values("year")


def draw_targets(panels: Mapping[str, pd.DataFrame], width: int) -> alt.VConcatChart:
    """Panels beside each other, or below each other on a phone."""
    narrow = width < NARROW
    size = width - 48 if narrow else int((width - 110) / 2)
    found = {key: points(frame, PANELS[key]) for key, frame in panels.items()}
    drawn = {}
    for key in ("recovery", "six", "people", "eighteen"):
        shapes = {"circle": found[key]}
        if key == "people":
            shapes["square"] = found["rate"]
        said = str(panels[key]["target"].iloc[0]).partition(",")[0]
        heading = PANELS[key].heading or said[0].upper() + said[1:]
        drawn[key] = _panel(shapes, PANELS[key], heading, size)
    order = ("recovery", "six", "eighteen", "people") if narrow else tuple(drawn)
    rows = [order[at : at + 1] for at in range(4)] if narrow else [order[:2], order[2:]]
    grid = [alt.hconcat(*(drawn[key] for key in row), spacing=28) for row in rows]
    return alt.vconcat(_key(width), *grid, spacing=22)


def _key(width: int) -> alt.LayerChart | alt.FacetChart:
    """What the marks mean, above the panels; the last on a line of its own on a phone."""
    inner = width - 20
    height = 34 if width < NARROW else 14
    places = ((10, 7), (60, 7), (10, 27) if width < NARROW else (135, 7))
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, inner], range=[0, inner]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    layers: list[alt.Chart] = []
    for (left, top), (shape, filled, words) in zip(places, KEY, strict=True):
        place = pd.DataFrame({"x": [float(left)], "y": [float(top)], "text": [words]})
        mark = alt.Chart(place).mark_point(
            shape=shape, filled=filled, color=OFFICIAL, size=75, strokeWidth=2, opacity=1
        )
        text = alt.Chart(place).mark_text(align="left", dx=9, fontSize=12, color=INK)
        layers += [mark.encode(x=x, y=y), text.encode(x=x, y=y, text="text:N")]
    return alt.layer(*layers).properties(width=inner, height=height)


def _panel(
    shapes: Mapping[str, pd.DataFrame], panel: Panel, heading: str, size: int
) -> alt.LayerChart | alt.FacetChart:
    axis = alt.Axis(
        values=list(range(FIRST, LAST + 1, 3)),
        labelExpr="datum.value + '-' + format((datum.value + 1) % 100, '02')",
        grid=False,
    )
    across = alt.Scale(domain=[FIRST - 0.6, LAST + 0.6], nice=False)
    x = alt.X("year:Q", scale=across, axis=axis, title=None)
    up = alt.Scale(domain=list(panel.domain), nice=False)
    percent = alt.Axis(labelExpr="datum.value + '%'", tickCount=4, gridOpacity=0.5)
    y = alt.Y("value:Q", scale=up, axis=percent, title=None)
    aims = pd.concat(shapes.values())
    layers: list[alt.Chart] = [
        alt.Chart(aims[["year", "aim"]].drop_duplicates())
        .mark_tick(orient="horizontal", thickness=2, size=size / 15, color=MUTED)
        .encode(x=x, y=alt.Y("aim:Q", scale=up))
    ]
    for shape, frame in shapes.items():
        for filled, outcome in ((True, "met"), (False, "missed")):
            chosen = frame[frame["reached"] == outcome][["year", "value"]]
            mark = alt.Chart(chosen).mark_point(
                shape=shape, filled=filled, color=OFFICIAL, size=75, strokeWidth=2, opacity=1
            )
            layers.append(mark.encode(x=x, y=y))
    label = aims.sort_values("year").iloc[[-1]].assign(text="target")
    words = alt.Chart(label[["year", "aim", "text"]]).mark_text(
        align="right", dx=10, dy=11, color=MUTED, fontSize=11
    )
    layers.append(words.encode(x=x, y=alt.Y("aim:Q", scale=up), text="text:N"))
    head = alt.Chart(pd.DataFrame({"text": [heading]})).mark_text(
        align="left", baseline="bottom", fontSize=12, fontWeight="bold", color=INK
    )
    layers.append(head.encode(x=alt.value(0), y=alt.value(-8), text="text:N"))
    return alt.layer(*layers).properties(width=size, height=150)
