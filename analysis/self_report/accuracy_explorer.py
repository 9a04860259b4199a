"""Predictive values over every base rate, which a reader can choose on the page."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, TRIAL, Align, Chart
from analysis.diagnostic_accuracy import screened
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes
from analysis.self_report.accuracy import (
    CLAIMS,
    accuracy,
    outpatient_share,
    predicted,
    share_with,
)
from analysis.tables import Table

NARROW = 400
START = 40  # where the slider stands before a reader moves it, in percent
STEP = 2
SIDES: tuple[tuple[Align, str], ...] = (("left", "base_rate <= 50"), ("right", "base_rate > 50"))
# Where a value stands beside its point, in pixels below it, so that no curve crosses it.
PLACES = {
    ("positive_value", "left"): 12,
    ("positive_value", "right"): 30,
    ("below", "left"): 14,
    ("below", "right"): -14,
}
VALUES = {"positive_value": "Depressed, of those at or above", "below": "Depressed, of those below"}


def values(evidence: Evidence, prevalence: float) -> dict[str, tuple[float, float, float]]:
    """Share with the disorder among those at or above, and among those below, with limits."""
    found = accuracy(evidence, "negeri_phq9_10")
    above, limits = share_with(prevalence, found, "positive_value")
    below, other = share_with(prevalence, found, "negative_value")
    low, high = limits.limits or (above, above)
    least, most = other.limits or (below, below)
    return {
        "positive_value": (above, low, high),
        "below": (100 - below, 100 - most, 100 - least),
    }


def as_text(value: float, low: float, high: float) -> str:
    """A percentage with its limits, in whole percent.

    >>> as_text(38.6, 32.8, 43.2)
    '39% (33% to 43%)'
    """
    return f"{value:.0f}% ({low:.0f}% to {high:.0f}%)"


@computes
def explorer(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Curves of both predictive values with a slider for the base rate."""
    found = accuracy(evidence, "negeri_phq9_10")
    grid = range(STEP, 100, STEP)
    curves = pd.DataFrame(
        [
            {
                "base": base,
                "which": which,
                "value": round(value, 1),
                "low": round(low, 1),
                "high": round(high, 1),
                "positive": round(100 * screened(base / 100, *found.pair).positive, 1),
            }
            for base in grid
            for which, (value, low, high) in values(evidence, base / 100).items()
        ]
    )
    marks = {
        "critic's": evidence.quantity(CLAIMS, "scott_base_rate_assumed"),
        "outpatients": outpatient_share(evidence),
    }
    steps = [base for base in grid if base % 10 == 0]
    table = pd.DataFrame(
        [
            {"Base rate, percent": base}
            | {
                label: as_text(*values(evidence, base / 100)[which])
                for which, label in VALUES.items()
            }
            for base in steps
        ]
    )
    inputs = [found.sensitivity, found.specificity]
    low, high = (predicted(base, found, "positive_value") for base in marks.values())
    return {
        "accuracy_explorer": Chart(
            title=(
                f"Of people at or above the threshold of PHQ-9 between {low} and {high} have major "
                "depression, as the base rate goes from the critic's assumption to that of "
                "outpatients"
            ),
            alt=(
                "Rising curves over the share of people with major depression, each in a band "
                "of its limits: the share depressed among those at or above the threshold, steep "
                "at first, and among those below it, low until the base rate is high. A line "
                f"stands at a chosen base rate, {START} percent at first, with both values printed "
                "beside it. Marks stand at the critic's base rate and at that of outpatients."
            ),
            table=Table(
                "Share depressed at or above and below the threshold of PHQ-9, by base rate",
                table,
                rows=frozenset().union(*(item.rows for item in (*inputs, *marks.values()))),
                folded=True,
            ),
            draw=lambda width: draw(width, curves, {k: q.value for k, q in marks.items()}),
            interactive=True,
        )
    }


def draw(
    width: int, curves: pd.DataFrame, marks: dict[str, float]
) -> alt.LayerChart | alt.FacetChart:
    """Bands and curves; a rule at the slider with both values; ticks at published base rates."""
    narrow = width < NARROW
    base = alt.param(
        name="base_rate",
        value=START,
        bind=alt.binding_range(min=STEP, max=100 - STEP, step=STEP, name="Depressed, percent "),
    )
    x = alt.X(
        "base:Q",
        title="Depressed, of everyone asked, percent",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5, grid=False),
    )
    y = alt.Y(
        "value:Q",
        title="Depressed, percent",
        scale=alt.Scale(domain=[-12, 100], nice=False),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
    )
    layers: list[alt.Chart] = []
    colours = {"positive_value": TRIAL, "below": MUTED}
    for which, colour in colours.items():
        part = curves[curves["which"] == which]
        chart = alt.Chart(part)
        layers.append(
            chart.mark_area(color=colour, opacity=0.2).encode(
                x, alt.Y("low:Q", title="Depressed, percent"), alt.Y2("high:Q")
            )
        )
        layers.append(chart.mark_line(color=colour).encode(x, y))
        chosen = chart.transform_filter("datum.base == base_rate")
        point = chosen.mark_point(filled=True, size=80, color=colour, opacity=1)
        layers.append(point.encode(x, y))
        for side, test in SIDES:
            words = chosen.transform_filter(test).transform_calculate(
                words="format(datum.value, '.0f') + '% (' + format(datum.low, '.0f') + ' to '"
                " + format(datum.high, '.0f') + ')'"
            )
            text = words.mark_text(
                align=side,
                dx=9 if side == "left" else -9,
                dy=PLACES[which, side],
                fontWeight="bold",
                color=INK,
            )
            layers.append(text.encode(x, y, text="words:N"))
    one = curves[curves["which"] == "below"]
    rule = alt.Chart(one).transform_filter("datum.base == base_rate")
    layers.insert(0, rule.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x))
    known = pd.DataFrame(
        [{"base": value, "value": -7, "text": label} for label, value in marks.items()]
    )
    ticks = alt.Chart(known)
    layers.append(
        ticks.mark_point(shape="triangle-up", filled=True, size=70, color=INK, opacity=1).encode(
            x, y
        )
    )
    named = ticks.mark_text(align="left", dx=7, color=INK)
    layers.append(named.encode(x, y, text="text:N"))
    above = "at or above" if narrow else "at or above the threshold"
    names = {
        "positive_value": (93, 83, above),
        "below": (76, 54, above.replace("at or above", "below")),
    }
    for which, (at, height, label) in names.items():
        chart = alt.Chart(pd.DataFrame({"base": [at], "value": [height], "text": [label]}))
        named = chart.mark_text(align="right", color=colours[which], fontWeight="bold")
        layers.append(named.encode(x, y, text="text:N"))
    drawing = alt.layer(*layers).add_params(base)
    return drawing.properties(width=width - 60, height=260 if narrow else 320)
