"""The critic's two chains, link by link: what the year costs, and how many could leave benefits.

Each link is set beside the official figure of the same thing, replaced alone and all together, so
that one can see which of them carry the result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis.cost_offset.activity import MILLION, annual_count, each, spent
from analysis.cost_offset.versions import person_months
from analysis.evidence import Evidence
from analysis.prices import in_prices
from analysis.quantity import UNSTATED, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.year_sums import year_sum

YEAR = "2021-22"
CHAIN, CLAIMS = "critic_chain_cost", "attrition_claims"


@dataclass(frozen=True)
class Link:
    """One factor of a chain: as asserted, as official figures have it, and what to say of it."""

    what: str
    asserted: Quantity
    official: Quantity
    of: str

    def factor(self, official: bool) -> float:
        """What the link multiplies by; a loss multiplies by what it leaves."""
        found = self.official if official else self.asserted
        if found.unit != "percent":
            return found.value
        return 1 - found.value / 100 if self.what.startswith("Lost") else found.value / 100


def product(links: list[Link], replaced: set[int], unit: str, scale: float = 1.0) -> Quantity:
    """Product of a chain with some of its links replaced by official figures."""
    value, rows = scale, frozenset[str]()
    for number, link in enumerate(links):
        value *= link.factor(number in replaced)
        rows |= (link.official if number in replaced else link.asserted).rows
    interval = UNSTATED if replaced else links[0].asserted.interval
    return Quantity(value, unit, interval, rows)


def cost_links(evidence: Evidence, year: str = YEAR) -> list[Link]:
    """Clients times cost of a client."""
    courses = annual_count(evidence, "finished_course", year)
    total = spent(evidence, f"reported_{year.replace('-', '_')}")
    return [
        Link("Clients of the year", evidence.quantity(CHAIN, "annual_clients"), courses,
             f"finished courses of {year}; the figure asserted is a target for people who start"),
        Link("Cost of a client, £", evidence.quantity(CHAIN, "annual_unit_cost"),
             replace(each(total, courses), interval=UNSTATED),
             f"reported total of {year} over finished courses"),
    ]  # fmt: skip


def exposed_links(evidence: Evidence, year: str = YEAR) -> list[Link]:
    """Clients, the share who could leave benefits, and both losses.

    Officially nobody who has started is lost before the start, and those lost after it are the
    treated once among the treated who ended in the year.
    """
    starts = annual_count(evidence, "first_treatment", year)
    out, courses = (
        evidence.quantity("employment_flows", "out_of_work_at_start_2014_15", column)
        for column in ("value", "n")
    )
    once = year_sum(evidence, "monthly_pathway", "ended_treated_once", year)
    finished = year_sum(evidence, "monthly_outcomes", "finished_course", year)
    none = share(starts - starts, starts)
    return [
        Link("Clients of the year", evidence.quantity(CLAIMS, "target_all"), starts,
             f"people who started treatment in {year}"),
        Link("Share out of work or sick", evidence.quantity(CLAIMS, "target_share"),
             share(out, courses), "of finished courses in 2014-15, the only official share seen"),
        Link("Lost before the first appointment",
             evidence.quantity(CLAIMS, "exposed_not_attending"), none,
             "nobody: people who started have been to it"),
        Link("Lost after a single appointment",
             evidence.quantity(CLAIMS, "exposed_one_session"), share(once, once + finished),
             f"of treated people whose referral ended in {year}"),
    ]  # fmt: skip


@computes
def annual_cost(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table]:
    """The cost of a year as the critic multiplies it, and with official figures."""
    links = cost_links(evidence, year)
    own = product(links, set(), "GBP million", 1 / MILLION)
    reported = spent(evidence, f"reported_{year.replace('-', '_')}")
    study = evidence.quantity("unit_costs", "radhakrishnan_all_course")
    price_year = evidence.table("unit_costs").loc["radhakrishnan_all_course", "price_year"]
    then = in_prices(evidence, study, str(price_year), year)
    courses = links[0].official
    return {
        "chain_clients": links[0].asserted,
        "chain_unit": links[1].asserted,
        "chain_cost_own": own,
        "chain_starts": annual_count(evidence, "first_treatment", year),
        "chain_courses": courses,
        "chain_unit_reported": links[1].official,
        "chain_cost_courses": product(links, {0}, "GBP million", 1 / MILLION),
        "chain_cost_study": derive(
            courses.value * then.value / MILLION, "GBP million", courses, then, interval=UNSTATED
        ),
        "chain_reported": reported,
        "chain_over_reported": share(own - reported, reported),
        "chain_cost_links": _table(
            links, "GBP million", f"The critic's cost of a year, link by link, beside {year}",
            1 / MILLION,
        ),
    }  # fmt: skip


@computes
def exposed(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table]:
    """People who could leave benefits, and the months of work that each would have to gain."""
    links = exposed_links(evidence, year)
    own = product(links, set(), "people")
    official = product(links, set(range(len(links))), "people")
    value = evidence.quantity("payback_versions", "founders_2014_value")
    cost = product(cost_links(evidence, year), set(), "GBP million", 1 / MILLION)
    reported = spent(evidence, f"reported_{year.replace('-', '_')}")
    later = in_prices(evidence, value, "2014", year)
    remaining = evidence.quantity(CHAIN, "exposed_remaining")
    return {
        "chain_exposed_own": own,
        "chain_exposed_official": derive(
            round(official.value, -3), "people", official, interval=UNSTATED
        ),
        "chain_exposed_share": links[1].official,
        "chain_exposed_once": links[3].official,
        "chain_exposed_remaining": remaining,
        "chain_value": value,
        "chain_months_own": _months(cost, own, value),
        "chain_months_remaining": _months(cost, remaining, value),
        "chain_months_official": _months(reported, official, later),
        "chain_value_later": later,
        "chain_exposed_links": _table(
            links, "people", "People who could leave benefits, link by link"
        ),
    }


@computes
def liverpool(evidence: Evidence) -> dict[str, Quantity]:
    """The rise in Liverpool's funding as money, and in percent of either year."""
    rise = evidence.quantity(CHAIN, "liverpool_rise")
    after = spent(evidence, "liverpool_2019_20")
    return {
        "chain_liverpool_rise": replace(rise, decimals=1),
        "chain_liverpool_after": replace(after, decimals=1),
        "chain_liverpool_claimed": evidence.quantity(CHAIN, "liverpool_rise_percent"),
        "chain_liverpool_of_before": share(rise, after - rise),
        "chain_liverpool_of_after": share(rise, after),
    }


def _months(total: Quantity, people: Quantity, value: Quantity) -> Quantity:
    """Months of work that each of so many people must gain to repay a total, one decimal."""
    return replace(person_months(each(total, people), value), interval=UNSTATED, decimals=1)


def _table(links: list[Link], unit: str, caption: str, scale: float = 1.0) -> Table:
    own = product(links, set(), unit, scale)
    every = product(links, set(range(len(links))), unit, scale)
    records = [
        {
            "Link": link.what,
            "As asserted": link.asserted,
            "Official or reported": link.official,
            "Of what": link.of,
            "Result with this link replaced": product(links, {number}, unit, scale),
        }
        for number, link in enumerate(links)
    ]
    records.append(
        {
            "Link": "Result",
            "As asserted": own,
            "Official or reported": every,
            "Of what": "all links asserted; all replaced",
            "Result with this link replaced": None,
        }
    )
    return Table(caption, pd.DataFrame(records))
