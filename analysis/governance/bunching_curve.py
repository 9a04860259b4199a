"""The looks side by side: a specification curve, and the same looks at placebo cuts.

Exploratory: about as many statistics had been seen before these were computed.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.bunching import cuts_around
from analysis.charts import INK, MUTED, OFFICIAL, RULE, Chart, Weight
from analysis.evidence import Evidence
from analysis.governance.bunching_looks import DRAWS, POPULATIONS, SEED, Looks, looks
from analysis.quantity import RECORD, Quantity, computes
from analysis.tables import Table

SMALL = 0.05
SELDOM = f"p ≤ {SMALL}"
KINDS = {"excess": "bin at the target", "step": "above less below"}
SHORT = {
    "provider_months": "provider-months",
    "ccg_months": "CCG months",
    "subicb_months": "sub-ICB months",
    "provider_years": "provider-years",
    "ccg_years": "CCG years",
    "icb_years": "ICB years",
}
MARKS: dict[str, dict[str | int, str]] = {
    "years": {"all": "all years", "one": "a year alone"},
    "sizes": {"all": "all sizes", "large": "larger units"},
    "bandwidth": {1: "nearest bins", 2: "near bins", 3: "wider bins"},
    "null": {"coarse": "stiffer null", "fine": "suppler null"},
}


def small_by_cut(found: Looks, statistic: str, population: str | None = None) -> NDArray[np.int64]:
    """Looks with a small p at each cut, the target in the middle."""
    frame = found.table[found.table["statistic"] == statistic]
    if population:
        frame = frame[frame["population"] == population]
    small: NDArray[np.int64] = (np.stack(list(frame["p_by_cut"])) <= SMALL).sum(axis=0)
    return small


@computes
def curve(
    evidence: Evidence, draws: int = DRAWS, seed: int = SEED
) -> dict[str, Quantity | Chart | Table]:
    """Every look in order of its standardised statistic, and how many have a small p."""
    found = looks(evidence, draws, seed)
    rows, frame = found.lineage, found.table
    excess = frame["statistic"] == "excess"

    def count(chosen: pd.Series) -> Quantity:
        return Quantity(int(chosen.sum()), "count", RECORD, rows)

    small, over = frame["p"] <= SMALL, frame["p_cuts"] <= SMALL
    main = frame["population"] == "provider_months"
    numbers = {
        "bunching_looks": Quantity(len(frame), "count", RECORD, rows),
        "bunching_looks_excess": count(excess),
        "bunching_looks_more": count(excess & (frame["extra"] > 0)),
        "bunching_looks_small": count(excess & small),
        "bunching_looks_small_elsewhere": count(excess & small & ~main),
        "bunching_looks_over_cuts": count(excess & over),
        "bunching_looks_over_cuts_elsewhere": count(over & ~main),
        "bunching_steps": count(~excess),
        "bunching_steps_small": count(~excess & small),
        "bunching_steps_over_cuts": count(~excess & over),
        "bunching_looks_opposite": count(excess & (frame["p"] >= 1 - SMALL)),
    }
    title = (
        f"Of {numbers['bunching_looks_excess']} looks at the bin at the target "
        f"{numbers['bunching_looks_small']} find what chance would seldom give ({SELDOM}), and "
        f"{numbers['bunching_looks_over_cuts']} still do when cuts without a target are allowed for"
    )
    picture = (
        "Panels for both statistics. In each the looks rise from left to right by standardised "
        "statistic; a grey band holds the middle of the simulated null. Looks with a small p at "
        "the target, at the right end, are of another colour; those that keep it over all cuts "
        "carry rings. Rows of ticks beneath show population, years, sizes, bandwidth and null of "
        "each look. The table counts looks and small p by population."
    )
    points = _points(frame)
    chart = Chart(title, picture, _table(found, draws, seed), lambda width: _draw(points, width))
    return {**numbers, "bunching_curve": chart}


def _table(found: Looks, draws: int, seed: int) -> Table:
    cut, cuts = round(found.target.value), cuts_around(round(found.target.value))
    records = []
    for name, (_, _, label) in POPULATIONS.items():
        for statistic, kind in KINDS.items():
            part = found.table[
                (found.table["population"] == name) & (found.table["statistic"] == statistic)
            ]
            small = small_by_cut(found, statistic, name)
            placebo = np.where(cuts == cut, -1, small)
            records.append(
                {
                    "Population": label,
                    "Statistic": kind,
                    "Looks": len(part),
                    "More than the null": int((part["extra"] > 0).sum()),
                    "Small p": int(small[cuts == cut][0]),
                    "Small p at the placebo cut with most": int(placebo.max()),
                    "Small p over cuts": int((part["p_cuts"] <= SMALL).sum()),
                }
            )
    caption = (
        "Looks for bunching at the recovery target by population and statistic "
        f"({draws:,} simulated data sets a population, seed {seed})"
    )
    return Table(caption, pd.DataFrame(records), rows=found.lineage)


def _points(frame: pd.DataFrame) -> pd.DataFrame:
    points = pd.DataFrame(
        {
            "k": frame["statistic"],
            "z": frame["z"].round(2),
            "s": np.where(frame["p_cuts"] <= SMALL, 2, np.where(frame["p"] <= SMALL, 1, 0)),
            "p": frame["population"].map(SHORT),
            "y": np.where(frame["years"] == "all", "all years", "a year alone"),
            "u": frame["sizes"].map(MARKS["sizes"]),
            "b": frame["bandwidth"].map(MARKS["bandwidth"]),
            "n": frame["null"].map(MARKS["null"]),
        }
    ).sort_values(["k", "z"], kind="stable", ignore_index=True)
    points["r"] = points.groupby("k").cumcount() + 1
    return points


def _draw(points: pd.DataFrame, width: int) -> alt.ConcatChart:
    narrow = width < 400
    labels = 108
    inner = width - labels - 24 if narrow else (width - labels - 56) // 2
    panels = [
        _panel(points[points["k"] == kind], text, inner, labels if narrow or not place else 0)
        for place, (kind, text) in enumerate(KINDS.items())
    ]
    return alt.concat(*panels, columns=1 if narrow else 2, spacing=14)


def _panel(points: pd.DataFrame, heading: str, inner: int, labels: int) -> alt.VConcatChart:
    frame = points.drop(columns="k")
    rank = alt.X("r:Q", axis=None, scale=alt.Scale(domain=[0, len(frame) + 1], nice=False))
    scale = alt.Scale(domain=[-4.5, 4.5], nice=False, clamp=True)
    axis = alt.Axis(
        title=None, values=[-4, -2, 0, 2, 4], minExtent=labels, maxExtent=labels, gridOpacity=0.5
    )
    if not labels:
        axis = alt.Axis(title=None, labels=False, values=[-4, -2, 0, 2, 4], ticks=False)
    base = alt.Chart(frame)
    colour = alt.condition("datum.s > 0", alt.value(OFFICIAL), alt.value(MUTED))
    band = alt.Chart(pd.DataFrame({"low": [-1.96], "high": [1.96]})).mark_rect(
        color=MUTED, opacity=0.2
    )
    notes: tuple[tuple[int, str, str, Weight], ...] = (
        (2, heading, INK, "bold"),
        (17, "in standard deviations", MUTED, "normal"),
        (46, "range of chance", MUTED, "normal"),
        (112, SELDOM, OFFICIAL, "normal"),
        (128, "rings: also over all cuts", INK, "normal"),
    )
    words = [
        alt.Chart(pd.DataFrame({"t": [text]}))
        .mark_text(align="left", baseline="top", fontSize=11, color=shade, fontWeight=weight)
        .encode(x=alt.value(4), y=alt.value(down), text="t:N")
        for down, text, shade, weight in notes
    ]
    top = alt.layer(
        band.encode(y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"),
        base.mark_point(filled=True, size=12, opacity=1).encode(
            x=rank, y=alt.Y("z:Q", scale=scale, axis=axis), color=colour
        ),
        base.transform_filter("datum.s == 2")
        .mark_point(filled=False, size=60, strokeWidth=1.5, color=INK, opacity=1)
        .encode(x=rank, y=alt.Y("z:Q", scale=scale, axis=axis)),
        *words,
    ).properties(width=inner, height=150)
    rows = [
        _marks(base, rank, colour, field, order, inner, labels)
        for field, order in (
            ("p", list(SHORT.values())),
            ("y", list(MARKS["years"].values())),
            ("u", list(MARKS["sizes"].values())),
            ("b", list(MARKS["bandwidth"].values())),
            ("n", list(MARKS["null"].values())),
        )
    ]
    return alt.vconcat(top, *rows, spacing=9, bounds="flush")


def _marks(
    base: alt.Chart,
    rank: alt.X,
    colour: Any,
    field: str,
    order: list[str],
    inner: int,
    labels: int,
) -> alt.Chart:
    """Rows of ticks: a row for each level of one choice."""
    axis = alt.Axis(
        title=None,
        minExtent=labels,
        maxExtent=labels,
        labelFontSize=11,
        labelLimit=labels,
        domain=False,
        ticks=False,
        grid=True,
        gridColor=RULE,
    )
    if not labels:
        axis = alt.Axis(title=None, labels=False, domain=False, ticks=False, grid=True)
    vertical = alt.Y(f"{field}:N", sort=order, axis=axis, scale=alt.Scale(domain=order))
    ticks: alt.Chart = base.mark_tick(orient="vertical", thickness=1, height=9, opacity=1)
    placed = ticks.encode(x=rank, y=vertical, color=colour)
    return placed.properties(width=inner, height=alt.Step(12))


@computes
def at_placebo_cuts(
    evidence: Evidence, draws: int = DRAWS, seed: int = SEED
) -> dict[str, Quantity | Chart]:
    """How many looks have a small p at the target and at each placebo cut beside it."""
    found = looks(evidence, draws, seed)
    rows, cut = found.lineage, round(found.target.value)
    cuts = cuts_around(cut)
    numbers: dict[str, Quantity] = {}
    records = []
    for statistic in KINDS:
        small = small_by_cut(found, statistic)
        placebo = np.where(cuts == cut, -1, small)
        most = int(placebo.argmax())
        short = "bunching_placebo" if statistic == "excess" else "bunching_placebo_step"
        numbers[f"{short}_most"] = Quantity(int(small[most]), "count", RECORD, rows)
        numbers[f"{short}_cut"] = Quantity(int(cuts[most]), "percent", RECORD, rows, decimals=0)
        numbers[f"{short}_as_many"] = Quantity(
            int((placebo >= small[cuts == cut][0]).sum()), "count", RECORD, rows
        )
        own = small_by_cut(found, statistic, "provider_months")
        numbers[f"{short}_providers"] = Quantity(
            int(np.where(cuts == cut, -1, own).max()), "count", RECORD, rows
        )
        numbers[f"{short}_providers_target"] = Quantity(
            int(own[cuts == cut][0]), "count", RECORD, rows
        )
        records += [
            {"k": statistic, "cut": int(c), "n": int(n), "t": bool(c == cut)}
            for c, n in zip(cuts, small, strict=True)
        ]
    frame = pd.DataFrame(records)
    wide = frame.pivot(index="cut", columns="k", values="n").reset_index()
    wide = wide.rename(columns={"cut": "Cut, percent", **KINDS})
    table = Table("Looks with a small p at each cut", wide, rows=rows)
    here = frame[frame["t"]].set_index("k")["n"]
    title = (
        f"At the target {here['excess']} looks at the bin and {here['step']} at above less below "
        f"find what chance would seldom give; at the cut without a target that has most, "
        f"{numbers['bunching_placebo_most']} and {numbers['bunching_placebo_step_most']}"
    )
    picture = (
        "Bars count looks with a small p at each whole percent around the target, one panel for "
        "each statistic. A wedge marks the bar at the target, and each bar carries its count."
    )
    chart = Chart(title, picture, table, lambda width: _bars(frame, cut, width))
    return {**numbers, "bunching_placebos": chart}


def _bars(frame: pd.DataFrame, cut: int, width: int) -> alt.ConcatChart:
    narrow = width < 400
    inner = width - 30 if narrow else (width - 60) // 2
    panels = []
    top = float(frame["n"].max()) * 1.25 + 1
    for kind, text in KINDS.items():
        part = frame[frame["k"] == kind].drop(columns="k")
        base = alt.Chart(part)
        x = alt.X("cut:O", title="Cut, percent", axis=alt.Axis(labelAngle=0))
        y = alt.Y("n:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None)
        colour = alt.condition("datum.t", alt.value(OFFICIAL), alt.value(MUTED))
        head = alt.Chart(pd.DataFrame({"h": [f"{text}: looks with {SELDOM}"]})).mark_text(
            align="left", baseline="top", fontWeight="bold", fontSize=12, color=INK
        )
        panels.append(
            alt.layer(
                base.mark_bar(size=max(8, inner // 16)).encode(x=x, y=y, color=colour),
                base.mark_text(dy=-7, fontSize=11, color=INK).encode(x=x, y=y, text="n:Q"),
                base.transform_filter("datum.t")
                .transform_calculate(name="'▼'")
                .mark_text(dy=-20, fontSize=11, color=INK)
                .encode(x=x, y=y, text="name:N"),
                head.encode(x=alt.value(2), y=alt.value(0), text="h:N"),
            ).properties(width=inner, height=150)
        )
    return alt.concat(*panels, columns=1 if narrow else 2, spacing=18)
