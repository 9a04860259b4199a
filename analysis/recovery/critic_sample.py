"""The critic's figure: from which sizes it can come, and how precise it then is.

Scott (2018) printed a recovery percentage and a sample size, and not the base that joins them.
"""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, Chart
from analysis.evidence import Evidence
from analysis.intervals import clopper_pearson, wilson
from analysis.printed_proportions import check_proportion, possible_counts, possible_sizes
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.recovery.printed_check import as_printed
from analysis.tables import Table

PRINTED = "scott_recovered_printed"
LEVEL = 0.95


def exact_share(count: float, size: float, *inputs: Quantity, level: float = LEVEL) -> Quantity:
    """Share of a sample with its exact sampling interval, for a stream like the one sampled.

    >>> print(exact_share(8, 87).with_limits())
    9.2% (95% CI 4.1% to 17.3%)
    """
    whole = max(round(size), 1)
    events = min(round(count), whole)
    low, high = clopper_pearson(events, whole, level)
    limits = Interval("sampling", 100 * low, 100 * high, level)
    return derive(100 * events / whole, "percent", *inputs, interval=limits)


def printed_figure(evidence: Evidence, row: str = PRINTED) -> tuple[Quantity, str, Quantity]:
    """A printed percentage as a number, as text with its own decimals, and the size beside it."""
    value = evidence.quantity("critic_sample", row)
    decimals = evidence.quantity("critic_sample", row, "decimals")
    return (
        value,
        as_printed(value.value, decimals.value),
        evidence.quantity("critic_sample", row, "n_printed"),
    )


def nearest(text: str, size: int) -> dict[str, tuple[int, int]]:
    """Nearest sizes on either side that print a percentage, each with its count.

    >>> nearest("9.2", 90)
    {'smaller': (8, 87), 'larger': (9, 98)}
    """
    check = check_proportion(text, size)
    sizes = {"smaller": check.nearest_smaller, "larger": check.nearest_larger}
    return {
        side: (possible_counts(text, None, found)[0], found)
        for side, found in sizes.items()
        if found is not None
    }


@computes
def proportion_check(evidence: Evidence, widest: int = 113) -> dict[str, Quantity | Chart]:
    """Which sizes can print the critic's percentage, and what the stated size prints instead.

    A percentage of n is 100k/n for a whole k, rounded half-up or half-even. Sizes below the
    stated one stand for missing answers, sizes above it for disorders counted in place of people.
    """
    printed, text, stated = printed_figure(evidence)
    size = round(stated.value)
    below = math.floor(printed.value * size / 100)
    sizes = possible_sizes(text, None, 1, widest)
    found = {
        "critic_printed": printed,
        "critic_stated_n": stated,
        "critic_count_below": derive(below, "people", printed, stated),
        "critic_count_above": derive(below + 1, "people", printed, stated),
        "critic_share_below": exact_share(below, size, printed, stated),
        "critic_share_above": exact_share(below + 1, size, printed, stated),
        "critic_smallest_n": derive(float(sizes[0]), "people", printed, stated),
    }
    for side, (count, other) in nearest(text, size).items():
        found[f"critic_{side}_count"] = derive(count, "people", printed, stated)
        found[f"critic_{side}_n"] = derive(other, "people", printed, stated)
        found[f"critic_{side}_share"] = exact_share(count, other, printed, stated)
    found["critic_not_counted"] = stated - found["critic_smaller_n"]
    return {**found, "critic_map": size_map(printed, stated, text, widest)}


def size_map(printed: Quantity, stated: Quantity, text: str, widest: int) -> Chart:
    """Every percentage that samples of each size can print, near the critic's figure."""
    size = round(stated.value)
    first, reach = max(1, size - 40), 2.6
    able = set(possible_sizes(text, None, first, widest).tolist())
    points = [
        {"people": n, "percent": 100 * k / n, "prints": n in able and k in counts}
        for n in range(first, widest + 1)
        for counts in [possible_counts(text, None, n)]
        for k in range(n + 1)
        if abs(100 * k / n - printed.value) <= reach
    ]
    frame = pd.DataFrame(points)
    fitting = frame[frame["prints"]].copy()
    pairs = list(zip(fitting["percent"], fitting["people"], strict=True))
    fitting["label"] = [f"{round(p * n / 100)} of {n}" for p, n in pairs]
    fitting["short"] = [f"{round(p * n / 100)}/{n}" for p, n in pairs]
    rows = printed.rows | stated.rows
    listed = fitting[["label", "people", "percent"]]
    listed.columns = ["Count and base", "Base", "Percentage before rounding"]
    table = Table(
        f"Bases from {first} to {widest} people of which some count prints as {text}%.",
        listed,
        rows=rows,
        decimals={"Percentage before rounding": 3},
    )

    def draw(width: int) -> alt.LayerChart | alt.FacetChart:
        small = width < 400
        level = [printed.value - reach, printed.value + reach]
        vertical = alt.Y(
            "percent:Q", title="Percent recovered", scale=alt.Scale(domain=level, nice=False)
        )
        across = alt.Scale(domain=[first, widest], nice=False)
        axis = alt.Axis(grid=False, tickCount=5 if small else 8)
        horizontal = alt.X("people:Q", title="People in the base", scale=across, axis=axis)
        other = frame[~frame["prints"]]
        dots = alt.Chart(other).mark_point(
            filled=True, size=9 if small else 16, color=MUTED, opacity=0.7
        )
        hits = alt.Chart(fitting).mark_point(
            filled=True, size=60 if small else 90, color=CRITIC, opacity=1
        )
        names = alt.Chart(fitting).mark_text(color=CRITIC, align="left", dx=6, dy=-9)
        line = alt.Chart(pd.DataFrame({"people": [size], "label": [f"stated: {size}"]}))
        rule = line.mark_rule(color=INK, strokeDash=[4, 3]).encode(x=horizontal)
        note = line.mark_text(color=INK, baseline="bottom").encode(
            x=horizontal, y=alt.value(-4), text="label:N"
        )
        return alt.layer(
            dots.encode(x=horizontal, y=vertical),
            rule,
            note,
            hits.encode(x=horizontal, y=vertical),
            names.encode(x=horizontal, y=vertical, text="short:N" if small else "label:N"),
        ).properties(width=width - 50, height=260 if small else 300)

    either = " and ".join(str(n) for _, n in nearest(text, size).values())
    title = (
        f"{printed} is not obtainable from {stated}; obtainable from {either}"
        if size not in able
        else f"{printed} is obtainable from {stated}"
    )
    return Chart(
        title=title,
        alt=(
            f"Dots are the percentages that each base from {first} to {widest} people can give. "
            f"Those printing as {text}% are marked with count and base; none stands on the line "
            f"at {size}."
            if size not in able
            else f"Percentages by base; the stated {size} people can print {text}%."
        ),
        table=table,
        draw=draw,
    )


@computes
def candidates(evidence: Evidence) -> dict[str, Table]:
    """Exact and Wilson intervals of every reading of the critic's figure.

    Both cover sampling from a stream of people like those assessed; neither says anything about
    other clients of the programme.
    """
    printed, text, stated = printed_figure(evidence)
    size = round(stated.value)
    below = math.floor(printed.value * size / 100)
    readings = [(f"prints as {text}%", *pair) for pair in nearest(text, size).values()]
    readings[1:1] = [
        ("stated size, count below", below, size),
        ("stated size, count above", below + 1, size),
    ]
    records = []
    for name, count, base in readings:
        exact = exact_share(count, base, printed, stated)
        low, high = wilson(count, base, LEVEL)
        records.append(
            {
                "Reading": f"{count} of {base}",
                "What it is": name,
                "Share, exact interval": exact,
                "Wilson interval": f"{100 * LEVEL:g}% CI {100 * low:.1f}% to {100 * high:.1f}%",
            }
        )
    caption = "Readings of the critic's figure, with sampling intervals."
    return {"critic_candidates": Table(caption, pd.DataFrame(records))}


@computes
def study_figures(evidence: Evidence) -> dict[str, Quantity | Table]:
    """The proportion check on every percentage of the study and its later restatements.

    The second check takes off the people whose data the study's table calls missing.
    """
    frame = evidence.table("critic_sample", unit="percent")
    rows = evidence.rows("critic_sample", frame.index)
    records, unlike = [], 0
    for row in frame.itertuples():
        text = as_printed(row.value, row.decimals)
        named = {"What is counted": row.item, "Figure": f"{text}%"}
        if not math.isfinite(row.n_printed):
            none = "no size printed with it"
            records.append({**named, "Size": "", "Check": none, "Less those missing": ""})
            continue
        size = round(row.n_printed)
        check = check_proportion(text, size)
        unlike += not check.obtainable
        less = ""
        if row.missing_stated > 0 and not check.obtainable:
            fits = bool(possible_counts(text, None, size - max(1, round(row.missing_stated))))
            less = "obtainable" if fits else "not obtainable"
        records.append(
            {**named, "Size": str(size), "Check": check.wording, "Less those missing": less}
        )
    caption = "Percentages of the study and its restatements, against the size printed with them."
    return {
        "critic_study_figures": Table(caption, pd.DataFrame(records), rows=rows),
        "critic_unlike_stated": derive(unlike, "count", rows),
        "critic_restated": evidence.quantity("critic_sample", "scott_recovered_restated_10"),
        "critic_restated_higher": evidence.quantity("critic_sample", "scott_recovered_restated_15"),
    }
