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
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes

from analysis.charts import THEME, WIDTHS
from analysis.publish import MIME, VEGA_LITE
from analysis.site import drawing as drawing_room
from analysis.site import engine as engine_room
from analysis.site.controls import room_after, room_before
from analysis.site.engine import engine
from analysis.site.files import write_whole
from analysis.site.sources import source_labels
from analysis.tables import table_html
from analysis.validation import ROOT

VEGA_LITE_VERSION = "6.4"
SHOWN_SOURCES = 3
PARTS = ("marks", "axes", "legends")
UNPACK = "const rows=(k,r)=>r.map(v=>Object.fromEntries(k.map((n,i)=>[n,v[i]])));"
SHARED = r'"@@data(\d+)@@"'
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


def table_block(item: Mapping[str, Any], home: str = "") -> str:
    """A published table in its own scrolling box, with its sources; folded if it says so.

    Args:
        item: the published table.
        home: page of its chapter, where it is shown on another one.
    """
    title = html.escape(item["caption"])
    body = f"{_scrolling(item)}{_source(item)}{_downloads(item['name'], 'table', home)}"
    if item["folded"]:
        body = f'<details><summary class="table-title">{title}</summary>{body}</details>'
    else:
        body = f'<p class="table-title" aria-hidden="true">{title}</p>{body}'
    return f'<div class="published-table" id="{anchor(item["name"])}">{body}</div>'


def figure_block(item: Mapping[str, Any], home: str = "") -> str:
    """A published chart: title, picture at two widths, sources, data and downloads.

    Args:
        item: the published chart.
        home: page of its chapter, where it is shown on another one.
    """
    name = item["name"]
    drawings = {width: svg(item[width]) for width in WIDTHS}
    if len(set(drawings.values())) == 1:
        drawings = {"any": drawings["wide"]}
    pictures = "".join(
        f'<div class="picture {width}">{_embedded(drawing, f"{anchor(name)}-{width}")}</div>'
        for width, drawing in drawings.items()
    )
    words = _attribute(item["alt"])
    pictures = f'<div class="drawn" role="img" aria-label="{words}">{pictures}</div>'
    live = f' data-live="{name}"' if item["interactive"] else ""
    if item["interactive"]:
        pictures = room_before(item["wide"]) + pictures + room_after(item["wide"])
    return (
        f'<figure class="chart" id="{anchor(name)}"{live}>'
        f"<figcaption>{html.escape(item['title'])}</figcaption>{pictures}{_source(item)}"
        f"<details><summary>The numbers behind this figure</summary>"
        f"{_scrolling(item['table'])}</details>"
        f"{_downloads(name, 'figure', home)}"
        "</figure>"
    )


def closing_block(closing: Mapping[str, Any]) -> str:
    """What the chapter was computed from."""
    tables = ", ".join(f"<code>{html.escape(name)}</code>" for name in closing["tables"])
    return f'<p class="computed-from">This chapter was computed from the data tables {tables}.</p>'


def svg(spec: Mapping[str, Any]) -> str:
    """A chart drawn as SVG."""
    text = json.dumps(spec, sort_keys=True)
    key = hashlib.sha256(
        json.dumps([text, THEME, made_by(), VEGA_LITE_VERSION]).encode()
    ).hexdigest()
    cached = SVG_CACHE / f"{key}.svg"
    if cached.exists():
        drawing = cached.read_text(encoding="utf-8")
    else:
        drawing = drawing_room.compact(
            engine().vegalite_to_svg(
                json.loads(text), vl_version=VEGA_LITE_VERSION, config=THEME, allowed_base_urls=[]
            )
        )
        SVG_CACHE.mkdir(parents=True, exist_ok=True)
        write_whole(cached, drawing)
    return drawing


@cache
def made_by() -> list[str]:
    """What else a drawing depends on: the engine, how it is asked, what is made of its answer."""
    rooms = (engine_room, drawing_room)
    texts = [Path(str(room.__file__)).read_text(encoding="utf-8") for room in rooms]
    return [version("vl-convert-python"), *texts]


def live_script(item: Mapping[str, Any]) -> str:
    """A script that hands the page the Vega specifications of an interactive chart."""
    compiled = {
        width: _silent(
            engine().vegalite_to_vega(item[width], vl_version=VEGA_LITE_VERSION, config=THEME)
        )
        for width in WIDTHS
    }
    shared, data = _without_common_data(compiled)
    specifications = re.sub(SHARED, r"data[\1]", _json(shared))
    place = f"(window.recountedCharts??={{}})[{_json(item['name'])}]"
    packed = ",".join(map(_packed, data))
    return f"{{{UNPACK}const data=[{packed}];\n{place}={specifications};}}\n"


def _silent(node: Any) -> Any:
    """A specification whose parts have no words of their own: the whole has, and its table."""
    if isinstance(node, list):
        return [_silent(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    result = {key: _silent(value) for key, value in node.items()}
    for part in (*PARTS, "title"):
        items = result.get(part, [])
        for item in [items] if isinstance(items, dict) else items:
            if isinstance(item, dict):
                item["aria"] = False
                update = item.get("encode", {}).get("update", {})
                for words in ("description", "ariaRoleDescription"):
                    update.pop(words, None)
    return result


def _without_common_data(compiled: Mapping[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """Specifications whose data name a place in a list, so that both widths share them."""
    data: list[Any] = []

    def place(entry: Mapping[str, Any]) -> Mapping[str, Any]:
        if "values" not in entry:
            return entry
        if entry["values"] not in data:
            data.append(entry["values"])
        return {**entry, "values": f"@@data{data.index(entry['values'])}@@"}

    shared = {
        width: {**vega, "data": [place(entry) for entry in vega.get("data", ())]}
        for width, vega in compiled.items()
    }
    return shared, data


def _packed(rows: Any) -> str:
    """Rows of equal keys with the keys named once, as an expression that unpacks them."""
    keys = list(rows[0]) if isinstance(rows, list) and rows and isinstance(rows[0], dict) else []
    if not keys or any(list(row) != keys for row in rows):
        return _json(rows)
    return f"rows({_json(keys)},{_json([list(row.values()) for row in rows])})"


def _json(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _embedded(drawing: str, prefix: str) -> str:
    """A drawing whose inner ids are unique in its page."""
    drawing = re.sub(r'\bid="', f'id="{prefix}-', drawing)
    return re.sub(r"url\(#", f"url(#{prefix}-", drawing)


def _scrolling(table: Mapping[str, Any]) -> str:
    """A table in a box that scrolls sideways, so that a wide one never widens the page."""
    return (
        f'<div class="scroll" tabindex="0" role="group" '
        'aria-label="Table, scrolls sideways">'
        f"{table_html(table['caption'], table['header'], table['cells'], table.get('filters', ()))}"
        "</div>"
    )


def _downloads(name: str, kind: str, home: str) -> str:
    links = f'<a href="#{anchor(name)}">Link to this {kind}</a> '
    links += f'<a href="../_charts/{name}.csv" download>Data (CSV)</a>'
    if kind == "figure":
        links += f' <a href="../_charts/{name}.vl.json" download>Specification (Vega-Lite)</a>'
    links += f' <a href="../_sources/book/{name.partition(".")[0]}.ipynb" download>Notebook</a>'
    if home:
        links += f' <a href="{home}#{anchor(name)}">In its chapter, with how it was computed</a>'
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
