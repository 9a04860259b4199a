"""Contrasts of two independent proportions, and their transport to another base rate.

Rates are shares between 0 and 1; a contrast is treated against control. Intervals are sampling
intervals of the trial; transport adds assumptions that no interval here contains.
"""

import math
from dataclasses import dataclass
from typing import Literal

from analysis.intervals import check_count, check_share, normal_quantile, wilson

Scale = Literal["risk_difference", "risk_ratio", "odds_ratio"]


@dataclass(frozen=True)
class Arm:
    """Events among n people in one arm; an effective size may be fractional."""

    events: float
    n: float

    def __post_init__(self) -> None:
        check_count(self.events, self.n)

    @property
    def rate(self) -> float:
        """Share of the arm with the event."""
        return self.events / self.n


@dataclass(frozen=True)
class Estimate:
    """A contrast with its interval and the method that gave both."""

    value: float
    low: float
    high: float
    method: str


@dataclass(frozen=True)
class Contrast:
    """Two rates compared on three scales, with what the intervals rest on."""

    treated_rate: float
    control_rate: float
    risk_difference: Estimate
    risk_ratio: Estimate
    odds_ratio: Estimate
    basis: str


@dataclass(frozen=True)
class MissingOutcomeCases:
    """One trial's contrast under three rules for outcomes that were not measured."""

    worst: Contrast
    best: Contrast
    missing_as_failure: Contrast


def combine_arms(*arms: Arm) -> Arm:
    """One treated arm in place of several that share a control: events and people summed.

    The pairwise contrasts are not independent, so they are never pooled as if they were.

    >>> combine_arms(Arm(82, 165), Arm(93, 182))
    Arm(events=175, n=347)
    """
    return Arm(sum(arm.events for arm in arms), sum(arm.n for arm in arms))


def risk_difference(
    treated: Arm,
    control: Arm,
    level: float = 0.95,
    method: Literal["newcombe", "wald"] = "newcombe",
) -> Estimate:
    """Risk difference p₁ − p₀ with Newcombe's hybrid score interval, or Wald's.

    Newcombe, with Wilson limits l, u of each rate: low = d − √((p₁ − l₁)² + (u₀ − p₀)²),
    high = d + √((u₁ − p₁)² + (p₀ − l₀)²). Wald: d ± z √(p₁q₁/n₁ + p₀q₀/n₀). Raises ValueError for
    an unknown method. Newcombe 1998, methods 10 and 1.

    >>> found = risk_difference(Arm(56, 70), Arm(48, 80))
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    p1, p0 = treated.rate, control.rate
    if method == "wald":
        error = math.sqrt(p1 * (1 - p1) / treated.n + p0 * (1 - p0) / control.n)
        half = normal_quantile(level) * error
        return Estimate(p1 - p0, p1 - p0 - half, p1 - p0 + half, "Wald")
    if method != "newcombe":
        raise ValueError(f"method is {method!r} but must be 'newcombe' or 'wald'; choose one")
    low1, high1 = wilson(treated.events, treated.n, level)
    low0, high0 = wilson(control.events, control.n, level)
    low = p1 - p0 - math.hypot(p1 - low1, high0 - p0)
    high = p1 - p0 + math.hypot(high1 - p1, p0 - low0)
    return Estimate(p1 - p0, low, high, "Newcombe hybrid score")


def _log_ratio(treated: Arm, control: Arm, level: float, name: str, odds: bool) -> Estimate:
    """Ratio of risks or odds with the interval of its logarithm; ½ to each cell if one is empty."""
    cells = [treated.events, treated.n - treated.events]
    cells += [control.events, control.n - control.events]
    if min(cells) == 0:
        cells = [cell + 0.5 for cell in cells]
        name += ", 0.5 added to each cell"
    a, b, c, d = cells
    if odds:
        log, variance = math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    else:
        log = math.log(a / (a + b)) - math.log(c / (c + d))
        variance = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    half = normal_quantile(level) * math.sqrt(variance)
    return Estimate(math.exp(log), math.exp(log - half), math.exp(log + half), name)


def risk_ratio(treated: Arm, control: Arm, level: float = 0.95) -> Estimate:
    """Risk ratio p₁/p₀ with the interval of its logarithm.

    Variance of the logarithm: 1/a − 1/n₁ + 1/c − 1/n₀. When a cell of the table is empty, 0.5 is
    added to all four and `method` says so. Katz and others 1978.

    >>> round(risk_ratio(Arm(56, 70), Arm(48, 80)).value, 4)
    1.3333
    """
    return _log_ratio(treated, control, level, "log (Katz)", odds=False)


def odds_ratio(treated: Arm, control: Arm, level: float = 0.95) -> Estimate:
    """Odds ratio ad/bc with Woolf's interval of its logarithm.

    Variance of the logarithm: 1/a + 1/b + 1/c + 1/d. When a cell of the table is empty, 0.5 is
    added to all four (Haldane, Anscombe) and `method` says so. Woolf 1955.

    >>> round(odds_ratio(Arm(56, 70), Arm(48, 80)).value, 4)
    2.6667
    """
    return _log_ratio(treated, control, level, "log (Woolf)", odds=True)


def contrast_from_counts(treated: Arm, control: Arm, level: float = 0.95) -> Contrast:
    """Difference, ratio and odds ratio of two rates from their counts.

    >>> found = contrast_from_counts(Arm(175, 347), Arm(101, 179))
    >>> round(found.risk_difference.value, 4), round(found.odds_ratio.value, 4)
    (-0.0599, 0.7857)
    """
    return Contrast(
        treated.rate,
        control.rate,
        risk_difference(treated, control, level),
        risk_ratio(treated, control, level),
        odds_ratio(treated, control, level),
        "counts",
    )


def contrast_from_standardised_effect(
    treated_rate: float,
    control_rate: float,
    effect: tuple[float, float, float],
    treated_n: float,
    control_n: float,
    level: float = 0.95,
    tolerance: float = 0.01,
) -> Contrast:
    """Contrast of two model-based rates, its interval inferred from a printed standardised effect.

    `effect` is (d, low, high) at `level`, d = ln OR · √3/π, so the odds ratio's limits follow as
    exp(π d/√3). Difference and ratio use arms with the printed rates, sized in the ratio of
    treated_n to control_n so as to reproduce the variance of that log odds ratio.
    Raises ValueError when the rates do not give d, or the interval is not symmetric about it,
    within the tolerance. Hasselblad and Hedges 1995.

    >>> found = contrast_from_standardised_effect(0.585, 0.319, (0.61, 0.37, 0.85), 463, 218)
    >>> [round(limit, 2) for limit in (found.odds_ratio.low, found.odds_ratio.high)]
    [1.96, 4.67]
    """
    d, low, high = effect
    logits = []
    for name, rate in (("treated_rate", treated_rate), ("control_rate", control_rate)):
        check_share(name, rate)
        if rate in (0, 1):
            raise ValueError(f"{name} is {rate}, which has no finite odds; use the counts")
        logits.append(math.log(rate / (1 - rate)))
    log_odds_ratio, to_logit = logits[0] - logits[1], math.pi / math.sqrt(3)
    if abs(log_odds_ratio / to_logit - d) > tolerance:
        raise ValueError(f"effect {d} is not ln OR·√3/π of the rates; infer no interval from it")
    if not low < d < high or abs((low + high) / 2 - d) > tolerance:
        raise ValueError(
            f"effect {effect} is not symmetric about its estimate; infer nothing from it"
        )
    inferred = ((high - low) * to_logit / (2 * normal_quantile(level))) ** 2
    variances = treated_rate * (1 - treated_rate), control_rate * (1 - control_rate)
    shrink = (1 / (treated_n * variances[0]) + 1 / (control_n * variances[1])) / inferred
    treated = Arm(treated_rate * treated_n * shrink, treated_n * shrink)
    control = Arm(control_rate * control_n * shrink, control_n * shrink)
    odds, lowest, highest = (math.exp(x) for x in (log_odds_ratio, low * to_logit, high * to_logit))
    return Contrast(
        treated_rate,
        control_rate,
        risk_difference(treated, control, level),
        risk_ratio(treated, control, level),
        Estimate(odds, lowest, highest, "exp(π d/√3)"),
        "inferred from a printed standardised effect",
    )


def missing_outcome_contrasts(
    treated: Arm, control: Arm, treated_total: float, control_total: float, level: float = 0.95
) -> MissingOutcomeCases:
    """Contrast of all randomised under three rules for those without an outcome.

    Worst: the missing fail under treatment and succeed under control; best: the reverse;
    missing_as_failure: fail in both, the rule the service applies to a missing last score. `Arm`
    holds the observed, a total those randomised. Raises ValueError for a total below the observed.

    >>> cases = missing_outcome_contrasts(Arm(50, 80), Arm(30, 80), 100, 100)
    >>> [round(c.risk_difference.value, 2) for c in (cases.worst, cases.best)]
    [0.0, 0.4]
    """
    check_count(treated.n, treated_total)
    check_count(control.n, control_total)
    low1, low0 = Arm(treated.events, treated_total), Arm(control.events, control_total)
    high1 = Arm(treated.events + treated_total - treated.n, treated_total)
    high0 = Arm(control.events + control_total - control.n, control_total)
    pairs = (low1, high0), (high1, low0), (low1, low0)
    return MissingOutcomeCases(*(contrast_from_counts(*pair, level) for pair in pairs))


def number_needed_to_treat(difference: Estimate) -> Estimate | None:
    """People treated for one more event, 1/|p₁ − p₀|, or None when the interval reaches zero.

    A difference below zero gives the number needed to harm, named so in `method`. An interval
    across zero has no finite one and is not reported. Altman 1998.

    >>> round(number_needed_to_treat(Estimate(0.2, 0.05, 0.35, "")).value, 1)
    5.0
    """
    if difference.low <= 0 <= difference.high:
        return None
    low, high = sorted((1 / abs(difference.low), 1 / abs(difference.high)))
    name = "number needed to treat" if difference.value > 0 else "number needed to harm"
    return Estimate(1 / abs(difference.value), low, high, name)


def implied_rate(
    rate: float, effect: float, scale: Scale, known: Literal["treated", "control"] = "treated"
) -> float:
    """Rate of the other arm when a trial's contrast is carried to a different rate of this one.

    From a treated rate: p₁ − RD, p₁/RR, or odds₁/OR as a rate; from a control rate the inverse. It
    supposes the effect constant on that scale. Raises ValueError when the implied rate is below 0
    or above 1, for a ratio not above 0, and for an unknown scale or arm.

    >>> scales = {"risk_difference": 0.2, "risk_ratio": 1.5, "odds_ratio": 2.25}
    >>> [round(implied_rate(0.5, effect, scale), 3) for scale, effect in scales.items()]
    [0.3, 0.333, 0.308]
    """
    check_share("rate", rate)
    if known not in ("treated", "control"):
        raise ValueError(f"known is {known!r} but must be 'treated' or 'control'; choose one")
    if scale == "risk_difference":
        other = rate - effect if known == "treated" else rate + effect
    elif scale in ("risk_ratio", "odds_ratio"):
        if not effect > 0:
            raise ValueError(f"effect is {effect} but a ratio must be above 0; check the scale")
        factor = 1 / effect if known == "treated" else effect
        other = (
            rate * factor if scale == "risk_ratio" else rate * factor / (1 - rate + rate * factor)
        )
    else:
        raise ValueError(f"scale is {scale!r}; use risk_difference, risk_ratio or odds_ratio")
    # A trial's own rates give themselves back but for the last binary digit.
    if not -1e-12 <= other <= 1 + 1e-12:
        raise ValueError(
            f"{scale} {effect} and a {known} rate of {rate} imply {other:.3f} in the other arm, "
            "which must lie in 0 to 1; use another scale or a rate nearer the trial's"
        )
    return min(max(other, 0.0), 1.0)


def net_extra_recoveries(n: float, treated_rate: float, control_rate: float) -> float:
    """Net extra recoveries N(p₁ − p₀) among n people offered treatment.

    >>> round(net_extra_recoveries(1000, 0.5, 0.3), 6)
    200.0
    """
    check_count(0, n)
    check_share("treated_rate", treated_rate)
    check_share("control_rate", control_rate)
    return n * (treated_rate - control_rate)


def transported_net_extra(
    n: float, treated_rate: float, effect: Estimate, scale: Scale
) -> Estimate:
    """Net extra recoveries N(p₁ − p₀) with p₀ implied by a trial's contrast and the treated rate.

    The interval carries the trial's own uncertainty only, none of the transport's. Raises
    ValueError when the estimate or a limit implies a rate outside 0 to 1.

    >>> found = transported_net_extra(1000, 0.5, Estimate(0.2, 0.1, 0.3, ""), "risk_difference")
    >>> round(found.value), round(found.low), round(found.high)
    (200, 100, 300)
    """
    values = (effect.value, effect.low, effect.high)
    rates = (implied_rate(treated_rate, value, scale) for value in values)
    net, low, high = (net_extra_recoveries(n, treated_rate, rate) for rate in rates)
    return Estimate(net, low, high, scale)
