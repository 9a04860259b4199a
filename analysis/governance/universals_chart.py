"""The picture of universal statements: each with a mark for every counter-example."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, FOUNDER, INK, MUTED

GROUPS = {
    "programme": ("Of the programme and its founders", FOUNDER),
    "critic": ("Of critics", CRITIC),
    "independent": ("Of others", MUTED),
}
KINDS = {
    "terms": ("circle", True, "meets its terms"),
    "part": ("circle", False, "in part"),
    "later": ("cross", False, "later or undated, not counted"),
}
KEY = {"wide": ((0, 0), (130, 0), (210, 0)), "narrow": ((0, 0), (130, 0), (0, 19))}
NARROW, LINE, STEP, LETTER = 400, 15, 14, 6.3


def placed(
    found: pd.DataFrame, width: int, top: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, float]:
    """Lines of text, marks, and words for no mark, from ``top`` downwards in pixels; and their end.

    Marks stand left of the statement, on a phone above it.
    """
    narrow = width < NARROW
    room = 0 if narrow else 8 + STEP * int(found[list(KINDS)].sum(axis=1).max())
    letters = int((width - room) / LETTER)
    lines: list[dict[str, object]] = []
    marks: list[dict[str, object]] = []
    nothing: list[dict[str, object]] = []
    y = top
    for side, (heading, colour) in GROUPS.items():
        y += LINE + 4
        lines.append({"x": 0.0, "y": y, "text": heading, "bold": True})
        y += 4
        rows = found[found["side"] == side].sort_values(
            ["terms", "part"], ascending=False, kind="stable"
        )
        for record in rows.to_dict("records"):
            kinds = [kind for kind in KINDS for _ in range(int(record[kind]))]
            y += LINE if narrow else 0
            level = y - 4 if narrow else y + LINE - 4
            if not kinds:
                nothing.append({"x": 0.0, "y": level + 4, "text": "none found"})
            for at, kind in enumerate(kinds):
                marks.append({"x": 5.0 + STEP * at, "y": level, "kind": kind, "colour": colour})
            for line in textwrap.wrap(record["statement"], letters):
                y += LINE
                lines.append({"x": float(room), "y": y, "text": line, "bold": False})
            y += 6
    return pd.DataFrame(lines), pd.DataFrame(marks), pd.DataFrame(nothing), y


def draw_universals(found: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    """Statements with their marks, or the words that no case against them was found."""
    narrow = width < NARROW
    lines, marks, nothing, height = placed(found, width, 40.0 if narrow else 18.0)
    places = KEY["narrow" if narrow else "wide"]
    key = pd.DataFrame(
        [
            {"x": 5.0 + left, "y": 8.0 + down, "kind": kind, "colour": INK, "text": words}
            for (left, down), (kind, (*_, words)) in zip(places, KINDS.items(), strict=True)
        ]
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, width], range=[0, width]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    layers: list[alt.Chart] = []
    says = key.assign(x=key["x"] + 9, y=key["y"] + 4, bold=False)
    text = pd.concat([lines, says[["x", "y", "text", "bold"]]])
    for bold in (True, False):
        words = alt.Chart(text[text["bold"] == bold][["x", "y", "text"]]).mark_text(
            align="left",
            baseline="alphabetic",
            color=INK,
            fontSize=12,
            fontWeight="bold" if bold else "normal",
        )
        layers.append(words.encode(x=x, y=y, text="text:N"))
    if len(nothing):
        silent = alt.Chart(nothing).mark_text(
            align="left", baseline="alphabetic", color=MUTED, fontSize=12
        )
        layers.append(silent.encode(x=x, y=y, text="text:N"))
    both = pd.concat([marks, key[["x", "y", "kind", "colour"]]])
    for kind, (shape, filled, _) in KINDS.items():
        for colour, chosen in both[both["kind"] == kind].groupby("colour", sort=True):
            mark = alt.Chart(chosen[["x", "y"]]).mark_point(
                shape=shape, filled=filled, color=colour, size=60, strokeWidth=1.8, opacity=1
            )
            layers.append(mark.encode(x=x, y=y))
    return alt.layer(*layers).properties(width=width, height=height)
