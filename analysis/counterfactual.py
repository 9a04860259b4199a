"""What would have happened otherwise: recoveries of the service net of a comparator.

The estimand is the net extra recoveries N(p₁ − p₀) among N people offered care. A trial compares
by intention to treat, the service reports those who stayed for two sessions or more: carrying one
to the other supposes the same usual care, case mix, time point and rule for missing outcomes, and
no interval here contains those suppositions. The trials themselves are in `trial_contrasts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from analysis.contrasts import Scale, implied_rate, net_extra_recoveries
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, derive, share
from analysis.year_sums import year_sum

Base = Literal["finished_at_caseness", "first_treatment", "ended_referrals"]
SCALES: tuple[Scale, ...] = get_args(Scale)


@dataclass(frozen=True)
class Service:
    """A year of the service: recoveries of one kind over one base, and their rate in percent."""

    year: str
    base: Quantity
    recoveries: Quantity
    rate: Quantity


def service_year(
    evidence: Evidence,
    year: str = "2024-25",
    outcome: str = "reliable_recovery_count",
    base: Base = "finished_at_caseness",
) -> Service:
    """Recoveries of a year over finished courses at caseness, or over another base.

    Finished at caseness is finished less not at caseness, the published denominator. Courses
    started (`first_treatment`) and `ended_referrals` are sums of the year's months; those started
    are another cohort than those ended. Raises LookupFault for a year without these counts.
    """

    def count(measure: str) -> Quantity:
        return evidence.pick("annual_national", year=year, measure=measure, preferred=True)

    recoveries = count(outcome)
    if base == "finished_at_caseness":
        whole = count("finished_course") - count("not_at_caseness")
    else:
        whole = year_sum(evidence, "monthly_pathway", base, year)
    return Service(year, whole, recoveries, share(recoveries, whole))


def rate_effect(treated: Quantity, control: Quantity, scale: Scale) -> Quantity:
    """Two rates in percent compared on one scale: points, ratio or odds ratio, without interval.

    >>> half, fifth = Quantity(50, "percent"), Quantity(20, "percent")
    >>> [str(rate_effect(half, fifth, scale)) for scale in SCALES]
    ['30.0 percentage points', '2.50', '4.00']
    """
    p1, p0 = treated.value / 100, control.value / 100
    if scale == "risk_difference":
        return derive(100 * (p1 - p0), "percentage points", treated, control)
    if scale == "risk_ratio":
        return derive(p1 / p0, "ratio", treated, control)
    return derive(p1 * (1 - p0) / (p0 * (1 - p1)), "odds ratio", treated, control)


def comparator_rate(service: Service, effect: Quantity, scale: Scale) -> Quantity:
    """The rate without the service, in percent, that an effect implies on one scale.

    Raises ValueError when that rate would be below zero or above one: the combination is refused.
    """
    size = _plain(effect, scale)
    rate = implied_rate(service.rate.value / 100, size, scale)
    return derive(100 * rate, "percent", service.rate, effect, interval=UNSTATED)


def net_extra(service: Service, effect: Quantity, scale: Scale) -> Quantity:
    """Net extra recoveries N(p₁ − p₀) of a year, p₀ implied by a trial's effect on one scale.

    The interval is the trial's alone, cut where the comparator's rate would leave zero to one.
    Raises ValueError when the effect itself implies such a rate.
    """
    n, rate = service.base.value, service.rate.value / 100

    def net(size: float) -> float:
        return net_extra_recoveries(n, rate, implied_rate(rate, size, scale))

    value, interval = net(_plain(effect, scale)), UNSTATED
    if effect.interval.limits is not None:
        sizes = (_plain(effect, scale, limit) for limit in effect.interval.limits)
        low, high = (net(_attainable(rate, size, scale)) for size in sizes)
        interval = Interval("model", low, high, effect.interval.level)
    return derive(value, "recoveries", service.base, service.rate, effect, interval=interval)


def net_extra_as_it_stands(service: Service, comparator: Quantity) -> Quantity:
    """Net extra recoveries N(p₁ − p₀) when a comparator's rate is taken to hold as it stands.

    Nothing of the trial is used but the comparator's own rate (percent).
    """
    n, rates = service.base.value, (service.rate.value / 100, comparator.value / 100)
    value = net_extra_recoveries(n, *rates)
    return derive(value, "recoveries", service.base, service.rate, comparator, interval=UNSTATED)


def _plain(effect: Quantity, scale: Scale, value: float | None = None) -> float:
    """An effect as a share or ratio: differences travel in points."""
    value = effect.value if value is None else value
    return value / 100 if scale == "risk_difference" else value


def _attainable(rate: float, size: float, scale: Scale) -> float:
    """The effect nearest to a limit that leaves the comparator a rate between zero and one."""
    if scale == "risk_difference":
        return min(max(size, rate - 1), rate)
    return max(size, rate) if scale == "risk_ratio" else size
