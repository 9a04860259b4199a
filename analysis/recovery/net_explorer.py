"""Net extra recoveries as a reader moves the comparator's rate and changes the scale."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, TRIAL, Chart
from analysis.comparators import STANDS, Comparison
from analysis.contrasts import Scale
from analysis.counterfactual import (
    Service,
    net_extra,
    net_extra_as_it_stands,
    rate_effect,
    service_year,
)
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes
from analysis.recovery.counterfactual import LABELS, YEAR, comparisons, thousands
from analysis.tables import Table
from analysis.trial_contrasts import TrialContrast, trial_contrast

NARROW = 400
HEIGHT = 340
POINTS = 41
# `comparator_rate` again, for the page, in shares: the service's, the treated's, the comparator's.
# A test compares the numbers drawn with those computed.
RATES_WITHOUT = {
    "Difference": "datum.rate_here - (datum.t - datum.c)",
    "Odds ratio": (
        "datum.rate_here * datum.c * (1 - datum.t) / (datum.rate_here * datum.c * (1 - datum.t)"
        " + (1 - datum.rate_here) * (1 - datum.c) * datum.t)"
    ),
    "Ratio": "datum.rate_here * datum.c / datum.t",
    STANDS: "datum.c",
}


@computes
def explorer(evidence: Evidence, year: str = YEAR) -> dict[str, Chart]:
    """Net extra recoveries over every comparator rate, by the way it is carried to the service."""
    service, trial = service_year(evidence, year), trial_contrast(evidence, "pmhc_6m")
    found = [item for item in comparisons(evidence, year) if item.in_band]
    usual = found[0]
    frame = pd.DataFrame(
        {
            "Comparator": [item.label for item in found],
            "Comparator's rate": [item.comparator for item in found],
        }
        | {
            way: [
                "refused" if (number := _net_of(item, way)) is None else thousands(number)
                for item in found
            ]
            for way in RATES_WITHOUT
        }
    )
    table = Table(f"Net extra reliable recoveries in {year} at published comparator rates", frame)
    highest = usual.net["risk_difference"] or usual.net[STANDS]
    lowest = usual.net[STANDS] or highest
    if highest is None or lowest is None:
        raise ValueError("the trial's own usual care must be admissible; check its rates")
    title = (
        f"With the Norwegian trial's usual care as comparator, net extra recoveries in {year} are "
        f"{thousands(lowest).number()} to {thousands(highest).number()}, by how it is carried over"
    )
    picture = (
        "Lines of net extra reliable recoveries falling as the comparator's rate rises, a line for "
        "each scale. A dashed line stands at the chosen comparator rate, and the number for each "
        "scale there is printed in the corner. Waiting lists, untreated people and usual care are "
        "marked below. A bar shows the trial's interval on the chosen scale."
    )
    curves = _curves(service, trial)
    here = _here(service, trial)
    bars = _bars(usual)
    marks = _marks(found)
    return {
        "net_explorer": Chart(
            title, picture, table, lambda w: _draw(curves, here, bars, marks, w), interactive=True
        )
    }


def _net_of(item: Comparison, way: str) -> Quantity | None:
    scales = {label: scale for scale, label in LABELS.items()}
    return item.net[scales.get(way, way)]


def _curves(service: Service, trial: TrialContrast) -> pd.DataFrame:
    """Net extra recoveries over a grid of comparator rates, refused combinations left out."""
    rows = []
    for rate in np.linspace(0, trial.treated.value, POINTS)[1:]:
        comparator = Quantity(rate, "percent")
        rows.append((STANDS, rate, net_extra_as_it_stands(service, comparator).value))
        for scale, label in LABELS.items():
            net = _value(service, trial.treated, comparator, scale)
            rows.append((label, rate, net))
    return pd.DataFrame(rows, columns=["way", "rate", "net"]).dropna().round(1)


def _value(service: Service, treated: Quantity, comparator: Quantity, scale: Scale) -> float:
    try:
        return net_extra(service, rate_effect(treated, comparator, scale), scale).value
    except ValueError:
        return float("nan")


def _here(service: Service, trial: TrialContrast) -> pd.DataFrame:
    """What the page needs to compute the numbers at the chosen comparator rate."""
    return pd.DataFrame(
        {
            "way": list(RATES_WITHOUT),
            "line": range(1, len(RATES_WITHOUT) + 1),
            "n": service.base.value,
            "rate_here": service.rate.value / 100,
            "t": trial.treated.value / 100,
            "start": round(trial.control.value, 1),
        }
    )


def _bars(usual: Comparison) -> pd.DataFrame:
    rows = []
    for scale, label in LABELS.items():
        number = usual.net[scale]
        if number and number.interval.limits:
            rows.append((label, usual.comparator.value, *number.interval.limits))
    return pd.DataFrame(rows, columns=["way", "rate", "low", "high"])


def _marks(found: list[Comparison]) -> pd.DataFrame:
    """Published comparator rates, the trial's later time left to the table."""
    shown = [item for item in found if item.label.split(",")[0] != "Usual care"] + found[:1]
    rows = []
    for item in shown:
        low, high = item.comparator.interval.limits or (item.comparator.value,) * 2
        rows.append((item.label.split(",")[0].lower(), item.comparator.value, low, high))
    marks = pd.DataFrame(rows, columns=["name", "rate", "low", "high"]).sort_values("rate")
    return marks.assign(row=range(len(marks)))


def _draw(
    curves: pd.DataFrame,
    here: pd.DataFrame,
    bars: pd.DataFrame,
    marks: pd.DataFrame,
    width: int,
) -> alt.LayerChart:
    narrow = width < NARROW
    inner, size = width - 52, 11 if narrow else 12
    top = float(curves["rate"].max())
    rate = alt.param(
        name="comparator_rate",
        value=float(here["start"].iloc[0]),
        bind=alt.binding_range(
            min=1, max=round(top, 1), step=0.1, name="Comparator's rate in the trial, percent "
        ),
    )
    way = alt.param(
        name="carried_as",
        value="Difference",
        bind=alt.binding_radio(options=list(RATES_WITHOUT), name="Carried to the service as "),
    )
    chosen, other = "datum.way == carried_as", "datum.way != carried_as"
    across = alt.Scale(domain=[0, top], nice=False)
    title = ["Comparator's rate, percent", "upright bar: the trial's interval"]
    axis = alt.Axis(title=title, tickCount=6)
    x = alt.X("rate:Q", scale=across, axis=axis)
    lowest, highest = float(curves["net"].min()), float(curves["net"].max())
    room = 0.3 if narrow else 0.05  # above the lines, for the numbers in the corner
    up = alt.Scale(domain=[lowest - 0.22 * (highest - lowest), highest * (1 + room)], nice=False)
    thousand = alt.Axis(title=None, labelExpr="format(datum.value, ',')", tickCount=5)
    y = alt.Y("net:Q", scale=up, axis=thousand)
    lines = alt.Chart(curves)
    base = alt.Chart(here).transform_calculate(c="comparator_rate / 100", rate="comparator_rate")
    without = "".join(f"datum.way == '{key}' ? {text} : " for key, text in RATES_WITHOUT.items())
    base = base.transform_calculate(without=f"{without} 0").transform_calculate(
        net="datum.without < 0 ? null : datum.n * (datum.rate_here - datum.without)",
        chosen_rate="'At a comparator rate of ' + format(comparator_rate, '.1f') + '%'",
    )
    amount = "replace(format(round(datum.net / 1000) * 1000, ','), '-', '−')"
    base = base.transform_calculate(
        readout=f"datum.way + ': ' + (datum.net === null ? 'refused, negative' : {amount})"
    )
    corner: dict[str, Any] = {"align": "right", "baseline": "middle", "fontSize": size}

    ground = [
        alt.Chart(pd.DataFrame({"net": [0]})).mark_rule(color=INK).encode(y=y),
        lines.transform_filter(other).mark_line(color=MUTED, strokeWidth=1).encode(
            x=x, y=y, detail="way:N"
        ),
        lines.transform_filter(chosen).mark_line(color=OFFICIAL, strokeWidth=3).encode(x=x, y=y),
        base.transform_joinaggregate(top="max(net)").transform_filter("datum.line == 1")
        .mark_rule(color=MUTED, strokeDash=[4, 3]).encode(
            x=x, y=alt.Y("top:Q", scale=up), y2=alt.Y2Datum(0)
        ),
        alt.Chart(bars).transform_filter(chosen).mark_rule(color=TRIAL, strokeWidth=3).encode(
            x=x, y=alt.Y("low:Q", scale=up), y2="high:Q"
        ),
        base.mark_point(color=MUTED, filled=False, size=50, opacity=1).encode(x=x, y=y),
        base.transform_filter(chosen).mark_point(
            color=OFFICIAL, filled=True, size=110, opacity=1
        ).encode(x=x, y=y),
    ]  # fmt: skip
    below = alt.Chart(marks).transform_calculate(px=f"{HEIGHT} - 40 + 14 * datum.row")
    names = [
        below.mark_rule(color=INK, strokeWidth=3).encode(
            x=alt.X("low:Q", scale=across), x2="high:Q", y=_pixels("px")
        ),
        below.mark_point(color=INK, filled=True, size=45, opacity=1).encode(x=x, y=_pixels("px")),
        below.mark_text(align="left", dx=8, fontSize=size, color=INK).encode(
            x=alt.X("high:Q", scale=across), y=_pixels("px"), text="name:N"
        ),
    ]
    readout = [
        base.transform_filter("datum.line == 1")
        .transform_calculate(px="10")
        .mark_text(color=INK, **corner)
        .encode(x=alt.value(inner), y=_pixels("px"), text="chosen_rate:N"),
        base.transform_calculate(px="10 + 17 * datum.line").transform_filter(other)
        .mark_text(color=MUTED, **corner)
        .encode(x=alt.value(inner), y=_pixels("px"), text="readout:N"),
        base.transform_calculate(px="10 + 17 * datum.line").transform_filter(chosen)
        .mark_text(color=OFFICIAL, fontWeight="bold", **corner)
        .encode(x=alt.value(inner), y=_pixels("px"), text="readout:N"),
    ]  # fmt: skip
    picture: alt.LayerChart = alt.layer(
        alt.layer(*ground), alt.layer(*names, *readout)
    ).resolve_scale(y="independent")
    return picture.add_params(rate, way).properties(width=inner, height=HEIGHT)


def _pixels(field: str) -> alt.Y:
    """A vertical position in pixels from the top."""
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, HEIGHT], range=[0, HEIGHT]))
