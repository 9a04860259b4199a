"""What the proportion check finds, side by side: counts, and every figure that does not fit."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, FOUNDER, INK, MUTED, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive, lineage
from analysis.recovery.printed_check import (
    FITS,
    NOT,
    STATUSES,
    as_printed,
    check_printed,
    official_pairs,
    statements,
)
from analysis.tables import Table

FEWER = "of these, obtainable from one person fewer"
SIDES = {"programme": FOUNDER, "critic": CRITIC, "independent": TRIAL, "official": OFFICIAL}
WORDS = {
    "programme": "Programme and founders",
    "critic": "Critics",
    "independent": "Independent authors",
    "official": "Official texts",
    "official tables": "Official tables",
}


@computes
def by_side(evidence: Evidence) -> dict[str, Quantity | Table | Chart]:
    """Counts of printed percentages by side and by what the check finds."""
    told, pairs = statements(evidence), official_pairs(evidence)
    rows = evidence.rows("printed_proportions", told.index)
    series = lineage(*(evidence.rows(name, part["id"]) for name, part in pairs.groupby("table")))
    groups = {side: told[told["claimant_side"] == side]["status"] for side in SIDES}
    groups["official tables"] = pairs["status"]
    records, found = [], {}
    for side, status in groups.items():
        counts = status.value_counts()
        records.append({"Side": side, **{name: counts.get(name, 0) for name in STATUSES}})
        records[-1][FEWER] = 0
    frame = pd.DataFrame(records)
    for index, side in enumerate(SIDES):
        unlike = told[(told["claimant_side"] == side) & (told["status"] == NOT)]
        unhelped = [
            row.count_ >= 0 or check_printed(row.percent, row.decimals, row.n - 1).status != FITS
            for row in unlike.rename(columns={"count": "count_"}).itertuples()
        ]
        frame.loc[index, FEWER] = len(unlike) - sum(unhelped)
        own = evidence.rows("printed_proportions", told.index[told["claimant_side"] == side])
        found[f"printed_{side}_not"] = derive(len(unlike), "count", own)
        if side == "critic":
            found["printed_critic_one_fewer"] = derive(len(unlike) - sum(unhelped), "count", own)
            found["printed_critic_texts"] = derive(unlike["source"].nunique(), "count", own)
    found["printed_series_tested"] = derive(len(pairs), "count", rows, series)
    found["printed_series_not"] = derive(int((pairs["status"] == NOT).sum()), "count", rows, series)
    caption = "Printed percentages by side and by what the proportion check finds."
    table = Table(caption, frame.rename(columns=_sentence), rows=rows | series)
    return {**found, "printed_by_side": side_chart(frame, table)}


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def side_chart(frame: pd.DataFrame, table: Table) -> Chart:
    """Shares of each side's tested percentages, as bars with their counts in words."""
    tested = frame.assign(tested=frame[FITS] + frame[NOT]).query("tested > 0")
    bars = pd.DataFrame(
        {
            "y": range(len(tested)),
            "start": 0,
            "whole": 100,
            "share": 100 * tested[NOT] / tested["tested"],
            "colour": [SIDES.get(side, OFFICIAL) for side in tested["Side"]],
            "text": [
                f"{WORDS[side]}: {bad} of {n} not obtainable"
                for side, bad, n in zip(tested["Side"], tested[NOT], tested["tested"], strict=True)
            ],
        }
    )

    def draw(width: int) -> alt.LayerChart | alt.FacetChart:
        step = 40
        vertical = alt.Y(
            "y:Q", axis=None, scale=alt.Scale(domain=[-0.7, len(bars) - 0.5], reverse=True)
        )
        scale = alt.Scale(domain=[0, 100], nice=False)
        title = "Percent of those checked"
        horizontal = alt.X(
            "start:Q", scale=scale, title=title, axis=alt.Axis(tickCount=5, grid=False)
        )
        base = alt.Chart(bars).encode(y=vertical)
        whole = base.mark_bar(
            height=9, color=MUTED, fillOpacity=0.25, stroke=MUTED, strokeWidth=1
        ).encode(x=horizontal, x2="whole:Q")
        part = base.mark_bar(height=9).encode(
            x=horizontal, x2="share:Q", color=alt.Color("colour:N", scale=None, legend=None)
        )
        text = base.mark_text(align="left", dy=-13, color=INK)
        return alt.layer(
            whole.encode(x=horizontal, x2="whole:Q"),
            part,
            text.encode(x=alt.value(0), text="text:N"),
        ).properties(width=width, height=step * len(bars))

    told = "; ".join(bars["text"].str.replace(":", "").str.replace(" not obtainable", "")).lower()
    return Chart(
        title=f"Percentages that cannot come from the size or count printed with them: {told}",
        alt="One bar a side: " + "; ".join(bars["text"]) + ".",
        table=table,
        draw=draw,
    )


@computes
def not_obtainable(evidence: Evidence) -> dict[str, Table]:
    """Every printed percentage that its stated size or count cannot give, of all sides alike."""
    told = statements(evidence)
    told = told[told["status"] == NOT].sort_values(["claimant_side", "claimant"], kind="stable")
    records = [
        {
            "Percentage of": row.statement,
            "Who printed it": f"{row.claimant} ({row.claimant_side})",
            "Printed": f"{as_printed(row.percent, row.decimals)}%",
            "Stated": f"{row.count_:,.0f} of {row.n:,.0f}" if row.count_ >= 0 else f"{row.n:,.0f}",
            "Finding": row.wording,
            "Remark": row.note if isinstance(row.note, str) else "",
        }
        for row in told.rename(columns={"count": "count_"}).itertuples()
    ]
    for row in (
        official_pairs(evidence)
        .query("status == @NOT")
        .rename(columns={"count": "count_"})
        .itertuples()
    ):
        check = check_printed(row.percent, 1, row.n, row.count_)
        records.append(
            {
                "Percentage of": f"{row.measure.replace('_', ' ')}, {row.period}",
                "Who printed it": "official table (official)",
                "Printed": f"{as_printed(row.percent, 1)}%",
                "Stated": f"{row.count_:,.0f} of {row.n:,.0f}",
                "Finding": check.wording,
                "Remark": "",
            }
        )
    rows = evidence.rows("printed_proportions", told.index)
    caption = "Printed percentages that are not obtainable from what is printed with them."
    return {"printed_not_obtainable": Table(caption, pd.DataFrame(records), rows=rows)}
