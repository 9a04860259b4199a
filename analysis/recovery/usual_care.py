"""Recovery without the programme: untreated, on waiting lists and in usual care, by time."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, TRIAL, Align, Chart
from analysis.evidence import Evidence
from analysis.intervals import wilson
from analysis.quantity import Interval, Quantity, computes
from analysis.tables import Table
from analysis.trial_contrasts import OUTCOMES, printed_contrast

KINDS = {
    "untreated": "Untreated, or natural course with some treated",
    "waiting_list": "Waiting list",
    "usual_care": "Usual care, which contains treatment",
    "control": "Control conditions of several kinds",
}
REPEATS = ("reeact_usual_care_4m_critic_reading",)
NARROW = 400
WEEKS = [8, 13, 26, 52, 104]
# Where a study's name stands clear of other points: weeks, alignment, pixels right and down.
NAMES: dict[str, tuple[int, Align, int, int]] = {
    "Whiteford 2013": (26, "left", 7, 9),
    "Spijker 2002": (52, "right", -9, -4),
    "ten Have 2018": (26, "right", -5, 13),
    "Moore 2012": (13, "right", -9, 0),
    "CoBalT": (199, "right", -9, 0),
}


def outcome_share(evidence: Evidence, row: str, level: float = 0.95) -> Quantity:
    """One group's share with the outcome: from its counts with Wilson limits, else as printed.

    Percent; the interval of a printed share is the printed one, or unstated.
    """
    record = evidence.table(OUTCOMES).loc[row]
    events, n = record["events"], record["n"]
    if pd.isna(events) or pd.isna(n):
        return evidence.quantity(OUTCOMES, row, "percent")
    low, high = (100 * limit for limit in wilson(events, n, level))
    interval = Interval("sampling", low, high, level)
    return Quantity(100 * events / n, "percent", interval, evidence.rows(OUTCOMES, [row]))


@computes
def comparators(evidence: Evidence) -> dict[str, Quantity]:
    """The shares that recover without the programme which the prose names."""
    rows = {
        "usual_untreated_early": "whiteford_untreated_3m",
        "usual_untreated_middle": "whiteford_untreated_6m",
        "usual_untreated_late": "whiteford_untreated_12m",
        "usual_waiting": "mekonen_waiting_list",
        "usual_population_early": "spijker_population_3m",
        "usual_population_middle": "spijker_population_6m",
        "usual_population_other": "ten_have_population_6m",
        "usual_diagnosis": "cuijpers_2014_usual_care",
        "usual_diagnosis_therapy": "cuijpers_2014_psychotherapy",
        "usual_second_score": "moore_usual_care_recovery",
        "usual_three_months_below": "psyched_cross_below_10",
        "usual_three_months_reliable": "psyched_reliable_cross",
    }
    claims = {
        "usual_claim_natural": "scott_natural_recovery",
        "usual_claim_same": "scott_usual_care_same",
    }
    contrasts = {
        "usual_waiting_penalty": "furukawa_2014_no_treatment_vs_waiting_list",
        "usual_waiting_penalty_earlier": "furukawa_2013_no_treatment_vs_waiting_list",
    }
    times = {
        "usual_early_time": "whiteford_untreated_3m",
        "usual_middle_time": "whiteford_untreated_6m",
        "usual_late_time": "whiteford_untreated_12m",
        "usual_waiting_time": "mekonen_waiting_list",
    }
    return (
        {name: outcome_share(evidence, row) for name, row in rows.items()}
        | {name: evidence.quantity(OUTCOMES, row, "weeks") for name, row in times.items()}
        | {name: evidence.quantity("claim_estimands", row) for name, row in claims.items()}
        | {name: printed_contrast(evidence, row) for name, row in contrasts.items()}
    )


@computes
def remission(evidence: Evidence) -> dict[str, Chart]:
    """Every published share that recovered without the programme, by kind of care and time."""
    frame = evidence.table(OUTCOMES, arm_type=list(KINDS)).drop(index=list(REPEATS))
    frame = frame.assign(order=frame["arm_type"].map(list(KINDS).index))
    frame = frame.sort_values(["order", "weeks", "study"], kind="stable")
    shares = {row: outcome_share(evidence, row) for row in frame.index}
    printed = pd.DataFrame(
        {
            "Study": frame["study"].tolist(),
            "Kind of care": [KINDS[kind] for kind in frame["arm_type"]],
            "Who": frame["population"].tolist(),
            "Time": frame["weeks_text"].tolist(),
            "Share": list(shares.values()),
            "Outcome": [
                f"{outcome}: {definition}"
                for outcome, definition in zip(frame["outcome"], frame["definition"], strict=True)
            ],
            "Rater": frame["rater"].tolist(),
            "Grade": frame["grade"].tolist(),
        }
    )
    early, waiting = shares["whiteford_untreated_3m"], shares["mekonen_waiting_list"]
    usual = shares["reeact_usual_care_4m"]
    title = (
        f"Without the programme {waiting} on waiting lists, {early} untreated and {usual} in usual "
        "care recover within months; studies of each kind differ widely"
    )
    picture = (
        "Panels for people untreated, on waiting lists and in usual care, each with weeks across "
        "and the share recovered upwards. Within a study the share rises with time. At like times "
        "waiting lists lie lowest and population cohorts, which include treated people, highest; "
        "usual care lies between or above. Filled marks have an interval, hollow marks none. "
        "Studies without a stated time are in the table only."
    )
    points = frame.dropna(subset="weeks").assign(
        share=lambda f: [shares[row].value for row in f.index],
        low=lambda f: [(shares[row].interval.limits or (None, None))[0] for row in f.index],
        high=lambda f: [(shares[row].interval.limits or (None, None))[1] for row in f.index],
    )
    points["shape"] = points["outcome"].map(_shape)
    columns = [
        "study",
        "population",
        "arm_type",
        "outcome",
        "weeks",
        "share",
        "low",
        "high",
        "shape",
    ]
    table = Table(
        "Share recovered, remitted or responding without the programme",
        printed,
        rows=evidence.rows(OUTCOMES, frame.index),
    )
    return {"usual_remission": Chart(title, picture, table, lambda w: _draw(points[columns], w))}


def _shape(outcome: str) -> str:
    return {"reliable recovery": "diamond", "response": "square"}.get(outcome, "circle")


def _draw(points: pd.DataFrame, width: int) -> alt.VConcatChart:
    """One panel a kind of care; weeks on a logarithmic axis, since published times double."""
    kinds = [kind for kind in KINDS if (points["arm_type"] == kind).any() and kind != "control"]
    panels = [_panel(points, kind, width, last=kind == kinds[-1]) for kind in kinds]
    return alt.vconcat(*panels, spacing=24)


def _panel(
    points: pd.DataFrame, kind: str, width: int, last: bool
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    chosen = points[points["arm_type"] == kind].drop(columns="arm_type")
    known = chosen["low"].notna()
    weeks = points["weeks"]
    across = alt.Scale(type="log", base=2, domain=[weeks.min() * 0.8, weeks.max() * 1.15])
    shapes = ["circle: recovery or remission", "diamond: reliable recovery", "square: response"]
    key = ["Weeks", *(shapes if narrow else ["; ".join(shapes)]), "hollow: no interval published"]
    axis = alt.Axis(values=WEEKS, labels=last, ticks=last, format="d", title=key if last else None)
    x = alt.X("weeks:Q", scale=across, axis=axis)
    percent = alt.Axis(title=None, values=[0, 25, 50, 75], labelExpr="datum.value + '%'")
    y = alt.Y("share:Q", scale=alt.Scale(domain=[-4, 82], nice=False), axis=percent)
    size = 11 if narrow else 12
    base = alt.Chart(chosen)
    heading = alt.Chart(pd.DataFrame({"text": [KINDS[kind]]})).encode(
        x=alt.value(-30), y=alt.value(-6), text="text:N"
    )

    def name(study: str, rows: pd.DataFrame) -> alt.Chart:
        place, align, dx, dy = NAMES.get(study, (rows["weeks"].max(), "left", 9, 0))
        words = study.rstrip(" 0123456789") if narrow else study
        mark = alt.Chart(rows[rows["weeks"] == place].tail(1)).mark_text(
            align=align, dx=dx, dy=dy, fontSize=size, color=INK
        )
        named: alt.Chart = mark.encode(x=x, y=y, text=alt.value(words))
        return named

    def marks(rows: pd.DataFrame, filled: bool) -> alt.Chart:
        mark = alt.Chart(rows).mark_point(
            color=TRIAL, filled=filled, size=70, strokeWidth=2, opacity=1
        )
        drawn: alt.Chart = mark.encode(x=x, y=y, shape=alt.Shape("shape:N", scale=None))
        return drawn

    return alt.layer(
        base.mark_line(color=MUTED, strokeWidth=1).encode(
            x=x, y=y, detail=["study:N", "population:N", "outcome:N"]
        ),
        base.mark_rule(color=TRIAL, strokeWidth=2).encode(x=x, y="low:Q", y2="high:Q"),
        marks(chosen[known], True),
        marks(chosen[~known], False),
        *(name(study, rows) for study, rows in chosen.groupby("study", sort=False)),
        heading.mark_text(
            align="left", baseline="bottom", fontSize=size, fontWeight="bold", color=INK
        ),
    ).properties(width=width - 34, height=150)
