"""Change without therapy by disorder: response in control and therapy arms, standardised change."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, MUTED, RULE, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive
from analysis.self_report.change import ARMS
from analysis.self_report.ratio_of_means import log_ratio_of_shares
from analysis.tables import Table

RESPONSE = "response_by_disorder"
NARROW = 400
STEP = 44


def response_ratio(evidence: Evidence, disorder: str, level: float = 0.95) -> Quantity:
    """Response in control arms as a percentage of that in therapy arms, with log-delta limits."""
    control, therapy = (
        evidence.pick(RESPONSE, disorder=disorder, arm_type=arm) for arm in ("control", "therapy")
    )
    logits = [
        float(evidence.table(RESPONSE, disorder=disorder, arm_type=arm)["logit_se"].iloc[0])
        for arm in ("control", "therapy")
    ]
    low, high = log_ratio_of_shares(
        control.value / 100, logits[0], therapy.value / 100, logits[1], level
    )
    ratio = 100 * control.value / therapy.value
    interval = Interval("sampling", 100 * low, 100 * high, level)
    return derive(ratio, "percent", control, therapy, interval=interval)


@computes
def response(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Share whose score fell by half or more, in control and therapy arms, by disorder."""
    frame = evidence.table(RESPONSE)
    disorders = list(dict.fromkeys(frame["disorder"]))
    ratios = {name: response_ratio(evidence, name) for name in disorders}
    ordered = sorted(disorders, key=lambda name: -ratios[name].value)
    arms = {
        (name, arm): evidence.pick(RESPONSE, disorder=name, arm_type=arm)
        for name in ordered
        for arm in ("control", "therapy")
    }
    table = Table(
        "Share who responded, by disorder: score at most halfway to its start",
        pd.DataFrame(
            [
                {
                    "Disorder": name.capitalize(),
                    "Trials": int(frame[frame["disorder"] == name]["k_trials"].iloc[0]),
                    "Control arms": arms[name, "control"],
                    "Therapy arms": arms[name, "therapy"],
                    "Control as a share of therapy": ratios[name],
                }
                for name in ordered
            ]
        ),
    )
    most, least = ratios[ordered[0]], ratios[ordered[-1]]
    title = (
        f"Response in control arms is {_bare(least)} of that in therapy arms for {ordered[-1]} "
        f"and {_bare(most)} for {ordered[0]}"
    )
    picture = (
        "For each disorder a line with the share of people who responded, in "
        "control arms as a hollow circle and in therapy arms as a filled one, with confidence "
        "intervals. Control arms are lower throughout."
    )
    marks = pd.DataFrame(
        [
            {
                "name": f"{name.capitalize()}: {'' if i else 'controls '}"
                f"{_bare(arms[name, 'control'])}, "
                f"therapy {_bare(arms[name, 'therapy'])}",
                "arm": arm,
                "value": arms[name, arm].value,
                "low": (arms[name, arm].interval.limits or (np.nan,) * 2)[0],
                "high": (arms[name, arm].interval.limits or (np.nan,) * 2)[1],
                "y": STEP * i + (30 if arm == "control" else 38),
                "label": STEP * i + 18,
            }
            for i, name in enumerate(ordered)
            for arm in ("control", "therapy")
        ]
    ).round(3)
    return {
        "change_response_low": least,
        "change_response_high": most,
        "change_response": Chart(title, picture, table, lambda w: _draw(marks, w)),
    }


def _bare(quantity: Quantity) -> str:
    return f"{quantity.value:.0f}%"


def _draw(marks: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    size = 11 if width < NARROW else 12
    height = STEP * (len(marks) // 2) + 6
    down = alt.Scale(domain=[0, height], range=[0, height])
    across = alt.Scale(domain=[0, float(np.ceil(marks["high"].max() / 10) * 10)], nice=False)
    axis = alt.Axis(title="Share who responded, percent", tickCount=6)
    x = alt.X("value:Q", scale=across, axis=axis)
    y = alt.Y("y:Q", scale=down, axis=None)
    colour = alt.Color(
        "arm:N", scale=alt.Scale(domain=["control", "therapy"], range=[MUTED, TRIAL]), legend=None
    )
    base = alt.Chart(marks)
    control = base.transform_filter("datum.arm == 'control'")
    therapy = base.transform_filter("datum.arm == 'therapy'")
    return alt.layer(
        base.mark_rule(strokeWidth=2).encode(
            x=alt.X("low:Q", scale=across, axis=axis), x2="high:Q", y=y, color=colour
        ),
        control.mark_point(size=70, filled=False, strokeWidth=2, opacity=1).encode(
            x=x, y=y, color=colour
        ),
        therapy.mark_point(size=70, filled=True, opacity=1).encode(x=x, y=y, color=colour),
        control.mark_text(align="left", baseline="bottom", fontSize=size, color=INK).encode(
            x=alt.value(0), y=alt.Y("label:Q", scale=down, axis=None), text="name:N"
        ),
        alt.Chart(pd.DataFrame({"x": [0]}))
        .mark_rule(color=RULE)
        .encode(x=alt.X("x:Q", scale=across, axis=axis)),
    ).properties(width=width, height=height)


@computes
def standardised(evidence: Evidence) -> dict[str, Table]:
    """Standardised change by disorder and kind of arm, on self-report scales together."""
    frame = evidence.table(
        "change_without_therapy", instrument="any self-report scale", measure="standardised"
    )
    rows = []
    for (database, disorder), part in frame.groupby(["database", "disorder"], sort=False):
        cells: dict[str, object] = {
            "Trials of": f"{disorder}, self-guided" if "selfguided" in database else disorder
        }
        for arm, label in ARMS.items():
            ids = part.index[part["arm_type"] == arm]
            cells[label] = (
                evidence.quantity("change_without_therapy", str(ids[0])) if len(ids) else "–"
            )
        rows.append(cells)
    return {
        "change_standardised": Table(
            "Standardised fall on self-report scales from start to end, by disorder and arm",
            pd.DataFrame(rows),
            folded=True,
        )
    }


@computes
def published(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Published changes within arms, beside the pooled strata."""
    frame = evidence.table("change_published")

    def within(row: str) -> Quantity:
        return evidence.quantity("change_published", row)

    def ratio(control: str, therapy: str) -> Quantity:
        part, whole = within(control), within(therapy)
        return derive(100 * part.value / whole.value, "percent", part, whole, interval=UNSTATED,
                      decimals=0)  # fmt: skip

    table = Table(
        "Published changes within one arm; improvement is positive",
        pd.DataFrame(
            {
                "Study": frame["study"],
                "Arm": frame["arm"],
                "Scale": frame["instrument"],
                "Rater": frame["rater"],
                "Kind of change": frame["measure"],
                "Change": [within(str(name)) for name in frame.index],
            }
        ).reset_index(drop=True),
        rows=evidence.rows("change_published", frame.index),
        folded=True,
    )
    return {
        "change_beck": ratio("cuijpers_2014_control_beck", "cuijpers_2014_therapy_beck"),
        "change_hamilton": ratio(
            "cuijpers_2014_control_hamilton", "cuijpers_2014_therapy_hamilton"
        ),
        "change_waiting_hamilton": within("posternak_waiting_hamilton"),
        "change_waiting_beck": within("posternak_waiting_beck"),
        "change_published": table,
    }
