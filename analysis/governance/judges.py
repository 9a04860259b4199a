"""Interests of those who judged the programme, on every side.

An interest is not a fault and no reason to reject a figure. "None seen" says what was visible in
what was read, not that there is none.
"""

from __future__ import annotations

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

TABLE = "interests"
BASES = ("declared", "evident", "none seen")


@computes
def interests(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Interests by kind of judge, and each one in words."""
    frame = evidence.table(TABLE)
    rows = evidence.rows(TABLE, frame.index)
    counted = pd.crosstab(frame["group"], frame["basis"]).reindex(columns=BASES, fill_value=0)
    summary = Table(
        "Interests by kind of judge, and how they are known",
        counted.reindex(frame["group"].unique())
        .rename_axis("Who judged")
        .reset_index()
        .rename(columns={"declared": "Declared", "evident": "Evident", "none seen": "None seen"}),
        rows=rows,
    )
    listed = Table(
        "Interests, declared or evident, of those who judged the programme",
        pd.DataFrame(
            {
                "Who": frame["who"],
                "Group": frame["group"],
                "Side": frame["side"],
                "Interest": frame["interest"],
                "How known": frame["basis"],
                "Kind": frame["kind"],
                "Note": frame["note"].replace("", "–"),
            }
        ),
        rows=rows,
        folded=True,
        filters=("Group", "Side", "How known", "Kind"),
    )

    def number(**where: object) -> Quantity:
        ids = evidence.table(TABLE, **where).index
        return derive(len(ids), "count", evidence.rows(TABLE, ids))

    return {
        "interest_all": number(),
        "interest_none_seen": number(basis="none seen"),
        "interest_money": number(kind="money"),
        "interest_own_work": number(kind="own work"),
        "interest_summary": summary,
        "interest_listed": listed,
    }
