"""Pooled change from start to end by kind of arm, in the open trial databases.

Strata are a database, a scale or group of scales, a kind of arm and a subset of arms; each is
pooled by random effects over trials, and only pooled figures leave this module.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.deriving.arm_change import arms, by_trial, change
from analysis.deriving.correlated_effects import pooled_columns
from analysis.deriving.trial_files import LAYOUTS, identifier, locator, read
from analysis.random_effects import pool

CORRELATION = 0.5
CORRELATIONS = (0.3, CORRELATION, 0.7)
FEWEST_TRIALS = 3
# Country code at odds with where the trial took place.
NOT_UK = ("Newby, 2013", "Nasrin, 2017")
SCALES = {"PHQ-9": ("phq-9", "phq9", "phq-8"), "GAD-7": ("gad-7", "gad7")}
RESTORED = " Lost decimal marks of the published file were restored from the range of the scale."
UNITS = {"points": "points", "standardised": "standard deviations"}


def change_without_therapy(folder: Path) -> pd.DataFrame:
    """Change from start to end in control and therapy arms, a row a stratum: the table so named.

    In scale points for single scales and in SDs at the start; the correlation of first and last
    score is 0.5, with 0.3 and 0.7 beside it for all arms with PHQ-9 or GAD-7.
    """
    return pd.DataFrame(
        [
            _record(labels, part, measure, correlation)
            for name, layout in LAYOUTS.items()
            if layout.baseline
            for labels, part in strata(arms(read(folder, name)))
            for correlation in _correlations(labels)
            for measure in _measures(labels)
        ]
    )


def in_uk(rows: pd.DataFrame) -> pd.Series:
    """Rows of trials in the United Kingdom, two wrong country codes put right."""
    return rows["country"].eq("uk") & ~rows["study"].isin(NOT_UK)


def strata(arms: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Labels and arms of every stratum of one database with three trials or more."""
    name = arms["instrument"].str.lower().str.replace(" ", "")
    of_scale = {scale: name.isin(names) for scale, names in SCALES.items()} | {
        "any self-report scale": arms["rater"].eq("self-report"),
        "any clinician scale": arms["rater"].eq("clinician"),
    }
    of_subset = {
        "all": pd.Series(True, index=arms.index),
        "United Kingdom": in_uk(arms),
        "start 13 to 18": arms["base_mean"].between(13, 18),
    }
    for scale, chosen in of_scale.items():
        for subset, inside in of_subset.items():
            if subset != "all" and scale != "PHQ-9":
                continue
            for arm_type in sorted(arms["arm_type"].unique()):
                part = arms[chosen & inside & arms["arm_type"].eq(arm_type)]
                if part["study"].nunique() >= FEWEST_TRIALS:
                    labels = {"instrument": scale, "subset": subset, "arm_type": arm_type}
                    yield labels, part


def _correlations(labels: dict[str, str]) -> tuple[float, ...]:
    varied = labels["instrument"] in SCALES and labels["subset"] == "all"
    return CORRELATIONS if varied else (CORRELATION,)


def _measures(labels: dict[str, str]) -> tuple[str, ...]:
    """Points of different scales have no common mean."""
    return ("points", "standardised") if labels["instrument"] in SCALES else ("standardised",)


def _record(
    labels: dict[str, str], part: pd.DataFrame, measure: str, correlation: float
) -> dict[str, object]:
    """One row of the table."""
    trials = by_trial(change(part, correlation), measure)
    fit = pool(trials["effect"], trials["variance"])
    database, disorder, source = part.iloc[0][["database", "disorder", "source"]]
    shown = "" if correlation == CORRELATION else f"r{correlation:g}"
    subset = "" if labels["subset"] == "all" else labels["subset"]
    return {
        "id": identifier(
            database, labels["instrument"], subset, labels["arm_type"], measure, shown
        ),
        "database": database,
        "disorder": disorder,
        **labels,
        "measure": measure,
        "correlation": correlation,
        "k_trials": fit.k,
        "k_arms": int(trials["arms"].sum()),
        "n": round(float(part.drop_duplicates(["study", "arm", "n"])["n"].sum())),
        "unit": UNITS[measure],
        **pooled_columns(fit),
        **_start(part, single_scale=labels["instrument"] in SCALES),
        "weeks_median": float(part.drop_duplicates("study")["weeks"].median()),
        "source": source,
        "locator": locator(source, "rows with means and spreads at both times"),
        "extent": "table",
        "grade": "derived",
        "note": "Computed: REML with Hartung-Knapp limits over trials; narrow starts dropped."
        + (RESTORED if LAYOUTS[database].scale_maxima else ""),
    }


def _start(part: pd.DataFrame, single_scale: bool) -> dict[str, float]:
    """Mean and SD at the start, weighted by people; of single scales only."""
    if not single_scale:
        return {"start_mean": np.nan, "start_sd": np.nan}
    return {
        f"start_{name}": float(np.average(part[f"base_{name}"], weights=part["n"]))
        for name in ("mean", "sd")
    }
