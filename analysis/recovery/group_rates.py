"""Counts and rates of one group, one year and one basis, with their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Quantity, derive

TABLE = "outcomes_by_group"
COURSES = "course_of_therapy"
SIZE = {"referral": "finished_course", COURSES: "courses_of_therapy"}


class GroupCounts:
    """Counts of one grouping on one basis, read once and found by what they are of.

    `within` names what a group is a part of: a therapy for a problem, a problem for a therapy.
    """

    def __init__(self, evidence: Evidence, grouping: str, basis: str = "referral") -> None:
        frame = evidence.table(TABLE, basis=basis, grouping=grouping)
        keys = zip(*(frame[name] for name in ("measure", "group", "within", "year")), strict=True)
        self._basis = basis
        self._found: dict[tuple[str, ...], list[Quantity]] = defaultdict(list)
        for key, row, value, unit in zip(
            keys, frame.index, frame["value"], frame["unit"], strict=True
        ):
            self._found[key].append(Quantity(value, unit, rows=evidence.rows(TABLE, [row])))

    def count(
        self, measure: str, group: str | Sequence[str], year: str, within: str = ""
    ) -> Quantity:
        """Sum of a count over one group or several that do not overlap.

        Raises:
            LookupFault: a group has no such count, or more than one.
        """
        names = [group] if isinstance(group, str) else group
        parts = [self._found[measure, name, within, year] for name in names]
        for name, found in zip(names, parts, strict=True):
            if len(found) != 1:
                asked = f"{measure} of {name!r} within {within!r}, {year}"
                raise LookupFault(f"table {TABLE!r}: {len(found)} rows fit {asked}")
        total = sum(found[0].value for found in parts)
        return derive(total, parts[0][0].unit, *(found[0] for found in parts))

    def size(self, group: str | Sequence[str], year: str, within: str = "") -> Quantity:
        """Finished courses of a group, or its courses of therapy, by the basis."""
        return self.count(SIZE[self._basis], group, year, within)

    def rate(self, group: str | Sequence[str], year: str, within: str = "") -> Quantity:
        """Recovery rate of a group from counts: recovered over completed less not at caseness."""
        recovered, below = (
            self.count(measure, group, year, within)
            for measure in ("moved_to_recovery", "not_at_caseness")
        )
        whole = self.size(group, year, within)
        base = max(whole.value - below.value, recovered.value)
        return derive(100 * recovered.value / base, "percent", recovered, below, whole)


def pair_rows(
    pairs: pd.DataFrame, width: int, which: str, domain: tuple[float, float]
) -> alt.LayerChart | alt.FacetChart:
    """Two values a row, joined by a line, with the row's words above it.

    `pairs` has the columns text, name, first and second: the first is hollow, the second filled,
    so that the two are told apart without colour, as `which` says. Where there is little room the
    words are the name alone.
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
    title = ["Percent recovered, full counts", which]

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", scale=scale, title=title, axis=axis)

    base = alt.Chart(frame).encode(y=vertical)
    text = base.mark_text(align="left", dy=-12, color=INK, fontSize=12)
    line = base.mark_rule(color=MUTED).encode(x=across("first"), x2="second:Q")
    hollow = base.mark_point(shape="diamond", filled=False, size=80, strokeWidth=2, opacity=1)
    filled = base.mark_point(shape="diamond", size=100, opacity=1)
    return alt.layer(
        line,
        hollow.encode(x=across("first")),
        filled.encode(x=across("second")),
        text.encode(x=alt.value(0), text="text:N"),
    ).properties(width=width, height=step * len(frame))


def start_mean(evidence: Evidence, therapy: str, problem: str, year: str) -> Quantity:
    """Mean first PHQ-9 score over all courses of a therapy, those below caseness included."""
    return evidence.pick(
        "problem_therapy_scores",
        "mean",
        year=year,
        population="all_courses",
        problem=problem,
        therapy=therapy,
        instrument="PHQ-9",
        time="start",
    )
