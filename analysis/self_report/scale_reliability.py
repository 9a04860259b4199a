"""Reliable change recomputed from every published reliability, beside the official thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, lineage
from analysis.reliable_change import reliability_behind, reliable_change
from analysis.tables import Table

YEAR = "2022-23"
SCALES = ("PHQ-9", "GAD-7")
KINDS = {"alpha": "internal consistency", "retest correlation": "retest"}
SCORES = "problem_therapy_scores"
NARROW = 400
LOWEST, HIGHEST, STEPS = 0.7, 0.95, 26


@dataclass(frozen=True)
class Spreads:
    """Spread of first scores on one scale: people at caseness, and everyone in one therapy."""

    at_caseness: Quantity
    everyone: Quantity

    @property
    def low(self) -> float:
        """The narrower of the two."""
        return min(self.at_caseness.value, self.everyone.value)

    @property
    def high(self) -> float:
        """The wider of the two."""
        return max(self.at_caseness.value, self.everyone.value)


def spreads(evidence: Evidence, instrument: str, year: str = YEAR) -> Spreads:
    """Spreads of first scores in England: at caseness, and all courses of the commonest therapy."""

    def first(population: str, therapy: str) -> Quantity:
        return evidence.pick(
            SCORES, "sd", year=year, population=population, problem="All problems",
            therapy=therapy, instrument=instrument, time="start",
        )  # fmt: skip

    return Spreads(
        first("at_caseness", "All therapies"), first("all_courses", "Cognitive behaviour therapy")
    )


def official(evidence: Evidence, instrument: str) -> Quantity:
    """The official reliable change of a scale, in points."""
    return evidence.pick(
        "thresholds", "reliable_change_threshold", instrument=instrument, use="recovery index",
        preferred=True,
    )  # fmt: skip


def recomputed(evidence: Evidence, row: str, year: str = YEAR) -> Quantity:
    """Reliable change from one published reliability, at caseness; limits over both spreads."""
    reliability = evidence.quantity("psychometrics", row)
    instrument = str(evidence.table("psychometrics").loc[row, "instrument"])
    spread = spreads(evidence, instrument, year)
    low, high = (reliable_change(sd, reliability.value) for sd in (spread.low, spread.high))
    return derive(
        reliable_change(spread.at_caseness.value, reliability.value),
        "points",
        reliability,
        spread.at_caseness,
        spread.everyone,
        interval=Interval("model", low, high),
    )


def reliabilities(evidence: Evidence, instrument: str) -> pd.DataFrame:
    """Rows of published internal consistencies and retest correlations of one scale."""
    found = evidence.table("psychometrics", instrument=instrument, statistic=list(KINDS))
    return found.sort_values(["statistic", "value"], kind="stable")


def behind(evidence: Evidence, instrument: str, year: str = YEAR) -> Quantity:
    """Reliability at which the official threshold is just right; limits over both spreads."""
    change, spread = official(evidence, instrument), spreads(evidence, instrument, year)
    found = [reliability_behind(change.value, sd) for sd in (spread.low, spread.high)]
    return derive(
        reliability_behind(change.value, spread.at_caseness.value),
        "coefficient",
        change,
        spread.at_caseness,
        spread.everyone,
        interval=Interval("model", min(found), max(found)),
    )


@computes
def thresholds_recomputed(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Chart]:
    """Both official thresholds against what published reliabilities give.

    Args:
        evidence: the evidence.
        year: of the spreads; the only one with scores of those at caseness by default.
    """
    changes = {
        scale: {
            row: recomputed(evidence, row, year) for row in reliabilities(evidence, scale).index
        }
        for scale in SCALES
    }
    read = {
        "scale_phq9_official": official(evidence, "PHQ-9"),
        "scale_gad7_official": official(evidence, "GAD-7"),
        "scale_phq9_consistency": changes["PHQ-9"]["phq9_alpha_primary_care"],
        "scale_phq9_retest": changes["PHQ-9"]["phq9_retest_48h"],
        "scale_phq9_patients": changes["PHQ-9"]["phq9_retest_2w_clinical"],
        "scale_gad7_consistency": changes["GAD-7"]["gad7_alpha_primary_care"],
        "scale_gad7_retest": changes["GAD-7"]["gad7_retest_community"],
        "scale_phq9_behind": behind(evidence, "PHQ-9", year),
        "scale_gad7_behind": behind(evidence, "GAD-7", year),
        "scale_gad7_alpha": evidence.quantity("psychometrics", "gad7_alpha_primary_care"),
        "scale_phq9_spread": spreads(evidence, "PHQ-9", year).at_caseness,
        "scale_phq9_spread_everyone": spreads(evidence, "PHQ-9", year).everyone,
        "scale_gad7_published": evidence.quantity(
            "psychometrics", "gad7_reliable_change_published"
        ),
        "scale_phq9_two_errors": evidence.quantity("psychometrics", "phq9_important_change_2sem"),
    }
    return {**read, "scale_thresholds": threshold_chart(evidence, read, changes, year)}


def threshold_chart(
    evidence: Evidence,
    read: dict[str, Quantity],
    changes: dict[str, dict[str, Quantity]],
    year: str,
) -> Chart:
    """Reliable change as a band that falls with reliability, one panel a scale."""
    frame = evidence.table("psychometrics")
    records = [
        {
            "Scale": scale,
            "Reliability": KINDS[frame.loc[row, "statistic"]] + ", " + frame.loc[row, "population"],
            "Coefficient": evidence.quantity("psychometrics", row),
            "Reliable change": change,
            "Official": str(official(evidence, scale)),
        }
        for scale, rows in changes.items()
        for row, change in rows.items()
    ]
    rows = lineage(*(q for found in changes.values() for q in found.values()), *read.values())
    table = Table(
        f"Reliable change from each published reliability; spreads of first scores in {year}, "
        "at caseness (figure) and over everyone in cognitive behaviour therapy (limits).",
        pd.DataFrame(records),
        rows=rows,
        folded=True,
    )
    return Chart(
        title=(
            f"A threshold of {read['scale_gad7_official']} is enough on GAD-7 only by agreement "
            f"within a sitting; {read['scale_phq9_official']} on PHQ-9 come near the least "
            "demanding retest"
        ),
        alt=(
            "A panel for each scale. A band of reliable change in points falls as reliability "
            "rises; its edges are the narrower and the wider spread of first scores. Circles are "
            "internal consistencies, triangles retests. A broken line is the official threshold. "
            f"For GAD-7 the retests give {read['scale_gad7_retest'].with_limits()} and the "
            f"internal consistency {read['scale_gad7_consistency'].with_limits()}."
        ),
        table=table,
        draw=lambda width: draw_thresholds(evidence, width, changes, year),
    )


def draw_thresholds(
    evidence: Evidence, width: int, changes: dict[str, dict[str, Quantity]], year: str
) -> alt.VConcatChart | alt.HConcatChart:
    """Two panels, side by side or, on a phone, one below the other."""
    narrow = width < NARROW
    each = width - 60 if narrow else (width - 90) // 2
    panels = [
        _panel(evidence, scale, rows, spreads(evidence, scale, year), each, narrow)
        for scale, rows in changes.items()
    ]
    panels_ = alt.vconcat(*panels) if narrow else alt.hconcat(*panels)
    joined: alt.VConcatChart | alt.HConcatChart = panels_.resolve_scale(y="shared")
    return joined


def _panel(
    evidence: Evidence,
    scale: str,
    rows: dict[str, Quantity],
    spread: Spreads,
    width: int,
    narrow: bool,
) -> alt.LayerChart | alt.FacetChart:
    grid = [LOWEST + (HIGHEST - LOWEST) * step / (STEPS - 1) for step in range(STEPS)]
    band = pd.DataFrame(
        {
            "r": [round(r, 3) for r in grid],
            "low": [round(reliable_change(spread.low, r), 3) for r in grid],
            "high": [round(reliable_change(spread.high, r), 3) for r in grid],
        }
    )
    frame = evidence.table("psychometrics")
    points = pd.DataFrame(
        {
            "r": [frame.loc[row, "value"] for row in rows],
            "low": [(change.interval.limits or (0, 0))[0] for change in rows.values()],
            "high": [(change.interval.limits or (0, 0))[1] for change in rows.values()],
            "y": [sum(change.interval.limits or (0, 0)) / 2 for change in rows.values()],
            "kind": [KINDS[frame.loc[row, "statistic"]] for row in rows],
        }
    )
    x = alt.X(
        "r:Q",
        title="Reliability",
        scale=alt.Scale(domain=[LOWEST, HIGHEST]),
        axis=alt.Axis(format=".2f", tickCount=5, grid=False),
    )
    y = alt.Y("y:Q", title="Reliable change, points", scale=alt.Scale(domain=[0, 10]))
    line = pd.DataFrame({"y": [official(evidence, scale).value], "r": [LOWEST + 0.004]})
    words = pd.DataFrame({"r": [LOWEST + 0.004], "y": [9.6], "text": [scale]})
    layers = [
        alt.Chart(band)
        .mark_area(color=RULE, opacity=0.8)
        .encode(x, alt.Y("low:Q", title="Reliable change, points"), alt.Y2("high:Q")),
        alt.Chart(line).mark_rule(color=INK, strokeDash=[6, 4], strokeWidth=2).encode(y=y),
        alt.Chart(line)
        .mark_text(align="left", dy=10, color=INK)
        .encode(x, y, text=alt.value("official threshold")),
        alt.Chart(words).mark_text(align="left", fontWeight="bold").encode(x, y, text="text:N"),
    ]
    for kind, shape, colour in (
        ("internal consistency", "circle", OFFICIAL),
        ("retest", "triangle-up", TRIAL),
    ):
        chosen = points[points["kind"] == kind]
        base = alt.Chart(chosen)
        layers.append(base.mark_rule(color=colour).encode(x, alt.Y("low:Q"), alt.Y2("high:Q")))
        layers.append(
            base.mark_point(shape=shape, filled=True, size=70, color=colour, opacity=1).encode(x, y)
        )
    key = pd.DataFrame(
        {"r": [0.73] * 2, "y": [1.6, 0.7], "text": list(KINDS.values()), "at": [0.72] * 2}
    )
    for index, (shape, colour) in enumerate((("circle", OFFICIAL), ("triangle-up", TRIAL))):
        row = alt.Chart(key.iloc[[index]])
        layers.append(
            row.mark_point(shape=shape, filled=True, size=60, color=colour, opacity=1).encode(
                alt.X("at:Q"), y
            )
        )
        layers.append(row.mark_text(align="left", color=MUTED).encode(x, y, text="text:N"))
    return alt.layer(*layers).properties(width=width, height=220 if narrow else 280)
