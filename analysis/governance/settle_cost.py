"""What the audit and the trial would cost, beside what looking and the service have cost."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, INK, OFFICIAL, OUTLINED, RULE, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.governance.settle_audit import interviews, planner, precision
from analysis.governance.settle_inputs import (
    INTERVIEW,
    SIZE,
    TEAM,
    Values,
    carried,
    inputs,
    interview_cost,
    official_rate,
    providers,
    team_cost,
)
from analysis.governance.settle_trial import difference, trial_cost, wanted
from analysis.prices import BASE_YEAR, in_prices
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

MILLION = 1e6
AUDITS, SPENDING = "audit_spending", "programme_spend"
KNOWN, KNOWN_YEAR, SERVICE = "nao_performance_data", "2017-18", "returned_2024_25"
NARROW, LINE, LETTER = 400, 15, 6.4
DOMAIN = (4.5, 9.2)  # powers of ten


def audit_cost(
    evidence: Evidence, half: Quantity, strata: int = 1, share: Quantity | None = None
) -> Quantity:
    """Cost of an audit in million pounds: interviews in each stratum, and a core team.

    A second stratum of as many people, such as those who left early, doubles the interviews.
    """
    rate = official_rate(evidence) if share is None else share
    given = inputs(evidence, dict.fromkeys((*SIZE, *INTERVIEW, *TEAM)))

    plan = planner(evidence, rate, half)

    def rule(values: Values) -> float:
        people = plan(values).whole_people
        return (strata * people * interview_cost(values) + team_cost(values)) / MILLION

    return carried(rule, given, "GBP million", rate, half, providers(evidence), decimals=2)


def earlier_look(evidence: Evidence) -> Quantity:
    """The one known sum of looking, of 2017 and 2018, in prices of the base year."""
    return in_prices(evidence, evidence.quantity(AUDITS, KNOWN), KNOWN_YEAR)


def _sums(evidence: Evidence) -> pd.DataFrame:
    """Rows of the picture: words, sum in million pounds and colour of its side."""
    halves = precision(evidence)
    looked, service = earlier_look(evidence), evidence.quantity(SPENDING, SERVICE)
    million = derive(looked.value / MILLION, "GBP million", looked, decimals=2)
    rows = [
        ("Earlier look at the data, unpublished (known through a critic)", million, CRITIC),
        *(
            (f"Audit to ± {half}", audit_cost(evidence, half), OFFICIAL)
            for half in (halves["coarser"], halves["planned"], halves["finer"])
        ),
        (
            f"Audit to ± {halves['planned']}, and those who left early",
            audit_cost(evidence, halves["planned"], strata=2),
            OFFICIAL,
        ),
        *(
            (f"Trial that sees a difference of {points}", trial_cost(evidence, points), TRIAL)
            for points in (difference(evidence, "reviews"), wanted(evidence))
        ),
        ("The service for a year, NHS trusts only", service, INK),
    ]
    return pd.DataFrame(rows, columns=["label", "sum", "colour"])


@computes
def costs(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Cost of an interview, of the audit, and both beside what looking and the service cost."""
    half, service = precision(evidence)["planned"], evidence.quantity(SPENDING, SERVICE)
    looked, audit = earlier_look(evidence), audit_cost(evidence, half)
    each = carried(interview_cost, inputs(evidence, INTERVIEW), "GBP")
    team = carried(
        lambda values: team_cost(values) / MILLION,
        inputs(evidence, TEAM),
        "GBP million",
        decimals=2,
    )
    courses = evidence.pick(
        "annual_national", year="2024-25", measure="finished_course", preferred=True
    )
    part = _over(audit, 100 / service.value, "percent", service, 2)
    frame = _sums(evidence)
    table = Table(
        "Sums of the figure, in prices of 2024-25",
        pd.DataFrame({"What": frame["label"], "Sum": frame["sum"]}),
    )
    title = (
        f"An audit by interview would cost about {audit.with_limits()}, {part} of a year of the "
        "service"
    )
    picture = (
        "Sums in rows on a scale on which each step is ten times the one before. From the "
        "smallest: the earlier unpublished look, audits of several precisions, an audit that also "
        "asks people who left early, trials, and a year of the service. Bars are bounds from the "
        "ranges of the judged inputs, with a tick at the centre."
    )
    return {
        "settle_interview_cost": each,
        "settle_team_cost": team,
        "settle_audit_cost": audit,
        "settle_leavers_cost": audit_cost(evidence, half, strata=2),
        "settle_leavers_interviews": _over(interviews(evidence, half), 2, "count", half, 0),
        "settle_audit_share": part,
        "settle_audit_per_course": _over(audit, MILLION / courses.value, "GBP", courses, 2),
        "settle_earlier": looked,
        "settle_times_earlier": _over(audit, MILLION / looked.value, "ratio", looked, 0),
        "settle_service": service,
        "settle_costs_chart": Chart(title, picture, table, lambda width: _draw(frame, width)),
    }


def _over(amount: Quantity, factor: float, unit: str, other: Quantity, decimals: int) -> Quantity:
    """An amount times a factor that another quantity gives, limits included."""
    scaled = factor * amount
    return derive(scaled.value, unit, scaled, other, interval=scaled.interval, decimals=decimals)


def _draw(frame: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    narrow, inner = width < NARROW, width - 16
    lines: list[dict[str, object]] = []
    marks: list[dict[str, object]] = []
    y = 0.0
    for record in frame.itertuples():
        for line in textwrap.wrap(
            f"{record.label}: {record.sum.with_limits()}", int(inner / LETTER)
        ):
            y += LINE
            lines.append({"y": y, "text": line})
        y += 12
        low, high = record.sum.interval.limits or (record.sum.value,) * 2
        pounds = {"x": record.sum.value, "low": low, "high": high}
        marks.append(
            {"y": y, "colour": record.colour, "ranged": low < high}
            | {name: value * MILLION for name, value in pounds.items()}
        )
        y += 10
    scale = alt.Scale(type="log", domain=[10**power for power in DOMAIN], nice=False)
    step = 2 if narrow else 1
    axis = alt.Axis(
        values=[10.0**power for power in range(5, 10, step)],
        labelExpr="datum.value < 1e6 ? '£' + datum.value / 1e3 + 'k' "
        ": '£' + format(datum.value / 1e6, ',') + 'm'",
        title=f"Pounds, prices of {BASE_YEAR}, logarithmic scale",
        gridOpacity=0.6,
    )
    vertical = alt.Y("y:Q", scale=alt.Scale(domain=[0, y], range=[0, y]), axis=None)
    places = pd.DataFrame(marks)
    colour = alt.Color("colour:N", scale=None, legend=None)
    edge = alt.Stroke("colour:N", scale=None, legend=None)
    guides = places[["y"]].assign(low=10 ** DOMAIN[0], high=10 ** DOMAIN[1])
    x, low = alt.X("x:Q", scale=scale, axis=axis), alt.X("low:Q", scale=scale, axis=axis)
    ranged, bare = places[places["ranged"]], places[~places["ranged"]]
    layers = [
        alt.Chart(guides).mark_rule(color=RULE).encode(x=low, x2="high:Q", y=vertical),
        alt.Chart(ranged).mark_bar(height=9, **OUTLINED).encode(
            x=low, x2="high:Q", y=vertical, color=colour, stroke=edge
        ),
        alt.Chart(ranged).mark_tick(orient="vertical", size=15, thickness=2, opacity=1).encode(
            x=x, y=vertical, color=colour
        ),
        alt.Chart(bare).mark_point(filled=False, size=75, strokeWidth=2, opacity=1).encode(
            x=x, y=vertical, color=colour
        ),
        alt.Chart(pd.DataFrame(lines))
        .mark_text(align="left", baseline="bottom", fontSize=12, color=INK)
        .encode(x=alt.value(0), y=vertical, text="text:N"),
    ]  # fmt: skip
    return alt.layer(*layers).properties(width=inner, height=y)
