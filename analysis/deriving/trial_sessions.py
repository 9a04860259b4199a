"""Number of sessions of therapy arms in the open trial databases.

Says how many arms of cognitive behavioural therapy were as short as a course in the service.
The databases do not say whether the number is planned or attended; most entries are protocols.
"""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.deriving.trial_files import identifier, locator, number, text_cells

STEPS = (4, 6, 7, 8)
LAST_YEAR = 2019  # the statements about short trials are of the year after
FEWEST_ARMS = 5
FACE_TO_FACE = ("ind", "grp", "face-to-face")
NOTE = (
    "Computed by the trial-sessions function; the database does not say whether the number is "
    "planned or attended."
)


class Columns(NamedTuple):
    """Where one database keeps the sessions of the therapy arm."""

    file: str
    disorder: str
    source: str
    sessions: str


DATABASES = {
    "depression": Columns(
        "metapsy_depression_psyctr.csv", "depression", "metapsy_2025_depression", "n_sessions_arm1"
    ),
    "gad": Columns(
        "metapsy_gad_psyctr.csv", "generalised anxiety", "metapsy_2023_gad", "n_sessions_ig"
    ),
    "social_anxiety": Columns(
        "metapsy_sad_psyctr.csv", "social anxiety", "metapsy_2024_sad", "n_sessions_arm1"
    ),
    "panic": Columns("metapsy_panic_psyctr.csv", "panic", "metapsy_2023_panic", "n_sessions"),
    "ocd": Columns(
        "metapsy_ocd_psyctr.csv", "obsessive-compulsive", "metapsy_2024_ocd", "n_sessions_arm1"
    ),
}


def trial_sessions(folder: Path) -> pd.DataFrame:
    """Sessions of therapy arms, a row a group of arms: the table so named.

    Groups of fewer than ``FEWEST_ARMS`` arms are left out. Raises FileNotFoundError when the folder
    lacks a database.
    """
    records = []
    for name, columns in DATABASES.items():
        arms = therapy_arms(text_cells(folder / columns.file), columns.sessions)
        for therapy in ("any", "cbt"):
            of_therapy = arms if therapy == "any" else arms[arms["condition"] == therapy]
            for form in ("any", "face to face"):
                meetings = of_therapy["format"].isin(FACE_TO_FACE)
                part = of_therapy if form == "any" else of_therapy[meetings]
                if len(part) >= FEWEST_ARMS:
                    records.append(_record(name, therapy, form, part))
    return pd.DataFrame(records)


def therapy_arms(raw: pd.DataFrame, sessions: str) -> pd.DataFrame:
    """One row a therapy arm with its sessions: trial, year, condition, label, format, sessions.

    An arm is told apart by trial, condition, label in multi-arm trials and sessions.
    """
    missing = pd.Series("", index=raw.index)
    arms = pd.DataFrame(
        {
            "trial": raw["study"].str.strip(),
            "year": number(raw["year"]),
            "condition": raw["condition_arm1"].fillna("").str.lower(),
            "label": raw.get("multi_arm1", missing).fillna("").str.lower(),
            "format": raw["format"].fillna("").str.lower(),
            "sessions": number(raw[sessions]),
        }
    )
    same = ["trial", "condition", "label", "sessions"]
    return arms[arms["sessions"] > 0].drop_duplicates(same)


def summary(arms: pd.DataFrame) -> dict[str, float]:
    """Sessions over a set of arms: quartiles, and how many arms have no more than given numbers.

    >>> years = {"trial": ["a", "b", "b"], "year": [2010, 2021, 2021]}
    >>> found = summary(pd.DataFrame({**years, "sessions": [6, 5, 16]}))
    >>> found["trials"], found["median"], found["arms_upto_6"], found["trials_upto_6"]
    (2, 6.0, 2, 2)
    >>> found["arms_upto_6_by_2019"], found["arms_5_to_7_by_2019"]
    (1, 1)
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
    early = sessions[arms["year"] <= LAST_YEAR]
    found[f"arms_upto_6_by_{LAST_YEAR}"] = int((early <= 6).sum())
    found[f"arms_5_to_7_by_{LAST_YEAR}"] = int(early.between(5, 7).sum())
    return found


def _record(database: str, therapy: str, form: str, part: pd.DataFrame) -> dict[str, object]:
    """One row of the table."""
    columns = DATABASES[database]
    return {
        "id": identifier(database, therapy, form),
        "database": database,
        "disorder": columns.disorder,
        "therapy": therapy,
        "form": form,
        **summary(part),
        "source": columns.source,
        "locator": locator(columns.source),
        "extent": "table",
        "grade": "derived",
        "note": NOTE,
    }
