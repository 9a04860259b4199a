"""Three accounts of one treated person, kept apart: the Exchequer, the NHS and society.

Everything is per person who finishes a course and additional to usual care, so that the base of
the cost is the base of the effects. The cost is charged in full: what therapy changes in other
care is a saving, and a share off the cost would count it again. Benefits and tax are transfers:
they count for the Exchequer and never for society, which counts output, care not needed and
QALYs. Output is valued by pay, which is not counted again. The public purse is Exchequer and NHS
together, both of them money of the state; it is not society. Costs of QALYs at a threshold belong
to the account of the NHS.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.payback import Shape, Stream

Floats = NDArray[np.float64]
Values = Mapping[str, ArrayLike]
GROUPS = ("unemployed", "inactive", "employed")
ACCOUNTS = {
    "exchequer": "Exchequer",
    "nhs": "NHS",
    "purse": "Exchequer and NHS",
    "health": "NHS, with QALYs",
    "society": "Society",
}
SCORED_MONTHS = 12  # a QALY is a year at full utility


def model(inputs: Values, horizon: int) -> dict[str, Floats]:
    """Cost, benefits of each account and their net benefits, GBP a person, by a horizon.

    Args:
        inputs: the names of ``scenarios.BASE``; numbers or arrays of draws, shares in percent
            and effects in percentage points as in the table.
        horizon: months since treatment.

    Returns:
        ``cost``, ``person_months`` (not discounted), ``qalys`` (discounted as in the account of
        NICE), and ``net_<account>`` for every account.
    """
    rate, rate_health = (float(np.asarray(inputs[name])) / 100 for name in ("rate", "rate_health"))
    cost = np.asarray(inputs["cost"], dtype=np.float64)
    person_months, in_work, to_exchequer = work(inputs, horizon, rate)
    care = care_not_needed(inputs, horizon, rate)
    output = in_work * np.asarray(inputs["output"])
    gain = utility_gain(inputs)
    lasts = Shape.plateau(_whole(inputs["gain_months"]))
    qalys = gain / SCORED_MONTHS * lasts.months_of_full_effect(horizon, rate)
    qalys_society = gain / SCORED_MONTHS * lasts.months_of_full_effect(horizon, rate_health)
    return {
        "cost": cost,
        "person_months": person_months,
        "qalys": qalys,
        "net_exchequer": to_exchequer - cost,
        "net_nhs": care - cost,
        "net_purse": to_exchequer + care - cost,
        "net_health": care + qalys * np.asarray(inputs["qaly_value"]) - cost,
        "net_society": output + care + qalys_society * np.asarray(inputs["qaly_society"]) - cost,
    }


def work(inputs: Values, horizon: int, rate: float) -> tuple[Floats, Floats, Floats]:
    """Months of work gained a person, the same discounted, and their value to the Exchequer.

    Each group has its part of the effect, its shape and its value of a job-month.
    """
    plain: Floats = np.asarray(0.0)
    discounted, value = plain, plain
    for group, height in heights(inputs).items():
        shape = work_shape(inputs, group)
        months = height * shape.months_of_full_effect(horizon, rate)
        plain = plain + height * shape.months_of_full_effect(horizon)
        discounted = discounted + months
        value = value + months * np.asarray(inputs[f"value_{group}"])
    return np.asarray(plain), np.asarray(discounted), np.asarray(value)


def heights(inputs: Values) -> dict[str, Floats]:
    """More people in work at the height in each group, as shares of all those treated.

    Together they are the effect on all, never more: the unemployed have theirs in the ratio of
    the largest effects, the long-term sick that of all, the others what is left. All who are in
    neither other group count as employed, which is generous: students, homemakers and retired
    people are among them. An effect of the unemployed of its own (``effect_unemployed``) takes
    the place of theirs.

    >>> given = {"effect": 1.5, "effect_most": 1.5, "unemployed_most": 3.0}
    >>> found = heights({**given, "share_unemployed": 20.0, "share_inactive": 10.0})
    >>> [round(float(100 * value), 2) for value in found.values()]
    [0.6, 0.15, 0.75]
    """
    effect = np.asarray(inputs["effect"]) / 100
    ratio = np.asarray(inputs["unemployed_most"]) / np.asarray(inputs["effect_most"])
    unemployed, inactive = (np.asarray(inputs[f"share_{g}"]) / 100 for g in GROUPS[:2])
    theirs = inputs.get("effect_unemployed")
    return {
        "unemployed": unemployed * (effect * ratio if theirs is None else np.asarray(theirs) / 100),
        "inactive": inactive * effect,
        "employed": effect * (1 - inactive - unemployed * ratio),
    }


def work_shape(inputs: Values, group: str) -> Shape:
    """When a group's effect is full, how long it holds and what is kept of it a year later."""
    full_at = inputs["full_at_unemployed" if group == "unemployed" else "full_at"]
    return Shape(np.maximum(1, _whole(full_at)), _whole(inputs["until"]), inputs["kept"])


def care_not_needed(inputs: Values, horizon: int, rate: float) -> Floats:
    """NHS saving of people with and without a long-term condition, each over its own months.

    With one the saving is a monthly amount observed over a quarter, for as long as it lasts;
    without, it is an amount over the whole of its months.
    """
    ill = np.asarray(inputs["share_ltc"]) / 100
    with_ltc = Stream(
        ill * np.asarray(inputs["saving_ltc"]) / 3,
        Shape.plateau(_whole(inputs["saving_ltc_months"])),
        rate,
    )
    lasts = _whole(inputs["saving_rest_months"])
    without = Stream(
        (1 - ill) * np.asarray(inputs["saving_rest"]) / np.maximum(1, lasts),
        Shape.plateau(lasts),
        rate,
    )
    return with_ltc.value(horizon) + without.value(horizon)


def utility_gain(inputs: Values) -> Floats:
    """Utility gained over usual care: trial effect × spread of scores × utility of a point."""
    low = np.asarray(inputs["share_low"]) / 100
    effect = low * np.asarray(inputs["effect_low"]) + (1 - low) * np.asarray(inputs["effect_high"])
    gain: Floats = effect * np.asarray(inputs["spread"]) * np.asarray(inputs["utility"])
    return gain


def _whole(months: ArrayLike) -> NDArray[np.int64]:
    whole: NDArray[np.int64] = np.rint(np.asarray(months)).astype(np.int64)
    return whole
