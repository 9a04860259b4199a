"""How large a change of one score must be before error of measurement cannot explain it.

Jacobson and Truax (1991). The reliability is of scores, the spread of the people it is carried
to: internal consistency holds error within one sitting, a retest also what fluctuates between
two, so that the change called reliable depends on which of them is put in.
"""

from __future__ import annotations

import math

from analysis.intervals import normal_quantile


def _check(sd: float, reliability: float) -> None:
    if not (math.isfinite(sd) and sd > 0):
        raise ValueError(f"sd is {sd} but must be above 0; pass points of the scale")
    if not 0 <= reliability <= 1:
        raise ValueError(f"reliability is {reliability} but must lie in 0 to 1; pass a share")


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """Spread of one person's scores about the true score, in points: SD √(1 − r).

    Raises ValueError for a spread that is not above 0 or a reliability outside 0 to 1.

    >>> round(standard_error_of_measurement(5.5, 0.84), 2)
    2.2
    """
    _check(sd, reliability)
    return sd * math.sqrt(1 - reliability)


def reliable_change(sd: float, reliability: float, level: float = 0.95) -> float:
    """Change beyond which error alone is improbable, in points: z √2 SD √(1 − r).

    z is the two-sided normal quantile of the level, 1.96 for 0.95. Both scores are taken to carry
    independent errors of equal size and nobody's true score to move. Raises ValueError as
    `standard_error_of_measurement` does. Jacobson and Truax 1991.

    >>> round(reliable_change(5.5, 0.84), 2)
    6.1
    """
    error = standard_error_of_measurement(sd, reliability)
    return normal_quantile(level) * math.sqrt(2) * error


def whole_points(change: float) -> int:
    """Least change in whole points that reaches a threshold.

    A value within a billionth of a whole number counts as that number.

    >>> whole_points(6.1), whole_points(5.0)
    (7, 5)
    """
    return math.ceil(change - 1e-9)


def reliability_behind(change: float, sd: float, level: float = 0.95) -> float:
    """Reliability at which a stated change is just the reliable one: 1 − (c / (z √2 SD))².

    Raises ValueError for a spread that is not above 0, or a change beyond what a scale of no
    reliability at all would ask for.

    >>> round(reliability_behind(6, 5.5), 3)
    0.845
    """
    _check(sd, 0.0)
    ratio = change / (normal_quantile(level) * math.sqrt(2) * sd)
    if not 0 <= ratio <= 1:
        raise ValueError(f"change is {change}: no reliability in 0 to 1 gives it with sd {sd}")
    return 1 - ratio**2


def level_of(change: float, sd: float, reliability: float) -> float:
    """Share of people without true change whose two scores differ by less than `change`.

    2 Φ(c / (√2 SEM)) − 1. Raises ValueError as `standard_error_of_measurement` does.

    >>> round(level_of(4, 4.5, 0.87), 3)
    0.919
    """
    error = standard_error_of_measurement(sd, reliability)
    if error == 0:
        return 1.0
    return math.erf(change / (2 * error))
