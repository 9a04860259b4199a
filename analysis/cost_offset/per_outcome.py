"""What a contact, a course, a recovery and an attributable recovery cost in a year."""

from __future__ import annotations

import pandas as pd

from analysis.charts import OFFICIAL, TRIAL, Chart
from analysis.cost_offset.activity import (
    MILLION,
    YEAR,
    annual_count,
    cost_per_contact,
    each,
    total_cost,
)
from analysis.cost_offset.attributable import WAYS, Attributed, attributed, cost_of_one, ends
from analysis.counterfactual import net_extra, service_year
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.prices import BASE_YEAR, in_prices
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.trial_contrasts import missing_outcomes
from analysis.year_sums import year_sum

ARTEMIS = {
    "artemis_iapt": "per_artemis_programme",
    "artemis_pre_iapt_counselling": "per_artemis_counselling",
    "artemis_voluntary_counselling": "per_artemis_voluntary",
}
DRAWN = ("course", "improvement", "reliable_recovery")
SUM = 100_000  # GBP for which the Artemis Trust counts recoveries


def recorded(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity]:
    """Cost of one of everything that the service records, GBP, limits with the total cost."""
    total = total_cost(evidence, year)
    starts = year_sum(evidence, "monthly_pathway", "first_treatment", year)
    measures = {
        "course": "finished_course",
        "improvement": "reliable_improvement_count",
        "recovery": "moved_to_recovery",
        "reliable_recovery": "reliable_recovery_count",
    }
    return {
        "contact": cost_per_contact(evidence, year),
        "start": each(total, starts),
        **{name: each(total, annual_count(evidence, row, year)) for name, row in measures.items()},
    }


@computes
def recorded_and_attributed(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Chart]:
    """Cost per outcome as recorded and net of comparators, numbers and picture."""
    total, costs = total_cost(evidence, year), recorded(evidence, year)
    found = attributed(evidence, year)
    matched = [item for item in found if item.matched]
    numbers: dict[str, Quantity] = {f"per_{name}": cost for name, cost in costs.items()}
    for word, chosen in (("matched", matched), ("attributable", found)):
        for end, item in zip(("low", "high"), ends(chosen), strict=True):
            numbers[f"per_{word}_{end}"] = cost_of_one(total, item.net)
    usual = found[0]
    recoveries = annual_count(evidence, "reliable_recovery_count", year)
    numbers["per_usual_care"] = cost_of_one(total, usual.net)
    numbers["per_usual_share"] = share(usual.net, recoveries)
    return {**numbers, "per_outcome": _chart(evidence, year)}


@computes
def others(evidence: Evidence, year: str = YEAR, to: str = BASE_YEAR) -> dict[str, Quantity]:
    """Costs of a recovery that others give: the study, the pilot, the critics; and the worst case.

    The study's in prices of the base year; the pilot's and the critics' as printed, whose price
    years are not known.
    """
    study = evidence.quantity("unit_costs", "radhakrishnan_all_recovery")
    price_year = evidence.table("unit_costs").loc["radhakrishnan_all_recovery", "price_year"]
    course = evidence.quantity("unit_costs", "radhakrishnan_all_course")
    worst = net_extra(
        service_year(evidence, year), missing_outcomes(evidence, "pmhc_6m").worst, "risk_difference"
    )
    people = {row: evidence.quantity("unit_costs", row) for row in ARTEMIS}
    return {
        "per_study": study,
        "per_study_real": in_prices(evidence, study, str(price_year), to),
        "per_study_rate": share(course, study),
        "per_pilot": evidence.quantity("trial_contrasts", "pilot_rcsi_cost", "cost_gbp"),
        **{
            name: derive(SUM / people[row].value, "GBP", people[row])
            for row, name in ARTEMIS.items()
        },
        "per_net_worst": derive(round(worst.value, -3), "recoveries", worst),
    }


def _range(total: Quantity, found: list[Attributed]) -> Quantity:
    """Cost of one over all ways of carrying a comparison over, from cheapest to dearest."""
    cheap, dear = (cost_of_one(total, item.net) for item in ends(found))
    limits = Interval("bound", cheap.value, dear.value)
    return derive(cheap.value, "GBP", cheap, dear, interval=limits)


def _chart(evidence: Evidence, year: str) -> Chart:
    total, costs = total_cost(evidence, year), recorded(evidence, year)
    words = {
        "start": "Person who starts treatment",
        "course": "Finished course",
        "improvement": "Reliable improvement",
        "recovery": "Recovery",
        "reliable_recovery": "Reliable recovery",
    }
    groups = [
        Group(
            "As recorded; bounds of the total cost",
            [Row(words[name], costs[name], OFFICIAL) for name in DRAWN],
        )
    ]
    found = attributed(evidence, year)
    for label in dict.fromkeys(item.comparator for item in found):
        chosen = [item for item in found if item.comparator == label]
        heading = f"Reliable recovery beyond: {label}"
        if any(item.matched for item in chosen):
            rows = [
                Row(WAYS[item.way].capitalize(), cost_of_one(total, item.net), TRIAL)
                for item in chosen
            ]
        else:
            rows = [Row("Over the ways of carrying over", _range(total, chosen), TRIAL)]
        groups.append(Group(heading, rows))
    frame = pd.DataFrame(
        [
            {"Cost of one": label, "Way": "as recorded", "GBP": costs[name]}
            for name, label in words.items()
        ]
        + [
            {
                "Cost of one": f"Reliable recovery beyond: {item.comparator}",
                "Way": WAYS[item.way],
                "GBP": cost_of_one(total, item.net),
            }
            for item in found
        ]
    )
    low, high = (cost_of_one(total, item.net) for item in ends(found))
    title = (
        f"In {year} a reliable recovery costs {costs['reliable_recovery']} as recorded and "
        f"{low} to {high} for one that would not have happened otherwise, by comparator and scale"
    )
    caption = (
        f"Cost of one outcome in {year}; limits of the recorded are bounds of the total cost, "
        "those of the others are of the trial at its central figure"
    )
    alt_text = (
        "Rows of costs. Above, what the service records, from a person who starts to a reliable "
        "recovery; below, a reliable recovery beyond each comparator and way of carrying the "
        f"comparison over. {key(groups).capitalize()}."
    )
    tops = [row.quantity.value for group in groups for row in group.estimates]
    limits = [row.quantity.interval.limits for group in groups for row in group.estimates]
    finite = [pair[1] for pair in limits if pair and pair[1] < MILLION]
    top = 1.05 * max(tops + finite)
    return Chart(
        title, alt_text, Table(caption, frame, folded=True),
        lambda width: interval_rows(groups, width, "Pounds for one", (0, top)),
    )  # fmt: skip
