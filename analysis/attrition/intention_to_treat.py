"""How far recovery among everyone treated depends on the people treated once.

The bounds themselves are computed in the chapter on recovery. Here stands only their slope: what
a recovery rate among people treated once would move.
"""

from __future__ import annotations

from analysis.attrition.pathway import stage_counts
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.year_sums import year_sum


@computes
def dependence(evidence: Evidence, *, year: str = "2024-25") -> dict[str, Quantity]:
    """Change of recovery among all treated for a change among those treated once.

    L b / (F + L b) for L treated once, a share b of them at caseness and F finished at caseness.
    The value takes all of them as cases, b = 1; b is bounded from as often as among finishers up
    to that, which is an assumption.
    """
    counts = stage_counts(evidence, year)
    finished = counts["finished"]
    below = year_sum(evidence, "monthly_outcomes", "not_at_caseness", year)
    cases, once = finished - below, counts["once"]
    caseness = cases.value / finished.value

    def slope(belonging: float) -> float:
        belong = once.value * belonging
        return belong / (cases.value + belong)

    low, high = sorted((slope(caseness), slope(1.0)))
    return {
        "itt_slope": derive(
            slope(1.0),
            "percentage points",
            cases,
            once,
            interval=Interval("bound", low, high),
            decimals=2,
        ),
        "itt_caseness": share(cases, finished),
    }
