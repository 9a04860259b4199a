"""What a new chapter is made of: a small one that works, for its author to change.

It prints a datum as its source has it, computes a number from two data, draws a figure, and has
a test that computes the number in another way. ``$name`` and ``$title`` stand for the chapter's,
``$imports`` for ``IMPORTS`` in alphabetical order.
"""

from __future__ import annotations

PACKAGE = '"""The chapter $title."""\n'

MODULE = '''"""Who finished a course without being a case at its start."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, share
from analysis.tables import Table

YEAR = "2018-19"


@computes
def starts(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Chart]:
    """Share of the courses finished in a financial year that began below caseness, percent.

    The share is 100 b / f, with f courses finished and b of them below the threshold of both
    questionnaires at the start; both are full counts, so that there is no sampling error.

    Raises:
        LookupFault: the year has not exactly one preferred row of each count.
    """
    finished, below = (
        evidence.pick(
            "annual_national", year=year, measure=measure, series="data_set", preferred=True
        )
        for measure in ("finished_course", "not_at_caseness")
    )
    counts = {"case": finished - below, "no case": below}
    return {
        "finished": finished,
        "below": share(below, finished),
        "starts": figure(counts),
    }


def figure(counts: dict[str, Quantity]) -> Chart:
    """Finished courses by what their people were at the start, as bars.

    >>> parts = {"case": Quantity(75, "referrals"), "no case": Quantity(5, "referrals")}
    >>> [row[1]["text"] for row in figure(parts).table.cells()]
    ['75 referrals', '5 referrals']
    """
    frame = pd.DataFrame({"at the start": list(counts), "finished": list(counts.values())})
    bars = pd.DataFrame(
        {"start": list(counts), "referrals": [part.value for part in counts.values()]}
    )

    def draw(width: int) -> alt.Chart:
        x = alt.X("referrals:Q", title="Finished courses", axis=alt.Axis(format="~s", tickCount=4))
        y = alt.Y("start:N", title=None, sort=None)
        drawn: alt.Chart = alt.Chart(bars).mark_bar(color=OFFICIAL).encode(x, y)
        return drawn.properties(width=width - 60, height=60)

    return Chart(
        title="Most of those who finished a course had begun it as a case",
        alt="Bars of finished courses: those that began at caseness, and the others.",
        table=Table("Finished courses by caseness at the start", frame),
        draw=draw,
    )
'''

TEST = '''"""The chapter $title: its numbers against the table read without the book's own code."""

import csv
from pathlib import Path

import pytest

from analysis.$name import starts

TABLE = Path(__file__).resolve().parent.parent / "data" / "annual_national.csv"


def test_the_share_is_that_of_the_counts_in_the_table(evidence):
    with TABLE.open(encoding="utf-8") as file:
        rows = {row["id"]: float(row["value"]) for row in csv.DictReader(file)}
    finished = rows["eng_2018_19_finished_course"]
    below = rows["eng_2018_19_not_at_caseness"]
    results = starts.starts(evidence)
    assert results["finished"].value == finished
    assert results["below"].value == pytest.approx(100 * below / finished)
'''

IMPORTS = (
    "from analysis.$name import starts",
    "from analysis.evidence import load",
    "from analysis.publish import Chapter",
)

CELLS = (
    "# $title\n\nHow many of those who finish a course were no case when they began it?\n"
    "They cannot recover by the programme's rule, which asks for a case at the start.",
    '$imports\n\nevidence = load()\nchapter = Chapter("$name", evidence)',
    "## Who was a case\n\nIn 2018-19 a course ended for {q}`$name.finished`, as the data set of "
    "the programme counts them {cite:p}`bennettoxford_2026_nhstt`.\n"
    "Of these {q}`$name.below` began below both thresholds.",
    "chapter.publish(starts.starts(evidence))",
    "## What would change our mind\n\nA recount of the same year that gives other numbers.",
    "chapter.close()",
)
