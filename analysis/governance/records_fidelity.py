"""Whether therapy was given as meant, by whom, and supervised: what is recorded in public."""

from __future__ import annotations

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

TABLE, AUDITED = "fidelity_records", "audit_design"
TOPICS = {
    "fidelity": "therapy as meant",
    "competence": "competence of staff",
    "supervision": "supervision",
    "diagnosis": "diagnosis",
}
PAST = {
    "fidelity_dose_met": "napt_dose_met",
    "fidelity_minimum": "napt_minimum_sessions",
    "fidelity_recovered_short": "napt_recovered_short",
    "fidelity_neither_short": "napt_neither_short",
}


@computes
def records(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Items of fidelity, competence, supervision and diagnosis by whether they are public."""
    frame = evidence.table(TABLE)

    def number(**where: str) -> Quantity:
        found = evidence.table(TABLE, **where)
        return derive(len(found), "count", evidence.rows(TABLE, found.index))

    shown = pd.DataFrame(
        {
            "Item": frame["item"],
            "About": frame["topic"].map(TOPICS),
            "Public": frame["public"],
            "Where, or why not": frame["seen_where"],
            "Note": frame["note"].replace("", None),
        }
    )
    return {
        "fidelity_items": derive(len(frame), "count", evidence.rows(TABLE, frame.index)),
        "fidelity_public": number(public="yes"),
        "fidelity_part": number(public="partly"),
        "fidelity_absent": number(public="no"),
        **{name: evidence.quantity(AUDITED, row) for name, row in PAST.items()},
        "fidelity_table": Table(
            "What is recorded in public about how therapy is given, by whom and under whose eyes. "
            "No: absent from the files read, which is not the same as not recorded",
            shown,
            rows=evidence.rows(TABLE, frame.index),
            folded=True,
            filters=("About", "Public"),
        ),
    }
