"""Statements about every case, or none: the counter-examples known at their date."""

from __future__ import annotations

from analysis.evidence import Evidence
from analysis.quantity import derive, lineage
from analysis.ruling import Claim, Finding

STATEMENTS, EXAMPLES = "universal_statements", "counter_examples"


def counter_examples(evidence: Evidence, claim: Claim) -> Finding:
    """Counter-examples to a universal statement that meet its terms and stood before its date.

    An example that meets the terms in part narrows the statement and does not refute it.
    """
    frame = evidence.table(EXAMPLES, universal_id=claim.id)
    if frame.empty:
        return Finding(
            missing="No case could be set against it in what was seen; records of those whom the "
            "statement is about would check it."
        )
    before = frame[frame["before_claim"] == "yes"]
    refuting = before[before["meets_terms"] == "yes"]
    narrowing = before[before["meets_terms"] == "partly"]
    statement = evidence.rows(STATEMENTS, evidence.table(STATEMENTS, claim_id=claim.id).index)
    searched = lineage(evidence.rows(EXAMPLES, frame.index), statement)
    on = "; ".join(refuting["example"]) or "none in what was searched"
    if len(narrowing):
        on += f"; narrowed by: {'; '.join(narrowing['example'])}"
    later = frame[(frame["before_claim"] == "no") & (frame["meets_terms"] == "yes")]
    return Finding(
        on=on,
        exceptions=derive(len(refuting), "count", searched),
        later=derive(len(later), "count", searched) if len(later) else None,
        later_on="counter-examples after its date" if len(later) else "",
    )
