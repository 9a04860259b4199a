"""How many would cross both thresholds by regression to the mean alone, had nobody changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.intervals import normal_quantile
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, lineage, share
from analysis.recovery_index import RecoveryRule
from analysis.regression_to_mean import (
    Regressed,
    Retest,
    Simulated,
    regress,
    simulate,
    stationary_limit,
)
from analysis.tables import Table
from analysis.truncated_normal import (
    Cuts,
    Population,
    Published,
    before_selection,
    caseness_cuts,
)

YEAR = "2022-23"
SEED, DRAWS = 2026, 200_000
RANGES = "assumption_ranges"
SCALES = {"PHQ-9": "phq9", "GAD-7": "gad7"}


@dataclass(frozen=True)
class Setting:
    """Everything the model is given, and the rows each part came from."""

    rule: RecoveryRule
    published: Published
    retest: Retest
    low: Retest
    high: Retest
    start: dict[str, Quantity]
    end: dict[str, Quantity]
    not_at_caseness: Quantity
    rows: frozenset[str]

    @property
    def cuts(self) -> Cuts:
        """Thresholds with the correction for whole scores."""
        return caseness_cuts(self.rule, continuity=True)

    @cached_property
    def population(self) -> Population:
        """Everyone measured, at caseness or not, solved from those selected."""
        return before_selection(self.published, self.cuts)


def setting(evidence: Evidence, year: str = YEAR) -> Setting:
    """The published scores at caseness, the share not at caseness, thresholds and reliabilities.

    Reliable change is read as at least its threshold. Raises LookupFault for a year without
    scores of those at caseness.
    """
    rows: list[Quantity] = []

    def threshold(instrument: str, column: str) -> float:
        use = "recovery index"
        rows.append(
            evidence.pick("thresholds", column, instrument=instrument, use=use, preferred=True)
        )
        return rows[-1].value

    def score(instrument: str, column: str, time: str) -> Quantity:
        rows.append(
            evidence.pick(
                "problem_therapy_scores",
                column,
                year=year,
                population="at_caseness",
                problem="All problems",
                therapy="All therapies",
                instrument=instrument,
                time=time,
            )
        )
        return rows[-1]

    def reliability(end: str) -> Retest:
        values = []
        for scale in SCALES.values():
            rows.append(evidence.quantity(RANGES, f"{scale}_reliability", end))
            values.append(rows[-1].value)
        r_phq9, r_gad7 = values
        return Retest(r_phq9, r_gad7)

    phq9_case, gad7_case = (threshold(name, "caseness_threshold") for name in SCALES)
    phq9_change, gad7_change = (threshold(name, "reliable_change_threshold") for name in SCALES)
    rule = RecoveryRule(phq9_case, gad7_case, phq9_change, gad7_change, strict=False)
    start = {name: score(name, "mean", "start") for name in SCALES}
    spread = {name: score(name, "sd", "start") for name in SCALES}
    end = {name: score(name, "mean", "end") for name in SCALES}
    missed, finished = (
        evidence.pick("annual_national", year=year, measure=measure, preferred=True)
        for measure in ("not_at_caseness", "finished_course")
    )
    outside = share(missed, finished)
    published = Published(
        start["PHQ-9"].value,
        spread["PHQ-9"].value,
        start["GAD-7"].value,
        spread["GAD-7"].value,
        outside.value / 100,
        selected=True,
    )
    central, low, high = (reliability(end_) for end_ in ("central", "low", "high"))
    return Setting(
        rule,
        published,
        central,
        low,
        high,
        start,
        end,
        outside,
        lineage(outside, *rows),
    )


def outcomes(given: Setting) -> list[Regressed]:
    """Time 2 of those selected at the central, the low and the high reliabilities."""
    people, cuts = given.population, given.cuts
    return [regress(people, retest, cuts) for retest in (given.retest, given.low, given.high)]


def crossing(given: Setting) -> Quantity:
    """Share of those at caseness below both thresholds later, in percent, with nobody changed."""
    return _over([100 * item.below_both for item in outcomes(given)], "percent", given.rows)


def limit(given: Setting) -> Quantity:
    """The most that can cross in a steady population, p/(1 - p), in percent."""
    share_outside = given.not_at_caseness.value / 100
    return derive(100 * stationary_limit(share_outside), "percent", given.not_at_caseness)


def published_rate(evidence: Evidence, year: str = YEAR) -> Quantity:
    """The recovery rate of the year as published."""
    measure = "recovery_rate_percent"
    return evidence.pick("annual_national", year=year, measure=measure, preferred=True)


@computes
def mechanism(
    evidence: Evidence, year: str = YEAR, seed: int = SEED, draws: int = DRAWS
) -> dict[str, Quantity | Table]:
    """Share of those at caseness below both thresholds later, by integration and by simulation.

    Nobody's true state changes. Intervals run over the published range of reliability; the
    stationary limit p/(1 - p), p the share not at caseness, needs no distribution. The seed and
    the number of draws stand in the table.
    """
    given = setting(evidence, year)
    people = given.population
    later = outcomes(given)
    drawn, stricter = (
        simulate(people, given.retest, replace(given.rule, strict=strict),
                 np.random.default_rng(seed), draws=draws, continuity=True)
        for strict in (False, True)
    )  # fmt: skip
    simulated = _drawn(drawn.below_both, drawn.below_both_se, given.rows)
    reliable = _drawn(drawn.reliable_recovery, drawn.reliable_recovery_se, given.rows)
    strict = _drawn(stricter.reliable_recovery, stricter.reliable_recovery_se, given.rows)
    table = _agreement(given, later[0], drawn, (seed, draws))
    found: dict[str, Quantity | Table] = {
        "regression_share": crossing(given),
        "regression_simulated": simulated,
        "regression_reliable": reliable,
        "regression_reliable_strict": strict,
        "regression_limit": limit(given),
        "regression_outside": given.not_at_caseness,
        "regression_rate": published_rate(evidence, year),
        "regression_correlation": derive(people.correlation, "correlation", given.rows,
                                         interval=UNSTATED),
        "regression_agreement": table,
    }  # fmt: skip
    for name, field in SCALES.items():
        before, mean = given.start[name], f"mean_{field}"
        falls = [before.value - getattr(item, mean) for item in later]
        found |= {
            f"regression_start_{field}": before,
            f"regression_towards_{field}": derive(
                getattr(people, mean), "score", given.rows, interval=UNSTATED
            ),
            f"regression_fall_{field}": replace(_over(falls, "points", given.rows), decimals=2),
            f"regression_observed_{field}": before - given.end[name],
        }
    return found


def _over(values: Sequence[float], unit: str, rows: frozenset[str]) -> Quantity:
    """A result at the central reliability, with those at both ends of its range as limits."""
    return Quantity(values[0], unit, Interval("model", min(values), max(values)), rows)


def _drawn(value: float, error: float, rows: frozenset[str], level: float = 0.95) -> Quantity:
    """A simulated share in percent with its Monte Carlo interval."""
    half = normal_quantile(level) * error
    interval = Interval("model", 100 * (value - half), 100 * (value + half), level)
    return Quantity(100 * value, "percent", interval, rows, decimals=2)


def _agreement(
    given: Setting, exact: Regressed, drawn: Simulated, design: tuple[int, int]
) -> Table:
    """Integration beside simulation, with the simulation's own error and design."""
    seed, draws = design
    rows = [
        ("Below both thresholds later, percent", 100 * exact.below_both, 100 * drawn.below_both,
         100 * drawn.below_both_se),
        ("Reliable recovery, percent", None, 100 * drawn.reliable_recovery,
         100 * drawn.reliable_recovery_se),
        ("Mean PHQ-9 later", exact.mean_phq9, drawn.mean_phq9, None),
        ("Mean GAD-7 later", exact.mean_gad7, drawn.mean_gad7, None),
    ]  # fmt: skip
    columns = ["Quantity", "Integration", "Simulation", "Monte Carlo standard error"]
    frame = pd.DataFrame(rows, columns=columns)
    places = dict.fromkeys(columns[1:], 3)
    caption = (
        "Integration and simulation of the same model, at the central reliabilities "
        f"(seed {seed}; {draws:,} draws, of whom {drawn.selected:,} at caseness)"
    )
    return Table(caption, frame, rows=given.rows, decimals=places)
