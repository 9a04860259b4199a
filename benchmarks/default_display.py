"""What a chapter of the baseline shows: tables and charts by the libraries' own defaults.

Copied beside the baseline's notebooks, which import it in the place of ``analysis.publish``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from IPython.display import display

from analysis.charts import WIDTHS, Chart
from analysis.tables import Table


class Chapter:
    """Shows what is published and remembers nothing: numbers stand in the prose as words."""

    def __init__(self, name: str, evidence: Any) -> None:
        self.name = name

    def publish(self, items: Mapping[str, Any]) -> None:
        """Show tables as frames and charts by Altair's default renderer."""
        for item in items.values():
            if isinstance(item, Chart):
                display(item.draw(WIDTHS["wide"]))
                display(item.table.frame.astype(str))
            elif isinstance(item, Table):
                display(item.frame.astype(str))

    def close(self) -> None:
        """Nothing is recorded."""
