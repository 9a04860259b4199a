"""Who gets in, by the end code that the service recorded for each referral that ended.

A code is the service's word for how a referral ended and not a count of contacts: the groups of
codes and the groups by number of treatment appointments cut the same referrals in two ways.
"""

from __future__ import annotations

import pandas as pd

from analysis.attrition.share_bars import Bar, share_bars
from analysis.charts import Chart
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, share
from analysis.tables import Table
from analysis.year_sums import months_of, year_sum

YEARS = ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26")
CODES = {
    "not_assessed": "Never assessed",
    "not_suitable_returned": "Not suitable, returned to referrer or no action",
    "not_suitable_signposted": "Not suitable, signposted by agreement",
    "advice_and_support": "Discharged by agreement after advice and support",
    "referred_elsewhere": "Referred elsewhere",
    "declined_treatment": "Suitable, declined what was offered",
    "incomplete_assessment": "Left during the assessment",
    "deceased_not_taken_on": "Died, not taken on",
    "unknown_not_taken_on": "Not taken on, reason unknown",
    "completed_by_agreement": "Treatment completed, end agreed",
    "ended_before_planned": "Ended before the professional planned",
    "ended_before_patient_wished": "Ended before the patient wished",
    "deceased_taken_on": "Died, taken on",
    "unknown_taken_on": "Taken on, reason unknown",
    "invalid_code": "Code invalid",
    "no_code": "Code missing",
}
STAGES = {
    "not seen": "Not seen",
    "seen, not taken on": "Seen, not taken on for a course",
    "taken on": "Taken on for a course",
    "unrecorded": "Not recorded",
}
DRAWN = 0.2  # percent; rarer codes stand in the table only


def code_counts(evidence: Evidence, year: str) -> dict[str, Quantity]:
    """Referrals that ended in a financial year by end code, as sums of twelve months.

    Raises:
        LookupFault: a code lacks a month of the year, or the codes do not add up to all ended.
    """
    frame = evidence.table("monthly_end_reasons", month=months_of(year))
    found = {}
    for code in CODES:
        own = frame[frame["reason"] == code]
        if len(own) != 12:
            raise LookupFault(f"monthly_end_reasons: {code} of {year} has {len(own)} of 12 months")
        rows = evidence.rows("monthly_end_reasons", own.index)
        found[code] = Quantity(own["value"].sum(), "referrals", rows=rows)
    return found


def total(counts: dict[str, Quantity], *codes: str) -> Quantity:
    """Sum over some codes, or over all."""
    first, *rest = codes or CODES
    return sum((counts[code] for code in rest), counts[first])


def stage_of(evidence: Evidence) -> dict[str, str]:
    """Stage of each code in the data set."""
    frame = evidence.table("monthly_end_reasons")
    return dict(frame.drop_duplicates("reason").set_index("reason")["stage"])


@computes
def end_codes(
    evidence: Evidence, *, year: str = "2024-25", first: str = "2021-22"
) -> dict[str, Quantity | Chart]:
    """Shares of ended referrals by end code, share = 100 × code / all codes; counts are records.

    `year` is that of the first chapter's bounds; `first` is the first year with all months.
    """
    counts, before = code_counts(evidence, year), code_counts(evidence, first)
    ended, ended_before = total(counts), total(before)

    def part(*codes: str) -> Quantity:
        return share(total(counts, *codes), ended)

    not_suitable = part("not_suitable_returned", "not_suitable_signposted")
    declined, never = part("declined_treatment"), part("not_assessed")
    unseen = year_sum(evidence, "monthly_pathway", "ended_not_seen", year)
    return {
        "entry_not_suitable": not_suitable,
        "entry_returned": part("not_suitable_returned"),
        "entry_signposted": part("not_suitable_signposted"),
        "entry_advice": part("advice_and_support"),
        "entry_elsewhere": part("referred_elsewhere"),
        "entry_declined": declined,
        "entry_declined_first": share(before["declined_treatment"], ended_before),
        "entry_left_assessment": part("incomplete_assessment"),
        "entry_never_assessed": never,
        "entry_never_assessed_first": share(before["not_assessed"], ended_before),
        "entry_no_contact": share(
            unseen, year_sum(evidence, "monthly_pathway", "ended_referrals", year)
        ),
        "entry_unrecorded": part("no_code", "invalid_code"),
        "entry_unrecorded_first": share(total(before, "no_code", "invalid_code"), ended_before),
        "entry_chart": _chart(evidence, year, first, not_suitable, declined, never),
    }


def _chart(
    evidence: Evidence,
    year: str,
    first: str,
    not_suitable: Quantity,
    declined: Quantity,
    never: Quantity,
) -> Chart:
    now, then = code_counts(evidence, year), code_counts(evidence, first)
    stages = stage_of(evidence)
    shares = {code: (share(now[code], total(now)), share(then[code], total(then))) for code in now}
    bars, seen = [], set()
    for code, (late, early) in shares.items():
        if late.value >= DRAWN:
            heading = "" if stages[code] in seen else STAGES[stages[code]]
            seen.add(stages[code])
            bars.append(Bar(CODES[code], late, earlier=early, heading=heading))
    records = [
        {"How it ended": CODES[code], "Stage": STAGES[stages[code]], year: late, first: early}
        for code, (late, early) in shares.items()
    ]
    most = max(max(bar.share.value, bar.earlier.value if bar.earlier else 0) for bar in bars)
    return Chart(
        title=(
            f"Of referrals that ended in {year}, {never} were coded as never assessed, "
            f"{declined} as declined and {not_suitable} as not suitable"
        ),
        alt=(
            f"Bars of the share of ended referrals by end code in {year}, with a tick at the share "
            f"in {first}, in groups: not seen; seen, not taken on; taken on; not recorded. "
            + " ".join(f"{bar.label}: {bar.share}, before {bar.earlier}." for bar in bars)
        ),
        table=Table("Ended referrals by end code, percent of all.", pd.DataFrame(records)),
        draw=lambda width: share_bars(
            bars, width, f"Percent of ended referrals, {year} (tick: {first})", 5 * (most // 5 + 1)
        ),
    )


@computes
def by_year(evidence: Evidence) -> dict[str, Table]:
    """Every end code in every full year, and the group of codes to which it belongs."""
    stages, counts = stage_of(evidence), {year: code_counts(evidence, year) for year in YEARS}
    records = [
        {
            "How it ended": label,
            "Stage": STAGES[stages[code]],
            **{year: share(counts[year][code], total(counts[year])) for year in YEARS},
        }
        for code, label in CODES.items()
    ]
    ended = {year: total(counts[year]) for year in YEARS}
    records.append({"How it ended": "All ended referrals", "Stage": "All", **ended})
    caption = "End codes by financial year, percent of referrals that ended; sums of months."
    return {"entry_by_year": Table(caption, pd.DataFrame(records), folded=True)}
