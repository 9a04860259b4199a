"""Missed appointments: the service by year, and other services, each on its own base."""

from __future__ import annotations

import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, share
from analysis.tables import Table
from analysis.year_sums import months_of

TABLE = "monthly_appointments"
MISSED, PATIENT = "missed_without_notice", "cancelled_by_patient"
SERVICE = "cancelled_by_provider"


def appointments(evidence: Evidence, year: str) -> dict[str, Quantity]:
    """Appointments of a financial year by what became of them, as sums of months."""
    frame = evidence.table(TABLE, dimension="attendance", month=months_of(year))
    return {
        str(category): Quantity(rows["value"].sum(), "count", rows=evidence.rows(TABLE, rows.index))
        for category, rows in frame.groupby("category")
    }


def shares(found: dict[str, Quantity]) -> dict[str, Quantity]:
    """Missed without notice, of all booked and of those not cancelled; cancelled by patient."""
    kept = found["all"] - found[PATIENT] - found[SERVICE]
    return {
        "booked": share(found[MISSED], found["all"]),
        "kept": share(found[MISSED], kept),
        "patient": share(found[PATIENT], found["all"]),
        "service": share(found[SERVICE], found["all"]),
    }


@computes
def missed(
    evidence: Evidence,
    *,
    years: tuple[str, ...] = ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26"),
    latest: str = "2024-25",
) -> dict[str, Quantity | Table]:
    """National rate of missed appointments by year, and printed rates elsewhere."""
    found = {year: shares(appointments(evidence, year)) for year in years}
    now = found[latest]
    other = evidence.table("nonattendance")
    columns = {
        "booked": "Missed without notice, of all booked",
        "kept": "Missed without notice, of those not cancelled",
        "patient": "Cancelled by the patient, of all booked",
        "service": "Cancelled by the service, of all booked",
    }
    return {
        "wait_missed": now["booked"],
        "wait_missed_kept": now["kept"],
        "wait_cancelled": now["patient"],
        "wait_cancelled_service": now["service"],
        "wait_missed_printed": evidence.quantity(
            "nonattendance", "programme_appointments", "percent"
        ),
        "wait_missed_first": evidence.quantity(
            "nonattendance", "programme_first_appointments", "percent"
        ),
        "wait_missed_outpatients": evidence.quantity(
            "nonattendance", "outpatients_2012_13", "percent"
        ),
        "wait_missed_psychiatry": evidence.quantity(
            "nonattendance", "psychiatry_2002_03", "percent"
        ),
        "wait_missed_by_year": Table(
            "Appointments missed or cancelled, England, by financial year; sums of months.",
            pd.DataFrame(
                [(year, *(item[name] for name in columns)) for year, item in found.items()],
                columns=["Year", *columns.values()],
            ),
        ),
        "wait_missed_elsewhere": Table(
            "Printed rates of missed appointments. Bases differ, and one rate counts cancellations "
            "as missed.",
            pd.DataFrame(
                [
                    (
                        record["service"],
                        record["study"],
                        record["period"],
                        record["statistic"],
                        evidence.quantity("nonattendance", str(row), "percent"),
                    )
                    for row, record in other.iterrows()
                ],
                columns=["Service", "Source", "Period", "What is counted", "Percent"],
            ),
            folded=True,
        ),
    }
