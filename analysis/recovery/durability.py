"""Durability: what was seen later, in whom, and how far the arms of trials then differ.

Starting populations differ and are never pooled. Recovery is never multiplied by one minus
relapse and set against a control rate, because people in control arms relapse and recover too:
the durable effect is the difference between the arms at the later time.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from analysis.charts import OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.intervals import clopper_pearson, missing_outcome_bounds, wilson
from analysis.printed_proportions import possible_counts
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, lineage
from analysis.tables import Table

LEVEL = 0.95
ROUNDED = 50_000


def follow_up(evidence: Evidence, row: str) -> Quantity:
    """A printed share at follow-up, with the sampling interval that its count allows.

    One whole count of n that prints as the percentage: exact interval. Several: Wilson interval
    of the printed share, as the counts differ by less than the interval. No n: no interval.
    """
    value = evidence.quantity("durability", row, "percent")
    n = evidence.table("durability").loc[row, "n"]
    if not math.isfinite(n):
        return value
    size = round(n)
    counts = possible_counts(value.number(), None, size)
    if len(counts) == 1:
        low, high = clopper_pearson(counts[0], size, LEVEL)
    else:
        low, high = wilson(value.value * size / 100, size, LEVEL)
    limits = Interval("sampling", 100 * low, 100 * high, LEVEL)
    return replace(value, interval=limits)


def survival_estimate(evidence: Evidence, row: str) -> Quantity:
    """A printed share that comes from a survival curve: no count lies behind it, no interval."""
    value = evidence.quantity("durability", row, "percent")
    return replace(value, interval=UNSTATED)


def all_treated(evidence: Evidence, row: str) -> Quantity:
    """Recovered among all treated when only a share of them was measured, as bounds.

    The printed percentage p is taken to be of the share d with data: from p·d (none of the rest
    recovered) to p·d + 1 − d (all of them did). If the figure was imputed, this does not hold.
    """
    value = evidence.quantity("durability", row, "percent")
    data = evidence.quantity("durability", row, "data_percent")
    part = value.value * data.value / 100
    low, high = (100 * limit for limit in missing_outcome_bounds(part, data.value, 100))
    limits = Interval("bound", low, high)
    return replace(value, interval=limits, rows=lineage(value, data))


def referred_again(evidence: Evidence) -> Quantity:
    """Share of people referred who were referred more than once, within the printed rounding."""
    again = evidence.quantity("durability", "foi_referred_again", "events")
    people = evidence.quantity("durability", "foi_referred_again", "n")
    # Both groups were printed to a tenth of a million; the base is their sum.
    once = people.value - again.value
    low = (again.value - ROUNDED) / (again.value - ROUNDED + once + ROUNDED)
    high = (again.value + ROUNDED) / (again.value + ROUNDED + once - ROUNDED)
    limits = Interval("rounding", 100 * low, 100 * high)
    return derive(100 * again.value / people.value, "percent", again, people, interval=limits)


@computes
def later(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Shares at follow-up, kept apart by the people they are of."""
    read = {
        "durability_ali": survival_estimate(evidence, "ali_relapse_12m"),
        "durability_ali_early": survival_estimate(evidence, "ali_relapse_share_first_6m"),
        "durability_palacios": follow_up(evidence, "palacios_relapse_9m"),
        "durability_wojnarowski": follow_up(evidence, "wojnarowski_relapse"),
        "durability_saether_end": all_treated(evidence, "saether_2019_recovered_0m"),
        "durability_saether_12m": all_treated(evidence, "saether_2019_recovered_12m"),
        "durability_return": follow_up(evidence, "lorimer_return"),
        "durability_returners_unwell": follow_up(evidence, "lorimer_returners_symptomatic"),
        "durability_returners_relapse": follow_up(evidence, "lorimer_returners_relapse"),
        "durability_cobalt_therapy": follow_up(evidence, "cobalt_cbt_response_46m"),
        "durability_cobalt_usual_care": follow_up(evidence, "cobalt_usual_care_response_46m"),
        "durability_referred_again": referred_again(evidence),
    }
    read["durability_cobalt_difference"] = derive(
        read["durability_cobalt_therapy"].value - read["durability_cobalt_usual_care"].value,
        "percentage points",
        read["durability_cobalt_therapy"],
        read["durability_cobalt_usual_care"],
        interval=UNSTATED,
    )
    missing = 100 - evidence.quantity("durability", "saether_2019_recovered_0m", "data_percent")
    missing_later = 100 - evidence.quantity(
        "durability", "saether_2019_recovered_12m", "data_percent"
    )
    groups = follow_up_groups(evidence, read)
    return {
        **read,
        "durability_missing_end": missing,
        "durability_missing_12m": missing_later,
        "durability_later": follow_up_chart(groups, read),
    }


def follow_up_groups(evidence: Evidence, read: dict[str, Quantity]) -> list[Group]:
    """The rows of the figure under the people they are of, with study, outcome and months."""
    frame = evidence.table("durability")

    def row(
        name: str, quantity: Quantity, colour: str = TRIAL, word: str = "", until: str = ""
    ) -> Row:
        found = frame.loc[name]
        months = f", {until}{found['months']:.0f} months" if found["months"] > 0 else ""
        size = f", n {round(found['n']):,}" if math.isfinite(found["n"]) else ""
        outcome = word or found["outcome"]
        study = found["study"][:1].upper() + found["study"][1:]
        return Row(f"{study}, {outcome}{months}{size}", quantity, colour)

    return [
        Group(
            "Of people who were well or had responded at the end",
            [
                row("ali_relapse_12m", read["durability_ali"]),
                row("palacios_relapse_9m", read["durability_palacios"]),
                row("review_relapse_12m", follow_up(evidence, "review_relapse_12m")),
                row("review_relapse_24m", follow_up(evidence, "review_relapse_24m")),
            ],
        ),
        Group(
            "Of treated people in trials and cohorts, mixed",
            [row("wojnarowski_relapse", read["durability_wojnarowski"])],
        ),
        Group(
            "Of everyone treated",
            [
                row(
                    "saether_2019_recovered_0m",
                    read["durability_saether_end"],
                    word="recovered at the end of treatment",
                ),
                row("saether_2019_recovered_12m", read["durability_saether_12m"]),
                row("lorimer_return", read["durability_return"], until="up to "),
            ],
        ),
        Group(
            "Of people who came back",
            [
                row("lorimer_returners_symptomatic", read["durability_returners_unwell"]),
                row(
                    "lorimer_returners_relapse",
                    read["durability_returners_relapse"],
                    until="up to ",
                ),
            ],
        ),
        Group(
            "Of everyone randomised, response to treatment",
            [
                row(
                    "cobalt_cbt_response_46m",
                    read["durability_cobalt_therapy"],
                    word="CBT with usual care",
                ),
                row(
                    "cobalt_usual_care_response_46m",
                    read["durability_cobalt_usual_care"],
                    word="usual care",
                ),
            ],
        ),
        Group(
            "Of everyone referred",
            [
                row(
                    "foi_referred_again",
                    read["durability_referred_again"],
                    OFFICIAL,
                    until="within ",
                )
            ],
        ),
    ]


def follow_up_chart(groups: list[Group], read: dict[str, Quantity]) -> Chart:
    """Follow-up shares as rows grouped by the people they are of, with their table."""
    records = [
        {"Study, outcome, time": row.label, "Of whom": group.heading, "Share": row.quantity}
        for group in groups
        for row in group.estimates
    ]
    caption = "Shares at follow-up, by the people they are of; months as each source counts them."
    return Chart(
        title=(
            f"One study finds relapse in {read['durability_ali']} of those well after low "
            f"intensity; in another {read['durability_return']} of everyone treated came back"
        ),
        alt=f"Shares in groups by starting population; {key(groups)}. "
        + " ".join(f"{row.text}." for group in groups for row in group.rows),
        table=Table(caption, pd.DataFrame(records)),
        draw=lambda width: interval_rows(groups, width, "Percent", (0, 100)),
    )
