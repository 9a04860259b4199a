"""What the frictionless library does not check by itself, as checks of its own kind.

Each class is a frictionless ``Check``: it reads one resource and yields errors. The rules
concern bytes (encoding mark, line ends), cells (padding, number notation, finiteness),
intervals (an estimate lies within its limits), sources (the key is in the bibliography) and
references (the row that is named exists).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from frictionless import Check, Row, errors

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
PLAIN_ID = re.compile(r"[A-Za-z0-9_.-]+")
INVISIBLE = ("Cc", "Cf", "Co", "Cn")  # Unicode's control, format and unassigned characters
NUMERIC = ("integer", "number")


class ByteError(errors.TableError):
    type = "byte-error"
    title = "Byte Error"
    template = "{note}"


class EmptyError(errors.TableError):
    type = "empty-table"
    title = "Empty Table Error"
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


class UnknownRowError(errors.CellError):
    type = "unknown-row"
    title = "Unknown Row Error"
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
            line = content[: content.index(b"\r")].count(b"\n") + 1
            yield ByteError(note=f"line {line} ends in CR or CRLF")
        if content and not content.endswith(b"\n"):
            line = content.count(b"\n") + 1
            yield ByteError(note=f"line {line}, the last, has no line end: it may be cut off")


class PlainCells(Check):
    """Cells have no padding, line breaks or invisible characters, and are in their plain form.

    Numbers are plain decimals and finite, truth values ``true`` or ``false`` (other words for
    them would be read as false), ids free of spaces, which separate ids in lists.
    """

    type = "plain-cells"
    Errors: ClassVar = [CellFormatError]

    def __init__(self, numeric: Collection[str], truths: Collection[str] = ()) -> None:
        super().__init__()
        self.numeric = frozenset(numeric)
        self.truths = frozenset(truths)

    def validate_row(self, row: Row) -> Iterable[Any]:
        for name, cell in zip(row.field_names, row.cells, strict=False):
            text = "" if cell is None else str(cell)
            if text != text.strip():
                yield self._error(row, name, f"the cell {text!r} is padded with spaces")
            if "\n" in text:
                yield self._error(row, name, "the cell holds a line break")
            elif any(unicodedata.category(letter) in INVISIBLE for letter in text):
                yield self._error(row, name, f"the cell {text!a} holds an invisible character")
            if name in self.numeric and text and not PLAIN_NUMBER.fullmatch(text):
                yield self._error(row, name, f"{text!r} is not a plain finite decimal number")
            if name in self.truths and text not in ("", "true", "false"):
                yield self._error(row, name, f"{text!r} is neither true nor false")
            if name == "id" and text and not PLAIN_ID.fullmatch(text):
                yield self._error(row, name, f"the id {text!r} is not of letters, digits, _ . -")

    @staticmethod
    def _error(row: Row, name: str, note: str) -> CellFormatError:
        error: CellFormatError = CellFormatError.from_row(row, note=note, field_name=name)
        return error


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
        elif estimate is None:
            if not _within(low, low, high):
                yield IntervalError.from_row(row, note=f"the interval {low} to {high} is reversed")
        elif not _within(estimate, low, high):
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


class SomeRows(Check):
    """The table has rows: counts and searches of an empty one would find nothing, silently."""

    type = "some-rows"
    Errors: ClassVar = [EmptyError]

    def __init__(self) -> None:
        super().__init__()
        self.rows = 0

    def validate_row(self, row: Row) -> Iterable[Any]:
        self.rows += 1
        return ()

    def validate_end(self) -> Iterable[Any]:
        if not self.rows:
            yield EmptyError(note="the table has no rows")


class KnownSource(Check):
    """The source keys of every row are entries of the bibliography."""

    type = "known-source"
    Errors: ClassVar = [SourceError]

    def __init__(self, keys: Collection[str], columns: Collection[str] = ("source",)) -> None:
        super().__init__()
        self.keys = frozenset(keys)
        self.columns = tuple(columns)

    def validate_row(self, row: Row) -> Iterator[Any]:
        for name in self.columns:
            key = row.get(name)
            if key is not None and key not in self.keys:
                note = f"source key {key!r} is not in the bibliography"
                yield SourceError.from_row(row, note=note, field_name=name)


class KnownRows(Check):
    """The rows that a cell names exist: ids of one table, or references ``table/id``.

    Args:
        known: ids of the rows of every table.
        field: the column; several references stand apart by spaces or semicolons.
        table: the table whose ids they are; without it each names its own.
    """

    type = "known-rows"
    Errors: ClassVar = [UnknownRowError]

    def __init__(
        self, known: Mapping[str, Collection[str]], field: str, table: str | None = None
    ) -> None:
        super().__init__()
        self.known, self.field, self.table = known, field, table

    def validate_row(self, row: Row) -> Iterator[Any]:
        for reference in re.split(r"[;\s]+", row.get(self.field) or ""):
            table, _, name = reference.rpartition("/")
            if reference and name not in self.known.get(self.table or table, ()):
                note = f"{reference!r} names no row of {self.table or table or 'any table'}"
                yield UnknownRowError.from_row(row, note=note, field_name=self.field)


def _within(estimate: Any, low: Any, high: Any) -> bool:
    return float(low) <= float(estimate) <= float(high)
