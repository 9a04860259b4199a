"""Every chain of shares that the debate builds on, with what was found for each of its claims."""

from __future__ import annotations

from analysis.attrition import (
    chain_annual,
    chain_cohorts,
    chain_first_treatment,
    chain_programme,
    chain_sessions,
)
from analysis.attrition.asserted import Finding
from analysis.evidence import Evidence

CHAINS = (chain_programme, chain_annual, chain_cohorts, chain_first_treatment, chain_sessions)


def every_finding(evidence: Evidence) -> dict[str, Finding]:
    """Every finding of every chain, by the row of its claim."""
    return {item.claim: item for chain in CHAINS for item in chain.findings(evidence)}
