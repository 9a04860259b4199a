"""What the debate asserts about attrition, what was recomputed for it, and the verdict that gives.

A finding holds what a figure gives on its own inputs, on the source it cites and on official
counts, and the facts from which the rules of ``analysis.verdicts`` give the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity, derive, lineage
from analysis.tables import Table
from analysis.verdicts import Verdict, agrees, judge

CLAIMS = "attrition_claims"
OFFICIAL: dict[str, Any] = {"footing": "official statistics"}
CITED: dict[str, Any] = {"footing": "cited source"}

Cell = Quantity | str | None


def claimed(evidence: Evidence, row: str) -> Quantity:
    """The figure of a claim, with the decimals it was claimed with."""
    figure = evidence.quantity(CLAIMS, row)
    return derive(figure.value, figure.unit, figure, decimals=_decimals(figure.value))


def _decimals(value: float) -> int:
    return len(f"{value:.10g}".partition(".")[2])


def figure_text(evidence: Evidence, row: str) -> str:
    """The figure of a claim with how it binds and what it is of; words where it has none."""
    record = evidence.table(CLAIMS).loc[row]
    if pd.isna(record["value"]):
        return "no figure"
    figure = claimed(evidence, row)
    relation = "" if record["relation"] == "exact" else f"{record['relation']} "
    if record["unit"] != "percent":
        return f"{relation}{figure}"
    base, stated = record["base"], not record["base"].startswith("not stated")
    return f"{relation}{figure}, {f'of {base}' if stated else 'base not stated'}"


def fits(evidence: Evidence, row: str, computed: Quantity) -> bool:
    """Whether a recomputed figure lies within the tolerance of a claim's own words."""
    figure, relation = claimed(evidence, row), evidence.table(CLAIMS).loc[row, "relation"]
    return agrees(figure, computed, relation, _decimals(figure.value))


@dataclass(frozen=True)
class Finding:
    """What a claim gives on its own inputs, its cited source and official counts.

    Args:
        claim: row of the claim.
        own: result of the claim's own inputs; None where it has none.
        cited: what the source it cites gives; None where none is cited.
        official: what official counts give.
        on: what the figures are of, and what else a reader needs.
        facts: the facts that the rule needs.
    """

    claim: str
    own: Cell = None
    cited: Cell = None
    official: Cell = None
    on: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The verdict that the facts give."""
        return judge(**self.facts)

    @property
    def quantities(self) -> list[Quantity]:
        """The recomputed figures."""
        cells = (self.own, self.cited, self.official)
        return [cell for cell in cells if isinstance(cell, Quantity)]


def attribution(evidence: Evidence, row: str) -> str:
    """Who claims, and in what year."""
    record = evidence.table(CLAIMS).loc[row]
    return f"{record['claimant']}, {str(record['asserted_on'])[:4]}"


def findings_table(evidence: Evidence, caption: str, found: Sequence[Finding]) -> Table:
    """Findings as a table: the claim, what it gives on each footing, and the verdict."""
    records = []
    for item in found:
        statement = evidence.table(CLAIMS).loc[item.claim, "statement"].rstrip(".")
        records.append(
            {
                "Claim": f"{statement} ({attribution(evidence, item.claim)}).",
                "As claimed": figure_text(evidence, item.claim),
                "Own inputs": cell_text(item.own),
                "Cited source": cell_text(item.cited),
                "Official counts": cell_text(item.official),
                "Verdict": item.verdict.label,
                "On what": item.on,
            }
        )
    rows = lineage(
        evidence.rows(CLAIMS, [item.claim for item in found]),
        *(quantity for item in found for quantity in item.quantities),
    )
    return Table(caption, pd.DataFrame(records), rows=rows)


def cell_text(cell: Cell) -> Quantity | str:
    """A cell as it stands in a table: bounds alone where there is no figure within them."""
    if cell is None:
        return "–"
    if isinstance(cell, Quantity) and cell.interval.kind == "bound":
        return cell.limits_text()
    return cell
