"""How many trials had a clinician's rating, and a masked one, by years of publication."""

from pathlib import Path

import pandas as pd

from analysis.deriving.rater_by_trial import CLINICIAN
from analysis.deriving.trial_files import identifier, locator, read

PERIODS = (
    (1977, 1989), (1990, 1999), (2000, 2004), (2005, 2009), (2010, 2014), (2015, 2019),
    (2020, 2024), (1977, 2024),
)  # fmt: skip
WITHOUT_MASKING_CODE = ("gad", "sad", "ptsd")


def masked_by_period(folder: Path) -> pd.DataFrame:
    """Trials with any clinician-rated and any masked clinician-rated outcome: the table so named.

    A trial counts once. Masked means that at least one of its clinician-rated outcomes is coded
    as low risk on assessor masking, which the depression database alone records.
    """
    depression = by_trial(read(folder, "depression"))
    groups = {
        "all": depression,
        "cognitive behaviour therapy": depression[depression["cbt"]],
        "other therapies only": depression[~depression["cbt"]],
        "guided self-help": depression[depression["guided"]],
        "no guided self-help": depression[~depression["guided"]],
    }
    rows = [
        _record(trials, group, *years, masking_recorded=True)
        for group, trials in groups.items()
        for years in PERIODS
    ]
    for name in WITHOUT_MASKING_CODE:
        trials = by_trial(read(folder, name))
        rows += [_record(trials, "all", *years, masking_recorded=False) for years in PERIODS]
    return pd.DataFrame([row for row in rows if row["trials"] or row["masking_recorded"]])


def by_trial(rows: pd.DataFrame) -> pd.DataFrame:
    """Whether each trial has a clinician's, a masked clinician's rating, CBT, guided self-help."""
    clinician = rows["rater"].isin([CLINICIAN, "mixed"])
    trials = rows.assign(
        clinician=clinician,
        hidden=clinician & rows["masked"].eq("1"),
        cbt=rows["therapy"].eq("cbt"),
        guided=rows["format"].eq("gsh"),
    ).groupby("study")
    any_row = trials[["clinician", "hidden", "cbt", "guided"]].any()
    return any_row.join(trials[["year", "disorder", "source"]].first())


def _record(
    trials: pd.DataFrame, group: str, first: int, last: int, masking_recorded: bool
) -> dict[str, object]:
    """One row of the table."""
    inside = trials[trials["year"].between(first, last)]
    disorder, source = trials["disorder"].iloc[0], trials["source"].iloc[0]
    unrecorded = "" if masking_recorded else " Masking of assessors is not coded there."
    return {
        "id": identifier(disorder, group, first, last),
        "disorder": disorder,
        "group": group,
        "year_from": first,
        "year_to": last,
        "trials": len(inside),
        "with_clinician": int(inside["clinician"].sum()),
        "with_masked_clinician": int(inside["hidden"].sum()) if masking_recorded else None,
        "masking_recorded": masking_recorded,
        "source": source,
        "locator": locator(source, "all rows"),
        "extent": "table",
        "grade": "derived",
        "note": "Computed: trials counted once, by year of publication." + unrecorded,
    }
