"""Drawing of the break-even explorer, with the arithmetic that the page repeats.

The page computes the balance by month with the same operations in the same order as
``analysis.payback``; a test moves the sliders in a browser and compares what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE
from analysis.cost_offset.break_even import (
    MONTHS,
    NHS_MONTHS,
    RANGES,
    READ_AT,
    Settings,
    payback_text,
)
from analysis.payback import PENNY

NARROW = 400
HEIGHT = 300
READING = "break_even_reading"
NEVER = MONTHS + 1
SHARE = "(datum.month <= lasts ? min(1, datum.month / full_at) : 0)"
FACTOR = "pow(1 + rate / 100, -datum.month / 12)"
WORK = f"effect / 100 * value * {SHARE} * {FACTOR}"
CARE = f"saving / {NHS_MONTHS} * (datum.month <= {NHS_MONTHS} ? 1 : 0) * {FACTOR}"
POUNDS = "(datum.{0} < 0 ? '−£' : '£') + format(abs(datum.{0}), ',')"


def draw_break_even(
    start: Settings, presets: Mapping[str, Settings], width: int
) -> alt.VConcatChart:
    """The running balance by month for the chosen settings, its readings printed above."""
    inner, size = width - 72, 11 if width < NARROW else 12
    params = [
        alt.param(
            name=name,
            value=getattr(start, name),
            bind=alt.binding_range(min=item.low, max=item.high, step=item.step, name=item.label),
        )
        for name, item in RANGES.items()
    ]
    months = pd.DataFrame({"month": range(MONTHS + 1)})
    running = (
        alt.Chart(months)
        .transform_calculate(flow=f"datum.month === 0 ? 0 : {WORK} + {CARE}")
        .transform_window(back="sum(flow)", sort=[alt.SortField("month")], frame=[None, 0])
        .transform_calculate(
            balance="datum.back - cost",
            covered=f"datum.back - cost >= {-PENNY / 2} ? datum.month : {NEVER}",
        )
    )
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, MONTHS], nice=False),
        axis=alt.Axis(title="Months since treatment", values=list(range(0, MONTHS + 1, 24))),
    )
    money = alt.Axis(title="Net benefit a person", tickCount=5, labelExpr=_pounds_label())
    y = alt.Y("balance:Q", axis=money, scale=alt.Scale(zero=True))
    beyond = pd.DataFrame({"from": [READ_AT[1]], "to": [MONTHS]})
    shade = alt.Chart(beyond).mark_rect(color=RULE, opacity=0.4).encode(x=_plain("from"), x2="to")
    silent = (
        alt.Chart(beyond)
        .mark_text(align="left", dx=4, fontSize=size, color=MUTED)
        .encode(x=_plain("from"), y=alt.value(HEIGHT - 8), text=alt.value("no evidence"))
    )
    zero = alt.Chart(pd.DataFrame({"balance": [0]})).mark_rule(color=INK).encode(y=y)
    line = running.mark_line(color=OFFICIAL, strokeWidth=3).encode(x=x, y=y)
    first = (
        running.transform_joinaggregate(paid="min(covered)")
        .transform_filter(f"datum.month === min(datum.paid, {MONTHS})")
        .mark_point(color=OFFICIAL, filled=True, opacity=1)
        .encode(x=x, y=y, size=alt.condition(f"datum.paid < {NEVER}", alt.value(130), alt.value(0)))
    )
    horizons = " || ".join(f"datum.month === {month}" for month in READ_AT)
    points = (
        running.transform_filter(horizons)
        .mark_point(color=INK, filled=False, size=60, opacity=1)
        .encode(x=x, y=y)
    )
    picture = alt.layer(shade, silent, zero, line, points, first).properties(
        width=inner, height=HEIGHT
    )
    whole = alt.vconcat(_readings(running, size, inner), picture, spacing=6)
    about = {
        "reading": f"{READING}_marks",
        "presets": [
            {"name": name, "settings": asdict(settings)} for name, settings in presets.items()
        ],
    }
    return whole.add_params(*params).properties(usermeta={"explorer": about})


def _readings(running: alt.Chart, size: int, inner: int) -> alt.Chart:
    """Payback and net benefit at each horizon, a line of text each."""
    line = f"indexof({list(READ_AT)}, datum.month)"
    never = payback_text(None)
    first = f"datum.paid === {NEVER} ? '{never}' : 'in month ' + datum.paid"
    lines: alt.Chart = (
        running.transform_joinaggregate(paid="min(covered)")
        .transform_calculate(
            net="floor(datum.balance + 0.5)",
            line=f"datum.month === 0 ? 0 : 1 + {line}",
        )
        .transform_filter("datum.month === 0 || datum.line > 0")
        .transform_calculate(
            words="datum.month === 0 ? 'Pays back: ' + (" + first + ") : "
            "'Net benefit after ' + datum.month + ' months: ' + " + POUNDS.format("net"),
        )
        .mark_text(align="left", baseline="top", fontSize=size + 1, color=INK)
        .encode(
            x=alt.value(0),
            y=alt.Y("line:O", axis=None, scale=alt.Scale(paddingInner=0)),
            text="words:N",
        )
        .properties(name=READING, width=inner, height=4 * (size + 7))
    )
    return lines


def _plain(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[0, MONTHS], nice=False))


def _pounds_label() -> str:
    return "(datum.value < 0 ? '−£' : '£') + format(abs(datum.value), ',')"
