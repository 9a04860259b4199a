"""What is recorded and what is missing, field by field and year by year."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, Align, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive, share
from analysis.tables import Table

TABLE, PAIRED = "data_completeness", "comorbidity_and_descriptors"
FIRST, LAST = 2014, 2025
YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(FIRST, LAST + 1)]
RECENT, BREAK = "2024-25", "2020-21"
NARROW = 400
TOP = 70  # percent, of every panel
Series = dict[str, Quantity]
# Rows of the table of completeness: panel, words of the line, field, moment, words of the base.
FIELDS = (
    ("Medication, finished courses", "end", "psychotropic medication", "end", ""),
    ("Medication, finished courses", "start", "psychotropic medication", "start", ""),
    ("Ethnic group", "referred", "ethnic group", "record", "referrals received"),
    ("Ethnic group", "finished", "ethnic group", "record", "finished courses"),
    ("Reason for ending, ended referrals", "", "reason for ending", "end", ""),
    (
        "Therapist's qualification, appointments",
        "",
        "qualification and training of the therapist",
        "appointment",
        "",
    ),
)
SCORES, DESCRIPTOR = "First and last score, finished courses", "Problem descriptor"
PAIRS = {
    "fitting measure": ("specific_measure_paired", "specific_measure_expected"),
    "functioning item": ("paired_functioning_item", "finished_course"),
    "both scales": ("paired_both", "finished_course"),
}
# Where the words of a line stand, in pixels from its first point.
PLACES: dict[tuple[str, str], tuple[int, int, Align]] = {
    (SCORES, "functioning item"): (-7, -7, "right"),
    (DESCRIPTOR, "referred"): (0, -12, "left"),
    (DESCRIPTOR, "finished"): (-3, 46, "left"),
}
BESIDE: tuple[int, int, Align] = (-7, 0, "right")
STAGES = {"referred": "referrals_received", "finished": "finished_course"}


def without(part: Quantity, whole: Quantity) -> Quantity:
    """Share of records without an entry, from those with one, in percent."""
    return derive(100 * (1 - part.value / whole.value), "percent", part, whole)


def recorded(evidence: Evidence, field: str, moment: str, population: str = "") -> Series:
    """Share of records without an entry by year, where both counts are published."""
    where: dict[str, object] = {"field": field, "moment": moment, "state": "missing"}
    if population:
        where["population"] = population
    frame = evidence.table(TABLE, **where)
    frame = frame[frame["number"].notna()]
    return {
        record["period"]: share(
            evidence.quantity(TABLE, str(row), "number"), evidence.quantity(TABLE, str(row), "base")
        )
        for row, record in frame.iterrows()
    }


def unpaired(evidence: Evidence, part: str, whole: str) -> Series:
    """Share of finished courses, or of those that call for it, without a pair of scores."""
    found = {}
    for year in YEARS:
        rows = [f"{year.replace('-', '_')}_{measure}_sum" for measure in (part, whole)]
        if all(row in evidence.table(PAIRED).index for row in rows):
            found[year] = without(*(evidence.quantity(PAIRED, row) for row in rows))
    return found


def undescribed(evidence: Evidence, stage: str) -> Series:
    """Share of referrals of one stage without a problem descriptor, by year."""
    found = {}
    for year in YEARS:
        row = f"{year.replace('-', '_')}_descriptor_missing_{stage}"
        if row in evidence.table(PAIRED).index:
            whole = evidence.pick("annual_national", year=year, measure=stage, preferred=True)
            found[year] = share(evidence.quantity(PAIRED, row), whole)
    return found


def panels(evidence: Evidence) -> dict[str, dict[str, Series]]:
    """Every series by panel and by the words at its line."""
    found: dict[str, dict[str, Series]] = {
        SCORES: {words: unpaired(evidence, *pair) for words, pair in PAIRS.items()},
        DESCRIPTOR: {words: undescribed(evidence, stage) for words, stage in STAGES.items()},
    }
    for panel, words, field, moment, population in FIELDS:
        found.setdefault(panel, {})[words] = recorded(evidence, field, moment, population)
    return found


def paired_of_ended(evidence: Evidence, year: str = RECENT) -> Quantity:
    """Finished courses with both pairs of scores, of all referrals that ended in the year."""
    stem = year.replace("-", "_")
    both = evidence.quantity(PAIRED, f"{stem}_paired_both_sum")
    return share(both, evidence.quantity(TABLE, f"end_reason_{stem}", "base"))


@computes
def by_year(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Share of records without an entry, by field and year, and what that share is of."""
    found = panels(evidence)
    medication, ethnic = found[FIELDS[0][0]], found["Ethnic group"]
    reasons, staff = found[FIELDS[4][0]][""], found[FIELDS[5][0]][""]
    scores, described = found[SCORES], found[DESCRIPTOR]
    least, most = (_extreme(reasons, which) for which in (np.argmin, np.argmax))
    records = [
        {"Year": year}
        | {
            f"{panel}: {words}" if words else panel: series.get(year)
            for panel, lines in found.items()
            for words, series in lines.items()
        }
        for year in YEARS
    ]
    title = (
        f"In {RECENT} {scores['both scales'][RECENT]} of finished courses lacked a pair of scores, "
        f"{described['finished'][RECENT]} a problem descriptor, {medication['end'][RECENT]} "
        f"medication at the end, and {staff[RECENT]} of appointments the therapist's qualification"
    )
    picture = (
        "Small panels of the share of records without an entry by financial year, on one scale: "
        "pairs of scores, problem descriptor, medication, ethnic group, reason for ending, and "
        "who gave the appointment. Of pairs on both scales hardly any are missing, the fitting "
        "measure more often; descriptors are missing far more often among referrals than among "
        f"finished courses, with a peak in {BREAK}."
    )
    table = Table("Share of records without an entry, by year", pd.DataFrame(records), folded=True)
    return {
        "complete_scores": without(
            *(
                evidence.quantity(PAIRED, f"2024_25_{name}_sum")
                for name in ("paired_both", "finished_course")
            )
        ),
        "complete_scores_ended": paired_of_ended(evidence),
        "complete_specific_first": scores["fitting measure"]["2021-22"],
        "complete_specific": scores["fitting measure"][RECENT],
        "complete_functioning": scores["functioning item"][RECENT],
        "complete_descriptor_first": described["finished"][YEARS[0]],
        "complete_descriptor_break": described["finished"][BREAK],
        "complete_descriptor": described["finished"][RECENT],
        "complete_descriptor_referred": described["referred"][RECENT],
        "complete_medication_first": medication["end"]["2017-18"],
        "complete_medication": medication["end"][RECENT],
        "complete_medication_start": medication["start"][RECENT],
        "complete_ethnic": ethnic["finished"][RECENT],
        "complete_ethnic_referred": ethnic["referred"][RECENT],
        "complete_reason_least": least,
        "complete_reason_most": most,
        "complete_staff": staff[RECENT],
        "complete_chart": Chart(title, picture, table, lambda width: draw(found, width)),
    }


def _extreme(series: Series, which: Callable[[list[float]], np.intp]) -> Quantity:
    """The least or greatest of a series, with the rows of all."""
    items = list(series.values())
    chosen = items[int(which([item.value for item in items]))]
    return derive(chosen.value, "percent", *items)


@computes
def published(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Shares that were published as such, without a series, and what the founders said."""
    frame = evidence.table(TABLE)
    frame = frame[frame["percent"].notna()]
    table = Table(
        "Completeness as others printed it, of those recorded or of those missing as said",
        pd.DataFrame(
            [
                {
                    "Field": record["field"],
                    "Period": record["period"],
                    "Of": record["population"],
                    "Share": evidence.quantity(TABLE, str(row), "percent"),
                    "Is": ("more than this " if record["relation"] == "more than" else "")
                    + record["state"],
                    "Note": record["note"] or None,
                }
                for row, record in frame.sort_values("period", kind="stable").iterrows()
            ]
        ),
        rows=evidence.rows(TABLE, frame.index),
        folded=True,
    )

    def printed(row: str) -> Quantity:
        return evidence.quantity(TABLE, row, "percent")

    return {
        "complete_claimed": printed("paired_clark_post"),
        "complete_first_year": printed("paired_gyani"),
        "complete_employment": printed("employment_end_2014_15"),
        "complete_experience": printed("experience_questionnaire_2017_18"),
        "complete_published": table,
    }


def draw(found: Mapping[str, Mapping[str, Series]], width: int) -> alt.VConcatChart:
    """A panel for each field, two abreast, or below each other on a phone."""
    narrow = width < NARROW
    size = width - 50 if narrow else int((width - 106) / 2)
    drawn = [_panel(heading, lines, size, narrow) for heading, lines in found.items()]
    abreast = 1 if narrow else 2
    rows = [drawn[at : at + abreast] for at in range(0, len(drawn), abreast)]
    said = alt.Chart(pd.DataFrame({"text": ["Records without an entry, by financial year"]}))
    words = said.mark_text(align="left", fontSize=12, color=MUTED)
    top = words.encode(x=alt.value(0), text="text:N").properties(width=size, height=12)
    grid = (alt.hconcat(*row, spacing=26) for row in rows)
    return alt.vconcat(top, *grid, spacing=18)


def _panel(
    heading: str, lines: Mapping[str, Series], size: int, narrow: bool
) -> alt.LayerChart | alt.FacetChart:
    axis = alt.Axis(
        values=list(range(FIRST, LAST + 1, 5)),
        labelExpr="datum.value + '-' + format((datum.value + 1) % 100, '02')",
        grid=False,
    )
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[FIRST - 0.4, LAST + 0.6], nice=False),
        axis=axis,
        title=None,
    )
    percent = alt.Axis(labelExpr="datum.value + '%'", values=[0, 20, 40, 60], gridOpacity=0.5)
    y = alt.Y("missing:Q", scale=alt.Scale(domain=[0, TOP], nice=False), axis=percent, title=None)
    layers: list[alt.Chart] = []
    for number, (words, series) in enumerate(lines.items()):
        colour = INK if number == 0 and len(lines) > 1 else OFFICIAL
        data = pd.DataFrame(
            {
                "year": [int(year[:4]) for year in series],
                "missing": [round(item.value, 2) for item in series.values()],
            }
        ).sort_values("year")
        base = alt.Chart(data).encode(x, y)
        layers.append(base.mark_line(color=colour, point={"color": colour, "size": 22}))
        if words:
            across, down, align = PLACES.get((heading, words), BESIDE)
            label = alt.Chart(data.iloc[[0]].assign(text=words)).mark_text(
                align=align, dx=across, dy=down, color=INK, fontSize=11
            )
            layers.append(label.encode(x, y, text="text:N"))
    head = alt.Chart(pd.DataFrame({"text": [heading]})).mark_text(
        align="left", baseline="bottom", fontSize=12, fontWeight="bold", color=INK
    )
    layers.append(head.encode(x=alt.value(0), y=alt.value(-6), text="text:N"))
    return alt.layer(*layers).properties(width=size, height=105 if narrow else 130)
