"""Named errors: each says what is wrong, where, by which rule, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass


class BookError(Exception):
    """Any reason for which the book refuses to be computed or built."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the data: the place, the rule it breaks and the remedy."""

    file: str
    rule: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.rule}\n    remedy: {self.remedy}"


class DataError(BookError):
    """The data package breaks its own rules; carries every fault found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        listing = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{len(self.faults)} fault(s) in the data:\n{listing}")


class LookupFault(BookError, KeyError):
    """A table, row, column or name was asked for that does not exist, or is not unique."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnitError(BookError, ValueError):
    """Quantities of different units were combined, or a unit is unknown."""


class PublishError(BookError, ValueError):
    """A chapter published something unusable: a doubled name, no title, no finite value."""


class StaleError(BookError):
    """A notebook's recorded outputs do not belong to the data or the code as they are now."""


class ExecutionError(BookError):
    """A cell failed, warned or printed while a chapter was executed."""


class BusyError(BookError):
    """Another process is building in the same folder."""


class LedgerError(BookError):
    """A claim has no check or two, or a check has no claim."""
