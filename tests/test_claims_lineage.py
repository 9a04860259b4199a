"""Every figure of the ledger names the tables that it moves with."""

from __future__ import annotations

from analysis.claims import ledger, summary
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from analysis.ruling import CLAIMS, Finding
from perturb import differs, perturbed


def fresh(evidence: Evidence) -> Evidence:
    """The same evidence with nothing read yet."""
    return evidence.with_table(CLAIMS, evidence.table(CLAIMS))


def named(finding: Finding) -> dict[str, Quantity]:
    """The figures of a finding by where they stand in it."""
    fields = ("computed", "own", "exceptions", "later")
    single = {field: getattr(finding, field) for field in fields}
    several = {f"others {number}": item for number, item in enumerate(finding.others)}
    return {name: item for name, item in {**single, **several}.items() if item is not None}


def test_no_figure_moves_with_a_table_that_it_does_not_name(evidence: Evidence) -> None:
    claims, checks = ledger.claims(evidence), ledger.checks()
    figures: dict[str, dict[str, Quantity]] = {}
    readers: dict[str, list[str]] = {}
    for row, check in checks.items():
        own = fresh(evidence)
        figures[row] = named(check(own, claims[row]))
        for table in own.tables_read:
            readers.setdefault(table, []).append(row)
    problems, moved = [], 0
    for table, rows in sorted(readers.items()):
        other = perturbed(evidence, table, 0.1)
        for row in rows:
            after = named(checks[row](other, claims[row]))
            for name, figure in figures[row].items():
                if name not in after or not differs(figure, after[name]):
                    continue
                moved += 1
                if table not in {reference.split("/")[0] for reference in figure.rows}:
                    problems.append(f"{row}, {name}: moves with {table} and does not name it")
    assert moved > len(checks)  # most figures move with at least one table
    assert not problems, "\n".join(problems)


def test_the_counts_are_those_of_the_rulings(evidence: Evidence) -> None:
    rulings = ledger.rulings(evidence)
    counts = summary.counts(rulings)
    assert counts["ledger_claims"].value == len(evidence.table(CLAIMS))
    classes = [name for name in counts if name not in summary.TOTALS]
    assert sum(counts[name].value for name in classes) == counts["ledger_groups"].value
    fewer = dict(list(rulings.items())[:-1])
    assert summary.counts(fewer)["ledger_claims"].value == len(rulings) - 1


def test_no_claim_lacks_a_verdict(evidence: Evidence) -> None:
    rulings = ledger.rulings(evidence)
    assert set(rulings) == set(evidence.table(CLAIMS).index)
    assert all(ruling.label for ruling in rulings.values())
    silent = [row for row, it in rulings.items() if not it.live and not it.finding.missing]
    assert silent == []
