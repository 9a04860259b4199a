"""The totals given for the programme, year by year and added up, beside what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, OFFICIAL, Chart
from analysis.cost_offset.activity import YEAR, spent, total_cost
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, lineage, share
from analysis.tables import Table

NARROW, HEIGHT = 400, 320
FIRST = 2008
KNOWN = (
    "allocated_2008_09",
    "allocated_2009_10",
    "allocated_2010_11",
    "stated_2012_13",
    "reported_2016_17",
    "reported_2017_18",
    "reported_2021_22",
)
TOTALS = {
    "allocated": "central allocation, local money excluded",
    "stated": "as a minister said",
    "commissioners": "with two other services",
    "reported": "as reported through the critic",
    "returned": "NHS trusts only",
    "critic": "as the critic puts it",
    "estimate": "all providers at the trusts' cost of a contact",
}
DATES = {"critic_47_providers": 2021.5, "critic_2021": 2021.5, "critic_about_2022": 2022.5}
LOWER = ("allocated", "stated", "returned")


@dataclass(frozen=True)
class Total:
    """A total of a year: how it was come by, when (middle of the year), and the money."""

    kind: str
    period: str
    when: float
    money: Quantity


def totals(evidence: Evidence) -> list[Total]:
    """Every total for a single year of the whole programme, from first to last, and an estimate."""
    frame = evidence.table("programme_spend", measure="money", unit="GBP million")
    found = []
    for row, record in frame.iterrows():
        kind = str(row).partition("_")[0]
        if kind not in TOTALS or not (row in DATES or record["year"]):
            continue
        when = DATES.get(str(row)) or int(record["year"][:4]) + 0.75
        if when >= FIRST:
            found.append(Total(kind, record["period"], when, spent(evidence, str(row))))
    when = int(YEAR[:4]) + 0.75
    found.append(Total("estimate", YEAR, when, total_cost(evidence, YEAR)))
    return sorted(found, key=lambda item: item.when)


def cumulative(evidence: Evidence, last: int) -> Quantity:
    """Money spent from 2008-09 to a financial year named by its first calendar year, GBP million.

    Years without a figure lie on the line between their neighbours; the bounds take them as low
    as the last known year and as high as the next, which supposes that spending never fell. The
    first years hold central money only. Nominal.
    """
    known = {}
    for row in KNOWN:
        year = int(str(evidence.table("programme_spend").loc[row, "year"])[:4])
        known[year] = spent(evidence, row)
    years, amounts = np.array(list(known)), np.array([q.value for q in known.values()])
    wanted = np.arange(FIRST, last + 1)
    before = amounts[np.searchsorted(years, wanted, side="right") - 1]
    after = amounts[np.searchsorted(years, wanted, side="left")]
    middle = np.interp(wanted, years, amounts)
    low, high = (np.minimum(before, after).sum(), np.maximum(before, after).sum())
    interval = Interval("bound", low, high)
    return Quantity(middle.sum(), "GBP million", interval, lineage(*known.values()))


@computes
def programme(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Chart]:
    """Totals of single years and cumulative totals, each beside what was reported."""
    first, second, third = (
        spent(evidence, f"reported_{item}") for item in ("2016_17", "2017_18", "2021_22")
    )
    early = spent(evidence, "critic_to_2019")
    late = spent(evidence, "critic_to_2021")
    return {
        "spend_reported_2016": first,
        "spend_reported_2017": second,
        "spend_reported_2021": third,
        "spend_returned_2023": spent(evidence, "returned_2023_24"),
        "spend_returned_2024": spent(evidence, "returned_2024_25"),
        "spend_estimate": total_cost(evidence, year),
        "spend_critic_providers": spent(evidence, "critic_47_providers"),
        "spend_critic_2021": spent(evidence, "critic_2021"),
        "spend_critic_2022": spent(evidence, "critic_about_2022"),
        "spend_providers_share": share(spent(evidence, "critic_47_providers"), third),
        "spend_critic_to_2019": early,
        "spend_critic_to_2021": late,
        "spend_to_2018": cumulative(evidence, 2018),
        "spend_to_2019": cumulative(evidence, 2019),
        "spend_to_2020": cumulative(evidence, 2020),
        "spend_totals": _chart(totals(evidence)),
    }


def _chart(found: Sequence[Total]) -> Chart:
    frame = pd.DataFrame(
        [{"Year": item.period, "What": TOTALS[item.kind], "Money": item.money} for item in found]
    )
    trusts = [item.money for item in found if item.kind == "returned"]
    critics = [item.money for item in found if item.kind == "critic"]
    reported = [item.money for item in found if item.kind == "reported"]
    most, last = max(critics, key=lambda q: q.value), reported[-1]
    title = (
        f"The critic's totals about 2021 run from {min(critics, key=lambda q: q.value)} to {most}; "
        f"{last} was reported for 2021-22, and NHS trusts alone later returned {trusts[-1]}"
    )
    alt_text = (
        "Money a year against the year, as printed and not in constant prices. Triangles upward "
        "are floors: central allocations, a minister's figure and the returns of NHS trusts. "
        "Circles are totals reported through the critic, crosses the critic's own totals, a "
        "triangle downward a total that holds other services too, and a diamond with bounds an "
        "estimate for all providers."
    )
    table = Table("Totals of a year for the programme, money of the year", frame)
    return Chart(title, alt_text, table, lambda width: _draw(found, width))


def _draw(found: Sequence[Total], width: int) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    look = {
        **dict.fromkeys(LOWER, ("triangle-up", OFFICIAL)),
        "commissioners": ("triangle-down", OFFICIAL),
        "reported": ("circle", INK),
        "critic": ("cross", CRITIC),
        "estimate": ("diamond", OFFICIAL),
    }
    marks = pd.DataFrame(
        [
            {"x": item.when, "y": item.money.value, "kind": item.kind,
             "colour": look[item.kind][1],
             "low": (item.money.interval.limits or (item.money.value,))[0],
             "high": (item.money.interval.limits or (item.money.value,))[-1]}
            for item in found
        ]
    )  # fmt: skip
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[2008, 2026], nice=False),
        axis=alt.Axis(title=None, format="d", grid=False,
                      values=list(range(2008, 2027, 6 if narrow else 3))),
    )  # fmt: skip
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, 1.1 * float(marks["y"].max())], nice=False),
        axis=alt.Axis(title=None, tickCount=6, labelExpr="'£' + format(datum.value, ',') + 'm'"),
    )
    colour = alt.Color("colour:N", scale=None, legend=None)
    bounds = alt.Chart(marks[marks["low"] < marks["high"]]).mark_rule(strokeWidth=2)
    layers = [bounds.encode(x, alt.Y("low:Q"), alt.Y2("high:Q"), color=colour)]
    for kind, (shape, _) in look.items():
        layers.append(
            alt.Chart(marks[marks["kind"] == kind])
            .mark_point(shape=shape, filled=True, size=85, opacity=1)
            .encode(x, y, color=colour)
        )
    labels = pd.DataFrame(_labels(marks, narrow))
    for align, chosen in labels.groupby("align"):
        layers.append(
            alt.Chart(chosen)
            .mark_text(align=align, fontSize=11 if narrow else 12)
            .encode(x, y, text="text:N", color=colour)
        )
    return alt.layer(*layers).properties(width=width - 56, height=HEIGHT)


def _labels(marks: pd.DataFrame, narrow: bool) -> list[dict[str, object]]:
    """One label a kind, beside one of its marks."""
    places = {
        "allocated": ("central money only", -1, 0.5, 0, "left"),
        "stated": ("minister", -1, 0.0, 55, "center"),
        "commissioners": ("with other services", 0, 0.0, 55, "center"),
        "reported": ("reported", 1, 0.5, -15, "left"),
        "returned": ("NHS trusts" if narrow else "NHS trusts alone", 0, 1.9, -110, "right"),
        "critic": ("critic", -1, -0.5, 0, "right"),
        "estimate": ("estimate", 0, 1.0, 75, "right"),
    }
    found = []
    for kind, (text, which, dx, dy, align) in places.items():
        row = marks[marks["kind"] == kind].iloc[which]
        found.append({"text": text, "x": row["x"] + dx, "y": row["y"] + dy, "align": align,
                      "colour": row["colour"]})  # fmt: skip
    return found
