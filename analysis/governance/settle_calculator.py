"""A calculator in the page: precision, take-up, spread and cost in, interviews and cost out.

The page repeats the arithmetic of `analysis.sample_size.two_stage_sample` and `invitations`; a test
compares what it prints with Python.
"""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.governance.settle_audit import precision
from analysis.governance.settle_cost import SERVICE, SPENDING, earlier_look
from analysis.governance.settle_inputs import (
    INTERVIEW,
    LEVEL,
    TEAM,
    between_providers,
    inputs,
    interview_cost,
    official_rate,
    planned,
    providers,
    team_cost,
)
from analysis.intervals import normal_quantile
from analysis.quantity import Quantity, computes
from analysis.sample_size import TINY, invitations, two_stage_sample
from analysis.tables import Table

NARROW, HEIGHT, MILLION = 400, 250, 1e6
FINEST, COARSEST, STEP = 1.0, 10.0, 0.5
GRID = np.arange(FINEST, COARSEST + 0.01, 0.25)
DOMAIN = (4.5, 9.2)
ROW = 17  # pixels a line of the reading


@dataclass(frozen=True)
class Plan:
    """What a reader can set, and what stays: points, percent and pounds."""

    precision: float
    take_part: float
    between: float
    each_cost: float
    fixed_cost: float
    share: float
    each: float
    providers: float


@dataclass(frozen=True)
class Reading:
    """What the calculator prints for a plan."""

    interviews: int
    providers: int
    invited: int
    cost: float
    left_open: float


def start(evidence: Evidence) -> Plan:
    """The plan of the section, each setting rounded to a step of its slider."""
    given = {name: item.value for name, item in inputs(evidence, (*INTERVIEW, *TEAM)).items()}
    return Plan(
        precision=STEP * round(precision(evidence)["planned"].value / STEP),
        take_part=float(round(planned(evidence, "take_part").value)),
        between=round(between_providers(evidence).value, 2),
        each_cost=5.0 * round(interview_cost(given) / 5),
        fixed_cost=float(round(team_cost(given))),
        share=official_rate(evidence).value,
        each=planned(evidence, "interviews_per_provider").value,
        providers=providers(evidence).value,
    )


def read(plan: Plan) -> Reading:
    """Interviews, providers, invitations, cost, and what people who stay away leave open.

    >>> read(Plan(3, 50, 5, 300, 200_000, 50, 20, 1000))
    Reading(interviews=1257, providers=63, invited=2514, cost=577100, left_open=25.0)
    """
    found = two_stage_sample(
        plan.share / 100, plan.precision / 100, plan.between / 100, plan.each, plan.providers, LEVEL
    )
    number = found.whole_people
    return Reading(
        number,
        found.whole_clusters,
        invitations(number, plan.take_part / 100),
        plan.fixed_cost + plan.each_cost * number,
        (100 - plan.take_part) / 2,
    )


@computes
def calculator(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Cost over precision for settings that a reader can move, with what they need and leave."""
    plan, looked = start(evidence), earlier_look(evidence)
    service = evidence.quantity(SPENDING, SERVICE)
    first = read(plan)
    money = Quantity(first.cost / MILLION, "GBP million", decimals=2)
    rows = looked.rows.union(
        service.rows,
        official_rate(evidence).rows,
        between_providers(evidence).rows,
        *(item.rows for item in inputs(evidence, (*INTERVIEW, *TEAM)).values()),
        *(planned(evidence, row).rows for row in ("take_part", "interviews_per_provider")),
    )
    records = []
    for points in (1.0, 2.0, 3.0, 5.0, 10.0):
        found = read(Plan(**{**vars(plan), "precision": points}))
        records.append(
            {
                "Precision, points either way": points,
                "Interviews": found.interviews,
                "Providers": found.providers,
                "People to invite": found.invited,
                "Cost, pounds": found.cost,
            }
        )
    title = (
        f"At the settings of the plan, {first.interviews:,} interviews cost about "
        f"{money}; those who do not take part leave "
        f"{first.left_open:g} points open either way"
    )
    picture = (
        "A curve of cost over the precision wanted, on a scale on which each step is ten times the "
        "one before, between lines for the earlier look at the data and for a year of the "
        "service. A point stands at the chosen precision; above it are printed the interviews, "
        "providers and invitations, the cost, and how far people who do not take part could move "
        "the rate. Sliders set precision, the share that takes part, the spread between providers "
        "and the cost of an interview."
    )
    lines = pd.DataFrame(
        [
            {"cost": looked.value, "words": "earlier look, unpublished", "colour": CRITIC},
            {
                "cost": service.value * MILLION,
                "words": "the service for a year, NHS trusts",
                "colour": OFFICIAL,
            },
        ]
    )
    table = Table("What precision needs, at the settings of the plan", pd.DataFrame(records), rows)
    chart = Chart(title, picture, table, lambda w: _draw(plan, lines, w), interactive=True)
    return {"settle_calculator": chart}


def _param(
    name: str, value: float, low: float, high: float, step: float, words: str
) -> alt.Parameter:
    bind = alt.binding_range(min=low, max=high, step=step, name=f"{words} ")
    return alt.param(name=name, value=value, bind=bind)


def _steps(plan: Plan) -> list[dict[str, str]]:
    """The arithmetic of `read` for the page, in its order."""
    z, p = normal_quantile(LEVEL), plan.share / 100
    needed = f"pow(datum.points / 100 / {z!r}, 2)"
    within = f"({p * (1 - p)!r} - pow(spread / 100, 2))"
    return [
        {"v": needed},
        {"k": f"(pow(spread / 100, 2) + {within} / {plan.each!r})"
              f" / (datum.v + pow(spread / 100, 2) / {plan.providers!r})"},
        {"n": f"ceil((datum.k > {plan.providers!r} ? {within} / datum.v"
              f" : datum.k * {plan.each!r}) - {TINY!r})"},
        {"visited": f"ceil(min(datum.k, {plan.providers!r}) - {TINY!r})"},
        {"invited": f"ceil(datum.n / (taking / 100) - {TINY!r})"},
        {"cost": f"{plan.fixed_cost!r} + interview * datum.n"},
        {"open": "(100 - taking) / 2"},
    ]  # fmt: skip


def _draw(plan: Plan, lines: pd.DataFrame, width: int) -> alt.VConcatChart:
    narrow = width < NARROW
    inner, size = width - 72, 11 if narrow else 12
    params = [
        _param("wanted", plan.precision, FINEST, COARSEST, STEP, "Precision, points either way"),
        _param("taking", plan.take_part, 10, 100, 1, "Takes part, percent of those invited"),
        _param("spread", plan.between, 0, 10, 0.01, "Spread between providers, points"),
        _param("interview", plan.each_cost, 50, 1000, 5, "Cost of an interview, pounds"),
    ]
    base = alt.Chart(pd.DataFrame({"points": GRID}))
    for step in _steps(plan):
        base = base.transform_calculate(**step)
    chosen = base.transform_filter("abs(datum.points - wanted) < 0.01")
    x = alt.X(
        "points:Q",
        title="Precision, percentage points either way",
        scale=alt.Scale(domain=[0, COARSEST], nice=False),
        axis=alt.Axis(tickCount=6, grid=False),
    )
    axis = alt.Axis(
        values=[10.0**power for power in range(5, 10)],
        labelExpr="datum.value < 1e6 ? '£' + datum.value / 1e3 + 'k' "
        ": '£' + format(datum.value / 1e6, ',') + 'm'",
        gridOpacity=0.6,
    )
    scale = alt.Scale(type="log", domain=[10**power for power in DOMAIN], nice=False)
    y = alt.Y("cost:Q", title="Cost of the audit", scale=scale, axis=axis)
    known = alt.Chart(lines)
    colour = alt.Color("colour:N", scale=None, legend=None)
    picture = alt.layer(
        known.mark_rule(strokeDash=[5, 3], strokeWidth=2).encode(y=y, color=colour),
        known.mark_text(align="right", dy=11, fontSize=size, color=INK).encode(
            x=alt.value(inner), y=y, text="words:N"
        ),
        base.mark_line(color=MUTED, strokeWidth=2).encode(x=x, y=y),
        chosen.mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x),
        chosen.mark_point(color=INK, filled=True, size=110, opacity=1).encode(x=x, y=y),
    ).properties(width=inner, height=HEIGHT)
    readings = {
        "Interviews": "format(datum.n, ',') + ' at ' + datum.visited + ' providers'",
        "People to invite": "format(datum.invited, ',')",
        "Cost": "'£' + format(datum.cost / 1e6, '.2f') + ' million'",
        "Sampling error": "'± ' + datum.points + ' points'",
        "Left open by those who stay away" if not narrow else "Left open by others":
            "'up to ± ' + format(datum.open, '.1f') + ' points'",
    }  # fmt: skip
    words = [
        chosen.transform_calculate(text=f"'{name}: ' + {text}")
        .mark_text(align="left", baseline="top", fontSize=size + 1, color=INK)
        .encode(x=alt.value(0), y=alt.value(ROW * line), text="text:N")
        for line, (name, text) in enumerate(readings.items())
    ]
    reading = alt.layer(*words).properties(width=inner, height=ROW * len(words))
    return alt.vconcat(reading, picture, spacing=10).add_params(*params)
