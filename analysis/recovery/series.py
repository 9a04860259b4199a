"""The official yearly series: recovery in two collections, and reliable change beside it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import FINANCIAL_YEAR, FOUNDER, INK, MUTED, OFFICIAL, Align, Chart
from analysis.evidence import Evidence
from analysis.quantity import RECORD, Quantity, computes, derive, share
from analysis.recovery.bases import annual_counts, base_count
from analysis.tables import Table
from analysis.year_sums import financial_year

RATE = "recovery_rate_percent"
SERIES = {
    "kpi": "Early indicator",
    "data_set": "Later data set",
    "founder_chart": "Founder's chart",
}
RELIABLE = {
    "improvement": ("Reliable improvement", "reliable_improvement_count", "finished"),
    "recovery": ("Recovery", "moved_to_recovery", "finished_at_caseness"),
    "reliable_recovery": ("Reliable recovery", "reliable_recovery_count", "finished_at_caseness"),
    "no_change": ("No reliable change", "no_reliable_change_count", "finished"),
    "deterioration": ("Reliable deterioration", "reliable_deterioration_count", "finished"),
}


def published_rates(evidence: Evidence) -> pd.DataFrame:
    """Recovery rates as published, by financial year (rows) and collection, in percent.

    The early indicator covers 2009-10 to 2012-13 and the data set 2012-13 onwards: one year
    stands in both. Points of the founder's own chart are a third column from 2013-14.
    """
    frame = evidence.table("annual_national", measure=RATE)
    return frame.pivot(index="year", columns="series", values="value")[list(SERIES)]


@computes
def yearly(
    evidence: Evidence, *, overlap: str = "2012-13", peak: str = "2018-19", latest: str = "2024-25"
) -> dict[str, Quantity | Table | Chart]:
    """The published recovery rate of each financial year, with the two collections kept apart."""

    def rate(year: str, series: str = "data_set") -> Quantity:
        return evidence.pick("annual_national", measure=RATE, year=year, series=series)

    frame = evidence.table("annual_national", measure=RATE)
    rates = published_rates(evidence)
    target = evidence.quantity("claim_estimands", "standard_half_2014")
    own = frame[frame["series"] == "data_set"]
    own_rows = evidence.rows("annual_national", own.index)
    events = evidence.table("official_events", kind="collection", affects="all series")
    breaks = sorted(_start(financial_year(date)) for date in events["date"])
    gaps = (rates["founder_chart"] - rates["data_set"]).abs()
    widest = str(gaps.idxmax())
    founder_gap = derive(
        gaps[widest], "percentage points", rate(widest), rate(widest, "founder_chart")
    )
    early, later = rate(overlap, "kpi"), rate(overlap)
    table = Table(
        "Published recovery rate of finished courses that began at caseness, England, by "
        "financial year. The early indicator and the data set are different collections.",
        rates.rename(columns=SERIES).rename_axis("Year").reset_index(),
        rows=evidence.rows("annual_national", frame.index)
        | evidence.rows("official_events", events.index),
        decimals=dict.fromkeys(SERIES.values(), 1),
    )
    chart = Chart(
        title=(
            f"Recovery rose from {later} in {overlap} to {rate(peak)} in {peak} and was "
            f"{rate(latest)} in {latest}; the early indicator cannot be joined to it"
        ),
        alt=(
            "Line by financial year. The early indicator rises from "
            f"{rate('2009-10', 'kpi')} to {early} and ends in {overlap}, where the data set "
            f"begins lower, at {later}. The data set rises to {rate(peak)} in {peak} and then "
            f"stays close to the standard of {target}, a dashed line. Open circles mark the points "
            "of the founder's chart: all of the early indicator, then points on or near the data "
            "set. Dotted verticals mark changes of collection."
        ),
        table=table,
        draw=lambda width: _draw_yearly(width, rates, target.value, breaks),
    )
    return {
        "year_first": rate("2009-10", "kpi"),
        "year_overlap_early": early,
        "year_overlap_data_set": later,
        "year_overlap_gap": early - later,
        "year_peak": rate(peak),
        "year_latest": rate(latest),
        "year_below": derive(
            float((own["value"] < target.value).sum()), "count", own_rows, target, interval=RECORD
        ),
        "year_founder_gap": founder_gap,
        "year_series": chart,
    }


def reliable_rates(evidence: Evidence) -> pd.DataFrame:
    """Recovery and reliable change by year as quantities, each over its own official base.

    Recovery and reliable recovery divide by finished less not at caseness; reliable improvement,
    no reliable change and reliable deterioration divide by all finished courses. Computed from
    counts, which are records.
    """
    rates = {}
    for year, counts in annual_counts(evidence).items():
        found = {}
        for name, (_, measure, base) in RELIABLE.items():
            part, whole = counts.get(measure), base_count(base, counts)
            if part is not None and whole is not None:
                found[name] = share(part, whole)
        if found.keys() == RELIABLE.keys():
            rates[year] = found
    return pd.DataFrame.from_dict(rates, orient="index")


@computes
def reliable(evidence: Evidence, *, latest: str = "2024-25") -> dict[str, Quantity | Table | Chart]:
    """Reliable improvement, reliable recovery and deterioration beside recovery, by year."""
    rates = reliable_rates(evidence)
    now = rates.loc[latest]
    left = 100 - now["improvement"].value - now["no_change"].value - now["deterioration"].value
    worse = list(rates["deterioration"])
    low, high = min(worse, key=lambda q: q.value), max(worse, key=lambda q: q.value)
    labels = {name: label for name, (label, _, _) in RELIABLE.items()}
    table = Table(
        "Recovery and reliable change by financial year, from counts. Recovery and reliable "
        "recovery are shares of finished courses that began at caseness; the others are shares "
        "of all finished courses.",
        rates.rename(columns=labels).rename_axis("Year").reset_index(),
    )
    chart = Chart(
        title=(
            f"In {latest} {now['improvement']} of finished courses improved reliably and "
            f"{now['deterioration']} deteriorated reliably"
        ),
        alt=(
            "Lines by financial year from 2012-13. From top to bottom: reliable "
            f"improvement, {now['improvement']} in {latest}; recovery, {now['recovery']}; "
            f"reliable recovery, {now['reliable_recovery']}; reliable deterioration, "
            f"{now['deterioration']}. All but deterioration rise until 2018-19 and then level "
            "off; deterioration hardly moves."
        ),
        table=table,
        draw=lambda width: _draw_reliable(width, rates),
    )
    return {
        "reliable_improvement": now["improvement"],
        "reliable_recovery": now["reliable_recovery"],
        "reliable_recovery_gap": now["recovery"] - now["reliable_recovery"],
        "reliable_no_change": now["no_change"],
        "reliable_deterioration": now["deterioration"],
        "reliable_deterioration_low": derive(low.value, "percent", *worse),
        "reliable_deterioration_high": derive(high.value, "percent", *worse),
        "reliable_unclassified": derive(
            left, "percent", now["improvement"], now["no_change"], now["deterioration"]
        ),
        "reliable_by_year": chart,
    }


def _start(year: str) -> int:
    return int(year[:4])


def _year_axis(starts: list[int]) -> alt.X:
    return alt.X(
        "start:Q",
        title="Financial year",
        scale=alt.Scale(domain=[min(starts) - 0.5, max(starts) + 0.5], nice=False),
        axis=alt.Axis(
            values=[start for start in starts if (start - max(starts)) % 4 == 0],
            grid=False,
            labelExpr=FINANCIAL_YEAR,
        ),
    )


def _draw_yearly(
    width: int, rates: pd.DataFrame, target: float, breaks: list[int]
) -> alt.LayerChart | alt.FacetChart:
    data = rates.assign(start=[_start(year) for year in rates.index])
    data = data.melt("start", var_name="series", value_name="percent").dropna()
    x = _year_axis(sorted(set(data["start"])))
    y = alt.Y("percent:Q", title="Recovered, percent", scale=alt.Scale(domain=[34, 56]))
    standard = alt.Chart(pd.DataFrame({"percent": [target]}))
    changes = alt.Chart(pd.DataFrame({"start": breaks}))
    layers: list[alt.Chart] = [
        changes.mark_rule(strokeDash=[2, 3], color=MUTED).encode(x),
        standard.mark_rule(color=INK, strokeDash=[6, 4]).encode(y=y),
    ]
    for name, color, shape, dash in (
        ("kpi", MUTED, "diamond", [4, 3]),
        ("data_set", OFFICIAL, "circle", [1, 0]),
    ):
        base = alt.Chart(data[data["series"] == name]).encode(x, y)
        layers += [
            base.mark_line(color=color, strokeDash=dash),
            base.mark_point(color=color, shape=shape, filled=True, size=50, opacity=1),
        ]
    drawn = alt.Chart(data[data["series"] != "data_set"]).encode(x, y)
    layers.append(drawn.mark_point(color=FOUNDER, filled=False, size=170, strokeWidth=1.5))
    first, last, begin = min(breaks), max(data["start"]), min(data["start"])
    notes: list[tuple[float, float, Align, str, str]] = [
        (begin - 0.4, 48.6, "left", MUTED, "early|indicator"),
        (first + 1, 42.4, "left", OFFICIAL, "data set"),
        (last + 0.4, target - 1.2, "right", INK, "standard"),
        (begin - 0.4, 54.8, "left", FOUNDER, "○ founder's chart"),
        (first + 0.2, 36.4, "left", MUTED, "new collection"),
        *((start + 0.2, 34.8, "left", MUTED, "revised") for start in breaks if start > first),
    ]
    for start, percent, align, color, words in notes:
        at = alt.Chart(pd.DataFrame({"start": [start], "percent": [percent]}))
        mark = at.mark_text(align=align, color=color, lineBreak="|")
        layers.append(mark.encode(x, y, text=alt.value(words)))
    return alt.layer(*layers).properties(width=width - 50, height=320 if width > 400 else 290)


def _draw_reliable(width: int, rates: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    shown = {
        "improvement": ("triangle-up", [1, 0], -14),
        "recovery": ("circle", [1, 0], -14),
        "reliable_recovery": ("square", [6, 3], 16),
        "deterioration": ("diamond", [2, 2], -14),
    }
    starts = [_start(year) for year in rates.index]
    x = _year_axis(starts)
    y = alt.Y("percent:Q", title="Percent of finished courses", scale=alt.Scale(domain=[0, 75]))
    layers: list[alt.Chart] = []
    for name, (shape, dash, shift) in shown.items():
        points = pd.DataFrame({"start": starts, "percent": [q.value for q in rates[name]]})
        base = alt.Chart(points).encode(x, y)
        layers += [
            base.mark_line(strokeDash=dash),
            base.mark_point(shape=shape, size=45, opacity=1),
            alt.Chart(points.iloc[[-1]])
            .mark_text(align="right", dx=4, dy=shift, color=INK)
            .encode(x, y, text=alt.value(RELIABLE[name][0])),
        ]
    return alt.layer(*layers).properties(width=width - 50, height=320)
