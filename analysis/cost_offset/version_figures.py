"""What is published of the versions of the claim: break-evens side by side, and the rest."""

from __future__ import annotations

import pandas as pd

from analysis.charts import CRITIC, FOUNDER, Chart
from analysis.cost_offset.versions import (
    MILLION,
    TABLE,
    Version,
    counter_sum,
    hypothesis_2014,
    months_for,
    needed_2014,
    on_borrowed_value,
    person_months,
    spread_over,
    stated,
    value_of_2015,
    versions,
)
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Quantity, computes, derive, share
from analysis.tables import Table

HORIZONS = {"payback": "expected", "payback_certain": "certain"}
STATED = {
    "founders_2014_cost": "payback_cost_2014",
    "founders_2014_value": "payback_value_2014",
    "founders_2014_share": "payback_share_2014",
    "founders_2014_months_each": "payback_months_2014",
    "founders_2006_cost": "payback_cost_2006",
    "founders_2006_value": "payback_value_2006",
    "founders_2007_recovery": "payback_recovery_2007",
    "founders_2007_payback": "payback_horizon_expected",
    "founders_2007_payback_certain": "payback_horizon_certain",
    "founders_2015_cost": "payback_cost_2015",
    "founders_2015_value_year": "payback_year_2015",
    "founders_2024_share": "payback_share_2024",
    "founders_2014_physical": "payback_physical",
    "founders_2016_cover": "payback_times_2016",
    "government_2011_total_saving": "payback_official_saving",
}
CRITIC_STATED = {
    "critic_counter_sum_people_off": "payback_critic_people",
    "critic_counter_sum_share_sick": "payback_critic_share_sick",
    "critic_counter_sum_share_off": "payback_critic_share_off",
    "critic_counter_sum_year": "payback_critic_printed",
    "critic_counter_sum_cost": "payback_critic_total",
}


@computes
def break_evens(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Months of extra work that each version needs, what it supposes, and the picture."""
    found = versions(evidence)
    needed_2007 = person_months(
        stated(evidence, "founders_2007_cost"), stated(evidence, "founders_2007_value")
    )
    needed_2015 = person_months(stated(evidence, "founders_2015_cost"), value_of_2015(evidence))
    needed_2024 = on_borrowed_value(evidence, stated(evidence, "founders_2024_cost"))
    part_2024 = stated(evidence, "founders_2024_share")
    each_2014 = stated(evidence, "founders_2014_months_each")
    numbers = {name: stated(evidence, row) for row, name in STATED.items()}
    shares = {
        f"payback_share_{word}": spread_over(needed_2007, stated(evidence, f"founders_2007_{row}"))
        for row, word in HORIZONS.items()
    }
    return {
        **numbers,
        **shares,
        "payback_needed_2014": needed_2014(evidence),
        "payback_supposed_2014": hypothesis_2014(evidence),
        "payback_value_2015": value_of_2015(evidence),
        "payback_needed_2015": needed_2015,
        "payback_share_2015": spread_over(needed_2015, each_2014),
        "payback_needed_2024": needed_2024,
        "payback_months_each_2024": months_for(needed_2024, part_2024),
        "payback_versions": _chart(found),
    }


@computes
def other_halves(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Versions that rest on care not needed and not on work: who, how much, and what it takes."""
    nhs, total, money, people = (
        stated(evidence, f"government_2011_{name}")
        for name in ("nhs_saving", "total_saving", "money", "complete_plan")
    )
    rest = derive(MILLION * (total.value - nhs.value) / people.value, "GBP", total, nhs, people)
    cost, physical = (stated(evidence, f"founders_2014_{name}") for name in ("cost", "physical"))
    return {
        "payback_official_nhs": share(nhs, total),
        "payback_official_rest": rest,
        "payback_official_money": derive(
            MILLION * money.value / people.value, "GBP", money, people
        ),
        "payback_physical_share": share(cost, physical),
        "payback_other_versions": _others(evidence),
    }


@computes
def critics_sum(evidence: Evidence) -> dict[str, Quantity]:
    """The critic's counter-sum in the founders' terms: months needed and months counted."""
    found, founders = counter_sum(evidence), needed_2014(evidence)
    numbers = {name: stated(evidence, row) for row, name in CRITIC_STATED.items()}
    return {
        **numbers,
        "payback_critic_month": found.month,
        "payback_critic_year": found.year,
        "payback_critic_clients": found.clients,
        "payback_critic_cost": found.cost,
        "payback_critic_needed": found.needed,
        "payback_critic_counted": found.counted,
        "payback_critic_years": found.years,
        "payback_critic_gap": derive(
            found.needed.value / founders.value, "ratio", found.needed, founders
        ),
    }


def _chart(found: list[Version]) -> Chart:
    groups = [
        Group(
            "Needed to repay the cost",
            [Row(_label(item), item.needed, item.colour) for item in found],
        ),
        Group(
            "Supposed, or counted within a year",
            [Row(item.label, item.supposed, item.colour) for item in found if item.supposed],
        ),
    ]
    frame = pd.DataFrame(
        [
            {
                "Version": item.label,
                "Cost of a treated person": item.cost,
                "Value of a month in work": item.value,
                "Value taken from": "the speech of 2015" if item.borrowed else "the version",
                "Months needed": item.needed,
                "Months supposed or counted": item.supposed,
            }
            for item in found
        ]
    )
    both = [item.needed for item in found if not item.borrowed]
    least, most = (pick(both, key=lambda needed: needed.value) for pick in (min, max))
    ends = {item.colour: item.supposed.number() for item in found if item.supposed}
    title = (
        f"Versions that name both a cost and the value of a month need from {least.number()} to "
        f"{most} of extra work for each person treated; founders supposed {ends[FOUNDER]}, "
        f"a critic counts {ends[CRITIC]} within a year"
    )
    table = Table("What a version states, and the months of work that repay the cost", frame)
    top = 1.08 * max((item.needed.interval.limits or (item.needed.value,))[-1] for item in found)
    axis = "Months of extra work for each treated person"
    alt_text = (
        "Rows of months of extra work per treated person: above, what each version of the claim "
        "needs to repay its cost, those of the founders first and the critic's last; below, what "
        f"was supposed in 2014 and what the critic counts. {key(groups).capitalize()}."
    )
    return Chart(title, alt_text, table, lambda width: interval_rows(groups, width, axis, (0, top)))


def _label(item: Version) -> str:
    return f"{item.label}, value of 2015" if item.borrowed else item.label


def _others(evidence: Evidence) -> Table:
    rows = {
        "government_2011_money": "Money for the programme, four years",
        "government_2011_nhs_saving": "Net saving forecast for the NHS, four years",
        "government_2011_total_saving": "Net saving forecast for all public money, four years",
        "founders_2014_physical": "Extra physical care of a person who is also mentally ill, a "
        "year",
        "founders_2016_cover": "Times that the cost is covered: by benefits and tax, and again by "
        "physical care",
        "opm_2011_per_pound": "Benefit for a pound spent, therapy with employment support",
        "opm_2011_per_pound_state": "of this to the state",
        "press_2014_cost": "Cost of a course in the press",
        "lse_2024_payback": "Months until it has paid for itself",
    }
    frame = evidence.table(TABLE)
    records = [
        {
            "What is claimed": words,
            "By whom": frame.loc[row, "claimant"],
            "Year": str(frame.loc[row, "asserted_on"])[:4],
            "As claimed": stated(evidence, row),
        }
        for row, words in rows.items()
    ]
    caption = "Versions that give a saving or a ratio and not a month of work"
    return Table(caption, pd.DataFrame(records), folded=True)
