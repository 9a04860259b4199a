"""What the frictionless library does not check by itself, as checks of its own kind.

Each class is a frictionless ``Check``: it reads one resource and yields errors. The rules
concern bytes (encoding mark, line ends), cells (padding, number notation, finiteness),
intervals (an estimate lies within its limits) and sources (the key is in the bibliography).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from frictionless import Check, Row, errors

PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
NUMERIC = ("integer", "number")


class ByteError(errors.TableError):
    type = "byte-error"
    title = "Byte Error"
    template = "{note}"


class CellFormatError(errors.CellError):
    type = "cell-format"
    title = "Cell Format Error"
    template = "{note}"


class IntervalError(errors.RowError):
    type = "interval-error"
    title = "Interval Error"
    template = "{note}"


class BoundError(errors.CellError):
    type = "bound-error"
    title = "Bound Error"
    template = "{note}"


class SourceError(errors.CellError):
    type = "unknown-source"
    title = "Unknown Source Error"
    template = "{note}"


class PlainBytes(Check):
    """The file is UTF-8 text without a byte-order mark, lines end in LF, the last one too."""

    type = "plain-bytes"
    Errors: ClassVar = [ByteError]

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def validate_start(self) -> Iterable[Any]:
        content = self.path.read_bytes()
        if content.startswith(b"\xef\xbb\xbf"):
            yield ByteError(note="the file starts with a byte-order mark")
        if b"\r" in content:
            yield ByteError(note="a line ends in CR or CRLF")
        if content and not content.endswith(b"\n"):
            yield ByteError(note="the last line has no line end")


class PlainCells(Check):
    """Cells have no padding and no line breaks; numbers are plain decimals and finite."""

    type = "plain-cells"
    Errors: ClassVar = [CellFormatError]

    def __init__(self, numeric: Collection[str]) -> None:
        super().__init__()
        self.numeric = frozenset(numeric)

    def validate_row(self, row: Row) -> Iterable[Any]:
        for name, cell in zip(row.field_names, row.cells, strict=False):
            text = "" if cell is None else str(cell)
            if text != text.strip():
                yield self._error(row, name, f"the cell {text!r} is padded with spaces")
            if "\n" in text:
                yield self._error(row, name, "the cell holds a line break")
            if name in self.numeric and text and not PLAIN_NUMBER.fullmatch(text):
                yield self._error(row, name, f"{text!r} is not a plain finite decimal number")

    @staticmethod
    def _error(row: Row, name: str, note: str) -> CellFormatError:
        return CellFormatError.from_row(row, note=note, field_name=name)


class IntervalContainsEstimate(Check):
    """Where a row has limits, both are there and the estimate lies within them."""

    type = "interval-contains-estimate"
    Errors: ClassVar = [IntervalError]

    def __init__(self, estimate: str, low: str, high: str) -> None:
        super().__init__()
        self.columns = (estimate, low, high)

    def validate_row(self, row: Row) -> Iterable[Any]:
        estimate, low, high = (row.get(name) for name in self.columns)
        if low is None and high is None:
            return
        if low is None or high is None:
            yield IntervalError.from_row(row, note="the interval has one limit only")
        elif estimate is not None and not _within(estimate, low, high):
            note = f"the interval {low} to {high} does not contain its estimate {estimate}"
            yield IntervalError.from_row(row, note=note)


class WithinBounds(Check):
    """Bounds that hold for some rows only, such as 0 to 100 where the unit is percent."""

    type = "within-bounds"
    Errors: ClassVar = [BoundError]

    def __init__(
        self, field: str, where: Mapping[str, str], minimum: float, maximum: float
    ) -> None:
        super().__init__()
        self.field, self.where, self.limits = field, dict(where), (minimum, maximum)

    def validate_row(self, row: Row) -> Iterable[Any]:
        value = row.get(self.field)
        if value is None or any(row.get(key) != wanted for key, wanted in self.where.items()):
            return
        low, high = self.limits
        if not low <= float(value) <= high:
            context = ", ".join(f"{key} {wanted}" for key, wanted in self.where.items())
            note = f"{value} is outside {low} to {high}, the bounds for {context}"
            yield BoundError.from_row(row, note=note, field_name=self.field)


class KnownSource(Check):
    """The source key of every row is an entry of the bibliography."""

    type = "known-source"
    Errors: ClassVar = [SourceError]

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__()
        self.keys = frozenset(keys)

    def validate_row(self, row: Row) -> Iterator[Any]:
        key = row.get("source")
        if key is not None and key not in self.keys:
            note = f"source key {key!r} is not in the bibliography"
            yield SourceError.from_row(row, note=note, field_name="source")


def _within(estimate: Any, low: Any, high: Any) -> bool:
    numbers = [float(number) for number in (low, estimate, high)]
    return all(math.isfinite(number) for number in numbers) and numbers == sorted(numbers)
