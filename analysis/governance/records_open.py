"""Code and data that are published: what an outsider can recompute, and what not."""

from __future__ import annotations

import textwrap

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

TABLE = "open_materials"
OWNERS = {"critic": "critics", "outside researchers": "outside researchers"}
PROGRAMME = "the programme, statistics and auditors"
MARKS = {
    PROGRAMME: ("circle", OFFICIAL),
    "critics": ("diamond", CRITIC),
    "outside researchers": ("square", TRIAL),
}
GROUPS = {
    "yes": "Can be recomputed by anyone",
    "partly": "Can be recomputed in part",
    "no": "Cannot be recomputed",
    "not applicable": "To be read, nothing to recompute",
}
NARROW, LINE = 400, 15


def of_owner(owner: str) -> str:
    """Whose it is, in three kinds.

    >>> of_owner("critic"), of_owner("producer")
    ('critics', 'the programme, statistics and auditors')
    """
    return OWNERS.get(owner, PROGRAMME)


def _number(evidence: Evidence, frame: pd.DataFrame) -> Quantity:
    return derive(len(frame), "count", evidence.rows(TABLE, frame.index))


@computes
def materials(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Items of data, code, guides and reports by whether they can be recomputed, and whose."""
    frame = evidence.table(TABLE)
    whose = frame["owner"].map(of_owner)
    to_compute = frame[frame["recomputable"] != "not applicable"]
    can, part, cannot = (
        to_compute[to_compute["recomputable"] == state] for state in ("yes", "partly", "no")
    )
    everything, open_to_all = _number(evidence, to_compute), _number(evidence, can)
    shown = pd.DataFrame(
        {
            "Item": frame["item"],
            "Kind": frame["category"],
            "Whose": frame["owner"],
            "Published": frame["published"],
            "Recomputable": frame["recomputable"],
            "What": frame["what"],
            "Since": frame["since"].replace("", None),
            "Note": frame["note"].replace("", None),
        }
    )
    table = Table(
        "Data, code, guides and reports: what is published and what an outsider can recompute. "
        "Open it to search, narrow down and sort",
        shown,
        rows=evidence.rows(TABLE, frame.index),
        folded=True,
        filters=("Kind", "Whose", "Published", "Recomputable"),
    )
    title = (
        f"Of {everything} items that could be recomputed, an outsider can recompute "
        f"{open_to_all} in full and {_number(evidence, part)} in part"
    )
    picture = (
        "A list of data, code, guides and reports in groups by whether an outsider can recompute "
        "them. A mark says whose each is: the programme's or a public body's, a critic's, or "
        "outside researchers'. Filled marks are published, hollow ones in part or not."
    )
    chart = Chart(title, picture, table, lambda width: draw(frame, width))
    critics = to_compute[whose[to_compute.index] == "critics"]
    return {
        "open_items": everything,
        "open_yes": open_to_all,
        "open_part": _number(evidence, part),
        "open_no": _number(evidence, cannot),
        "open_critics": _number(evidence, critics),
        "open_critics_yes": derive(
            int((critics["recomputable"] == "yes").sum()), "count", _number(evidence, critics)
        ),
        "open_scripts": evidence.quantity(TABLE, "dashboard_sql"),
        "open_commits": evidence.quantity(TABLE, "dashboard_commits"),
        "open_chart": chart,
    }


def listed(frame: pd.DataFrame, letters: int) -> pd.DataFrame:
    """Lines of the picture from top to bottom: text, height, heading or not, mark or not."""
    lines: list[dict[str, object]] = []
    y = 0.0
    for state, heading in GROUPS.items():
        rows = frame[frame["recomputable"] == state]
        if rows.empty:
            continue
        y += LINE
        lines.append({"y": y, "text": heading, "bold": True, "whose": None, "open": None})
        for record in rows.itertuples():
            for at, line in enumerate(textwrap.wrap(record.item, letters)):
                y += LINE + (3 if at == 0 else 0)
                first = {"whose": of_owner(record.owner), "open": record.published == "yes"}
                none = {"whose": None, "open": None}
                text = line[0].upper() + line[1:] if at == 0 else line
                lines.append({"y": y, "text": text, "bold": False, **(first if at == 0 else none)})
        y += 10
    return pd.DataFrame(lines)


def draw(frame: pd.DataFrame, width: int) -> alt.LayerChart | alt.FacetChart:
    """Items in groups with a mark for whose each is; the key stands above."""
    left = 16
    lines = listed(frame, int((width - left) / 6.6))
    keys = pd.DataFrame({"whose": list(MARKS), "y": 8.0 + 17 * np.arange(len(MARKS))})
    top = float(keys["y"].max()) + 30
    note = pd.DataFrame({"y": [top - 13], "text": ["filled: published; hollow: in part or not"]})
    lines["y"] += top
    height = float(lines["y"].max()) + 8
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, width], range=[0, width]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    layers: list[alt.Chart] = []
    for bold in (True, False):
        words = lines[lines["bold"] == bold].assign(x=0 if bold else left)[["x", "y", "text"]]
        drawn = alt.Chart(words).mark_text(
            align="left", fontSize=12, color=INK, fontWeight="bold" if bold else "normal"
        )
        layers.append(drawn.encode(x=x, y=y, text="text:N"))
    for whose, (shape, colour) in MARKS.items():
        chosen = lines[lines["whose"] == whose].assign(x=5.0)
        key = keys[keys["whose"] == whose].assign(x=5.0, open=True)
        both = pd.concat([chosen[["x", "y", "open"]], key[["x", "y", "open"]]])
        for filled in (True, False):
            some = both[both["open"] == filled][["x", "y"]]
            if some.empty:
                continue
            mark = alt.Chart(some).mark_point(
                shape=shape, filled=filled, color=colour, size=60, strokeWidth=2, opacity=1
            )
            layers.append(mark.encode(x=x, y=y))
    named = keys.rename(columns={"whose": "text"})[["y", "text"]]
    words = pd.concat([named, note]).assign(x=float(left))
    layers.append(
        alt.Chart(words)
        .mark_text(align="left", baseline="middle", fontSize=12, color=MUTED)
        .encode(x=x, y=y, text="text:N")
    )
    return alt.layer(*layers).properties(width=width, height=height)
