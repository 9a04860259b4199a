"""The comparators from usual care to waiting list, each carried to a year of the service.

A trial's treated rate is set against a comparator's rate on three scales, and the effect is
carried to the service's own rate; or the comparator's rate is taken as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.contrasts import Scale
from analysis.counterfactual import (
    SCALES,
    Service,
    net_extra,
    net_extra_as_it_stands,
    rate_effect,
)
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.trial_contrasts import OUTCOMES, TrialContrast, TrialName, trial_contrast

STANDS = "Rate as it stands"
TRIALS: tuple[TrialName, ...] = ("pmhc_6m", "pmhc_12m")
OTHERS = {"Untreated": "whiteford_untreated_3m", "Waiting lists": "mekonen_waiting_list"}


@dataclass(frozen=True)
class Comparison:
    """A comparator, the treated rate it is set against, and the net extra recoveries of each way.

    `net` holds a quantity by scale (and as the rate stands), or None where it is refused;
    `matched` says that treated and comparator share population, outcome and time.
    """

    label: str
    treated: Quantity
    comparator: Quantity
    net: dict[str, Quantity | None]
    matched: bool
    in_band: bool = True


def comparators(evidence: Evidence, service: Service) -> list[Comparison]:
    """Usual care at both times of the trial, the untreated, and waiting lists."""
    trials = [trial_contrast(evidence, name) for name in TRIALS]
    found = [_of_trial(service, trial) for trial in trials]
    for kind, row in OTHERS.items():
        record = evidence.table(OUTCOMES).loc[row]
        rate = evidence.quantity(OUTCOMES, row, "percent")
        label = f"{kind}, {record['weeks_text']} ({record['study']})"
        found.append(of_rates(service, label, trials[0].treated, rate))
    return found


def named(trial: TrialContrast) -> str:
    """The comparator of a trial in words."""
    return f"Usual care, {trial.time} ({trial.study})"


def admissible(service: Service, effect: Quantity, scale: Scale) -> Quantity | None:
    """Net extra recoveries, or None where the effect implies a comparator below zero."""
    try:
        return net_extra(service, effect, scale)
    except ValueError:
        return None


def of_rates(
    service: Service,
    label: str,
    treated: Quantity,
    control: Quantity,
    matched: bool = False,
    in_band: bool = True,
) -> Comparison:
    """A comparison of two rates in percent, whose effects have no interval."""
    effects = {scale: rate_effect(treated, control, scale) for scale in SCALES}
    net = _net(service, effects, control)
    return Comparison(label, treated, control, net, matched, in_band)


def _of_trial(service: Service, trial: TrialContrast) -> Comparison:
    effects = {scale: trial.effect(scale) for scale in SCALES}
    net = _net(service, effects, trial.control)
    return Comparison(named(trial), trial.treated, trial.control, net, matched=True)


def _net(
    service: Service, effects: Mapping[Scale, Quantity], control: Quantity
) -> dict[str, Quantity | None]:
    net: dict[str, Quantity | None] = {
        scale: admissible(service, effect, scale) for scale, effect in effects.items()
    }
    return net | {STANDS: net_extra_as_it_stands(service, control)}
