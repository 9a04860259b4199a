"""What would have to be true to pay back, beside the most that the evidence supports.

Months, effects and values are not discounted here, which favours payback.
"""

from __future__ import annotations

import pandas as pd

from analysis.cost_offset.needed import months_needed, per, value_of_month
from analysis.cost_offset.parameters import Parameters, parameters
from analysis.cost_offset.versions import needed_2014, stated
from analysis.cost_offset.work_months import GRADUAL, HELD, LINKED, RETURNS, linked_path, needs
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, computes, derive
from analysis.tables import Table

LAST_YEAR = 120  # months: the last year drawn


@computes
def thresholds(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Person-months, effects and savings needed to repay a course, and what was found."""
    given = parameters(evidence)
    cost, value = given["cost_course_all"].quantity, value_of_month(given)
    needed = months_needed(cost, value)
    term, last = stated(evidence, "founders_2007_payback"), given["evidence_ends"].quantity
    paths = {group: linked_path(evidence, group) for group in LINKED}
    most = paths["all"].gained(last, HELD)
    worth = given["qaly_value_nice_to_2025"].quantity
    found: dict[str, Quantity | Table] = {
        "threshold_cost": cost,
        "threshold_value": value,
        "threshold_needed": needed,
        "threshold_needed_founders": needed_2014(evidence),
        "threshold_most_two_years": paths["all"].gained(term, HELD),
        "threshold_most_evidence": most,
        "threshold_most_ten_years": paths["all"].gained(LAST_YEAR, HELD),
        "threshold_gradual_evidence": paths["all"].gained(last, GRADUAL),
        "threshold_evidence_ends": last,
        "threshold_found_effect": given["work_effect_all"].quantity,
        "threshold_needed_unemployed": needs(evidence, "unemployed")[RETURNS].needed,
        "threshold_most_unemployed": paths["unemployed"].gained(last, HELD),
        "threshold_gradual_unemployed": paths["unemployed"].gained(last, GRADUAL),
        "threshold_multiple": per(needed, most, "ratio", decimals=1),
        "threshold_effect_two_years": per(needed, term, "percentage points", scale=100),
        "threshold_effect_evidence": per(needed, last, "percentage points", scale=100),
        "threshold_value_needed": per(cost, most, "GBP"),
        "threshold_qalys_needed": per(cost, worth, "QALYs"),
        "threshold_qalys_trial": given["qaly_gain_trial"].quantity,
        "threshold_qaly_value": worth,
        "threshold_care_observed": _care_observed(given),
        "thresholds_by_cost": _by_cost(given, value, most, evidence),
    }
    return found


def _care_observed(given: Parameters) -> Quantity:
    """The saving of the months that were observed, at the most generous share of the ill."""
    saving, ill = given["nhs_saving_ltc"].quantity, given["share_ltc"]
    return derive(ill.high / 100 * saving.value, "GBP", saving, ill.rows, interval=UNSTATED)


def _by_cost(given: Parameters, value: Quantity, most: Quantity, evidence: Evidence) -> Table:
    """Person-months needed at each cost that was said or found."""
    costs = {
        "Founders, 2014, their own value": stated(evidence, "founders_2014_cost"),
        "Founders, 2024": stated(evidence, "founders_2024_cost"),
        "NHS cost returns, low intensity only": given["cost_course_low"].quantity,
        "NHS cost returns, all courses": given["cost_course_all"].quantity,
        "NHS cost returns, high intensity only": given["cost_course_high"].quantity,
    }
    own = stated(evidence, "founders_2014_value")
    rows = []
    for label, cost in costs.items():
        needed = months_needed(cost, own if "own value" in label else value)
        rows.append(
            {
                "Cost": label,
                "GBP a course": cost,
                "Needs, months of work a person": needed,
                "Evidence supports at most": most,
                "Enough": _enough(most.value, needed),
            }
        )
    caption = (
        "Months of work that repay a course, and the most that the linked study supports by the "
        "last month it covers"
    )
    return Table(caption, pd.DataFrame(rows))


def _enough(most: float, needed: Quantity) -> str:
    """Whether the most reaches the whole range of what is needed, a part of it or none."""
    low, high = needed.interval.limits or (needed.value,) * 2
    return "yes" if most >= high else "at the low end only" if most >= low else "no"
