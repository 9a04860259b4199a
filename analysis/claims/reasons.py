"""Claims that nothing public measures: the reason, and what would check them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from analysis.evidence import Evidence
from analysis.ruling import Claim, Finding

Check = Callable[[Evidence, Claim], Finding]
OTHER_COLLECTION = (
    "The point comes from the quarterly indicators, an earlier collection that does not join the "
    "data set, whose figure of the year stands beside it; the indicators of the year, which were "
    "published and not seen, would check it."
)
PRIVATE = "It concerns a private person; nothing public can or should check it."


def unmeasured(evidence: Evidence, claim: Claim, *, why: str) -> Finding:
    """A claim that no public figure reaches."""
    return Finding(missing=why)


def because(why: str) -> Check:
    """The check of a claim that nothing public measures, with the reason in plain words."""
    return partial(unmeasured, why=why)
