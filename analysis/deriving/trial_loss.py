"""Loss of randomised people to follow-up in the arms of the Metapsy open trial databases.

The databases are not redistributed. Given a folder that holds them as ``metapsy_<name>.csv``
(the public ``data.csv`` of each repository, renamed), the functions return the rows of the table
``trial_loss``. One trial may print several instruments and share a control arm between
comparisons, so arms are first reduced to one record each.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

STEPS = (20, 30, 40, 50)
COMPARATORS = {
    "wl": "waiting list",
    "wlc": "waiting list",
    "waitlist": "waiting list",
    "cau": "usual care",
    "tau": "usual care",
}
FORMATS = {
    "ind": "individual",
    "grp": "group",
    "gsh": "guided self-help",
    "ush": "unguided self-help",
    "tel": "telephone",
}


class Database(NamedTuple):
    """Where one database keeps what the counts need; ``{}`` stands for the arm, 1 or 2."""

    file: str
    disorder: str
    source: str
    commit: str
    randomised: str
    lost: str
    stopped: str | None = None


DATABASES = {
    "depression": Database(
        "metapsy_depression_psyctr.csv", "depression", "metapsy_2025_depression",
        "ceeabb718d", "rand_arm{}", "attr_arm{}",
    ),
    "self_guided": Database(
        "metapsy_depression_selfguided_psyctr.csv", "depression", "metapsy_2024_selfguided",
        "f0a64252e3", "rand_arm{}", "n_drop_study{}", "n_drop_treat{}",
    ),
    "gad": Database(
        "metapsy_gad_psyctr.csv", "generalised anxiety", "metapsy_2023_gad",
        "71ad21890b", "totaln_arm{}", "dropout_n_arm{}",
    ),
    "social_anxiety": Database(
        "metapsy_sad_psyctr.csv", "social anxiety", "metapsy_2024_sad",
        "cc33ac16fa", "rand_arm{}", "attr_arm{}",
    ),
}  # fmt: skip


def read_database(folder: Path, name: str) -> pd.DataFrame:
    """One database as text, whatever its separator; rows at the end of treatment only.

    Raises:
        FileNotFoundError: the folder does not hold the database.
    """
    database = DATABASES[name]
    frame = pd.read_csv(folder / database.file, sep=None, engine="python", dtype=str)
    return frame[frame["time"].str.lower() == "post"].reset_index(drop=True)


def number(cells: pd.Series) -> pd.Series:
    """Cells as numbers; decimal commas are read, text such as NR is missing.

    >>> number(pd.Series(["12", "3,5", "NR"])).tolist()
    [12.0, 3.5, nan]
    """
    return pd.to_numeric(cells.astype(str).str.replace(",", ".", regex=False), errors="coerce")


def one_record_an_arm(folder: Path, name: str, lost: str | None = None) -> pd.DataFrame:
    """Randomised and lost people of every arm, one row an arm.

    An arm is told apart by trial, role, condition, its label in multi-arm trials and the number
    randomised. Where its instruments print different losses the smallest is kept: people of whom
    nothing was measured. Arms without both numbers, and losses above the number randomised, are
    left out.

    Args:
        folder: holds the databases.
        name: key of ``DATABASES``.
        lost: column of the loss, with ``{}`` for the arm; the database's study loss if not given.

    Returns:
        Columns trial, role (therapy, control), comparator, condition, format, randomised, lost.
    """
    database = DATABASES[name]
    frame = read_database(folder, name)
    missing = pd.Series("", index=frame.index)
    arms = []
    for arm, role in ((1, "therapy"), (2, "control")):
        arms.append(
            pd.DataFrame(
                {
                    "trial": frame["study"].str.strip(),
                    "role": role,
                    "comparator": frame["condition_arm2"].str.lower().map(COMPARATORS),
                    "condition": frame[f"condition_arm{arm}"].str.lower(),
                    "label": frame.get(f"multi_arm{arm}", missing).fillna("").str.lower(),
                    "format": frame.get("format", missing).map(FORMATS).fillna("other"),
                    "randomised": number(frame[database.randomised.format(arm)]),
                    "lost": number(frame[(lost or database.lost).format(arm)]),
                }
            ).fillna({"comparator": "other control"})
        )
    whole = pd.concat(arms, ignore_index=True).dropna(subset=["randomised", "lost"])
    whole = whole[(whole["randomised"] > 0) & (whole["lost"] <= whole["randomised"])]
    same = ["trial", "role", "condition", "label", "randomised"]
    return whole.sort_values("lost", kind="stable").drop_duplicates(same).sort_index()


def summary(arms: pd.DataFrame) -> dict[str, float]:
    """Loss over a set of arms: pooled percentage, quartiles of the arms, counts above steps.

    >>> arms = pd.DataFrame({"trial": ["a", "a", "b"], "randomised": [10, 10, 20],
    ...                      "lost": [1, 2, 8]})
    >>> found = summary(arms)
    >>> found["trials"], found["arms"], found["loss_percent"], found["median"], found["arms_20plus"]
    (2, 3, 27.5, 20.0, 2)
    """
    loss = 100 * arms["lost"] / arms["randomised"]
    quartiles = loss.quantile([0.25, 0.5, 0.75]).round(1)
    return {
        "trials": arms["trial"].nunique(),
        "arms": len(arms),
        "randomised": int(arms["randomised"].sum()),
        "lost": int(arms["lost"].sum()),
        "loss_percent": round(float(100 * arms["lost"].sum() / arms["randomised"].sum()), 1),
        "q1": float(quartiles[0.25]),
        "median": float(quartiles[0.5]),
        "q3": float(quartiles[0.75]),
        "maximum": round(float(loss.max()), 1),
        **{f"arms_{step}plus": int((loss >= step - 1e-9).sum()) for step in STEPS},
    }


def strata(arms: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """Role, kind of stratum, stratum and its arms: all, by comparator, and therapy by format."""
    for role, of_role in arms.groupby("role"):
        yield str(role), "all", "all", of_role
        for comparator, part in of_role.groupby("comparator"):
            yield str(role), "comparator", str(comparator), part
    therapy = arms[arms["role"] == "therapy"]
    yield "therapy", "therapy", "cbt", therapy[therapy["condition"] == "cbt"]
    for form, part in therapy.groupby("format"):
        yield "therapy", "format", str(form), part


def trial_loss(folder: Path, fewest: int = 5) -> pd.DataFrame:
    """Loss in trial arms per database and stratum: the derived rows of the table ``trial_loss``.

    Loss is lost / randomised at the end of treatment. Strata of fewer than ``fewest`` arms, and
    a format that all therapy arms share, are left out.

    Args:
        folder: holds ``metapsy_<name>.csv`` for every database.
        fewest: smallest number of arms of a stratum.

    Returns:
        Columns id, database, disorder, event, role, stratum_kind, stratum, the columns of
        ``summary``, source, locator.

    Raises:
        FileNotFoundError: a database is missing.
    """
    rows = []
    for name, database in DATABASES.items():
        events = {"lost to the study": database.lost, "stopped treatment": database.stopped}
        for event, column in events.items():
            if column is None:
                continue
            arms = one_record_an_arm(folder, name, column)
            for role, kind, stratum, part in strata(arms):
                whole = kind == "format" and len(part) == (arms["role"] == "therapy").sum()
                if len(part) < fewest or whole:
                    continue
                parts = [name, event.split()[0], role, kind, stratum]
                slug = "_".join(parts).replace(" ", "_").replace("-", "_")
                rows.append(
                    {
                        "id": slug,
                        "database": name,
                        "disorder": database.disorder,
                        "event": event,
                        "role": role,
                        "stratum_kind": kind,
                        "stratum": stratum,
                        **summary(part),
                        "source": database.source,
                        "locator": f"data.csv, commit {database.commit}",
                    }
                )
    return pd.DataFrame(rows)
