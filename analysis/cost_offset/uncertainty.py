"""Random draws within named scenarios: net benefits, coarse probabilities, what drives them."""

from __future__ import annotations

import textwrap
from functools import lru_cache

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE, Chart
from analysis.cost_offset.accounts import ACCOUNTS, model
from analysis.cost_offset.parameters import Parameters, parameters
from analysis.cost_offset.scenarios import SCENARIOS
from analysis.cost_offset.summary import DRAWS, SEED, Laws, at_means, spreads
from analysis.evidence import Evidence
from analysis.probabilistic import one_way, two_way
from analysis.quantity import UNSTATED, Interval, Quantity, computes
from analysis.tables import Table

NARROW = 400
BAR = 40
SCENARIO = "bounded"
CLOSE = 20.0  # GBP: smaller swings are left out
PENCE = 2
FREE = 0.0  # GBP: a course that costs nothing nets all that it brings
REPAID = "repays"
COSTS = (500, 750, 1000, 1250, 1500, 1750, 2000)
EFFECTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
NARROW_EFFECTS = (1.0, 1.5, 2.0, 4.0, 6.0)


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _last(given: Parameters) -> int:
    return round(given["evidence_ends"].distribution.value)


@computes
def draws(evidence: Evidence, seed: int = SEED, number: int = DRAWS) -> dict[str, Quantity | Table]:
    """Mean, 95% limits and probability of a net benefit above zero, scenario by scenario.

    Args:
        evidence: the evidence.
        seed: seed of the random streams.
        number: draws in each scenario.
    """
    given = parameters(evidence)
    last = _last(given)
    rows, errors = [], []
    found: dict[str, Quantity | Table] = {}
    for name, scenario in SCENARIOS.items():
        for account, label in ACCOUNTS.items():
            spread = spreads(given, name, last, seed, number)[account]
            errors.append(spread.above_zero.error)
            net = Quantity(
                round(spread.mean, PENCE),
                "GBP",
                Interval("model", round(spread.low, PENCE), round(spread.high, PENCE), 0.95),
                scenario.rows(given),
            )
            rows.append(
                {
                    "Scenario": scenario.name,
                    "Account": label,
                    "Net benefit a person": net,
                    "Probability that it pays": spread.above_zero.band,
                }
            )
            if (name, account) in PUBLISHED:
                found[f"uncertainty_{name}_{account}"] = net
    every = frozenset().union(*(item.rows(given) for item in SCENARIOS.values()))
    error = round(100 * max(errors), 4)
    found["uncertainty_error"] = Quantity(error, "percentage points", rows=every, decimals=2)
    caption = (
        f"Net benefit per person who finishes a course by month {last}, {number:,} draws within "
        f"each scenario (seed {seed}; largest Monte Carlo error of a probability {error:.2f} "
        f"percentage points); the probabilities hold within a scenario and say nothing about "
        f"which scenario is true"
    )
    found["uncertainty_table"] = Table(caption, pd.DataFrame(rows), folded=True)
    return found


PUBLISHED = (
    ("bounded", "exchequer"),
    ("bounded", "purse"),
    ("maximum", "purse"),
    ("integrated", "purse"),
)


@lru_cache(maxsize=16)
def _swings(laws: Laws, horizon: int, account: str) -> dict[str, tuple[float, float]]:
    return one_way(lambda inputs: model(inputs, horizon), dict(laws), f"net_{account}")


@computes
def tornado(evidence: Evidence, account: str = "purse") -> dict[str, Chart]:
    """The net benefit of one account with each input at its low and its high end."""
    given = parameters(evidence)
    scenario = SCENARIOS[SCENARIO]
    laws = scenario.inputs(given)
    last = _last(given)
    centre = at_means(laws, last)[f"net_{account}"]
    names = scenario.parameter_names()
    swings = _swings(tuple(sorted(laws.items())), last, account)
    data = pd.DataFrame(
        [
            {"label": given[names[name]].label, "low": round(min(ends), 1),
             "high": round(max(ends), 1), "from": ends[0], "to": ends[1]}
            for name, ends in swings.items()
            if abs(ends[1] - ends[0]) >= CLOSE
        ]
    )  # fmt: skip
    table = Table(
        f"Net benefit of {ACCOUNTS[account]} in GBP a person by month {last}, scenario "
        f"“{scenario.name}”, each input at its low and high end and the others at their means; "
        f"swings of less than £{CLOSE:.0f} are left out",
        data[["label", "from", "to"]].set_axis(["Input", "At its low end", "At its high end"],
                                               axis=1),
        rows=scenario.rows(given),
        decimals={"At its low end": 0, "At its high end": 0},
    )  # fmt: skip
    above = [f"“{label}”" for label in data.loc[data["high"] > 0, "label"]]
    reached = (
        f"one end of {_listed(above)} reaches break-even on its own"
        if above
        else "no input reaches break-even on its own"
    )
    title = (
        f"{ACCOUNTS[account]}, scenario “{scenario.name}”: “{data['label'].iloc[0]}” moves the "
        f"result most, and {reached}"
    )
    alt_text = (
        "Horizontal bars, one for each input, from the net benefit at the input's low end to that "
        "at its high end, longest at the top. A broken rule marks the result at the means, a "
        "solid rule break-even."
    )
    return {
        "uncertainty_tornado": Chart(
            title, alt_text, table, lambda w: _draw_tornado(data, centre, w)
        )
    }


def _draw_tornado(data: pd.DataFrame, centre: float, width: int) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    wrapped = [textwrap.wrap(text, 46 if narrow else 90) for text in data["label"]]
    data = data.assign(row=range(len(data)), last=[lines[-1] for lines in wrapped],
                       first=[lines[0] if len(lines) > 1 else "" for lines in wrapped])  # fmt: skip
    low, high = min(data["low"].min(), 0.0), max(data["high"].max(), 0.0)
    scale = alt.Scale(domain=[1.05 * low, high + 0.05 * (high - low)], nice=False)
    pounds = alt.Axis(
        title="Net benefit, pounds a person", tickCount=4 if narrow else 8,
        labelExpr="replace(format(datum.value, ','), '-', '−')",
    )  # fmt: skip
    x = alt.X("low:Q", scale=scale, axis=pounds)
    rows = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0))
    base = alt.Chart(data)

    def label(field: str, dy: int) -> alt.Chart:
        size = 11 if narrow else 12
        text: alt.Chart = base.mark_text(align="left", dy=dy, fontSize=size, color=INK)
        return text.encode(x=alt.value(2), y=rows, text=f"{field}:N")

    return alt.layer(
        base.mark_bar(color=OFFICIAL, height=12, yOffset=12).encode(x=x, x2="high:Q", y=rows),
        alt.Chart(pd.DataFrame({"low": [0.0]})).mark_rule(color=INK).encode(x=x),
        alt.Chart(pd.DataFrame({"low": [centre]})).mark_rule(
            color=MUTED, strokeDash=[4, 3]).encode(x=x),
        label("first", -19), label("last", -6),
    ).properties(width=width - 20, height=(54 if narrow else BAR) * len(data))  # fmt: skip


@computes
def cost_and_effect(evidence: Evidence) -> dict[str, Chart]:
    """The Exchequer's net benefit over a grid of the cost of a course and the effect on work."""
    given = parameters(evidence)
    scenario = SCENARIOS["maximum"]
    laws = scenario.inputs(given)
    last = _last(given)
    means = {name: law.mean for name, law in laws.items()}
    # beyond the study's own effect every group is raised in proportion
    grid = two_way(
        lambda inputs: model(inputs, last), means, "net_exchequer",
        {"cost": (FREE, *COSTS), "effect": EFFECTS},
    )  # fmt: skip
    names = [REPAID, *(f"£{cost:,}" for cost in COSTS)]  # what a free course brings, it repays
    data = pd.DataFrame(
        [
            {"cost": name, "effect": effect, "net": round(float(grid[i, j]))}
            for i, name in enumerate(names)
            for j, effect in enumerate(EFFECTS)
        ]
    )
    frame = data.pivot(index="cost", columns="effect", values="net").loc[names]
    frame = frame.rename(columns=lambda effect: f"{effect:g} points").reset_index(names="Cost")
    table = Table(
        f"Net benefit of the Exchequer in GBP a person by month {last}: effect on work from the "
        f"first month in percentage points, and cost of a course; first, the cost that is repaid",
        frame,
        rows=scenario.rows(given),
        decimals=dict.fromkeys(frame.columns[1:], 0),
    )
    found = {**means, "effect": given["work_effect_all"].high, "cost": FREE}
    repaid = Quantity(float(model(found, last)["net_exchequer"]), "GBP", UNSTATED)
    title = (
        f"At the largest effect of the linked study, from the first month on, benefits and tax "
        f"repay a course of up to {repaid} by month {last}; the model's expected cost is "
        f"{given[scenario.parameter_names()['cost']].expected}"
    )
    alt_text = (
        "A grid of numbers: rows are costs of a course, columns effects on work in percentage "
        "points. The first row is the cost that is repaid; cells below in which the Exchequer is "
        "repaid are filled, the others are not."
    )
    return {"uncertainty_grid": Chart(title, alt_text, table, lambda w: _draw_grid(data, w))}


def _draw_grid(data: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    data = data[data["effect"].isin(NARROW_EFFECTS)] if narrow else data
    x = alt.X("effect:O", axis=alt.Axis(
        title="More in work, percentage points", orient="top", labelAngle=0, domain=False,
        ticks=False))  # fmt: skip
    y = alt.Y(
        "cost:N", sort=None, axis=alt.Axis(title="Cost of a course", domain=False, ticks=False)
    )
    base = alt.Chart(data)
    paid = f"datum.net >= 0 && datum.cost !== '{REPAID}'"
    return alt.layer(
        base.mark_rect(stroke=RULE).encode(
            x=x, y=y, color=alt.condition(paid, alt.value(OFFICIAL), alt.value("transparent")),
            opacity=alt.condition(paid, alt.value(0.2), alt.value(1))),
        base.transform_calculate(text="replace(format(datum.net, ','), '-', '−')")
        .mark_text(fontSize=11 if narrow else 12, color=INK).encode(x=x, y=y, text="text:N"),
    ).properties(width=width - 72, height=26 * (len(COSTS) + 1))  # fmt: skip
