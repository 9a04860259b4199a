"""Verdicts on headline claims about self-report: facts recomputed, the rule applied to them."""

from __future__ import annotations

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity, lineage
from analysis.self_report.verdict_facts import (
    CLAIMS,
    Finding,
    accuracy_findings,
    claimed,
    effect_findings,
    masking_findings,
    measure_findings,
    threshold_findings,
)
from analysis.tables import Table
from analysis.verdicts import VERDICTS

IN_WORDS = "in words"


def findings(evidence: Evidence) -> list[Finding]:
    """All headline claims, programme and officials first, each with what the evidence gives."""
    measured = measure_findings(evidence)
    return [
        measured[0],
        *threshold_findings(evidence),
        *measured[1:],
        *accuracy_findings(evidence),
        *masking_findings(evidence),
        *effect_findings(evidence),
    ]


def _claim_text(evidence: Evidence, item: Finding) -> tuple[str, str]:
    record = evidence.table(item.table).loc[item.claim]
    words = str(record["claim" if item.table == CLAIMS else "statement"]).rstrip(".")
    date = str(record.get("asserted_on", ""))[:4] or "undated"
    text = f"{words} ({str(record['claimant']).partition(', ')[0]}, {date})."
    return text, IN_WORDS if item.coded else str(claimed(evidence, item.claim, item.table))


def verdicts(evidence: Evidence) -> dict[str, Table]:
    """The verdict box of the chapter."""
    found = findings(evidence)
    records, rows = [], frozenset[str]()
    for item in found:
        text, figure = _claim_text(evidence, item)
        records.append(
            {
                "Claim": text,
                "As claimed": figure,
                "Recomputed": str(item.computed),
                "Verdict": item.verdict.label,
                "On what": item.on,
            }
        )
        quantities = [q for q in (item.computed, *item.inputs) if isinstance(q, Quantity)]
        rows = lineage(rows, evidence.rows(item.table, [item.claim]), *quantities)
    return {
        "verdict_claims": Table("Headline claims and verdicts", pd.DataFrame(records), rows=rows)
    }


def rules(evidence: Evidence) -> dict[str, Table]:
    """The rules that decided the chapter's verdicts, in the order in which they decide."""
    found = findings(evidence)
    given = {item.verdict for item in found}
    listed = [{"Verdict": v.label, "Rule": v.rule} for v in VERDICTS if v in given]
    rows = lineage(*(evidence.rows(item.table, [item.claim]) for item in found))
    return {"verdict_rules": Table("The rules, first to last", pd.DataFrame(listed), rows=rows)}
