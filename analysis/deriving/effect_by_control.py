"""Effect of psychotherapy against each kind of control, by disorder, in the open databases."""

from pathlib import Path

import pandas as pd

from analysis.deriving.change_without_therapy import FEWEST_TRIALS, in_uk
from analysis.deriving.correlated_effects import pooled_columns, pooled_over_trials
from analysis.deriving.trial_files import LAYOUTS, identifier, locator, read

DATABASES = ("depression", "depression_selfguided", "gad", "panic", "sad", "ptsd")
LOW_RISK_CODES = ("4", "4.0", "low", "low risk")


def effect_by_control(folder: Path) -> pd.DataFrame:
    """Pooled standardised effect at the end, a row a kind of control: the table so named.

    Outcomes and arms of a trial are averaged before pooling; all scales and raters together.
    """
    records = []
    for database in DATABASES:
        rows = read(folder, database)
        for subset, inside in subsets(rows).items():
            for control, part in rows[inside].groupby("control"):
                if part["study"].nunique() >= FEWEST_TRIALS:
                    records.append(_record(database, subset, str(control), part))
    return pd.DataFrame(records)


def subsets(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Rows of each subset: all, low risk of bias as coded there, PHQ-9, United Kingdom."""
    found = {
        "all": pd.Series(True, index=rows.index),
        "low risk of bias": rows["rob"].isin(LOW_RISK_CODES),
    }
    if rows["database"].iloc[0] == "depression":
        found["PHQ-9 only"] = rows["instrument"].str.lower().eq("phq-9")
    return {**found, "United Kingdom": in_uk(rows)}


def _record(database: str, subset: str, control: str, part: pd.DataFrame) -> dict[str, object]:
    """One row of the table."""
    fit, source = pooled_over_trials(part), LAYOUTS[database].source
    few = " Few trials." if fit.k < 10 else ""
    return {
        "id": identifier(database, control, "" if subset == "all" else subset),
        "database": database,
        "disorder": LAYOUTS[database].disorder,
        "control": control,
        "subset": subset,
        "k_trials": fit.k,
        "k_effects": len(part),
        "unit": "standard deviations",
        **pooled_columns(fit),
        "source": source,
        "locator": locator(source, "all rows at the end"),
        "extent": "table",
        "grade": "derived",
        "note": "Computed: outcomes averaged per trial (correlation 0.5), REML, Hartung-Knapp."
        + few,
    }
