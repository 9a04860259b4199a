"""The trap of rebuilt rates: rounded counts pile up at simple fractions without any bunching."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, OFFICIAL, RULE, Chart
from analysis.evidence import Evidence
from analysis.governance.bunching_looks import SEED, base_shares, population, target_of
from analysis.printed_rates import ROUNDING, Window, rebuilt_tenths
from analysis.quantity import RECORD, Interval, Quantity, computes
from analysis.smooth_null import fit_law, simulated_latent, simulated_sizes
from analysis.tables import Table

DRAWS = 200
REACH = 30
LEVEL = 0.95
MONTHLY = "bennettoxford_2026_nhstt_monthly"


@lru_cache(maxsize=2)
def simulated_tenths(
    evidence: Evidence, draws: int = DRAWS, seed: int = SEED
) -> tuple[np.ndarray, frozenset[str]]:
    """Simulated provider-months at each rebuilt tenth (draw × tenth), as many as were counted.

    Smooth latent rates, binomial recoveries, counts rounded to 5, and counts under 5 not printed;
    those not at caseness are a Poisson share of the finished.
    """
    table = evidence.table("rebuilt_rates")
    window = Window.around(round(target_of(evidence).value))
    sample, _, rows = population(evidence, "provider_months", source=MONTHLY)
    law = fit_law(sample, window, round(target_of(evidence).value))
    rng = np.random.default_rng([seed, len(table)])
    shares = base_shares(evidence)
    areas = evidence.table("area_years", level=["ccg", "icb"])
    latent = simulated_latent(sample, law, draws, rng)
    n = simulated_sizes(sample, draws, rng)
    recovered = rng.binomial(n, latent)
    share = float(shares.iloc[-1])
    not_cases = rng.poisson(n * (1 - share) / share)
    tenths = rebuilt_tenths(recovered, n + not_cases, not_cases)
    tenths[(not_cases < ROUNDING) | (recovered < ROUNDING)] = -1
    edges = np.rint(10 * table["rebuilt_from"]).astype(np.int64).to_numpy()
    counts = np.stack([np.bincount(row[row >= 0], minlength=1001)[edges] for row in tenths])
    scaled = counts * (table["months"].sum() / max(counts.sum() / draws, 1.0))
    everything = rows | evidence.rows("rebuilt_rates", table.index)
    return scaled, everything | evidence.rows("area_years", areas.index)


@computes
def rebuilt(
    evidence: Evidence, draws: int = DRAWS, seed: int = SEED
) -> dict[str, Quantity | Chart]:
    """Provider-months by rebuilt rate around the target, counted and under a smooth null."""
    target, table = target_of(evidence), evidence.table("rebuilt_rates")
    null, rows = simulated_tenths(evidence, draws, seed)
    rows |= target.rows
    away = np.rint(10 * (table["rebuilt_from"] - target.value)).astype(int).to_numpy()
    months = table["months"].to_numpy()
    tenth = away == 0
    above, below = (away >= 0) & (away < 10), (away < 0) & (away >= -10)

    def expected(chosen: np.ndarray) -> Quantity:
        sums = null[:, chosen].sum(axis=1)
        low, high = np.quantile(sums, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        mean = float(np.clip(sums.mean(), low, high))
        return Quantity(mean, "count", Interval("model", low, high, LEVEL), rows)

    def counted(chosen: np.ndarray) -> Quantity:
        return Quantity(months[chosen].sum(), "count", RECORD, rows)

    numbers = {
        "bunching_rebuilt_at": counted(tenth),
        "bunching_rebuilt_at_null": expected(tenth),
        "bunching_rebuilt_above": counted(above),
        "bunching_rebuilt_below": counted(below),
        "bunching_rebuilt_above_null": expected(above),
        "bunching_rebuilt_below_null": expected(below),
        "bunching_rebuilt_above_rest": counted(above & ~tenth),
    }
    near = abs(away) <= REACH
    low, high = np.quantile(null[:, near], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    frame = pd.DataFrame(
        {
            "rate": (target.value + away[near] / 10).round(1),
            "n": months[near],
            "e": null[:, near].mean(axis=0).round(1),
            "lo": low.round(1),
            "hi": high.round(1),
        }
    )
    return {**numbers, "bunching_rebuilt": _figure(frame, target, numbers, rows, draws, seed)}


def _figure(
    frame: pd.DataFrame,
    target: Quantity,
    numbers: dict[str, Quantity],
    rows: frozenset[str],
    draws: int,
    seed: int,
) -> Chart:
    table = Table(
        "Provider-months by recovery rate rebuilt from rounded counts, finely divided "
        f"({draws:,} simulated data sets, seed {seed})",
        frame.rename(
            columns={
                "rate": "Rebuilt rate from, percent",
                "n": "Provider-months",
                "e": "Smooth null",
                "lo": "Null, low",
                "hi": "Null, high",
            }
        ),
        rows=rows,
        decimals={"Rebuilt rate from, percent": 1, "Smooth null": 0, "Null, low": 0,
                  "Null, high": 0},
        folded=True,
    )  # fmt: skip
    return Chart(
        title=f"Rebuilt from rounded counts, {numbers['bunching_rebuilt_at']} provider-months "
        f"stand at {target}; rounding alone puts {numbers['bunching_rebuilt_at_null']} there",
        alt="Bars are provider-months in each tenth of a percent of the rebuilt recovery rate. "
        "One bar at the target towers over the rest, with gaps on either side of it. Short ticks "
        "of a simulated null without bunching, with their ranges, stand at a similar height at "
        "the target and have the same gaps.",
        table=table,
        draw=lambda width: _draw(frame, width),
    )


def _draw(frame: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    inner, narrow = width - 58, width < 400
    base = alt.Chart(frame)
    first, last = float(frame["rate"].min()), float(frame["rate"].max())
    x = alt.X(
        "rate:Q",
        title="Recovery rate rebuilt from rounded counts, %",
        scale=alt.Scale(domain=[first - 0.1, last + 0.1], nice=False),
        axis=alt.Axis(tickCount=4 if narrow else 7, format="d", grid=False),
    )
    top = float(max(frame["n"].max(), frame["hi"].max())) * 1.1
    scale = alt.Scale(domain=[0, top], nice=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, title="Provider-months",
                     axis=alt.Axis(tickCount=5, gridColor=RULE))  # fmt: skip

    notes = pd.DataFrame(
        [{"rate": first, "n": top * 0.96, "text": "bars: rebuilt rates"},
         {"rate": first, "n": top * 0.88, "text": "dots: by rounding alone"}]
    )  # fmt: skip
    return alt.layer(
        base.mark_bar(color=OFFICIAL, opacity=0.7, size=max(2.0, 0.75 * inner / len(frame))).encode(
            x=x, y=y("n")
        ),
        base.mark_rule(color=INK, strokeWidth=1.5).encode(x=x, y=y("lo"), y2="hi:Q"),
        base.mark_point(filled=True, color=INK, size=12 if narrow else 20, opacity=1).encode(
            x=x, y=y("e")
        ),
        alt.Chart(notes)
        .mark_text(align="left", fontSize=11 if narrow else 12, color=INK, dx=4)
        .encode(x=x, y=y("n"), text="text:N"),
    ).properties(width=inner, height=240)
