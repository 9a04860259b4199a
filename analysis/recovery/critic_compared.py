"""The critic's figure beside official ones, base by base.

By its own table about a third of the sample had no treatment, and the base of the printed
percentage is not stated; each comparison therefore holds on a condition about that base.
"""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.recovery.critic_sample import exact_share, nearest, printed_figure
from analysis.tables import Table
from analysis.year_sums import year_sum

NO_TREATMENT = ("scott_no_contact", "scott_assessment_only")
AT_MOST_TWO = "scott_two_or_fewer"
HALF_UNIT = 0.05


def without_treatment(evidence: Evidence) -> Quantity:
    """Share of the critic's sample that had no treatment session, by its own table.

    The sum of two printed shares, each within half a unit of its last decimal.
    """
    parts = [evidence.quantity("critic_sample", row) for row in NO_TREATMENT]
    total, slack = sum(part.value for part in parts), HALF_UNIT * len(parts)
    limits = Interval("rounding", total - slack, total + slack)
    return derive(total, "percent", *parts, interval=limits)


def treated_people(evidence: Evidence) -> Quantity:
    """People of the critic's sample with any treatment session, with or without missing data.

    Bounds: all stated people as the base, or those less the ones whose data are missing.
    """
    _, _, stated = printed_figure(evidence)
    missing = evidence.quantity("critic_sample", AT_MOST_TWO, "missing_stated")
    untreated = without_treatment(evidence)
    sizes = (stated.value - missing.value, stated.value)
    low, high = (round(size * (1 - untreated.value / 100)) for size in sizes)
    limits = Interval("bound", low, high)
    return derive(high, "people", stated, missing, untreated, interval=limits)


def official_shares(evidence: Evidence, year: str, later: str) -> dict[str, Quantity]:
    """Official recoveries over three bases: ended, treated at least once, finished at caseness.

    The yearly table has no count of those treated at least once in one cohort, so that base uses
    the first year of monthly counts.
    """

    def annual(measure: str) -> Quantity:
        return evidence.pick(
            "annual_national", year=year, measure=measure, series="data_set", preferred=True
        )

    recovered, finished = annual("moved_to_recovery"), annual("finished_course")
    recovered_later = year_sum(evidence, "monthly_outcomes", "moved_to_recovery", later)
    finished_later = year_sum(evidence, "monthly_outcomes", "finished_course", later)
    once = year_sum(evidence, "monthly_pathway", "ended_treated_once", later)
    ended_later = year_sum(evidence, "monthly_pathway", "ended_referrals", later)
    return {
        "ended": share(recovered, annual("ended_referrals")),
        "ended_later": share(recovered_later, ended_later),
        "treated": share(recovered_later, finished_later + once),
        "finished": share(recovered, finished),
        "at_caseness": share(recovered, finished - annual("not_at_caseness")),
    }


def apart(official: Quantity, sample: Quantity) -> Quantity:
    """Official share less the sample's, with the sample's sampling interval carried over.

    The official figure is a full count; what remains uncertain beside the interval is that
    people, instrument and rater differ.
    """
    low, high = sample.interval.limits or (sample.value, sample.value)
    limits = Interval(
        "sampling", official.value - high, official.value - low, sample.interval.level
    )
    value = official.value - sample.value
    return derive(value, "percentage points", official, sample, interval=limits)


@computes
def like_for_like(
    evidence: Evidence, year: str = "2015-16", later: str = "2021-22"
) -> dict[str, Quantity | Chart]:
    """The critic's figure and official recoveries over the same base, on each reading of the base.

    Year 2015-16 is the last before the study appeared with a published count of all referrals
    ended; 2021-22 is the first with monthly counts of those treated once only. If the base was
    everyone and nobody untreated recovered, k recoveries stand over the treated too.
    """
    _, text, stated = printed_figure(evidence)
    short_stay = evidence.quantity("critic_sample", AT_MOST_TWO)
    short_item = evidence.table("critic_sample").loc[AT_MOST_TWO, "item"]
    untreated, treated = without_treatment(evidence), treated_people(evidence)
    (count, base) = nearest(text, round(stated.value))["smaller"]
    inputs = (*(evidence.quantity("critic_sample", row) for row in NO_TREATMENT), stated)
    printed = evidence.quantity("critic_sample", "scott_recovered_printed")
    everyone = exact_share(count, base, printed, stated)
    restated = exact_share(
        math.floor(printed.value * stated.value / 100) + 1, stated.value, printed
    )
    some = exact_share(count, base * (1 - untreated.value / 100), printed, *inputs)
    three = base * (1 - short_stay.value / 100)
    stayed = exact_share(count, three, printed, stated, short_stay)
    official = official_shares(evidence, year, later)
    groups = [
        Group(
            "As published",
            [
                Row("Critic's sample", everyone, CRITIC),
                Row(
                    f"Official {year}: finished, at caseness at the start", official["at_caseness"]
                ),
            ],
        ),
        Group(
            "Over everyone, treated or not",
            [
                Row("Critic's sample, if its base was everyone", everyone, CRITIC),
                Row(f"Official {year}: recovered of referrals ended", official["ended"]),
                Row(f"Official {later}: recovered of referrals ended", official["ended_later"]),
            ],
        ),
        Group(
            "Over those with any treatment",
            [
                Row("Critic's sample, if all who recovered were treated", some, CRITIC),
                Row(f"Official {later}: recovered of those treated", official["treated"]),
            ],
        ),
        Group(
            "Over those who stayed",
            [
                Row(f"Critic's sample less those with {short_item}", stayed, CRITIC),
                Row(f"Official {year}: recovered of finished courses", official["finished"]),
            ],
        ),
    ]
    return {
        "critic_untreated": untreated,
        "critic_treated_people": treated,
        "critic_treated_share": some,
        "critic_stayed_share": stayed,
        "critic_official_ended": official["ended"],
        "critic_official_treated": official["treated"],
        "critic_official_finished": official["finished"],
        "critic_official_published": official["at_caseness"],
        "critic_gap_published": apart(official["at_caseness"], everyone),
        "critic_gap_everyone": apart(official["ended"], everyone),
        "critic_gap_restated": apart(official["ended"], restated),
        "critic_gap_treated": apart(official["treated"], some),
        "critic_like_for_like": rows_chart(
            groups, apart(official["at_caseness"], everyone), apart(official["ended"], everyone)
        ),
    }


def rows_chart(groups: list[Group], published: Quantity, everyone: Quantity) -> Chart:
    """Rows of the like-for-like comparison as a figure with its table."""
    table = Table(
        "Recovered, by base, in the critic's sample and in official counts.",
        pd.DataFrame(
            [
                {"Figure": row.label, "Base": group.heading, "Recovered": row.quantity}
                for group in groups
                for row in group.estimates
            ]
        ),
    )

    def draw(width: int) -> alt.LayerChart | alt.FacetChart:
        return interval_rows(groups, width, "Percent recovered", (0, 60))

    return Chart(
        title=(
            f"The critic's figure lies {published} below the official one as published, and "
            f"{everyone.with_limits()} below it over everyone"
        ),
        alt=f"Shares recovered in groups by base; {key(groups)}. "
        + " ".join(f"{row.text}." for group in groups for row in group.rows),
        table=table,
        draw=draw,
    )
