"""Deprivation: access and outcome of the most against the least deprived decile, by year."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.attrition.group_gaps import (
    LEVEL,
    TABLE,
    Counts,
    Gap,
    group_counts,
    group_shares,
    with_scatter,
)
from analysis.charts import FINANCIAL_YEAR, INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.inequality import gradient
from analysis.quantity import Interval, Quantity, computes, derive, lineage
from analysis.tables import Table

LEAST, MOST = "Decile 1, least deprived", "Decile 10, most deprived"
NAMES = {"access": "Finished per referral received", "recovery": "Recovery rate"}
SIZES = {"access": "referrals_received", "recovery": "finished_course"}


def gaps(counts: Counts) -> dict[str, dict[str, Gap]]:
    """Most against least deprived decile by measure and year, where both are published."""
    found: dict[str, dict[str, Gap]] = {"access": {}, "recovery": {}}
    for year in sorted({year for _, year in counts}):
        most, least = (group_shares(counts, group, year) for group in (MOST, LEAST))
        for measure in found:
            if measure in most:
                found[measure][year] = Gap(most[measure], least[measure])
    return found


def deciles(evidence: Evidence, year: str) -> list[str]:
    """Deciles of a year from least to most deprived; those not stated are left out."""
    frame = evidence.table(TABLE, grouping="deprivation", year=year)
    frame = frame[frame["rank"].notna()].drop_duplicates("group")
    return [str(group) for group in frame.sort_values("rank")["group"]]


def slope(evidence: Evidence, counts: Counts, measure: str, year: str) -> Quantity:
    """Slope index of inequality over all deciles of one year, with limits of the fit."""
    order = deciles(evidence, year)
    shares = [group_shares(counts, group, year)[measure] for group in order]
    sizes = [counts[group, year][SIZES[measure]] for group in order]
    found = gradient([item.value for item in shares], [item.value for item in sizes], LEVEL)
    limits = Interval("model", found.slope_low, found.slope_high, LEVEL)
    return derive(found.slope, "percentage points", *shares, *sizes, interval=limits, decimals=1)


@computes
def deprivation(
    evidence: Evidence,
    *,
    latest: str = "2024-25",
    first: str = "2017-18",
    first_outcome: str = "2015-16",
) -> dict[str, Quantity | Chart]:
    """Ratio and difference between the most and the least deprived decile, by year.

    Each year is a full count. The limits say how far a year like it would vary if years scatter
    about a straight line as these did.
    """
    counts = group_counts(evidence, "deprivation")
    found = gaps(counts)
    ratios = {m: with_scatter({y: g.ratio for y, g in found[m].items()}) for m in found}
    points = {m: with_scatter({y: g.difference for y, g in found[m].items()}) for m in found}
    now = {measure: found[measure][latest] for measure in found}
    records = []
    for year in found["recovery"]:
        row: list[object] = [year]
        for measure in found:
            gap = found[measure].get(year)
            row += (
                [gap.reference, gap.group, ratios[measure][year], points[measure][year]]
                if gap
                else [None] * 4
            )
        records.append(row)
    header = ["Year"]
    for name in ("Finished per referral", "Recovery"):
        header += [
            f"{name}, least deprived",
            f"{name}, most deprived",
            f"{name}: ratio",
            f"{name}: difference",
        ]
    table = Table(
        "Least and most deprived deciles of areas by year. Shares are full counts; limits of ratio "
        "and difference are what a repeat of the year would give if years scatter about a straight "
        "line as these did.",
        pd.DataFrame(records, columns=header),
        folded=True,
    )
    chart = Chart(
        title=(
            f"In {latest} referrals from the most deprived decile finished a course at "
            f"{ratios['access'][latest]} times the rate of the least deprived, and recovered at "
            f"{ratios['recovery'][latest]} times their rate"
        ),
        alt=(
            "Lines by year of the ratio of most to least deprived decile, with bars for a "
            "repeat of the year. Finished per referral received: "
            f"{ratios['access'][first].with_limits()} in {first}, "
            f"{ratios['access'][latest].with_limits()} in {latest}. Recovery: "
            f"{ratios['recovery'][first].with_limits()} and "
            f"{ratios['recovery'][latest].with_limits()}. Both lie below equality throughout, "
            "access further than recovery."
        ),
        table=Table(
            table.caption,
            table.frame,
            rows=table.rows | lineage(*ratios["access"].values(), *ratios["recovery"].values()),
            folded=True,
        ),
        draw=lambda width: _draw(width, ratios),
    )
    return {
        "group_access_most": now["access"].group,
        "group_access_least": now["access"].reference,
        "group_access_ratio": ratios["access"][latest],
        "group_access_ratio_first": ratios["access"][first],
        "group_access_points": points["access"][latest],
        "group_recovery_most": now["recovery"].group,
        "group_recovery_least": now["recovery"].reference,
        "group_recovery_ratio": ratios["recovery"][latest],
        "group_recovery_ratio_first": ratios["recovery"][first_outcome],
        "group_recovery_points": points["recovery"][latest],
        "group_access_slope": slope(evidence, counts, "access", latest),
        "group_recovery_slope": slope(evidence, counts, "recovery", latest),
        "group_deprivation": chart,
    }


@computes
def by_decile(evidence: Evidence, *, latest: str = "2024-25") -> dict[str, Table]:
    """Access and recovery in every decile of one year."""
    counts = group_counts(evidence, "deprivation")
    records = []
    for group in [*deciles(evidence, latest), "Not stated"]:
        shares = group_shares(counts, group, latest)
        records.append((group, shares["access"], shares["recovery"]))
    return {
        "group_deciles": Table(
            f"Finished per referral received, and recovery, by decile of deprivation, {latest}. "
            "Referrals received and courses finished are different people.",
            pd.DataFrame(records, columns=["Areas", *NAMES.values()]),
        )
    }


def _draw(width: int, ratios: dict[str, dict[str, Quantity]]) -> alt.LayerChart | alt.FacetChart:
    small = width < 400
    frame = pd.DataFrame(
        [
            {
                "measure": measure,
                "start": int(year[:4]) + (0.14 if measure == "recovery" else 0),
                "ratio": round(item.value, 4),
                "low": round((item.interval.limits or (item.value,) * 2)[0], 4),
                "high": round((item.interval.limits or (item.value,) * 2)[1], 4),
            }
            for measure, series in ratios.items()
            for year, item in series.items()
        ]
    )
    starts = sorted({int(year[:4]) for series in ratios.values() for year in series})
    x = alt.X(
        "start:Q",
        title=["Financial year", "bars: interval for a repeat of the year"],
        scale=alt.Scale(domain=[starts[0] - 0.5, starts[-1] + 0.5], nice=False),
        axis=alt.Axis(
            values=starts[:: 3 if small else 1],
            grid=False,
            labelExpr=FINANCIAL_YEAR,
        ),
    )
    y = alt.Y(
        "ratio:Q",
        title="Most over least deprived decile",
        scale=alt.Scale(domain=[0.5, 1.05], nice=False),
    )
    equal = alt.Chart(pd.DataFrame({"ratio": [1], "text": ["equal"], "start": [starts[0] - 0.4]}))
    layers: list[alt.Chart] = [
        equal.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=y),
        equal.mark_text(align="left", dy=-9, color=INK).encode(x, y, text="text:N"),
    ]
    heights = {"access": 0.52, "recovery": 0.87}
    for measure, colour in (("access", OFFICIAL), ("recovery", INK)):
        part = alt.Chart(frame[frame["measure"] == measure].drop(columns="measure"))
        label = pd.DataFrame(
            {"start": [starts[-1] + 0.3], "ratio": [heights[measure]], "text": [NAMES[measure]]}
        )
        layers += [
            part.mark_rule(color=colour, strokeWidth=2, opacity=0.7).encode(
                x, alt.Y("low:Q"), alt.Y2("high:Q")
            ),
            part.mark_line(color=colour, strokeWidth=1).encode(x, y),
            part.mark_point(
                color=colour,
                filled=True,
                size=60,
                opacity=1,
                shape="circle" if measure == "access" else "diamond",
            ).encode(x, y),
            alt.Chart(label)
            .mark_text(align="right", color=colour, fontWeight="bold")
            .encode(x, y, text="text:N"),
        ]
    return alt.layer(*layers).properties(width=width - 50, height=300)
