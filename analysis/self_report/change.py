"""Change without therapy: how many points people move in control arms, and in the programme."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.charts import MUTED, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.self_report.ratio_of_means import fieller, share_of_known
from analysis.tables import Table

TABLE = "change_without_therapy"
YEAR = "2022-23"
CONTROLS = {
    "waiting_list": "Waiting list",
    "usual_care": "Usual care",
    "other_control": "Other controls",
}
ARMS = {**CONTROLS, "therapy": "Therapy arms"}
SUBSETS = {
    "start 13 to 18": "comparable first scores",
    "United Kingdom": "United Kingdom",
    "all": "all trials",
}
HEADINGS = {
    "start 13 to 18": "Trials with comparable first scores",
    "United Kingdom": "Trials in the United Kingdom",
    "all": "All trials",
}


@dataclass(frozen=True)
class Stratum:
    """The pooled change of one kind of arm in points, with its standard error and trials."""

    row: str
    arm: str
    subset: str
    change: Quantity
    se: float
    trials: int
    start: Quantity


def strata(
    evidence: Evidence,
    subset: str,
    database: str = "depression",
    instrument: str = "PHQ-9",
    correlation: str = "",
) -> dict[str, Stratum]:
    """Change in points by kind of arm, in one subset of one database.

    `correlation` is the end of a row's name where the correlation of first and last scores is
    not the reference.
    """
    frame = evidence.table(
        TABLE, database=database, instrument=instrument, subset=subset, measure="points"
    )
    frame = frame[[name.endswith(f"points{correlation}") for name in frame.index]]
    return {
        str(record["arm_type"]): Stratum(
            str(name),
            str(record["arm_type"]),
            subset,
            evidence.quantity(TABLE, str(name)),
            float(record["se"]),
            round(record["k_trials"]),
            evidence.quantity(TABLE, str(name), "start_mean"),
        )
        for name, record in frame.iterrows()
    }


def service_score(evidence: Evidence, instrument: str, time: str, year: str = YEAR) -> Quantity:
    """Mean first or last score of finished courses that began at caseness."""
    return evidence.pick(
        "problem_therapy_scores",
        "mean",
        year=year,
        population="at_caseness",
        problem="All problems",
        therapy="All therapies",
        instrument=instrument,
        time=time,
    )


def service_change(evidence: Evidence, instrument: str, year: str = YEAR) -> Quantity:
    """Fall of the mean score in the programme, among courses that began at caseness."""
    start, end = (service_score(evidence, instrument, time, year) for time in ("start", "end"))
    return start - end


def share_of_therapy(control: Stratum, therapy: Stratum, level: float = 0.95) -> Quantity:
    """A control's change as a percentage of that of therapy arms, with Fieller limits.

    Arms of one trial are related; taking them as independent widens the interval if they move
    together. The quantile has the degrees of freedom of the smaller pool.
    """
    low, high = fieller(
        control.change.value,
        control.se,
        therapy.change.value,
        therapy.se,
        max(min(control.trials, therapy.trials) - 1, 1),
        level,
    )
    interval = Interval("sampling", 100 * low, 100 * high, level)
    ratio = 100 * control.change.value / therapy.change.value
    return derive(ratio, "percent", control.change, therapy.change, interval=interval)


@computes
def change_in_points(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table | Chart]:
    """Points of PHQ-9 by kind of arm, and the share of the programme's change each makes.

    The headline takes trials whose first scores are nearest to the programme's, and those of the
    United Kingdom. The programme's change is a full count, so a share of it has the control's
    interval; a share of therapy arms' change has Fieller limits.
    """
    service = service_change(evidence, "PHQ-9", year)
    by_subset = {subset: strata(evidence, subset) for subset in SUBSETS}
    near, home = by_subset["start 13 to 18"], by_subset["United Kingdom"]
    found: dict[str, Quantity | Table | Chart] = {
        "change_service": service,
        "change_service_start": service_score(evidence, "PHQ-9", "start", year),
        "change_service_gad7": service_change(evidence, "GAD-7", year),
        "change_therapy": near["therapy"].change,
        "change_usual_uk": home["usual_care"].change,
        "change_therapy_uk": home["therapy"].change,
        "change_share_usual_uk": share_of_known(home["usual_care"].change, service),
        "change_trial_share_usual_uk": share_of_therapy(home["usual_care"], home["therapy"]),
        "change_correlation": _swing(evidence),
    }
    for arm in CONTROLS:
        name = arm.partition("_")[0]
        found[f"change_{name}"] = near[arm].change
        found[f"change_share_{name}"] = share_of_known(near[arm].change, service)
        found[f"change_trial_share_{name}"] = share_of_therapy(near[arm], near["therapy"])
    groups = [
        Group(
            heading,
            [
                Row(_arm(stratum), stratum.change, TRIAL if arm == "therapy" else MUTED)
                for arm in ARMS
                if (stratum := by_subset[subset].get(arm))
            ],
        )
        for subset, heading in HEADINGS.items()
    ]
    groups.append(
        Group("The programme", [Row(f"Finished courses at caseness, {year}", service, OFFICIAL)])
    )
    ends = [end for g in groups for r in g.estimates for end in r.quantity.interval.limits or ()]
    domain = (min(0.0, *ends), 1.05 * max(*ends, service.value))
    title = (
        f"In trials with comparable first scores usual care alone falls by "
        f"{near['usual_care'].change} of PHQ-9; the programme reports {service}"
    )
    picture = (
        "Mean falls of PHQ-9 by kind of arm, for trials with comparable first scores, trials in "
        "the United Kingdom and all trials, above the programme's own fall. Waiting lists fall "
        f"least, then usual care, then other controls, then therapy; {key(groups)}."
    )
    found["change_points"] = Chart(
        title,
        picture,
        _shares(evidence, by_subset, year),
        lambda w: interval_rows(groups, w, "Fall of the mean, PHQ-9 points", domain),
    )
    return found


def _arm(stratum: Stratum) -> str:
    trials = Quantity(stratum.trials, "count")
    return f"{ARMS[stratum.arm]}, {trials} trials starting at {stratum.start.number()}"


def _swing(evidence: Evidence) -> Quantity:
    """The most that a pooled change moves as the assumed correlation over time moves."""
    reference = strata(evidence, "all")
    others = [strata(evidence, "all", correlation=end) for end in ("_r0_3", "_r0_7")]
    gaps = [other[arm].change - reference[arm].change for other in others for arm in ARMS]
    most = max(abs(gap.value) for gap in gaps)
    return derive(most, "points", *gaps, interval=Interval("model", 0.0, most), decimals=2)


def _shares(evidence: Evidence, by_subset: dict[str, dict[str, Stratum]], year: str) -> Table:
    """Change of each control in points and as a share, on PHQ-9 and on GAD-7."""
    blocks = [("PHQ-9", label, by_subset[subset]) for subset, label in SUBSETS.items()]
    for database, label in (("gad", "generalised anxiety"), ("transdiagnostic", "mixed samples")):
        blocks.append(("GAD-7", label, strata(evidence, "all", database, "GAD-7")))
    rows = []
    for instrument, label, found in blocks:
        service = service_change(evidence, instrument, year)
        for arm in ARMS:
            if arm not in found:
                continue
            rows.append(
                {
                    "Arm": f"{ARMS[arm]}, {label}",
                    "Scale": instrument,
                    "Trials": found[arm].trials,
                    "Mean at the start": found[arm].start,
                    "Fall": found[arm].change,
                    "Share of the programme's fall": share_of_known(found[arm].change, service),
                    "Share of the fall in therapy arms": "" if arm == "therapy"
                    else share_of_therapy(found[arm], found["therapy"]),
                }
            )  # fmt: skip
    caption = (
        "Fall of the mean by kind of arm, and as a share of the programme's fall "
        f"({year}, at caseness) and of therapy arms in the same trials"
    )
    return Table(caption, pd.DataFrame(rows))
