"""Number of sessions of therapy arms in the Metapsy open trial databases.

Says how many arms of cognitive behavioural therapy were as short as a course in the service.
The databases do not say whether the number is planned or attended; most entries are protocols.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

STEPS = (4, 6, 7, 8)
FACE_TO_FACE = ("ind", "grp", "face-to-face")


class SessionColumns(NamedTuple):
    """Where one database keeps the sessions of the therapy arm."""

    file: str
    disorder: str
    source: str
    commit: str
    sessions: str


DATABASES = {
    "depression": SessionColumns(
        "metapsy_depression_psyctr.csv", "depression", "metapsy_2025_depression",
        "ceeabb718d", "n_sessions_arm1",
    ),
    "gad": SessionColumns(
        "metapsy_gad_psyctr.csv", "generalised anxiety", "metapsy_2023_gad",
        "71ad21890b", "n_sessions_ig",
    ),
    "social_anxiety": SessionColumns(
        "metapsy_sad_psyctr.csv", "social anxiety", "metapsy_2024_sad",
        "cc33ac16fa", "n_sessions_arm1",
    ),
    "panic": SessionColumns(
        "metapsy_panic_psyctr.csv", "panic", "metapsy_2023_panic", "2318d14612", "n_sessions",
    ),
    "ocd": SessionColumns(
        "metapsy_ocd_psyctr.csv", "obsessive-compulsive", "metapsy_2024_ocd",
        "0786f690c9", "n_sessions_arm1",
    ),
}  # fmt: skip


def therapy_arms(folder: Path, name: str) -> pd.DataFrame:
    """One row a therapy arm with its sessions: trial, condition, format, sessions.

    An arm is told apart by trial, condition, label in multi-arm trials and sessions.

    Raises:
        FileNotFoundError: the folder does not hold the database.
    """
    database = DATABASES[name]
    frame = pd.read_csv(folder / database.file, sep=None, engine="python", dtype=str)
    cells = frame[database.sessions].astype(str).str.replace(",", ".", regex=False)
    arms = pd.DataFrame(
        {
            "trial": frame["study"].str.strip(),
            "condition": frame["condition_arm1"].fillna("").str.lower(),
            "label": frame["multi_arm1"].fillna("").str.lower() if "multi_arm1" in frame else "",
            "format": frame["format"].fillna("").str.lower(),
            "sessions": pd.to_numeric(cells, errors="coerce"),
        }
    ).dropna(subset=["sessions"])
    same = ["trial", "condition", "label", "sessions"]
    return arms[arms["sessions"] > 0].drop_duplicates(same)


def summary(arms: pd.DataFrame) -> dict[str, float]:
    """Sessions over a set of arms: quartiles, and how many arms have no more than given numbers.

    >>> arms = pd.DataFrame({"trial": ["a", "b", "b"], "sessions": [6, 8, 16]})
    >>> found = summary(arms)
    >>> found["trials"], found["median"], found["arms_upto_6"], found["trials_upto_6"]
    (2, 8.0, 1, 1)
    """
    sessions = arms["sessions"]
    found: dict[str, float] = {
        "trials": arms["trial"].nunique(),
        "arms": len(arms),
        "q1": round(float(sessions.quantile(0.25)), 1),
        "median": round(float(sessions.median()), 1),
        "q3": round(float(sessions.quantile(0.75)), 1),
        "minimum": round(float(sessions.min()), 1),
        "maximum": round(float(sessions.max()), 1),
    }
    for step in STEPS:
        short = arms[sessions <= step]
        found |= {f"arms_upto_{step}": len(short), f"trials_upto_{step}": short["trial"].nunique()}
    return found


def trial_sessions(folder: Path, fewest: int = 5) -> pd.DataFrame:
    """Sessions of therapy arms: the derived rows of the table ``trial_sessions``.

    Returns:
        Columns id, database, disorder, therapy (cbt, any), form (any, face to face), the columns
        of ``summary``, source, locator.

    Raises:
        FileNotFoundError: a database is missing.
    """
    rows = []
    for name, database in DATABASES.items():
        arms = therapy_arms(folder, name)
        for therapy in ("any", "cbt"):
            for form in ("any", "face to face"):
                part = arms if therapy == "any" else arms[arms["condition"] == "cbt"]
                part = part if form == "any" else part[part["format"].isin(FACE_TO_FACE)]
                if len(part) < fewest:
                    continue
                rows.append(
                    {
                        "id": f"{name}_{therapy}_{form}".replace(" ", "_"),
                        "database": name,
                        "disorder": database.disorder,
                        "therapy": therapy,
                        "form": form,
                        **summary(part),
                        "source": database.source,
                        "locator": f"data.csv, commit {database.commit}",
                    }
                )
    return pd.DataFrame(rows)
