"""Altered scores: how many records would have to be false to move the national rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.last_scores import HALF, mass_at
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, share
from analysis.self_report.staff_survey import survey
from analysis.self_report.tipping_setting import setting
from analysis.tables import Table
from analysis.tipping_point import calibrated

YEAR = "2018-19"
MOVES = (1.0, 5.0, 10.0)


@dataclass(frozen=True)
class Counts:
    """Referrals of a year: finished at caseness, moved to recovery, finished not at caseness."""

    base: float
    recovered: float
    outside: float

    @property
    def rate(self) -> float:
        """Recovered over finished at caseness, 0 to 1."""
        return self.recovered / self.base


def altered_end_scores(counts: Counts, points: float) -> float:
    """Records whose last score would have to be false to have raised the rate by so many points.

    Each false recovery adds to the numerator only: x·D.

    >>> altered_end_scores(Counts(1000, 500, 50), 10)
    100.0
    """
    return points / 100 * counts.base


def raised_first_scores(counts: Counts, points: float) -> float:
    """Records lifted over the threshold at the start to have raised the rate by so many points.

    Each was no case, ended below the thresholds, and was added to numerator and denominator:
    (R − m)/(D − m) = r − x gives m = x·D/(1 − r + x).

    >>> round(raised_first_scores(Counts(1000, 500, 50), 10), 1)  # 333.3/833.3 = 0.4
    166.7
    """
    x = points / 100
    return x * counts.base / (1 - counts.rate + x)


def lowered_first_scores(counts: Counts, points: float) -> float:
    """Records dropped below the threshold at the start to have raised the rate by so many points.

    Each was a case that did not recover, and left the denominator: R/(D + m) = r − x gives
    m = x·D/(r − x). No more can have left than are recorded as not at caseness.

    >>> lowered_first_scores(Counts(1000, 500, 50), 10)  # 500/(1000 + 250) = 0.4
    250.0
    """
    x = points / 100
    return x * counts.base / (counts.rate - x)


def _counts(evidence: Evidence, year: str) -> tuple[Counts, dict[str, Quantity]]:
    """The counts of a year, as numbers and as quantities."""
    found = {
        measure: evidence.pick("annual_national", year=year, measure=measure, preferred=True)
        for measure in ("finished_course", "not_at_caseness", "moved_to_recovery")
    }
    base = found["finished_course"] - found["not_at_caseness"]
    numbers = Counts(base.value, found["moved_to_recovery"].value, found["not_at_caseness"].value)
    return numbers, {**found, "base": base}


@computes
def records(
    evidence: Evidence, year: str = YEAR, moves: Sequence[float] = MOVES
) -> dict[str, Quantity | Table]:
    """Records that would have to be false to have raised the national rate by so many points.

    Args:
        evidence: the evidence.
        year: financial year of the counts, that of the survey.
        moves: percentage points.
    """
    counts, found = _counts(evidence, year)
    inputs = list(found.values())
    rate = share(found["moved_to_recovery"], found["base"])
    critic = evidence.quantity("claim_estimands", "scott_true_rate_2019")
    without = derive(100 * counts.recovered / (counts.base + counts.outside), "percent", *inputs)
    lines = []
    for move in moves:
        ways = {
            "Last scores lowered": altered_end_scores(counts, move),
            "First scores raised": raised_first_scores(counts, move),
            "First scores lowered": lowered_first_scores(counts, move),
        }
        cells: dict[str, object] = {"Points of the rate": move}
        for name, number in ways.items():
            possible = name != "First scores lowered" or number <= counts.outside
            quantity = derive(number, "referrals", *inputs)
            cells[name] = quantity if possible else "more than there are"
            if name == "Last scores lowered":
                cells["Share of recoveries"] = derive(
                    100 * number / counts.recovered, "percent", *inputs
                )
        lines.append(cells)
    table = Table(
        f"Referrals of {year} whose scores would have to be false to have raised the national "
        "rate by so many points",
        pd.DataFrame(lines),
        decimals={"Points of the rate": 0},
    )
    staff: dict[str, Any] = {**survey(evidence)}
    least, asked = staff["staff_least"], staff["staff_share"]
    return {
        "staff_rate": rate,
        "staff_end": derive(altered_end_scores(counts, 1.0), "referrals", *inputs),
        "staff_end_share": derive(
            100 * altered_end_scores(counts, 1.0) / counts.recovered, "percent", *inputs
        ),
        "staff_start": derive(raised_first_scores(counts, 1.0), "referrals", *inputs),
        "staff_outside": found["not_at_caseness"],
        "staff_out_most": rate - without,
        "staff_to_critic": derive(
            100 * (rate.value - critic.value) / rate.value, "percent", rate, critic,
            interval=UNSTATED,
        ),
        "staff_reach_least": derive(
            least.value / 100 * rate.value, "percentage points", least, rate, interval=UNSTATED
        ),
        "staff_reach_survey": derive(
            asked.value / 100 * rate.value, "percentage points", asked, rate, interval=UNSTATED
        ),
        "staff_records": table,
    }  # fmt: skip


@computes
def bunching(evidence: Evidence) -> dict[str, Quantity]:
    """What altered scores would look like: the share at the score just below the threshold.

    The models of the tipping point give the share of people at that score. If false last scores
    were all set there, a point of the rate would be that much more of it.
    """
    given = setting(evidence)
    models, _ = calibrated(given.target)
    shares = [100 * mass for mass in mass_at(models, given.cuts.phq9 - HALF)]
    bumps = [100 / value for value in shares]
    found = {}
    for name, values in (("staff_mass", shares), ("staff_bump", bumps)):
        interval = Interval("model", min(values), max(values))
        middle = float(np.median(values))
        found[name] = Quantity(middle, "percent", interval, given.rows, decimals=0)
    return found
