"""Self-report beside clinician in the same trials, from the open depression database.

One trial gives one pair of effects. Only arm pairs in which both raters reported are used, so
that the contrast is of raters and not of arms; instruments and arm pairs are then averaged
within rater. The chapter forms the difference, because the correlation between raters is an
assumption to be varied: Var(difference) = v_clin + v_self - 2 r sqrt(v_clin v_self).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from trial_files import combine, read

WITHIN_RATER = 0.5
CLINICIAN, SELF = "clinician", "self-report"
PERIODS = ((1977, 1989), (1990, 1999), (2000, 2004), (2005, 2009), (2010, 2014), (2015, 2019),
           (2020, 2024))  # fmt: skip


def matched(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of arm pairs (therapy arm against control arm of one study) with both raters."""
    pair = ["study", "therapy_arm", "control_arm"]
    both = rows.groupby(pair)["rater"].transform(lambda s: {CLINICIAN, SELF} <= set(s))
    return rows[both & rows["rater"].isin([CLINICIAN, SELF])]


def rater_by_trial(rows: pd.DataFrame, within_rater: float = WITHIN_RATER) -> pd.DataFrame:
    """Effect by self-report and by clinician, one row per trial.

    ``var_*`` takes the correlation of effects within a rater (instruments of the same people,
    arms sharing a control) as ``within_rater``; ``var_*_independent`` and ``var_*_identical``
    are the ends at 0 and 1, between which the variance is linear in the correlation.
    """
    out = []
    for study, trial in matched(rows).groupby("study", sort=True):
        record: dict[str, object] = {
            "id": slug(str(study)),
            "study": study,
            "year": int(trial["year"].iloc[0]),
            "country": trial["country"].iloc[0],
            "control": _one(trial["control"]),
            "arm_pairs": trial.groupby(["therapy_arm", "control_arm"]).ngroups,
            "n1": _people(trial, "therapy_arm", "n1"),
            "n2": _people(trial, "control_arm", "n2"),
            "weeks": trial["weeks"].iloc[0],
        }
        for rater, name in ((SELF, "self"), (CLINICIAN, "clin")):
            part = trial[trial["rater"] == rater]
            g, v = part["g"].to_numpy(), part["g_se"].to_numpy() ** 2
            record[f"g_{name}"], record[f"var_{name}"] = combine(g, v, within_rater)
            record[f"var_{name}_independent"] = combine(g, v, 0.0)[1]
            record[f"var_{name}_identical"] = combine(g, v, 1.0)[1]
            record[f"k_{name}"] = len(part)
            record[f"instruments_{name}"] = "; ".join(sorted(set(part["instrument"].str.lower())))
        clinician = trial[trial["rater"] == CLINICIAN]
        record["masked"] = _masked(set(clinician["masked"]))
        record["low_risk_items"] = int(trial[["sg", "ac", "itt"]].iloc[0].sum())
        record["small_baseline_sd"] = bool(trial["small_baseline_sd"].any())
        record["rows"] = ", ".join(str(row) for row in trial["row"])
        out.append(record)
    return pd.DataFrame(out)


def small_baseline_sd(rows: pd.DataFrame, share: float = 1 / 3) -> pd.Series:
    """Rows whose smaller baseline SD is under a third of the instrument's median one.

    Such a cell is probably a standard error, or a sample cut to a narrow band of scores.
    """
    median = pd.concat(
        [rows[["instrument", f"base_sd{arm}"]].set_axis(["scale", "sd"], axis=1) for arm in (1, 2)]
    ).groupby("scale")["sd"].median()  # fmt: skip
    least = rows[["base_sd1", "base_sd2"]].min(axis=1)
    return least < share * rows["instrument"].map(median)


def masked_by_period(rows: pd.DataFrame) -> pd.DataFrame:
    """Trials with any clinician-rated and any masked clinician-rated outcome, by period.

    A trial counts once; masked means that at least one clinician-rated outcome in the database
    is coded as low risk on assessor masking.
    """
    clinician = rows["rater"].eq(CLINICIAN)
    trials = rows.assign(
        clinician=clinician,
        hidden=clinician & rows["masked"].eq("1"),
        cbt=rows["therapy"].eq("cbt"),
        guided=rows["format"].eq("gsh"),
    ).groupby("study")
    frame = trials[["clinician", "hidden", "cbt", "guided"]].any()
    frame["year"] = trials["year"].first()
    groups = {
        "all": frame,
        "cognitive behaviour therapy": frame[frame["cbt"]],
        "other therapies only": frame[~frame["cbt"]],
        "guided self-help": frame[frame["guided"]],
        "no guided self-help": frame[~frame["guided"]],
    }
    out = []
    for group, part in groups.items():
        for low, high in (*PERIODS, (PERIODS[0][0], PERIODS[-1][1])):
            inside = part[part["year"].between(low, high)]
            out.append({
                "group": group, "year_from": low, "year_to": high, "trials": len(inside),
                "with_clinician": int(inside["clinician"].sum()),
                "with_masked_clinician": int(inside["hidden"].sum()),
            })  # fmt: skip
    return pd.DataFrame(out)


def slug(text: str) -> str:
    """Lower-case identifier of a study.

    >>> slug("van Schaik, 2006")
    'van_schaik_2006'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def load(path: Path) -> pd.DataFrame:
    """The depression database with rows of narrow baseline spread marked."""
    rows = read(path, "depression")
    return rows.assign(small_baseline_sd=small_baseline_sd(rows))


def _people(trial: pd.DataFrame, arm: str, column: str) -> int:
    return round(float(trial.groupby(arm)[column].max().sum()))


def _one(values: pd.Series) -> str:
    kinds = set(values)
    return kinds.pop() if len(kinds) == 1 else "several"


def _masked(codes: set[str]) -> str:
    if codes == {"1"}:
        return "masked"
    if codes == {"0"}:
        return "not masked or not stated"
    return "unclear"


if __name__ == "__main__":
    table = rater_by_trial(load(Path(sys.argv[1])))
    difference = table["g_clin"] - table["g_self"]
    print(len(table), difference.mean(), difference.std(ddof=1) / np.sqrt(len(table)))
