"""A ruling follows from a claim's own words and the figures found for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.quantity import Interval, Quantity
from analysis.ruling import Claim, Finding, Ruling

CLAIM = Claim(
    id="half_recover",
    label="share who recover",
    claimant="A",
    claimant_note="",
    reported_by="",
    stance="for the programme",
    chapter="recovery",
    statement="Half recover.",
    value=50.0,
    unit="percent",
    decimals=0,
    relation="about",
    kind="figure",
    repeat_of="",
    series="",
    headline=None,
    asserted_on="2018",
    dated_by="printed",
    cited_as="",
)


def percent(value: float, **limits: float) -> Quantity:
    interval = Interval("sampling", limits["low"], limits["high"], 0.95) if limits else None
    rows = frozenset({"rates/a"})
    if interval is None:
        return Quantity(value, "percent", rows=rows)
    return Quantity(value, "percent", interval, rows)


def label(claim: Claim, **finding) -> str:
    return Ruling(claim, Finding(**finding), "claims/half_recover", "module.check").label


def test_a_rounded_figure_says_in_which_direction() -> None:
    assert label(CLAIM, computed=percent(50.4)) == "reproduced"
    assert label(CLAIM, computed=percent(46.0)).endswith(
        "(claimed figure above the recomputed one)"
    )
    assert label(CLAIM, computed=percent(53.0)).endswith(
        "(claimed figure below the recomputed one)"
    )
    assert label(CLAIM, computed=percent(44.0)) == "differs from the evidence"


def test_a_base_that_gives_another_figure_is_named() -> None:
    others = [percent(26.1)]
    assert label(CLAIM, computed=percent(50.4), others=others) == "true on a stated base only"


def test_own_inputs_decide_before_the_evidence() -> None:
    exact = replace(CLAIM, value=34.5, decimals=1, relation="exact")
    finding = {"own": percent(34.0), "computed": percent(34.5)}
    assert label(exact, **finding) == "own inputs do not give own output"


def test_a_direction_needs_an_interval_on_one_side() -> None:
    more = replace(CLAIM, value=None, kind="comparative")
    assert label(more, computed=percent(3, low=1, high=5)) == "reproduced"
    assert label(more, computed=percent(3, low=-1, high=7)) == "too uncertain to tell"
    assert label(more, computed=percent(-3, low=-5, high=-1)) == "differs from the evidence"


def test_a_universal_statement_is_searched_for_counter_examples() -> None:
    never = replace(CLAIM, value=0.0, kind="universal", relation="exact")
    found = Quantity(3, "count", rows=frozenset({"rates/a"}))
    assert label(never, exceptions=found) == "has counter-examples"
    assert label(never, exceptions=found * 0) == "no counter-example found"


def test_a_finding_that_decides_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no figure and no reason"):
        label(CLAIM, on="nothing")
    assert label(CLAIM, missing="Nobody counts it.") == "not checkable with the evidence seen"


def test_the_claim_prints_as_it_was_made() -> None:
    assert CLAIM.figure() == "about 50%"
    assert replace(CLAIM, value=1500.0, unit="people", relation="exact").figure() == "1,500 people"
    assert (
        replace(CLAIM, value=650.0, unit="GBP", relation="more than").figure() == "more than £650"
    )
    assert replace(CLAIM, value=None).figure() == ""


def test_lineage_holds_the_claim_and_the_evidence() -> None:
    ruling = Ruling(CLAIM, Finding(computed=percent(50.4)), "claims/half_recover", "module.check")
    assert ruling.rows == {"claims/half_recover", "rates/a"}
    assert ruling.live
