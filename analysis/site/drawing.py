"""Make a drawn chart small enough for a page, without changing what it shows.

Vega's SVG repeats on every mark what a style sheet or SVG's own defaults say once, nests groups
that carry nothing, and prints coordinates to fifteen digits.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
DECIMALS = 1
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+e-\d+")
COORDINATES = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points")
DEFAULTS = {
    "opacity": "1",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "stroke-miterlimit": "10",
    "transform": "translate(0,0)",
    "font-weight": "normal",
    "text-anchor": "start",
}
FOR_SCRIPTS = (
    *("class", "pointer-events", "font-family", "aria-hidden", "aria-label", "role"),
    *("aria-roledescription", "style"),
)
EMPTY_PATHS = ("", "M0,0h0v0h0Z")
CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")
BAR = re.compile(r"(M[-\d.]+,[-\d.]+h[\d.]+v[\d.]+h-[\d.]+Z)+$")
UPRIGHT = re.compile(r"(M[-\d.]+,[-\d.]+v[-\d.]+)+$")
UPRIGHT_PLACE = re.compile(r"M([-\d.]+),")
SHIFT = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")
INHERITED = (
    *("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray"),
    *("font-size", "font-weight", "text-anchor"),
)


def compact(drawing: str) -> str:
    """The same picture in fewer bytes, hidden from assistive technology (its frame speaks).

    >>> compact('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9">'
    ...         '<g class="mark"><path d="" class="foreground"/><line stroke="red" x2="3.14159"/>'
    ...         '</g></svg>')
    '<svg aria-hidden="true" focusable="false" viewBox="0 0 9 9" width="9" height="9"><path stroke="red" d="M0,0h3.1" fill="none"/></svg>'
    """  # noqa: E501
    root = ElementTree.fromstring(drawing)
    fonts = {font for text in root.iter(f"{{{SVG}}}text") if (font := text.get("font-family"))}
    _clean(root)
    if len(fonts) == 1:
        root.set("font-family", fonts.pop())
    root.attrib |= {"aria-hidden": "true", "focusable": "false"}
    order = ("aria-hidden", "focusable", "viewBox", "width", "height", "font-family")
    root.attrib = {name: root.attrib[name] for name in order if name in root.attrib}
    return _numbered(ElementTree.tostring(root, encoding="unicode").replace(" />", "/>"))


def _numbered(text: str) -> str:
    """Number inner ids within the drawing: Vega counts on from one drawing to the next."""
    for number, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', text))):
        text = text.replace(f'id="{name}"', f'id="i{number}"').replace(f"#{name})", f"#i{number})")
    return text


def _clean(element: ElementTree.Element) -> None:
    element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    for name in FOR_SCRIPTS:
        element.attrib.pop(name, None)
    for name, value in DEFAULTS.items():
        if element.get(name) == value:
            del element.attrib[name]
    for name in COORDINATES:
        if name in element.attrib:
            element.set(name, NUMBER.sub(_shorter, element.attrib[name]))
    _simplify(element)
    kept: list[ElementTree.Element] = []
    for child in element:
        _clean(child)
        if child.tag == "path" and child.get("d", "") in EMPTY_PATHS:
            continue
        if child.get("display") == "none":
            continue
        if child.tag == "g" and not child.attrib:
            kept += list(child)
        elif child.tag != "g" or len(child):
            kept.append(child)
    element[:] = kept = _joined(kept)
    if element.tag == "g" and len(kept) > 1 and not any(len(child) for child in kept):
        for name in INHERITED:
            shared = kept[0].get(name)
            if shared is not None and all(child.get(name) == shared for child in kept):
                element.set(name, shared)
                for child in kept:
                    del child.attrib[name]


def _joined(marks: list[ElementTree.Element]) -> list[ElementTree.Element]:
    """Lines, or bars, that follow each other and look the same as one path; no translucent ones."""
    result: list[ElementTree.Element] = []
    for mark in marks:
        before = result[-1] if result else None
        if before is not None and all(map(_joins, (mark, before))):
            look, look_before = ({**m.attrib, "d": ""} for m in (mark, before))
            opaque = not any("opacity" in name for name in look)
            if look == look_before and (opaque or _apart(before, mark)):
                before.set("d", before.attrib["d"] + mark.attrib["d"])
                continue
        result.append(mark)
    return result


def _apart(before: ElementTree.Element, mark: ElementTree.Element) -> bool:
    """Whether an upright line stands right of all upright lines of a path, touching none."""
    if not all(UPRIGHT.match(m.attrib["d"]) for m in (before, mark)):
        return False
    places = [float(x) for x in UPRIGHT_PLACE.findall(before.attrib["d"] + mark.attrib["d"])]
    gaps = [after - now for now, after in pairwise(places)]
    return min(gaps) > float(mark.get("stroke-width", "1")) + 0.2


def _joins(mark: ElementTree.Element) -> bool:
    """Whether a mark is a line, or a bar drawn the usual way round and so safe to overlap."""
    shape = mark.get("d", "")
    line = mark.tag == "path" and mark.get("fill") == "none"
    return line or (mark.tag == "path" and "stroke" not in mark.attrib and bool(BAR.match(shape)))


def _line_as_path(element: ElementTree.Element) -> None:
    """Write a line as a path, which is shorter and can be joined with its neighbours."""
    place = SHIFT.fullmatch(element.get("transform", "translate(0,0)"))
    if not place or "x1" in element.attrib or "y1" in element.attrib:
        return
    right, down = element.attrib.pop("x2", "0"), element.attrib.pop("y2", "0")
    step = f"h{right}" if down == "0" else f"v{down}" if right == "0" else f"l{right},{down}"
    element.attrib.pop("transform", None)
    element.tag = "path"
    element.attrib |= {"d": f"M{place[1]},{place[2]}{step}", "fill": "none"}


def _simplify(element: ElementTree.Element) -> None:
    """Say a disc as a circle, a moved text by its place, and no width of lines not drawn."""
    if element.tag not in ("path", "text", "line", "rect"):
        return
    if "stroke" not in element.attrib:
        for name in ("stroke-width", "stroke-opacity", "stroke-dasharray"):
            element.attrib.pop(name, None)
    if element.tag == "line":
        _line_as_path(element)
    circle = CIRCLE.fullmatch(element.get("d", ""))
    if circle:
        element.tag = "circle"
        element.set("r", circle[1])
        del element.attrib["d"]
    place = SHIFT.fullmatch(element.get("transform", ""))
    lines = any(child.get("x") is not None for child in element)  # each line has its own place
    if place and element.tag in ("circle", "text") and "x" not in element.attrib and not lines:
        x, y = ("cx", "cy") if circle else ("x", "y")
        element.set(x, place[1])
        element.set(y, place[2])
        del element.attrib["transform"]


def _shorter(match: re.Match[str]) -> str:
    text = f"{round(float(match.group()), DECIMALS):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
