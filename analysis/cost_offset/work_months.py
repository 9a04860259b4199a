"""Months of work that the linked study supports, beside what each version of the claim needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.charts import INK
from analysis.cost_offset.needed import months_needed, value_of_month
from analysis.cost_offset.parameters import parameters
from analysis.cost_offset.versions import Version, needed_2014, stated, versions
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.payback import LONGEST, Shape
from analysis.quantity import UNSTATED, Quantity, computes, derive
from analysis.tables import Table

EFFECTS = "employment_effects"
LINKED = {"all": "ons_employment_all", "unemployed": "ons_employment_unemployed"}
NAMES = {"all": "All who finished", "unemployed": "Unemployed at referral"}
HELD, GRADUAL = "held from the first month", "reached gradually"
RETURNS = "NHS cost returns, value by group"
ALMOST = 1e-9


@dataclass(frozen=True)
class Path:
    """How many more are in work by month: the largest estimate of a group and its month.

    Args:
        most: percentage points of those who finished.
        month: month of that estimate, which for all is also the last of the evidence.
    """

    most: Quantity
    month: Quantity

    def shape(self, how: str) -> Shape:
        """The effect as a share of its maximum, kept once it is reached."""
        return Shape(1 if how == HELD else max(1, round(self.month.value)), LONGEST)

    def gained(self, month: Quantity | float, how: str) -> Quantity:
        """Months of work gained a person by a month, not discounted.

        The largest estimate held from the first month is an upper bound to every path whose
        yearly estimates are no larger; the gradual path is one of them and no bound.
        """
        by = round(month.value if isinstance(month, Quantity) else month)
        value = self.most.value / 100 * float(self.shape(how).months_of_full_effect(by))
        inputs = [self.most, *([self.month] if how == GRADUAL else [])]
        inputs += [month] if isinstance(month, Quantity) else []
        return derive(value, "months", *inputs, interval=UNSTATED, decimals=2)

    def reaches(self, needed: Quantity, how: str) -> Quantity:
        """Month by whose end the months needed have been gained, the effect kept for good.

        Raises:
            LookupFault: not within fifty years.
        """
        by_month = self.most.value / 100 * np.cumsum(self.shape(how).by_month(LONGEST))
        enough = by_month >= needed.value - ALMOST
        if not enough.any():
            raise LookupFault(f"an effect of {self.most} does not give {needed} of work in time")
        inputs = [self.most, needed, *([self.month] if how == GRADUAL else [])]
        return derive(int(np.argmax(enough)) + 1, "months", *inputs, interval=UNSTATED)


def linked_path(evidence: Evidence, group: str) -> Path:
    """The largest estimate of the linked study for a group, and its month."""
    row = LINKED[group]
    return Path(*(evidence.quantity(EFFECTS, row, name) for name in ("estimate", "horizon_months")))


def needs(evidence: Evidence, group: str) -> dict[str, Version]:
    """Every version of the claim by its label, and what NHS cost returns need.

    The versions take one value of a month for everyone, that of a person on benefit; for the cost
    returns it is the value of the group's own months.
    """
    given = parameters(evidence)
    cost = given["cost_course_all"].quantity
    value = value_of_month(given) if group == "all" else given["job_month_unemployed"].quantity
    found = {version.label: version for version in versions(evidence)}
    return found | {RETURNS: Version(RETURNS, INK, cost, value, months_needed(cost, value))}


@computes
def by_version(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Months of work supported by the claimed times, and when each version would be met."""
    paths = {group: linked_path(evidence, group) for group in LINKED}
    expected, certain = (
        stated(evidence, f"founders_2007_{name}") for name in ("payback", "payback_certain")
    )
    needed = needed_2014(evidence)
    early = paths["all"].gained(expected, HELD)
    found: dict[str, Quantity | Table] = {
        "work_part_of_needed": derive(
            100 * early.value / needed.value, "percent", early, needed, interval=UNSTATED,
            decimals=0,
        ),
        "work_gained_all_certain": paths["all"].gained(certain, HELD),
        "work_gained_unemployed_payback": paths["unemployed"].gained(expected, HELD),
        "work_gained_unemployed_certain": paths["unemployed"].gained(certain, HELD),
    }  # fmt: skip
    for group, path in paths.items():
        found[f"work_reached_{group}"] = path.reaches(needed, HELD)
        found[f"work_reached_{group}_gradual"] = path.reaches(needed, GRADUAL)
        returns = needs(evidence, group)[RETURNS].needed
        found[f"work_reached_{group}_returns"] = path.reaches(returns, HELD)
    return found | {"work_by_version": _when_met(evidence, paths)}


def _when_met(evidence: Evidence, paths: dict[str, Path]) -> Table:
    """What each version needs, and the month in which the linked estimates would reach it."""
    last = round(paths["all"].month.value)
    asked = {group: needs(evidence, group) for group in LINKED}
    records = []
    for name, version in asked["all"].items():
        record: dict[str, object] = {
            "Version": version.label + " (value said in 2015, uprated)" * version.borrowed,
            "Cost of a course": version.cost,
            "Value of a month": version.value,
            "Months of work needed": version.needed,
        }
        for group, path in paths.items():
            for how in (HELD, GRADUAL):
                month = path.reaches(asked[group][name].needed, how)
                within = month.value <= last
                record[f"{NAMES[group]}, {how}"] = month if within else "not within the evidence"
        records.append(record)
    rows = frozenset().union(*(v.needed.rows for group in asked.values() for v in group.values()))
    linked = frozenset().union(*(path.most.rows for path in paths.values()))
    caption = (
        f"Month in which the months of work needed would be reached, if at all within the "
        f"{last} months of the evidence. For the unemployed the last row is reckoned with the "
        "value of their own months."
    )
    return Table(caption, pd.DataFrame(records), rows=rows | linked, folded=True)
