"""Put published tables and charts into the page: drawn when the site is built.

A chart becomes inline SVG at two widths, so that it is there at first paint, without
JavaScript and on a phone; its data stand beside it as a table. An interactive chart also
carries its compiled specification, which the page's own script brings to life near the
viewport. Colours are CSS variables, so the picture follows the page's theme.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from docutils import nodes

from analysis.charts import THEME, WIDTHS
from analysis.publish import MIME, VEGA_LITE
from analysis.site.files import write_whole
from analysis.site.sources import source_labels
from analysis.tables import table_html
from analysis.validation import ROOT

VEGA_LITE_VERSION = "6.4"
SHOWN_SOURCES = 3
SVG_CACHE = ROOT / "_build" / "cache" / "svg"


class PublishedRenderer:
    """MyST-NB renderer for the published record of a cell."""

    mime_priority_overrides: ClassVar = [("*", MIME, 1)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Node] | None:
        """The document nodes for a published record; None for any other output."""
        if data.mime_type == VEGA_LITE:
            return []  # for notebook editors; the page has the drawing made from the record
        if data.mime_type != MIME:
            return None
        record = data.content if isinstance(data.content, Mapping) else json.loads(data.content)
        known = renderer.renderer.sphinx_env.app.recounted_records.displays
        items = [known[item["name"]] for item in record.get("displays", ())]
        pieces = [
            table_block(item) if item["kind"] == "table" else figure_block(item) for item in items
        ]
        if "closing" in record:
            pieces.append(closing_block(record["closing"]))
        return [nodes.raw("", piece, format="html") for piece in pieces or [""]]


def anchor(name: str) -> str:
    """The id of a published item's element in its page."""
    return name.replace(".", "-").replace("_", "-")


def table_block(item: Mapping[str, Any]) -> str:
    """A published table in its own scrolling box, with its sources; folded if it says so."""
    title = html.escape(item["caption"])
    body = f"{_scrolling(item)}{_source(item)}{_downloads(item['name'], chart=False)}"
    if item["folded"]:
        body = f'<details><summary class="table-title">{title}</summary>{body}</details>'
    else:
        body = f'<p class="table-title" aria-hidden="true">{title}</p>{body}'
    return f'<div class="published-table" id="{anchor(item["name"])}">{body}</div>'


def figure_block(item: Mapping[str, Any]) -> str:
    """A published chart: title, picture at two widths, sources, data and downloads."""
    name = item["name"]
    pictures = "".join(
        f'<div class="picture {width}" role="img" aria-label="{_attribute(item["alt"])}">'
        f"{svg(item[width], f'{anchor(name)}-{width}')}</div>"
        for width in WIDTHS
    )
    live = f' data-live="{name}"' if item["interactive"] else ""
    return (
        f'<figure class="chart" id="{anchor(name)}"{live}>'
        f"<figcaption>{html.escape(item['title'])}</figcaption>{pictures}{_source(item)}"
        f"<details><summary>The numbers behind this figure</summary>"
        f"{_scrolling(item['table'])}</details>"
        f"{_downloads(name, chart=True)}"
        "</figure>"
    )


def closing_block(closing: Mapping[str, Any]) -> str:
    """What the chapter was computed from."""
    tables = ", ".join(f"<code>{html.escape(name)}</code>" for name in closing["tables"])
    return f'<p class="computed-from">This chapter was computed from the data tables {tables}.</p>'


def svg(spec: Mapping[str, Any], prefix: str) -> str:
    """A chart drawn as SVG, its inner ids made unique in the page by a prefix."""
    import vl_convert

    text = json.dumps(spec, sort_keys=True)
    made_by = vl_convert.__version__  # type: ignore[attr-defined]  # left out of its stub
    key = hashlib.sha256(json.dumps([text, THEME, made_by, VEGA_LITE_VERSION]).encode()).hexdigest()
    cached = SVG_CACHE / f"{key}.svg"
    if cached.exists():
        drawing = cached.read_text(encoding="utf-8")
    else:
        drawing = vl_convert.vegalite_to_svg(
            json.loads(text), vl_version=VEGA_LITE_VERSION, config=THEME, allowed_base_urls=[]
        )
        SVG_CACHE.mkdir(parents=True, exist_ok=True)
        write_whole(cached, drawing)
    return _embedded(drawing, prefix)


def live_script(item: Mapping[str, Any]) -> str:
    """A script that hands the page the Vega specifications of an interactive chart."""
    import vl_convert

    compiled = {
        width: vl_convert.vegalite_to_vega(item[width], vl_version=VEGA_LITE_VERSION, config=THEME)
        for width in WIDTHS
    }
    text = json.dumps(compiled, sort_keys=True, separators=(",", ":"))
    return f"(window.recountedCharts??={{}})[{json.dumps(item['name'])}]={text};\n"


def _embedded(drawing: str, prefix: str) -> str:
    """SVG fit for a page: scalable, hidden from assistive technology (the wrapper speaks)."""
    drawing = re.sub(r'\bid="', f'id="{prefix}-', drawing)
    drawing = re.sub(r"url\(#", f"url(#{prefix}-", drawing)
    drawing = re.sub(r'\s(role|aria-[a-z]+)="[^"]*"', "", drawing)
    return drawing.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _scrolling(table: Mapping[str, Any]) -> str:
    """A table in a box that scrolls sideways, so that a wide one never widens the page."""
    return (
        f'<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{_attribute(table["caption"])}">'
        f"{table_html(table['caption'], table['header'], table['cells'], table.get('filters', ()))}"
        "</div>"
    )


def _downloads(name: str, chart: bool) -> str:
    links = f'<a href="../_charts/{name}.csv" download>Data (CSV)</a>'
    if chart:
        links += f' <a href="../_charts/{name}.vl.json" download>Specification (Vega-Lite)</a>'
    return f'<p class="downloads">{links}</p>'


def _source(item: Mapping[str, Any]) -> str:
    """The sources by number of rows; where there are many, the rest one click away."""
    sources = source_labels(item["rows"])
    if not sources:
        return ""
    if len(sources) <= SHOWN_SOURCES + 1:
        return f'<p class="source">Sources: {html.escape("; ".join(sources))}.</p>'
    shown = html.escape("; ".join(sources[:SHOWN_SOURCES]))
    rest = html.escape("; ".join(sources[SHOWN_SOURCES:]))
    number = len(sources) - SHOWN_SOURCES
    return (
        f'<details class="source"><summary>Sources: {shown}; and {number} more</summary>'
        f"<p>{rest}.</p></details>"
    )


def _attribute(text: str) -> str:
    return html.escape(text, quote=True)
