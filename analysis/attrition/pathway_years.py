"""The pathway by year: one cohort followed, against the division of one cohort by another.

The debate mostly divides what finished in a year by what was referred or started in it. Those are
different referrals. Where ended referrals are counted, the same share exists within one cohort.
"""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pandas as pd

from analysis.attrition.end_codes import YEARS, code_counts, total
from analysis.attrition.pathway import once_of_treated, stage_counts, stage_shares
from analysis.charts import FINANCIAL_YEAR, INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.printed_counts import printed_half_step
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

COHORT, CROSS = "same cohort", "across cohorts"


def annual(evidence: Evidence) -> dict[str, dict[str, Quantity]]:
    """Counts of the annual data-set tables by year and measure."""
    frame = evidence.table("annual_national", series="data_set", preferred=True)
    frame = frame[frame["unit"] == "referrals"]
    found: dict[str, dict[str, Quantity]] = {}
    for row, record in frame.iterrows():
        item = evidence.quantity("annual_national", str(row))
        found.setdefault(record["year"], {})[record["measure"]] = item
    return found


def rounded_share(part: Quantity, whole: Quantity) -> Quantity:
    """A share whose base was printed rounded: limits of rounding, or a record where it was not."""
    rate, half = share(part, whole), printed_half_step(whole.value)
    if not half:
        return rate
    low, high = (100 * part.value / (whole.value + side) for side in (half, -half))
    return replace(rate, interval=Interval("rounding", low, high))


def lost(part: Quantity, whole: Quantity) -> Quantity:
    """What is not in the part, as a percentage of the whole."""
    value = 100 - 100 * part.value / whole.value
    return derive(value, "percent", part, whole)


def shares_by_year(evidence: Evidence) -> dict[str, dict[str, Quantity]]:
    """Both ways of taking both shares, by year, where the counts exist.

    finished_ended: finished / ended, one cohort. finished_received: finished / received.
    lost_treated: treated once / treated, one cohort. lost_started: 1 − finished / started.
    Ended referrals come from the annual tables up to 2018-19 and from sums of months from
    2021-22; received, started and finished of the divisions come from the annual tables.
    """
    found: dict[str, dict[str, Quantity]] = {}
    for year, counts in annual(evidence).items():
        own = found.setdefault(year, {})
        own["finished_received"] = share(counts["finished_course"], counts["referrals_received"])
        if "first_treatment" in counts:
            own["lost_started"] = lost(counts["finished_course"], counts["first_treatment"])
        if "ended_referrals" in counts:
            finished, ended = counts["finished_course"], counts["ended_referrals"]
            own["finished_ended"] = rounded_share(finished, ended)
    for year in YEARS:
        own, counts = found.setdefault(year, {}), stage_counts(evidence, year)
        own["finished_ended"] = share(counts["finished"], counts["ended"])
        own["lost_treated"] = once_of_treated(counts)
    return dict(sorted(found.items()))


@computes
def two_divisions(
    evidence: Evidence, *, year: str = "2018-19", lockdown: str = "2020-21", recent: str = "2021-22"
) -> dict[str, Quantity | Chart]:
    """Finishers and single appointments, by year and by the way of dividing."""
    found = shares_by_year(evidence)
    labels = {
        "finished_ended": "Finished, of ended referrals (same cohort)",
        "finished_received": "Finished, of referrals received (across cohorts)",
        "lost_treated": "Treated once, of all treated (same cohort)",
        "lost_started": "Not finished, of first treatments (across cohorts)",
    }
    records = [
        {"Year": year_, **{label: own.get(name) for name, label in labels.items()}}
        for year_, own in found.items()
    ]
    chart = Chart(
        title=(
            f"Finishers over referrals received in the same year jump to "
            f"{found[lockdown]['finished_received']} in {lockdown}; of referrals followed to their "
            f"end, {found[year]['finished_ended']} finished in {year} and "
            f"{found[recent]['finished_ended']} in {recent}"
        ),
        alt=(
            "Dots by financial year in panels. Finished courses: filled circles are shares of "
            "the referrals that ended in the year, the same cohort; hollow squares divide by "
            "referrals received in the year, and jump to "
            f"{found[lockdown]['finished_received']} in {lockdown}. "
            "Not going on after a first treatment: filled circles are treated once "
            f"as a share of all treated among ended referrals, {found[recent]['lost_treated']} in "
            f"{recent}; hollow squares are the remainder of finished courses over first "
            f"treatments, {found[recent]['lost_started']} in that year."
        ),
        table=Table(
            "The same shares, within a cohort and across cohorts. A dash means that a count is "
            "missing.",
            pd.DataFrame(records),
        ),
        draw=lambda width: _draw(width, found),
    )
    return {
        "path_year_ended": found[year]["finished_ended"],
        "path_year_received": found[year]["finished_received"],
        "path_lockdown_received": found[lockdown]["finished_received"],
        "path_years_chart": chart,
    }


def _draw(width: int, found: dict[str, dict[str, Quantity]]) -> alt.VConcatChart | alt.HConcatChart:
    narrow = width < 400
    size = width - 50 if narrow else int((width - 120) / 2)
    panels = [
        _panel(
            found,
            size,
            "Finished a course",
            {"finished_ended": COHORT, "finished_received": CROSS},
        ),
        _panel(
            found,
            size,
            "Treated, and did not finish",
            {"lost_treated": COHORT, "lost_started": CROSS},
        ),
    ]
    return alt.vconcat(*panels) if narrow else alt.hconcat(*panels)


def _panel(
    found: dict[str, dict[str, Quantity]],
    size: int,
    name: str,
    series: dict[str, str],
) -> alt.LayerChart | alt.FacetChart:
    points = pd.DataFrame(
        [
            (int(year[:4]), way, own[key].value)
            for year, own in found.items()
            for key, way in series.items()
            if key in own
        ],
        columns=["start", "way", "percent"],
    )
    x = alt.X(
        "start:Q",
        title="Financial year",
        scale=alt.Scale(domain=[2011.5, 2025.8], nice=False),
        axis=alt.Axis(
            values=[2013, 2017, 2021, 2025],
            grid=False,
            labelExpr=FINANCIAL_YEAR,
        ),
    )
    y = alt.Y("percent:Q", title="Percent", scale=alt.Scale(domain=[0, 70]))
    one, two = points[points["way"] == COHORT], points[points["way"] == CROSS]
    layers = [
        alt.Chart(two).mark_point(shape="square", filled=False, size=60, strokeWidth=2, opacity=1),
        alt.Chart(one).mark_point(filled=True, size=70, opacity=1),
    ]
    layers = [
        layer.encode(x, y, color=alt.value(colour))
        for layer, colour in zip(layers, (MUTED, OFFICIAL), strict=True)
    ]
    key = pd.DataFrame({"start": [2012.2, 2012.2], "percent": [4.0, 11.0], "way": [CROSS, COHORT]})
    for way, shape, filled, colour in (
        (CROSS, "square", False, MUTED),
        (COHORT, "circle", True, OFFICIAL),
    ):
        own = alt.Chart(key[key["way"] == way])
        mark = own.mark_point(shape=shape, filled=filled, size=60, strokeWidth=2, opacity=1)
        text = own.mark_text(align="left", dx=9, color=INK)
        layers += [mark.encode(x, y, color=alt.value(colour)), text.encode(x, y, text="way:N")]
    heading = alt.Chart(pd.DataFrame({"name": [name]})).mark_text(
        align="left", baseline="bottom", fontWeight="bold", color=INK
    )
    layers.append(heading.encode(x=alt.value(0), y=alt.value(-8), text="name:N"))
    return alt.layer(*layers).properties(width=size, height=250)


@computes
def cohort_by_year(evidence: Evidence) -> dict[str, Table]:
    """How far the referrals got that ended in each full year, and the planned ends by code."""
    records = []
    for year in YEARS:
        parts, counts = stage_shares(evidence, year), stage_counts(evidence, year)
        codes = code_counts(evidence, year)
        records.append(
            {
                "Year": year,
                "Ended": counts["ended"],
                "Never seen": parts["not_seen"],
                "Seen, not treated": parts["not_treated"],
                "Treated once": parts["once"],
                "Finished": parts["finished"],
                "Planned end (code)": share(codes["completed_by_agreement"], total(codes)),
            }
        )
    caption = "How far referrals got that ended in the year, percent of all ended; sums of months."
    return {"path_by_year": Table(caption, pd.DataFrame(records))}
