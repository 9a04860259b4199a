"""The picture of looks: grouped by what they rest on, with a column for each subject."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, FOUNDER, INK, MUTED, OFFICIAL, RULE

HEADINGS = {
    "interview": "On interviews",
    "questionnaires": "On questionnaires that patients fill in",
    "official statistics": "On official statistics, made from what services return",
    "administrative records": "On administrative records",
    "staff answers": "On answers of staff",
    "none": "No outcome looked at",
    "not stated": "What it rests on is not stated",
}
ABSENT = "Has not looked, or nothing was found"
COLUMNS = {
    "outcomes": "outcomes",
    "access and waits": "access,\nwaits",
    "data integrity": "the data",
    "employment": "employment",
}
OTHER = "other"
MARKS = {
    "independent": ("circle", True, OFFICIAL, "independent"),
    "partly": ("circle", False, OFFICIAL, "partly independent"),
    "not independent": ("square", True, FOUNDER, "the programme itself"),
    "critic": ("diamond", True, CRITIC, "its critics"),
    "not looked": ("cross", False, MUTED, "has not looked"),
}
CRITICS = ("individual critic", "campaigning research group")
SUFFIX = {"started": ", not finished", "abroad": ", abroad"}
KEY = (0, 110, 250, 410, 500)
NARROW, LINE, HEAD = 400, 15, 24


def short_name(body: str) -> str:
    """A body's name without what follows a bracket or names whom it worked for.

    >>> short_name("Local commissioners (groups until 2022, then boards)")
    'Local commissioners'
    """
    return body.partition(" (")[0].partition(" for the ")[0]


def mark_of(independence: str, role: str, has_looked: str) -> str:
    """Which mark a look gets: critics stand apart from others who are independent."""
    if has_looked == "no":
        return "not looked"
    return "critic" if role in CRITICS else independence


def listed(frame: pd.DataFrame, letters: int, subject: bool) -> pd.DataFrame:
    """Lines of the picture from top to bottom: text, height, heading or not, mark or not."""
    lines: list[dict[str, object]] = []
    y = 0.0
    groups = [
        (heading, frame[(frame["outcome_measure"] == key) & (frame["has_looked"] != "no")])
        for key, heading in HEADINGS.items()
    ]
    groups.append((ABSENT, frame[frame["has_looked"] == "no"]))
    for heading, rows in groups:
        if rows.empty:
            continue
        for line in textwrap.wrap(heading, letters):
            y += LINE
            lines.append({"y": y, "text": line, "bold": True})
        for record in rows.sort_values("when", kind="stable").itertuples():
            text = f"{short_name(record.body)} {record.when[:4]}".strip()
            text += SUFFIX.get(record.has_looked, "") + (f": {record.subject}" if subject else "")
            for part, line in enumerate(textwrap.wrap(text, letters)):
                y += LINE + (2 if part == 0 else 0)
                kind = mark_of(record.independence, record.role, record.has_looked)
                mark = {"kind": kind, "subject": record.subject}
                lines.append({"y": y, "text": line, "bold": False, **(mark if part == 0 else {})})
        y += 8
    return pd.DataFrame(lines).assign(height=y)


def draw_looks(frame: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    """Names with a mark in the column of their subject; on a phone the subject is in the words."""
    narrow = width < NARROW
    left, gap = (14, 0) if narrow else (0, 64)
    letters = int((width - left if narrow else width - 5 * gap - 10) / 6.4)
    lines = listed(frame, letters, subject=narrow)
    top = HEAD * (4 if narrow else 3)
    height = float(lines["height"].iloc[0]) + top
    lines["y"] += top
    columns = [*COLUMNS.values(), OTHER]
    where = {name: width - gap * (len(columns) - at) + gap / 2 for at, name in enumerate(columns)}
    marks = lines[lines["bold"].eq(False) & lines["kind"].notna()].copy()
    place = marks["subject"].map(COLUMNS).fillna(OTHER).map(where)
    marks["x"] = 4.0 if narrow else place
    marks["y"] -= 4
    key = pd.DataFrame(
        [
            {"text": words, "kind": kind, "x": 4.0 if narrow else 4.0 + KEY[at],
             "y": 8.0 + HEAD * 0.75 * at if narrow else 10.0}
            for at, (kind, (*_, words)) in enumerate(MARKS.items())
        ]
    )  # fmt: skip
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, width], range=[0, width]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    layers: list[alt.Chart] = []
    if not narrow:
        heads = pd.DataFrame({"x": where.values(), "text": where.keys(), "y": float(top) - 12})
        head = alt.Chart(heads).mark_text(
            color=MUTED, fontSize=11, lineBreak="\n", baseline="middle"
        )
        layers.append(head.encode(x=x, y=y, text="text:N"))
        rules = marks.assign(x=where[columns[0]], end=where[OTHER])[["x", "end", "y"]]
        layers.append(alt.Chart(rules).mark_rule(color=RULE).encode(x=x, x2="end:Q", y=y))
    for bold in (True, False):
        words = lines[lines["bold"] == bold].assign(x=0 if bold else left)[["x", "y", "text"]]
        drawn = alt.Chart(words).mark_text(
            align="left",
            baseline="alphabetic",
            color=INK,
            fontSize=12,
            fontWeight="bold" if bold else "normal",
        )
        layers.append(drawn.encode(x=x, y=y, text="text:N"))
    both = pd.concat([marks[["x", "y", "kind"]], key[["x", "y", "kind"]]])
    for kind, (shape, filled, colour, _) in MARKS.items():
        chosen = both[both["kind"] == kind][["x", "y"]]
        mark = alt.Chart(chosen).mark_point(
            shape=shape, filled=filled, color=colour, size=65, strokeWidth=2, opacity=1
        )
        layers.append(mark.encode(x=x, y=y))
    words = key.assign(x=key["x"] + 10)[["x", "y", "text"]]
    layers.append(
        alt.Chart(words)
        .mark_text(align="left", baseline="middle", color=INK, fontSize=12)
        .encode(x=x, y=y, text="text:N")
    )
    return alt.layer(*layers).properties(width=width, height=height)
