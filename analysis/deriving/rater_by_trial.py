"""Self-report beside clinician in the same trials, from the open depression database.

One trial gives one pair of effects. Only arm pairs in which both raters reported are used, so
that the contrast is of raters and not of arms; instruments and arm pairs are then averaged
within rater. The chapter forms the difference, because the correlation between raters is an
assumption to be varied: Var(difference) = v_clin + v_self - 2 r √(v_clin v_self).
"""

from pathlib import Path

import pandas as pd

from analysis.deriving.correlated_effects import WITHIN_TRIAL, combine
from analysis.deriving.trial_files import identifier, locator, read

CLINICIAN, SELF = "clinician", "self-report"
RATER_COLUMNS = {SELF: "self", CLINICIAN: "clin"}


def rater_by_trial(folder: Path) -> pd.DataFrame:
    """Standardised effect by self-report and by clinician, a row a trial: the table of that name.

    ``var_*`` takes the correlation of effects within a rater (instruments of the same people,
    arms sharing a control) as 0.5; ``var_*_independent`` and ``var_*_identical`` are the ends at 0
    and 1, between which the variance is linear in the correlation.
    """
    rows = read(folder, "depression")
    rows = rows.assign(narrow=narrow_at_start(rows))
    pairs = same_arms_both_raters(rows)
    return pd.DataFrame([_record(str(study), trial) for study, trial in pairs.groupby("study")])


def same_arms_both_raters(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of arm pairs (therapy arm against control arm of one study) that both raters saw."""
    pair = ["study", "therapy_arm", "control_arm"]
    both = rows.groupby(pair)["rater"].transform(lambda raters: {CLINICIAN, SELF} <= set(raters))
    return rows[both & rows["rater"].isin([CLINICIAN, SELF])]


def narrow_at_start(rows: pd.DataFrame, share: float = 1 / 3) -> pd.Series:
    """Rows whose smaller baseline SD is under a third of the instrument's median one.

    Such a cell is probably a standard error, or a sample cut to a narrow band of scores.

    >>> rows = pd.DataFrame({"instrument": ["phq-9"] * 2, "base_sd1": [5, 1], "base_sd2": [6, 5]})
    >>> narrow_at_start(rows).tolist()
    [False, True]
    """
    arms = [
        rows[["instrument", f"base_sd{arm}"]].set_axis(["scale", "sd"], axis=1) for arm in (1, 2)
    ]
    usual = pd.concat(arms).groupby("scale")["sd"].median()
    least = rows[["base_sd1", "base_sd2"]].min(axis=1)
    return least < share * rows["instrument"].map(usual)


def _record(study: str, trial: pd.DataFrame) -> dict[str, object]:
    """One row of the table, from the rows of one trial."""
    first = trial.iloc[0]
    record: dict[str, object] = {
        "id": identifier(study),
        "study": study,
        "year": int(first["year"]),
        "country": first["country"],
        "control": first["control"] if trial["control"].nunique() == 1 else "several",
        "arm_pairs": trial.groupby(["therapy_arm", "control_arm"]).ngroups,
        "n1": _people(trial, "therapy_arm", "n1"),
        "n2": _people(trial, "control_arm", "n2"),
        "weeks": first["weeks"],
    }
    for rater, name in RATER_COLUMNS.items():
        part = trial[trial["rater"] == rater]
        effects, variances = part["g"], part["g_se"] ** 2
        mean, variance = combine(effects, variances, WITHIN_TRIAL)
        record |= {
            f"g_{name}": mean,
            f"var_{name}": variance,
            f"var_{name}_independent": combine(effects, variances, 0)[1],
            f"var_{name}_identical": combine(effects, variances, 1)[1],
            f"k_{name}": len(part),
            f"instruments_{name}": "; ".join(sorted(set(part["instrument"].str.lower()))),
        }
    source = str(first["source"])
    return record | {
        "masked": _masking(set(trial.loc[trial["rater"] == CLINICIAN, "masked"])),
        "low_risk_items": int(first[["sg", "ac", "itt"]].sum()),
        "small_baseline_sd": bool(trial["narrow"].any()),
        "source": source,
        "locator": locator(source, f"rows {', '.join(map(str, trial['row']))}"),
        "extent": "table",
        "grade": "derived",
        "note": _note(record),
    }


def _people(trial: pd.DataFrame, arm: str, column: str) -> int:
    """People in the arms of one kind, each arm once."""
    return round(float(trial.groupby(arm)[column].max().sum()))


def _masking(codes: set[str]) -> str:
    if codes == {"1"}:
        return "masked"
    return "not masked or not stated" if codes == {"0"} else "unclear"


def _note(record: dict[str, object]) -> str:
    note = (
        f"Computed: mean of {record['k_self']} self-rated and {record['k_clin']} "
        "clinician-rated effects of the same arm pairs, correlation 0.5 within rater."
    )
    instruments = str(record["instruments_self"]).split("; ")
    if "qids" in instruments:
        note += " QIDS is coded self-report there; it exists in both forms."
    if "hdrs-6" in instruments:
        note += " A six-item Hamilton form is coded self-report there."
    return note
