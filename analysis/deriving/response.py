"""Response (a fall by half or more) in control and therapy arms, by disorder.

Counts were computed by the makers of the open database from means and spreads, so they are
model-based. Arms are pooled on the logit scale; a control arm shared by several therapies counts
once.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from random_effects import pool


def response_by_disorder(path: Path) -> pd.DataFrame:
    """Pooled share responding per disorder and arm, with Hartung-Knapp limits.

    logit p_i with variance 1/events + 1/(n - events), half a person added to both cells of an
    arm with none or all responding; arms of one kind in one trial are summed first.
    """
    raw = pd.read_csv(path)
    columns = {"therapy": ("improved.ig", "n.ig"), "control": ("improved.cg", "n.cg")}
    out = []
    for disorder, rows in raw.groupby("disorder"):
        for arm, (events, total) in columns.items():
            arms = rows[["study", events, total]].dropna()
            if arm == "control":
                arms = arms.drop_duplicates()
            trials = arms.groupby("study")[[events, total]].sum()
            hit, n = trials[events].to_numpy(float), trials[total].to_numpy(float)
            edge = np.where((hit == 0) | (hit == n), 0.5, 0.0)
            hit, miss = hit + edge, n - hit + edge
            fit = pool(np.log(hit / miss), 1 / hit + 1 / miss)
            share = [100 / (1 + np.exp(-x)) for x in (fit.mean, fit.low, fit.high)]
            out.append({
                "disorder": disorder, "arm_type": arm, "k_trials": fit.k, "n": int(n.sum()),
                "events": int(trials[events].sum()), "value": share[0], "ci_low": share[1],
                "ci_high": share[2], "logit": fit.mean, "logit_se": fit.se, "tau2": fit.tau2,
            })  # fmt: skip
    return pd.DataFrame(out)
