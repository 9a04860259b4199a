"""The evidence: validated tables in, one immutable object out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import LookupFault
from analysis.quantity import DEFINITION, RECORD, UNITS, UNSTATED, Interval, Quantity
from analysis.validation import PACKAGE, ROOT, validate

UNCERTAINTY = {"record": RECORD, "definition": DEFINITION, "unstated": UNSTATED}


class Evidence:
    """Every table of the data package, readable and not changeable.

    It remembers which tables were read, so that a chapter can be tied to just those.

    Args:
        tables: data frames indexed by ``id``.
        descriptors: the package's description of each table (units, intervals, uncertainty).
        decimals: for each table, the decimals of every number as it was transcribed.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        descriptors: Mapping[str, Mapping[str, Any]],
        decimals: Mapping[str, pd.DataFrame],
    ) -> None:
        self._tables = MappingProxyType({name: frame.copy() for name, frame in tables.items()})
        self._descriptors = MappingProxyType(dict(descriptors))
        self._decimals = MappingProxyType(dict(decimals))
        self._read: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all tables."""
        return tuple(self._tables)

    @property
    def tables_read(self) -> tuple[str, ...]:
        """Names of the tables read so far, sorted."""
        return tuple(sorted(self._read))

    def table(self, name: str, **where: Any) -> pd.DataFrame:
        """Rows of a table, indexed by ``id``, where every named column has the given value.

        Raises:
            LookupFault: no such table or column.
        """
        frame = self._frame(name)
        fits = np.ones(len(frame), dtype=bool)
        for column, wanted in where.items():
            if column not in frame:
                raise LookupFault(f"table {name!r} has no column {column!r}: {list(frame)}")
            values = wanted if isinstance(wanted, list | tuple | set) else [wanted]
            fits &= frame[column].isin(values).to_numpy()
        return frame[fits].copy() if where else frame.copy()

    def descriptor(self, name: str) -> Mapping[str, Any]:
        """The package's description of a table."""
        return self._descriptors[name]

    def rows(self, name: str, ids: Iterable[str]) -> frozenset[str]:
        """References ``table/id`` to rows, the form that quantities carry."""
        return frozenset(f"{name}/{row}" for row in ids)

    def quantity(self, name: str, row: str, column: str = "value") -> Quantity:
        """One number of one row, with its unit, its interval if printed, and its lineage.

        It prints with no more decimals than it was transcribed with.

        Raises:
            LookupFault: no such row or column, or the cell is empty.
        """
        frame = self._frame(name)
        if row not in frame.index:
            raise LookupFault(f"table {name!r} has no row {row!r}")
        if column not in frame:
            raise LookupFault(f"table {name!r} has no column {column!r}: {list(frame)}")
        record = frame.loc[row]
        if not np.isfinite(record[column]):
            raise LookupFault(f"table {name!r}, row {row!r}: {column} is empty")
        unit = self._unit(name, column, record)
        transcribed = int(self._decimals[name].loc[row, column])
        return Quantity(
            record[column],
            unit,
            interval=self._interval(name, column, record),
            rows=self.rows(name, [row]),
            decimals=transcribed if transcribed < UNITS[unit].decimals else None,
        )

    def pick(self, name: str, column: str = "value", **where: Any) -> Quantity:
        """The number of the single row that fits every condition.

        Raises:
            LookupFault: no row fits, or more than one.
        """
        fitting = self.table(name, **where)
        if len(fitting) != 1:
            ids = ", ".join(fitting.index[:5])
            raise LookupFault(f"table {name!r}: {len(fitting)} rows fit {where} ({ids})")
        return self.quantity(name, str(fitting.index[0]), column)

    def with_table(self, name: str, frame: pd.DataFrame) -> Evidence:
        """The same evidence with one table replaced: what would follow from other data."""
        if name not in self._tables:
            raise LookupFault(f"no table {name!r}: the package has {', '.join(self._tables)}")
        return Evidence({**self._tables, name: frame}, self._descriptors, self._decimals)

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise LookupFault(f"no table {name!r}: the package has {', '.join(self._tables)}")
        self._read.add(name)
        return self._tables[name]

    def _unit(self, name: str, column: str, record: pd.Series) -> str:
        fields = {field["name"]: field for field in self._descriptors[name]["schema"]["fields"]}
        unit = fields[column].get("unit") or record.get("unit")
        if unit not in UNITS:
            raise LookupFault(f"table {name!r}, column {column!r}: unit {unit!r} is unknown")
        return str(unit)

    def _interval(self, name: str, column: str, record: pd.Series) -> Interval:
        descriptor = self._descriptors[name]
        for spec in descriptor.get("intervals", ()):
            low, high = record[spec["low"]], record[spec["high"]]
            if spec["estimate"] == column and np.isfinite(low) and np.isfinite(high):
                level = record.get("ci_level", np.nan)
                known = float(level) / 100 if np.isfinite(level) else None
                return Interval("sampling", low, high, known)
        own = record.get("uncertainty", "")
        return UNCERTAINTY[own or descriptor.get("uncertainty", "unstated")]


def load(data: Path = ROOT / "data", bibliography: Path | None = None) -> Evidence:
    """Validate the data package and read it.

    Raises:
        DataError: the package breaks a rule; every fault found is listed.
    """
    validate(data, bibliography)
    package = json.loads((data / PACKAGE).read_text(encoding="utf-8"))
    descriptors = {resource["name"]: resource for resource in package["resources"]}
    read = {name: _read_table(data, about) for name, about in descriptors.items()}
    return Evidence(
        {name: frame for name, (frame, _) in read.items()},
        descriptors,
        {name: decimals for name, (_, decimals) in read.items()},
    )


def _read_table(data: Path, descriptor: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table with its column types, and the decimals of its numbers as transcribed."""
    frame = pd.read_csv(
        data / descriptor["path"], dtype="str", keep_default_na=False, encoding="utf-8"
    ).set_index("id")
    types = {field["name"]: field["type"] for field in descriptor["schema"]["fields"]}
    numbers = [name for name in frame if types[name] in ("integer", "number")]
    decimals = frame[numbers].apply(lambda column: column.str.partition(".")[2].str.len())
    for name in numbers:
        frame[name] = pd.to_numeric(frame[name].replace("", np.nan)).astype("float64")
    for name in frame:
        if types[name] == "boolean":
            frame[name] = frame[name] == "true"
    return frame, decimals
