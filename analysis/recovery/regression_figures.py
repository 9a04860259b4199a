"""Regression to the mean as pictures: over every reliability, and input by input."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, computes
from analysis.recovery.regression import YEAR, Setting, crossing, limit, published_rate, setting
from analysis.regression_to_mean import Retest, regress, sensitivity
from analysis.tables import Table
from analysis.trial_contrasts import trial_contrast
from analysis.truncated_normal import Cuts, before_selection, caseness_cuts

NARROW = 400
STEP = 0.1  # a tenth up and down, where no range was published
GRID = 41


@computes
def over_reliability(evidence: Evidence, year: str = YEAR) -> dict[str, Chart]:
    """The share below both thresholds later, for every correlation of a scale with itself."""
    given = setting(evidence, year)
    grid = np.linspace(0, 1, GRID)
    swing = sensitivity(given.published, given.retest, given.cuts, {"reliability": grid})
    curve = pd.DataFrame({"r": grid, "share": 100 * swing["reliability"]})
    share, most, rate = crossing(given), limit(given), published_rate(evidence, year)
    usual = trial_contrast(evidence, "pmhc_6m").control
    levels = pd.DataFrame(
        {
            "level": [rate.value, usual.value, most.value],
            "name": [
                f"published recovery, {rate}",
                f"reliable recovery in usual care, {usual}",
                f"most in a steady population, {most}",
            ],
        }
    )
    ends = [value for end in (given.low, given.high) for value in (end.r_phq9, end.r_gad7)]
    band = pd.DataFrame({"low": [min(ends)], "high": [max(ends)]})
    table = Table(
        "Share below both thresholds later, by reliability of both scales",
        pd.DataFrame({"Correlation over time": grid, "Share, percent": curve["share"]}),
        rows=given.rows,
        decimals={"Correlation over time": 2, "Share, percent": 2},
    )
    title = (
        f"If nobody had changed, {share} would still be below both thresholds later; a steady "
        f"population allows {most} at most"
    )
    picture = (
        "A curve of the share that crosses both thresholds by chance, falling from its highest "
        "value at no reliability to none at perfect reliability. It stays far below lines for "
        "usual care and for the published recovery rate. A shaded stretch marks the published "
        "reliabilities."
    )
    return {
        "regression_curve": Chart(title, picture, table, lambda w: _curve(curve, levels, band, w))
    }


@computes
def by_input(evidence: Evidence, year: str = YEAR, step: float = STEP) -> dict[str, object]:
    """The swing of the share as each input in turn moves over its range.

    Reliabilities move over their published range, the share not at caseness over all years,
    means and spreads by ``step`` of their value up and down; thresholds and the correction for
    whole scores take their other reading. A value that no population fits is left out.
    """
    given = setting(evidence, year)
    reference = 100 * regress(given.population, given.retest, given.cuts).below_both
    outside, outside_rows = _outside_by_year(evidence)
    ranges = {
        key: (label, [value for value in values if _fits(given, key, value)])
        for key, (label, values) in _ranges(given, outside, step).items()
    }
    swings = {
        name: [100 * value for value in values]
        for name, values in sensitivity(
            given.published, given.retest, given.cuts, {k: v for k, (_, v) in ranges.items()}
        ).items()
    }
    named = {label: swings[key] for key, (label, _) in ranges.items()} | _other_readings(given)
    frame = pd.DataFrame(
        [(label, min(values), max(values)) for label, values in named.items()],
        columns=["Input", "Lowest share, percent", "Highest share, percent"],
    )
    frame["swing"] = frame.iloc[:, 2] - frame.iloc[:, 1]
    frame = frame.sort_values("swing", ascending=False, kind="stable").drop(columns="swing")
    rows = given.rows | outside_rows
    table = Table(
        f"Share below both thresholds later as one input moves; means and spreads by {step:.0%}",
        frame.reset_index(drop=True),
        rows=rows,
        decimals=dict.fromkeys(frame.columns[1:], 2),
    )
    low, high = frame.iloc[:, 1].min(), frame.iloc[:, 2].max()
    least, most = (Quantity(end, "percent", UNSTATED, rows) for end in (low, high))
    title = (
        f"Moving one input of the model at a time keeps the share that is below both thresholds "
        f"with nobody changed between {least} and {most}"
    )
    picture = (
        "Bars, one for each input of the model, longest first, around a line at the reference "
        "result. Each bar runs from the lowest to the highest share as that input moves."
    )
    bars = frame.set_axis(["input", "low", "high"], axis=1)
    chart = Chart(title, picture, table, lambda w: _bars(bars, reference, w))
    return {"regression_least": least, "regression_most": most, "regression_inputs": chart}


def _outside_by_year(evidence: Evidence) -> tuple[list[float], frozenset[str]]:
    """The lowest and the highest share not at caseness of any year, as shares."""
    where = {"preferred": True, "series": "data_set"}
    frames = [
        evidence.table("annual_national", measure=measure, **where)
        for measure in ("not_at_caseness", "finished_course")
    ]
    shares = frames[0].set_index("year")["value"] / frames[1].set_index("year")["value"]
    rows = evidence.rows("annual_national", [*frames[0].index, *frames[1].index])
    return [float(shares.min()), float(shares.max())], rows


def _ranges(
    given: Setting, outside: list[float], step: float
) -> dict[str, tuple[str, list[float]]]:
    """Inputs by the field they move, with printed name and the values they take."""
    found: dict[str, tuple[str, list[float]]] = {
        "r_phq9": ("Reliability of PHQ-9", [given.low.r_phq9, given.high.r_phq9]),
        "r_gad7": ("Reliability of GAD-7", [given.low.r_gad7, given.high.r_gad7]),
        "not_at_caseness": (
            "Share not at caseness, over all years",
            [given.published.not_at_caseness, *outside],
        ),
    }
    for field, name in (("phq9", "PHQ-9"), ("gad7", "GAD-7")):
        for key, label in (("mean", "Mean"), ("sd", "Spread")):
            value = getattr(given.published, f"{key}_{field}")
            found[f"{key}_{field}"] = (
                f"{label} of {name} at the start",
                [value * (1 - step), value, value * (1 + step)],
            )
    return found


def _other_readings(given: Setting) -> dict[str, list[float]]:
    """The share when a choice of the model takes its other reading, beside the reference."""

    def share(retest: Retest, cuts: Cuts) -> list[float]:
        try:
            people = before_selection(given.published, cuts)
            return [100 * regress(people, retest, cuts).below_both]
        except ValueError:
            return []

    reference = share(given.retest, given.cuts)
    bare = caseness_cuts(given.rule, continuity=False)
    above = Cuts(given.cuts.phq9 + 1, given.cuts.gad7 + 1)
    apart = replace(given.retest, shared=False)
    return {
        "Errors of both scales apart": reference + share(apart, given.cuts),
        "No correction for whole scores": reference + share(given.retest, bare),
        "Caseness read as above the threshold": reference + share(given.retest, above),
    }


def _fits(given: Setting, key: str, value: float) -> bool:
    """Whether a population exists once one published input takes another value."""
    if not hasattr(given.published, key):
        return True
    try:
        change: dict[str, Any] = {key: value}
        before_selection(replace(given.published, **change), given.cuts)
    except ValueError:
        return False
    return True


def _curve(
    curve: pd.DataFrame, levels: pd.DataFrame, band: pd.DataFrame, width: int
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    inner, size = width - 40, 11 if narrow else 12
    x = alt.X(
        "r:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(title="Correlation of a scale with itself over time", tickCount=5),
    )
    later = "Below both thresholds later"
    percent = alt.Axis(title=later, labelExpr="datum.value + '%'", tickCount=5)
    top = float(levels["level"].max()) * 1.12
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=percent)
    flat = alt.Chart(levels).encode(y=alt.Y("level:Q", axis=percent))
    shade = alt.Chart(band)
    return alt.layer(
        shade.mark_rect(color=TRIAL, opacity=0.15).encode(x=alt.X("low:Q"), x2="high:Q"),
        shade.transform_calculate(
            middle="(datum.low + datum.high) / 2", text="'published|reliability'"
        )
        .mark_text(color=TRIAL, fontSize=size, baseline="top", dy=44, lineBreak="|")
        .encode(x="middle:Q", y=alt.value(0), text="text:N"),
        flat.mark_rule(color=MUTED, strokeDash=[4, 3]),
        flat.mark_text(align="left", dx=4, dy=-7, fontSize=size, color=INK).encode(
            x=alt.value(0), text="name:N"
        ),
        alt.Chart(curve).mark_line(color=OFFICIAL, strokeWidth=3).encode(x=x, y=y),
        alt.Chart(curve.head(1))
        .mark_text(align="left", dx=4, dy=14, fontSize=size, color=OFFICIAL)
        .encode(x=x, y=y, text=alt.value("nobody changed")),
    ).properties(width=inner - 14, height=300)  # fmt: skip


def _bars(bars: pd.DataFrame, reference: float, width: int) -> alt.LayerChart | alt.FacetChart:
    size, step = (11 if width < NARROW else 12), 36
    middle = np.arange(len(bars)) * step + 27
    bars = bars.assign(y=middle, top=middle - 7, bottom=middle + 7)
    height = step * len(bars) + 8
    title = ["Share below both thresholds later, percent", "upright line: reference"]
    down = alt.Scale(domain=[0, height], range=[0, height])
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[0, float(bars["high"].max()) * 1.05], nice=False),
        axis=alt.Axis(title=title, tickCount=5, grid=True),
    )
    y = alt.Y("y:Q", scale=down, axis=None)
    base = alt.Chart(bars)
    return alt.layer(
        base.mark_rule(color=INK).encode(
            x=alt.datum(reference), y=alt.Y("top:Q", scale=down, axis=None), y2="bottom:Q"
        ),
        base.mark_rule(color=OFFICIAL, strokeWidth=9).encode(x=x, x2="high:Q", y=y),
        base.mark_text(align="left", dy=-15, fontSize=size, color=INK).encode(
            x=alt.value(0), y=y, text="input:N"
        ),
    ).properties(width=width, height=height)
