"""Verdict classes and the rules that give them, the same for every claimant.

A verdict follows from facts about a claim, in a fixed order; whoever checks a claim supplies the
facts and cannot choose the verdict. The rules bear the date below. The classes were written before
the first verdicts; "too uncertain to tell", strict relations and overlap with limits of rounding
were added after a reading of the chapters, and all verdicts were then given again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.quantity import Quantity

RULES_DATE = "2026-11-22"
Relation = Literal["exact", "about", "at least", "at most", "more than", "less than"]
ABOUT = 0.1  # "about" allows a tenth of the figure either way


@dataclass(frozen=True)
class Verdict:
    """One class of verdict: a short label and the rule that gives it."""

    label: str
    rule: str


SAMPLE = Verdict(
    "not obtainable from the stated sample",
    "no whole number of people out of the stated sample gives the printed percentage",
)
INPUTS = Verdict(
    "own inputs do not give own output",
    "the claim's own figures, combined as it says, give another result",
)
UNCHECKABLE = Verdict(
    "not checkable with public evidence",
    "no public figure measures what the claim asserts, up to the claim's date",
)
ESTIMAND = Verdict(
    "compares unlike with unlike",
    "the figures compared differ in population, outcome, time point or rater",
)
EXCEPTIONS = Verdict(
    "holds with exceptions",
    "a statement about every case has counter-examples, whose number is given",
)
UNCERTAIN = Verdict(
    "too uncertain to tell",
    "the interval of the recomputed figure holds values on both sides of what the claim says",
)
DIFFERS = Verdict(
    "differs from the evidence",
    "the recomputed figure lies outside the claim's own tolerance",
)
BASE = Verdict(
    "true on a stated base only",
    "the figure holds for one base, and another base that its words could mean gives another",
)
REPRODUCED = Verdict(
    "reproduced",
    "the recomputed figure lies within the claim's own tolerance",
)
VERDICTS = (SAMPLE, INPUTS, UNCHECKABLE, ESTIMAND, EXCEPTIONS, UNCERTAIN, DIFFERS, BASE, REPRODUCED)


def tolerance(claimed: float, relation: Relation, decimals: int) -> tuple[float, float]:
    """Range of values that a claim's own words and printed precision allow.

    An exact figure allows half a unit of its last printed digit; "about" a tenth of the figure
    either way; "at least" and "at most" anything on their side, half a unit included; "more than"
    and "less than" anything beyond the figure itself.

    Raises:
        ValueError: the relation is unknown.

    >>> tolerance(52.1, "exact", 1)
    (52.05, 52.15)
    >>> tolerance(50, "at least", 0)
    (49.5, inf)
    """
    half = 0.5 * 10.0**-decimals
    ranges = {
        "exact": (claimed - half, claimed + half),
        "about": (claimed - max(half, ABOUT * abs(claimed)), claimed + max(half, ABOUT * claimed)),
        "at least": (claimed - half, float("inf")),
        "at most": (float("-inf"), claimed + half),
        "more than": (claimed, float("inf")),
        "less than": (float("-inf"), claimed),
    }
    if relation not in ranges:
        raise ValueError(f"relation {relation!r} is not one of {sorted(ranges)}")
    low, high = ranges[relation]
    return round(low, 12), round(high, 12)


def agrees(claimed: Quantity, computed: Quantity, relation: Relation, decimals: int) -> bool:
    """Whether a recomputed figure lies within the claim's own tolerance.

    A figure known only within limits of rounding or bounds agrees if those limits and the
    tolerance share more than a point. "More than" and "less than" are strict.
    """
    low, high = tolerance(claimed.value, relation, decimals)
    if computed.interval.kind in ("rounding", "bound") and computed.interval.limits:
        known = computed.interval.limits
        return max(low, known[0]) < min(high, known[1])
    if relation in ("more than", "less than"):
        return low < computed.value < high
    return low <= computed.value <= high


def judge(
    *,
    obtainable: bool = True,
    own_inputs: bool = True,
    checkable: bool = True,
    same_estimand: bool = True,
    exceptions: int = 0,
    certain: bool = True,
    fits: bool = True,
    fits_other_bases: bool = True,
) -> Verdict:
    """The verdict that the facts about a claim give; the first rule that applies decides.

    Args:
        obtainable: the printed percentage can come from the stated sample.
        own_inputs: the claim's own figures give its own result.
        checkable: public evidence up to the claim's date measures what it asserts.
        same_estimand: what it compares agrees in population, outcome, time and rater.
        exceptions: counter-examples to a statement about every case.
        certain: the interval of the recomputed figure lies on one side of a claim of direction.
        fits: the recomputed figure lies within the claim's own tolerance.
        fits_other_bases: so do the figures on every other base that its words could mean.

    >>> judge(exceptions=1).label
    'holds with exceptions'
    """
    rules = (
        (not obtainable, SAMPLE),
        (not own_inputs, INPUTS),
        (not checkable, UNCHECKABLE),
        (not same_estimand, ESTIMAND),
        (exceptions > 0, EXCEPTIONS),
        (not certain, UNCERTAIN),
        (not fits, DIFFERS),
        (not fits_other_bases, BASE),
    )
    return next((verdict for applies, verdict in rules if applies), REPRODUCED)
