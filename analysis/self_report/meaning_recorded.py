"""What is recorded about a problem: descriptors, specific measures, disorders at interview."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.intervals import clopper_pearson, wilson
from analysis.printed_proportions import possible_counts
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

TABLE = "comorbidity_and_descriptors"
LEVEL = 0.95
FIRST, LAST = 2014, 2024
STAGES = {
    "referrals_received": "referred",
    "first_treatment": "entered treatment",
    "finished_course": "finished a course",
}
COLOURS = {"referrals_received": MUTED, "first_treatment": INK, "finished_course": OFFICIAL}
MEASURED = ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26")


def years(first: int = FIRST, last: int = LAST) -> list[str]:
    """Financial years as the data name them.

    >>> years(2014, 2015)
    ['2014-15', '2015-16']
    """
    return [f"{year}-{(year + 1) % 100:02d}" for year in range(first, last + 1)]


def missing_share(evidence: Evidence, stage: str, year: str) -> Quantity | None:
    """Referrals of one stage and year without a problem descriptor; None where not published."""
    row = f"{year.replace('-', '_')}_descriptor_missing_{stage}"
    if row not in evidence.table(TABLE).index:
        return None
    whole = evidence.pick("annual_national", year=year, measure=stage, preferred=True)
    return share(evidence.quantity(TABLE, row), whole)


def interviewed(evidence: Evidence, row: str) -> Quantity:
    """A printed share of people interviewed, with the sampling interval that its count allows.

    One whole count of n that prints as the percentage: exact interval; several: Wilson interval of
    the printed share. People who declined the interview are not in it.
    """
    value = evidence.quantity(TABLE, row)
    size = round(evidence.table(TABLE).loc[row, "base"])
    counts = possible_counts(f"{value.value:.0f}", 0, size)
    if len(counts) == 1:
        low, high = clopper_pearson(counts[0], size, LEVEL)
    else:
        low, high = wilson(value.value * size / 100, size, LEVEL)
    limits = Interval("sampling", 100 * low, 100 * high, LEVEL)
    return derive(value.value, "percent", value, interval=limits, decimals=0)


def of_year(evidence: Evidence, year: str, part: str, whole: str) -> Quantity:
    """A count of finished courses as a share of another, both sums of the same months."""
    stem = year.replace("-", "_")
    return share(
        evidence.quantity(TABLE, f"{stem}_{part}_sum"),
        evidence.quantity(TABLE, f"{stem}_{whole}_sum"),
    )


@computes
def descriptors(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Share of referrals without a problem descriptor, by stage and year."""
    found = {
        stage: {year: missing_share(evidence, stage, year) for year in years()} for stage in STAGES
    }
    kept = {
        stage: {year: item for year, item in series.items() if item is not None}
        for stage, series in found.items()
    }
    finished, received = kept["finished_course"], kept["referrals_received"]
    first, last = years()[0], years()[-1]
    read = {
        "meaning_missing_first": finished[first],
        "meaning_missing_last": finished[last],
        "meaning_missing_break": finished["2020-21"],
        "meaning_missing_referred": received[last],
        "meaning_missing_started": kept["first_treatment"]["2023-24"],
        "meaning_unspecified": evidence.quantity(TABLE, "moller_unspecified"),
    }
    records = [
        {"Year": year} | {label: found[stage][year] for stage, label in STAGES.items()}
        for year in years()
    ]
    return {
        **read,
        "meaning_descriptors": Chart(
            title=(
                f"Of finished courses {read['meaning_missing_last']} lack a problem descriptor, "
                f"of referrals {read['meaning_missing_referred']}"
            ),
            alt=(
                "Lines of the share without a problem descriptor by financial year: referrals "
                "received highest, people entering treatment below, finished courses lowest. "
                f"Among finished courses it fell from {finished[first]} in {first} to "
                f"{finished[last]} in {last}, with a peak of {finished['2020-21']} in 2020-21."
            ),
            table=Table("Share without a problem descriptor", pd.DataFrame(records), folded=True),
            draw=lambda width: draw_descriptors(width, kept),
        ),
    }


def draw_descriptors(
    width: int, kept: dict[str, dict[str, Quantity]]
) -> alt.LayerChart | alt.FacetChart:
    """One line a stage, named above its end; full counts, so without intervals."""
    narrow = width < 400
    data = pd.DataFrame(
        [
            {"year": year, "percent": round(item.value, 2), "stage": stage}
            for stage, series in kept.items()
            for year, item in series.items()
        ]
    )
    order = years()
    shown = order[::5] if narrow else order[::2]
    x = alt.X(
        "year:O", title=None, sort=order,
        axis=alt.Axis(labelAngle=0, values=shown, grid=False), scale=alt.Scale(domain=order),
    )  # fmt: skip
    y = alt.Y("percent:Q", title="Without descriptor, percent", scale=alt.Scale(domain=[0, 65]))
    layers = []
    short = {"first_treatment": "treated", "finished_course": "finished"} if narrow else {}
    for stage, label in STAGES.items():
        part = data[data["stage"] == stage]
        base = alt.Chart(part).encode(x, y)
        layers.append(base.mark_line(color=COLOURS[stage], point={"color": COLOURS[stage]}))
        words = alt.Chart(part.iloc[[-1]].assign(year=order[-1])).encode(x, y)
        named = words.mark_text(align="right", dy=-14, color=COLOURS[stage], fontWeight="bold")
        layers.append(named.encode(text=alt.value(short.get(stage, label))))
    return alt.layer(*layers).properties(width=width - 60, height=260)


@computes
def measured(evidence: Evidence) -> dict[str, Quantity | Table]:
    """How many finished courses have paired scores, and the specific measure they call for."""
    records: list[dict[str, Any]] = []
    parts = {
        "Both scales": ("paired_both", "finished_course"),
        "Measure expected": ("specific_measure_expected", "finished_course"),
        "Of these, paired": ("specific_measure_paired", "specific_measure_expected"),
        "Functioning item": ("paired_functioning_item", "finished_course"),
    }
    for year in MEASURED:
        row = {name: of_year(evidence, year, *pair) for name, pair in parts.items()}
        records.append({"Year": year} | row)
    first, last = records[0], records[-1]
    return {
        "meaning_paired_first": first["Both scales"],
        "meaning_paired_last": last["Both scales"],
        "meaning_specific_expected": last["Measure expected"],
        "meaning_specific_first": first["Of these, paired"],
        "meaning_specific_last": last["Of these, paired"],
        "meaning_measured": Table(
            "Finished courses with first and last scores: on both scales, and on the "
            "disorder-specific measure that the descriptor calls for.",
            pd.DataFrame(records),
        ),
    }


@computes
def comorbidity(evidence: Evidence) -> dict[str, Quantity]:
    """What a diagnostic interview found in one London service before treatment."""
    return {
        "meaning_several_disorders": interviewed(evidence, "hepgul_two_or_more"),
        "meaning_borderline": interviewed(evidence, "hepgul_borderline"),
        "meaning_bipolar_screen": interviewed(evidence, "hepgul_bipolar_screen"),
        "meaning_interviewed": evidence.quantity(TABLE, "hepgul_two_or_more", "base"),
    }
