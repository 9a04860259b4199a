"""Months of work by year since treatment, all and unemployed, beside what a course needs."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.charts import FOUNDER, INK, MUTED, OFFICIAL, RULE, Chart, Weight
from analysis.cost_offset.versions import needed_2014
from analysis.cost_offset.work_months import (
    GRADUAL,
    HELD,
    LINKED,
    NAMES,
    RETURNS,
    Path,
    linked_path,
    needs,
)
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, lineage
from analysis.tables import Table

YEARS = tuple(range(11))
SHOWN = (2, 5, 7, 10)
NARROW, HEIGHT, AXIS, MARGIN, HEADING = 400, 250, 52, 54, -40  # pixels
WAYS = {HELD: "at once", GRADUAL: "gradual"}


@dataclass(frozen=True)
class Panel:
    """One group: months of work it gains, months a course needs, and what the founders need."""

    name: str
    path: Path
    needed: Quantity
    founders: Quantity

    @property
    def limits(self) -> tuple[float, float]:
        """Low and high end of what is needed."""
        return self.needed.interval.limits or (self.needed.value, self.needed.value)

    @property
    def lines(self) -> pd.DataFrame:
        """Months gained by year, in both ways."""
        return pd.DataFrame(
            [
                {"how": how, "year": year, "months": self.path.gained(12 * year, how).value}
                for how in WAYS
                for year in YEARS
            ]
        )


@computes
def needed_and_found(evidence: Evidence) -> dict[str, Chart]:
    """Person-months by years since treatment in both ways and groups, and what a course needs."""
    panels = [
        Panel(
            NAMES[group],
            linked_path(evidence, group),
            needs(evidence, group)[RETURNS].needed,
            needed_2014(evidence),
        )
        for group in LINKED
    ]
    everyone = panels[0]
    last = everyone.path.month
    most = everyone.path.gained(last, HELD)
    frame = pd.DataFrame(
        [
            {"Group": panel.name, "Needed": panel.needed, "Effect": how}
            | {f"Year {year}": panel.path.gained(12 * year, how) for year in SHOWN}
            for panel in panels
            for how in WAYS
        ]
    )
    table = Table(
        f"Months of work a person, needed to repay a course at the cost of the NHS returns and "
        f"gained by years since treatment, not discounted; the founders' terms of 2014 need "
        f"{everyone.founders}",
        frame,
        rows=lineage(everyone.founders, last),
    )
    title = (
        f"Held from the first day, the linked study's largest effect gives {most} of work a person "
        f"by the end of its evidence; repaying a course needs {everyone.needed.with_limits()}"
    )
    alt_text = (
        "Panels for all who finished and for the unemployed, on one scale. Lines of months of work "
        "gained per person against years since treatment: the upper with the largest effect from "
        "the first month, the lower with an effect that rises to it. A band with a line in it "
        "marks what the cost of a course needs, another line what the founders' terms need. Years "
        "beyond the evidence are shaded."
    )
    return {
        "thresholds_chart": Chart(
            title, alt_text, table, lambda w: _draw(panels, last.value / 12, w)
        )
    }


def _draw(panels: list[Panel], last: float, width: int) -> alt.VConcatChart:
    """Every panel on one scale that reaches beyond the high end of what is needed."""
    reach = [max(panel.limits[1], float(panel.lines["months"].max())) for panel in panels]
    return alt.vconcat(
        *(_panel(panel, last, 1.05 * max(reach), width) for panel in panels), spacing=48
    )


def _panel(panel: Panel, last: float, top: float, width: int) -> alt.LayerChart | alt.FacetChart:
    """The lines of a group; what is needed stands above the panel and at its right end."""
    size = 11 if width < NARROW else 12
    inner = width - AXIS - MARGIN
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[YEARS[0], YEARS[-1]], nice=False),
        axis=alt.Axis(title="Years since treatment", values=list(YEARS[::2])),
    )
    up = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("months:Q", scale=up, axis=alt.Axis(title="Months of work a person", tickCount=5))
    low, high = panel.limits
    beyond = pd.DataFrame({"year": [last], "end": [YEARS[-1]]})
    band = pd.DataFrame({"months": [low], "high": [high]})
    levels = pd.DataFrame(
        [(panel.needed.value, INK), (panel.founders.value, FOUNDER)],
        columns=["months", "colour"],
    )
    colour = alt.Color("colour:N", scale=None, legend=None)
    dashes = alt.StrokeDash(
        "how:N", legend=None, scale=alt.Scale(domain=list(WAYS), range=[[1, 0], [6, 3]])
    )

    def at_end(text: str, months: float, colour: str, dy: int = 0) -> alt.Chart:
        """A name in the margin, moved a little so that close lines keep theirs apart."""
        found: alt.Chart = alt.Chart(pd.DataFrame({"months": [months], "text": [text]})).mark_text(
            align="left", dx=5, dy=dy, fontSize=size, color=colour
        )
        return found.encode(x=alt.value(inner), y=y, text="text:N")

    def heading(text: str, up_by: int, colour: str, weight: Weight) -> alt.Chart:
        found: alt.Chart = alt.Chart(pd.DataFrame({"text": [text]})).mark_text(
            align="left", baseline="bottom", fontSize=size, fontWeight=weight, color=colour
        )
        return found.encode(x=alt.value(HEADING), y=alt.value(-up_by), text="text:N")

    return alt.layer(
        alt.Chart(beyond).mark_rect(color=RULE, opacity=0.4).encode(x=x, x2="end:Q"),
        alt.Chart(band).mark_rect(color=MUTED, opacity=0.18).encode(y=y, y2="high:Q"),
        alt.Chart(levels).mark_rule(strokeDash=[5, 3], strokeWidth=2).encode(y=y, color=colour),
        at_end("needed", panel.needed.value, INK),
        at_end("founders", panel.founders.value, FOUNDER, 6),
        *(at_end(WAYS[how], panel.path.gained(12 * YEARS[-1], how).value, OFFICIAL, -5)
          for how in WAYS),
        alt.Chart(panel.lines).mark_line(color=OFFICIAL).encode(x=x, y=y, strokeDash=dashes),
        heading(panel.name, 21, INK, "bold"),
        heading(f"needed at NHS costs: {panel.needed.with_limits()}", 5, INK, "normal"),
        alt.Chart(beyond.assign(year=beyond["end"])).mark_text(
            color=MUTED, align="right", dx=-4, fontSize=size).encode(
            x=x, y=alt.value(10), text=alt.value("no evidence")),
    ).properties(width=inner, height=HEIGHT)  # fmt: skip
