"""Verdict classes and the rules that give them, the same for every claimant.

A verdict follows from facts about a claim, in a fixed order; whoever checks a claim supplies the
facts and cannot choose the verdict. The rules bear the date below. The classes were written before
the first verdicts; "too uncertain to tell", strict relations and overlap with limits of rounding
were added after a reading of the chapters. "Rounding changes the reading", "no counter-example
found" and the split of "differs" by what a claim differs from were added before the ledger of all
claims was judged; that half a printed digit is never more than a tenth of the figure, after a
first look at that ledger, and the label of what cannot be checked after an independent pass. All
verdicts were given again each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.quantity import Quantity

RULES_DATE = "2026-11-22"
Relation = Literal["exact", "about", "at least", "at most", "more than", "less than"]
Footing = Literal["cited source", "official statistics", "other evidence"]
ABOUT = 0.1  # "about", and a fraction in words, allow a tenth of the figure either way
NEAR = 0.02  # nearer than a fiftieth of the figure, rounding does not change the reading


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
    "not checkable with the evidence seen",
    "no figure among the public evidence that was seen measures what the claim asserts, up to its "
    "date",
)
ESTIMAND = Verdict(
    "compares unlike with unlike",
    "the figures compared differ in population, outcome, time point or rater",
)
EXCEPTIONS = Verdict(
    "has counter-examples",
    "a statement about every case, or none, has counter-examples, whose number is given",
)
STANDS = Verdict(
    "no counter-example found",
    "a statement about every case, or none; what was searched holds no counter-example, which is "
    "no proof that there is none",
)
UNCERTAIN = Verdict(
    "too uncertain to tell",
    "the interval of the recomputed figure holds values on both sides of what the claim says",
)
CITED = Verdict(
    "differs from the cited source",
    "what the source that the claim cites prints lies outside the claim's own tolerance",
)
OFFICIAL = Verdict(
    "differs from official statistics",
    "the figure recomputed from official statistics lies outside the claim's own tolerance",
)
DIFFERS = Verdict(
    "differs from the evidence",
    "the figure recomputed from other evidence lies outside the claim's own tolerance",
)
BASE = Verdict(
    "true on a stated base only",
    "the figure holds for one base, and another base that its words could mean gives another",
)
ROUNDED = Verdict(
    "rounding changes the reading",
    "a figure given as about, or as a fraction in words, is within a tenth of the recomputed one "
    "but not within a fiftieth; the direction is given",
)
REPRODUCED = Verdict(
    "reproduced",
    "the recomputed figure lies within the claim's own tolerance",
)
DIFFERENCES: dict[Footing, Verdict] = {
    "cited source": CITED,
    "official statistics": OFFICIAL,
    "other evidence": DIFFERS,
}
VERDICTS = (
    SAMPLE,
    INPUTS,
    UNCHECKABLE,
    ESTIMAND,
    EXCEPTIONS,
    STANDS,
    UNCERTAIN,
    CITED,
    OFFICIAL,
    DIFFERS,
    BASE,
    ROUNDED,
    REPRODUCED,
)


def tolerance(claimed: float, relation: Relation, decimals: int) -> tuple[float, float]:
    """Range of values that a claim's own words and printed precision allow.

    An exact figure allows half a unit of its last printed digit, and never more than a tenth of
    the figure, lest a single digit pass for anything; "about" a tenth of the figure either way;
    "at least" and "at most" anything on their side, half a unit included; "more than" and "less
    than" anything beyond the figure itself.

    Raises:
        ValueError: the relation is unknown.

    >>> tolerance(52.1, "exact", 1)
    (52.05, 52.15)
    >>> tolerance(50, "at least", 0)
    (49.5, inf)
    """
    half = printed_half(claimed, decimals)
    tenth = max(half, ABOUT * abs(claimed))
    ranges = {
        "exact": (claimed - half, claimed + half),
        "about": (claimed - tenth, claimed + tenth),
        "at least": (claimed - half, float("inf")),
        "at most": (float("-inf"), claimed + half),
        "more than": (claimed, float("inf")),
        "less than": (float("-inf"), claimed),
    }
    if relation not in ranges:
        raise ValueError(f"relation {relation!r} is not one of {sorted(ranges)}")
    low, high = ranges[relation]
    return round(low, 12), round(high, 12)


def printed_half(claimed: float, decimals: int) -> float:
    """Half a unit of the last printed digit, and never more than a tenth of the figure.

    >>> printed_half(52.1, 1), printed_half(1e9, -9)
    (0.05, 100000000.0)
    """
    half = 0.5 * 10.0**-decimals
    return min(half, ABOUT * abs(claimed)) if claimed else half


def agrees(claimed: Quantity, computed: Quantity, relation: Relation, decimals: int) -> bool:
    """Whether a recomputed figure lies within the claim's own tolerance.

    A figure known only within limits of rounding or bounds agrees if those limits and the
    tolerance share more than a point. "More than" and "less than" are strict.
    """
    low, high = tolerance(claimed.value, relation, decimals)
    if computed.interval.kind in ("rounding", "bound") and computed.interval.limits:
        known = computed.interval.limits
        if known[0] < known[1]:
            return max(low, known[0]) < min(high, known[1])
    if relation in ("more than", "less than"):
        return low < computed.value < high
    return low <= computed.value <= high


def rounding(claimed: float, computed: float, relation: Relation, decimals: int) -> str:
    """Where rounding puts a claimed figure that still agrees: ``above``, ``below`` or nowhere.

    >>> rounding(50, 46.0, "about", 0), rounding(50, 50.3, "about", 0)
    ('above', '')
    """
    near = max(printed_half(claimed, decimals), NEAR * abs(claimed))
    if relation != "about" or abs(claimed - computed) <= near:
        return ""
    return "above" if claimed > computed else "below"


def judge(
    *,
    obtainable: bool = True,
    own_inputs: bool = True,
    checkable: bool = True,
    same_estimand: bool = True,
    exceptions: int = 0,
    searched: bool = False,
    certain: bool = True,
    fits: bool = True,
    footing: Footing = "other evidence",
    fits_other_bases: bool = True,
    rounded: bool = False,
) -> Verdict:
    """The verdict that the facts about a claim give; the first rule that applies decides.

    Args:
        obtainable: the printed percentage can come from the stated sample.
        own_inputs: the claim's own figures give its own result.
        checkable: public evidence up to the claim's date measures what it asserts.
        same_estimand: what it compares agrees in population, outcome, time and rater.
        exceptions: counter-examples to a statement about every case, or none.
        searched: it is such a statement, and counter-examples were looked for.
        certain: the interval of the recomputed figure lies on one side of a claim of direction.
        fits: the recomputed figure lies within the claim's own tolerance.
        footing: what the recomputed figure rests on.
        fits_other_bases: so do the figures on every other base that its words could mean.
        rounded: the figure agrees, but its rounding changes the reading.

    >>> judge(exceptions=1).label
    'has counter-examples'
    """
    rules = (
        (not obtainable, SAMPLE),
        (not own_inputs, INPUTS),
        (not checkable, UNCHECKABLE),
        (not same_estimand, ESTIMAND),
        (exceptions > 0, EXCEPTIONS),
        (searched, STANDS),
        (not certain, UNCERTAIN),
        (not fits, DIFFERENCES[footing]),
        (not fits_other_bases, BASE),
        (rounded, ROUNDED),
    )
    return next((verdict for applies, verdict in rules if applies), REPRODUCED)
