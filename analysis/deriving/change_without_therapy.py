"""Change from start to end within trial arms, and effects by control, per stratum.

Arms are taken one by one, a control arm shared by several therapies once. Change counts as
positive when the score falls: every scale used here falls with improvement. Strata are pooled by
random effects over trials; only pooled figures leave this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from derive_rater_by_trial import small_baseline_sd
from random_effects import pool
from trial_files import LAYOUTS, combine, read

CORRELATIONS = (0.3, 0.5, 0.7)
WITHIN_ARM = 0.5
# Country code at odds with where the trial took place.
NOT_UK = ("Newby, 2013", "Nasrin, 2017")


def arms(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per arm and instrument with means and SDs at both times; narrow baselines dropped.

    Only rows whose effect was computed from means and SDs are used; change scores and counts
    do not show both means. Rows whose effect points against their own means are on a scale
    that rises with improvement, and are dropped.
    """
    turned = np.sign(rows["g"]) * np.sign(rows["mean2"] - rows["mean1"]) < 0
    kept = rows[rows["outcome_type"].eq("msd") & ~small_baseline_sd(rows) & ~turned]
    parts = []
    for arm, kind in ((1, "therapy"), (2, "control")):
        names = {f"{name}{arm}": name for name in ("n", "mean", "sd", "base_mean", "base_sd")}
        part = kept[["database", "disorder", "source", "study", "year", "country", "instrument",
                     "rater", "weeks", "control", f"{kind}_arm", *names]]  # fmt: skip
        part = part.rename(columns={**names, f"{kind}_arm": "arm"})
        parts.append(part.assign(arm_type="therapy" if arm == 1 else part["control"]))
    long = pd.concat(parts, ignore_index=True)
    numbers = ["n", "mean", "sd", "base_mean", "base_sd"]
    long = long.dropna(subset=numbers)
    long = long[(long["n"] > 1) & (long["sd"] > 0) & (long["base_sd"] > 0)]
    same = ["study", "arm_type", "instrument", "rater", *numbers]
    return long.drop_duplicates(same).reset_index(drop=True)


def collected_arms(path: Path, database: str) -> pd.DataFrame:
    """Arms of the transdiagnostic database, from the table with its lost decimal marks mended."""
    raw = pd.read_csv(path)
    raw = raw[raw["dataset"].eq(database) & raw["time"].eq("post")]
    out = pd.DataFrame({
        "database": "transdiagnostic", "disorder": "depression or anxiety",
        "source": "metapsy_2022_transdiagnostic", "study": raw["study"], "year": raw["year"],
        "country": raw["country_code"], "instrument": raw["instrument"].str.lower(),
        "rater": raw["rating"], "weeks": raw["time_weeks"].replace(0, np.nan),
        "control": raw["control_type"].replace({"waitlist": "waiting_list"}),
        "arm": raw["condition"], "n": raw["post_n"], "mean": raw["post_mean"],
        "sd": raw["post_sd"], "base_mean": raw["baseline_mean"], "base_sd": raw["baseline_sd"],
    })  # fmt: skip
    out["arm_type"] = np.where(raw["role"].eq("treatment"), "therapy", out["control"])
    out = out.dropna(subset=["n", "mean", "sd", "base_mean", "base_sd"])
    return out.drop_duplicates(
        ["study", "arm_type", "instrument", "n", "mean", "sd", "base_mean", "base_sd"]
    ).reset_index(drop=True)


def change(frame: pd.DataFrame, correlation: float) -> pd.DataFrame:
    """Change of each arm in points and in SDs at the start, with sampling variances.

    points = m0 - m1, variance (s0^2 + s1^2 - 2 r s0 s1) / n;
    d = J (m0 - m1) / s0 with J = 1 - 3 / (4 (n - 1) - 1),
    variance J^2 (2 (1 - r) / n + d^2 / (2 n)) (Becker 1988).
    """
    n, s0, s1 = frame["n"], frame["base_sd"], frame["sd"]
    fall = frame["base_mean"] - frame["mean"]
    small = 1 - 3 / (4 * (n - 1) - 1)
    d = small * fall / s0
    return frame.assign(
        points=fall,
        points_var=(s0**2 + s1**2 - 2 * correlation * s0 * s1) / n,
        standardised=d,
        standardised_var=small**2 * (2 * (1 - correlation) / n + d**2 / (2 * n)),
    )


def by_trial(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Mean change per trial: instruments of an arm as correlated, arms as independent."""
    out = []
    for study, trial in frame.groupby("study"):
        pairs = [
            combine(arm[measure].to_numpy(), arm[f"{measure}_var"].to_numpy(), WITHIN_ARM)
            for _, arm in trial.groupby(["arm", "n"])
        ]
        effects, variances = (np.array(values) for values in zip(*pairs, strict=True))
        mean, variance = combine(effects, variances, 0.0)
        out.append((study, mean, variance, len(pairs)))
    return pd.DataFrame(out, columns=["study", "effect", "variance", "arms"])


def summarise(frame: pd.DataFrame, measure: str) -> dict[str, float]:
    """Pooled change of one stratum, with what the arms looked like."""
    trials = by_trial(frame, measure)
    fit = pool(trials["effect"].to_numpy(), trials["variance"].to_numpy())
    people = frame.drop_duplicates(["study", "arm", "n"])
    return {
        "k_trials": fit.k, "k_arms": int(trials["arms"].sum()),
        "n": round(float(people["n"].sum())), "value": fit.mean, "se": fit.se,
        "ci_low": fit.low, "ci_high": fit.high, "tau2": fit.tau2,
        "prediction_low": fit.prediction_low, "prediction_high": fit.prediction_high,
        "start_mean": float(np.average(frame["base_mean"], weights=frame["n"])),
        "start_sd": float(np.average(frame["base_sd"], weights=frame["n"])),
        "weeks_median": float(frame.drop_duplicates("study")["weeks"].median()),
    }  # fmt: skip


def strata(frame: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Strata of one database: instrument, rater, arm type and subset."""
    lower = frame["instrument"].str.lower().str.replace(" ", "")
    wanted = {
        "PHQ-9": lower.isin(["phq-9", "phq-8"]),
        "GAD-7": lower.isin(["gad-7", "gad7"]),
        "any self-report scale": frame["rater"].eq("self-report"),
        "any clinician scale": frame["rater"].eq("clinician"),
    }
    subsets = {
        "all": pd.Series(True, index=frame.index),
        "United Kingdom": frame["country"].eq("uk") & ~frame["study"].isin(NOT_UK),
        "start 13 to 18": frame["base_mean"].between(13, 18),
    }
    for scale, chosen in wanted.items():
        for subset, inside in subsets.items():
            if subset != "all" and scale != "PHQ-9":
                continue
            for arm_type in sorted(frame["arm_type"].unique()):
                part = frame[chosen & inside & frame["arm_type"].eq(arm_type)]
                if part["study"].nunique() >= 2:
                    yield {"instrument": scale, "subset": subset, "arm_type": arm_type}, part


def change_without_therapy(folder: Path, collected: Path) -> pd.DataFrame:
    """Pooled change from start to end: by database, instrument, arm type, subset, measure."""
    frames = [
        arms(read(folder / f"metapsy_{name}_psyctr.csv", name))
        for name, layout in LAYOUTS.items()
        if layout.baseline
    ]
    frames.append(collected_arms(collected, "data-depression-anxiety-transdiagnostic"))
    out = []
    for frame in frames:
        for labels, part in strata(frame):
            first = part.iloc[0]
            for correlation in CORRELATIONS:
                moved = change(part, correlation)
                scales = moved["instrument"].str.lower().nunique()
                for measure in ("points", "standardised"):
                    mixed = labels["instrument"].startswith("any") or scales > 2
                    if measure == "points" and mixed:
                        continue
                    out.append({
                        "database": first["database"], "disorder": first["disorder"],
                        **labels, "measure": measure, "correlation": correlation,
                        **summarise(moved, measure), "source": first["source"],
                    })  # fmt: skip
    return pd.DataFrame(out)


def effect_by_control(folder: Path) -> pd.DataFrame:
    """Pooled effect against each kind of control, by disorder: outcomes averaged per trial."""
    out = []
    for name, layout in LAYOUTS.items():
        rows = read(folder / f"metapsy_{name}_psyctr.csv", name)
        low = rows["rob"].astype(str).str.lower().str.strip().isin(["4", "4.0", "low", "low risk"])
        subsets = {
            "all": pd.Series(True, index=rows.index),
            "low risk of bias": low,
            "PHQ-9 only": rows["instrument"].str.lower().eq("phq-9"),
            "United Kingdom": rows["country"].eq("uk") & ~rows["study"].isin(NOT_UK),
        }
        for subset, inside in subsets.items():
            for control in sorted(rows["control"].unique()):
                part = rows[inside & rows["control"].eq(control)]
                if part["study"].nunique() < 3 or (name != "depression" and subset == "PHQ-9 only"):
                    continue
                trials = [
                    combine(t["g"].to_numpy(), t["g_se"].to_numpy() ** 2, WITHIN_ARM)
                    for _, t in part.groupby("study")
                ]
                effects, variances = (np.array(x) for x in zip(*trials, strict=True))
                fit = pool(effects, variances)
                out.append({
                    "database": name, "disorder": layout.disorder, "control": control,
                    "subset": subset, "k_trials": fit.k, "k_effects": len(part),
                    "value": fit.mean, "se": fit.se, "ci_low": fit.low, "ci_high": fit.high,
                    "tau2": fit.tau2, "prediction_low": fit.prediction_low,
                    "prediction_high": fit.prediction_high, "source": layout.source,
                })  # fmt: skip
    return pd.DataFrame(out)
