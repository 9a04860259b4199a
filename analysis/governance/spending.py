"""What looking has cost, beside what the service has cost.

One sum is known. A cost that was not seen is not nought, so nothing is added up.
"""

from __future__ import annotations

import textwrap

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, OFFICIAL, RULE, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

AUDITS, SPENDING = "audit_spending", "programme_spend"
KNOWN, SERVICE = "nao_performance_data", "reported_2017_18"
SHOWN = (
    "stated_2012_13",
    "reported_2016_17",
    "reported_2017_18",
    "reported_2021_22",
    "returned_2023_24",
    "returned_2024_25",
    "liverpool_2019_20",
)
MILLION = 1e6
NARROW, LINE, LETTER = 400, 15, 6.4
LEAST, MOST = 4, 9  # powers of ten of the axis


def _rows(evidence: Evidence) -> pd.DataFrame:
    """Yearly spending on the service and the known sum of looking, in pounds, by size."""
    spent = evidence.table(SPENDING).loc[list(SHOWN)]
    audit = evidence.table(AUDITS)
    audit = audit[audit["value"].notna()]
    service = pd.DataFrame(
        {
            "label": spent["scope"] + ", " + spent["year"],
            "sum": [evidence.quantity(SPENDING, row) for row in spent.index],
            "pounds": spent["value"] * MILLION,
            "side": spent["side"],
            "looking": False,
        }
    )
    looking = pd.DataFrame(
        {
            "label": audit["payer"] + ", " + audit["what"] + ", " + audit["period"],
            "sum": [evidence.quantity(AUDITS, row) for row in audit.index],
            "pounds": audit["value"],
            "side": "critic",
            "looking": True,
        }
    )
    return pd.concat([looking, service]).sort_values("pounds", kind="stable")


@computes
def beside_service(evidence: Evidence) -> dict[str, Quantity | Table | Chart]:
    """The one known sum of looking, beside what the service is reported to have cost that year."""
    known, service = evidence.quantity(AUDITS, KNOWN), evidence.quantity(SPENDING, SERVICE)
    listed = evidence.table(AUDITS)
    frame = _rows(evidence)
    part = derive(
        100 * known.value / (service.value * MILLION), "percent", known, service, decimals=3
    )
    unseen = listed[listed["value"].isna()]
    lines = pd.DataFrame(
        {
            "Who paid": listed["payer"],
            "For what": listed["what"],
            "Period": listed["period"],
            "Cost": [
                evidence.quantity(AUDITS, str(row)) if np.isfinite(record["value"]) else
                record["status"] for row, record in listed.iterrows()
            ],
            "Note": listed["note"].replace("", "–"),
        }
    )  # fmt: skip
    looks = Table(
        "Looks and what they cost; where no sum was seen, money may still have been spent",
        lines,
        rows=evidence.rows(AUDITS, listed.index),
        folded=True,
    )
    table = Table(
        "Sums of the figure, in cash of their year",
        pd.DataFrame({"What": frame["label"], "Sum": frame["sum"]}),
    )
    title = (
        f"The one cost of looking that is known, {known}, is {part} of what the service is "
        "reported to have cost in 2017-18"
    )
    picture = (
        "Sums in rows on a scale on which each step is ten times the one before: the unpublished "
        "investigation of the auditor, one area's yearly spending, and yearly totals for England. "
        "Filled marks are official; hollow ones are known through a critic only."
    )
    return {
        "audit_known": known,
        "audit_service": service,
        "audit_share": part,
        "audit_latest": evidence.quantity(SPENDING, "returned_2024_25"),
        "audit_looks": derive(len(listed), "count", evidence.rows(AUDITS, listed.index)),
        "audit_unseen": derive(len(unseen), "count", evidence.rows(AUDITS, unseen.index)),
        "audit_looks_table": looks,
        "audit_chart": Chart(title, picture, table, lambda width: _draw(frame, width)),
    }


def _draw(frame: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    inner = width - 16
    lines: list[dict[str, object]] = []
    marks: list[dict[str, object]] = []
    y = 0.0
    for record in frame.itertuples():
        known = " (known through a critic)" if record.side == "critic" else ""
        words = f"{record.label[0].upper()}{record.label[1:]}: {record.sum}{known}"
        for line in textwrap.wrap(words, int(inner / LETTER)):
            y += LINE
            lines.append({"y": y, "text": line})
        y += 13
        marks.append({"y": y, "pounds": record.pounds, "through": record.side})
        y += 11
    vertical = alt.Y("y:Q", scale=alt.Scale(domain=[0, y], range=[0, y]), axis=None)
    steps = [10.0**power for power in range(LEAST, MOST + 1, 2 if narrow else 1)]
    axis = alt.Axis(
        values=steps,
        labelExpr="datum.value < 1e6 ? '£' + datum.value / 1e3 + 'k' "
        ": '£' + format(datum.value / 1e6, ',') + 'm'",
        title="Pounds, logarithmic scale",
        gridOpacity=0.6,
    )
    scale = alt.Scale(type="log", domain=[10.0**LEAST, 10.0**MOST], nice=False)
    x = alt.X("pounds:Q", scale=scale, axis=axis)
    text = alt.Chart(pd.DataFrame(lines)).mark_text(
        align="left", baseline="bottom", fontSize=12, color=INK
    )
    layers: list[alt.Chart] = []
    places = pd.DataFrame(marks)
    ends = places.assign(start=10.0**LEAST, end=10.0**MOST)[["y", "start", "end"]]
    across = alt.X("start:Q", scale=scale, axis=axis)
    layers.append(alt.Chart(ends).mark_rule(color=RULE).encode(x=across, x2="end:Q", y=vertical))
    for through, colour in (("official", OFFICIAL), ("critic", CRITIC)):
        chosen = places[places["through"] == through][["y", "pounds"]]
        if chosen.empty:
            continue
        mark = alt.Chart(chosen).mark_point(
            color=colour, filled=through == "official", size=75, strokeWidth=2, opacity=1
        )
        layers.append(mark.encode(x=x, y=vertical))
    layers.append(text.encode(x=alt.value(0), y=vertical, text="text:N"))
    return alt.layer(*layers).properties(width=inner, height=y)
