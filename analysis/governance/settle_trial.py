"""A controlled trial: people for a stated power, by the difference that is to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, TRIAL, Align, Chart
from analysis.evidence import Evidence
from analysis.governance.settle_inputs import (
    BETWEEN,
    INTERVIEW,
    LEVEL,
    SIZE,
    TABLE,
    TEAM,
    Values,
    carried,
    inputs,
    interview_cost,
    planned,
    team_cost,
)
from analysis.quantity import Quantity, computes, derive
from analysis.sample_size import arm_size, difference_half_width, power_of, whole
from analysis.stepped_wedge import times_individual
from analysis.tables import Table

OUTCOMES = "controlled_outcomes"
PAIRS = {
    "norway": ("pmhc_usual_care_6m", "pmhc_service_6m"),
    "reviews": ("cuijpers_2014_usual_care", "cuijpers_2014_psychotherapy"),
}
FOLLOWED = ("followup_6m_treated", "followup_6m_control")
LEAST_STEPS = 2
NARROW, HEIGHT = 400, 280
POINTS = range(4, 31)  # differences drawn, in points
MILLION = 1e6


def rates(evidence: Evidence, pair: str) -> tuple[Quantity, Quantity]:
    """Rates with usual care and with treatment in a published pair, in percent."""
    control, treated = PAIRS[pair]
    return (
        evidence.quantity(OUTCOMES, control, "percent"),
        evidence.quantity(OUTCOMES, treated, "percent"),
    )


def difference(evidence: Evidence, pair: str) -> Quantity:
    """Treatment less usual care in a published pair, in points."""
    control, treated = rates(evidence, pair)
    return treated - control


def wanted(evidence: Evidence) -> Quantity:
    """The smallest difference that the trial must be able to see, in points: a choice."""
    return evidence.quantity(TABLE, "smallest_difference")


def arms(evidence: Evidence, pair: str, points: Quantity) -> Quantity:
    """People with an outcome in each arm to see so many points above a pair's usual care.

    Bounds are the ends of the range of the power.
    """
    control = rates(evidence, pair)[0]

    def rule(given: Values) -> float:
        return _arm(control.value, points.value, given["power"])

    return carried(rule, inputs(evidence, ["power"]), "people", control, points)


@cache
def _arm(control: float, points: float, power: float) -> int:
    treated = (control + points) / 100
    return whole(arm_size(control / 100, treated, power / 100, LEVEL))


def randomised(each: float, followed: Iterable[float]) -> int:
    """People to randomise in equal arms, when these percentages of either arm have an outcome.

    The arm that keeps fewer decides, since both are to be equal.

    >>> randomised(100, (80, 50))
    400
    """
    return 2 * whole(each / (min(followed) / 100))


def trial_people(evidence: Evidence, points: Quantity) -> Quantity:
    """People to randomise for the planned power to see so many points above usual care."""
    control, followed = rates(evidence, "reviews")[0], _followed(evidence)

    def rule(given: Values) -> float:
        each = _arm(control.value, points.value, given["power"])
        return randomised(each, [item.value for item in followed])

    return carried(rule, inputs(evidence, ["power"]), "people", control, points, *followed)


def _followed(evidence: Evidence) -> list[Quantity]:
    return [evidence.quantity(TABLE, row) for row in FOLLOWED]


def trial_cost(evidence: Evidence, points: Quantity) -> Quantity:
    """Cost in million pounds of a trial that sees so many points; treatment is not counted.

    Interviews and a core team. Bounds are the ends of the ranges of power and of each cost.
    """
    control, followed = rates(evidence, "reviews")[0], _followed(evidence)
    own = ("trial_team_days", "interviews_per_person", "power")
    given = inputs(evidence, dict.fromkeys((*INTERVIEW, *TEAM[1:], *own)))

    def rule(values: Values) -> float:
        each = _arm(control.value, points.value, values["power"])
        people = randomised(each, [item.value for item in followed])
        asked = people * values["interviews_per_person"] * interview_cost(values)
        return (asked + team_cost(values, "trial_team_days")) / MILLION

    return carried(rule, given, "GBP million", control, points, *followed, decimals=2)


@computes
def design(evidence: Evidence) -> dict[str, Quantity]:
    """The trial in numbers: differences, arms, people, precision, stepped wedge and treatment."""
    control = rates(evidence, "reviews")[0]
    small, pooled = wanted(evidence), difference(evidence, "reviews")
    norway, power = difference(evidence, "norway"), planned(evidence, "power")
    people, followed = trial_people(evidence, small), _followed(evidence)
    each, each_pooled = arms(evidence, "reviews", small), arms(evidence, "reviews", pooled)
    p0, p1 = control.value / 100, (control.value + small.value) / 100
    within = 100 * difference_half_width(p0, p1, each.value, LEVEL)
    missed = 100 * (1 - power_of(p0, p1, each_pooled.value, LEVEL))

    def wedge(given: Values) -> float:
        steps = max(LEAST_STEPS, round(given["wedge_steps"]))
        takes = max(1.0, given["interviews_per_provider"])
        return times_individual(steps, (p0 + p1) / 2, given[BETWEEN] / 100, takes)

    sessions, contact = _sessions(evidence), evidence.quantity(TABLE, "contact_cost")
    treatment = people.value / 2 * sessions.value * contact.value / MILLION
    return {
        "settle_effect_norway": norway,
        "settle_effect_reviews": pooled,
        "settle_effect_wanted": small,
        "settle_power": power,
        "settle_weeks": evidence.quantity(OUTCOMES, PAIRS["norway"][1], "weeks"),
        "settle_arm_norway": arms(evidence, "reviews", norway),
        "settle_arm_reviews": each_pooled,
        "settle_arm_wanted": each,
        "settle_missed": derive(missed, "percent", control, small, each_pooled, decimals=0),
        "settle_randomised": people,
        "settle_followed_treated": followed[0],
        "settle_followed_control": followed[1],
        "settle_difference_within": derive(within, "percentage points", control, small, each),
        "settle_wedge_times": carried(
            wedge, inputs(evidence, (*SIZE, "wedge_steps")), "ratio", control, small, decimals=1
        ),
        "settle_trial_cost": trial_cost(evidence, small),
        "settle_trial_cost_reviews": trial_cost(evidence, pooled),
        "settle_treatment_cost": derive(
            treatment, "GBP million", people, sessions, contact, decimals=1
        ),
    }


def _sessions(evidence: Evidence, year: str = "2024-25") -> Quantity:
    """Mean sessions of a finished course: the mean of the year's monthly means."""
    start = int(year[:4])
    months = [f"{start}-{month:02d}" for month in range(4, 13)]
    months += [f"{start + 1}-{month:02d}" for month in range(1, 4)]
    found = evidence.table("monthly_sessions", scope="finished", statistic="mean", month=months)
    rows = evidence.rows("monthly_sessions", found.index)
    return derive(float(found["value"].mean()), "sessions", rows)


@computes
def curve(evidence: Evidence) -> dict[str, Chart]:
    """People with an outcome in each arm over the difference that the trial is to see."""
    control, power = rates(evidence, "reviews")[0], planned(evidence, "power")
    small = wanted(evidence)
    least, most = power.interval.limits or (power.value,) * 2
    reach = f"{power.number(least)}% to {power.number(most)}%"
    levels = {"low": least, "people": power.value, "high": most}
    frame = pd.DataFrame(
        [
            {"difference": points}
            | {name: _arm(control.value, points, level) for name, level in levels.items()}
            for points in POINTS
        ]
    )
    marked = {
        "smallest worth seeing": (small, INK),
        "pooled trials": (difference(evidence, "reviews"), TRIAL),
        "Norway": (difference(evidence, "norway"), TRIAL),
    }
    marks = pd.DataFrame(
        [
            {
                "name": name,
                "difference": round(abs(item.value), 2),
                "people": _arm(control.value, abs(item.value), power.value),
                "colour": colour,
            }
            for name, (item, colour) in marked.items()
        ]
    )
    shown = frame[frame["difference"] % 2 == 0].rename(
        columns={
            "difference": "Difference, points",
            "low": "At the lowest power",
            "people": "At the planned power",
            "high": "At the highest power",
        }
    )
    table = Table(
        "People with an outcome in each arm, by difference between the arms",
        shown,
        rows=control.rows.union(power.rows, *(item.rows for item, _ in marked.values())),
        folded=True,
    )
    title = (
        f"A trial that is to see a difference of {small} with a power of {power} needs "
        f"{arms(evidence, 'reviews', small)} with an outcome in each arm"
    )
    picture = (
        "A steeply falling curve of people in each arm over the difference between treatment and "
        "usual care, on a scale on which equal steps multiply, in a band of powers. Marks stand "
        "at the smallest difference worth seeing, at that of pooled trials by diagnosis and at "
        "that of the Norwegian trial by questionnaire, all above the pooled trials' usual care."
    )
    return {
        "settle_trial_chart": Chart(title, picture, table, lambda w: _draw(frame, marks, reach, w))
    }


def _draw(
    frame: pd.DataFrame, marks: pd.DataFrame, reach: str, width: int
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    x = alt.X(
        "difference:Q",
        title="Difference between the arms, percentage points",
        scale=alt.Scale(domain=[4, 30], nice=False),
        axis=alt.Axis(tickCount=6, grid=False),
    )
    scale = alt.Scale(type="log", domain=[30, 5000], nice=False)
    axis = alt.Axis(values=[50, 100, 200, 500, 1000, 2000, 5000], gridOpacity=0.6, format=",")
    y = alt.Y("people:Q", title=None, scale=scale, axis=axis)
    base = alt.Chart(frame)
    band = base.mark_area(color=MUTED, opacity=0.25)
    points = alt.Chart(marks).mark_point(filled=True, size=90, opacity=1)
    text = marks.assign(
        words=[f"{name}: {people:,}" for name, people in zip(marks["name"], marks["people"],
                                                             strict=True)]
    )  # fmt: skip
    head = alt.Chart(pd.DataFrame({"words": ["People with an outcome in each arm"]}))
    layers = [
        band.encode(x, alt.Y("low:Q", title=None, scale=scale, axis=axis), alt.Y2("high:Q")),
        base.mark_line(color=INK).encode(x, y),
        points.encode(x, y, color=alt.Color("colour:N", scale=None, legend=None)),
    ]
    halves: tuple[tuple[Align, pd.DataFrame], ...] = (
        ("left", text.iloc[:2]),
        ("right", text.iloc[2:]),
    )
    for side, chosen in halves:
        label = alt.Chart(chosen).mark_text(
            align=side,
            dx=9 if side == "left" else 4,
            dy=-12 if side == "left" else 22,
            color=INK,
            fontWeight="bold",
        )
        layers.append(label.encode(x, y, text="words:N"))
    inner = width - 56
    note = alt.Chart(pd.DataFrame({"words": [f"band: power of {reach}"]}))
    layers.append(
        note.mark_text(align="right", baseline="top", color=MUTED).encode(
            x=alt.value(inner - 4), y=alt.value(6), text="words:N"
        )
    )
    heading = head.mark_text(align="left", baseline="bottom", color=INK, fontSize=12)
    layers.append(heading.encode(x=alt.value(0), y=alt.value(-8), text="words:N"))
    return alt.layer(*layers).properties(width=inner, height=240 if narrow else HEIGHT)
