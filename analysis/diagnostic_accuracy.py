"""What a positive or negative questionnaire means at a given share of people with the disorder.

Bayes' rule on sensitivity and specificity, and the Rogan-Gladen estimate of a prevalence. All
arguments are shares from 0 to 1. The results are for one disorder, at one time, and hold only if
sensitivity and specificity carry over to the people in question. They are not for a change from
before to after, nor for an index that joins several questionnaires.
"""

from __future__ import annotations

from typing import NamedTuple

from analysis.intervals import check_share


class Screened(NamedTuple):
    """Shares of everyone screened: with and without the disorder, above and below the cut."""

    true_positive: float
    false_positive: float
    false_negative: float
    true_negative: float

    @property
    def positive(self) -> float:
        """Share at or above the cut."""
        return self.true_positive + self.false_positive

    @property
    def positive_value(self) -> float:
        """Of those at or above the cut, the share with the disorder (0 if nobody is above)."""
        return self.true_positive / self.positive if self.positive else 0.0

    @property
    def negative_value(self) -> float:
        """Of those below the cut, the share without the disorder (0 if nobody is below)."""
        negative = self.false_negative + self.true_negative
        return self.true_negative / negative if negative else 0.0


def screened(prevalence: float, sensitivity: float, specificity: float) -> Screened:
    """How everyone screened divides: π·se, (1 − π)(1 − sp), π(1 − se), (1 − π)·sp.

    Raises ValueError for a share outside 0 to 1.

    >>> found = screened(0.1, 0.85, 0.85)
    >>> round(found.positive, 3), round(found.positive_value, 3), round(found.negative_value, 3)
    (0.22, 0.386, 0.981)
    """
    for name, value in (
        ("prevalence", prevalence),
        ("sensitivity", sensitivity),
        ("specificity", specificity),
    ):
        check_share(name, value)
    rest = 1 - prevalence
    return Screened(
        prevalence * sensitivity,
        rest * (1 - specificity),
        prevalence * (1 - sensitivity),
        rest * specificity,
    )


def rogan_gladen(positive: float, sensitivity: float, specificity: float) -> float:
    """Prevalence behind a share of positives: (p + sp − 1) / (se + sp − 1), not cut at 0 or 1.

    For a cross-section and the disorder that both accuracies are for. A value outside 0 to 1 says
    that the accuracies do not hold for these people, so it is returned as it is. Raises
    ValueError for shares outside 0 to 1 or a test no better than chance. Rogan and Gladen 1978.

    >>> round(rogan_gladen(0.22, 0.85, 0.85), 3)
    0.1
    """
    for name, value in (
        ("positive", positive),
        ("sensitivity", sensitivity),
        ("specificity", specificity),
    ):
        check_share(name, value)
    youden = sensitivity + specificity - 1
    if youden <= 0:
        raise ValueError("sensitivity + specificity must exceed 1; this test tells nothing")
    return (positive + specificity - 1) / youden
