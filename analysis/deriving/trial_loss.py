"""Loss of randomised people to follow-up in the arms of trials in the open databases.

One trial may print several instruments and share a control arm between comparisons, so arms are
first reduced to one record each.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.deriving.trial_files import identifier, locator, number, text_cells

STEPS = (20, 30, 40, 50)
FEWEST_ARMS = 5
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
NOTE = (
    "Computed by the trial-loss function from arms at the end of treatment; smallest loss where "
    "instruments differ."
)


class Columns(NamedTuple):
    """Where one database keeps what the counts need; ``{}`` stands for the arm, 1 or 2."""

    file: str
    disorder: str
    source: str
    randomised: str
    lost: str
    stopped: str | None = None


DATABASES = {
    "depression": Columns(
        "metapsy_depression_psyctr.csv", "depression", "metapsy_2025_depression",
        "rand_arm{}", "attr_arm{}",
    ),
    "self_guided": Columns(
        "metapsy_depression_selfguided_psyctr.csv", "depression", "metapsy_2024_selfguided",
        "rand_arm{}", "n_drop_study{}", "n_drop_treat{}",
    ),
    "gad": Columns(
        "metapsy_gad_psyctr.csv", "generalised anxiety", "metapsy_2023_gad",
        "totaln_arm{}", "dropout_n_arm{}",
    ),
    "social_anxiety": Columns(
        "metapsy_sad_psyctr.csv", "social anxiety", "metapsy_2024_sad", "rand_arm{}", "attr_arm{}"
    ),
}  # fmt: skip


def trial_loss(folder: Path) -> pd.DataFrame:
    """Lost over randomised at the end of treatment, a row a stratum of arms: the table so named.

    Strata of fewer than ``FEWEST_ARMS`` arms, and a format that all therapy arms share, are left
    out. Raises FileNotFoundError when the folder lacks a database.
    """
    records = []
    for name, columns in DATABASES.items():
        events = {"lost to the study": columns.lost, "stopped treatment": columns.stopped}
        for event, column in events.items():
            if column is None:
                continue
            arms = one_record_an_arm(text_cells(folder / columns.file), columns.randomised, column)
            for role, kind, stratum, part in strata(arms):
                shared_by_all = kind == "format" and len(part) == (arms["role"] == "therapy").sum()
                if len(part) >= FEWEST_ARMS and not shared_by_all:
                    labels = {"role": role, "stratum_kind": kind, "stratum": stratum}
                    records.append(_record(name, event, labels, part))
    return pd.DataFrame(records)


def one_record_an_arm(raw: pd.DataFrame, randomised: str, lost: str) -> pd.DataFrame:
    """Randomised and lost people of every arm at the end of treatment, one row an arm.

    An arm is told apart by trial, role, condition, its label in multi-arm trials and the number
    randomised. Where its instruments print different losses the smallest is kept: people of whom
    nothing was measured. Arms without both numbers, and losses above the number randomised, are
    left out. Columns trial, role, comparator, condition, label, format, randomised, lost.
    """
    frame = raw[raw["time"].str.lower() == "post"].reset_index(drop=True)
    missing = pd.Series("", index=frame.index)
    arms = [
        pd.DataFrame(
            {
                "trial": frame["study"].str.strip(),
                "role": role,
                "comparator": frame["condition_arm2"].str.lower().map(COMPARATORS),
                "condition": frame[f"condition_arm{arm}"].str.lower(),
                "label": frame.get(f"multi_arm{arm}", missing).fillna("").str.lower(),
                "format": frame.get("format", missing).map(FORMATS).fillna("other"),
                "randomised": number(frame[randomised.format(arm)]),
                "lost": number(frame[lost.format(arm)]),
            }
        ).fillna({"comparator": "other control"})
        for arm, role in ((1, "therapy"), (2, "control"))
    ]
    whole = pd.concat(arms, ignore_index=True).dropna(subset=["randomised", "lost"])
    whole = whole[(whole["randomised"] > 0) & (whole["lost"] <= whole["randomised"])]
    same = ["trial", "role", "condition", "label", "randomised"]
    return whole.sort_values("lost", kind="stable").drop_duplicates(same).sort_index()


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


def _record(
    database: str, event: str, labels: dict[str, str], part: pd.DataFrame
) -> dict[str, object]:
    """One row of the table."""
    columns = DATABASES[database]
    return {
        "id": identifier(database, event.split()[0], *labels.values()),
        "database": database,
        "disorder": columns.disorder,
        "event": event,
        **labels,
        **summary(part),
        "source": columns.source,
        "locator": locator(columns.source),
        "extent": "table",
        "grade": "derived",
        "note": NOTE,
    }
