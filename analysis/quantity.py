"""A number with its unit, its interval and the data rows it came from."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from analysis.errors import UnitError

F = TypeVar("F", bound=Callable[..., Any])
Kind = Literal[
    "record", "definition", "unstated", "rounding", "process", "sampling", "bound", "model"
]
WITHOUT_LIMITS = ("record", "definition", "unstated")
KIND_LABELS: dict[str, str] = {
    "record": "full count, no sampling error",
    "definition": "definition or stated claim, not an estimate",
    "unstated": "no interval is available",
    "rounding": "limits set by rounding",
    "process": "interval for variation over time",
    "sampling": "confidence interval",
    "bound": "identification bounds",
    "model": "interval from a model",
}


@dataclass(frozen=True)
class Unit:
    """How a unit prints: pattern around the number, decimals by default, pattern for one."""

    pattern: str
    decimals: int
    singular: str = ""


UNITS: dict[str, Unit] = {
    "percent": Unit("{}%", 1),
    "percentage points": Unit("{} percentage points", 1, "{} percentage point"),
    "count": Unit("{}", 0),
    "people": Unit("{} people", 0, "{} person"),
    "referrals": Unit("{} referrals", 0, "{} referral"),
    "courses": Unit("{} courses", 0, "{} course"),
    "recoveries": Unit("{} recoveries", 0, "{} recovery"),
    "months": Unit("{} months", 0, "{} month"),
    "minutes": Unit("{} minutes", 0, "{} minute"),
    "days": Unit("{} days", 0, "{} day"),
    "weeks": Unit("{} weeks", 0, "{} week"),
    "sessions": Unit("{} sessions", 1, "{} session"),
    "points": Unit("{} points", 1, "{} point"),
    "score": Unit("{}", 1),
    "ratio": Unit("{}", 2),
    "odds ratio": Unit("{}", 2),
    "standard deviations": Unit("{}", 2),
    "correlation": Unit("{}", 2),
    "coefficient": Unit("{}", 2),
    "difference": Unit("{}", 2),
    "GBP": Unit("£{}", 0),
    "GBP million": Unit("£{} million", 0),
    "EUR": Unit("€{}", 0),
    "QALYs": Unit("{} QALYs", 3, "{} QALY"),
    "year": Unit("{}", 0),
}


@dataclass(frozen=True)
class Interval:
    """Limits of a named kind; the kinds without limits say why there are none.

    Args:
        kind: what the limits cover, or why there are none.
        low: lower limit.
        high: upper limit.
        level: nominal coverage, where it has one.
        repeated: for kind "process", what is imagined to happen again.

    Raises:
        UnitError: limits are missing, not finite, or the wrong way round for the kind.
    """

    kind: Kind
    low: float | None = None
    high: float | None = None
    level: float | None = None
    repeated: str = "month"

    def __post_init__(self) -> None:
        if self.kind not in KIND_LABELS:
            raise UnitError(f"interval kind {self.kind!r} is not one of {sorted(KIND_LABELS)}")
        if self.kind in WITHOUT_LIMITS:
            if self.low is not None or self.high is not None:
                raise UnitError(f"an interval of kind {self.kind!r} carries no limits")
            return
        if self.low is None or self.high is None:
            raise UnitError(f"an interval of kind {self.kind!r} needs both limits")
        object.__setattr__(self, "low", float(self.low))
        object.__setattr__(self, "high", float(self.high))
        if math.isnan(self.low) or math.isnan(self.high) or self.low > self.high:
            raise UnitError(f"interval {self.low} to {self.high}: low must not exceed high")

    @property
    def limits(self) -> tuple[float, float] | None:
        """Both limits, or None where the kind has none."""
        return None if self.low is None or self.high is None else (self.low, self.high)


RECORD = Interval("record")
DEFINITION = Interval("definition")
UNSTATED = Interval("unstated")


@dataclass(frozen=True)
class Quantity:
    """A number of the subject that knows its unit, its uncertainty and where it came from.

    Args:
        value: the number, in the unit.
        unit: a key of ``UNITS``.
        interval: limits of a named kind, or why there are none.
        rows: references ``table/id`` of every data row the value was computed from.
        by: dotted name of the function that computed it.
        decimals: decimals to print, where the unit's default is not sensible.

    >>> recovered = Quantity(50, "referrals", rows=frozenset({"year/a"}))
    >>> finished = Quantity(80, "referrals", rows=frozenset({"year/b"}))
    >>> rate = 100 * recovered / finished
    >>> rate.unit, rate.value, sorted(rate.rows)
    ('ratio', 62.5, ['year/a', 'year/b'])
    >>> print(share(recovered, finished))
    62.5%
    """

    value: float
    unit: str
    interval: Interval = RECORD
    rows: frozenset[str] = field(default_factory=frozenset)
    by: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise UnitError(f"unit {self.unit!r} is not one of {sorted(UNITS)}")
        object.__setattr__(self, "value", float(self.value))
        object.__setattr__(self, "rows", frozenset(self.rows))
        if not math.isfinite(self.value):
            raise UnitError(f"a quantity must be finite, got {self.value}")

    # -- printing -------------------------------------------------------------------------
    def number(self, value: float | None = None) -> str:
        """The bare number as printed, with a true minus sign and thousands separators."""
        value = self.value if value is None else value
        if math.isinf(value):
            return "∞" if value > 0 else "−∞"
        places = UNITS[self.unit].decimals if self.decimals is None else self.decimals
        text = f"{value:z,.{places}f}".replace("-", "−")
        return text.replace(",", "") if self.unit == "year" else text

    def __str__(self) -> str:
        unit, number = UNITS[self.unit], self.number()
        pattern = unit.singular if number == "1" and unit.singular else unit.pattern
        text = pattern.format(number)
        for currency in "£€":  # the sign stands before the currency
            text = text.replace(f"{currency}−", f"−{currency}")
        return text

    def limits_text(self) -> str:
        """The interval in words, for example ``95% CI 4.1% to 17.3%``; empty without limits."""
        limits = self.interval.limits
        if limits is None:
            return ""
        low, high = (self.number(limit) for limit in limits)
        mark = "%" if self.unit == "percent" else ""
        level = "" if self.interval.level is None else f"{100 * self.interval.level:g}% "
        name = {
            "sampling": f"{level}CI",
            "process": f"{level}{self.interval.repeated}-to-{self.interval.repeated} interval",
            "rounding": "rounding",
            "bound": "bounds",
            "model": f"{level}model interval",
        }[self.interval.kind]
        return f"{name} {low}{mark} to {high}{mark}"

    def with_limits(self) -> str:
        """Value and interval as plain text."""
        limits = self.limits_text()
        return f"{self} ({limits})" if limits else str(self)

    def _repr_html_(self) -> str:
        return f'<data value="{self.value!r}">{html.escape(str(self))}</data>'

    # -- arithmetic: lineage is always carried, an interval only where that is exact ---------
    def __neg__(self) -> Quantity:
        return self * -1

    def __add__(self, other: Quantity | float) -> Quantity:
        if not isinstance(other, Quantity):
            return self._affine(1.0, float(other))
        if other.unit != self.unit:
            raise UnitError(f"cannot add {other.unit} to {self.unit}")
        return self._combine(other, self.value + other.value, self.unit)

    __radd__ = __add__

    def __sub__(self, other: Quantity | float) -> Quantity:
        if not isinstance(other, Quantity):
            return self._affine(1.0, -float(other))
        if other.unit != self.unit:
            raise UnitError(f"cannot take {other.unit} from {self.unit}")
        unit = "percentage points" if self.unit == "percent" else self.unit
        return self._combine(other, self.value - other.value, unit)

    def __rsub__(self, other: float) -> Quantity:
        return self._affine(-1.0, float(other))

    def __mul__(self, other: Quantity | float) -> Quantity:
        if not isinstance(other, Quantity):
            return self._affine(float(other), 0.0)
        units = {self.unit, other.unit}
        if "ratio" not in units:
            raise UnitError(f"cannot multiply {self.unit} by {other.unit}: use derive()")
        unit = (units - {"ratio"} or {"ratio"}).pop()
        return self._combine(other, self.value * other.value, unit)

    __rmul__ = __mul__

    def __truediv__(self, other: Quantity | float) -> Quantity:
        if not isinstance(other, Quantity):
            return self._affine(1.0 / float(other), 0.0)
        if other.unit == self.unit:
            return self._combine(other, self.value / other.value, "ratio")
        if other.unit == "ratio":
            return self._combine(other, self.value / other.value, self.unit)
        raise UnitError(f"cannot divide {self.unit} by {other.unit}: use derive()")

    def _affine(self, scale: float, shift: float) -> Quantity:
        limits = self.interval.limits
        interval = self.interval
        if limits is not None:
            low, high = sorted(scale * limit + shift for limit in limits)
            interval = replace(interval, low=low, high=high)
        return replace(self, value=scale * self.value + shift, interval=interval, by="")

    def _combine(self, other: Quantity, value: float, unit: str) -> Quantity:
        return derive(value, unit, self, other)


def lineage(*inputs: Quantity | Iterable[str]) -> frozenset[str]:
    """All data rows behind several quantities or sets of row references."""
    return frozenset().union(
        *(item.rows if isinstance(item, Quantity) else frozenset(item) for item in inputs)
    )


def inherited(*inputs: Quantity | Iterable[str]) -> Interval:
    """The interval that can be claimed for a result when its own was not worked out.

    Records give a record and definitions a definition; anything uncertain gives "unstated",
    because an interval that was not propagated must not be mistaken for certainty.
    """
    kinds = {item.interval.kind for item in inputs if isinstance(item, Quantity)}
    if kinds <= {"record", "definition"}:
        return DEFINITION if kinds == {"definition"} else RECORD
    return UNSTATED


def derive(
    value: float,
    unit: str,
    *inputs: Quantity | Iterable[str],
    interval: Interval | None = None,
    decimals: int | None = None,
) -> Quantity:
    """A quantity computed from others, carrying the data rows of all of them."""
    return Quantity(
        value,
        unit,
        interval=inherited(*inputs) if interval is None else interval,
        rows=lineage(*inputs),
        decimals=decimals,
    )


def share(part: Quantity, whole: Quantity) -> Quantity:
    """A part as a percentage of a whole.

    >>> print(share(Quantity(8, "people"), Quantity(87, "people")))
    9.2%
    """
    return derive(100.0 * part.value / whole.value, "percent", part, whole)


def computes(function: F) -> F:
    """Stamp the quantities that a function returns with the function's own name."""
    name = f"{function.__module__}.{function.__qualname__}"

    def stamp(result: Any) -> Any:
        if isinstance(result, Quantity):
            return result if result.by else replace(result, by=name)
        if isinstance(result, dict):
            return {key: stamp(value) for key, value in result.items()}
        return result

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return stamp(function(*args, **kwargs))

    return cast(F, wrapper)
