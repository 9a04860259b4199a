"""A claim, what the evidence gives for it, and the verdict that follows.

Whoever checks a claim returns a ``Finding``: figures and, in words, what they are of. The facts
that the rules of ``analysis.verdicts`` need are worked out here from those figures and from the
claim's own words, so that nobody who checks a claim chooses its verdict.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, derive, lineage
from analysis.verdicts import (
    ROUNDED,
    Footing,
    Relation,
    Verdict,
    agrees,
    judge,
    rounding,
    tolerance,
)

CLAIMS = "claims"
UNIVERSAL, COMPARATIVE = "universal", "comparative"
MEASURED = ("sampling", "model", "process", "bound")


@dataclass(frozen=True)
class Claim:
    """One quantitative claim as it was made; the fields are the columns of the table of claims."""

    id: str
    label: str
    claimant: str
    claimant_note: str
    reported_by: str
    stance: str
    chapter: str
    statement: str
    value: float | None
    unit: str
    decimals: int
    relation: Relation
    kind: str
    repeat_of: str
    series: str
    asserted_on: str
    dated_by: str
    cited_as: str

    @classmethod
    def of(cls, row: str, record: pd.Series) -> Claim:
        """The claim that a row of the table holds."""

        def text(column: str) -> str:
            return "" if pd.isna(record[column]) else str(record[column])

        def number(column: str) -> float | None:
            return None if pd.isna(record[column]) else float(record[column])

        words = (
            "label",
            "claimant",
            "claimant_note",
            "reported_by",
            "stance",
            "chapter",
            "statement",
            "unit",
        )
        more = ("kind", "repeat_of", "series", "asserted_on", "dated_by", "cited_as")
        return cls(
            id=row,
            value=number("value"),
            decimals=int(number("decimals") or 0),
            relation=cast(Relation, text("relation") or "exact"),
            **{column: text(column) for column in (*words, *more)},
        )

    def figure(self) -> str:
        """The figure as claimed, with the word that binds it; empty where it has none."""
        if self.value is None:
            return ""
        number = self._number()
        if self.unit == "GBP" or self.unit.startswith("GBP "):
            shown = f"£{number}{self.unit.removeprefix('GBP')}"
        else:
            shown = f"{number}%" if self.unit == "percent" else f"{number} {self.unit}".strip()
        if self.unit == "year":
            shown = f"{self.value:.0f}"
        return shown if self.relation == "exact" else f"{self.relation} {shown}"

    def _number(self) -> str:
        """The number in the step in which it was printed: millions and billions as such."""
        value = cast(float, self.value)
        for power, word in ((9, "billion"), (6, "million")):
            if -power - 2 <= self.decimals <= 2 - power:
                return f"{value / 10**power:,.{max(self.decimals + power, 0)}f} {word}"
        return f"{value:,.{max(self.decimals, 0)}f}"


def stated(evidence: Evidence, row: str, unit: str) -> Quantity:
    """The figure of a claim as an input to a sum, with the limits that its printed digits allow."""
    record = evidence.table(CLAIMS).loc[row]
    value, half = float(record["value"]), 0.5 * 10.0 ** -float(record["decimals"])
    limits = Interval("rounding", value - half, value + half)
    return derive(value, unit, evidence.rows(CLAIMS, [row]), interval=limits)


def combined(rule: Callable[..., float], unit: str, *inputs: Quantity) -> Quantity:
    """What a claim's inputs give, with the limits that their rounding allows.

    Args:
        rule: how the claim combines them; monotone in each input.
        unit: unit of the result.
        inputs: the figures, each with limits of rounding or without limits.

    >>> parts = [Quantity(v, "count", Interval("rounding", v - 0.5, v + 0.5)) for v in (1, 4)]
    >>> print(combined(lambda part, whole: 100 * part / whole, "percent", *parts).with_limits())
    25.0% (rounding 11.1% to 42.9%)
    """
    corners = itertools.product(*(it.interval.limits or (it.value,) for it in inputs))
    results = [rule(*corner) for corner in corners]
    interval = Interval("rounding", min(results), max(results))
    return derive(rule(*(it.value for it in inputs)), unit, *inputs, interval=interval)


@dataclass(frozen=True)
class Finding:
    """What the evidence up to a claim's date gives for it.

    Args:
        on: what the recomputed figure is of: population, outcome, time; one line.
        computed: the figure on the base that the claim's words name.
        footing: what kind of evidence it rests on.
        others: figures on other bases that the claim's words could mean.
        own: what the claim's own inputs give, combined as it says.
        obtainable: the printed percentage can come from the stated sample.
        unlike: in what the things compared differ; empty if they are alike.
        departs: in what a definition or description departs from its source; empty if in nothing.
        exceptions: number of counter-examples to a statement about every case, or none.
        missing: why nothing public measures it, and what would; empty if something does.
        later: a figure from evidence after the claim's date, which does not decide.
        later_on: what that figure is of.
    """

    on: str = ""
    computed: Quantity | None = None
    footing: Footing = "other evidence"
    others: Sequence[Quantity] = ()
    own: Quantity | None = None
    obtainable: bool = True
    unlike: str = ""
    departs: str = ""
    exceptions: Quantity | None = None
    missing: str = ""
    later: Quantity | None = None
    later_on: str = ""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every figure of the finding."""
        single = (self.computed, self.own, self.exceptions, self.later)
        return tuple(item for item in (*single, *self.others) if item is not None)


def asserted(claim: Claim) -> tuple[float, Relation] | None:
    """The number that a figure is compared with, and how; None where a claim has none.

    A claim of direction without a number asserts that the difference is more than nothing.
    """
    if claim.value is not None:
        return claim.value, claim.relation
    return (0.0, "more than") if claim.kind == COMPARATIVE else None


def fits(claim: Claim, figure: Quantity) -> bool:
    """Whether a figure lies within the tolerance of the claim's words and printed precision.

    Raises:
        ValueError: the claim asserts no number.
    """
    wanted = asserted(claim)
    if wanted is None:
        raise ValueError(f"claim {claim.id!r} asserts no number to compare with")
    return agrees(Quantity(wanted[0], "count"), figure, wanted[1], claim.decimals)


def one_sided(claim: Claim, figure: Quantity) -> bool:
    """Whether a measured interval lies wholly within, or wholly beyond, a claim of direction."""
    wanted = asserted(claim)
    if wanted is None or wanted[1] in ("exact", "about") or figure.interval.kind not in MEASURED:
        return True
    low, high = tolerance(*wanted, claim.decimals)
    least, most = figure.interval.limits or (figure.value, figure.value)
    return (low <= least and most <= high) or most <= low or least >= high


@dataclass(frozen=True)
class Ruling:
    """A claim with its finding; the verdict follows from both.

    Args:
        claim: the claim.
        finding: what the evidence gives.
        row: the data row that holds the claim.
        by: dotted name of the function that checked it.
        inherited: the claim whose check this one repeats; empty if it has its own.

    Raises:
        ValueError: the finding decides nothing: no figure, no counter-examples and no reason.
    """

    claim: Claim
    finding: Finding
    row: str
    by: str
    inherited: str = ""

    def __post_init__(self) -> None:
        found = self.finding
        decides = found.computed, found.own, found.exceptions
        if (
            not (found.missing or found.unlike or found.departs or not found.obtainable)
            and decides == (None,) * 3
        ):
            raise ValueError(f"the check of {self.claim.id!r} gives no figure and no reason")

    @property
    def verdict(self) -> Verdict:
        """The verdict that the rules give."""
        claim, found = self.claim, self.finding
        compare = asserted(claim) is not None
        figure = found.computed if found.computed is not None else found.own
        bases = found.others if compare else ()
        return judge(
            obtainable=found.obtainable,
            own_inputs=found.own is None or not compare or fits(claim, found.own),
            checkable=not found.missing,
            same_estimand=not found.unlike,
            exceptions=0 if found.exceptions is None else round(found.exceptions.value),
            searched=claim.kind == UNIVERSAL and found.exceptions is not None,
            certain=figure is None or one_sided(claim, figure),
            fits=not found.departs and (figure is None or not compare or fits(claim, figure)),
            footing=found.footing,
            fits_other_bases=all(fits(claim, base) for base in bases),
            rounded=bool(self.rounding),
        )

    @property
    def rounding(self) -> str:
        """On which side of the recomputed figure rounding puts the claimed one."""
        figure = self.finding.computed or self.finding.own
        if figure is None or self.claim.value is None:
            return ""
        return rounding(self.claim.value, figure.value, self.claim.relation, self.claim.decimals)

    @property
    def label(self) -> str:
        """The verdict's label, with the direction where rounding changes the reading."""
        verdict = self.verdict
        if verdict is ROUNDED:
            return f"{verdict.label} (claimed figure {self.rounding} the recomputed one)"
        return verdict.label

    @property
    def live(self) -> bool:
        """Whether the verdict rests on a figure computed from the data."""
        return bool(self.finding.quantities)

    @property
    def rows(self) -> frozenset[str]:
        """References of every data row behind the ruling."""
        return lineage(frozenset({self.row}), *self.finding.quantities)
