"""How large a change matters to people, and whether scale and person agree that there was one."""

from __future__ import annotations

import pandas as pd

from analysis.charts import INK, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.self_report.scale_reliability import official, recomputed
from analysis.tables import Table

YEAR = "2022-23"
TABLE = "important_difference"


def of_first_score(evidence: Evidence, row: str, year: str = YEAR) -> Quantity:
    """Smallest improvement noticed, as a share of the first score, in points at its mean.

    The mean is of people at caseness at the start; the limits are those of the printed share.
    """
    percent = evidence.quantity(TABLE, row)
    instrument = str(evidence.table(TABLE).loc[row, "instrument"])
    start = evidence.pick(
        "problem_therapy_scores", "mean", year=year, population="at_caseness",
        problem="All problems", therapy="All therapies", instrument=instrument, time="start",
    )  # fmt: skip
    low, high = (limit * start.value / 100 for limit in percent.interval.limits or (0.0, 0.0))
    limits = Interval("sampling", low, high, percent.interval.level)
    return derive(percent.value * start.value / 100, "points", percent, start, interval=limits)


@computes
def important_changes(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Chart]:
    """Thresholds of what is noticed, what matters and what is beyond error, in points."""
    share = {
        scale: of_first_score(evidence, f"kounali_{name}_percent", year)
        for scale, name in (("PHQ-9", "phq9"), ("GAD-7", "gad7"))
    }
    read = {
        "meaning_noticed_phq9": evidence.quantity(TABLE, "kounali_phq9_points"),
        "meaning_noticed_gad7": evidence.quantity(TABLE, "kounali_gad7_points"),
        "meaning_noticed_phq9_percent": evidence.quantity(TABLE, "kounali_phq9_percent"),
        "meaning_noticed_phq9_start": share["PHQ-9"],
        "meaning_noticed_gad7_start": share["GAD-7"],
        "meaning_clinician_gad7": evidence.quantity(TABLE, "toussaint_gad7_points"),
        "meaning_disagree": evidence.quantity(TABLE, "hobbs_phq9_disagreement"),
        "meaning_disagree_beck": evidence.quantity(TABLE, "hobbs_bdi2_disagreement"),
        "meaning_same_phq9": evidence.quantity(TABLE, "lowe_phq9_effect_3m"),
        "meaning_same_checklist": evidence.quantity(TABLE, "lowe_scl20_effect_3m"),
        "meaning_kappa": evidence.quantity("scale_checks", "mcmillan_kappa_interview"),
    }
    groups = [
        Group(
            "PHQ-9",
            [
                Row("Noticed by patients", read["meaning_noticed_phq9"], TRIAL),
                Row("Noticed, at the mean first score in England", share["PHQ-9"], TRIAL),
                Row("Beyond error by retest", recomputed(evidence, "phq9_retest_48h"), INK),
                Row("Official reliable change", official(evidence, "PHQ-9"), OFFICIAL),
            ],
        ),
        Group(
            "GAD-7",
            [
                Row("Noticed by patients", read["meaning_noticed_gad7"], TRIAL),
                Row("Noticed, at the mean first score in England", share["GAD-7"], TRIAL),
                Row("Called better by a clinician", read["meaning_clinician_gad7"], TRIAL),
                Row("Beyond error by retest", recomputed(evidence, "gad7_retest_community"), INK),
                Row("Official reliable change", official(evidence, "GAD-7"), OFFICIAL),
            ],
        ),
    ]
    return {**read, "meaning_thresholds": _chart(groups, read)}


def _chart(groups: list[Group], read: dict[str, Quantity]) -> Chart:
    records = [
        {"Scale": group.heading, "Threshold": row.label, "Fall": row.quantity}
        for group in groups
        for row in group.estimates
    ]
    return Chart(
        title=(
            f"Patients notice a fall of {read['meaning_noticed_phq9']} on PHQ-9, less than any "
            "change that can be told from error"
        ),
        alt=f"Thresholds in points, grouped by scale; {key(groups)}. "
        + " ".join(f"{group.heading}: {row.text}." for group in groups for row in group.estimates),
        table=Table("Thresholds of change, in points; a fall counts.", pd.DataFrame(records)),
        draw=lambda width: interval_rows(groups, width, "Fall in points", (0, 8)),
    )
