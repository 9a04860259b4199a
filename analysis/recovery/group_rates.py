"""Counts and rates of one group, one year and one basis, with their rows."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL
from analysis.evidence import Evidence
from analysis.quantity import Quantity, derive

TABLE = "outcomes_by_group"
COURSES = "course_of_therapy"
SIZE = {"referral": "finished_course", "course_of_therapy": "courses_of_therapy"}


def group_count(
    evidence: Evidence,
    grouping: str,
    group: str | Sequence[str],
    measure: str,
    year: str,
    within: str = "",
    basis: str = "referral",
) -> Quantity:
    """Sum of a count over one group or several that do not overlap.

    Raises:
        LookupFault: a group has no such count.
    """
    names = [group] if isinstance(group, str) else list(group)
    parts = [
        evidence.pick(
            TABLE,
            basis=basis,
            grouping=grouping,
            group=name,
            within=within,
            measure=measure,
            year=year,
        )
        for name in names
    ]
    total = sum(part.value for part in parts)
    return derive(total, parts[0].unit, *parts)


def group_rate(
    evidence: Evidence,
    grouping: str,
    group: str | Sequence[str],
    year: str,
    within: str = "",
    basis: str = "referral",
) -> Quantity:
    """Recovery rate of a group from counts: recovered over completed less not at caseness."""

    def count(measure: str) -> Quantity:
        return group_count(evidence, grouping, group, measure, year, within, basis)

    recovered, below = count("moved_to_recovery"), count("not_at_caseness")
    whole = count(SIZE[basis])
    base = max(whole.value - below.value, recovered.value)
    return derive(100 * recovered.value / base, "percent", recovered, below, whole)


def pair_rows(
    pairs: pd.DataFrame, width: int, axis_title: str, domain: tuple[float, float]
) -> alt.LayerChart:
    """Two values a row, joined by a line, with the row's words above it.

    `pairs` has the columns text, name, first and second: the first is hollow, the second filled,
    so that the two are told apart without colour. Where there is little room the words are the
    name alone.
    """
    small = width < 400
    frame = pairs.assign(y=range(len(pairs)), text=pairs["name" if small else "text"])
    frame = frame[["y", "text", "first", "second"]]
    step = 38 if small else 34
    vertical = alt.Y(
        "y:Q", axis=None, scale=alt.Scale(domain=[-0.75, len(frame) - 0.5], reverse=True)
    )
    scale = alt.Scale(domain=list(domain), nice=False)
    axis = alt.Axis(tickCount=5 if small else 8, gridOpacity=0.6)

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", scale=scale, title=axis_title, axis=axis)

    base = alt.Chart(frame).encode(y=vertical)
    text = base.mark_text(align="left", dy=-12, color=INK, fontSize=12)
    line = base.mark_rule(color=MUTED).encode(x=across("first"), x2="second:Q")
    hollow = base.mark_point(filled=False, size=60, strokeWidth=2, color=OFFICIAL, opacity=1)
    filled = base.mark_point(filled=True, size=70, color=OFFICIAL, opacity=1)
    return alt.layer(
        line,
        hollow.encode(x=across("first")),
        filled.encode(x=across("second")),
        text.encode(x=alt.value(0), text="text:N"),
    ).properties(width=width, height=step * len(frame))


def start_mean(
    evidence: Evidence, therapy: str, problem: str, year: str, scale: str = "PHQ-9"
) -> Quantity:
    """Mean first score over all courses of a therapy, those below caseness included."""
    return evidence.pick(
        "problem_therapy_scores",
        "mean",
        year=year,
        population="all_courses",
        problem=problem,
        therapy=therapy,
        instrument=scale,
        time="start",
    )
