"""Checks of the claims that the service pays for itself, and of the counts against it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from analysis.claims.reasons import Check
from analysis.cost_offset.versions import TABLE, YEAR_MONTHS, person_months, value_of_2015
from analysis.cost_offset.work_months import HELD, RETURNS, linked_path, needs
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, derive
from analysis.ruling import Claim, Finding, combined, stated

UNCOMPARED = (
    "Up to its date no study compared months in work of people treated by the programme and of "
    "like people who were not. Linked tax and benefit records of both would check it."
)
LINKED = "that the linked study of 2024 supports at most, its largest estimate held from the start"

Needed = Callable[[Evidence], Quantity]


def on_terms(version: str) -> Needed:
    """Months of work a person that repay the cost, on the terms of a version of the claim."""

    def needed(evidence: Evidence) -> Quantity:
        cost, value = (evidence.quantity(TABLE, f"{version}_{part}") for part in ("cost", "value"))
        return person_months(cost, value)

    return needed


def on_terms_of_2015(evidence: Evidence) -> Quantity:
    """Months of work a person that repay the cost of 2024 at the value of a month of 2015."""
    return person_months(evidence.quantity(TABLE, "founders_2024_cost"), value_of_2015(evidence))


def repaid_within(evidence: Evidence, claim: Claim, *, needed: Needed, terms: str) -> Finding:
    """A time by which it pays: nothing measures it at the date; the later study beside it."""
    term = stated(evidence, claim.id, "months")
    gained = linked_path(evidence, "all").gained(round(term.value), HELD)
    later = derive(gained.value, "months", gained, term, interval=UNSTATED, decimals=2)
    return Finding(
        missing=UNCOMPARED,
        later=later,
        later_on=f"of work a person by then {LINKED}; {needed(evidence)} are needed {terms}",
    )


def pays(evidence: Evidence, claim: Claim) -> Finding:
    """Whether it pays, without a time: the later study to the end of its evidence."""
    path = linked_path(evidence, "all")
    founders, returns = on_terms("founders_2014")(evidence), needs(evidence, "all")[RETURNS].needed
    return Finding(
        missing=UNCOMPARED + " Which account is meant is not said either.",
        later=path.gained(path.month, HELD),
        later_on=f"of work a person in {path.month} {LINKED}; {founders} are needed on the "
        f"founders' terms of 2014 and {returns} at the cost that NHS trusts returned for 2024-25; "
        "care not needed would come on top",
    )


def times_covered(evidence: Evidence, claim: Claim) -> Finding:
    """How often the cost is covered: the later study for benefits and tax alone."""
    path = linked_path(evidence, "all")
    gained, needed = path.gained(path.month, HELD), on_terms("founders_2014")(evidence)
    return Finding(
        missing=UNCOMPARED + " For physical care, hospital costs of both groups beyond a few "
        "months would.",
        later=derive(gained.value / needed.value, "ratio", gained, needed, interval=UNSTATED),
        later_on=f"times by benefits and tax within {path.month}, at most, with the work {LINKED}, "
        "on the founders' terms of 2014",
    )


def enough_2014(evidence: Evidence, claim: Claim) -> Finding:
    """Share of the treated who must work more, from the version's own cost, value and months."""
    cost = stated(evidence, "layard_clark_2014_cost", "GBP")
    value, months = (
        evidence.quantity(TABLE, f"founders_2014_{part}") for part in ("value", "months_each")
    )
    return Finding(
        "cost over value of a month over months each, as the claim gives them; a condition, not "
        "an estimate of how many do",
        own=combined(
            lambda total, month, each: 100 * total / month / each, "percent", cost, value, months
        ),
    )


def enough_2024(evidence: Evidence, claim: Claim) -> Finding:
    """The months for which the share must work, which the excerpt does not hold."""
    share, needed = stated(evidence, claim.id, "percent"), on_terms_of_2015(evidence)
    each = derive(100 * needed.value / share.value, "months", needed, share, interval=UNSTATED)
    return Finding(
        f"by the cost of the speech and the value of a month in that of 2015 they would have to "
        f"work {each} more",
        missing="The excerpt read stops before the months for which they must work, without which "
        "the condition cannot be worked out; the whole speech would check it.",
    )


def counted_month(evidence: Evidence, claim: Claim) -> Finding:
    """People off benefit times the value of a month."""
    people, value = (
        evidence.quantity(TABLE, f"critic_counter_sum_{part}") for part in ("people_off", "value")
    )
    return Finding(
        "people off benefit times the value of a month, as the claim gives them; a count of those "
        "who left, without those who came onto benefits or would have left anyway",
        own=derive(people.value * value.value, "GBP", people, value),
    )


def counted_year(evidence: Evidence, claim: Claim) -> Finding:
    """Twelve of the months that the claim gives."""
    month = stated(evidence, "scott_counter_month", "GBP")
    return Finding(
        "twelve times the saving of a month, as the claim gives it",
        own=combined(lambda amount: YEAR_MONTHS * amount, "GBP", month),
    )


def forecast(evidence: Evidence, claim: Claim) -> Finding:
    """A forecast without an outturn: what part of it is health care."""
    nhs, total = (
        evidence.quantity(TABLE, f"government_2011_{part}_saving") for part in ("nhs", "total")
    )
    part = derive(100 * nhs.value / total.value, "percent", nhs, total, decimals=0)
    return Finding(
        f"{part} of the forecast is care that the health service need not give",
        missing="A forecast before the fact, of which no outturn was seen; an evaluation of health "
        "and benefit costs of the same years would check it.",
    )


CHECKS: dict[str, Check] = {
    "s0_iapt_recoups_its_cost": pays,
    "s0_payback_improbable": pays,
    "layard_2007_payback": partial(
        repaid_within, needed=on_terms("founders_2007"), terms="on the claim's own terms"
    ),
    "layard_2007_payback_certain": partial(
        repaid_within, needed=on_terms("founders_2007"), terms="on the claim's own terms"
    ),
    "lse_2024_payback": partial(
        repaid_within,
        needed=on_terms_of_2015,
        terms="at about the cost that it names and the value of a month in the speech of 2015",
    ),
    "layard_2016_cover": times_covered,
    "layard_clark_2014_enough": enough_2014,
    "layard_2024_enough": enough_2024,
    "dh_2011_saving": forecast,
    "scott_counter_month": counted_month,
    "scott_counter_year": counted_year,
}
