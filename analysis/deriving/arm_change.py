"""Change from start to end within the arms of trials, therapy and control alike.

Arms are taken one by one, a control arm shared by several therapies once. Change is positive
when the score falls: every scale used here falls with improvement.
"""

import numpy as np
import pandas as pd

from analysis.deriving.correlated_effects import WITHIN_TRIAL, combine
from analysis.deriving.rater_by_trial import narrow_at_start

ARM_NUMBERS = ["n", "mean", "sd", "base_mean", "base_sd"]
SHARED = ["database", "disorder", "source", "study", "country", "instrument", "rater", "weeks"]


def arms(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per arm and instrument with means and SDs at both times; narrow starts dropped.

    Only rows whose effect was computed from means and SDs are used; change scores and counts
    do not show both means. Rows whose effect points against their own means are on a scale
    that rises with improvement, and are dropped.
    """
    rising = np.sign(rows["g"]) * np.sign(rows["mean2"] - rows["mean1"]) < 0
    kept = rows[rows["outcome_type"].eq("msd") & ~narrow_at_start(rows) & ~rising]
    kinds = {1: ("therapy_arm", "therapy"), 2: ("control_arm", kept["control"])}
    parts = [
        kept[[*SHARED, arm, *(f"{name}{number}" for name in ARM_NUMBERS)]]
        .set_axis([*SHARED, "arm", *ARM_NUMBERS], axis=1)
        .assign(arm_type=kind)
        for number, (arm, kind) in kinds.items()
    ]
    long = pd.concat(parts, ignore_index=True).dropna(subset=ARM_NUMBERS)
    long = long[(long["n"] > 1) & (long["sd"] > 0) & (long["base_sd"] > 0)]
    same = ["study", "arm_type", "instrument", "rater", *ARM_NUMBERS]
    return long.drop_duplicates(same).reset_index(drop=True)


def change(arms: pd.DataFrame, correlation: float) -> pd.DataFrame:
    """Change of each arm in points and in SDs at the start, with sampling variances.

    Points: m₀ − m₁, variance (s₀² + s₁² − 2 r s₀s₁)/n. Standardised: d = J(m₀ − m₁)/s₀ with
    J = 1 − 3/(4(n − 1) − 1), variance J²(2(1 − r)/n + d²/2n). Becker 1988. The correlation r of
    first and last score is assumed: trials seldom print it.

    >>> arm = pd.DataFrame({"n": [21], "base_mean": [15.0], "mean": [10.0], "base_sd": [5.0],
    ...                     "sd": [5.0]})
    >>> change(arm, 0.5)[["points", "points_var", "standardised"]].round(3).iloc[0].tolist()
    [5.0, 1.19, 0.962]
    """
    n, s0, s1 = arms["n"], arms["base_sd"], arms["sd"]
    fall = arms["base_mean"] - arms["mean"]
    small = 1 - 3 / (4 * (n - 1) - 1)
    d = small * fall / s0
    return arms.assign(
        points=fall,
        points_var=(s0**2 + s1**2 - 2 * correlation * s0 * s1) / n,
        standardised=d,
        standardised_var=small**2 * (2 * (1 - correlation) / n + d**2 / (2 * n)),
    )


def by_trial(moved: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Mean change per trial, its variance and its arms.

    Instruments of an arm correlate by ``WITHIN_TRIAL``; arms are other people, so independent.
    """
    records = []
    for study, trial in moved.groupby("study"):
        of_arms = [
            combine(arm[measure], arm[f"{measure}_var"], WITHIN_TRIAL)
            for _, arm in trial.groupby(["arm", "n"])
        ]
        effects, variances = zip(*of_arms, strict=True)
        records.append((study, *combine(effects, variances, 0), len(of_arms)))
    return pd.DataFrame(records, columns=["study", "effect", "variance", "arms"])
