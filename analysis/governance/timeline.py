"""What happened when: policy, targets, audits, publications, criticism and answers, year by year.

Events of the statistics themselves (changes of collection, corrections) stand in another table and
are drawn in a lane of their own. The side of an event says whose it is, not whether it is right.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance.timeline_chart import LANES, draw_timeline
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

EVENTS, SERIES = "timeline", "official_events"
DRAWN_SERIES = ("collection", "correction")
COLUMNS = ["date", "lane", "kind", "text", "note"]


def lane_events(evidence: Evidence) -> pd.DataFrame:
    """Every event that is drawn, in order of time, with its lane.

    Events of the statistics are drawn where they changed the collection or corrected a figure.
    """
    said = evidence.table(EVENTS)
    said = said.assign(lane=said["side"], text=said["event"])
    series = evidence.table(SERIES, kind=DRAWN_SERIES)
    series = series.assign(lane="statistics", text=series["event"])
    both = pd.concat([said[COLUMNS], series[COLUMNS]])
    return both.sort_values(["date", "lane"], kind="stable")


def _count(evidence: Evidence, **where: object) -> Quantity:
    rows = evidence.table(EVENTS, **where).index
    return derive(len(rows), "count", evidence.rows(EVENTS, rows))


@computes
def events(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """The timeline, and how many events of each kind it holds."""
    frame = lane_events(evidence)
    drawn = evidence.rows(EVENTS, evidence.table(EVENTS).index) | evidence.rows(
        SERIES, evidence.table(SERIES, kind=DRAWN_SERIES).index
    )
    audits, critics = _count(evidence, kind="audit"), _count(evidence, side="critic")
    corrections = evidence.table(SERIES, kind="correction")
    amended = derive(len(corrections), "count", evidence.rows(SERIES, corrections.index))
    table = Table(
        "Events in order of time. A date without a month or day is all that is known of it",
        pd.DataFrame(
            {
                "When": frame["date"],
                "Whose": frame["lane"].map({key: lane.heading for key, lane in LANES.items()}),
                "Kind": frame["kind"],
                "What happened": frame["text"],
                "Note": frame["note"].replace("", "–"),
            }
        ),
        rows=drawn,
        folded=True,
        filters=("Whose", "Kind"),
    )
    years = frame["date"].str[:4]
    first, last = int(years.min()), int(years.max())
    title = (
        f"From {first} to {last} the list holds {audits} steps by auditors, committees and "
        f"regulators, {critics} by critics, and {amended} corrections of the statistics"
    )
    picture = (
        "A list of events by year, from the first demonstration services to today, in lanes for "
        "government, the programme, its statistics, independent bodies and critics."
    )
    return {
        "timeline_all": _count(evidence),
        "timeline_audits": audits,
        "timeline_critics": critics,
        "timeline_corrections": amended,
        "timeline_inferred": _count(evidence, date_basis="inferred"),
        "timeline_chart": Chart(title, picture, table, lambda width: draw_timeline(frame, width)),
    }
