"""The tipping point as a picture: the rate that would remain, as a reader moves the bias."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes
from analysis.self_report.tipping import (
    BIAS,
    MODES,
    NAMES,
    curves,
    remaining,
)
from analysis.self_report.tipping_setting import YEAR, setting
from analysis.tables import Table

NARROW = 400
HEIGHT = 320


@computes
def explorer(evidence: Evidence, year: str = YEAR) -> dict[str, Chart]:
    """The recovery rate that would remain under every bias, as a band over models."""
    given = setting(evidence, year)
    critic = evidence.quantity("claim_estimands", "scott_true_rate_2019")
    found = curves(given)
    band = pd.concat(
        [
            pd.DataFrame(
                {
                    "mode": NAMES[mode],
                    "bias": BIAS,
                    "low": rates.min(axis=0),
                    "middle": np.median(rates, axis=0),
                    "high": rates.max(axis=0),
                }
            )
            for mode, rates in found.items()
        ]
    ).round(2)
    frame = pd.DataFrame(
        [
            {"Bias, PHQ-9 points": bias}
            | {NAMES[mode]: remaining(given, mode, bias) for mode in MODES}
            for bias in BIAS[::10]
        ]
    )
    table = Table(
        f"Recovery rate of {year} that would remain under a bias: median and range over models",
        frame,
        decimals={"Bias, PHQ-9 points": 0},
        folded=True,
    )
    end = remaining(given, "end", 1.0)
    low, high = (Quantity(limit, "percent") for limit in end.interval.limits or (end.value,) * 2)
    title = (
        f"If every last score were a PHQ-9 point too low, between {low} and {high} would remain of "
        f"a recovery rate of {given.rate}"
    )
    picture = (
        "A band of recovery rates that falls as the bias grows, from the published rate on the "
        "left. Its width is the range over models. A broken line stands at the chosen bias, and "
        "the rates that would remain there are printed above. A line near the bottom marks the "
        "critic's figure. Buttons choose whether the last score, the first score or both are "
        "biased."
    )
    return {
        "tipping_explorer": Chart(
            title, picture, table, lambda w: _draw(band, given.rate, critic, w), interactive=True
        )
    }


def _draw(
    band: pd.DataFrame, rate: Quantity, critic: Quantity, width: int
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    inner, size = width - 60, 11 if narrow else 12
    bias = alt.param(
        name="reporting_bias",
        value=1.0,
        bind=alt.binding_range(min=0, max=float(BIAS[-1]), step=0.1, name="Bias, PHQ-9 points "),
    )
    mode = alt.param(
        name="where_it_acts",
        value=NAMES["end"],
        bind=alt.binding_radio(options=[NAMES[m] for m in MODES], name="Bias "),
    )
    top = rate.value * 1.22
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X(
        "bias:Q",
        scale=alt.Scale(domain=[0, float(BIAS[-1])], nice=False),
        axis=alt.Axis(title="Bias, PHQ-9 points", tickCount=5 if narrow else 9),
    )
    percent = alt.Axis(title="Recovery rate", labelExpr="datum.value + '%'", tickCount=5)
    y = alt.Y("middle:Q", scale=scale, axis=percent)
    chosen = alt.Chart(band).transform_filter("datum.mode == where_it_acts")
    here = chosen.transform_filter("abs(datum.bias - reporting_bias) < 0.05")
    levels = pd.DataFrame(
        {
            "level": [rate.value, critic.value],
            "name": [f"published, {rate}", f"critic's figure, {critic}"],
            "colour": [OFFICIAL, CRITIC],
        }
    )
    flat = alt.Chart(levels).encode(
        y=alt.Y("level:Q", scale=scale), color=alt.Color("colour:N", scale=None, legend=None)
    )
    readout = here.transform_calculate(
        readout="format(datum.bias, '.1f') + ' points of bias leave ' + format(datum.low, '.0f')"
        " + '% to ' + format(datum.high, '.0f') + '%'"
    )
    return (
        alt.layer(
            flat.mark_rule(strokeDash=[4, 3]),
            flat.mark_text(align="right", dx=-3, dy=-7, fontSize=size).encode(
                x=alt.value(inner), text="name:N"
            ),
            chosen.mark_area(color=OFFICIAL, opacity=0.25).encode(
                x=x, y=alt.Y("low:Q", scale=scale, axis=percent), y2="high:Q"
            ),
            chosen.mark_line(color=OFFICIAL, strokeWidth=2).encode(x=x, y=y),
            here.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x=x),
            here.mark_rule(color=INK, strokeWidth=4).encode(
                x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"
            ),
            readout.mark_text(
                align="left", baseline="top", fontSize=size + 1, fontWeight="bold", color=INK
            ).encode(x=alt.value(4), y=alt.value(2), text="readout:N"),
        )
        .add_params(bias, mode)
        .properties(width=inner, height=HEIGHT)
    )
