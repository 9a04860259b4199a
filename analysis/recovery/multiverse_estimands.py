"""The multiverse question by question: range over the admissible options, and what is outside.

One row an estimand. Nothing is averaged or counted over estimands: a question that was asked in
more ways is not thereby more true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.intervals import clopper_pearson
from analysis.printed_proportions import check_proportion, possible_counts
from analysis.quantity import (
    KIND_LABELS,
    RECORD,
    UNSTATED,
    Interval,
    Kind,
    Quantity,
    derive,
    lineage,
)
from analysis.recovery.bases import BASES
from analysis.recovery.multiverse_grid import Multiverse
from analysis.recovery.multiverse_trials import TIMES, TRIALS
from analysis.tables import Table

REFERENCE = {
    "comparison": "none",
    "horizon": "end",
    "rater": "self_report",
    "year": "2024-25",
    "source": "months",
    "missing": "not_recovered",
    "operator": "published",
}
GROUPS = {
    ("gross", "recovery"): "Recovery",
    ("gross", "reliable_recovery"): "Reliable recovery",
    ("gross", "reliable_improvement"): "Reliable improvement",
    ("gross", "deterioration"): "Reliable deterioration",
    ("gross", "trial"): "In the trials' own populations",
    ("net", "reliable_recovery"): "Reliable recovery net of usual care, carried to England",
    ("net", "trial"): "Net of usual care, in the trials' own populations",
}
PUBLISHED = {
    ("finished_at_caseness", "recovery"): "recovery_rate_percent",
    ("finished_at_caseness", "reliable_recovery"): "reliable_recovery_percent",
    ("finished", "reliable_improvement"): "reliable_improvement_percent",
    ("finished", "deterioration"): "reliable_deterioration_percent",
}
RESTRICTIONS = ("waiting_list", "finishers")


@dataclass(frozen=True)
class Estimand:
    """One question: its answers by option, and limits for what was not measured or sampled."""

    key: tuple[str, ...]
    group: str
    label: str
    points: pd.DataFrame = field(repr=False)

    @property
    def counted(self) -> pd.DataFrame:
        """Answers that suppose nothing about people who left."""
        return self.points[~self.points["missing"].isin(RESTRICTIONS)]

    @property
    def reference(self) -> float:
        """Answer at the reference options; for a trial, at its first rule for missing outcomes."""
        if self.key[0] in TRIALS:
            return float(self.points["value"].iloc[0])
        chosen = self.points["comparison"].isin(["none", "or_6"])
        for name in ("year", "source", "missing"):
            chosen &= self.points[name] == REFERENCE[name]
        return float(self.points.loc[chosen, "value"].iloc[0])

    @property
    def limits(self) -> tuple[float, float, str]:
        """Bounds for the unmeasured in the reference year, else a trial's limits, else range."""
        now = self.points[self.points["year"].isin(["", REFERENCE["year"]])]
        for low, high in (("least", "most"), ("low", "high")):
            known = now[now[[low, high]].notna().all(axis=1)]
            if len(known):
                kind = "bound" if low == "least" else str(known["kind"].iloc[0])
                return float(now[low].min()), float(now[high].max()), KIND_LABELS[kind]
        return float(self.points["value"].min()), float(self.points["value"].max()), "none"


def all_points(service: Multiverse) -> pd.DataFrame:
    """Every admissible combination of the service's grid and of the trials' grid, as one frame."""
    england = service.points
    trials = service.trials.points.reindex(columns=england.columns)
    trials = trials.assign(source="trial", year="", comparison="between_arms")
    return pd.concat([england, trials.astype(england.dtypes.to_dict())], ignore_index=True)


def estimands(points: pd.DataFrame) -> list[Estimand]:
    """The questions that have an admissible answer, in the order of `GROUPS`."""
    found = []
    keys = ["denominator", "outcome", "net", "horizon"]
    for key, rows in points.groupby(keys, sort=False):
        denominator, outcome, net, horizon = (str(part) for part in key)
        if denominator in TRIALS:
            trial = {"pmhc": "Norway, reliable recovery", "reeact": "REEACT, PHQ-9"}
            group, label = GROUPS[net, "trial"], f"{trial[denominator]}, {TIMES[horizon]}"
        else:
            group, label = GROUPS[net, outcome], BASES[denominator]
            if net == "gross" and (denominator, outcome) in PUBLISHED:
                label += ", as published"
        found.append(Estimand((denominator, outcome, net, horizon), group, label, rows))
    order = list(GROUPS.values())
    return sorted(found, key=lambda estimand: order.index(estimand.group))


def official_rate(evidence: Evidence, item: Estimand) -> Quantity | None:
    """The rate printed for the reference year, where this question is the one officially asked."""
    denominator, outcome, comparison, *_ = item.key
    measure = PUBLISHED.get((denominator, outcome))
    if measure is None or comparison == "net":
        return None
    year = REFERENCE["year"]
    return evidence.pick("annual_national", year=year, measure=measure, preferred=True)


def critic_reference(evidence: Evidence) -> Quantity:
    """Recovered in the critic's interviews, with the exact interval for the largest fitting base.

    The base is not printed: taken is the largest size up to the number assessed that can print the
    figure. Another instrument, sample and base than any combination of the grid.
    """
    printed = evidence.quantity("critic_sample", "scott_recovered_printed")
    row = evidence.table("critic_sample").loc["scott_recovered_printed"]
    text = f"{printed.value:.{round(row['decimals'])}f}"
    check = check_proportion(text, round(row["n_printed"]))
    size = check.n if check.obtainable else check.nearest_smaller or check.n
    counts = possible_counts(text, None, size)
    events = counts[0] if counts else round(size * printed.value / 100)
    low, high = clopper_pearson(events, size)
    return replace(printed, interval=Interval("sampling", 100 * low, 100 * high, 0.95))


def earlier_references(evidence: Evidence) -> dict[str, Quantity]:
    """Griffiths and Steen's rates of about 2011-12 by base: before the data set began."""
    return {
        base: evidence.quantity("denominators_published", f"griffiths_steen_{base}", "percent")
        for base in ("finished", "started", "referred")
    }


def answer(service: Multiverse, **settings: str) -> Quantity:
    """One combination as a quantity; what is not named stands at the reference.

    Limits of the trial for a comparison, bounds where an assumption stands in for people who left.
    """
    found = service.points
    for name, level in {**REFERENCE, **settings}.items():
        found = found[found[name] == level]
    return _quantity(service, found)


def extreme(service: Multiverse, which: str, **settings: str) -> Quantity:
    """Lowest or highest answer to one question over the named part of its options."""
    found = service.points
    for name, level in settings.items():
        found = found[found[name] == level]
    at = found["value"].idxmin() if which == "low" else found["value"].idxmax()
    result = _quantity(service, found.loc[[at]])
    return derive(result.value, result.unit, service.rows(found), interval=result.interval)


def _quantity(service: Multiverse, found: pd.DataFrame) -> Quantity:
    (point,) = found.to_dict("records")
    unit, interval = "percent", RECORD
    if point["net"] == "net":
        effect = service.comparators[point["comparison"]].interval
        unit = "percentage points"
        interval = _limits(point, effect.kind, "low", "high", effect.level)
    elif point["missing"] in RESTRICTIONS:
        interval = _limits(point, "bound", "least", "most")
    return derive(point["value"], unit, service.rows(found), interval=interval)


def trial_difference(service: Multiverse, trial: str, months: str) -> Quantity:
    """Percentage points more than usual care in a trial's own population, as it analysed them.

    By the trial's model, or of people with data.
    """
    trials = service.trials.points
    chosen = (trials[["denominator", "horizon", "net"]] == [trial, months, "net"]).all(axis=1)
    difference: Quantity
    (difference,) = trials.loc[chosen & (trials["missing"] != "not_recovered"), "quantity"]
    return difference


def _limits(
    point: Mapping[str, Any], kind: Kind, low: str, high: str, level: float | None = None
) -> Interval:
    """Limits from two columns of a point, "unstated" where they could not be computed."""
    if not np.isfinite([point[low], point[high]]).all():
        return UNSTATED
    return Interval(kind, point[low], point[high], level)


def estimand_table(evidence: Evidence, service: Multiverse) -> Table:
    """The questions with range, reference value and number of admissible combinations."""
    rows = []
    for item in estimands(all_points(service)):
        low, high, kind = item.limits
        official = official_rate(evidence, item)
        rows.append(
            {
                "Among": item.label,
                "Question": item.group,
                "Combinations": len(item.points),
                "Lowest": item.points["value"].min(),
                "Reference": item.reference,
                "Official, 2024-25": np.nan if official is None else official.value,
                "Highest": item.points["value"].max(),
                "Highest without a rule for leavers": item.counted["value"].max(),
                "Limits from": low if kind != "none" else np.nan,
                "Limits to": high if kind != "none" else np.nan,
                "Kind of limits": kind,
            }
        )
    frame = pd.DataFrame(rows)
    return Table(
        f"Each question with its admissible answers: {len(frame)} questions, "
        f"{frame['Combinations'].sum()} combinations; percent, or percentage points where net",
        frame,
        rows=every_row(evidence, service),
        decimals={name: 1 for name in frame.columns if name not in ("Combinations",)},
    )


def every_row(evidence: Evidence, service: Multiverse) -> frozenset[str]:
    """All data rows behind the service's grid, the trials' grid and the outside references."""
    outside = [critic_reference(evidence), *earlier_references(evidence).values()]
    outside += service.trials.points["quantity"].tolist()
    printed = evidence.table(
        "annual_national", year=REFERENCE["year"], measure=list(PUBLISHED.values()), preferred=True
    )
    official = evidence.rows("annual_national", printed.index)
    return lineage(service.rows(service.points), official, *outside)
