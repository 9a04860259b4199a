"""The people who had a single treatment appointment: what is known of why, and what is not.

The number of appointments and the end code cut the same ended referrals in two ways, and no
published table crosses them. How many of the group left and how many were discharged by agreement
is therefore bounded by the margins alone.
"""

from __future__ import annotations

import pandas as pd

from analysis.attrition.end_codes import code_counts, stage_of, total
from analysis.attrition.pathway import once_of_treated, stage_counts
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

UNPLANNED = ("declined_treatment", "incomplete_assessment", "ended_before_planned")
TOPICS = {
    "how many": "How many",
    "reason": "Why",
    "outcome": "What became of them",
    "follow-up": "Who follows them up",
}


def overlap(part: Quantity, other: Quantity, whole: Quantity) -> Quantity:
    """Share of a part that may also belong to another group, when only margins are known.

    [max(0, P + O − N) / P, min(P, O) / P] in percent; the value is the upper limit. Bounds of
    Fréchet, which need no assumption.

    >>> part, other, whole = (Quantity(n, "referrals") for n in (40, 30, 100))
    >>> print(overlap(part, other, whole).with_limits())
    75.0% (bounds 0.0% to 75.0%)
    """
    low = 100 * max(0.0, part.value + other.value - whole.value) / part.value
    high = 100 * min(part.value, other.value) / part.value
    limits = Interval("bound", low, high)
    return derive(high, "percent", part, other, whole, interval=limits)


@computes
def single(evidence: Evidence, *, year: str = "2024-25") -> dict[str, Quantity | Table]:
    """How many had a single treatment appointment, and how they may have ended."""
    counts, codes = stage_counts(evidence, year), code_counts(evidence, year)
    stages = stage_of(evidence)
    taken_on = total(codes, *(code for code in codes if stages[code] == "taken on"))
    unplanned = total(codes, *UNPLANNED)
    combined = evidence.quantity("appointment_purpose", "trusts_2024_25_assessment_and_treatment")
    alone = evidence.quantity("appointment_purpose", "trusts_2024_25_assessment")
    drop_outs = evidence.quantity("one_session", "nhs_england_dropouts")
    earlier = evidence.quantity("pathway_official", "eng_2019_20_one_treatment")
    part = derive(100 * drop_outs.value / earlier.value, "percent", drop_outs, earlier, decimals=0)
    once = counts["once"]
    return {
        "once_count": once,
        "once_of_treated": once_of_treated(counts),
        "once_unplanned_most": overlap(once, unplanned, counts["ended"]),
        "once_taken_on_beyond": taken_on - counts["finished"],
        "once_combined": share(combined, combined + alone),
        "once_drop_outs": drop_outs,
        "once_drop_outs_share": part,
        "once_no_second_visit": evidence.quantity("one_session", "simon_no_second_visit"),
        "once_improved": evidence.quantity("one_session", "jonker_improved"),
        "once_audit_recovered": evidence.quantity("one_session", "audit_recovered_below_minimum"),
        "once_audit_neither": evidence.quantity("one_session", "audit_neither_below_minimum"),
    }


@computes
def known(evidence: Evidence) -> dict[str, Table]:
    """Every finding on people who leave early, by topic, with its own population and base."""
    frame = evidence.table("one_session")
    records = [
        {
            "Finding": record["statement"].rstrip("."),
            "Figure": evidence.quantity("one_session", str(row))
            if record["value"] == record["value"]
            else None,
            "About": TOPICS[record["topic"]],
            "Who": f"{record['population']}, {record['country']}",
            "Study": record["study"],
        }
        for topic in TOPICS
        for row, record in frame[frame["topic"] == topic].iterrows()
    ]
    table = Table(
        "What is known of people who leave early; mostly leavers at any session, abroad or in "
        "small numbers.",
        pd.DataFrame(records),
        rows=evidence.rows("one_session", frame.index),
        folded=True,
    )
    return {"once_known": table}
