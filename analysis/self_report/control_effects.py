"""How much of the apparent effect of therapy depends on what it is compared with."""

from __future__ import annotations

import pandas as pd

from analysis.charts import TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import UNSTATED, Interval, Quantity, computes
from analysis.tables import Table

TABLE, PUBLISHED = "effect_by_control", "effect_by_control_published"
CONTROLS = {
    "waiting_list": "Waiting list",
    "usual_care": "Usual care",
    "other_control": "Other controls",
    "pill_placebo": "Pill placebo",
}
SUBSETS = {
    "all": "All trials",
    "low risk of bias": "Low risk of bias",
    "PHQ-9 only": "PHQ-9 only",
    "United Kingdom": "United Kingdom",
}
DRAWN = ("waiting_list", "usual_care", "other_control")


def effect(evidence: Evidence, control: str, subset: str = "all") -> Quantity:
    """Pooled standardised effect at the end against one kind of control, depression."""
    return evidence.pick(TABLE, database="depression", control=control, subset=subset)


@computes
def effects(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Standardised effects of psychotherapy for depression by kind of control."""
    groups = [
        Group(
            label,
            [Row(CONTROLS[control], effect(evidence, control, subset), TRIAL) for control in DRAWN],
        )
        for subset, label in SUBSETS.items()
    ]
    waiting, usual = (effect(evidence, control) for control in ("waiting_list", "usual_care"))
    title = (
        f"Against waiting lists the effect on depression is {waiting}, against usual care {usual}: "
        "the comparison is part of the effect"
    )
    picture = (
        "Standardised effects of psychotherapy for depression by kind of control, in groups of "
        "trials. Effects against waiting lists are the largest in each group; "
        f"{key(groups)}."
    )
    ends = [end for g in groups for r in g.estimates for end in r.quantity.interval.limits or ()]
    domain = (min(0.0, *ends), 1.05 * max(ends))
    return {
        "change_effect_waiting": waiting,
        "change_effect_usual": usual,
        "change_effect_other": effect(evidence, "other_control"),
        "change_effect_usual_uk": effect(evidence, "usual_care", "United Kingdom"),
        "change_effect_usual_low": effect(evidence, "usual_care", "low risk of bias"),
        "change_effects": Chart(
            title,
            picture,
            _by_disorder(evidence),
            lambda w: interval_rows(groups, w, "Standardised effect at the end", domain, 0.0),
        ),
    }


def _by_disorder(evidence: Evidence) -> Table:
    """Every pooled effect by database and subset, one column a kind of control."""
    frame = evidence.table(TABLE)
    rows = []
    for (database, disorder, subset), part in frame.groupby(
        ["database", "disorder", "subset"], sort=False
    ):
        name = f"{disorder}, self-guided" if "selfguided" in database else disorder
        cells: dict[str, object] = {"Trials of": f"{name}, {subset}"}
        for control, label in CONTROLS.items():
            ids = part.index[part["control"] == control]
            cells[label] = evidence.quantity(TABLE, str(ids[0])) if len(ids) else "–"
        rows.append(cells)
    return Table(
        "Pooled standardised effect at the end, by disorder and kind of control",
        pd.DataFrame(rows),
    )


@computes
def published_effects(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Effects by control as reviews and trials print them."""
    frame = evidence.table(PUBLISHED)
    table = Table(
        "Published effects of therapy by comparison; above none favours therapy",
        pd.DataFrame(
            {
                "Review or trial": frame["review"],
                "Disorder": frame["disorder"],
                "Outcome": frame["outcome"],
                "Treatment": frame["treatment"],
                "Comparison": frame["control"].str.replace("_", " "),
                "Correction or subset": frame["adjustment"],
                "Effect": [_printed(evidence, str(name)) for name in frame.index],
            }
        ).reset_index(drop=True),
        rows=evidence.rows(PUBLISHED, frame.index),
        folded=True,
    )
    return {
        "change_effect_placebo": _printed(evidence, "cuijpers_2014_placebo"),
        "change_effect_adjusted": _printed(evidence, "cuijpers_2019_adjusted"),
        "change_effect_unadjusted": _printed(evidence, "cuijpers_2019_unadjusted"),
        "change_effects_published": table,
    }


def _printed(evidence: Evidence, row: str) -> Quantity:
    """A published effect with its limits; the scale it is printed on gives its unit."""
    record = evidence.table(PUBLISHED).loc[row]
    unit = "odds ratio" if record["measure"] == "odds ratio" else "standard deviations"
    low, high = record["ci_low"], record["ci_high"]
    known = pd.notna(low) and pd.notna(high)
    interval = Interval("sampling", low, high, record["ci_level"] / 100) if known else UNSTATED
    return Quantity(record["value"], unit, interval, evidence.rows(PUBLISHED, [row]))
