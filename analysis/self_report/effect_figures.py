"""Effect sizes as pictures: the refilled table by disorder, and what selecting cases does."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, OFFICIAL, RULE, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Quantity, computes
from analysis.self_report.effect_sizes import (
    ALL,
    CASES_YEAR,
    CLAIMS,
    PUBLISHED,
    THERAPIES,
    YEAR,
    cell,
    effect,
    listed,
)
from analysis.self_report.standing import standing
from analysis.tables import Table

NARROW = 400
STEP = 36


@computes
def refilled(evidence: Evidence, year: str = YEAR) -> dict[str, Chart]:
    """The critic's table by disorder, the lost values replaced by official ones of the year."""
    claim = evidence.quantity(CLAIMS, "seed_mean_effect")
    names = listed(evidence)
    depression = {name: effect(cell(evidence, name, year=year)) for name in names}
    anxiety = {name: effect(cell(evidence, name, "GAD-7", year)) for name in names}
    ordered = sorted(names, key=lambda name: -depression[name].value)
    printed = evidence.table(PUBLISHED, year=year, instrument="PHQ-9")
    known = set(zip(printed["problem"], printed["therapy"], strict=True))

    def official(problem: str, therapy: str) -> Quantity | str:
        if (problem, therapy) not in known:
            return "–"
        where = {"year": year, "problem": problem, "therapy": therapy, "instrument": "PHQ-9"}
        return evidence.pick(PUBLISHED, "effect_size", **where)

    frame = pd.DataFrame(
        [
            {
                "Problem": name,
                "PHQ-9, all therapies": depression[name],
                "Share left behind": standing(depression[name]),
                "GAD-7, all therapies": anxiety[name],
                "PHQ-9, CBT as printed": official(name, THERAPIES[0]),
                "PHQ-9, guided self-help as printed": official(name, THERAPIES[1]),
            }
            for name in ordered
        ]
    )
    table = Table(
        f"Effect sizes by problem, {year}: fall of the mean over the spread of first scores, every "
        "completed course",
        frame,
    )
    low, high = depression[ordered[-1]], depression[ordered[0]]
    title = (
        f"Over every completed course in {year} effects on PHQ-9 run from {low} to {high} by "
        f"problem; the critic's mean is {claim.value:.2f}"
    )
    picture = (
        "Each problem of the critic's table in a row, with its effect on PHQ-9 as a filled circle "
        "and on GAD-7 as a hollow one, both as the share of a standard deviation of first scores. "
        "A broken line marks the critic's mean. Filled circles lie to its left."
    )
    marks = pd.DataFrame(
        [
            {
                "name": f"{name}: {depression[name]}, {anxiety[name]}",
                "depression": depression[name].value,
                "anxiety": anxiety[name].value,
                "label": STEP * i + 40,
                "y": STEP * i + 50,
            }
            for i, name in enumerate(ordered)
        ]
    ).round(4)
    return {"effect_refilled": Chart(title, picture, table, lambda w: _draw(marks, claim.value, w))}


def _draw(marks: pd.DataFrame, claim: float, width: int) -> alt.LayerChart | alt.FacetChart:
    size = 11 if width < NARROW else 12
    height = STEP * len(marks) + 26
    down = alt.Scale(domain=[0, height], range=[0, height])
    top = 1.08 * max(claim, float(marks[["depression", "anxiety"]].max().max()))
    across = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(title="Effect in standard deviations of first scores", tickCount=6)
    y, label = (alt.Y(f"{field}:Q", scale=down, axis=None) for field in ("y", "label"))

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=across, axis=axis)

    base = alt.Chart(marks)
    head = base.transform_filter(f"datum.y < {STEP + 50}").transform_calculate(
        first="'PHQ-9'", second="'GAD-7'"
    )
    above: dict[str, Any] = {"fontSize": size, "baseline": "bottom"}
    return alt.layer(
        alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(color=RULE).encode(x=x("x")),
        alt.Chart(pd.DataFrame({"x": [claim]}))
        .mark_rule(color=CRITIC, strokeDash=[4, 3]).encode(x=x("x")),
        alt.Chart(pd.DataFrame({"x": [claim], "text": ["critic's mean"]}))
        .mark_text(color=CRITIC, align="right", dx=-4, baseline="top", fontSize=size)
        .encode(x=x("x"), y=alt.value(0), text="text:N"),
        base.mark_rule(color=MUTED).encode(x=x("depression"), x2="anxiety", y=y),
        base.mark_point(filled=True, size=75, color=OFFICIAL, opacity=1).encode(
            x=x("depression"), y=y
        ),
        base.mark_point(
            filled=False, size=75, color=INK, strokeWidth=2, opacity=1
        ).encode(x=x("anxiety"), y=y),
        base.mark_text(align="left", color=INK, **above).encode(
            x=alt.value(0), y=label, text="name:N"
        ),
        head.mark_text(align="right", dx=-7, dy=5, color=OFFICIAL, fontSize=size).encode(
            x=x("depression"), y=y, text="first:N"
        ),
        head.mark_text(align="left", dx=7, dy=5, color=INK, fontSize=size).encode(
            x=x("anxiety"), y=y, text="second:N"
        ),
    ).properties(width=width, height=height)  # fmt: skip


@computes
def selection(evidence: Evidence, year: str = CASES_YEAR) -> dict[str, Quantity | Chart]:
    """The same change in standard deviations, over everyone and over people at caseness."""
    everyone = effect(cell(evidence, ALL, year=year))
    cases = effect(cell(evidence, ALL, year=year, population="at_caseness"))
    groups_ = {
        label: evidence.quantity("change_published", f"mindfulness_services_{name}")
        for name, label in (
            ("all", "Everyone"),
            ("cases", "Depressed at the start"),
            ("not_cases", "Not depressed at the start"),
        )
    }
    groups = [
        Group(
            f"The programme, {year}",
            [
                Row("Every completed course of a therapy", everyone, OFFICIAL),
                Row("Referrals finished, at caseness at the start", cases, OFFICIAL),
            ],
        ),
        Group(
            "Mindfulness groups in English services",
            [Row(label, quantity, TRIAL) for label, quantity in groups_.items()],
        ),
    ]
    table = Table(
        "Effect on PHQ-9 over everyone and over those selected by their first score",
        pd.DataFrame(
            {
                "People": [f"{g.heading}: {r.label}" for g in groups for r in g.estimates],
                "Effect": [r.quantity for g in groups for r in g.estimates],
            }
        ),
    )
    title = (
        f"Over every course of therapy the effect is {everyone}, over finished courses at caseness "
        f"{cases}: who is counted moves it"
    )
    picture = (
        "Effects on PHQ-9 for everyone and for people selected by a high first score, in the "
        "programme and in mindfulness groups. The selected lie further right both times; "
        f"{key(groups)}."
    )
    top = 1.1 * max(r.quantity.value for g in groups for r in g.estimates)
    return {
        "effect_selection_all": groups_["Everyone"],
        "effect_selection_cases": groups_["Depressed at the start"],
        "effect_selection": Chart(
            title, picture, table,
            lambda w: interval_rows(groups, w, "Effect in standard deviations of first scores",
                                    (0.0, top)),
        ),
    }  # fmt: skip
