"""Faults of the ledger: every claim has one check, every check one claim and one result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from faults import note

from analysis.claims import ledger
from analysis.errors import LedgerError, PublishError
from analysis.quantity import Quantity
from analysis.ruling import Claim, Finding
from analysis.site.records import Records

CLAIM, OTHER = "one", "other"


class Claims:
    """The table of claims, with two made-up claims in it."""

    def __init__(self, repeat_of: str = "") -> None:
        import pandas as pd

        words = dict.fromkeys(Claim.__dataclass_fields__, "")
        row = {**words, "chapter": "recovery", "value": 50.0, "decimals": 0}
        other = {**row, "repeat_of": repeat_of}
        del row["id"], other["id"]
        self.frame = pd.DataFrame([row, other], index=[CLAIM, OTHER])

    def table(self, name: str) -> Any:
        assert name == "claims"
        return self.frame


def decided(evidence: object, claim: Claim) -> Finding:
    return Finding(on="all", computed=Quantity(50, "percent", rows=frozenset({"rates/a"})))


def undecided(evidence: object, claim: Claim) -> Finding:
    return Finding(on="all")


BOTH = {CLAIM: decided, OTHER: decided}
FAULTS: dict[str, tuple[list[Mapping[str, Callable]], str, str]] = {
    "claim without check": (
        [{CLAIM: decided}],
        "",
        "claim 'other' has no check: bind one in analysis.claims.recovery",
    ),
    "claim that repeats none that has a check": (
        [{CLAIM: decided}],
        "nothing",
        "claim 'other' has no check",
    ),
    "check without claim": (
        [BOTH, {"nothing": decided}],
        "",
        "checks are bound to claims that do not exist: nothing",
    ),
    "two checks of one claim": (
        [BOTH, {CLAIM: decided}],
        "",
        "claim 'one' has two checks: delete one of them",
    ),
    "finding that decides nothing": (
        [{CLAIM: decided, OTHER: undecided}],
        "",
        "the check of 'other' gives no figure and no reason",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_ledger(monkeypatch, record_property, fault: str) -> None:
    bound, repeat_of, message = FAULTS[fault]
    rooms = [SimpleNamespace(CHECKS=checks) for checks in bound]
    monkeypatch.setattr(ledger, "ROOMS", rooms)
    with pytest.raises((LedgerError, ValueError)) as caught:
        ledger.rulings(Claims(repeat_of))
    assert message in str(caught.value)
    note(record_property, fault, "refused", str(caught.value))


def test_the_same_ledger_without_fault(monkeypatch) -> None:
    monkeypatch.setattr(ledger, "ROOMS", [SimpleNamespace(CHECKS={CLAIM: decided})])
    found = ledger.rulings(Claims(repeat_of=CLAIM))
    assert [found[claim].inherited for claim in (CLAIM, OTHER)] == ["", CLAIM]


def test_a_claim_judged_by_two_chapters(record_property) -> None:
    records = Records()
    records.add("claims", {"rulings": {CLAIM: {"order": 1}}})
    with pytest.raises(PublishError) as caught:
        records.add("recovery", {"rulings": {CLAIM: {"order": 2}}})
    assert "claim 'one' is judged twice: delete one of the two" in str(caught.value)
    note(record_property, "claim judged by two chapters", "refused", str(caught.value))
