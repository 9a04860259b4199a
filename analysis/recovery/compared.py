"""Steps and therapies side by side: what can be compared when allocation is not random.

All figures are full counts of a year: no sampling error, and no control for who was given what.
Recoveries of those who had low intensity only, or high intensity only, are not published.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.quantity import RECORD, Quantity, computes, derive, lineage
from analysis.recovery.group_rates import (
    COURSES,
    SIZE,
    TABLE,
    GroupCounts,
    pair_rows,
    start_mean,
)
from analysis.stepped_care_chart import stepped_care_chart
from analysis.tables import Table

STEPS = {
    "Low intensity only": "low_only",
    "Low and high intensity": "both",
    "High intensity only": "high_only",
    "Not stated": "not_stated",
}
CBT, SELF_HELP = "Cognitive behaviour therapy", "Guided self-help (book)"
COUNSELLING, SWINGING = "Counselling for depression", "Applied relaxation"
ALL_PROBLEMS = "All problems"
GAPS = {
    "ptsd": "Post-traumatic stress disorder",
    "gad": "Generalised anxiety disorder",
    "other": "Other anxiety or stress related disorder",
}


@computes
def steps(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Finished courses by the steps they took, as shares of all finished courses of each year."""
    frame = evidence.table(TABLE, grouping="stepped_care", measure=SIZE["referral"])
    rows = evidence.rows(TABLE, frame.index)
    counts = frame.pivot(index="year", columns="group", values="value")[list(STEPS)]
    shares = 100 * counts.div(counts.sum(axis=1), axis=0)
    first, last = shares.index[0], shares.index[-1]
    found: dict[str, Quantity] = {}
    for group, name in STEPS.items():
        used = lineage(evidence.rows(TABLE, frame[frame["year"] == last].index))
        found[f"intensity_{name}"] = derive(shares.loc[last, group], "percent", used)
    used = lineage(evidence.rows(TABLE, frame[frame["year"] == first].index))
    low = "Low intensity only"
    found["intensity_low_only_first"] = derive(shares.loc[first, low], "percent", used)
    table = Table(
        "Finished courses by step, percent of each year's finished courses.",
        shares.round(1).rename_axis("Year").reset_index(),
        rows=rows,
        decimals=dict.fromkeys(STEPS, 1),
    )
    chart = stepped_care_chart(
        shares,
        f"Courses of low intensity only rose from {found['intensity_low_only_first']} to "
        f"{found['intensity_low_only']} of finished courses",
        "Lines by year for each way through the steps, with bars up to what the share is if every "
        "course not stated belongs to it: "
        + "; ".join(f"{step}, {shares.loc[last, step]:.1f}% in {last}" for step in STEPS),
        table,
    )
    return {**found, "intensity_steps": chart}


def step_rate(evidence: Evidence, intensity: str, year: str) -> Quantity:
    """Recovery over all courses of therapies of one step; a person counts once a therapy.

    Someone stepped up counts in both steps, in the first as not recovered.
    """
    frame = evidence.table(
        TABLE,
        basis=COURSES,
        grouping="therapy",
        within=ALL_PROBLEMS,
        intensity=intensity,
        year=year,
    )
    names = sorted(frame["group"].unique())
    return GroupCounts(evidence, "therapy", COURSES).rate(names, year, ALL_PROBLEMS)


@computes
def intensity(evidence: Evidence, year: str = "2024-25") -> dict[str, Quantity]:
    """Recovery over low and over high intensity courses, and the scores that they start from."""
    low, high = (step_rate(evidence, step, year) for step in ("low", "high"))
    return {
        "intensity_low_rate": low,
        "intensity_high_rate": high,
        "intensity_difference": high - low,
        "intensity_start_self_help": start_mean(evidence, SELF_HELP, ALL_PROBLEMS, year),
        "intensity_start_cbt": start_mean(evidence, CBT, ALL_PROBLEMS, year),
    }


@computes
def therapies(
    evidence: Evidence, first: str = "2021-22", last: str = "2024-25"
) -> dict[str, Quantity | Chart]:
    """Recovery by therapy in the first and the last year with figures, all problems together."""
    frame = evidence.table(
        TABLE, basis=COURSES, grouping="therapy", within=ALL_PROBLEMS, measure=SIZE[COURSES]
    )
    sizes = frame[frame["year"] == last].sort_values("value", ascending=False)
    counts = GroupCounts(evidence, "therapy", COURSES)
    records, drawn, swings = [], [], {}
    for row in sizes.itertuples():
        early, late = (counts.rate(row.group, year, ALL_PROBLEMS) for year in (first, last))
        courses = counts.size(row.group, last, ALL_PROBLEMS)
        start = start_mean(evidence, row.group, ALL_PROBLEMS, last)
        records.append(
            {
                "Therapy": row.group,
                "Step": row.intensity,
                f"Courses {last}": courses,
                f"PHQ-9 at the start {last}": start,
                first: early,
                last: late,
            }
        )
        text = f"{row.group}: {early} and {late}; {courses}, first PHQ-9 {start.number()}"
        drawn.append({"text": text, "name": row.group, "first": early.value, "second": late.value})
        swings[row.group] = derive(
            late.value - early.value, "percentage points", early, late, interval=RECORD
        )
    rates = {record["Therapy"]: record[last] for record in records}
    found = {
        "therapy_cbt": rates[CBT],
        "therapy_counselling": rates[COUNSELLING],
        "therapy_self_help": rates[SELF_HELP],
        "therapy_swing": swings[SWINGING],
        "therapy_swing_courses": counts.size(SWINGING, last, ALL_PROBLEMS),
        "therapy_cbt_swing": swings[CBT],
    }
    pairs = pd.DataFrame(drawn)
    widest = max(swings, key=lambda name: abs(swings[name].value))
    chart = Chart(
        title=(
            f"Between {first} and {last} the rate of cognitive behaviour therapy moved by "
            f"{abs(found['therapy_cbt_swing'].value):.1f} points; that of {widest.lower()}, with "
            f"{counts.size(widest, last, ALL_PROBLEMS)}, by {abs(swings[widest].value):.1f}"
        ),
        alt=f"Recovery by therapy, hollow for {first} and filled for {last}. "
        + " ".join(f"{record['text']}." for record in drawn),
        table=Table("Recovery by therapy; full counts of courses.", pd.DataFrame(records)),
        draw=lambda width: pair_rows(
            pairs,
            width,
            f"hollow: {first}; filled: {last}",
            (0, 70),
        ),
    )
    return {**found, "therapy_rates": chart}


@computes
def same_problem(evidence: Evidence, year: str = "2024-25") -> dict[str, Quantity | Chart]:
    """Recovery under guided self-help and cognitive behaviour therapy within the same problem."""
    frame = evidence.table(
        TABLE, basis=COURSES, grouping="problem", year=year, measure="moved_to_recovery"
    )
    treated = {
        therapy: set(frame[frame["within"] == therapy]["group"]) for therapy in (CBT, SELF_HELP)
    }
    problems = sorted(treated[CBT] & treated[SELF_HELP])
    counts = GroupCounts(evidence, "problem", COURSES)
    records, drawn, ahead = [], [], 0
    for problem in problems:
        low, high = (counts.rate(problem, year, therapy) for therapy in (SELF_HELP, CBT))
        starts = [start_mean(evidence, therapy, problem, year) for therapy in (SELF_HELP, CBT)]
        ahead += high.value > low.value
        records.append(
            {
                "Problem": problem,
                "Guided self-help": low,
                "CBT": high,
                "PHQ-9 at the start, self-help": starts[0],
                "PHQ-9 at the start, CBT": starts[1],
            }
        )
        text = f"{problem}: {low} and {high}"
        drawn.append({"text": text, "name": problem, "first": low.value, "second": high.value})
    drawn.sort(key=lambda record: record["second"] - record["first"], reverse=True)
    gaps = {record["Problem"]: record["CBT"] - record["Guided self-help"] for record in records}
    found = {f"therapy_gap_{name}": gaps[problem] for name, problem in GAPS.items()}
    chart = Chart(
        title=(
            f"In {ahead} of {len(problems)} problems recovery is higher over courses of cognitive "
            "behaviour therapy than of guided self-help"
        ),
        alt="Recovery by problem, hollow for guided self-help and filled for cognitive behaviour "
        "therapy. " + " ".join(f"{record['text']}." for record in drawn),
        table=Table(
            f"Recovery within the same problem, {year}; allocation is not random.",
            pd.DataFrame(records),
        ),
        draw=lambda width: pair_rows(
            pd.DataFrame(drawn), width, "hollow: guided self-help; filled: CBT", (0, 70)
        ),
    )
    return {**found, "therapy_same_problem": chart}
