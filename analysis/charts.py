"""Charts that can be published: drawn at two widths, with title, alternative text and table.

The notebook keeps the bare specification. Colours are names of the site's palette
(``var(--…)``), so that a figure follows the page's theme; see ``THEME``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from altair.typing import ChartType

from analysis.errors import PublishError
from analysis.tables import Table, rounded

WIDTHS = {"wide": 620, "narrow": 300}
INK, MUTED, RULE = "var(--chart-ink)", "var(--chart-muted)", "var(--chart-rule)"
FOUNDER, CRITIC, OFFICIAL, TRIAL = (
    "var(--chart-founder)",
    "var(--chart-critic)",
    "var(--chart-official)",
    "var(--chart-trial)",
)
FINANCIAL_YEAR = "datum.value + '-' + format((datum.value + 1) % 100, '02')"  # 2024 as 2024-25
FONT = "'Liberation Sans', Arial, Helvetica, sans-serif"  # of equal widths, as drawn and as read

THEME: dict[str, Any] = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelSeparation": 6,
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
    },
    "header": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12},
    "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12},
    "title": {"color": INK, "subtitleColor": MUTED, "fontSize": 13, "anchor": "start"},
    "text": {"color": INK, "fontSize": 12},
    "rule": {"color": MUTED},
    "line": {"color": OFFICIAL, "strokeWidth": 2},
    "point": {"color": OFFICIAL, "filled": True, "size": 60},
    "bar": {"color": OFFICIAL},
    "area": {"color": OFFICIAL, "opacity": 0.25},
    "tick": {"color": INK},
    "rect": {"color": OFFICIAL},
    "range": {"category": [OFFICIAL, CRITIC, FOUNDER, TRIAL, MUTED]},
}

# a bar of bounds: its outline is seen against the page, its shade leaves a mark within it visible
OUTLINED: dict[str, Any] = {"fillOpacity": 0.45, "strokeWidth": 1}

Width = Literal["wide", "narrow"]
Align = Literal["left", "center", "right"]
Weight = Literal["normal", "bold"]


@dataclass(frozen=True)
class Chart:
    """A figure: what it shows in words, in numbers and as a picture.

    Args:
        title: the finding, as a sentence.
        alt: what the picture shows, for a reader who does not see it.
        table: the same numbers.
        draw: takes a width in pixels and returns an Altair chart that fits it.
        interactive: whether readers can change something in the page.

    Raises:
        PublishError: title or alternative text is missing.
    """

    title: str
    alt: str
    table: Table
    draw: Callable[[int], ChartType]
    interactive: bool = False

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.alt.strip():
            raise PublishError("a chart needs a title and an alternative text")

    def specification(self, width: Width) -> dict[str, Any]:
        """The Vega-Lite specification at one of the two widths, without run-dependent names."""
        drawing = self.draw(WIDTHS[width])
        spec = json.loads(json.dumps(drawing.to_dict()))
        spec.pop("config", None)
        return _steady(spec)


def _steady(spec: dict[str, Any]) -> dict[str, Any]:
    """Round floats, and number automatic view names within the chart, not the session."""
    names: dict[str, str] = {}

    def walk(node: Any) -> Any:
        if isinstance(node, float):
            return rounded(node)
        if isinstance(node, list):
            return [walk(item) for item in node]
        if isinstance(node, Mapping):
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, str) and node.startswith("view_") and node[5:].isdigit():
            return names.setdefault(node, f"view_{len(names) + 1}")
        return node

    steady: dict[str, Any] = walk(spec)
    return steady
