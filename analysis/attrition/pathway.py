"""The pathway of the referrals that ended in one year: how far each of them got.

One cohort, cut by the number of contacts: never seen, seen and not treated, treated once, treated
more than once. The last is what the programme counts as a finished course.
"""

from __future__ import annotations

import pandas as pd

from analysis.attrition.end_codes import code_counts, total
from analysis.attrition.share_bars import Bar, share_bars
from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.year_sums import year_sum

STAGES = {
    "not_seen": ("monthly_pathway", "ended_not_seen"),
    "not_treated": ("monthly_pathway", "ended_seen_not_treated"),
    "once": ("monthly_pathway", "ended_treated_once"),
    "finished": ("monthly_outcomes", "finished_course"),
}


def stage_counts(evidence: Evidence, year: str) -> dict[str, Quantity]:
    """Referrals that ended in a financial year by how far they got, and all that ended.

    The four stages are one cohort; their sum falls up to a few referrals a month short of all
    that ended. Raises LookupFault when a month of the year is missing.
    """
    counts = {
        name: year_sum(evidence, table, measure, year) for name, (table, measure) in STAGES.items()
    }
    return {**counts, "ended": year_sum(evidence, "monthly_pathway", "ended_referrals", year)}


def stage_shares(evidence: Evidence, year: str) -> dict[str, Quantity]:
    """Each stage as a percentage of all referrals that ended in the year."""
    counts = stage_counts(evidence, year)
    return {name: share(counts[name], counts["ended"]) for name in STAGES}


def once_of_treated(counts: dict[str, Quantity]) -> Quantity:
    """Treated once as a percentage of all treated, within one cohort of ended referrals."""
    return share(counts["once"], counts["once"] + counts["finished"])


@computes
def picture(
    evidence: Evidence, *, year: str = "2024-25", dose: str = "su_5_or_more_2025"
) -> dict[str, Quantity | Chart]:
    """The pathway of one cohort in percent of referrals that ended.

    An adequate dose is approximate: share finished × printed share of finished courses with at
    least that many contacts, which is of a single month and was read from a caption. A planned
    end is a code of the service and not a stage of the counts.
    """
    counts, parts = stage_counts(evidence, year), stage_shares(evidence, year)
    codes = code_counts(evidence, year)
    planned = share(codes["completed_by_agreement"], total(codes))
    printed = evidence.quantity("sessions_distribution", dose)
    rule = evidence.quantity("sessions_distribution", dose, "sessions_min")
    enough = derive(
        parts["finished"].value * printed.value / 100,
        "percent",
        parts["finished"],
        printed,
        interval=UNSTATED,
        decimals=0,
    )
    seen = share(counts["ended"] - counts["not_seen"], counts["ended"])
    treated = share(counts["once"] + counts["finished"], counts["ended"])
    few = parts["finished"] - enough
    few = derive(few.value, "percent", few, decimals=0)
    bars = [
        Bar("Referrals that ended", share(counts["ended"], counts["ended"])),
        Bar("Seen at all", seen, parts["not_seen"], "ended without being seen"),
        Bar("Treated at least once", treated, parts["not_treated"], "ended seen, not treated"),
        Bar(
            "Treated more than once, counted as finished",
            parts["finished"],
            parts["once"],
            "ended after a single treatment appointment",
        ),
        Bar(f"With at least {rule}", enough, few, "finished with fewer, about", approximate=True),
        Bar(
            "Planned end, by the code the service gave",
            planned,
            heading="The same referrals by end code",
        ),
    ]
    records = [
        {
            "How far": bar.label,
            "Of ended referrals": bar.share,
            "Ended before it": bar.lost_label or "–",
            "Share ended": bar.lost,
        }
        for bar in bars
    ]
    chart = Chart(
        title=(
            f"Of referrals that ended in {year}, {treated} reached a treatment appointment and "
            f"{parts['finished']} came back for another"
        ),
        alt=(
            "Bars, each a share of the same ended referrals, one below the other; the broken "
            "outline after a bar is what ended since the bar above. The hollow bar is "
            "approximate. " + " ".join(f"{text}." for bar in bars for _, text in bar.lines())
        ),
        table=Table(f"The pathway of referrals that ended in {year}.", pd.DataFrame(records)),
        draw=lambda width: share_bars(bars, width, "Percent of referrals that ended"),
    )
    return {
        "path_ended": counts["ended"],
        "path_not_seen": parts["not_seen"],
        "path_not_treated": parts["not_treated"],
        "path_untreated": share(counts["not_seen"] + counts["not_treated"], counts["ended"]),
        "path_once": parts["once"],
        "path_finished": parts["finished"],
        "path_dose": enough,
        "path_dose_rule": rule,
        "path_dose_printed": printed,
        "path_planned": planned,
        "path_before_planned": share(codes["ended_before_planned"], total(codes)),
        "path_chart": chart,
    }
