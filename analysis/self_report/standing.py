"""Where the average person at the end stands among people at the start: Cohen's U3."""

from __future__ import annotations

from scipy.special import ndtr

from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, derive
from analysis.self_report.tipping_setting import setting
from analysis.truncated_normal import bivariate_normal_cdf


def standing(effect: Quantity) -> Quantity:
    """Share at the start whom the average person at the end has left behind: U3 = Φ(d).

    For normal first scores and an effect divided by their spread; in percent. Cohen 1988.

    >>> print(standing(Quantity(1.0, "standard deviations")))
    84.1%
    """
    return derive(100 * float(ndtr(effect.value)), "percent", effect, interval=UNSTATED)


def start_above(evidence: Evidence, year: str) -> Quantity:
    """The same share without normal first scores: they are cut off by the rule of caseness.

    Share of those at caseness whose first PHQ-9 lay above the mean last score m,
    1 − P(PHQ-9 < m, case)/P(case), with PHQ-9 and GAD-7 bivariate normal before selection. In
    percent; for a mean below the threshold of PHQ-9 only cases by GAD-7 lie under it.
    """
    given = setting(evidence, year)
    people, cuts, mean = given.population, given.cuts, given.target.phq9.mean
    h = (cuts.phq9 - people.mean_phq9) / people.sd_phq9
    k = (cuts.gad7 - people.mean_gad7) / people.sd_gad7
    m = (mean - people.mean_phq9) / people.sd_phq9
    outside = float(bivariate_normal_cdf(h, k, people.correlation))
    lower = float(bivariate_normal_cdf(min(m, h), k, people.correlation))
    under = float(ndtr(m)) - lower - (0.0 if m <= h else outside - lower)
    return derive(100 * (1 - under / (1 - outside)), "percent", given.rows, interval=UNSTATED)
