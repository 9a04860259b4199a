"""Settings of the break-even explorer that someone argued for or that a study supports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.cost_offset.break_even import MONTHS, NHS_MONTHS, RANGES, Settings
from analysis.cost_offset.needed import value_of_month
from analysis.cost_offset.parameters import Parameters, parameters
from analysis.evidence import Evidence
from analysis.quantity import Quantity, lineage

VERSIONS = "payback_versions"
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Preset:
    """A name for a button, whose terms they are, the settings and the data rows behind them."""

    name: str
    whose: str
    settings: Settings
    rows: frozenset[str]


def presets(evidence: Evidence) -> tuple[Preset, ...]:
    """Both camps' terms, and the linked study's largest effect with the cost returns.

    Terms that were stated without discounting are not discounted.
    """
    given = parameters(evidence)
    return (
        _founders(evidence),
        _critic(evidence),
        *_linked(evidence, given),
        _with_saving(evidence, given),
    )


def _said(evidence: Evidence, row: str) -> Quantity:
    return evidence.quantity(VERSIONS, row)


def _founders(evidence: Evidence) -> Preset:
    """Layard and Clark 2014: a share works more for so many months, at cost for cost."""
    cost, share, months, value = (
        _said(evidence, f"founders_2014_{name}") for name in ("cost", "share", "months_each",
                                                              "value")
    )  # fmt: skip
    settings = Settings(
        cost.value, share.value, 1, round(months.value), value.value, saving=0, rate=0
    )
    return Preset("Founders, 2014", "programme", settings, lineage(cost, share, months, value))


def _critic(evidence: Evidence) -> Preset:
    """The critic's counter-sum: a share of the long-term sick comes off benefit for a year."""
    cost = evidence.quantity("critic_chain_cost", "annual_unit_cost")
    sick, off, value = (
        _said(evidence, f"critic_counter_sum_{name}")
        for name in ("share_sick", "share_off", "value")
    )
    effect = _on_slider("effect", sick.value * off.value / 100)
    settings = Settings(cost.value, effect, 1, MONTHS_A_YEAR, value.value, saving=0, rate=0)
    return Preset(f"Critic, 2022, at {cost}", "critic", settings, lineage(cost, sick, off, value))


def _linked(evidence: Evidence, given: Parameters) -> tuple[Preset, Preset]:
    """The largest effect on everyone who finished: from the first month, and reached gradually."""
    cost, effect = given["cost_course_all"].quantity, given["work_effect_all"]
    value, rate = value_of_month(given), given["discount_standard"]
    when = given["time_of_max_all"]
    common: dict[str, Any] = {
        "cost": _on_slider("cost", cost.value),
        "effect": _on_slider("effect", effect.high),
        "lasts": MONTHS,
        "value": _on_slider("value", value.value),
        "saving": 0,
        "rate": _on_slider("rate", rate.distribution.value),
    }
    rows = lineage(cost, value, effect.rows, rate.rows)
    gradual = round(when.high)
    return (
        Preset("Linked study, at once", "study", Settings(full_at=1, **common), rows),
        Preset(
            "Linked study, gradual", "study", Settings(full_at=gradual, **common), rows | when.rows
        ),
    )


def _with_saving(evidence: Evidence, given: Parameters) -> Preset:
    """The linked study's effect on work with the saving of a long-term condition for a year.

    Not the scenario of integrated care, which has an effect on work of its own.
    """
    gradual = _linked(evidence, given)[1]
    saving = given["nhs_saving_ltc"].quantity
    year = _on_slider("saving", saving.value * NHS_MONTHS / 3)
    settings = Settings(**{**vars(gradual.settings), "saving": year})
    name = "Gradual, with NHS saving of long-term conditions"
    return Preset(name, "study", settings, gradual.rows | saving.rows)


def _on_slider(name: str, value: float) -> float:
    """The nearest value that a slider can take."""
    allowed = RANGES[name]
    steps = round((value - allowed.low) / allowed.step)
    return min(allowed.high, round(allowed.low + steps * allowed.step, 6))
