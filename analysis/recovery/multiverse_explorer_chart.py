"""Drawing of the multiverse explorer: a curve, its choices beneath, and menus."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, OFFICIAL
from analysis.recovery.bases import BASES
from analysis.recovery.multiverse_grid import OUTCOMES
from analysis.recovery.multiverse_trials import TIMES, TRIAL_OUTCOMES, TRIALS

CODES = {
    **BASES,
    **{f"{trial}_{t}": f"{TRIALS[trial]}, {TIMES[t]}" for trial in TRIALS for t in TIMES},
}


def _menu(name: str, value: str, labels: dict[str, str], title: str) -> alt.Parameter:
    bind = alt.binding_select(options=list(labels), labels=list(labels.values()), name=title)
    return alt.param(name=name, value=value, bind=bind)


def draw_explorer(
    data: pd.DataFrame, lines: pd.DataFrame, reasons: pd.DataFrame, start: str, width: int
) -> alt.VConcatChart:
    """The curve over the table of choices, with menus for the question and sliders for the years.

    `data` has one row a combination, `lines` the marked rates, `reasons` the missing answers; all
    three carry the question as d, o and g. `start` is the base shown first.
    """
    years = sorted({year for year in data["k"] if year})
    bases = {code: CODES[code] for code in CODES if code in set(data["d"])}
    whole = alt.binding_radio(options=["gross", "net"], name="Gross, or net of a comparator ")
    first, last = (
        alt.param(
            name=name,
            value=value,
            bind=alt.binding_range(min=years[0], max=years[-1], step=1, name=title),
        )
        for name, value, title in (
            ("from_year", years[0], "Years beginning from April "),
            ("to_year", years[-1], "to years beginning in April "),
        )
    )
    params = [
        _menu("base", start, bases, "Who is counted "),
        _menu("outcome", "recovery", {**OUTCOMES, **TRIAL_OUTCOMES}, "What is counted "),
        alt.param(name="net", value="gross", bind=whole),
        first,
        last,
    ]
    asked = "datum.d == base && datum.o == outcome && datum.g == net"
    in_years = "(datum.k == 0 || (datum.k >= from_year && datum.k <= to_year))"
    labels = 128 if width < 400 else 150
    plot = width - labels
    chosen = (
        alt.Chart(data)
        .transform_filter(f"{asked} && {in_years}")
        .transform_window(r="row_number()", sort=[alt.SortField("v"), alt.SortField("k")])
    )
    rank = alt.X("r:Q", axis=None, scale=alt.Scale(zero=True, nice=False, padding=8))
    title = "percent, or points where net"
    value = alt.Y(
        "v:Q",
        title=None,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(minExtent=labels, maxExtent=labels, tickCount=5),
    )
    tips = [
        alt.Tooltip(f"{field}", title=name)
        for field, name in {
            "v:Q": "value",
            "k:N": "year from April",
            "s:N": "source",
            "m:N": "missing",
            "c:N": "scale",
        }.items()
    ]
    marked = alt.Chart(lines).transform_filter(asked)
    note = marked.mark_text(align="right", baseline="top", dy=4, fontSize=11)
    side = alt.Color("f:N", scale=None, legend=None)
    lines_drawn = [
        marked.mark_rect(color=CRITIC, opacity=0.1).encode(y=alt.Y("a:Q"), y2="z:Q"),
        marked.mark_rule(strokeDash=[5, 3]).encode(y=alt.Y("v:Q"), color=side),
        note.encode(y=alt.Y("v:Q"), x=alt.value(plot - 2), text="t:N", color=side),
    ]
    why = (
        alt.Chart(reasons)
        .transform_filter(asked)
        .mark_text(align="left", baseline="top", lineBreak="\n", fontSize=12, color=INK)
    )
    curve = alt.layer(
        *lines_drawn,
        chosen.mark_rule(color=MUTED, opacity=0.7).encode(x=rank, y=alt.Y("a:Q"), y2="z:Q"),
        chosen.mark_point(filled=True, size=40, color=OFFICIAL, opacity=1).encode(
            x=rank, y=value, tooltip=tips
        ),
        why.encode(x=alt.value(8 - labels), y=alt.value(10), text="t:N"),
        alt.Chart(pd.DataFrame({"t": [title]}))
        .mark_text(align="left", baseline="top", color=MUTED, fontSize=11)
        .encode(x=alt.value(-labels), y=alt.value(-16), text="t:N"),
    ).properties(width=plot, height=230)
    marks = (
        chosen.transform_calculate(y="datum.k ? datum.k + '-' + slice('' + (datum.k + 1), 2) : ''")
        .transform_fold(["y", "s", "m", "c"], as_=["f", "l"])
        .transform_filter("datum.l != ''")
        .transform_calculate(h="indexof(['y', 's', 'm', 'c'], datum.f) + datum.l")
        .mark_tick(orient="vertical", thickness=3, height=9, color=INK)
        .encode(
            x=rank,
            y=alt.Y(
                "l:N",
                title=None,
                sort=alt.EncodingSortField(field="h", op="min"),
                axis=alt.Axis(
                    minExtent=labels,
                    maxExtent=labels,
                    labelLimit=labels,
                    labelFontSize=11,
                    domain=False,
                    ticks=False,
                ),
            ),
            tooltip=tips,
        )
        .properties(width=plot, height=alt.Step(13))
    )
    both: alt.VConcatChart = alt.vconcat(curve, marks, spacing=6).resolve_scale(x="shared")
    return both.add_params(*params)
