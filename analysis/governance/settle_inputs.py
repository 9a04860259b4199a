"""What the design of a study takes from evidence, what it takes from judgement, and the ranges."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.governance.area_rates import areas
from analysis.governance.variation_spread import tau_points
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.tables import Table

TABLE = "audit_design"
YEAR = "2024-25"
LEVEL = 0.95
BETWEEN = "between_providers"
INTERVIEW = (
    "interview_minutes",
    "around_interview_minutes",
    "double_rated_share",
    "interviewer_hour",
    "overhead_ratio",
    "participant_payment",
)
TEAM = ("core_team_days", "working_day_minutes", "interviewer_hour", "overhead_ratio")
SIZE = (BETWEEN, "interviews_per_provider")
Values = Mapping[str, float]


def planned(evidence: Evidence, row: str) -> Quantity:
    """An input with its range as bounds; a range of one point or none stays unstated."""
    found = evidence.quantity(TABLE, row)
    record = evidence.table(TABLE).loc[row]
    if not (np.isfinite(record["low"]) and np.isfinite(record["high"])):
        return found
    limits = sorted((float(record["low"]), found.value, float(record["high"])))
    return derive(
        found.value,
        found.unit,
        found,
        interval=Interval("bound", limits[0], limits[-1]),
        decimals=found.decimals,
    )


def between_providers(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Standard deviation of true recovery rates between providers, in percentage points."""
    return tau_points(areas(evidence, "provider", year))


def providers(evidence: Evidence, year: str = YEAR) -> Quantity:
    """Providers that print a base for their recovery rate in a year."""
    found = areas(evidence, "provider", year)
    return derive(found.count, "count", found.rows)


def official_rate(evidence: Evidence, year: str = YEAR) -> Quantity:
    """The published recovery rate, in percent."""
    return evidence.pick(
        "annual_national", year=year, measure="recovery_rate_percent", preferred=True
    )


def inputs(evidence: Evidence, names: Iterable[str]) -> dict[str, Quantity]:
    """Inputs by name, each with its range."""
    return {
        name: between_providers(evidence) if name == BETWEEN else planned(evidence, name)
        for name in names
    }


def carried(
    rule: Callable[[Values], float],
    given: Mapping[str, Quantity],
    unit: str,
    *fixed: Quantity,
    decimals: int | None = None,
) -> Quantity:
    """A result at the centre of every input, with bounds from the ends of their ranges.

    The rule is worked out at each combination of low and high ends. Not a confidence interval:
    nobody knows how likely the ends are, and that all lie at their ends at once is unlikely.
    """
    names = list(given)
    ends = [given[name].interval.limits or (given[name].value,) for name in names]
    centre = rule({name: item.value for name, item in given.items()})
    found = [rule(dict(zip(names, corner, strict=True))) for corner in itertools.product(*ends)]
    interval = Interval("bound", min(*found, centre), max(*found, centre))
    return derive(centre, unit, *given.values(), *fixed, interval=interval, decimals=decimals)


def interview_cost(given: Values) -> float:
    """Pounds for one interview: interviewing, the time around it, a second rating of some, thanks.

    Staff time is raised by other costs; the payment to the person interviewed is not.

    >>> interview_cost({"interview_minutes": 60, "around_interview_minutes": 60,
    ...     "double_rated_share": 50, "interviewer_hour": 40, "overhead_ratio": 1.5,
    ...     "participant_payment": 10})
    160.0
    """
    minutes = given["interview_minutes"] * (1 + given["double_rated_share"] / 100)
    minutes += given["around_interview_minutes"]
    staff = minutes / 60 * given["interviewer_hour"] * given["overhead_ratio"]
    return staff + given["participant_payment"]


def team_cost(given: Values, days: str = "core_team_days") -> float:
    """Pounds for the days of a core team, at the hourly cost of an interviewer.

    >>> team_cost({"core_team_days": 10, "working_day_minutes": 480, "interviewer_hour": 50,
    ...     "overhead_ratio": 2})
    8000.0
    """
    hours = given[days] * given["working_day_minutes"] / 60
    return hours * given["interviewer_hour"] * given["overhead_ratio"]


@computes
def listed(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Every judged input with its range and what it stands on, and how many providers there are."""
    judged = evidence.table(TABLE, basis="judged")
    frame = pd.DataFrame(
        [
            {
                "Input": record["parameter"],
                "For": {"both": "both studies"}.get(record["design"], record["design"]),
                "Taken": planned(evidence, str(row)),
                "Stands on": record["locator"],
                "Note": record["note"],
            }
            for row, record in judged.iterrows()
        ]
    )
    return {
        "settle_judged": derive(len(judged), "count", evidence.rows(TABLE, judged.index)),
        "settle_providers": providers(evidence),
        "settle_inputs": Table(
            "Inputs that were judged, with the ranges that are carried through to every result as "
            "bounds",
            frame,
            rows=evidence.rows(TABLE, judged.index),
            folded=True,
            filters=("For",),
        ),
    }
