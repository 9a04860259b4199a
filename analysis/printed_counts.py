"""Counts as printed: how far a round number may be from the count behind it."""

from __future__ import annotations


def printed_half_step(count: float) -> float:
    """Half the unit a count was rounded to, told from three or more trailing noughts; 0 if exact.

    >>> printed_half_step(920000), printed_half_step(535000), printed_half_step(284810)
    (5000.0, 500.0, 0.0)
    """
    step = 1
    while count and count % (step * 10) == 0:
        step *= 10
    return step / 2 if step >= 1000 else 0.0
