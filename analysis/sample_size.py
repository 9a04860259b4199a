"""How many people a study must interview for a stated precision, or for a stated power.

Shares are between 0 and 1; a standard deviation between clusters is one of shares too. Clusters
here are providers, drawn so that each person of the population is as likely to be chosen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import norm

from analysis.intervals import check_share, normal_quantile, wilson

TINY = 1e-9  # keeps 1200.0000000001 from being rounded up to one person more


@dataclass(frozen=True)
class Sample:
    """Clusters to draw and people to interview, before both are rounded up."""

    clusters: float
    people: float

    @property
    def whole_clusters(self) -> int:
        """Clusters, rounded up."""
        return whole(self.clusters)

    @property
    def whole_people(self) -> int:
        """People, rounded up."""
        return whole(self.people)


def whole(number: float) -> int:
    """The least whole number that is enough.

    >>> whole(1067.07), whole(1067.0000000001)
    (1068, 1067)
    """
    return math.ceil(number - TINY)


def _check_spread(share: float, between_sd: float) -> float:
    """Variance within clusters, p(1 − p) − τ², refused where clusters differ more than they can."""
    check_share("share", share)
    within = share * (1 - share) - between_sd**2
    if between_sd < 0 or within < 0:
        raise ValueError(
            f"between_sd is {between_sd} but must lie in 0 to the standard deviation of a yes or "
            "no; divide percentage points by 100"
        )
    return within


def intraclass_correlation(share: float, between_sd: float) -> float:
    """How alike two people of one cluster are: ρ = τ² / p(1 − p).

    >>> round(intraclass_correlation(0.5, 0.05), 4)
    0.01
    """
    _check_spread(share, between_sd)
    return between_sd**2 / (share * (1 - share)) if between_sd else 0.0


def design_effect(correlation: float, each: float) -> float:
    """How many times the variance of a simple random sample clusters of equal takes have.

    1 + (m − 1)ρ with m people from each. Kish 1965, section 5.4.

    >>> round(design_effect(0.01, 20), 2)
    1.19
    """
    check_share("correlation", correlation)
    if each < 1:
        raise ValueError(f"each is {each} but a cluster gives at least 1 person")
    return 1 + (each - 1) * correlation


def half_width(
    share: float,
    people: float,
    between_sd: float = 0.0,
    clusters: float = math.inf,
    clusters_in_all: float = math.inf,
    level: float = 0.95,
) -> float:
    """Half the confidence interval of a share from a two-stage sample (Wald).

    z √((1 − k/K) τ²/k + (p(1 − p) − τ²)/n) for n people from k of K clusters; with every cluster
    in the sample only the second part is left. Cochran 1977, section 10.3.

    >>> round(half_width(0.5, 1068), 4)
    0.03
    """
    within = _check_spread(share, between_sd)
    if people <= 0 or not 0 < clusters <= clusters_in_all:
        raise ValueError("people must be above 0 and clusters above 0 and at most clusters_in_all")
    between = 0.0
    if between_sd:
        between = between_sd**2 * (1 / clusters - 1 / clusters_in_all)
    return normal_quantile(level) * math.sqrt(between + within / people)


def score_half_width(
    share: float, people: float, effect: float = 1.0, level: float = 0.95
) -> float:
    """Half the Wilson interval of a share at the effective size n / design effect.

    >>> round(score_half_width(0.5, 1068), 4)
    0.0299
    """
    size = people / effect
    low, high = wilson(share * size, size, level)
    return (high - low) / 2


def two_stage_sample(
    share: float,
    half: float,
    between_sd: float,
    each: float,
    clusters_in_all: float = math.inf,
    level: float = 0.95,
) -> Sample:
    """Clusters and people that give a share to within ± ``half`` with ``each`` from a cluster.

    With V = (h/z)²: k = (τ² + σ²/m) / (V + τ²/K), n = km, σ² = p(1 − p) − τ²; where that asks for
    more clusters than there are, all K are taken, with as many people from each as V needs,
    n = σ²/V. Without a limit on clusters n = p(1 − p)·deff/V. Solves `half_width` for n.

    >>> found = two_stage_sample(0.5, 0.03, 0.05, 20)
    >>> found.whole_people, found.whole_clusters
    (1270, 64)
    >>> two_stage_sample(0.5, 0.03, 0.05, 20, clusters_in_all=40).whole_people
    1057
    """
    within = _check_spread(share, between_sd)
    check_share("half", half)
    if half == 0 or each < 1 or clusters_in_all < 1:
        raise ValueError("half must be above 0, each and clusters_in_all at least 1")
    variance = (half / normal_quantile(level)) ** 2
    clusters = (between_sd**2 + within / each) / (variance + between_sd**2 / clusters_in_all)
    if clusters > clusters_in_all:
        return Sample(clusters_in_all, within / variance)
    return Sample(clusters, clusters * each)


def invitations(people: float, take_part: float) -> int:
    """People to invite so that enough take part: n / r, rounded up.

    >>> invitations(1200, 0.48)
    2500
    """
    check_share("take_part", take_part)
    if take_part == 0:
        raise ValueError("take_part is 0, so no number of invitations is enough")
    return whole(whole(people) / take_part)


def take_part_to_exclude(observed: float, other: float) -> float:
    """Share that must take part before their rate rules out another, whoever stayed away.

    Everyone's rate lies in r·p to r·p + 1 − r (Manski 2003); it excludes q from r = q/p upwards if
    p is above q, and from (1 − q)/(1 − p) if it is below.

    >>> round(take_part_to_exclude(0.5, 0.1), 3), round(take_part_to_exclude(0.1, 0.5), 3)
    (0.2, 0.556)
    """
    check_share("observed", observed)
    check_share("other", other)
    if observed == other:
        raise ValueError("observed and other are equal; nothing is to be excluded")
    return other / observed if observed > other else (1 - other) / (1 - observed)


def kappa_standard_error(kappa: float, share: float, people: float) -> float:
    """Standard error of the agreement κ of two judgements, each yes for the same share of people.

    √((1 − κ)/n · ((1 − κ)(1 − 2κ) + κ(2 − κ)/(2p(1 − p)))). Donner and Eliasziw 1992.

    >>> round(kappa_standard_error(0.6, 0.5, 400), 4)
    0.04
    """
    check_share("kappa", kappa)
    check_share("share", share)
    bracket = (1 - kappa) * (1 - 2 * kappa) + kappa * (2 - kappa) / (2 * share * (1 - share))
    return math.sqrt((1 - kappa) / people * bracket)


def disagreeing(one: float, other: float, kappa: float) -> float:
    """Share of people on whom two judgements with these shares of yes and this κ disagree.

    (1 − κ)(p₁(1 − p₂) + p₂(1 − p₁)). Raises ValueError where the shares allow no such κ.

    >>> round(disagreeing(0.5, 0.5, 0.6), 3)
    0.2
    """
    check_share("one", one)
    check_share("other", other)
    check_share("kappa", kappa)
    found = (1 - kappa) * (one * (1 - other) + other * (1 - one))
    if found < abs(one - other):
        raise ValueError(f"shares of {one} and {other} do not allow a kappa of {kappa}; lower it")
    return found


def paired_half_width(
    one: float, other: float, kappa: float, people: float, level: float = 0.95
) -> float:
    """Half the interval of the difference between two judgements of the same people (Wald).

    z √((d − (p₁ − p₂)²)/n), d the share on whom they disagree. Fleiss and others 2003, chapter 13.

    >>> round(paired_half_width(0.5, 0.5, 0.6, 1000), 4)
    0.0277
    """
    apart = disagreeing(one, other, kappa)
    return normal_quantile(level) * math.sqrt((apart - (one - other) ** 2) / people)


def arm_size(control: float, treated: float, power: float, level: float = 0.95) -> float:
    """People with an outcome that each of two equal arms needs to see a difference of shares.

    (z √(2p̄(1 − p̄)) + z_b √(p₀(1 − p₀) + p₁(1 − p₁)))² / (p₁ − p₀)², two-sided, without a
    correction for continuity. Fleiss and others 2003, formula 4.14.

    >>> round(arm_size(0.4, 0.6, power=0.9), 1)
    129.3
    """
    check_share("control", control)
    check_share("treated", treated)
    if not 0.5 < power < 1 or control == treated:
        raise ValueError("power must lie between 0.5 and 1 and the shares must differ")
    mean = (control + treated) / 2
    null = normal_quantile(level) * math.sqrt(2 * mean * (1 - mean))
    alternative = norm.ppf(power) * math.sqrt(control * (1 - control) + treated * (1 - treated))
    return float((null + alternative) ** 2 / (treated - control) ** 2)


def power_of(control: float, treated: float, each: float, level: float = 0.95) -> float:
    """Power of two equal arms of ``each`` people with an outcome: `arm_size` turned round.

    >>> round(power_of(0.4, 0.6, 129.3), 3)
    0.9
    """
    mean = (control + treated) / 2
    null = normal_quantile(level) * math.sqrt(2 * mean * (1 - mean))
    alternative = math.sqrt(control * (1 - control) + treated * (1 - treated))
    return float(norm.cdf((abs(treated - control) * math.sqrt(each) - null) / alternative))


def difference_half_width(
    control: float, treated: float, each: float, level: float = 0.95
) -> float:
    """Half the interval of a difference between two equal arms of ``each`` people (Wald).

    >>> round(difference_half_width(0.5, 0.5, 768.3), 3)
    0.05
    """
    variance = (control * (1 - control) + treated * (1 - treated)) / each
    return normal_quantile(level) * math.sqrt(variance)
