"""What would have to be true to pay back, beside the most that the evidence supports."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, FOUNDER, MUTED, OFFICIAL, RULE, Chart
from analysis.cost_offset.accounts import GROUPS, heights
from analysis.cost_offset.parameters import Parameters, parameters
from analysis.cost_offset.scenarios import BASE
from analysis.evidence import Evidence
from analysis.payback import Shape, effect_needed, person_months_needed
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive
from analysis.tables import Table

YEARS = tuple(range(1, 11))
NARROW = 400
HEIGHT = 300
WORK_INPUTS = ("effect", "effect_most", "unemployed_most", "share_unemployed", "share_inactive")
VALUES = {group: BASE[f"value_{group}"] for group in GROUPS}
AT_ONCE, GRADUAL = "at its maximum from the first month", "reached gradually"


def value_of_month(given: Parameters) -> Quantity:
    """Value to the Exchequer of a month in work, over the groups who would gain the months."""
    parts = heights({name: given[BASE[name]].high for name in WORK_INPUTS[:3]} | {
        name: given.central(BASE[name]) for name in WORK_INPUTS[3:]
    })  # fmt: skip
    weights = np.array([float(parts[group]) for group in GROUPS])
    laws = [given[VALUES[group]] for group in GROUPS]
    low, mid, high = (
        float(np.average([pick(law) for law in laws], weights=weights))
        for pick in (lambda p: p.low, lambda p: p.distribution.value, lambda p: p.high)
    )
    rows = given.rows([*VALUES.values(), *(BASE[name] for name in WORK_INPUTS)])
    return Quantity(mid, "GBP", Interval("bound", low, high), rows)


def months_needed(cost: Quantity, value: Quantity) -> Quantity:
    """Person-months of work that repay a cost, between the ends of cost and value."""
    (low, high), (least, most) = (item.interval.limits or (item.value,) * 2
                                  for item in (cost, value))  # fmt: skip
    found = person_months_needed([cost.value, low, high], [value.value, most, least])
    limits = Interval("bound", found[1], found[2]) if low < high or least < most else UNSTATED
    return derive(found[0], "months", cost, value, interval=limits, decimals=2)


def supported(given: Parameters, month: int, shape: str) -> Quantity:
    """Person-months that the linked study's largest effect gives by a month, not discounted.

    After the last month of evidence the effect is kept, which is the most generous.
    """
    effect = given["work_effect_all"]
    full_at = 1.0 if shape == AT_ONCE else round(given["time_of_max_all"].high)
    path = Shape(max(1, full_at), 600)
    rows = effect.rows | (frozenset() if shape == AT_ONCE else given["time_of_max_all"].rows)
    value = effect.high / 100 * float(path.months_of_full_effect(month))
    return Quantity(value, "months", UNSTATED, rows, decimals=2)


@computes
def thresholds(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Person-months, effects and savings needed to repay a course, and what was found."""
    given = parameters(evidence)
    cost, value = given["cost_course_all"].quantity, value_of_month(given)
    founders_cost = evidence.quantity("payback_versions", "founders_2014_cost")
    founders_value = evidence.quantity("payback_versions", "founders_2014_value")
    rate = given["discount_standard"]
    evidence_ends = given["evidence_ends"].quantity
    last = round(evidence_ends.value)
    needed = months_needed(cost, value)
    most = supported(given, last, AT_ONCE)
    trial = given["qaly_gain_trial"].quantity
    worth = given["qaly_value_nice_to_2025"].quantity
    found: dict[str, Quantity | Table] = {
        "threshold_cost": cost,
        "threshold_value": value,
        "threshold_needed": needed,
        "threshold_needed_founders": months_needed(founders_cost, founders_value),
        "threshold_most_two_years": supported(given, 24, AT_ONCE),
        "threshold_most_evidence": most,
        "threshold_most_ten_years": supported(given, 120, AT_ONCE),
        "threshold_gradual_evidence": supported(given, last, GRADUAL),
        "threshold_evidence_ends": evidence_ends,
        "threshold_found_effect": given["work_effect_all"].quantity,
        "threshold_multiple": derive(needed.value / most.value, "ratio", needed, most,
                                     decimals=1),
        "threshold_value_needed": derive(cost.value / most.value, "GBP", cost, most),
        "threshold_qalys_needed": derive(cost.value / worth.value, "QALYs", cost, worth),
        "threshold_qalys_trial": trial,
        "threshold_qaly_value": worth,
    }  # fmt: skip
    saving, ill = given["nhs_saving_ltc"].quantity, given["share_ltc"]
    found["threshold_care_observed"] = derive(
        ill.high / 100 * saving.value, "GBP", saving, ill.rows, interval=UNSTATED
    )
    for name, month in (("two_years", 24), ("evidence", last)):
        effect = 100 * float(
            effect_needed(
                cost.value, value.value, Shape.plateau(month), month, rate.distribution.value / 100
            )
        )
        found[f"threshold_effect_{name}"] = derive(
            effect, "percentage points", cost, value, rate.rows, evidence_ends.rows
        )
    found["thresholds_by_cost"] = _by_cost(given, value, evidence)
    return found


def _by_cost(given: Parameters, value: Quantity, evidence: Evidence) -> Table:
    """Person-months needed at each cost that was said or found."""
    costs = {
        "Founders, 2014, their own value": evidence.quantity(
            "payback_versions", "founders_2014_cost"),
        "Founders, 2024": evidence.quantity("payback_versions", "founders_2024_cost"),
        "NHS cost returns, low intensity only": given["cost_course_low"].quantity,
        "NHS cost returns, all courses": given["cost_course_all"].quantity,
        "NHS cost returns, high intensity only": given["cost_course_high"].quantity,
    }  # fmt: skip
    own = evidence.quantity("payback_versions", "founders_2014_value")
    last = round(given["evidence_ends"].distribution.value)
    most = supported(given, last, AT_ONCE)
    rows = []
    for label, cost in costs.items():
        needs = months_needed(cost, own if "own value" in label else value)
        rows.append(
            {
                "Cost": label,
                "GBP a course": cost,
                "Needs, months of work a person": needs,
                "Evidence supports at most": most,
                "Enough": _enough(most.value, needs),
            }
        )
    caption = (
        "Months of work that repay a course, and the most that the linked study supports by the "
        "last month it covers"
    )
    return Table(caption, pd.DataFrame(rows))


def _enough(most: float, needs: Quantity) -> str:
    """Whether the most reaches the whole range of what is needed, a part of it or none."""
    low, high = needs.interval.limits or (needs.value,) * 2
    return "yes" if most >= high else "at the low end only" if most >= low else "no"


@computes
def needed_and_found(evidence: Evidence) -> dict[str, Chart]:
    """Person-months by years since treatment under both shapes, and what a course needs."""
    given = parameters(evidence)
    needed = months_needed(given["cost_course_all"].quantity, value_of_month(given))
    founders = months_needed(
        evidence.quantity("payback_versions", "founders_2014_cost"),
        evidence.quantity("payback_versions", "founders_2014_value"),
    )
    last = round(given["evidence_ends"].distribution.value)
    most = supported(given, last, AT_ONCE)
    lines = pd.DataFrame(
        [
            {"shape": shape, "year": year, "months": supported(given, 12 * year, shape).value}
            for shape in (AT_ONCE, GRADUAL)
            for year in (0, *YEARS)
        ]
    )
    frame = pd.DataFrame(
        [
            {"Years since treatment": year}
            | {
                f"Linked study, {shape}": supported(given, 12 * year, shape)
                for shape in (AT_ONCE, GRADUAL)
            }
            for year in YEARS
        ]
    )
    table = Table(
        f"Months of work gained a person; needed {needed.with_limits()}, in the founders' terms "
        f"{founders}",
        frame,
        rows=needed.rows | founders.rows,
        decimals={"Years since treatment": 0},
    )
    low, high = needed.interval.limits or (needed.value,) * 2
    verdict = "less than" if most.value < low else "about what" if most.value < high else "all that"
    title = (
        f"The linked study's largest effect, held from the first day, gives {most} of work a "
        f"person by the end of its evidence, {verdict} repaying a course needs"
    )
    alt_text = (
        "Lines of months of work gained per person against years since treatment: the upper with "
        "the largest effect from the first month, the lower with an effect that rises to it. A "
        "band above marks what the cost of a course needs, a broken line what the founders' terms "
        "need. Years beyond the evidence are shaded."
    )
    marks = {"low": low, "mid": needed.value, "high": high, "founders": founders.value}
    return {
        "thresholds_chart": Chart(
            title, alt_text, table, lambda w: _draw(lines, marks, last / 12, w)
        )
    }


def _draw(
    lines: pd.DataFrame, marks: Mapping[str, float], last: float, width: int
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    inner, size = width - 52, 11 if narrow else 12
    highest = float(lines["months"].max())
    top = 1.5 * max(marks["mid"], highest)  # the high end of what is needed may lie beyond
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[0, YEARS[-1]], nice=False),
        axis=alt.Axis(title="Years since treatment", values=[0, *YEARS[1::2]]),
    )
    up = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("months:Q", scale=up, axis=alt.Axis(title="Months of work a person", tickCount=5))
    beyond = pd.DataFrame({"year": [last], "end": [YEARS[-1]]})
    band = pd.DataFrame({"months": [marks["low"]], "high": [min(top, marks["high"])]})
    open_end = " (and beyond)" if marks["high"] > top else ""
    costs = "needed at NHS costs" + ("" if narrow else f"; band: low to high{open_end}")
    notes = pd.DataFrame(
        [
            (marks["founders"], "needed on the founders' terms", FOUNDER),
            (marks["mid"], costs, CRITIC),
        ],
        columns=["months", "text", "colour"],
    )
    ends = lines[lines["year"] == YEARS[-1]].assign(
        text=lambda f: f["shape"].map({AT_ONCE: "largest effect from the start",
                                       GRADUAL: "gradual"})
    )  # fmt: skip
    colour = alt.Color("colour:N", scale=None, legend=None)
    dashes = alt.StrokeDash(
        "shape:N", legend=None, scale=alt.Scale(domain=[AT_ONCE, GRADUAL], range=[[1, 0], [6, 3]])
    )

    def at_end(shape: str, dy: int) -> alt.Chart:
        text = alt.Chart(ends[ends["shape"] == shape]).mark_text(
            align="right", dx=-3, dy=dy, fontSize=size, fontWeight="bold", color=OFFICIAL
        )
        return text.encode(x=x, y=y, text="text:N")

    return alt.layer(
        alt.Chart(beyond).mark_rect(color=RULE, opacity=0.4).encode(x=x, x2="end:Q"),
        alt.Chart(beyond).mark_text(color=MUTED, align="left", dx=4, fontSize=size).encode(
            x=x, y=alt.value(HEIGHT - 8), text=alt.value("no evidence")),
        alt.Chart(band).mark_rect(color=CRITIC, opacity=0.18).encode(y=y, y2="high:Q"),
        alt.Chart(notes).mark_rule(strokeDash=[5, 3], strokeWidth=2).encode(y=y, color=colour),
        alt.Chart(notes).mark_text(align="left", baseline="bottom", dy=-4, fontSize=size).encode(
            x=alt.value(6), y=y, text="text:N", color=colour),
        alt.Chart(lines).mark_line(color=OFFICIAL).encode(x=x, y=y, strokeDash=dashes),
        at_end(AT_ONCE, -16), at_end(GRADUAL, 36),
    ).properties(width=inner, height=HEIGHT)  # fmt: skip
