"""Bind every claim to its check and let the rules give the verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from analysis.claims import (
    attrition,
    context,
    cost_offset,
    governance,
    recovery,
    self_report,
)
from analysis.claims.reasons import Check
from analysis.errors import LedgerError
from analysis.evidence import Evidence
from analysis.ruling import CLAIMS, Claim, Ruling

ROOMS = (recovery, attrition, self_report, cost_offset, governance, context)


def claims(evidence: Evidence) -> dict[str, Claim]:
    """Every claim, by id, in the order of the documents."""
    return {
        str(row): Claim.of(str(row), record) for row, record in evidence.table(CLAIMS).iterrows()
    }


def checks() -> dict[str, Check]:
    """The check of every claim that has its own, by the claim's id.

    Raises:
        LedgerError: two checks are bound to one claim.
    """
    bound: dict[str, Check] = {}
    for room in ROOMS:
        for claim, check in room.CHECKS.items():
            if claim in bound:
                raise LedgerError(f"claim {claim!r} has two checks: delete one of them")
            bound[claim] = check
    return bound


def check_name(check: Check) -> str:
    """Dotted name of the function that checks."""
    function = check.func if isinstance(check, partial) else check
    return f"{function.__module__}.{function.__qualname__}"


def rulings(evidence: Evidence) -> dict[str, Ruling]:
    """The ruling on every claim; a claim that repeats another inherits its check.

    Raises:
        LedgerError: a claim has no check and repeats none, or a check has no claim.
    """
    asserted, bound = claims(evidence), checks()
    if unknown := sorted(set(bound) - set(asserted)):
        raise LedgerError(f"checks are bound to claims that do not exist: {', '.join(unknown)}")
    return {row: ruling(evidence, row, asserted, bound) for row in asserted}


def ruling(
    evidence: Evidence, row: str, asserted: Mapping[str, Claim], bound: Mapping[str, Check]
) -> Ruling:
    """The ruling on one claim.

    Raises:
        LedgerError: the claim has no check and repeats none that has.
    """
    claim = asserted[row]
    source = row if row in bound else claim.repeat_of
    if source not in bound:
        raise LedgerError(
            f"claim {row!r} has no check: bind one in analysis.claims.{claim.chapter}, or name "
            "the claim it repeats in the column repeat_of"
        )
    check = bound[source]
    return Ruling(
        claim,
        check(evidence, claim),
        row=f"{CLAIMS}/{row}",
        by=check_name(check),
        inherited="" if source == row else source,
    )
