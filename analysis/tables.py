"""A table that a chapter can publish, and the one writer that turns tables into HTML."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.errors import PublishError
from analysis.quantity import Quantity, lineage

EMPTY = "–"
SENTENCE = 60


@dataclass(frozen=True)
class Table:
    """A captioned table; the first column names the rows.

    Args:
        caption: what the table shows, as a sentence.
        frame: cells are text, numbers or quantities; column labels are the printed headers.
        rows: references ``table/id`` of the data rows behind it (those of its quantities are
            added).
        decimals: decimals by column label, for plain numbers.
        folded: whether the page shows the caption alone until a reader opens the table.
        filters: columns by whose values a reader can narrow the table down.

    Raises:
        PublishError: no caption, no cells, an unknown filter, or an infinite number.
    """

    caption: str
    frame: pd.DataFrame
    rows: frozenset[str] = frozenset()
    decimals: Mapping[str, int] = field(default_factory=dict)
    folded: bool = False
    filters: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not self.caption.strip():
            raise PublishError("a table needs a caption")
        if self.frame.empty:
            raise PublishError(f"the table {self.caption!r} has no cells")
        if unknown := set(self.filters) - set(self.header):
            raise PublishError(f"the table {self.caption!r} has no columns {sorted(unknown)}")
        quantities = [
            cell for cell in self.frame.to_numpy(dtype=object).ravel() if isinstance(cell, Quantity)
        ]
        object.__setattr__(self, "rows", lineage(self.rows, *quantities))

    @property
    def header(self) -> list[str]:
        """Printed column labels."""
        return [str(column) for column in self.frame.columns]

    def cells(self) -> list[list[dict[str, Any]]]:
        """Every cell as ``{"text": …, "value": …}``; ``value`` only where it is a number."""
        records = self.frame.to_numpy(dtype=object)
        return [
            [self._cell(*item) for item in zip(self.header, row, strict=True)] for row in records
        ]

    def _cell(self, column: str, cell: Any) -> dict[str, Any]:
        if isinstance(cell, Quantity):
            result: dict[str, Any] = {"text": str(cell), "value": rounded(cell.value)}
            if limits := cell.limits_text():
                result["limits"] = limits
            return result
        if cell is None or (isinstance(cell, float) and math.isnan(cell)) or cell is pd.NA:
            return {"text": EMPTY}
        if isinstance(cell, bool):
            return {"text": "yes" if cell else "no"}
        if isinstance(cell, str):
            return {"text": str(cell)}
        number = float(cell)
        if math.isinf(number):
            raise PublishError(f"the table {self.caption!r} has an infinite number in {column!r}")
        places = self.decimals.get(column, 0 if number == int(number) else 1)
        text = f"{number:z,.{places}f}".replace("-", "−")
        return {"text": text, "value": rounded(number)}


def rounded(value: float) -> float:
    """A float at ten significant digits, so that records agree between machines."""
    return float(f"{float(value):.10g}")


def table_html(
    caption: str,
    header: Sequence[str],
    cells: Sequence[Sequence[Mapping[str, Any]]],
    filters: Sequence[str] = (),
) -> str:
    """An accessible table: caption, column and row headers with scope, numbers as data."""
    classes = [_column_class([row[i] for row in cells]) for i in range(len(header))]
    head = "".join(
        f'<th scope="col"{kind}{" data-filter" if label in filters else ""}>'
        f"{html.escape(label)}</th>"
        for label, kind in zip(header, classes, strict=True)
    )
    body = []
    for row in cells:
        first = f'<th scope="row"{classes[0]}>{_cell_html(row[0])}</th>'
        rest = "".join(
            f"<td{kind}>{_cell_html(cell)}</td>"
            for cell, kind in zip(row[1:], classes[1:], strict=True)
        )
        body.append(f"<tr>{first}{rest}</tr>")
    opening = '<table class="filterable">' if filters else "<table>"
    return (
        f"{opening}<caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _column_class(cells: Sequence[Mapping[str, Any]]) -> str:
    """Numbers align right; a column of sentences gets room, or its rows would be towers."""
    if all("value" in cell or cell["text"] == EMPTY for cell in cells):
        return ' class="number"'
    return ' class="prose"' if any(len(cell["text"]) > SENTENCE for cell in cells) else ""


def _cell_html(cell: Mapping[str, Any]) -> str:
    text = html.escape(cell["text"])
    if "value" in cell:
        text = f'<data value="{cell["value"]!r}">{text}</data>'
    if "limits" in cell:
        text += f' <span class="limits">{html.escape(cell["limits"])}</span>'
    return text
