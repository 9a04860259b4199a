"""Which option is best at which value of a QALY, and what it would be worth to know more."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE, Align, Chart
from analysis.cost_offset.options import (
    AS_NOW,
    DRAWS,
    HIGH,
    INPUTS,
    NAMES,
    SEED,
    USUAL,
    drawn,
    drawn_from,
    laws,
    net_benefits,
    rows,
)
from analysis.cost_offset.parameters import Parameters, parameters
from analysis.distributions import Distribution
from analysis.evidence import Evidence
from analysis.probabilistic import acceptability, evpi, evppi
from analysis.quantity import UNSTATED, Quantity, computes
from analysis.tables import Table

DECISIONS = (USUAL, AS_NOW, HIGH)
VALUES = tuple(range(0, 80_001, 2_500))
NARROW = 400
HEIGHT = 280
LOW_LABEL = 7_500  # GBP: where the lowest line has room above it for its name
PENCE = 2


@lru_cache(maxsize=8)
def _worth(
    fixed: tuple[tuple[str, Distribution], ...], value: float, seed: int, draws: int,
) -> tuple[float, dict[str, float]]:  # fmt: skip
    found = drawn_from(fixed, seed, draws)
    net = net_benefits(found, value, DECISIONS)
    varying = [name for name, law in fixed if law.family != "fixed" and name != "price_low"]
    return evpi(net), {name: evppi(found[name], net) for name in varying}


def worth(
    given: Parameters, value: float, seed: int = SEED, draws: int = DRAWS
) -> tuple[float, dict[str, float]]:
    """Value of perfect information, and of each input alone, GBP a person."""
    return _worth(tuple(sorted(laws(given).items())), value, seed, draws)


@computes
def information(
    evidence: Evidence, seed: int = SEED, draws: int = DRAWS
) -> dict[str, Quantity | Table]:
    """Expected value of knowing each input, for the decision to keep, stop or change the service.

    Args:
        evidence: the evidence.
        seed: seed of the random streams.
        draws: number of draws.
    """
    given = parameters(evidence)
    threshold = given["qaly_value_nice_to_2025"].quantity
    everything, each = worth(given, threshold.value, seed, draws)
    ordered = sorted(each.items(), key=lambda item: -item[1])
    behind = rows(given) | threshold.rows
    net = net_benefits(drawn(given, seed, draws), threshold.value, DECISIONS).mean(axis=0)
    table = Table(
        f"Expected value of knowing an input exactly, GBP a person treated, for the choice between "
        f"usual care, the service as it is and high intensity only, at {threshold} a QALY "
        f"({draws:,} draws, seed {seed}; single-loop regression estimate)",
        pd.DataFrame(
            [{"Known exactly": "Everything", "Worth, GBP a person": round(everything, PENCE)}]
            + [
                {"Known exactly": given[INPUTS[name]].label,
                 "Worth, GBP a person": round(value, PENCE)}
                for name, value in ordered
            ]
        ),
        rows=behind,
        decimals={"Worth, GBP a person": 0},
        folded=True,
    )  # fmt: skip
    found: dict[str, Quantity | Table] = {
        "information_all": Quantity(round(everything, PENCE), "GBP", UNSTATED, behind),
        "information_most": Quantity(round(ordered[0][1], PENCE), "GBP", UNSTATED, behind),
        "information_threshold": threshold,
        "information_table": table,
    }
    for name, value in zip(DECISIONS[1:], net[1:], strict=True):
        found[f"information_net_{name}"] = Quantity(
            round(float(value), PENCE), "GBP", UNSTATED, behind
        )
    return found


@computes
def acceptable(evidence: Evidence, seed: int = SEED, draws: int = DRAWS) -> dict[str, Chart]:
    """Share of draws in which each option is best, over the value of a QALY."""
    given = parameters(evidence)
    found = drawn(given, seed, draws)
    effects = np.column_stack([found[f"qalys_{name}"] for name in DECISIONS])
    costs = np.column_stack([found[f"cost_{name}"] for name in DECISIONS])
    shares = 100 * acceptability(effects, costs, VALUES)
    data = pd.DataFrame(
        [
            {"value": value, "name": NAMES[name], "share": round(float(shares[i, j]), 2)}
            for i, value in enumerate(VALUES)
            for j, name in enumerate(DECISIONS)
        ]
    )
    shown = [i for i, value in enumerate(VALUES) if value % 10_000 == 0]
    frame = pd.DataFrame(
        [
            {"GBP a QALY": VALUES[i]}
            | {NAMES[n]: float(shares[i, j]) for j, n in enumerate(DECISIONS)}
            for i in shown
        ]
    )
    table = Table(
        f"Percent of {draws:,} draws in which an option has the highest net benefit in the account "
        f"of the NHS with QALYs (seed {seed})",
        frame,
        rows=rows(given),
        decimals={"GBP a QALY": 0} | {NAMES[name]: 0 for name in DECISIONS},
    )
    leading = [DECISIONS[int(np.argmax(row))] for row in shares]
    changes = [VALUES[i] for i in range(1, len(VALUES)) if leading[i] != leading[i - 1]]
    title = (
        f"“{NAMES[leading[0]]}” is most often best while a QALY is worth less than about "
        f"£{changes[0]:,}; above that “{NAMES[leading[-1]]}”"
        if changes
        else f"“{NAMES[leading[0]]}” is most often best at every value of a QALY shown"
    )
    alt_text = (
        "Lines of the percent of draws in which each option is best, against the value of a QALY. "
        "The lines add to all draws at every value. A band marks the range of values used by NICE."
    )
    nice = (given["qaly_value_nice_to_2025"].low, given["qaly_value_nice_2026"].high)
    return {"information_chart": Chart(title, alt_text, table, lambda w: _draw(data, nice, w))}


def _draw(
    data: pd.DataFrame, nice: tuple[float, float], width: int
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    inner, size = width - 60, 11 if narrow else 12
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, VALUES[-1]], nice=False),
        axis=alt.Axis(title="Value of a QALY", tickCount=5, labelExpr=(
            "datum.value === 0 ? '£0' : '£' + format(datum.value / 1000, ',') + 'k'")),
    )  # fmt: skip
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 112], nice=False),
        axis=alt.Axis(
            title="Draws in which it is best",
            values=[0, 25, 50, 75, 100],
            labelExpr="datum.value + '%'",
        ),
    )
    order = [NAMES[name] for name in DECISIONS]
    dashes = alt.StrokeDash(
        "name:N", legend=None, scale=alt.Scale(domain=order, range=[[2, 3], [1, 0], [8, 4]])
    )
    colour = alt.Color(
        "name:N", legend=None, scale=alt.Scale(domain=order, range=[INK, OFFICIAL, MUTED])
    )
    places: dict[str, tuple[float, Align, int]] = {
        order[0]: (0, "left", -10),
        order[1]: (VALUES[-1], "right", -10),
        order[2]: (LOW_LABEL, "left", -10),
    }
    band = pd.DataFrame({"value": [nice[0]], "to": [nice[1]]})
    marks = [
        alt.Chart(band).mark_rect(color=RULE, opacity=0.5).encode(x=x, x2="to:Q"),
        alt.Chart(band).mark_text(align="left", dx=3, fontSize=size, color=MUTED).encode(
            x=x, y=alt.value(8), text=alt.value("NICE's range")),
        alt.Chart(data).mark_line(strokeWidth=2.5).encode(
            x=x, y=y, color=colour, strokeDash=dashes, detail="name:N"),
    ]  # fmt: skip
    for name, (value, side, dy) in places.items():
        here = data[(data["name"] == name) & (data["value"] == value)]
        text = alt.Chart(here).mark_text(
            align=side, dx=4 if side == "left" else -4, dy=dy, fontSize=size, fontWeight="bold"
        )
        marks.append(text.encode(x=x, y=y, text="name:N", color=colour))
    return alt.layer(*marks).properties(width=inner, height=HEIGHT)
