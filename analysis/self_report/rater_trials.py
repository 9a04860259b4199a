"""Self-report against clinician within the same trials: published contrasts and our own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from analysis.charts import INK, MUTED, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Kind, Quantity, computes, derive
from analysis.random_effects import Pooled, pool
from analysis.small_study import small_study_asymmetry
from analysis.tables import Table

TABLE = "rater_by_trial"
LEVEL = 0.95
# How effects by both raters correlate within a trial is not known: the range, and where we stand.
LOW, MIDDLE, HIGH = 0.3, 0.5, 0.9
STRICT_ITEMS = 2  # more than this many of the database's other items at low risk: all of them


@dataclass(frozen=True)
class Differences:
    """Clinician less self-report in each trial: effects, their variances, and the trials."""

    effects: np.ndarray
    variances: np.ndarray
    trials: pd.DataFrame

    def of(self, chosen: pd.Series) -> Differences:
        """The same for some of the trials."""
        mask = chosen.to_numpy()
        return Differences(self.effects[mask], self.variances[mask], self.trials[mask])


def differences(evidence: Evidence, correlation: float = MIDDLE) -> Differences:
    """Per trial g(clinician) − g(self) with variance v + w − 2 r √(v w).

    Above zero the clinician sees the larger benefit. Instruments and arm pairs were averaged
    within rater before. r is the assumed correlation of both effects.
    """
    trials = evidence.table(TABLE)
    v, w = (trials[f"var_{rater}"].to_numpy(float) for rater in ("clin", "self"))
    effects = (trials["g_clin"] - trials["g_self"]).to_numpy(float)
    return Differences(effects, v + w - 2 * correlation * np.sqrt(v * w), trials)


def subsets(trials: pd.DataFrame) -> dict[str, pd.Series]:
    """Which trials belong to each reading of the data."""
    beck = trials["instruments_self"].isin(["bdi-1", "bdi-2"])
    hamilton = trials["instruments_clin"].str.fullmatch(r"hdrs-\d+")
    masked = trials["masked"] == "masked"
    return {
        "all": pd.Series(True, index=trials.index),
        "masked": masked,
        "not_masked": trials["masked"] == "not masked or not stated",
        "hamilton_beck": beck & hamilton,
        "strict": masked & (trials["low_risk_items"] > STRICT_ITEMS),
        "clean": ~trials["small_baseline_sd"].astype(bool),
        "waiting_list": trials["control"] == "waiting_list",
        "usual_care": trials["control"] == "usual_care",
    }


LABELS = {
    "all": "All",
    "masked": "Masked clinicians",
    "not_masked": "Not masked or not stated",
    "hamilton_beck": "Hamilton scale against Beck inventory",
    "strict": "Masked, and low risk on every other item",
    "clean": "Without improbably small spreads",
    "waiting_list": "Against waiting lists",
    "usual_care": "Against usual care",
}


def pooled(evidence: Evidence, subset: str = "all", correlation: float = MIDDLE) -> Pooled:
    """Random-effects mean of the differences in one subset."""
    found = differences(evidence, correlation)
    part = found.of(subsets(found.trials)[subset])
    return pool(part.effects, part.variances)


def robust_limits(part: Differences, fit: Pooled, level: float = LEVEL) -> tuple[float, float]:
    """Limits of a pooled mean by the cluster-robust sandwich, each trial a cluster.

    SE² = k / (k − 1) Σ w² (y − m)² / (Σ w)², w = 1 / (v + tau²); t with k − 1 degrees of freedom.
    """
    w = 1 / (part.variances + fit.tau2)
    meat = float((w**2 * (part.effects - fit.mean) ** 2).sum())
    error = np.sqrt(meat * fit.k / (fit.k - 1)) / w.sum()
    half = float(student.ppf((1 + level) / 2, fit.k - 1) * error)
    return fit.mean - half, fit.mean + half


def mean_difference(
    evidence: Evidence, subset: str = "all", correlation: float = MIDDLE
) -> Quantity:
    """Pooled difference in standard deviations with its Hartung-Knapp interval."""
    fit = pooled(evidence, subset, correlation)
    limits = Interval("sampling", fit.low, fit.high, LEVEL)
    rows = evidence.rows(TABLE, evidence.table(TABLE).index)
    return derive(fit.mean, "standard deviations", rows, interval=limits)


def people(evidence: Evidence, subset: str = "all") -> Quantity:
    """People analysed in the trials of a subset, both arms."""
    trials = evidence.table(TABLE)
    part = trials[subsets(trials)[subset]]
    return Quantity(
        float((part["n1"] + part["n2"]).sum()), "people", rows=evidence.rows(TABLE, part.index)
    )


@computes
def rater_contrast(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Clinician less self-report, as published and from the open database."""
    found = differences(evidence)
    fit = pool(found.effects, found.variances)
    rows = evidence.rows(TABLE, found.trials.index)
    published = {
        row: evidence.quantity("rater_published", row)
        for row in evidence.table("rater_published").index
    }
    asymmetry = small_study_asymmetry(
        found.effects, found.variances, *(found.trials[n].to_numpy() for n in ("n1", "n2"))
    )

    def ours(value: float, low: float, high: float, kind: Kind = "sampling") -> Quantity:
        limits = Interval(kind, low, high, LEVEL)
        return derive(value, "standard deviations", rows, interval=limits)

    larger = int((found.effects > 0).sum())
    read = {
        "rater_all": mean_difference(evidence),
        "rater_low": mean_difference(evidence, correlation=LOW),
        "rater_high": mean_difference(evidence, correlation=HIGH),
        "rater_masked": mean_difference(evidence, "masked"),
        "rater_masked_low": mean_difference(evidence, "masked", LOW),
        "rater_not_masked": mean_difference(evidence, "not_masked"),
        "rater_hamilton_beck": mean_difference(evidence, "hamilton_beck"),
        "rater_strict": mean_difference(evidence, "strict"),
        "rater_robust": ours(fit.mean, *robust_limits(found, fit)),
        "rater_people": people(evidence),
        "rater_people_masked": people(evidence, "masked"),
        "rater_prediction": ours(fit.mean, fit.prediction_low, fit.prediction_high, "model"),
        "rater_asymmetry": ours(asymmetry.slope, asymmetry.low, asymmetry.high),
        "rater_larger_share": Quantity(100 * larger / fit.k, "percent", rows=rows, decimals=0),
        "rater_published_all": published["miguel_2025_all"],
        "rater_published_masked": published["miguel_2025_masked"],
        "rater_published_first": published["cuijpers_2010_all"],
    }
    return {**read, "rater_forest": forest(evidence, read, published)}


def forest(evidence: Evidence, read: dict[str, Quantity], published: dict[str, Quantity]) -> Chart:
    """Published and computed contrasts as rows on one scale."""
    frame = evidence.table("rater_published")
    first = {
        "cuijpers_2010_all": "Review of 2010, all",
        "cuijpers_2010_hamilton_beck": "Review of 2010, Hamilton scale against Beck inventory",
        "miguel_2025_all": "Review of 2025, all",
        "miguel_2025_masked": "Review of 2025, masked clinicians",
        "miguel_2025_unmasked": "Review of 2025, clinicians not masked",
        "miguel_2025_specific_groups": "Review of 2025, specific groups",
    }
    trials = evidence.table(TABLE)
    numbers = {name: int(chosen.sum()) for name, chosen in subsets(trials).items()}
    middle = [
        Row(f"{label}, {numbers[name]} trials", mean_difference(evidence, name), TRIAL)
        for name, label in LABELS.items()
    ]
    groups = [
        Group(
            "Published reviews, which share trials",
            [Row(first[row], published[row], MUTED) for row in frame.index if row in first],
        ),
        Group(f"Computed here, correlation between raters {MIDDLE:g}", middle),
        Group(
            "Computed here, all trials, other correlations between raters",
            [
                Row(f"Correlation {LOW:g}", read["rater_low"], TRIAL),
                Row(f"Correlation {HIGH:g}", read["rater_high"], TRIAL),
            ],
        ),
        Group("Where the difference of a further trial would lie",
              [Row("Prediction", read["rater_prediction"], INK)]),
    ]  # fmt: skip
    records = [
        {"Group": group.heading, "Contrast": row.label, "Clinician less self-report": row.quantity}
        for group in groups
        for row in group.estimates
    ]
    return Chart(
        title=(
            "In the same trials self-report gives the smaller effect, by "
            f"{read['rater_all'].with_limits()}"
        ),
        alt="Differences of standardised effects, clinician less self-report, in groups; a broken "
        f"line stands at no difference; {key(groups)}. "
        + " ".join(f"{group.heading}: {row.text}." for group in groups for row in group.estimates),
        table=Table(
            "Clinician less self-report, in standard deviations; to the right self-report gives "
            "the smaller effect of therapy.",
            pd.DataFrame(records),
            folded=True,
        ),
        draw=lambda width: interval_rows(
            groups, width, "Clinician less self-report, standard deviations", (-0.6, 0.8), 0.0
        ),
    )
