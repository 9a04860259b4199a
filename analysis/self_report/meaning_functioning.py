"""Functioning beside symptoms, and what a satisfaction share with few replies can say."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE, Chart
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.tables import Table

YEAR = "2024-25"
THERAPY = "Cognitive behaviour therapy"
SCORES = "problem_therapy_scores"
ALL = "All problems"
GROUPS = ("Anxiety and stress related disorders",)  # holds other rows of the figure
INSTRUMENTS = {"PHQ-9": OFFICIAL, "GAD-7": INK, "WSAS": MUTED}
SHAPES = {"PHQ-9": "circle", "GAD-7": "square", "WSAS": "triangle-up"}


def standardised_fall(evidence: Evidence, problem: str, instrument: str, year: str) -> Quantity:
    """Fall of the mean over the spread at the start, all courses of the therapy."""

    def score(column: str, time: str) -> Quantity:
        return evidence.pick(
            SCORES, column, year=year, population="all_courses", problem=problem,
            therapy=THERAPY, instrument=instrument, time=time,
        )  # fmt: skip

    start, end, spread = score("mean", "start"), score("mean", "end"), score("sd", "start")
    value = (start.value - end.value) / spread.value
    return derive(value, "standard deviations", start, end, spread)


def falls(evidence: Evidence, year: str = YEAR) -> dict[str, dict[str, Quantity]]:
    """Standardised falls by problem and instrument, all problems first, then by functioning."""
    frame = evidence.table(SCORES, year=year, therapy=THERAPY, population="all_courses")
    problems = [name for name in frame["problem"].unique() if name not in GROUPS]
    found = {
        problem: {
            instrument: standardised_fall(evidence, problem, instrument, year)
            for instrument in INSTRUMENTS
        }
        for problem in problems
    }
    ordered = sorted(problems, key=lambda name: (name != ALL, -found[name]["WSAS"].value))
    return {problem: found[problem] for problem in ordered}


@computes
def functioning(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Chart]:
    """Falls in symptoms and in difficulty of functioning within courses of the same therapy.

    Args:
        evidence: the evidence.
        year: the latest by default.
    """
    found = falls(evidence, year)
    overall = found[ALL]
    read = {
        "meaning_fall_phq9": overall["PHQ-9"],
        "meaning_fall_gad7": overall["GAD-7"],
        "meaning_fall_wsas": overall["WSAS"],
        "meaning_wsas_ratio": overall["WSAS"] / overall["PHQ-9"],
        "meaning_norway_wsas": evidence.quantity("cohorts", "pmhc_arm_wsas_effect_6m"),
        "meaning_norway_work": evidence.quantity("functioning_satisfaction", "pmhc_work_no_effect"),
    }
    records = [{"Problem": problem} | dict(rows) for problem, rows in found.items()]
    lowest = min(rows["WSAS"].value / rows["PHQ-9"].value for rows in found.values())
    highest = max(rows["WSAS"].value / rows["PHQ-9"].value for rows in found.values())
    return {
        **read,
        "meaning_functioning": Chart(
            title=(
                f"Symptoms fall by {read['meaning_fall_phq9']} to {read['meaning_fall_gad7']} "
                f"standard deviations, difficulty in daily life by {read['meaning_fall_wsas']}"
            ),
            alt=(
                f"Marks for each problem treated with cognitive behaviour therapy in {year}: "
                "circles for PHQ-9, squares for GAD-7 and triangles for the scale of work and "
                "social adjustment. The triangles lie left of the others in every row; their ratio "
                f"to the circles runs from {lowest:.2f} to {highest:.2f}. Full counts, without "
                "intervals."
            ),
            table=Table(
                f"Fall of the mean over the spread at the start, cognitive behaviour therapy, "
                f"{year}, every completed course.",
                pd.DataFrame(records),
                folded=True,
            ),
            draw=lambda width: draw_falls(width, found),
        ),
    }


def draw_falls(
    width: int, found: dict[str, dict[str, Quantity]]
) -> alt.LayerChart | alt.FacetChart:
    """A row a problem, its name above its marks, the marks named above the first row."""
    step, top = 34, 22
    marks = pd.DataFrame(
        [
            {"y": top + step * i + 22, "x": round(item.value, 3), "name": name, "problem": problem}
            for i, (problem, rows) in enumerate(found.items())
            for name, item in rows.items()
        ]
    )
    height = top + step * len(found) + 4
    vertical = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    x = alt.X(
        "x:Q",
        title="Fall, in standard deviations at the start",
        scale=alt.Scale(domain=[0, 1.3]),
        axis=alt.Axis(tickCount=4 if width < 400 else 8),
    )
    lines = (
        marks.groupby("problem", sort=False)
        .agg(y=("y", "first"), low=("x", "min"), high=("x", "max"))
        .reset_index()
    )
    names = lines.assign(y=lines["y"] - 9)
    layers = [
        alt.Chart(lines)
        .mark_rule(color=RULE, strokeWidth=2)
        .encode(alt.X("low:Q"), alt.X2("high:Q"), vertical),
        alt.Chart(names)
        .mark_text(align="left", baseline="bottom", color=INK)
        .encode(vertical, x=alt.value(0), text="problem:N"),
    ]
    first = marks[marks["problem"] == marks["problem"].iloc[0]].sort_values("x")
    for name, colour in INSTRUMENTS.items():
        part = alt.Chart(marks[marks["name"] == name])
        layers.append(
            part.mark_point(
                shape=SHAPES[name], filled=True, size=75, color=colour, opacity=1
            ).encode(x, vertical)
        )
        at = first[first["name"] == name].assign(y=16)
        order = list(first["name"]).index(name)
        words = alt.Chart(at).mark_text(
            align=("right", "center", "left")[order], baseline="bottom", color=colour,
            fontWeight="bold", dy=-2,
        )  # fmt: skip
        layers.append(words.encode(x, vertical, text="name:N"))
    return alt.layer(*layers).properties(width=width, height=height)


def satisfied_bounds(evidence: Evidence) -> Quantity:
    """Bounds of the share satisfied when everyone who replied is: from the replies to everyone.

    A share s of the replies r gives r·s to r·s + 1 − r; the widest support the replies can lend is
    s of one, so that the lower bound is the response rate itself.
    """
    replied = evidence.quantity("functioning_satisfaction", "national_response_treatment")
    limits = Interval("bound", replied.value, 100.0)
    return derive(replied.value, "percent", replied, interval=limits)


@computes
def satisfaction(evidence: Evidence) -> dict[str, Quantity]:
    """Replies to the treatment questionnaire, what they can bound, and one local contrast."""
    table = "functioning_satisfaction"
    beside, alone = (
        evidence.quantity(table, row)
        for row in ("suffolk_satisfied_presence", "suffolk_satisfied_anonymous")
    )
    replied = evidence.quantity(table, "national_response_treatment")
    return {
        "meaning_replied": replied,
        "meaning_satisfied_bounds": satisfied_bounds(evidence),
        "meaning_satisfied_width": derive(100 - replied.value, "percentage points", replied),
        "meaning_satisfied_beside": beside,
        "meaning_satisfied_alone": alone,
        "meaning_satisfied_gap": beside - alone,
    }
