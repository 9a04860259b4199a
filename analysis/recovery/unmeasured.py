"""Bounds for people whose outcome nobody measured: worst case first, then named restrictions.

For finishers without a last score the published rate is already the lower bound, as it counts
them as not recovered. For people who left, whether they were at caseness is unknown too, so
numerator and denominator are bounded together.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows
from analysis.intervals import Limits, leaver_bounds
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.tables import Table
from analysis.year_sums import year_sum

YEARS = ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26")
WAITING, UNTREATED = "mekonen_waiting_list", "whiteford_untreated_3m"
LEFT_EARLY = ("ended_not_seen", "ended_seen_not_treated")
ONCE = "ended_treated_once"


@dataclass(frozen=True)
class Cohort:
    """Referrals that ended in one year, in the parts that the bounds need."""

    recovered: Quantity
    finished: Quantity
    not_at_caseness: Quantity
    paired: Quantity
    once: Quantity
    untreated: Quantity

    @property
    def at_caseness(self) -> Quantity:
        """Finished courses less those not at caseness: the base of the published rate."""
        return self.finished - self.not_at_caseness

    @property
    def unmeasured(self) -> Quantity:
        """Finished courses without first and last scores on both scales, never below none."""
        lacking = self.finished - self.paired
        room = self.at_caseness.value - self.recovered.value
        value = min(max(lacking.value, 0.0), room)
        return derive(value, "referrals", lacking, self.at_caseness, self.recovered)

    @property
    def rate(self) -> Quantity:
        """Published rate recomputed from counts."""
        value = 100 * self.recovered.value / self.at_caseness.value
        return derive(value, "percent", self.recovered, self.at_caseness)

    @property
    def caseness(self) -> float:
        """Share of finished courses that were at caseness at the start."""
        return self.at_caseness.value / self.finished.value


@dataclass(frozen=True)
class Restriction:
    """What is assumed of leavers: share who belong, and share of those who recovered."""

    label: str
    belonging: Limits
    recovery: Limits
    source: Quantity | None = None


def cohort(evidence: Evidence, year: str) -> Cohort:
    """The parts of one year's ended referrals, summed over its months."""

    def outcome(measure: str) -> Quantity:
        return year_sum(evidence, "monthly_outcomes", measure, year)

    def pathway(measure: str) -> Quantity:
        return year_sum(evidence, "monthly_pathway", measure, year)

    early = [pathway(measure) for measure in LEFT_EARLY]
    return Cohort(
        outcome("moved_to_recovery"),
        outcome("finished_course"),
        outcome("not_at_caseness"),
        pathway("paired_scores"),
        pathway(ONCE),
        early[0] + early[1],
    )


def bounds(people: Cohort, leavers: Quantity | None, case: Restriction) -> Quantity:
    """Bounds of recovery among finishers at caseness and those leavers who belong with them.

    The value is the recoveries on record over all who may belong, where every leaver is taken to
    be at caseness and not recovered: the lowest that is possible in the worst case.
    """
    count = 0.0 if leavers is None else leavers.value
    low, high = leaver_bounds(
        int(people.recovered.value),
        int(people.at_caseness.value),
        int(count),
        case.belonging,
        case.recovery,
        int(people.unmeasured.value),
    )
    inputs = [people.recovered, people.at_caseness, people.unmeasured]
    inputs += [item for item in (leavers, case.source) if item is not None]
    limits = Interval("bound", 100 * low, 100 * high)
    return derive(limits.low or 0.0, "percent", *inputs, interval=limits)


def restrictions(evidence: Evidence, people: Cohort) -> dict[str, Restriction]:
    """From no assumption to named ones; each keeps those before it, but for the last.

    The finishers' rate that leavers do not exceed is itself a bound, with all their missing last
    scores recovered. A rate of waiting lists or of the untreated cannot exceed it here.
    """
    rate = (people.recovered.value + people.unmeasured.value) / people.at_caseness.value
    waiting = evidence.quantity("controlled_outcomes", WAITING, "percent")
    untreated = evidence.quantity("controlled_outcomes", UNTREATED, "percent")
    least, more = (min(item.value / 100, rate) for item in (waiting, untreated))
    alike = (people.caseness, people.caseness)
    return {
        "worst": Restriction("nothing assumed", (0.0, 1.0), (0.0, 1.0)),
        "no_better": Restriction("leavers no better than finishers", (0.0, 1.0), (0.0, rate)),
        "waiting": Restriction(
            "and no worse than waiting lists", (0.0, 1.0), (least, rate), waiting
        ),
        "alike": Restriction(
            "and at caseness as often as finishers", alike, (least, rate), waiting
        ),
        "untreated": Restriction(
            "the same, no worse than the untreated", alike, (more, rate), untreated
        ),
    }


def bounds_by_case(evidence: Evidence, people: Cohort) -> dict[str, dict[str, Quantity]]:
    """Bounds of every population under every restriction; for finishers only the worst case."""
    cases = restrictions(evidence, people)
    left = people.once + people.untreated
    found = {
        name: {label: bounds(people, leavers, case) for label, case in cases.items()}
        for name, leavers in (("treated", people.once), ("ended", left))
    }
    return {"finished": {"worst": bounds(people, None, cases["worst"])}, **found}


@computes
def unmeasured_outcomes(evidence: Evidence, year: str = "2024-25") -> dict[str, Quantity | Chart]:
    """Recovery of three populations as bounds, by default in the last year of the annual table."""
    people = cohort(evidence, year)
    cases = restrictions(evidence, people)
    found = bounds_by_case(evidence, people)
    left = people.once + people.untreated
    headings = {
        "finished": f"Finished at caseness, {year}",
        "treated": f"Treated at least once, at caseness, {year}",
        "ended": f"All referrals ended, at caseness, {year}",
    }
    groups = [
        Group(heading, [Row(cases[case].label, item) for case, item in found[name].items()])
        for name, heading in headings.items()
    ]
    ended = found["ended"]
    return {
        "bounds_published_rate": people.rate,
        "bounds_no_last_score": people.unmeasured,
        "bounds_left": left,
        "bounds_left_untreated": people.untreated,
        "bounds_left_share": _share(left, left + people.finished),
        "bounds_waiting_rate": evidence.quantity("controlled_outcomes", WAITING, "percent"),
        "bounds_untreated_rate": evidence.quantity("controlled_outcomes", UNTREATED, "percent"),
        "bounds_finished": found["finished"]["worst"],
        "bounds_treated": found["treated"]["worst"],
        "bounds_ended": ended["worst"],
        "bounds_ended_highest": highest(ended["worst"]),
        "bounds_no_better": highest(ended["no_better"]),
        "bounds_waiting": ended["waiting"],
        "bounds_alike": ended["alike"],
        "bounds_untreated": ended["untreated"],
        "bounds_chart": bounds_chart(groups, people.rate, ended["worst"], ended["alike"]),
    }


def highest(quantity: Quantity) -> Quantity:
    """The upper of a quantity's bounds, as a quantity with the same bounds."""
    _, high = quantity.interval.limits or (quantity.value,) * 2
    return derive(high, "percent", quantity, interval=quantity.interval)


def _share(part: Quantity, whole: Quantity) -> Quantity:
    return derive(100 * part.value / whole.value, "percent", part, whole)


def bounds_chart(groups: list[Group], rate: Quantity, worst: Quantity, alike: Quantity) -> Chart:
    """Bounds as bars under each population, with the published rate as a broken line."""
    records = [
        {"Assumption": row.label, "Population": group.heading, "Bounds": row.quantity.limits_text()}
        for group in groups
        for row in group.estimates
    ]
    rows = frozenset().union(*(row.quantity.rows for group in groups for row in group.estimates))
    widest, narrowed = (bound.limits_text().removeprefix("bounds ") for bound in (worst, alike))
    return Chart(
        title=(
            "With nothing assumed about those who left, recovery over all ended referrals at "
            f"caseness is anything from {widest}; named assumptions narrow it to {narrowed}"
        ),
        alt=(
            "Bars of bounds for each population under assumptions that add up; the broken line "
            f"is the published rate, {rate}. "
            + " ".join(
                f"{group.heading}, {row.label}: {row.quantity.limits_text()}."
                for group in groups
                for row in group.estimates
            )
        ),
        table=Table(
            "Bounds of recovery by population and assumption.", pd.DataFrame(records), rows
        ),
        draw=lambda width: interval_rows(
            groups, width, "Percent recovered (broken line: published rate)", (0, 100), rate.value
        ),
    )


@computes
def by_year(evidence: Evidence) -> dict[str, Table]:
    """Worst-case bounds of every year with twelve months of every part."""
    records = []
    for year in YEARS:
        people = cohort(evidence, year)
        worst = restrictions(evidence, people)["worst"]
        left = people.once + people.untreated
        records.append(
            {
                "Year": year,
                "Published rate": people.rate,
                "Finished, at caseness": bounds(people, None, worst),
                "Treated at least once": bounds(people, people.once, worst),
                "All ended": bounds(people, left, worst),
            }
        )
    caption = "Recovery with nothing assumed about unmeasured outcomes; sums of monthly counts."
    return {"bounds_by_year": Table(caption, pd.DataFrame(records))}
