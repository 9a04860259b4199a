"""Printed proportions: which counts and sizes can print a given percentage.

The check known as GRIM, here on proportions. A percentage of n people is 100k/n for a whole k;
when no k rounds to the printed figure, that figure is not obtainable from the n stated with it.
It says nothing about why: another n, missing answers, or disorders instead of persons as the
unit all do it. Arithmetic is in whole numbers throughout, so no tie is decided by binary
fractions. After Brown and Heathers 2017.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rounding = Literal["half_up", "half_even", "either"]
Percent = str | int | float | Decimal
Ints = NDArray[np.int64]

MAX_DECIMALS = 4
MAX_SIZE = 10**9


@dataclass(frozen=True)
class ProportionCheck:
    """Whether a printed percentage can come from n, by which counts, and from which other n."""

    percent: str
    n: int
    count: int | None
    obtainable_half_up: bool
    obtainable_half_even: bool
    counts: tuple[int, ...]
    nearest_smaller: int | None
    nearest_larger: int | None

    @property
    def obtainable(self) -> bool:
        """True under at least one of the two rounding rules."""
        return self.obtainable_half_up or self.obtainable_half_even

    @property
    def wording(self) -> str:
        """The finding in the fixed words of the methods, neutral as to its cause."""
        if self.obtainable:
            return "obtainable from the stated n"
        near = [str(size) for size in (self.nearest_smaller, self.nearest_larger) if size]
        other = f"; obtainable from {' and '.join(near)}" if near else ""
        return f"not obtainable from the stated n{other}"


def printed_units(percent: Percent, decimals: int | None = None) -> tuple[int, int]:
    """A printed percentage as a whole number of its last decimal, and its number of decimals.

    Text keeps its own decimals ("9.20" has two); a number needs `decimals`. Raises ValueError
    when it is not within 0 to 100, or has more decimals than stated.

    >>> printed_units("9.2"), printed_units(9.2, 2)
    ((92, 1), (920, 2))
    """
    text = percent.strip().removesuffix("%").strip() if isinstance(percent, str) else str(percent)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"percent is {percent!r}, not a number; pass text such as '9.2'") from None
    if not (value.is_finite() and 0 <= value <= 100):
        raise ValueError(f"percent is {percent!r} but must lie between 0 and 100; check the unit")
    if decimals is None:
        if not isinstance(percent, str):
            raise ValueError("decimals is needed for a number; pass it, or the text as printed")
        decimals = max(0, -int(value.as_tuple().exponent))
    if not 0 <= decimals <= MAX_DECIMALS:
        raise ValueError(f"decimals is {decimals} but must lie between 0 and {MAX_DECIMALS}")
    units = value.scaleb(decimals)
    if units != units.to_integral_value():
        raise ValueError(
            f"percent is {percent!r} but has more than {decimals} decimals; pass it as printed"
        )
    return int(units), decimals


def _count_limits(units: ArrayLike, decimals: int, sizes: ArrayLike, up: bool) -> tuple[Ints, Ints]:
    """Least and greatest whole k with 100k/n printing as the units; empty when least > greatest.

    In units of the last decimal the share is 100·10ᵈ·k/n. It prints as P from P − ½ to P + ½:
    half-up keeps the lower tie only, half-even both ties when P is even and neither when odd.
    """
    p, n = np.asarray(units, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    if n.size and (n.min() < 1 or n.max() > MAX_SIZE):
        raise ValueError(f"sizes must lie between 1 and {MAX_SIZE}; leave out empty denominators")
    whole = 200 * 10**decimals
    lower, upper = (2 * p - 1) * n, (2 * p + 1) * n
    even = p % 2 == 0
    keeps_lower, keeps_upper = np.logical_or(up, even), np.logical_and(not up, even)
    least = np.where(keeps_lower, -(-lower // whole), lower // whole + 1)
    greatest = np.where(keeps_upper, upper // whole, -(-upper // whole) - 1)
    return np.maximum(least, 0), np.minimum(greatest, n)


def _rules(rounding: Rounding) -> tuple[bool, ...]:
    """The rounding rules to try, True for half-up."""
    known = {"half_up": (True,), "half_even": (False,), "either": (True, False)}
    if rounding not in known:
        raise ValueError(f"rounding is {rounding!r} but must be one of {', '.join(known)}")
    return known[rounding]


def possible_counts(
    percent: Percent, decimals: int | None, n: int, rounding: Rounding = "either"
) -> tuple[int, ...]:
    """Counts k out of n that print as the percentage; empty when none does.

    >>> possible_counts("9.2", None, 87), possible_counts("9.2", None, 90)
    ((8,), ())
    """
    units, places = printed_units(percent, decimals)
    found: set[int] = set()
    for up in _rules(rounding):
        least, greatest = _count_limits(units, places, n, up)
        found.update(range(int(least), int(greatest) + 1))
    return tuple(sorted(found))


def possible_sizes(
    percent: Percent,
    decimals: int | None,
    n_min: int,
    n_max: int,
    rounding: Rounding = "either",
) -> Ints:
    """Sizes n from n_min to n_max for which some whole count prints as the percentage.

    >>> possible_sizes("9.2", None, 80, 100).tolist()
    [87, 98]
    """
    if not 1 <= n_min <= n_max:
        raise ValueError(f"n_min {n_min} and n_max {n_max} must rise from 1; swap or raise them")
    sizes = np.arange(n_min, n_max + 1, dtype=np.int64)
    units, places = printed_units(percent, decimals)
    able = np.zeros(sizes.shape, dtype=bool)
    for up in _rules(rounding):
        least, greatest = _count_limits(units, places, sizes, up)
        able |= least <= greatest
    return sizes[able]


def pairs_print(
    counts: ArrayLike,
    sizes: ArrayLike,
    percents: Iterable[Percent],
    decimals: int,
    rounding: Rounding = "either",
) -> NDArray[np.bool_]:
    """Whether each count of its size prints as the percentage beside it, for whole tables at once.

    Three rows of equal length, all percentages with the same decimals.

    >>> pairs_print([8, 9], [87, 90], [9.2, 9.2], 1).tolist()
    [True, False]
    """
    k = np.asarray(counts, dtype=np.int64)
    units = np.array([printed_units(percent, decimals)[0] for percent in percents], dtype=np.int64)
    if not k.shape == units.shape == np.shape(sizes):
        raise ValueError("counts, sizes and percents differ in length; pass one of each a row")
    fits = np.zeros(k.shape, dtype=bool)
    for up in _rules(rounding):
        least, greatest = _count_limits(units, decimals, sizes, up)
        fits |= (least <= k) & (k <= greatest)
    return fits


def _sizes_for_count(units: int, decimals: int, count: int) -> tuple[int, int]:
    """Least and greatest n of which this count prints as the units, half-up or half-even.

    The tie below the units rounds up to them half-up; the tie above down to them half-even, when
    they are even.
    """
    share = 200 * 10**decimals * count
    least = -(-share // (2 * units + 1)) if units % 2 == 0 else share // (2 * units + 1) + 1
    greatest = share // (2 * units - 1) if units else MAX_SIZE
    return max(least, count, 1), greatest


def _nearest_sizes(
    percent: str, decimals: int, n: int, count: int | None
) -> tuple[int | None, int | None]:
    """Nearest sizes below and above n that can print the percentage, by this count if given."""
    if count is not None:
        least, greatest = _sizes_for_count(printed_units(percent, decimals)[0], decimals, count)
        below, above = min(greatest, n - 1), max(least, n + 1)
        return (below if below >= least else None), (above if above <= greatest else None)
    # From 100·10ᵈ people on, one moves the figure by at most its last decimal: any n will do.
    every = 100 * 10**decimals
    less = possible_sizes(percent, decimals, max(1, n - 1 - every), n - 1) if n > 1 else None
    larger = possible_sizes(percent, decimals, n + 1, max(n + 1, every))
    return (int(less[-1]) if less is not None and less.size else None), int(larger[0])


def check_proportion(
    percent: Percent, n: int, decimals: int | None = None, count: int | None = None
) -> ProportionCheck:
    """The proportion check of one printed percentage against its stated n, and count if printed.

    Obtainable when some count of n (or the printed count) rounds to it, half-up or half-even. The
    nearest other sizes are those for which it would be, each way; None where there is none.
    Raises ValueError for a percentage, size or count out of range.

    >>> check_proportion("9.2", 90).wording
    'not obtainable from the stated n; obtainable from 87 and 98'
    """
    units, places = printed_units(percent, decimals)
    if count is not None and not 0 <= count <= n:
        raise ValueError(
            f"count is {count} but must lie in 0 to n = {n}; swap the columns if mixed"
        )
    text = f"{Decimal(units).scaleb(-places):f}"
    up, even = (possible_counts(text, places, n, rule) for rule in ("half_up", "half_even"))
    return ProportionCheck(
        text,
        n,
        count,
        bool(up) if count is None else count in up,
        bool(even) if count is None else count in even,
        tuple(sorted({*up, *even})),
        *_nearest_sizes(text, places, n, count),
    )
