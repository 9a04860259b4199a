"""Low intensity: first, only, and stepped up, in official counts beside the claims."""

from __future__ import annotations

import pandas as pd

from analysis.attrition.pathway import once_of_treated, stage_counts
from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.stepped_care_chart import stepped_care_chart
from analysis.tables import Table

GROUPS = {
    "low": "Low intensity only",
    "both": "Low and high intensity",
    "high": "High intensity only",
    "unstated": "Not stated",
}
STATED = ("low", "both", "high")


def step_counts(evidence: Evidence) -> dict[str, dict[str, Quantity]]:
    """Finished courses by year and by the intensities they had; the groups do not overlap."""
    frame = evidence.table("outcomes_by_group", grouping="stepped_care", measure="finished_course")
    return {
        str(year): {
            name: evidence.quantity("outcomes_by_group", str(rows.index[rows["group"] == label][0]))
            for name, label in GROUPS.items()
        }
        for year, rows in frame.groupby("year")
    }


def bounded(part: Quantity, unstated: Quantity, whole: Quantity) -> Quantity:
    """A part as a share of a whole; at most, all whose group is not stated belong to it too."""
    value = share(part, whole)
    high = share(part + unstated, whole).value
    limits = Interval("bound", value.value, high)
    return derive(value.value, "percent", part, unstated, whole, interval=limits)


def step_shares(evidence: Evidence) -> dict[str, dict[str, Quantity]]:
    """Shares of finished courses by year, as bounds for those whose intensity is not stated."""
    shares = {}
    for year, counts in step_counts(evidence).items():
        whole = counts["low"] + counts["both"] + counts["high"] + counts["unstated"]
        parts = {
            **{name: counts[name] for name in STATED},
            "any_low": counts["low"] + counts["both"],
            "any_high": counts["high"] + counts["both"],
        }
        shares[year] = {
            name: bounded(part, counts["unstated"], whole) for name, part in parts.items()
        }
        shares[year]["unstated"] = share(counts["unstated"], whole)
    return shares


def among_treated(finished_share: Quantity, low: Quantity) -> Quantity:
    """Share with low intensity only among everyone treated at least once, as bounds.

    The intensity of a single treatment is not published: none or all of it may be low.
    """
    once = finished_share.value / 100
    least, most = low.interval.limits or (low.value,) * 2
    limits = Interval("bound", (1 - once) * least, (1 - once) * most + 100 * once)
    return derive(limits.low or 0.0, "percent", finished_share, low, interval=limits)


@computes
def by_year(
    evidence: Evidence, *, first: str = "2017-18", latest: str = "2024-25"
) -> dict[str, Quantity | Chart]:
    """Finished courses with low intensity only, with both and with high intensity only."""
    shares = step_shares(evidence)
    now, then = shares[latest], shares[first]
    treated = among_treated(once_of_treated(stage_counts(evidence, latest)), now["low"])
    table = Table(
        "Finished courses by the intensities they had, percent. The upper bound of a group takes "
        "in everyone whose group is not stated.",
        pd.DataFrame(
            [
                (year, *(found[name] for name in STATED), found["unstated"])
                for year, found in shares.items()
            ],
            columns=["Year", *GROUPS.values()],
        ),
    )
    drawn = {
        year: {label: found[name].value for name, label in GROUPS.items()}
        for year, found in shares.items()
    }
    chart = stepped_care_chart(
        pd.DataFrame.from_dict(drawn, orient="index"),
        f"Low intensity alone made up {then['low']} of finished courses in {first} and "
        f"{now['low']} in {latest}, with a fall between; {now['any_high']} had high intensity",
        "Lines by year with bars up to the upper bound. Low intensity only: "
        f"{then['low'].with_limits()} in {first}, {now['low'].with_limits()} in {latest}. "
        f"Low and high: {then['both']} and {now['both']}. High only: {then['high']} and "
        f"{now['high']}.",
        table,
    )
    return {
        "low_only": now["low"],
        "low_only_first": then["low"],
        "low_any": now["any_low"],
        "low_high": now["any_high"],
        "low_high_only": now["high"],
        "low_high_only_first": then["high"],
        "low_unstated": now["unstated"],
        "low_treated_least": derive(treated.value, "percent", treated, interval=treated.interval),
        "low_treated_most": derive(
            treated.interval.high or 0.0, "percent", treated, interval=treated.interval
        ),
        "low_by_year": chart,
    }


@computes
def first_step(evidence: Evidence) -> dict[str, Quantity | Table]:
    """First step and stepping up in official counts beside the shares the critic quotes."""
    frame = evidence.table("first_treatment_intensity")
    official = frame[frame["unit"] == "referrals"]
    finished = evidence.quantity("first_treatment_intensity", str(official.index[0]), "n")

    def count(row: str) -> Quantity:
        return evidence.quantity("first_treatment_intensity", row)

    first_low, first_high = (
        count("eng_2024_25_assessment_to_low"),
        count("eng_2024_25_assessment_to_high"),
    )
    up = count("eng_2024_25_step_up")
    records = [
        (
            item["category"].capitalize(),
            item["population"],
            item["period"],
            share(count(str(row)), finished) if item["unit"] == "referrals" else count(str(row)),
            item["grade"],
        )
        for row, item in frame.iterrows()
    ]
    return {
        "low_first": share(first_low, finished),
        "low_first_high": share(first_high, finished),
        "low_up": share(up, finished),
        "low_up_of_low": share(up, first_low),
        "low_first_claimed": evidence.quantity("attrition_claims", "low_first"),
        "low_up_claimed": evidence.quantity("attrition_claims", "low_stepped_up"),
        "low_high_claimed": evidence.quantity("attrition_claims", "low_high_total"),
        "low_first_sheffield": count("tosh_low"),
        "low_first_steps": Table(
            "First step and later steps, percent of the population named. Official transitions "
            "overlap and do not add up.",
            pd.DataFrame(
                records, columns=["Step", "Population", "Period", "Percent", "How it is known"]
            ),
        ),
    }
