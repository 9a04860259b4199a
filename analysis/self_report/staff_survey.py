"""The staff survey: what a share of an open survey says of the workforce."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, Chart
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, share
from analysis.tables import Table

SURVEY, WORKFORCE = "surviving_work_manipulate_final", "workforce_trained"
NARROW = 400
HEIGHT = 280
ROUNDING = 0.5  # half a percentage point, as the survey prints whole ones


def under_selection(share_asked: float, ratio: float) -> float:
    """Share of the workforce who were asked, if they answered `ratio` times as readily.

    p/(p + s(1 − p)), p the share among those who answered, s the ratio of willingness to answer
    of those asked to the others. Shares between 0 and 1.

    >>> under_selection(0.4, 1), round(under_selection(0.4, 6), 3)
    (0.4, 0.1)
    """
    return share_asked / (share_asked + ratio * (1 - share_asked))


@computes
def survey(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Bounds on the share of staff who were ever asked to manipulate performance data.

    Least: of all staff ever trained, only those who said so; most: everyone who did not answer was
    asked too. The curve between supposes how much more readily those asked answered.
    """
    asked = evidence.quantity("disclosure_surveys", SURVEY, "percent")
    answers = evidence.quantity("disclosure_surveys", SURVEY, "n")
    trained = evidence.quantity("disclosure_surveys", WORKFORCE, "people")
    said = [(asked.value + gap) / 100 * answers.value for gap in (0, -ROUNDING, ROUNDING)]
    fewest, largest = said[1:]
    people = derive(
        said[0], "people", asked, answers, interval=Interval("rounding", fewest, largest)
    )
    lower = [100 * number / trained.value for number in said]
    upper = [low + 100 * (1 - answers.value / trained.value) for low in lower]
    least, most = (
        derive(share, "percent", asked, answers, trained, interval=Interval("rounding", low, high))
        for share, low, high in (lower, upper)
    )
    p, floor = asked.value / 100, least.value / 100
    ratio = derive(p * (1 - floor) / (floor * (1 - p)), "ratio", asked, answers, trained,
                   interval=UNSTATED, decimals=0)  # fmt: skip
    grid = np.geomspace(1.0, max(ratio.value, 2.0), 60)
    curve = pd.DataFrame({"ratio": grid, "share": [100 * under_selection(p, s) for s in grid]})
    table = Table(
        "Share of staff ever asked, by how much more readily those asked answered",
        pd.DataFrame(
            {
                "Times as ready to answer": (shown := [1, 2, 3, 5, 10, 20]),
                "Share of staff, percent": [100 * under_selection(p, s) for s in shown],
            }
        ),
        rows=ratio.rows,
        decimals={"Share of staff, percent": 1},
    )
    title = (
        f"Of staff who answered {asked} say that they were asked to manipulate data; of all "
        f"trained it may be as few as {least}, if those asked answered {ratio} times as readily"
    )
    picture = (
        "A curve of the share of staff ever asked to manipulate data, falling from the survey's "
        "share, where everyone answered equally readily, to the lower bound as those asked "
        "answered more readily."
    )
    return {
        "staff_share": asked,
        "staff_answers": answers,
        "staff_people": people,
        "staff_trained": trained,
        "staff_answered": share(answers, trained),
        "staff_least": least,
        "staff_most": most,
        "staff_ratio": ratio,
        "staff_selection": Chart(
            title, picture, table, lambda w: _draw(curve, asked, least, w)
        ),
    }  # fmt: skip


def _draw(
    curve: pd.DataFrame, asked: Quantity, least: Quantity, width: int
) -> alt.LayerChart | alt.FacetChart:
    inner, size = width - 60, 11 if width < NARROW else 12
    percent = alt.Axis(title="Of staff, ever asked", labelExpr="datum.value + '%'", tickCount=5)
    up = alt.Scale(domain=[0, asked.value * 1.15], nice=False)
    across = alt.Scale(type="log", domain=[1, float(curve["ratio"].max())], nice=False)
    x = alt.X(
        "ratio:Q",
        scale=across,
        axis=alt.Axis(title="Times as ready to answer, if asked", values=[1, 2, 3, 5, 10, 20]),
    )
    y = alt.Y("share:Q", scale=up, axis=percent)
    floor = alt.Chart(pd.DataFrame({"share": [least.value], "text": [f"lower bound, {least}"]}))
    start = alt.Chart(
        pd.DataFrame({"ratio": [1.0], "share": [asked.value], "text": [f"survey, {asked}"]})
    )
    return alt.layer(
        floor.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=y),
        floor.mark_text(align="left", dx=4, dy=-7, fontSize=size, color=INK).encode(
            x=alt.value(0), y=y, text="text:N"
        ),
        alt.Chart(curve).mark_line(color=CRITIC, strokeWidth=3).encode(x=x, y=y),
        start.mark_point(color=CRITIC, filled=True, size=90, opacity=1).encode(x=x, y=y),
        start.mark_text(align="left", dx=10, dy=-4, fontSize=size, color=INK).encode(
            x=x, y=y, text="text:N"
        ),
    ).properties(width=inner, height=HEIGHT)
