"""Judge claims of the ledger one at a time, on the evidence as it is or with one cell changed."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.claims import ledger
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.ruling import CLAIMS, Claim, Finding, Ruling
from tests.perturb import Compute

CHECKS = ledger.checks()


def ruling(evidence: Evidence, row: str) -> Ruling:
    """The ruling on one claim, as the ledger gives it."""
    claim = Claim.of(row, evidence.table(CLAIMS).loc[row])
    return ledger.ruling(evidence, row, {row: claim}, CHECKS)


def finding(evidence: Evidence, row: str) -> Finding:
    """What was found for one claim."""
    return ruling(evidence, row).finding


def changed(evidence: Evidence, table: str, row: str, column: str, value: object) -> Evidence:
    """The evidence with another value in one cell."""
    frame = evidence.table(table)
    frame.loc[row, column] = value
    return evidence.with_table(table, frame)


def figures_of(*rows: str) -> Compute:
    """A function that computes every figure of some claims, each under its claim and place."""

    def figures(evidence: Evidence) -> Mapping[str, Quantity]:
        found = {row: finding(evidence, row).quantities for row in rows}
        return {f"{row} {i}": item for row, items in found.items() for i, item in enumerate(items)}

    return figures
