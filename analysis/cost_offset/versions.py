"""Every version of the claim that it pays for itself, as inputs and the break-even they imply.

Break-even is counted in months of extra work per treated person: what a treated person costs over
what a month in work is worth to the Exchequer, on the version's own terms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.charts import CRITIC, FOUNDER
from analysis.evidence import Evidence
from analysis.payback import person_months_needed
from analysis.prices import in_prices
from analysis.quantity import DEFINITION, Interval, Quantity, derive

TABLE = "payback_versions"
YEAR_MONTHS = 12
MILLION = 1e6


@dataclass(frozen=True)
class Version:
    """One version: what a person costs, what a month is worth, and what follows.

    Args:
        label: who said it and when.
        colour: of the side.
        cost: GBP a treated person.
        value: GBP a month in work, to the Exchequer.
        needed: months of extra work for each treated person that repay the cost.
        supposed: months for each treated person that the version supposes or counts.
        borrowed: whether the value of a month is another version's.
    """

    label: str
    colour: str
    cost: Quantity
    value: Quantity
    needed: Quantity
    supposed: Quantity | None = None
    borrowed: bool = False


def stated(evidence: Evidence, row: str) -> Quantity:
    """A number that a version states."""
    return evidence.quantity(TABLE, row)


def person_months(cost: Quantity, value: Quantity) -> Quantity:
    """Months of work that repay a cost, both taken as they are stated.

    >>> print(person_months(Quantity(1000, "GBP"), Quantity(800, "GBP")))
    1.25 months
    """
    months = person_months_needed(cost.value, value.value).item()
    return derive(months, "months", cost, value, decimals=2)


def spread_over(months: Quantity, each: Quantity) -> Quantity:
    """Share of treated people that must work more when each of them does for so many months."""
    return derive(100 * months.value / each.value, "percent", months, each)


def months_for(months: Quantity, part: Quantity) -> Quantity:
    """Months that each of a share of the treated must work more to give the mean over all."""
    limits = months.interval.limits
    interval = None
    if limits is not None:
        low, high = (limit / (part.value / 100) for limit in limits)
        interval = Interval("bound", low, high)
    return derive(months.value / (part.value / 100), "months", months, part, interval=interval)


def value_of_2015(evidence: Evidence) -> Quantity:
    """Value of a month in the speech of 2015, which gives it for a year."""
    return replace(stated(evidence, "founders_2015_value_year") / YEAR_MONTHS, decimals=0)


def on_borrowed_value(evidence: Evidence, cost: Quantity, year: str = "2024") -> Quantity:
    """Months needed where a version states no value of a month: that of 2015 is taken over.

    The figure carries the value to the prices of the year; the other limit is the value as said.
    """
    said = value_of_2015(evidence)
    later = in_prices(evidence, said, "2015", year)
    now, then = (person_months(cost, value) for value in (later, said))
    low, high = sorted((now.value, then.value))
    limits = Interval("bound", low, high)
    return derive(now.value, "months", now, then, interval=limits, decimals=2)


def needed_2014(evidence: Evidence) -> Quantity:
    """Months per treated person that the version of 2014 needs on its own terms."""
    return person_months(*(stated(evidence, f"founders_2014_{x}") for x in ("cost", "value")))


def hypothesis_2014(evidence: Evidence) -> Quantity:
    """Months per treated person that the version of 2014 supposes: share times months each."""
    part, each = (stated(evidence, f"founders_2014_{x}") for x in ("share", "months_each"))
    return derive(part.value / 100 * each.value, "months", part, each, decimals=2)


@dataclass(frozen=True)
class CounterSum:
    """The critic's sum of about 2022 in the founders' terms.

    Args:
        clients: behind his people off benefit and both of his shares.
        cost: GBP a client, his cost of a year over these clients.
        month, year: GBP million saved a month, and in a year of such months.
        needed: months for each client that repay the cost.
        counted: months for each client that his count gives within a year.
        years: how many such years the people he counts would have to stay in work.
        contact: GBP an appointment on his figures.
    """

    clients: Quantity
    cost: Quantity
    month: Quantity
    year: Quantity
    needed: Quantity
    counted: Quantity
    years: Quantity
    contact: Quantity


def counter_sum(evidence: Evidence) -> CounterSum:
    """The critic's count of people off benefit, carried to a treated person.

    clients = people off benefit / (share long-term sick × share of these off benefit). His cost
    is of some providers only and his people of the long-term sick only; both as he puts them.
    """
    sick, off, people, value, total, contacts = (
        stated(evidence, f"critic_counter_sum_{name}")
        for name in ("share_sick", "share_off", "people_off", "value", "cost", "contacts")
    )
    fraction = sick.value / 100 * off.value / 100
    clients = derive(people.value / fraction, "people", people, sick, off)
    cost = derive(MILLION * total.value / clients.value, "GBP", total, clients)
    month = derive(people.value * value.value / MILLION, "GBP million", people, value, decimals=2)
    year = replace(YEAR_MONTHS * month, decimals=1)
    counted = derive(YEAR_MONTHS * fraction, "months", sick, off, decimals=2)
    years = derive(total.value / year.value, "ratio", total, year, decimals=0)
    contact = derive(MILLION * total.value / contacts.value, "GBP", total, contacts)
    needed = person_months(cost, value)
    return CounterSum(clients, cost, month, year, needed, counted, years, contact)


def versions(evidence: Evidence) -> list[Version]:
    """All versions that say what a person costs, in order of date, the critic's last."""
    found = []
    for year, authors in (("2006", "Layard and group"), ("2007", "Layard and others")):
        cost, value = (stated(evidence, f"founders_{year}_{x}") for x in ("cost", "value"))
        label = f"{authors}, {year}"
        found.append(Version(label, FOUNDER, cost, value, person_months(cost, value)))
    cost, value = (stated(evidence, f"founders_2014_{x}") for x in ("cost", "value"))
    found.append(
        Version("Layard and Clark, 2014", FOUNDER, cost, value, person_months(cost, value),
                hypothesis_2014(evidence))
    )  # fmt: skip
    cost, value = stated(evidence, "founders_2015_cost"), value_of_2015(evidence)
    found.append(
        Version("Layard in the Lords, 2015", FOUNDER, cost, value, person_months(cost, value))
    )
    later = {"founders_2024": "Layard in the Lords, 2024", "lse_2024": "Centre at LSE, 2024"}
    for row, label in later.items():
        cost = stated(evidence, f"{row}_cost")
        found.append(
            Version(label, FOUNDER, cost, value, on_borrowed_value(evidence, cost), borrowed=True)
        )
    critic = counter_sum(evidence)
    value = replace(stated(evidence, "critic_counter_sum_value"), interval=DEFINITION)
    label = "Scott, about 2022"
    found.append(Version(label, CRITIC, critic.cost, value, critic.needed, critic.counted))
    return found
