"""The recovery index of the programme: who counts as a case, recovered, improved or worse.

Two questionnaires are scored at the start and at the end. All functions work elementwise on
arrays of scores (points) that broadcast against each other. Thresholds are never built in: they
come from rows of the data and are passed in as a `RecoveryRule`. Sources of the definitions:
strategyunit_2025 (quoting the official guide), clinicaltrials_nd_nct05134103 for the operators.
"""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

REGIONS = (
    "reliable recovery",
    "recovery without reliable improvement",
    "reliable improvement, still at caseness",
    "no reliable change, still at caseness",
    "reliable deterioration, at caseness",
    "not at caseness at start, reliable improvement",
    "not at caseness at start, no reliable change",
    "not at caseness at start, reliable deterioration",
)


@dataclass(frozen=True)
class RecoveryRule:
    """Thresholds of the index, in points of each scale.

    A score at or above `*_caseness` makes a case. A change is reliable when it is at least
    `*_reliable_change` points, or, with `strict`, more than that many: the sources disagree, so
    the reader of a rule chooses and the book runs both. ValueError on a threshold that is not a
    positive finite number or a `strict` that is not a bool.

    >>> RecoveryRule(10, 8, 6, 4, strict=False).gad7_caseness
    8
    """

    phq9_caseness: float
    gad7_caseness: float
    phq9_reliable_change: float
    gad7_reliable_change: float
    strict: bool

    def __post_init__(self) -> None:
        for field in fields(self)[:4]:
            value = getattr(self, field.name)
            number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            if not number or not np.isfinite(value) or value <= 0:
                raise ValueError(
                    f"{field.name}={value!r}: a threshold is a positive, finite number of points; "
                    "pass the value of the thresholds row"
                )
        if not isinstance(self.strict, bool | np.bool_):
            raise ValueError(
                f"strict={self.strict!r}: must be True ('greater than') or False ('at least'); "
                "pass a bool"
            )


class RegionMap(NamedTuple):
    """Every pair of whole scores on one scale, one entry a pair, with its region."""

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    region: NDArray[np.str_]


def _scores(**named: ArrayLike) -> list[Floats]:
    arrays = []
    for name, values in named.items():
        array = np.asarray(values, dtype=float)
        if not np.isfinite(array).all():
            raise ValueError(
                f"{name}: scores must be finite; drop people without this score first, or give "
                "them one by a named missing-data rule"
            )
        arrays.append(array)
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(named, arrays, strict=True))
        raise ValueError(
            f"{shapes}: shapes must broadcast; pass one score per person in each argument"
        ) from None
    return arrays


def _four(
    phq9_start: ArrayLike, gad7_start: ArrayLike, phq9_end: ArrayLike, gad7_end: ArrayLike
) -> list[Floats]:
    return _scores(
        phq9_start=phq9_start, gad7_start=gad7_start, phq9_end=phq9_end, gad7_end=gad7_end
    )


def _beyond(change: Floats, threshold: float, strict: bool) -> Bools:
    return change > threshold if strict else change >= threshold


def caseness(phq9: ArrayLike, gad7: ArrayLike, rule: RecoveryRule) -> Bools:
    """Who is at caseness: PHQ-9 >= c or GAD-7 >= d. Scores in points; a bool for each person.

    >>> caseness([9, 10, 9], [7, 0, 8], RecoveryRule(10, 8, 6, 4, strict=False)).tolist()
    [False, True, True]
    """
    phq, gad = _scores(phq9=phq9, gad7=gad7)
    return (phq >= rule.phq9_caseness) | (gad >= rule.gad7_caseness)


def recovered(
    phq9_start: ArrayLike,
    gad7_start: ArrayLike,
    phq9_end: ArrayLike,
    gad7_end: ArrayLike,
    rule: RecoveryRule,
) -> Bools:
    """Who moved to recovery: at caseness at the start, below both thresholds at the end.

    Those not at caseness at the start are False here and outside the published denominator.

    >>> rule = RecoveryRule(10, 8, 6, 4, strict=False)
    >>> recovered([12, 12, 9], [5, 5, 7], [9, 9, 2], [7, 8, 2], rule).tolist()
    [True, False, False]
    """
    p0, g0, p1, g1 = _four(phq9_start, gad7_start, phq9_end, gad7_end)
    return caseness(p0, g0, rule) & ~caseness(p1, g1, rule)


def _reliable_changes(
    phq9_start: ArrayLike,
    gad7_start: ArrayLike,
    phq9_end: ArrayLike,
    gad7_end: ArrayLike,
    rule: RecoveryRule,
) -> tuple[Bools, Bools]:
    """Whether any scale fell reliably, and whether any rose reliably."""
    p0, g0, p1, g1 = _four(phq9_start, gad7_start, phq9_end, gad7_end)
    phq, gad = rule.phq9_reliable_change, rule.gad7_reliable_change
    fell = _beyond(p0 - p1, phq, rule.strict) | _beyond(g0 - g1, gad, rule.strict)
    rose = _beyond(p1 - p0, phq, rule.strict) | _beyond(g1 - g0, gad, rule.strict)
    return fell, rose


def reliable_improvement(
    phq9_start: ArrayLike,
    gad7_start: ArrayLike,
    phq9_end: ArrayLike,
    gad7_end: ArrayLike,
    rule: RecoveryRule,
) -> Bools:
    """Who improved reliably: a reliable fall on one scale at least, a reliable rise on neither.

    >>> rule = RecoveryRule(10, 8, 6, 4, strict=False)
    >>> reliable_improvement([16, 16, 16], [9, 9, 9], [10, 10, 11], [9, 13, 6], rule).tolist()
    [True, False, False]
    """
    fell, rose = _reliable_changes(phq9_start, gad7_start, phq9_end, gad7_end, rule)
    return fell & ~rose


def reliable_deterioration(
    phq9_start: ArrayLike,
    gad7_start: ArrayLike,
    phq9_end: ArrayLike,
    gad7_end: ArrayLike,
    rule: RecoveryRule,
) -> Bools:
    """Who worsened reliably: a reliable rise on one scale at least, a reliable fall on neither.

    >>> rule = RecoveryRule(10, 8, 6, 4, strict=False)
    >>> reliable_deterioration([10, 10], [9, 9], [16, 16], [9, 5], rule).tolist()
    [True, False]
    """
    fell, rose = _reliable_changes(phq9_start, gad7_start, phq9_end, gad7_end, rule)
    return rose & ~fell


def reliable_recovery(
    phq9_start: ArrayLike,
    gad7_start: ArrayLike,
    phq9_end: ArrayLike,
    gad7_end: ArrayLike,
    rule: RecoveryRule,
) -> Bools:
    """Who recovered reliably: both `recovered` and `reliable_improvement`.

    >>> rule = RecoveryRule(10, 8, 6, 4, strict=False)
    >>> reliable_recovery([10, 15, 15], [7, 7, 7], [9, 9, 9], [7, 7, 3], rule).tolist()
    [False, True, True]
    >>> reliable_recovery(15, 7, 9, 7, RecoveryRule(10, 8, 6, 4, strict=True)).item()
    False
    """
    scores = (phq9_start, gad7_start, phq9_end, gad7_end)
    return recovered(*scores, rule) & reliable_improvement(*scores, rule)


def phq9_region(before: ArrayLike, after: ArrayLike, rule: RecoveryRule) -> NDArray[np.str_]:
    """The region of the index a person's PHQ-9 pair lies in, one of `REGIONS`.

    GAD-7 is held at zero at both times, so PHQ-9 alone decides. The picture is a slice through
    the two-scale index: other GAD-7 scores can move a pair into a region as well as out of it.

    >>> phq9_region([15, 11], [9, 9], RecoveryRule(10, 8, 6, 4, strict=False)).tolist()
    ['reliable recovery', 'recovery without reliable improvement']
    """
    start, end = _scores(before=before, after=after)
    pair = (start, 0.0, end, 0.0)
    case, well = caseness(start, 0.0, rule), recovered(*pair, rule)
    better, worse = reliable_improvement(*pair, rule), reliable_deterioration(*pair, rule)
    conditions = [well & better, well, case & better, case & ~worse, case, better, ~worse, worse]
    return np.select(conditions, REGIONS, default="")


def phq9_region_map(rule: RecoveryRule, score_max: int) -> RegionMap:
    """Every whole PHQ-9 score before and after, 0 to `score_max`, with its region.

    Returns three arrays of (score_max + 1)² entries, `before` varying slowest. ValueError unless
    `score_max` is a whole number at or above the caseness threshold.

    >>> grid = phq9_region_map(RecoveryRule(10, 8, 6, 4, strict=False), score_max=27)
    >>> len(grid.region), int((grid.region == "reliable recovery").sum())
    (784, 165)
    """
    if score_max != int(score_max) or score_max < rule.phq9_caseness:
        raise ValueError(
            f"score_max={score_max!r}: must be a whole number not below the caseness threshold "
            f"{rule.phq9_caseness}; pass the top of the scale"
        )
    scores = np.arange(int(score_max) + 1)
    before, after = (axis.ravel() for axis in np.meshgrid(scores, scores, indexing="ij"))
    return RegionMap(before, after, phq9_region(before, after, rule))
