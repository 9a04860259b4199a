"""Verdicts on the chapter's headline claims about the pathway, and the rules that gave them."""

from __future__ import annotations

import pandas as pd

from analysis.attrition import (
    chain_annual,
    chain_cohorts,
    chain_first_treatment,
    chain_programme,
    chain_sessions,
)
from analysis.attrition.asserted import CLAIMS, Finding, attribution, cell_text, figure_text
from analysis.evidence import Evidence
from analysis.quantity import lineage
from analysis.tables import Table
from analysis.verdicts import VERDICTS

CHAINS = (chain_programme, chain_annual, chain_cohorts, chain_first_treatment, chain_sessions)
HEADLINES = (
    "clark_seen",
    "clark_course",
    "clark_others",
    "dropouts_first_second",
    "bbc_before_treatment",
    "bbc_not_completed",
    "bbc_one_session",
    "santa_46",
    "most_decline",
    "rb_noncompletion",
    "identical_pattern",
    "davis_first_treatment",
    "exposed_treatment_full",
    "three_in_four_by_rule",
)


def every_finding(evidence: Evidence) -> dict[str, Finding]:
    """Every finding of every chain, by the row of its claim."""
    return {item.claim: item for chain in CHAINS for item in chain.findings(evidence)}


def recomputed(item: Finding) -> str:
    """What was recomputed, on the footing nearest to the claim's population.

    Two texts are the two sides of a likeness that the claim asserts.
    """
    if isinstance(item.own, str) and isinstance(item.cited, str):
        return f"{item.own}, against {item.cited}"
    cells = (item.official, item.cited, item.own)
    return next((str(cell_text(cell)) for cell in cells if cell is not None), str(cell_text(None)))


def verdicts(evidence: Evidence) -> dict[str, Table]:
    """The verdict box: headline claims of both sides about the pathway."""
    found = every_finding(evidence)
    chosen = [found[claim] for claim in HEADLINES]
    records = [
        {
            "Claim": (
                f"{evidence.table(CLAIMS).loc[item.claim, 'statement'].rstrip('.')} "
                f"({attribution(evidence, item.claim)})."
            ),
            "As claimed": figure_text(evidence, item.claim),
            "Recomputed": recomputed(item),
            "Verdict": item.verdict.label,
            "On what": item.on,
        }
        for item in chosen
    ]
    rows = lineage(
        evidence.rows(CLAIMS, HEADLINES), *(q for item in chosen for q in item.quantities)
    )
    caption = "Headline claims about the pathway, and verdicts"
    return {"verdict_claims": Table(caption, pd.DataFrame(records), rows=rows)}


def rules(evidence: Evidence) -> dict[str, Table]:
    """The rules that decided, in the order in which they decide."""
    found = every_finding(evidence)
    given = {item.verdict for item in found.values()}
    listed = [{"Verdict": v.label, "Rule": v.rule} for v in VERDICTS if v in given]
    rows = evidence.rows(CLAIMS, found)
    return {"verdict_rules": Table("The rules, first to last", pd.DataFrame(listed), rows=rows)}
