"""The room that figures and tables keep for their controls, so that these move nothing.

Scripts make the controls: of a table once the page has loaded, of an interactive figure when it
comes near the viewport. Until then the page lays out the same elements, unseen and without
function; without scripts they are not displayed at all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

FILTERABLE = re.compile(
    r'<div class="[^"]*scroll"[^>]*><table class="filterable"'
    r'(?: data-within="([^"]*)")?(?: data-facets="([^"]*)")?>(?=(.*?)</thead>)',
    re.DOTALL,
)
FACET = re.compile(r"<th [^>]*data-filter>([^<]*)")


def room_for_filters(page: str) -> str:
    """A page with room above every table that readers can search and narrow down.

    >>> table = '<div class="scroll"><table class="filterable" data-facets="grade"><thead></thead>'
    >>> room_for_filters(table)[:53]
    '<div class="room filter-controls" aria-hidden="true" '
    """

    def with_room(match: re.Match[str]) -> str:
        within = f" in {match[1]}" if match[1] else ""
        named = [re.sub("[-_]", " ", name) for name in (match[2] or "").split()]
        facets = [name.capitalize() for name in named] or FACET.findall(match[3])
        choices = "".join(
            f"<label>{facet} <select><option>all</option></select></label>" for facet in facets
        )
        search = f'<label>Search{within} <input type="search"></label>'
        controls = f"{search}{choices}<button>Show all</button><output></output>"
        return _room(controls, " filter-controls") + match[0]

    return FILTERABLE.sub(with_room, page)


def room_before(spec: Mapping[str, Any]) -> str:
    """Room above the drawing, for the presets of an explorer."""
    explorer = spec.get("usermeta", {}).get("explorer")
    if not explorer:
        return ""
    buttons = "".join(f"<button>{html.escape(p['name'])}</button>" for p in explorer["presets"])
    return _room(
        f'<div class="explorer"><div class="explorer-presets">{buttons}</div>'
        '<p class="explorer-address">Address of these settings</p></div>'
    )


def room_after(spec: Mapping[str, Any]) -> str:
    """Room below the drawing, for sliders, lists and choices.

    >>> room_after({"params": [{"bind": {"input": "range", "name": "Years ", "max": 9}}]})
    '<div class="room" aria-hidden="true" inert><div class="vega-bindings"><div class="vega-bind"><label><span class="vega-bind-name">Years </span><input type="range"><span>9</span></label></div></div></div>'
    """  # noqa: E501
    bound = [param["bind"] for param in spec.get("params", ()) if "input" in param.get("bind", {})]
    return _room(f'<div class="vega-bindings">{"".join(map(_control, bound))}</div>')


def _control(bind: Mapping[str, Any]) -> str:
    """One control as Vega writes it."""
    name = f'<span class="vega-bind-name">{html.escape(bind["name"])}</span>'
    words = [html.escape(word) for word in bind.get("labels", bind.get("options", ()))]
    match bind["input"]:
        case "range":
            inner = f'<label>{name}<input type="range"><span>{bind["max"]}</span></label>'
        case "select":
            longest = max(words, key=len)
            inner = f"<label>{name}<select><option>{longest}</option></select></label>"
        case "radio":
            choices = "".join(f'<label><input type="radio">{word}</label>' for word in words)
            inner = f'{name}<span class="vega-bind-radio">{choices}</span>'
        case kind:
            raise NotImplementedError(f"a control of the kind {kind!r} has no room yet")
    return f'<div class="vega-bind">{inner}</div>'


def _room(content: str, kind: str = "") -> str:
    return f'<div class="room{kind}" aria-hidden="true" inert>{content}</div>'
