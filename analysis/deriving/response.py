"""Response (a fall by half or more) in control and therapy arms of trials, by disorder.

Counts were computed by the makers of the open database from means and spreads, so they are
model-based. Arms are pooled on the logit scale; a control arm shared by several therapies counts
once.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.deriving.trial_files import identifier, locator, number, text_cells
from analysis.random_effects import pool

FILE, SOURCE = "metapsy_total_response.csv", "metapsy_2023_total_response"
DISORDERS = {
    "Depression": "depression",
    "Generalized Anxiety Disorder": "generalised anxiety disorder",
    "Obsessive Compulsive Disorder": "obsessive-compulsive disorder",
    "Panic Disorder": "panic disorder",
    "Post-Traumatic Stress Disorder": "post-traumatic stress disorder",
    "Social Anxiety Disorder": "social anxiety disorder",
    "Specific Phobia": "specific phobia",
}
FEW_RESPONDERS = (
    " Few responders per trial: the half person added to empty cells lifts the pooled share above "
    "responders over people."
)
ARMS = {"therapy": ("improved.ig", "n.ig"), "control": ("improved.cg", "n.cg")}


def response_by_disorder(folder: Path) -> pd.DataFrame:
    """Pooled percentage responding per disorder and kind of arm: the table so named.

    logit pᵢ with variance 1/events + 1/(n − events), half a person added to both cells of a trial
    with none or all responding; arms of one kind in one trial are summed first. REML,
    Hartung–Knapp.
    """
    raw = text_cells(folder / FILE)
    cells = {column: number(raw[column]) for columns in ARMS.values() for column in columns}
    raw = raw.assign(**cells)
    return pd.DataFrame(
        [
            _record(name, arm_type, _trials(raw[raw["disorder"] == published], arm_type))
            for published, name in DISORDERS.items()
            for arm_type in ARMS
        ]
    )


def _trials(rows: pd.DataFrame, arm_type: str) -> pd.DataFrame:
    """Responders and people of each trial in its arms of one kind."""
    arms = rows[["study", *ARMS[arm_type]]].set_axis(["study", "events", "n"], axis=1).dropna()
    if arm_type == "control":
        arms = arms.drop_duplicates()
    return arms.groupby("study")[["events", "n"]].sum()


def _record(disorder: str, arm_type: str, trials: pd.DataFrame) -> dict[str, object]:
    """One row of the table."""
    empty = (trials["events"] == 0) | (trials["events"] == trials["n"])
    hit = trials["events"] + np.where(empty, 0.5, 0)
    miss = trials["n"] - trials["events"] + np.where(empty, 0.5, 0)
    fit = pool(np.log(hit / miss), 1 / hit + 1 / miss)
    value, low, high = 100 * expit([fit.mean, fit.low, fit.high])
    events = int(trials["events"].sum())
    few = FEW_RESPONDERS if events < 2 * fit.k else ""
    return {
        "id": identifier(disorder, arm_type),
        "disorder": disorder,
        "arm_type": arm_type,
        "k_trials": fit.k,
        "n": int(trials["n"].sum()),
        "events": events,
        "value": value,
        "unit": "percent",
        "ci_low": low,
        "ci_high": high,
        "ci_level": 95,
        "logit": fit.mean,
        "logit_se": fit.se,
        "tau2": fit.tau2,
        "source": SOURCE,
        "locator": locator(SOURCE, "all rows of the disorder"),
        "extent": "table",
        "grade": "derived",
        "note": "Computed: logit scale, REML, Hartung-Knapp; shared control arms once." + few,
    }
