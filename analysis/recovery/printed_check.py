"""The proportion check on every printed percentage of every side, by one rule.

A figure is checked when it is printed as exact, is a plain share and has a size beside it.
Counts printed rounded are allowed all the values that would round to them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from analysis.evidence import Evidence
from analysis.printed_proportions import check_proportion, pairs_print

FITS, NOT, LARGE, NO_CHECK = "obtainable", "not obtainable", "base too large", "not checkable"
STATUSES = {
    FITS: "obtainable from the stated n",
    NOT: "not obtainable from the stated n",
    LARGE: "every percentage is obtainable from so large a base",
    NO_CHECK: "no check possible: estimated, inexact, or no size printed",
}
OVER_DENOMINATOR = {
    "recovery_rate_percent": "moved_to_recovery",
    "reliable_recovery_percent": "reliable_recovery_count",
}
OVER_FINISHED = {
    "reliable_improvement_percent": "reliable_improvement_count",
    "reliable_deterioration_percent": "reliable_deterioration_count",
}


@dataclass(frozen=True)
class Checked:
    """The finding on one printed percentage: its status and the wording of the finding."""

    status: str
    wording: str


def as_printed(value: float, decimals: float) -> str:
    """A percentage as text with its printed number of decimals.

    >>> as_printed(45.0, 1), as_printed(45.0, 0)
    ('45.0', '45')
    """
    return f"{value:.{max(0, round(decimals))}f}"


def within_rounding(percent: str, count: float, n: float, step: float) -> bool:
    """Whether some count and size that round to the printed ones give the percentage.

    The share runs from (k − h)/(n + h) to (k + h)/(n − h), h half the step; it must meet the
    values that print as the percentage, half a unit of its last decimal on either side.

    >>> within_rounding("69.4", 470, 680, 5), within_rounding("69.4", 470, 680, 1)
    (True, False)
    """
    half, places = Fraction(round(step), 2), len(percent.partition(".")[2])
    low = 100 * (Fraction(round(count)) - half) / (round(n) + half)
    high = 100 * (Fraction(round(count)) + half) / (round(n) - half)
    unit = Fraction(1, 2 * 10**places)
    return low <= Fraction(percent) + unit and high >= Fraction(percent) - unit


def check_printed(
    percent: float,
    decimals: float,
    n: float,
    count: float = math.nan,
    step: float = math.nan,
    exact: bool = True,
) -> Checked:
    """Status of one printed percentage against the size, count and rounding printed with it.

    Sizes of 100·10ᵈ and above can print every percentage with d decimals, so without a count
    nothing is tested there.

    >>> check_printed(9.2, 1, 90).wording
    'not obtainable from the stated n; obtainable from 87 and 98'
    >>> check_printed(39.0, 0, 22, count=9, step=1).status
    'obtainable'
    """
    if not exact or not math.isfinite(n):
        return Checked(NO_CHECK, STATUSES[NO_CHECK])
    text, size = as_printed(percent, decimals), max(1, round(n))
    if not math.isfinite(count):
        if size >= 100 * 10 ** len(text.partition(".")[2]):
            return Checked(LARGE, STATUSES[LARGE])
        check = check_proportion(text, size)
        return Checked(FITS if check.obtainable else NOT, check.wording)
    events = min(round(count), size)
    if math.isfinite(step) and round(step) >= 1 and within_rounding(text, events, size, step):
        return Checked(FITS, "obtainable within the rounding of the printed counts")
    check = check_proportion(text, size, count=events)
    gives = as_printed(100 * events / size, max(decimals, 1))
    return Checked(
        FITS if check.obtainable else NOT,
        check.wording if check.obtainable else f"{check.wording}; the printed counts give {gives}%",
    )


def statements(evidence: Evidence) -> pd.DataFrame:
    """Every printed percentage of the table of statements with its status and wording."""
    frame = evidence.table("printed_proportions")
    checks = [
        check_printed(
            row.percent,
            row.decimals,
            row.n,
            row.count_,
            row.count_rounding,
            exact=row.qualifier == "exact" and not row.estimated,
        )
        for row in frame.rename(columns={"count": "count_"}).itertuples()
    ]
    frame["status"] = [check.status for check in checks]
    frame["wording"] = [check.wording for check in checks]
    return frame


def official_pairs(evidence: Evidence, first_year: str = "2013-14") -> pd.DataFrame:
    """Yearly and monthly official percentages beside the counts that they are of, with status.

    Both print to one decimal from `first_year` on. Pairs that also stand in the table of
    statements are left to that table, so that no pair is counted twice. `id` is the row of the
    percentage.
    """
    known = evidence.table("printed_proportions", claimant_side="official")
    told = set(zip(known["count"], known["n"], strict=True))
    pairs = []
    for table, period, start in (
        ("annual_national", "year", first_year),
        ("monthly_outcomes", "month", ""),
    ):
        frame = evidence.table(table, preferred=True)
        if table == "annual_national":
            frame = frame[(frame["series"] == "data_set") & (frame["year"] >= start)]
        cells = frame.pivot(columns="measure", index=period, values="value")
        base = cells["finished_course"] - cells["not_at_caseness"]
        if table == "monthly_outcomes":
            base = cells["recovery_denominator"].fillna(base)
        for over, measures in ((base, OVER_DENOMINATOR), (cells["finished_course"], OVER_FINISHED)):
            for percent, count in measures.items():
                if percent not in cells:
                    continue
                ids = frame[frame["measure"] == percent].reset_index().set_index(period)["id"]
                found = pd.DataFrame({"percent": cells[percent], "count": cells[count], "n": over})
                found = found.dropna().assign(id=ids).rename_axis("period").reset_index()
                pairs.append(found.assign(table=table, measure=percent))
    frame = pd.concat(pairs, ignore_index=True)
    repeated = [pair in told for pair in zip(frame["count"], frame["n"], strict=True)]
    frame = frame[[not again for again in repeated]].reset_index(drop=True)
    counts, sizes = frame["count"].round().astype(int), frame["n"].round().astype(int)
    texts = [as_printed(value, 1) for value in frame["percent"]]
    frame["status"] = [FITS if fits else NOT for fits in pairs_print(counts, sizes, texts, 1)]
    return frame
