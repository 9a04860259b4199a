"""What other thresholds of reliable change would do to the published rates, by a named model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from analysis.evidence import Evidence
from analysis.normal_change import ChangeModel, Rates, Scale, fitted
from analysis.quantity import Interval, Quantity, computes, derive, lineage
from analysis.reliable_change import whole_points
from analysis.self_report.scale_reliability import SCALES, official, recomputed
from analysis.tables import Table

YEAR = "2024-25"
SCORES = "problem_therapy_scores"
COMMONEST = "Cognitive behaviour therapy"


@dataclass(frozen=True)
class Calibration:
    """A change model fitted to the published rates, and all rows behind it."""

    name: str
    model: ChangeModel
    rows: frozenset[str]


@dataclass(frozen=True)
class Threshold:
    """Thresholds of both scales in whole points, with the reason for them."""

    name: str
    reason: str
    phq9: int
    gad7: int
    inputs: tuple[Quantity, ...]


def published_rates(evidence: Evidence, year: str = YEAR) -> tuple[Quantity, Quantity]:
    """Reliable improvement and deterioration of finished courses, as published."""
    improved, worsened = (
        evidence.pick("annual_national", year=year, measure=measure, preferred=True)
        for measure in ("reliable_improvement_percent", "reliable_deterioration_percent")
    )
    return improved, worsened


def pooled_scale(evidence: Evidence, instrument: str, year: str, therapy: str | None) -> Scale:
    """Mean fall and spreads over courses of one therapy, or of all, weighted by courses.

    Var = Σ w (s² + (m − M)²) / Σ w. A course counts once for each therapy it holds.
    """
    where = {"year": year, "population": "all_courses", "problem": "All problems"}
    if therapy is not None:
        where["therapy"] = therapy
    frame = evidence.table(SCORES, instrument=instrument, **where)
    means, spreads = [], []
    for time in ("start", "end"):
        part = frame[frame["time"] == time]
        weight = part["courses"] / part["courses"].sum()
        mean = float((weight * part["mean"]).sum())
        spreads.append(math.sqrt((weight * (part["sd"] ** 2 + (part["mean"] - mean) ** 2)).sum()))
        means.append(mean)
    return Scale(means[0] - means[1], *spreads)


def calibrations(evidence: Evidence, year: str = YEAR) -> list[Calibration]:
    """Models for every therapy together and for the commonest, each meeting both rates."""
    improved, worsened = published_rates(evidence, year)
    points = {scale: official(evidence, scale) for scale in SCALES}
    cuts = [whole_points(points[scale].value) for scale in SCALES]
    target = Rates(improved.value / 100, worsened.value / 100)
    found = []
    for name, therapy in (("all therapies", None), (COMMONEST.lower(), COMMONEST)):
        scales = [pooled_scale(evidence, scale, year, therapy) for scale in SCALES]
        frame = evidence.table(
            SCORES, year=year, population="all_courses", problem="All problems",
            instrument=list(SCALES),
        )  # fmt: skip
        if therapy is not None:
            frame = frame[frame["therapy"] == therapy]
        rows = lineage(evidence.rows(SCORES, frame.index), improved, worsened, *points.values())
        found.append(Calibration(name, fitted(scales[0], scales[1], target, *cuts), rows))
    return found


def thresholds(evidence: Evidence) -> dict[str, Threshold]:
    """The official thresholds and others that sources support, in whole points."""
    phq9, gad7 = (official(evidence, scale) for scale in SCALES)
    retest = [recomputed(evidence, row) for row in ("phq9_retest_48h", "gad7_retest_community")]
    widest = [(change.interval.limits or (0.0, change.value))[1] for change in retest]
    archive = evidence.quantity("psychometrics", "gad7_reliable_change_published")
    errors = evidence.quantity("psychometrics", "phq9_important_change_2sem")
    noticed = [
        evidence.quantity("important_difference", row)
        for row in ("kounali_phq9_points", "kounali_gad7_points")
    ]
    retest_phq9, retest_gad7 = (whole_points(change) for change in widest)
    noticed_phq9, noticed_gad7 = (whole_points(change.value) for change in noticed)
    p, g = whole_points(phq9.value), whole_points(gad7.value)
    return {
        "official": Threshold("Official", "at least the threshold", p, g, (phq9, gad7)),
        "strict": Threshold(
            "Official, read strictly", "more than the threshold", p + 1, g + 1, (phq9, gad7)
        ),
        "archive": Threshold(
            "GAD-7 of a clinical archive", "reliable change as published there", p,
            whole_points(archive.value), (phq9, archive),
        ),
        "retest": Threshold(
            "Both scales by retest", "spread of everyone at the start",
            retest_phq9, retest_gad7, tuple(retest),
        ),
        "errors": Threshold(
            "PHQ-9 by standard error", "a multiple of it, in a trial",
            whole_points(errors.value), g, (errors, gad7),
        ),
        "noticed": Threshold(
            "What patients notice", "smallest improvement by own view",
            noticed_phq9, noticed_gad7, tuple(noticed),
        ),
    }  # fmt: skip


def moved(found: list[Calibration], case: Threshold, which: str) -> Quantity:
    """A rate under other thresholds: all therapies, with limits over the calibrations."""
    values = [100 * getattr(item.model.rates(case.phq9, case.gad7), which) for item in found]
    rows = lineage(*(item.rows for item in found), *case.inputs)
    interval = Interval("model", min(values), max(values))
    return Quantity(values[0], "percent", interval, rows)


@computes
def rates_moved(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table]:
    """Reliable improvement and deterioration under each pair of thresholds.

    Args:
        evidence: the evidence.
        year: the latest with published rates by default.
    """
    improved, worsened = published_rates(evidence, year)
    found, cases = calibrations(evidence, year), thresholds(evidence)
    gain = {name: moved(found, case, "improved") for name, case in cases.items()}
    loss = {name: moved(found, case, "worsened") for name, case in cases.items()}
    records = [
        {
            "Thresholds": f"{case.name} ({case.reason})",
            "PHQ-9, at least": case.phq9,
            "GAD-7, at least": case.gad7,
            "Reliably improved": improved if name == "official" else gain[name],
            "Reliably worsened": worsened if name == "official" else loss[name],
        }
        for name, case in cases.items()
    ]
    correlations = [
        derive(
            getattr(found[0].model, which),
            "correlation",
            found[0].rows,
            found[1].rows,
            interval=Interval("model", *sorted(getattr(i.model, which) for i in found)),
        )
        for which in ("across", "between")
    ]
    return {
        "scale_improved_official": improved,
        "scale_worsened_official": worsened,
        "scale_improved_strict": gain["strict"],
        "scale_improved_archive": gain["archive"],
        "scale_improved_retest": gain["retest"],
        "scale_improved_noticed": gain["noticed"],
        "scale_worsened_retest": loss["retest"],
        "scale_worsened_noticed": loss["noticed"],
        "scale_fit_across": correlations[0],
        "scale_fit_between": correlations[1],
        "scale_rates": Table(
            f"Reliable change in finished courses under other thresholds, {year}: first row as "
            "published, the others by the model, with limits over both its calibrations.",
            pd.DataFrame(records),
        ),
    }
