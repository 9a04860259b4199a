"""The open trial databases of Metapsy in one layout: one row per comparison and outcome.

A folder holds them as ``metapsy_<name>.csv``, each the public ``data.csv`` of its repository at
the commit in ``COMMITS``, renamed. Separators, decimal commas and names of columns differ between
them, two sign the effect the other way round, and one has lost its decimal marks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

COMMITS = {
    "metapsy_2022_transdiagnostic": "2ded272",
    "metapsy_2023_gad": "71ad218",
    "metapsy_2023_panic": "2318d14",
    "metapsy_2023_ptsd": "18e03cb",
    "metapsy_2023_total_response": "200bae3",
    "metapsy_2024_ocd": "0786f69",
    "metapsy_2024_sad": "cc33ac1",
    "metapsy_2024_selfguided": "f0a6425",
    "metapsy_2025_depression": "ceeabb7",
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
RATERS = {"sr": "self-report", "cr": "clinician"}


@dataclass(frozen=True)
class Layout:
    """How one database is written: its file, where baselines stand, which way effects point.

    ``scale_maxima`` are for a file without decimal marks: the highest score of each instrument
    whose scores can be restored; rows of other instruments are left out.
    """

    file: str
    disorder: str
    source: str
    baseline: tuple[str, str] | None
    rob: str = "rob"
    sign: int = 1
    domain: str | None = None
    scale_maxima: Mapping[str, float] = field(default_factory=dict)


LAYOUTS = {
    "depression": Layout(
        "metapsy_depression_psyctr.csv", "depression", "metapsy_2025_depression",
        ("baseline_m_{}", "baseline_sd_{}"),
    ),
    "depression_selfguided": Layout(
        "metapsy_depression_selfguided_psyctr.csv", "depression", "metapsy_2024_selfguided",
        ("bl_mean_{}", "bl_sd_{}"), domain="depression",
    ),
    "gad": Layout(
        "metapsy_gad_psyctr.csv", "generalised anxiety disorder", "metapsy_2023_gad",
        ("baseline_mean_{}", "baseline_sd_{}"), rob="ROB", sign=-1,
    ),
    "panic": Layout(
        "metapsy_panic_psyctr.csv", "panic disorder", "metapsy_2023_panic", None, sign=-1
    ),
    "sad": Layout(
        "metapsy_sad_psyctr.csv", "social anxiety disorder", "metapsy_2024_sad",
        ("bl_mean_{}", "bl_sd_{}"),
    ),
    "ptsd": Layout(
        "metapsy_ptsd_psyctr.csv", "post-traumatic stress disorder", "metapsy_2023_ptsd",
        ("m_baseline_{}", "sd_baseline_{}"),
    ),
    "transdiagnostic": Layout(
        "metapsy_depression_anxiety_transdiagnostic.csv", "depression or anxiety",
        "metapsy_2022_transdiagnostic", ("baseline_m_{}", "baseline_sd_{}"),
        scale_maxima={"phq9": 27, "phq-9": 27, "gad7": 21, "gad-7": 21},
    ),
}  # fmt: skip


def text_cells(path: Path) -> pd.DataFrame:
    """A published file with every cell as text, whichever separator it uses.

    Raises:
        FileNotFoundError: the folder does not hold the file.
    """
    with path.open(encoding="utf-8") as lines:
        header = lines.readline()
    separator = ";" if header.count(";") > header.count(",") else ","
    return pd.read_csv(path, sep=separator, dtype=str)


def number(cells: pd.Series) -> pd.Series:
    """Cells as numbers; decimal commas are read, text such as NR is missing.

    >>> number(pd.Series(["12", "3,5", "NR"])).tolist()
    [12.0, 3.5, nan]
    """
    return pd.to_numeric(cells.astype(str).str.replace(",", ".", regex=False), errors="coerce")


def decimals_restored(cells: pd.Series, maximum: pd.Series) -> pd.Series:
    """Scores that lost their decimal mark, divided by ten until the scale can hold them.

    A score is restored rightly when its first digits as a whole number would exceed the scale, and
    the same holds of its spread; the tests check that the restored scores give the printed effect.

    >>> decimals_restored(pd.Series([713.0, 96.0, 6.0]), pd.Series([27, 27, 27])).tolist()
    [7.13, 9.6, 6.0]
    """
    out = cells.astype(float)
    while (over := out > maximum).any():
        out = out.where(~over, out / 10)
    return out


def read(folder: Path, database: str) -> pd.DataFrame:
    """Rows of one database at the end of treatment, effects above zero favouring therapy.

    Arm 1 is the therapy, arm 2 the control; their numbers are ``n1, mean1, sd1, base_mean1,
    base_sd1`` and the same with 2. People analysed fall back on people with a change score,
    people counted for an event, people randomised. ``row`` counts the rows of the file from 1,
    ``masked`` keeps the database's code.

    Raises:
        FileNotFoundError: the folder does not hold the database.
        KeyError: unknown database, or a control condition without a place in ``CONTROLS``.
        ValueError: the file lacks a column.
    """
    layout = LAYOUTS[database]
    raw = text_cells(folder / layout.file)
    needed = ["study", "condition_arm1", "condition_arm2", "instrument", ".g", ".g_se"]
    if missing := [name for name in needed if name not in raw]:
        raise ValueError(f"{layout.file} lacks {', '.join(missing)}; take it at its commit")
    absent = pd.Series(np.nan, index=raw.index, dtype=object)
    out = pd.DataFrame({"row": np.arange(1, len(raw) + 1), "study": raw["study"].str.strip()})
    year = out["study"].str.extract(r"((?:19|20)\d\d)", expand=False).astype(float)
    out["year"] = number(raw.get("year", absent)).fillna(year)
    out["country"] = raw.get("country", absent).fillna("")
    out["therapy"], out["therapy_arm"] = raw["condition_arm1"], _arm(raw, 1)
    out["control"] = raw["condition_arm2"].str.lower().map(lambda name: CONTROLS[name])
    out["control_arm"] = _arm(raw, 2)
    out["instrument"] = raw["instrument"].str.strip()
    out["rater"] = raw.get("rating", absent).replace(RATERS).fillna("not recorded")
    out["outcome_type"] = raw["outcome_type"]
    out["format"] = raw.get("format", absent).fillna("")
    out["weeks"] = number(raw.get("time_weeks", absent)).replace(0, np.nan)
    out["g"], out["g_se"] = layout.sign * number(raw[".g"]), number(raw[".g_se"])
    out["masked"] = raw.get("ba", absent).fillna("")
    for item in ("sg", "ac", "itt"):
        out[item] = number(raw.get(item, absent))
    out["rob"] = raw[layout.rob].fillna("").str.lower().str.strip()
    for arm in (1, 2):
        counts = [f"{name}_arm{arm}" for name in ("n", "n_change", "totaln", "rand")]
        out[f"n{arm}"] = _first(raw, [name for name in counts if name in raw])
        out[f"mean{arm}"] = number(raw[f"mean_arm{arm}"])
        out[f"sd{arm}"] = number(raw[f"sd_arm{arm}"])
        for name, column in zip(("base_mean", "base_sd"), layout.baseline or (), strict=False):
            out[f"{name}{arm}"] = number(raw[column.format(f"arm{arm}")])
    keep = raw["time"].eq("post") & out["g"].notna()
    if layout.domain:
        keep &= raw["outcome_domain"].eq(layout.domain)
    if layout.scale_maxima:
        maximum = out["instrument"].str.lower().map(layout.scale_maxima)
        keep &= maximum.notna()
        for name in ("mean1", "sd1", "base_mean1", "base_sd1"):
            for column in (name, name.replace("1", "2")):
                out[column] = decimals_restored(out[column], maximum)
    out["database"], out["disorder"], out["source"] = database, layout.disorder, layout.source
    return out[keep].reset_index(drop=True)


def locator(source: str, where: str = "") -> str:
    """Where a derived figure comes from: the file, its commit, and its rows if named.

    >>> locator("metapsy_2023_gad", "all rows")
    'data.csv, commit 71ad218, all rows'
    """
    return ", ".join(part for part in ("data.csv", f"commit {COMMITS[source]}", where) if part)


def identifier(*parts: object) -> str:
    """Identifier of a row from its labels; empty labels are left out.

    >>> identifier("van Schaik, 2006", "", "PHQ-9")
    'van_schaik_2006_phq_9'
    """
    text = "_".join(str(part) for part in parts if part != "")
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _arm(raw: pd.DataFrame, arm: int) -> pd.Series:
    label = raw.get(f"multi_arm{arm}", pd.Series("", index=raw.index)).fillna("")
    return raw[f"condition_arm{arm}"].str.lower() + "|" + label.str.strip()


def _first(raw: pd.DataFrame, columns: list[str]) -> pd.Series:
    """The first of the columns that holds a number, row by row."""
    out = pd.Series(np.nan, index=raw.index)
    for column in columns:
        out = out.fillna(number(raw[column]))
    return out
