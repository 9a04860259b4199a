"""Printed rates of providers' months around the recovery target, beside a smooth null."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.governance.bunching_looks import DRAWS, MAIN, SEED, Looks, looks_at
from analysis.intervals import clopper_pearson
from analysis.quantity import RECORD, UNSTATED, Interval, Quantity, computes
from analysis.tables import Table

REACH = 10
HEIGHT = 260
LEVEL = 0.95


def probability(value: float, draws: int, rows: frozenset[str]) -> Quantity:
    """A p from simulated data sets, with the interval of the simulation's own error."""
    low, high = clopper_pearson(round(value * (1 + draws)), 1 + draws, LEVEL)
    limits = Interval("model", low, high, LEVEL)
    return Quantity(value, "ratio", limits, rows, decimals=3)


def relative(look: pd.Series, rows: frozenset[str]) -> Quantity:
    """Extra entries as a percentage of what the null expects, resampling whole units."""
    value, low, high = look["relative"]
    interval = Interval("sampling", min(low, value), max(high, value), LEVEL)
    return Quantity(value, "percent", interval, rows)


@computes
def around_the_target(
    evidence: Evidence, draws: int = DRAWS, seed: int = SEED
) -> dict[str, Quantity | Chart]:
    """Provider-months printed at and around the target, expected ones, and the p at the target."""
    found = looks_at(evidence, str(MAIN["population"]), draws, seed)
    rows = found.lineage
    band, cut = found.band, round(found.target.value)
    here = int(cut - band.percents[0])
    limits = Interval("model", band.low[here], band.high[here], LEVEL)
    excess, step = found.main(), found.main(statistic="step")
    stiffer = found.main(null="coarse")

    def seen(place: int) -> Quantity:
        return Quantity(band.counts[place], "count", RECORD, rows)

    beside = (abs(band.percents - cut) <= REACH) & (band.percents != cut)
    outside = beside & ((band.counts < band.low) | (band.counts > band.high))
    numbers = {
        "bunching_target": found.target,
        "bunching_months": Quantity(excess["entries"], "count", RECORD, rows),
        "bunching_seen": seen(here),
        "bunching_seen_below": seen(here - 1),
        "bunching_seen_above": seen(here + 1),
        "bunching_expected": Quantity(band.expected[here], "count", limits, rows),
        "bunching_outside": Quantity(outside.sum(), "count", RECORD, rows),
        "bunching_extra": relative(excess, rows),
        "bunching_extra_stiffer": relative(stiffer, rows),
        "bunching_step": relative(step, rows),
        "bunching_p": probability(excess["p"], draws, rows),
        "bunching_p_over_cuts": probability(excess["p_cuts"], draws, rows),
        "bunching_p_stiffer": probability(stiffer["p_cuts"], draws, rows),
        "bunching_p_step": probability(step["p_cuts"], draws, rows),
        "bunching_rank": Quantity(excess["rank"], "count", UNSTATED, rows),
        "bunching_rank_step": Quantity(step["rank"], "count", UNSTATED, rows),
    }
    return {**numbers, "bunching_rates": _figure(found, numbers, rows, draws, seed)}


def _figure(
    found: Looks, numbers: dict[str, Quantity], rows: frozenset[str], draws: int, seed: int
) -> Chart:
    band, cut = found.band, round(found.target.value)
    near = abs(band.percents - cut) <= REACH
    frame = pd.DataFrame(
        {
            "rate": band.percents[near],
            "seen": band.counts[near],
            "expected": band.expected[near].round(1),
            "low": band.low[near].round(1),
            "high": band.high[near].round(1),
        }
    )
    table = Table(
        "Provider-months by printed recovery rate, and what a smooth null expects "
        f"({draws:,} simulated data sets, seed {seed})",
        frame.rename(
            columns={
                "rate": "Printed rate, percent",
                "seen": "Provider-months",
                "expected": "Expected",
                "low": "Null, low",
                "high": "Null, high",
            }
        ),
        rows=rows,
        decimals={"Expected": 0, "Null, low": 0, "Null, high": 0, "Provider-months": 0},
        folded=True,
    )
    seen, expected = numbers["bunching_seen"], numbers["bunching_expected"]
    low, high = (expected.number(limit) for limit in expected.interval.limits or (0.0, 0.0))
    return Chart(
        title=f"{seen} provider-months print {found.target}; a smooth curve fitted without them "
        f"expects {expected}, and {low} to {high} in most simulated data",
        alt="Dots are provider-months at each whole percent of the recovery rate from well below "
        "the target to well above. They rise to a peak at and just above the target and fall "
        "again. A grey band is the range of simulated data without bunching. The dot at the "
        "target is marked, and its count and the null's are in the title.",
        table=table,
        draw=lambda width: _draw(frame, cut, str(found.target), width),
    )


def _draw(frame: pd.DataFrame, cut: int, label: str, width: int) -> alt.LayerChart | alt.FacetChart:
    inner = width - 58
    narrow = width < 400
    base = alt.Chart(frame)
    x = alt.X(
        "rate:Q",
        title="Printed recovery rate, %",
        scale=alt.Scale(domain=[cut - REACH - 0.6, cut + REACH + 0.6], nice=False),
        axis=alt.Axis(tickCount=5 if narrow else 11, format="d", grid=False),
    )
    top = float(max(frame["high"].max(), frame["seen"].max())) * 1.14
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("seen:Q", scale=scale, title="Provider-months", axis=alt.Axis(tickCount=5))
    at = base.transform_filter(f"datum.rate == {cut}")
    first = cut - REACH - 0.4
    notes = pd.DataFrame(
        {
            "rate": [cut - 0.4, first, first],
            "seen": [top * 0.975, top * 0.78, top * 0.7],
            "text": [f"target, {label}", "dots: as printed", "band: smooth curve"],
        }
    )
    size = 11 if narrow else 12
    texts = alt.Chart(notes.iloc[:1]).mark_text(align="right", fontSize=size, color=INK)
    keys = alt.Chart(notes.iloc[1:]).mark_text(align="left", fontSize=size, color=INK)
    return alt.layer(
        base.mark_area(color=MUTED, opacity=0.3, interpolate="linear").encode(
            x=x, y=alt.Y("low:Q", scale=scale, title="Provider-months"), y2="high:Q"
        ),
        base.mark_line(color=MUTED, strokeWidth=1).encode(
            x=x, y=alt.Y("expected:Q", scale=scale, title="Provider-months")
        ),
        at.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x=x),
        base.mark_point(filled=True, color=OFFICIAL, size=34 if narrow else 56, opacity=1).encode(
            x=x, y=y
        ),
        at.mark_point(filled=False, color=INK, size=170, strokeWidth=2, opacity=1).encode(x=x, y=y),
        texts.encode(x=x, y=y, text="text:N"),
        keys.encode(x=x, y=y, text="text:N"),
    ).properties(width=inner, height=HEIGHT)
