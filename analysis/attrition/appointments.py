"""By what medium and by whom people are seen, with the share that is not recorded.

The published counts are of attended and unplanned appointments of every purpose: assessment and
treatment cannot be told apart in them. What is unrecorded gives identification bounds.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.year_sums import months_of

YEARS = ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26")
MEDIA: dict[str, tuple[str, ...]] = {
    "telephone": ("telephone",),
    "video": ("video", "telemedicine"),
    "face_to_face": ("face_to_face",),
    "other": (
        "chat_room",
        "email",
        "instant_message",
        "message_board",
        "other",
        "talk_type",
        "text_message",
    ),
    "unrecorded": ("unrecorded",),
}
STAFF: dict[str, tuple[str, ...]] = {
    "qualified": ("qualified",),
    "in_training": ("in_training",),
    "neither": ("neither",),
    "unrecorded": ("unrecorded",),
}
LABELS = {
    "telephone": "Telephone",
    "video": "Video",
    "face_to_face": "Face to face",
    "other": "Text, message or other",
    "unrecorded": "Not recorded",
    "qualified": "Qualified",
    "in_training": "In training",
    "neither": "Neither",
}


def counts(
    evidence: Evidence, dimension: str, classes: dict[str, tuple[str, ...]], year: str
) -> dict[str, Quantity]:
    """Appointments of a financial year by class; a class may have had several labels.

    Raises:
        LookupFault: a month of the year has no count for some class.
    """
    frame = evidence.table("monthly_appointments", dimension=dimension, month=months_of(year))
    found = {}
    for name, categories in classes.items():
        own = frame[frame["category"].isin(categories)]
        if (months := own["month"].nunique()) != 12:
            raise LookupFault(f"monthly_appointments: {name} of {year} has {months} of 12 months")
        rows = evidence.rows("monthly_appointments", own.index)
        found[name] = Quantity(own["value"].sum(), "count", rows=rows)
    return found


def shares(found: dict[str, Quantity]) -> dict[str, Quantity]:
    """Each class as a percentage of all appointments, bounded by what was not recorded.

    [n / N, (n + u) / N] with u unrecorded: none of the unrecorded belong to the class, or all.
    The value is the recorded share; the unrecorded share itself is a record.
    """
    first, *rest = found.values()
    whole, missing = sum(rest, first), found["unrecorded"]
    result = {}
    for name, count in found.items():
        low = 100 * count.value / whole.value
        high = 100 * (count.value + missing.value) / whole.value
        limits = None if name == "unrecorded" else Interval("bound", low, high)
        result[name] = derive(low, "percent", count, whole, interval=limits)
    return result


@computes
def held_by(evidence: Evidence, *, year: str = "2024-25") -> dict[str, Quantity | Chart]:
    """Bounds on the shares by medium and by staff qualification in one year."""
    media = shares(counts(evidence, "medium", MEDIA, year))
    staff_counts = counts(evidence, "staff", STAFF, year)
    staff = shares(staff_counts)
    earliest = shares(counts(evidence, "medium", MEDIA, YEARS[0]))
    recorded = sum(
        (staff_counts[name] for name in ("in_training", "neither")), staff_counts["qualified"]
    )
    groups = [
        Group(
            heading,
            [Row(LABELS[name], item) for name, item in found.items() if name != "unrecorded"]
            + [Row(LABELS["unrecorded"], found["unrecorded"])],
        )
        for heading, found in (("How it was held", media), ("Who held it", staff))
    ]
    records = [
        {"Class": LABELS[name], "Of": group.heading, "Share": row.quantity}
        for group, names in zip(groups, (media, staff), strict=True)
        for row, name in zip(group.estimates, names, strict=True)
    ]
    return {
        "entry_telephone": media["telephone"],
        "entry_telephone_first": earliest["telephone"],
        "entry_face_to_face": media["face_to_face"],
        "entry_medium_unrecorded": media["unrecorded"],
        "entry_qualified": staff["qualified"],
        "entry_qualified_recorded": share(staff_counts["qualified"], recorded),
        "entry_staff_unrecorded": staff["unrecorded"],
        "entry_held_chart": Chart(
            title=(
                f"At least {media['telephone']} of appointments in {year} were by telephone; for "
                f"{staff['unrecorded']} it is not recorded whether staff were qualified"
            ),
            alt=(
                f"Rows of shares of attended and unplanned appointments in {year}. Bars run from "
                "the recorded share to that share with all unrecorded appointments added. "
                + " ".join(
                    f"{group.heading}, {row.text}." for group in groups for row in group.rows
                )
            ),
            table=Table(
                f"Attended and unplanned appointments by medium and by staff, {year}: recorded "
                "share, with bounds for what is not recorded.",
                pd.DataFrame(records),
            ),
            draw=lambda width: interval_rows(
                groups, width, "Percent of attended and unplanned appointments", (0, 100)
            ),
        ),
    }


@computes
def held_by_year(evidence: Evidence) -> dict[str, Table]:
    """Shares by medium and by staff in every full year; the label of video changed after one."""
    records = [
        {"Class": LABELS[name], "Of": heading, **{year: found[year][name] for year in YEARS}}
        for heading, dimension, classes in (
            ("How it was held", "medium", MEDIA),
            ("Who held it", "staff", STAFF),
        )
        for found in [{year: shares(counts(evidence, dimension, classes, year)) for year in YEARS}]
        for name in classes
    ]
    caption = (
        "Attended and unplanned appointments by medium and by staff qualification, percent of all, "
        "with bounds for what is not recorded; video was labelled telemedicine in 2021-22."
    )
    return {"entry_held_by_year": Table(caption, pd.DataFrame(records), folded=True)}
