"""Persistence of recovery rates: how far areas and providers keep their place over the years."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE, Chart, Weight
from analysis.evidence import Evidence
from analysis.governance.area_rates import LEVELS_BY_YEAR, UNITS_OF
from analysis.governance.variation_reliability import (
    DRAWS,
    SEED,
    Persistence,
    panel,
    persistence,
)
from analysis.quantity import Interval, Quantity, computes
from analysis.tables import Table

YEARS = (*LEVELS_BY_YEAR["ccg"], *LEVELS_BY_YEAR["icb"])
COLOURS = {"ccg": OFFICIAL, "icb": INK, "provider": MUTED}
SHIFTS = {"ccg": -0.12, "icb": 0.12, "provider": 0.0}


@computes
def rates_over_time(
    evidence: Evidence, *, draws: int = DRAWS, seed: int = SEED
) -> dict[str, Quantity | Chart]:
    """Correlation of recovery rates by the number of years between, for areas and providers."""
    panels = {
        level: panel(evidence, level, years)
        for level, years in {**LEVELS_BY_YEAR, "provider": YEARS}.items()
    }
    found = {
        (level, apart): item
        for level, own in panels.items()
        for apart in range(1, own.rates.shape[1])
        if (item := persistence(own, apart, draws=draws, seed=seed))
    }
    beyond = persistence(
        panel(evidence, "ccg", LEVELS_BY_YEAR["ccg"], beyond_expected=True),
        1,
        draws=draws,
        seed=seed,
    )
    if beyond is None:
        raise ValueError("no pair of years shares enough areas with a known expected rate")
    farthest = {level: max(apart for own, apart in found if own == level) for level in panels}
    next_year = found["ccg", 1]
    far = found["ccg", farthest["ccg"]]
    provider = found["provider", farthest["provider"]]
    table = Table(
        "Correlation of recovery rates between years, mean over all pairs of years so far apart. "
        "Limits of the corrected correlation come from resampling units.",
        pd.DataFrame(
            [
                (
                    f"{UNITS_OF[level].capitalize()}, years apart: {apart}",
                    item.pairs,
                    item.units,
                    item.observed,
                    item.ranks,
                    item.reliability,
                    item.corrected,
                )
                for (level, apart), item in found.items()
            ],
            columns=[
                "Units and distance",
                "Pairs of years",
                "Units in a pair, mean",
                "Observed",
                "Of ranks",
                "Reliability",
                "Corrected",
            ],
        ),
        decimals={
            "Units in a pair, mean": 0,
            "Observed": 2,
            "Of ranks": 2,
            "Reliability": 2,
        },
        folded=True,
    )

    def plain(value: float, level: str) -> Quantity:
        return Quantity(value, "correlation", Interval("unstated"), panels[level].rows)

    return {
        "variation_next_observed": plain(next_year.observed, "ccg"),
        "variation_reliability": plain(next_year.reliability, "ccg"),
        "variation_next": next_year.corrected,
        "variation_next_ranks": plain(next_year.ranks, "ccg"),
        "variation_next_beyond": beyond.corrected,
        "variation_far": far.corrected,
        "variation_next_boards": found["icb", 1].corrected,
        "variation_far_provider": provider.corrected,
        "variation_persistence": Chart(
            title=(
                "Recovery rates of commissioning groups correlate at "
                f"{next_year.corrected} between successive years and those of providers at "
                f"{found['provider', 1].corrected}, after correction for chance; over the longest "
                f"spans at {far.corrected} and {provider.corrected}"
            ),
            alt=(
                "Points with bars of limits, correlation against years apart. Commissioning "
                f"groups: {next_year.corrected.with_limits()} from year to year, "
                f"{far.corrected.with_limits()} over the longest span. Integrated care boards: "
                f"{found['icb', 1].corrected.with_limits()} from year to year. Providers: "
                f"{found['provider', 1].corrected.with_limits()} from year to year, "
                f"{provider.corrected.with_limits()} over the longest span. Hollow points are the "
                "correlations before correction."
            ),
            table=table,
            draw=lambda width: draw(width, found),
        ),
    }


def draw(width: int, found: dict[tuple[str, int], Persistence]) -> alt.LayerChart | alt.FacetChart:
    """Corrected correlations with limits, and hollow points for the observed ones."""
    narrow = width < 400
    longest = max(apart for _, apart in found)
    records = []
    for (level, apart), item in found.items():
        low, high = item.corrected.interval.limits or (item.corrected.value,) * 2
        records.append(
            {
                "level": level,
                "x": apart + SHIFTS[level],
                "value": round(item.corrected.value, 3),
                "low": round(low, 3),
                "high": round(high, 3),
                "observed": round(item.observed, 3),
            }
        )
    frame = pd.DataFrame(records)
    top = max(1.0, float(frame["high"].max()))
    bottom = min(0.0, float(frame["low"].min())) - 0.05  # so that no limit ends at the frame
    x = alt.X(
        "x:Q",
        title="Years apart",
        scale=alt.Scale(domain=[0.5, longest + 0.5], nice=False),
        axis=alt.Axis(values=list(range(1, longest + 1)), grid=False, format="d"),
    )
    scale = alt.Scale(domain=[bottom, top], nice=False)
    y = alt.Y("value:Q", title="Correlation of recovery rates", scale=scale)
    layers: list[alt.Chart] = [
        alt.Chart(pd.DataFrame({"value": [1]})).mark_rule(color=RULE).encode(y=y)
    ]
    for level, colour in COLOURS.items():
        own = frame[frame["level"] == level].drop(columns="level")
        part = alt.Chart(own)
        layers += [
            part.mark_line(color=colour, strokeWidth=1, opacity=0.7).encode(x, y),
            part.mark_rule(color=colour, strokeWidth=2).encode(
                x, alt.Y("low:Q", scale=scale), alt.Y2("high:Q")
            ),
            part.mark_point(filled=False, size=40, color=colour, opacity=0.9).encode(
                x, alt.Y("observed:Q", scale=scale)
            ),
            part.mark_point(filled=True, size=60, color=colour, opacity=1).encode(x, y),
        ]
    right, step = longest + 0.4, (top - bottom) / 17
    names = [(UNITS_OF[level], COLOURS[level], True) for level in COLOURS]
    names.append(("hollow: before correction", MUTED, False))
    for line, (text, colour, filled) in enumerate(names):
        place = {"x": [right], "value": [top - step * (line + 0.7)], "text": [text]}
        key = alt.Chart(pd.DataFrame(place))
        weight: Weight = "bold" if filled else "normal"
        layers += [
            key.mark_point(filled=filled, size=50, color=colour, opacity=1).encode(x, y),
            key.mark_text(align="right", dx=-9, color=colour, fontWeight=weight).encode(
                x, y, text="text:N"
            ),
        ]
    return alt.layer(*layers).properties(width=width - 52, height=280 if narrow else 320)
