"""Open trial databases of Metapsy in one layout: one row per comparison and outcome.

Each database names its baseline and risk-of-bias columns its own way, and two sign the
effect the other way round. ``read`` returns the same columns for all, effects above zero
favouring therapy, in the order of the published file (``row`` counts from 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Layout:
    """How one database is written: where baselines stand and which way its effects point."""

    disorder: str
    source: str
    baseline: tuple[str, str] | None
    rob: str
    sign: int = 1


LAYOUTS = {
    "depression": Layout(
        "depression", "metapsy_2025_depression", ("baseline_m_{}", "baseline_sd_{}"), "rob"
    ),
    "depression_selfguided": Layout(
        "depression", "metapsy_2024_selfguided", ("bl_mean_{}", "bl_sd_{}"), "rob"
    ),
    "gad": Layout(
        "generalised anxiety disorder",
        "metapsy_2023_gad",
        ("baseline_mean_{}", "baseline_sd_{}"),
        "ROB",
        -1,
    ),
    "panic": Layout("panic disorder", "metapsy_2023_panic", None, "rob", -1),
    "sad": Layout(
        "social anxiety disorder", "metapsy_2024_sad", ("bl_mean_{}", "bl_sd_{}"), "rob"
    ),
    "ptsd": Layout(
        "post-traumatic stress disorder",
        "metapsy_2023_ptsd",
        ("m_baseline_{}", "sd_baseline_{}"),
        "rob",
    ),
}
CONTROLS = {
    "wl": "waiting_list",
    "wlc": "waiting_list",
    "waitlist": "waiting_list",
    "cau": "usual_care",
    "tau": "usual_care",
    "tau/nt": "usual_care",
    "pl": "pill_placebo",
    "other ctr": "other_control",
    "other": "other_control",
    "app": "other_control",
    "pe": "other_control",
    "sp": "other_control",
}
NUMBERS = ("n", "mean", "sd", "base_mean", "base_sd")


def read(path: Path, database: str) -> pd.DataFrame:
    """Rows of one database at post-test, in the common layout.

    Arm 1 is the therapy, arm 2 the control; their numbers are ``n1, mean1, sd1, base_mean1,
    base_sd1`` and the same with 2. People analysed fall back on people with a change score,
    people counted for an event, people randomised. ``masked`` keeps the database's code.

    Raises:
        KeyError: unknown database, or a control condition without a place in ``CONTROLS``.
        ValueError: the file lacks a column.
    """
    layout = LAYOUTS[database]
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    semicolon = first.count(";") > first.count(",")
    raw = pd.read_csv(
        path, sep=";" if semicolon else ",", decimal="," if semicolon else ".", low_memory=False
    )
    needed = ["study", "condition_arm1", "condition_arm2", "instrument", ".g", ".g_se"]
    if missing := [name for name in needed if name not in raw]:
        raise ValueError(f"{path.name} lacks {', '.join(missing)}")
    out = pd.DataFrame({"row": np.arange(1, len(raw) + 1), "study": raw["study"].str.strip()})
    out["year"] = out["study"].str.extract(r"((?:19|20)\d\d)", expand=False).astype(float)
    if "year" in raw:
        out["year"] = pd.to_numeric(raw["year"], errors="coerce").fillna(out["year"])
    out["country"] = raw.get("country", pd.Series("", index=raw.index)).fillna("")
    out["therapy"] = raw["condition_arm1"]
    out["therapy_arm"] = _arm(raw, 1)
    out["control"] = raw["condition_arm2"].str.lower().map(lambda name: CONTROLS[name])
    out["control_arm"] = _arm(raw, 2)
    out["instrument"] = raw["instrument"].str.strip()
    out["rater"] = raw.get("rating", pd.Series("not recorded", index=raw.index))
    out["outcome_type"] = raw["outcome_type"]
    out["format"] = raw.get("format", pd.Series("", index=raw.index)).fillna("")
    out["weeks"] = pd.to_numeric(raw["time_weeks"], errors="coerce").replace(0, np.nan)
    out["g"], out["g_se"] = layout.sign * raw[".g"], raw[".g_se"]
    out["masked"] = raw.get("ba", pd.Series("", index=raw.index)).astype(str)
    for item in ("sg", "ac", "itt"):
        out[item] = pd.to_numeric(raw.get(item), errors="coerce") if item in raw else np.nan
    out["rob"] = raw[layout.rob]
    for arm in (1, 2):
        out[f"n{arm}"] = _first(raw, "n_arm{}", "n_change_arm{}", "totaln_arm{}", "rand_arm{}", arm)
        out[f"mean{arm}"], out[f"sd{arm}"] = raw[f"mean_arm{arm}"], raw[f"sd_arm{arm}"]
        for name, column in zip(("base_mean", "base_sd"), layout.baseline or (), strict=False):
            out[f"{name}{arm}"] = raw[column.format(f"arm{arm}")]
    keep = raw["time"].eq("post") if "time" in raw else pd.Series(True, index=raw.index)
    if "outcome_domain" in raw and database == "depression_selfguided":
        keep &= raw["outcome_domain"].eq("depression")
    out["database"], out["disorder"], out["source"] = database, layout.disorder, layout.source
    return out[keep & out["g"].notna()].reset_index(drop=True)


def combine(effects: np.ndarray, variances: np.ndarray, correlation: float) -> tuple[float, float]:
    """Mean of correlated effects and its variance.

    With k effects, equal weights and common correlation r, the variance of the mean is
    (sum of v_i + r x sum over i != j of s_i s_j) / k^2, s the standard errors.

    >>> mean, variance = combine(np.array([0.4, 0.6]), np.array([0.04, 0.04]), 0.5)
    >>> round(mean, 3), round(variance, 3)
    (0.5, 0.03)
    """
    errors = np.sqrt(variances)
    total, own = errors.sum() ** 2, variances.sum()
    k = len(effects)
    return float(effects.mean()), float((own + correlation * (total - own)) / k**2)


def _arm(raw: pd.DataFrame, arm: int) -> pd.Series:
    detail = raw.get(f"multi_arm{arm}", pd.Series("", index=raw.index)).fillna("").astype(str)
    return raw[f"condition_arm{arm}"].str.lower() + "|" + detail.str.strip()


def _first(raw: pd.DataFrame, *names: str | int) -> pd.Series:
    *patterns, arm = names
    out = pd.Series(np.nan, index=raw.index)
    for pattern in patterns:
        column = str(pattern).format(arm)
        if column in raw:
            out = out.fillna(pd.to_numeric(raw[column], errors="coerce"))
    return out
