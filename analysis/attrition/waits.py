"""Waits between the first and the second treatment, over time and on each base."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive, share
from analysis.tables import Table
from analysis.year_sums import months_of

TABLE = "waits_first_to_second"
BANDS = ("0 to 28 days", "29 to 56 days", "57 to 90 days", "over 90 days")
MONTHLY = "second treatments in the period"
ANSWER, ANSWER_COUNT = "answer_2021_22_gt28_percent", "answer_2021_22_gt28_count"
BROADCAST = "bbc_2018_19_gt28"


def year_bands(evidence: Evidence) -> dict[str, dict[str, Quantity]]:
    """Finished courses by year and band of days between first and second treatment."""
    frame = evidence.table(
        TABLE, period_kind="year", base="finished courses", statistic="count", band=list(BANDS)
    )
    return {
        str(year): {
            str(record["band"]): evidence.quantity(TABLE, str(row))
            for row, record in rows.iterrows()
        }
        for year, rows in frame.groupby("period")
    }


def _middle(year: str) -> str:
    """The day in the middle of a financial year, for the axis."""
    return f"{year[:4]}-10-01"


def longer(bands: dict[str, Quantity], days: int) -> Quantity:
    """Share that waited longer than 28, 56 or 90 days, of courses with a wait in some band."""
    beyond = {28: BANDS[1:], 56: BANDS[2:], 90: BANDS[3:]}[days]
    first, *rest = (bands[name] for name in beyond)
    whole = sum((bands[name] for name in BANDS[1:]), bands[BANDS[0]])
    return share(sum(rest, first), whole)


def month_shares(evidence: Evidence) -> pd.DataFrame:
    """Percent of second treatments of each month that came after more than 28 and 90 days."""
    frame = evidence.table(TABLE, period_kind="month", base=MONTHLY)
    counts = frame.pivot(index="period", columns="band", values="value")
    return pd.DataFrame(
        {days: 100 * counts[f"over {days} days"] / counts["all"] for days in (28, 90)}
    )


def year_of_months(evidence: Evidence, year: str, days: int) -> Quantity:
    """The same share over the second treatments of a financial year."""
    frame = evidence.table(TABLE, period_kind="month", base=MONTHLY, period=months_of(year))
    parts = []
    for band in (f"over {days} days", "all"):
        rows = frame[frame["band"] == band]
        parts.append(
            Quantity(rows["value"].sum(), "referrals", rows=evidence.rows(TABLE, rows.index))
        )
    return share(*parts)


@computes
def over_time(
    evidence: Evidence,
    *,
    first: str = "2017-18",
    claimed: str = "2018-19",
    latest: str = "2024-25",
    answered: str = "2021-22",
) -> dict[str, Quantity | Chart]:
    """Share waiting longer than four, eight and about thirteen weeks, by year and month."""
    bands, months = year_bands(evidence), month_shares(evidence)
    then, now = (longer(bands[year], 28) for year in (first, latest))
    long_then, long_now = (longer(bands[year], 90) for year in (first, latest))
    answer = evidence.quantity(TABLE, ANSWER)
    count = evidence.quantity(TABLE, ANSWER_COUNT)
    rows = evidence.rows(TABLE, evidence.table(TABLE, base=MONTHLY).index)
    table = Table(
        "Percent of finished courses by days between first and second treatment, by year, and "
        "percent of second treatments of the year's months after the same time. Full counts. "
        "Nobody who left before a second treatment is in either.",
        pd.DataFrame(
            [
                (
                    year,
                    *(longer(found, days) for days in (28, 56, 90)),
                    *(
                        year_of_months(evidence, year, days)
                        if f"{year[:4]}-04" in months.index
                        else None
                        for days in (28, 90)
                    ),
                )
                for year, found in bands.items()
            ],
            columns=[
                "Year",
                *(f"Over {days} days" for days in (28, 56, 90)),
                *(f"Second treatments, over {days} days" for days in (28, 90)),
            ],
        ),
        rows=rows | answer.rows,
    )
    chart = Chart(
        title=(
            f"Finished courses with over {BANDS[0].split()[2]} days between first "
            f"and second treatment rose from {then} in {first} to {now} in {latest}"
        ),
        alt=(
            f"Lines by time. Over {BANDS[0].split()[2]} days: finished courses by year rise from "
            f"{then} to {now}, second treatments by month lie close to them. Over "
            f"{BANDS[3].split()[1]} days: {long_then} to {long_now}. An open circle marks the "
            f"parliamentary answer of {answered}, {answer}, on a smaller base. Full counts."
        ),
        table=table,
        draw=lambda width: _draw(width, bands, months, answer, answered),
    )
    last_month = str(months.index[-1])
    month_rows = evidence.table(TABLE, period_kind="month", base=MONTHLY, period=last_month)
    return {
        "wait_first": then,
        "wait_claimed_year": longer(bands[claimed], 28),
        "wait_latest": now,
        "wait_rise": now - then,
        "wait_long_first": long_then,
        "wait_long_latest": long_now,
        "wait_answer": answer,
        "wait_answer_base": derive(
            100 * count.value / answer.value, "referrals", count, answer, decimals=0
        ),
        "wait_answer_year": longer(bands[answered], 28),
        "wait_answer_months": year_of_months(evidence, answered, 28),
        "wait_broadcast": evidence.quantity(TABLE, BROADCAST),
        "wait_last_month": derive(
            months.loc[last_month, 28], "percent", evidence.rows(TABLE, month_rows.index)
        ),
        "wait_areas": evidence.quantity(TABLE, "areas_2018_19_mean_gt6w"),
        "wait_area_shortest": evidence.quantity(TABLE, "areas_2018_19_shortest"),
        "wait_area_longest": evidence.quantity(TABLE, "areas_2018_19_longest"),
        "wait_chart": chart,
    }


def _draw(
    width: int,
    bands: dict[str, dict[str, Quantity]],
    months: pd.DataFrame,
    answer: Quantity,
    answered: str,
) -> alt.LayerChart | alt.FacetChart:
    small = width < 400
    years = pd.DataFrame(
        [
            {"day": _middle(year), "percent": round(longer(found, days).value, 2), "over": d}
            for year, found in bands.items()
            for days, d in ((28, "a"), (90, "b"))
        ]
    )
    x = alt.X(
        "day:T",
        title=[
            "Middle of the financial year, or month",
            "diamonds: finished courses, by year",
            "thin lines: second treatments, by month",
        ],
        scale=alt.Scale(type="utc", domain=["2017-07-01", "2026-06-01"]),
        axis=alt.Axis(
            format="%Y", grid=False, tickCount={"interval": "year", "step": 3 if small else 1}
        ),
    )
    y = alt.Y("percent:Q", title="Percent waiting longer", scale=alt.Scale(domain=[0, 85]))
    layers: list[alt.Chart] = []
    for key, days in (("a", 28), ("b", 90)):
        first_days = months.index + "-01"
        by_month = pd.DataFrame({"day": first_days, "percent": months[days].round(2).to_numpy()})
        part = alt.Chart(years[years["over"] == key][["day", "percent"]])
        layers += [
            alt.Chart(by_month).mark_line(strokeWidth=1.2, opacity=0.7).encode(x, y),
            part.mark_line(strokeDash=[2, 3], strokeWidth=1.2).encode(x, y),
            part.mark_point(shape="diamond", size=90, opacity=1).encode(x, y),
        ]
        label = pd.DataFrame(
            {
                "day": ["2017-08-01"],
                "percent": [longer(next(iter(bands.values())), days).value - 5],
                "text": [f"over {days} days"],
            }
        )
        words = alt.Chart(label).mark_text(align="left", color=OFFICIAL, fontWeight="bold")
        layers.append(words.encode(x, y, text="text:N"))
    point = pd.DataFrame({"day": [_middle(answered)], "percent": [answer.value]})
    point["text"] = "parliamentary answer"
    open_circle = alt.Chart(point)
    layers.append(
        open_circle.mark_point(filled=False, color=INK, size=90, strokeWidth=2, opacity=1).encode(
            x, y
        )
    )
    layers.append(
        open_circle.mark_text(align="left", baseline="top", dx=-20, dy=8, color=INK).encode(
            x, y, text="text:N"
        )
    )
    return alt.layer(*layers).properties(width=width - 50, height=320)
