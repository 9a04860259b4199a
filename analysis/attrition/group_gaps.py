"""Gaps between groups in access and outcome: ratio, difference, and how they vary over years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t

from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, derive, share

TABLE, LEVEL = "conversion_by_group", 0.95


Counts = Mapping[tuple[str, str], Mapping[str, Quantity]]


def group_counts(evidence: Evidence, grouping: str) -> Counts:
    """Counts of every group and year of a grouping: ``{(group, year): {measure: count}}``."""
    found: dict[tuple[str, str], dict[str, Quantity]] = {}
    frame = evidence.table(TABLE, grouping=grouping)
    for row, group, year, measure, value in zip(
        frame.index, frame["group"], frame["year"], frame["measure"], frame["value"], strict=True
    ):
        count = Quantity(value, "referrals", rows=evidence.rows(TABLE, [row]))
        found.setdefault((group, year), {})[measure] = count
    return found


def group_shares(counts: Counts, group: str, year: str) -> dict[str, Quantity]:
    """Courses finished per referral received, and the recovery rate, of one group and year.

    Referrals received and courses finished in a year are different people: the first share
    divides two cohorts. Recovery divides by finished less not at caseness. The first is absent in
    years without referrals received by group.

    Raises:
        LookupFault: the group has no counts in the year.
    """
    if (group, year) not in counts:
        raise LookupFault(f"table {TABLE!r}: no counts of {group} in {year}")
    own = counts[group, year]
    finished = own["finished_course"]
    found = {"recovery": share(own["moved_to_recovery"], finished - own["not_at_caseness"])}
    if "referrals_received" in own:
        found["access"] = share(finished, own["referrals_received"])
    return found


@dataclass(frozen=True)
class Gap:
    """A group against a reference: their shares, ratio and difference in one year."""

    group: Quantity
    reference: Quantity

    @property
    def ratio(self) -> Quantity:
        """Share of the group over share of the reference."""
        return self.group / self.reference

    @property
    def difference(self) -> Quantity:
        """Share of the group less share of the reference, in percentage points."""
        return self.group - self.reference


def scatter(values: Sequence[float], level: float = LEVEL) -> float:
    """Half-width for one year of a series: t quantile × residual spread about a straight line.

    What is repeated is a year like this one, if years scatter about a straight trend as these
    did: s² = Σ residual² / (n − 2), half-width t(n − 2) s. A full count of a year is a record; this
    says how far chance and events of a single year move it.

    With years 0, 1, 2, 3 and values 1, 2, 2, 3 the line is 1.1 + 0.6 x, Σ residual² is 0.2 and
    s = √0.1:

    >>> round(scatter([1, 2, 2, 3]), 3)
    1.361

    Raises:
        ValueError: fewer than four years.
    """
    if len(values) < 4:
        raise ValueError(f"{len(values)} years do not show how years vary: give four or more")
    years = np.arange(len(values))
    line = np.polyval(np.polyfit(years, values, 1), years)
    spread = np.sqrt(((np.asarray(values) - line) ** 2).sum() / (len(values) - 2))
    return float(student_t.ppf(0.5 + level / 2, len(values) - 2) * spread)


def with_scatter(series: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """A yearly series with the limits that the scatter of its years gives each of them."""
    half = scatter([item.value for item in series.values()])
    return {
        year: derive(
            item.value,
            item.unit,
            *series.values(),
            interval=Interval("process", item.value - half, item.value + half, LEVEL, "year"),
        )
        for year, item in series.items()
    }
