"""Published sizes of bias, converted to points of PHQ-9 where that can be argued."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.charts import TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import UNSTATED, Interval, Kind, Quantity, computes
from analysis.self_report.tipping import (
    BIAS,
    NAMES,
    Mode,
    curves,
)
from analysis.self_report.tipping_setting import YEAR, Setting, setting
from analysis.tables import Table

TABLE = "bias_sizes"
WAITING = "depression_phq_9_start_13_to_18_waiting_list_points"
ALL_OR_NONE = "from none to all of it: a difference between arms"
AT_MOST = "at most: holds all change while waiting"
AS_IT_IS = "as it is: change within one group"


@dataclass(frozen=True)
class Size:
    """One published size in PHQ-9 points: how it was converted and where it would act."""

    label: str
    mechanism: str
    points: Quantity
    conversion: str
    mode: Mode


def share_to_effect(percent: float) -> float:
    """The shift in standard deviations that puts a share below the first mean.

    For normal scores of unchanged spread, Φ⁻¹ of the share; none at all puts half below.

    >>> round(share_to_effect(72), 3)
    0.583
    """
    return float(ndtri(percent / 100))


def odds_to_effect(ratio: float) -> float:
    """A ratio of odds ratios as a standardised effect, −ln(ratio)·√3/π. Hasselblad, Hedges 1995.

    >>> round(odds_to_effect(0.91), 3)
    0.052
    """
    return -math.log(ratio) * math.sqrt(3) / math.pi


def sizes(evidence: Evidence, given: Setting) -> list[Size]:
    """Sizes that may stand on the axis of points, after conversion.

    A mechanism that acts on change within a group keeps its size, times the spread of first
    scores in England not cut off at caseness. A retest share and the change on a waiting list are
    upper bounds. A difference between arms can lie wholly in the treated arm, or wholly in
    controls who know that they miss something: the bias of the treated is between none and all.
    """
    spread = given.spread
    found = []
    frame = evidence.table(TABLE)
    for name, record in frame[frame["transfers"].isin(["yes", "indirectly"])].iterrows():
        if not math.isfinite(record["value"]):
            continue
        low, high = record["ci_low"], record["ci_high"]
        ends: tuple[float, ...] = ()
        if record["unit"] == "percent":
            effect = share_to_effect(record["value"])
        elif record["unit"] == "ratio":
            effect = odds_to_effect(record["value"])
            ends = (odds_to_effect(low), odds_to_effect(high))
        else:
            effect, ends = record["value"], (low, high)
        rows = evidence.rows(TABLE, [name]) | spread.rows
        points = [spread.value * value for value in (effect, *ends) if math.isfinite(value)]
        if record["transfers"] == "indirectly":
            interval = Interval("bound", min(0.0, *points), max(0.0, *points))
            conversion = ALL_OR_NONE
        elif record["unit"] == "percent":
            interval, conversion = Interval("bound", min(0, points[0]), max(0, points[0])), AT_MOST
        else:
            interval, conversion = UNSTATED, AS_IT_IS
        mode: Mode = "start" if record["mechanism"] == "first answer too high" else "end"
        label = f"{record['study']}, {record['size_of']}"
        found.append(
            Size(label, record["mechanism"], Quantity(points[0], "points", interval, rows),
                 conversion, mode)
        )  # fmt: skip
    waiting = evidence.quantity("change_without_therapy", WAITING)
    low, high = waiting.interval.limits or (waiting.value,) * 2
    bound = Interval("bound", min(0.0, low), high)
    found.append(
        Size("Waiting lists of trials with comparable first scores, whole change with its interval",
             "answering a second time", Quantity(waiting.value, "points", bound, waiting.rows),
             AT_MOST, "end")
    )  # fmt: skip
    return found


def left(given: Setting, size: Size) -> Quantity:
    """The rate in percent that would remain: at the size itself, median over models.

    The limits run over models and, where the size has bounds, over those too.
    """
    step = BIAS[1] - BIAS[0]
    rates = curves(given)[size.mode]

    def at(points: float) -> list[float]:
        place = min(max(round(points / step), 0), len(BIAS) - 1)
        return [float(rate) for rate in rates[:, place]]

    middle = at(size.points.value)
    values = middle + [rate for end in size.points.interval.limits or () for rate in at(end)]
    kind: Kind = "bound" if size.points.interval.limits else "model"
    rows = given.rows | size.points.rows
    interval = Interval(kind, min(values), max(values))
    return Quantity(float(np.median(middle)), "percent", interval, rows)


@computes
def published_sizes(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table | Chart]:
    """Published sizes on the axis of the tipping point, with the rate that each would leave."""
    given = setting(evidence, year)
    found = sizes(evidence, given)
    frame = pd.DataFrame(
        [
            {
                "Size": item.label,
                "Mechanism": item.mechanism,
                "Conversion": item.conversion,
                "PHQ-9 points": item.points,
                "Acts on": NAMES[item.mode],
                "Rate that would remain": left(given, item),
            }
            for item in found
        ]
    )
    table = Table(
        f"Published sizes of bias in PHQ-9 points, and the recovery rate of {year} each would "
        "leave: limits run over models and over the bounds",
        frame,
    )
    largest = max(found, key=lambda item: max(item.points.interval.limits or (item.points.value,)))
    most = max(largest.points.interval.limits or (largest.points.value,))
    elevation = max(
        (item for item in found if item.mode == "start"), key=lambda item: item.points.value
    )
    by_kind = [
        (AS_IT_IS, "Change within one group"),
        (AT_MOST, "Upper bounds: all change while waiting"),
        (ALL_OR_NONE, "Differences between arms, from none to all of them"),
    ]
    groups = [
        Group(heading, [Row(s.label, s.points, TRIAL) for s in found if s.conversion == kind])
        for kind, heading in by_kind
    ]
    least = min(min(s.points.interval.limits or (s.points.value,)) for s in found)
    domain = (min(-1.0, math.floor(least)), max(BIAS[-1], math.ceil(most)))
    title = (
        f"Published bounds of bias reach up to {Quantity(most, 'points')} of PHQ-9, against a "
        f"reported fall of {given.fall}"
    )
    picture = (
        "Sizes of bias from published studies on one axis of PHQ-9 points, in groups by how they "
        f"were converted; {key(groups)}."
    )
    return {
        "tipping_largest": Quantity(most, "points", UNSTATED, largest.points.rows),
        "tipping_elevation": elevation.points,
        "tipping_elevation_left": left(given, elevation),
        "tipping_apart": _apart(evidence),
        "tipping_sizes": Chart(
            title, picture, table,
            lambda w: interval_rows(groups, w, "Bias, PHQ-9 points", domain, reference=0.0),
        ),
    }  # fmt: skip


def _apart(evidence: Evidence) -> Table:
    """Studies that cannot stand on the axis, and why."""
    frame = evidence.table(TABLE)
    placed = frame["transfers"].isin(["yes", "indirectly"]) & frame["value"].notna()
    others = frame[~placed]
    reasons = {
        "no": "another rater or another outcome than the patient's symptom scores",
        "partly": "no size is printed",
        "yes": "the study reports on it without a size",
        "indirectly": "the study reports on it without a size",
    }
    table = pd.DataFrame(
        {
            "Study": others["study"],
            "Mechanism": others["mechanism"],
            "What was measured": others["size_of"],
            "Size": [
                "none printed" if not math.isfinite(value) else evidence.quantity(TABLE, str(name))
                for name, value in others["value"].items()
            ],
            "Why it stands apart": [reasons[item] for item in others["transfers"]],
        }
    ).reset_index(drop=True)
    return Table(
        "Studies of bias that are not on the axis",
        table,
        rows=evidence.rows(TABLE, others.index),
        folded=True,
    )
