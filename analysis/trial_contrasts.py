"""What named trials found: recovery with and without treatment, on three scales, with intervals.

Norway (PMHC): reliable recovery with a service of the same kind against usual care. England
(REEACT): PHQ-9 below its threshold with supported computerised therapy beside usual care against
usual care alone. Rates in percent, differences in points, every number with its rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

from analysis.contrasts import (
    Arm,
    Contrast,
    Estimate,
    Scale,
    combine_arms,
    contrast_from_counts,
    contrast_from_standardised_effect,
    missing_outcome_contrasts,
    number_needed_to_treat,
)
from analysis.evidence import Evidence
from analysis.intervals import wilson
from analysis.quantity import UNITS, UNSTATED, Interval, Kind, Quantity, derive, lineage

TrialName = Literal["pmhc_6m", "pmhc_12m", "reeact_4m", "reeact_12m", "reeact_24m"]
TRIALS: tuple[TrialName, ...] = get_args(TrialName)

OUTCOMES, CONTRASTS = "controlled_outcomes", "trial_contrasts"
UNITS_OF_SCALES = {
    "d": "standard deviations",
    "smd": "standard deviations",
    "odds_ratio": "odds ratio",
    "points": "points",
    "days": "days",
}


class Rows(NamedTuple):
    """Rows of one trial at one time: treated arms, control arm, printed effect if there is one."""

    treated: tuple[str, ...]
    control: str
    effect: str | None = None


@dataclass(frozen=True)
class TrialContrast:
    """One trial at one time on three scales; rates in percent, differences in points.

    `basis` says what the intervals rest on; `number_needed` is None where the interval of the
    difference reaches zero.
    """

    name: TrialName
    study: str
    time: str
    outcome: str
    definition: str
    treated: Quantity
    control: Quantity
    risk_difference: Quantity
    risk_ratio: Quantity
    odds_ratio: Quantity
    number_needed: Quantity | None
    basis: str

    def effect(self, scale: Scale) -> Quantity:
        """The contrast on one of the three scales."""
        found: Quantity = getattr(self, scale)
        return found


@dataclass(frozen=True)
class MissingOutcomes:
    """One trial's rates and differences when everyone randomised is counted.

    `same_rule` counts the unmeasured as not recovered in both arms, as the service does; `worst`
    fails them under treatment and has them recover under control; `best` is the reverse.
    """

    treated: Quantity
    control: Quantity
    same_rule: Quantity
    worst: Quantity
    best: Quantity

    @property
    def bounded(self) -> Quantity:
        """The difference under the service's rule, between its worst and its best case."""
        limits = Interval("bound", self.worst.value, self.best.value)
        rows = lineage(self.same_rule, self.worst, self.best)
        return replace(self.same_rule, interval=limits, rows=rows)


def rows_of(name: TrialName) -> Rows:
    """The rows that one named contrast is computed from.

    >>> rows_of("reeact_4m").control
    'reeact_usual_care_4m'
    """
    study, time = name.split("_")
    if study == "pmhc":
        effect = f"pmhc_reliable_recovery_{time}"
        return Rows((f"pmhc_service_{time}",), f"pmhc_usual_care_{time}", effect)
    arms = tuple(f"reeact_arm_{n}_{time}" for n in ("210", "242"))
    return Rows(arms, f"reeact_usual_care_{time}")


def trial_contrast(evidence: Evidence, name: TrialName, level: float = 0.95) -> TrialContrast:
    """A trial's difference, ratio and odds ratio of recovery, with intervals.

    REEACT: counts among those with data; the two treated arms share one control and are combined
    into one. PMHC: printed model-based rates, the interval inferred from the printed standardised
    effect ln OR·√3/π at its own level; where the printed effect is not that of the rates, none is
    inferred. knapstad_2020, saether_2020, metapsy_2024_selfguided.
    """
    rows = rows_of(name)
    record = evidence.table(OUTCOMES).loc[rows.control]
    kind: Kind = "sampling"
    if rows.effect is None:
        treated, control = (_observed(evidence, ids) for ids in (rows.treated, (rows.control,)))
        found = contrast_from_counts(treated, control, level)
        used = evidence.rows(OUTCOMES, (*rows.treated, rows.control))
        rates = [_arm_rate(arm, used, level) for arm in (treated, control)]
    else:
        rates = [evidence.quantity(OUTCOMES, i, "percent") for i in (*rows.treated, rows.control)]
        found, level = _inferred(evidence, rows, rates)
        kind = "unstated" if math.isnan(found.risk_difference.low) else "model"
        used = lineage(*rates, evidence.rows(CONTRASTS, [rows.effect]))
    treated_rate, control_rate = rates
    return TrialContrast(
        name,
        record["study"],
        record["weeks_text"],
        record["outcome"],
        record["definition"],
        treated_rate,
        control_rate,
        _quantity(found.risk_difference, "percentage points", used, kind, level),
        _quantity(found.risk_ratio, "ratio", used, kind, level),
        _quantity(found.odds_ratio, "odds ratio", used, kind, level),
        _number_needed(found.risk_difference, used, kind, level),
        found.basis,
    )


def printed_contrast(evidence: Evidence, row: str) -> Quantity:
    """A contrast as its source prints it, on the scale it is printed on, with its interval.

    It prints with no more decimals than estimate and limits have.
    """
    record = evidence.table(CONTRASTS).loc[row]
    interval = Interval("sampling", record["ci_low"], record["ci_high"], record["ci_level"] / 100)
    unit = UNITS_OF_SCALES[record["scale"]]
    printed = (f"{record[column]:.10g}" for column in ("estimate", "ci_low", "ci_high"))
    decimals = max(len(text.partition(".")[2]) for text in printed)
    found = Quantity(record["estimate"], unit, interval, evidence.rows(CONTRASTS, [row]))
    return replace(found, decimals=decimals) if decimals < UNITS[unit].decimals else found


def standardised_effect(treated: Quantity, control: Quantity) -> Quantity:
    """The standardised effect of two rates in percent, d = ln OR·√3/π. Hasselblad, Hedges 1995.

    >>> print(standardised_effect(Quantity(58.5, "percent"), Quantity(31.9, "percent")))
    0.61
    """
    odds = [rate.value / (100 - rate.value) for rate in (treated, control)]
    effect = math.log(odds[0] / odds[1]) * math.sqrt(3) / math.pi
    return derive(effect, "standard deviations", treated, control)


def missing_outcomes(evidence: Evidence, name: TrialName, level: float = 0.95) -> MissingOutcomes:
    """A trial's difference over everyone randomised, under three rules for those not measured.

    REEACT from counts, with sampling intervals. PMHC prints no counts: the model's rate is taken
    to hold among those measured, which gives no sampling interval.
    Raises LookupFault where the share with data is not known (PMHC at twelve months).
    """
    rows = rows_of(name)
    if rows.effect is None:
        observed = [_observed(evidence, ids) for ids in (rows.treated, (rows.control,))]
        totals = [_total(evidence, ids) for ids in (rows.treated, (rows.control,))]
        used = evidence.rows(OUTCOMES, (*rows.treated, rows.control))
    else:
        ids = (*rows.treated, rows.control)
        rates, data, n = (
            [evidence.quantity(OUTCOMES, i, column) for i in ids]
            for column in ("percent", "data_percent", "randomised_n")
        )
        totals = [item.value for item in n]
        measured = [part.value / 100 * total for part, total in zip(data, totals, strict=True)]
        observed = [Arm(r.value / 100 * m, m) for r, m in zip(rates, measured, strict=True)]
        used = lineage(*rates)
    (treated, control), (treated_total, control_total) = observed, totals
    cases = missing_outcome_contrasts(treated, control, treated_total, control_total, level)
    kind: Kind = "sampling" if rows.effect is None else "unstated"
    unit = "percentage points"
    return MissingOutcomes(
        Quantity(100 * cases.missing_as_failure.treated_rate, "percent", UNSTATED, used),
        Quantity(100 * cases.missing_as_failure.control_rate, "percent", UNSTATED, used),
        *(
            _quantity(case.risk_difference, unit, used, kind, level)
            for case in (cases.missing_as_failure, cases.worst, cases.best)
        ),
    )


def _observed(evidence: Evidence, ids: tuple[str, ...]) -> Arm:
    frame = evidence.table(OUTCOMES).loc[list(ids)]
    return combine_arms(*(Arm(e, n) for e, n in zip(frame["events"], frame["n"], strict=True)))


def _total(evidence: Evidence, ids: tuple[str, ...]) -> float:
    return float(evidence.table(OUTCOMES).loc[list(ids), "randomised_n"].sum())


def _arm_rate(arm: Arm, rows: frozenset[str], level: float) -> Quantity:
    low, high = (100 * limit for limit in wilson(arm.events, arm.n, level))
    return Quantity(100 * arm.rate, "percent", Interval("sampling", low, high, level), rows)


def _inferred(evidence: Evidence, rows: Rows, rates: list[Quantity]) -> tuple[Contrast, float]:
    printed = printed_contrast(evidence, str(rows.effect))
    level = float(printed.interval.level or math.nan)
    effect = (printed.value, *(printed.interval.limits or (math.nan, math.nan)))
    n1, n0 = (_total(evidence, ids) for ids in (rows.treated, (rows.control,)))
    p1, p0 = (rate.value / 100 for rate in rates)
    try:
        return contrast_from_standardised_effect(p1, p0, effect, n1, n0, level), level
    except ValueError:  # the printed effect is not that of the rates: nothing to infer
        odds = p1 * (1 - p0) / (p0 * (1 - p1))
        difference, ratio, odds_ratio = (
            Estimate(value, math.nan, math.nan, "printed") for value in (p1 - p0, p1 / p0, odds)
        )
        return Contrast(p1, p0, difference, ratio, odds_ratio, "printed rates alone"), level


def _quantity(
    found: Estimate, unit: str, rows: frozenset[str], kind: Kind, level: float
) -> Quantity:
    scale = 100 if unit == "percentage points" else 1
    low, high = scale * found.low, scale * found.high
    limits = UNSTATED if kind == "unstated" else Interval(kind, low, high, level)
    return Quantity(scale * found.value, unit, limits, rows)


def _number_needed(
    difference: Estimate, rows: frozenset[str], kind: Kind, level: float
) -> Quantity | None:
    found = None if kind == "unstated" else number_needed_to_treat(difference)
    if found is None:
        return None
    return replace(_quantity(found, "people", rows, kind, level), decimals=1)
