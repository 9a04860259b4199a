"""The winter pattern of the monthly rate: a dip in December and a rise in January."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd
from scipy.stats import t

from analysis.charts import INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import RECORD, Interval, Quantity, computes, derive
from analysis.recovery.months import Months, monthly_rates
from analysis.tables import Table


def winter_changes(months: Months) -> pd.DataFrame:
    """Change of the published rate into December and into January, by winter, in points.

    Index: winter, as "2016-17"; columns into_december (November to December) and into_january
    (December to January). Published rates are used because counts are missing in some winters.
    """
    rates = months.frame["published"]
    years = [int(month[:4]) for month in rates.index if month.endswith("-12")]
    records = {
        f"{year}-{(year + 1) % 100:02d}": (
            rates[f"{year}-12"] - rates[f"{year}-11"],
            rates[f"{year + 1}-01"] - rates[f"{year}-12"],
        )
        for year in years
        if f"{year}-11" in rates and f"{year + 1}-01" in rates
    }
    columns = ["into_december", "into_january"]
    return pd.DataFrame.from_dict(records, orient="index", columns=columns)


def mean_process_interval(changes: pd.Series, level: float = 0.95) -> tuple[float, float, float]:
    """Mean change over winters with its process interval; what is repeated is the winter.

    Mean ± t(T − 1) s / √T, winters taken as independent. Raises ValueError for fewer than three.

    >>> [round(x, 2) for x in mean_process_interval(pd.Series([1.0, 2.0, 3.0]))]
    [2.0, -0.48, 4.48]
    """
    winters = len(changes)
    if winters < 3:
        raise ValueError(f"{winters} winters are too few for a spread; pass three or more")
    mean = float(changes.mean())
    half = float(t.ppf((1 + level) / 2, winters - 1) * changes.std() / math.sqrt(winters))
    return mean, mean - half, mean + half


@computes
def winter(evidence: Evidence, *, first_met: str = "2016-17") -> dict[str, Quantity | Chart]:
    """How the rate moves from December to January, in every winter on record."""
    months = monthly_rates(evidence)
    changes = winter_changes(months)
    winter_months = months.refs[months.refs.index.str[-2:].isin(["11", "12", "01"])]
    rows = frozenset().union(*winter_months)

    def made(value: float, unit: str, interval: Interval = RECORD) -> Quantity:
        return derive(value, unit, rows, interval=interval)

    def mean(column: str) -> Quantity:
        value, low, high = mean_process_interval(changes[column])
        return made(value, "percentage points", Interval("process", low, high, 0.95, "winter"))

    rises = made(float((changes["into_january"] > 0).sum()), "count")
    not_rises = made(float((changes["into_january"] <= 0).sum()), "count")
    average = mean("into_january")
    names = {"into_december": "November to December", "into_january": "December to January"}
    chart = Chart(
        title=(
            f"The published rate rose from December to January in {rises} of {len(changes)} "
            f"winters, by {average} on average"
        ),
        alt=(
            "For each winter from 2013-14 to 2025-26, a filled dot for the change from December "
            "to January, all above no change, and a hollow dot for the change from November "
            "to December, mostly below it. A band shows the mean rise with its month-to-month "
            f"interval, {average.limits_text()}."
        ),
        table=Table(
            "Change of the published recovery rate, in percentage points, by winter.",
            changes.rename(columns=names).rename_axis("Winter").reset_index(),
            rows=rows,
            decimals=dict.fromkeys(names.values(), 1),
        ),
        draw=lambda width: _draw(width, changes, average),
    )
    return {
        "month_winter_rises": rises,
        "month_winter_exceptions": not_rises,
        "month_winter_mean": average,
        "month_winter_december": mean("into_december"),
        "month_winter_first_met": made(
            float(changes.loc[first_met, "into_january"]), "percentage points"
        ),
        "month_winter": chart,
    }


def _draw(width: int, changes: pd.DataFrame, average: Quantity) -> alt.LayerChart | alt.FacetChart:
    data = changes.rename_axis("winter").reset_index()
    winters = list(data["winter"])
    kept = winters[:: 4 if width < 400 else 2]
    x = alt.X(
        "winter:O",
        title=["Winter", "line and band: mean rise and its interval"],
        sort=winters,
        axis=alt.Axis(values=kept, labelAngle=0, labelOverlap=False),
    )
    y = alt.Y("change:Q", title="Change, percentage points", scale=alt.Scale(domain=[-2, 2.5]))
    low, high = average.interval.limits or (average.value, average.value)
    mean = pd.DataFrame({"change": [average.value], "low": [low], "high": [high]})
    january = alt.Chart(data.rename(columns={"into_january": "change"})).encode(x, y)
    december = alt.Chart(data.rename(columns={"into_december": "change"})).encode(x, y)
    zero = alt.Chart(pd.DataFrame({"change": [0.0]}))
    labels = pd.DataFrame({"winter": winters[:1] * 2, "change": [2.25, -1.75]})
    layers = [
        alt.Chart(mean)
        .mark_rect(color=OFFICIAL, opacity=0.18)
        .encode(alt.Y("low:Q", title="Change, percentage points"), alt.Y2("high:Q")),
        alt.Chart(mean).mark_rule(color=OFFICIAL).encode(y=y),
        zero.mark_rule(color=INK).encode(y=y),
        january.mark_point(color=OFFICIAL, filled=True, size=60, opacity=1),
        december.mark_point(color=MUTED, filled=False, size=50, opacity=1),
    ]
    notes = (("● December to January", OFFICIAL), ("○ November to December", MUTED))
    for place, (words, color) in enumerate(notes):
        at = alt.Chart(labels.iloc[[place]]).mark_text(align="left", dx=-6, color=color)
        layers.append(at.encode(x, y, text=alt.value(words)))
    return alt.layer(*layers).properties(width=width - 50, height=260)
