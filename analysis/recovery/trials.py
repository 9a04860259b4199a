"""What trials of this kind of care found against usual care, and the English pilot comparison."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, share
from analysis.recovery.usual_care import outcome_share
from analysis.tables import Table
from analysis.trial_contrasts import (
    CONTRASTS,
    OUTCOMES,
    TRIALS,
    MissingOutcomes,
    TrialContrast,
    missing_outcomes,
    printed_contrast,
    rows_of,
    standardised_effect,
    trial_contrast,
)

INTERNET = "icbt_reliable_recovery_8w"
PILOT = "English pilot comparison"
NOT_REPORTED = "not possible: share with data not seen"


@computes
def norway(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Reliable recovery in the Norwegian trial, with its own missing outcomes.

    The printed standardised effect stands beside the one that the printed rates give, since the
    intervals are inferred from it. knapstad_2020, saether_2020.
    """
    first, later = (trial_contrast(evidence, name) for name in ("pmhc_6m", "pmhc_12m"))
    missing = missing_outcomes(evidence, "pmhc_6m")
    rows = rows_of("pmhc_6m")
    arms = (*rows.treated, rows.control)
    randomised = [evidence.quantity(OUTCOMES, row, "randomised_n") for row in arms]
    data = [evidence.quantity(OUTCOMES, row, "data_percent") for row in arms]
    found: dict[str, Quantity | Table] = {
        "trial_treated": first.treated,
        "trial_usual": first.control,
        "trial_difference": first.risk_difference,
        "trial_ratio": first.risk_ratio,
        "trial_odds": first.odds_ratio,
        "trial_usual_share": share(first.control, first.treated),
        "trial_later_treated": later.treated,
        "trial_later_usual": later.control,
        "trial_later_difference": later.risk_difference,
        "trial_randomised": randomised[0],
        "trial_randomised_usual": randomised[1],
        "trial_with_data": data[0],
        "trial_with_data_usual": data[1],
        "trial_missing_treated": missing.treated,
        "trial_missing_usual": missing.control,
        "trial_missing_difference": missing.bounded,
        "trial_time": evidence.quantity(OUTCOMES, rows.control, "weeks"),
        "trial_later_time": evidence.quantity(OUTCOMES, rows_of("pmhc_12m").control, "weeks"),
        "trial_effect": printed_contrast(evidence, str(rows.effect)),
        "trial_effect_of_rates": standardised_effect(first.treated, first.control),
    }
    if first.number_needed and later.number_needed:
        found["trial_needed"] = first.number_needed
        found["trial_later_needed"] = later.number_needed
    return found


@computes
def england(evidence: Evidence) -> dict[str, Quantity]:
    """Remission in REEACT, both computerised arms together, against usual general-practice care.

    Beside it the trial of internet therapy within one English service against a waiting list,
    whose recovery count was seen for the treated only. gilbody_2015, richards_2020, palacios_2022.
    """
    first, later, last = (
        trial_contrast(evidence, name) for name in ("reeact_4m", "reeact_12m", "reeact_24m")
    )
    missing = missing_outcomes(evidence, "reeact_4m")
    return {
        "trial_computer_time": evidence.quantity(OUTCOMES, rows_of("reeact_4m").control, "weeks"),
        "trial_computer": first.treated,
        "trial_gp": first.control,
        "trial_computer_difference": first.risk_difference,
        "trial_computer_later_difference": later.risk_difference,
        "trial_computer_last_difference": last.risk_difference,
        "trial_computer_missing": missing.bounded,
        "trial_gp_missing": missing.control,
        "trial_computer_odds_printed": printed_contrast(evidence, "reeact_beating_the_blues_4m"),
        "trial_internet_recovered": outcome_share(evidence, INTERNET),
        "trial_internet_time": evidence.quantity(OUTCOMES, INTERNET, "weeks"),
        "trial_internet_points": printed_contrast(evidence, "icbt_phq9_8w"),
        "trial_other_odds_printed": printed_contrast(evidence, "reeact_moodgym_4m"),
    }


@computes
def contrasts(evidence: Evidence) -> dict[str, Table]:
    """Every trial and time on three scales, and with the trials' own missing outcomes counted."""
    found = [trial_contrast(evidence, name) for name in TRIALS]
    frame = pd.DataFrame(
        {
            "Trial and time": [_label(item) for item in found],
            "Outcome": [item.outcome for item in found],
            "Treated": [item.treated for item in found],
            "Usual care": [item.control for item in found],
            "Difference": [item.risk_difference for item in found],
            "Ratio": [item.risk_ratio for item in found],
            "Odds ratio": [item.odds_ratio for item in found],
            "Number needed to treat": [
                item.number_needed or "interval includes no difference" for item in found
            ],
        }
    )
    outcomes = dict.fromkeys(f"{item.outcome} is {item.definition}" for item in found)
    bases = dict.fromkeys(f"{item.study}, {item.basis}" for item in found)
    caption = (
        "Recovery with treatment and with usual care in both trials, as published; "
        f"{'; '.join(outcomes)}. Intervals: {'; '.join(bases)}."
    )
    return {"trial_contrasts": Table(caption, frame)}


@computes
def differences(evidence: Evidence) -> dict[str, Chart]:
    """Differences in recovery as published and with everyone randomised counted, as a picture."""
    found = [trial_contrast(evidence, name) for name in TRIALS]
    missing = [_missing(evidence, item) for item in found]
    frame = pd.DataFrame(
        {
            "Trial and time": [_label(item) for item in found],
            "Difference as published": [item.risk_difference for item in found],
            "Missing counted as not recovered": [
                item.same_rule if item else NOT_REPORTED for item in missing
            ],
            "Worst case for treatment": [item.worst if item else NOT_REPORTED for item in missing],
            "Best case for treatment": [item.best if item else NOT_REPORTED for item in missing],
        }
    )
    table = Table("Differences in recovery between arms, in percentage points", frame)
    title = (
        f"The Norwegian PMHC trial finds a difference of {found[0].risk_difference}; "
        "every interval in REEACT includes no difference"
    )
    picture = (
        "Rows of differences between treatment and usual care. The Norwegian intervals lie above "
        "the line of no difference, those of REEACT across it. Beneath each row, where it can be "
        "computed, a dashed band shows what people without an outcome could change; each band "
        "crosses that line."
    )
    points = [_point(item, cases) for item, cases in zip(found, missing, strict=True)]
    return {"trial_differences": Chart(title, picture, table, lambda w: _draw(points, w))}


@computes
def pilot(evidence: Evidence) -> dict[str, Quantity | Table]:
    """The controlled comparison of an English demonstration site, as far as it was seen.

    Only words and costs per unit of outcome; no effect size was seen. timimi_2015, mukuria_2013.
    """
    rows = evidence.table(CONTRASTS, study=PILOT)
    costs, weeks = (
        {i: evidence.quantity(CONTRASTS, i, column) for i in rows.index[rows[column].notna()]}
        for column in ("cost_gbp", "weeks")
    )
    frame = pd.DataFrame(
        {
            "Outcome": [
                f"{outcome}, {instrument}" if instrument != "not stated" else outcome
                for outcome, instrument in zip(rows["outcome"], rows["instrument"], strict=True)
            ],
            "Time": [weeks.get(row, "not stated") for row in rows.index],
            "Result": rows["result"].tolist(),
            "Extra cost per unit gained": [costs.get(row) for row in rows.index],
            "Grade": rows["grade"].tolist(),
            "What was seen": rows["note"].tolist(),
        }
    )
    caption = "The English demonstration site against comparator services: words and costs only"
    return {
        "trial_pilot": Table(caption, frame, rows=evidence.rows(CONTRASTS, rows.index)),
        "trial_pilot_recovery_cost": costs["pilot_rcsi_cost"],
        "trial_pilot_qaly_cost": costs["pilot_qaly_sf6d"],
        "trial_pilot_qaly_cost_other": costs["pilot_qaly_eq5d"],
    }


def _label(item: TrialContrast) -> str:
    return f"{item.study}, {item.time}"


def _missing(evidence: Evidence, item: TrialContrast) -> MissingOutcomes | None:
    shares = evidence.table(OUTCOMES).loc[rows_of(item.name).control]
    known = pd.notna(shares["data_percent"]) or pd.notna(shares["n"])
    return missing_outcomes(evidence, item.name) if known else None


def _point(item: TrialContrast, cases: MissingOutcomes | None) -> dict[str, object]:
    low, high = item.risk_difference.interval.limits or (None, None)
    words = f"{_label(item)}: {item.outcome}"
    point = {"row": words, "value": item.risk_difference.value, "low": low, "high": high}
    if cases:
        point |= {"same": cases.same_rule.value, "worst": cases.worst.value}
        point["best"] = cases.best.value
    return point


def _draw(points: list[dict[str, object]], width: int) -> alt.LayerChart | alt.FacetChart:
    """Rows of a forest plot, the label of each above its marks so that it fits a phone."""
    numbers = pd.DataFrame([{**point, "y": i} for i, point in enumerate(points)])
    numbers["above"], numbers["below"] = numbers["y"] - 0.33, numbers["y"] + 0.24
    ends = numbers[["low", "high", "worst", "best"]]
    across = alt.Scale(domain=[ends.min().min() - 3, ends.max().max() + 3], nice=False)
    down = alt.Scale(domain=[len(points) - 0.5, -0.6])
    key = [
        "Percentage points, treated less usual care",
        "circle: as published, with interval",
        "diamond: missing not recovered, worst to best",
    ]
    axis = alt.Axis(title=key, tickCount=6, grid=True)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=down, axis=None)

    base = alt.Chart(numbers)
    known = base.transform_filter("isValid(datum.same)")
    layers = [
        alt.Chart(numbers.head(1)).mark_rule(color=INK).encode(x=alt.datum(0)),
        base.mark_text(align="left", color=INK).encode(x=alt.value(0), y=y("above"), text="row:N"),
        base.mark_rule(color=TRIAL, strokeWidth=3).encode(x="low:Q", x2="high:Q", y=y("y")),
        base.mark_point(color=TRIAL, filled=True, size=90, opacity=1).encode(
            x=alt.X("value:Q", scale=across, axis=axis), y=y("y")
        ),
        known.mark_rule(color=MUTED, strokeWidth=1.5, strokeDash=[4, 3]).encode(
            x="worst:Q", x2="best:Q", y=y("below")
        ),
        known.mark_point(color=MUTED, filled=False, shape="diamond", size=70, opacity=1).encode(
            x="same:Q", y=y("below")
        ),
    ]
    return alt.layer(*layers).properties(width=width, height=62 * len(points))
