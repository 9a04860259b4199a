"""Therapy and work, study by study: grouped by design and never pooled."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
from scipy.stats import norm

from analysis.charts import OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Remark, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.tables import Table

TABLE, TRIALS = "employment_effects", "trial_contrasts"
PMHC = "pmhc_work_6m"
DESIGNS = {
    "randomised": "Randomised trials; an interval inferred from p is a model interval",
    "quasi-experimental": "Natural experiments",
    "linked event study": "Linked records, against the same people's year before",
}
# an arm, the arm it is set against, and the row whose p value is of that contrast
CONTRASTS = {
    "support_year": ("reme_support_12m", "reme_usual_12m", "reme_usual_12m"),
    "joined": ("hoff_integrated", "hoff_usual", "hoff_usual"),
    "care_alone": ("hoff_care_only", "hoff_usual", None),
}
# what is drawn: findings on the share in work, each in few words
DRAWN = {
    "randomised": {
        "support_year": "Norway, CBT with job support",
        "reme_difference_18m": "Norway, the same trial",
        "reme_difference_long_term": "Norway, its people on long-term benefits",
        "joined": "Denmark, care joined with job rehabilitation, on sick leave",
        "care_alone": "Denmark, care alone, on sick leave",
        PMHC: "Norway, its form of the programme",
    },
    "quasi-experimental": {
        "toffolutti_employment": "England, integrated service, ill and unemployed",
        "dodd_employment_gap": "England, shorter wait, gap to people in good health",
        "prudon_waiting": "Netherlands, shorter wait for specialist care",
        "peutere_employment": "Finland, therapy over years, accepted against refused",
        "danish_subsidy_employment": "Denmark, subsidised therapy",
        "prudon_reform": "Netherlands, therapy in general practice",
    },
    "linked event study": {
        "ons_employment_all": "England, all who finished, largest of the years",
        "ons_employment_unemployed": "England, unemployed at referral, largest of the years",
        "ons_employment_recovered": "England, those who recovered or improved",
    },
}
NAMED = {
    "work_all_most": ("ons_employment_all", "estimate"),
    "work_all_month": ("ons_employment_all", "horizon_months"),
    "work_linked_people": ("ons_employment_all", "n"),
    "work_unemployed_most": ("ons_employment_unemployed", "estimate"),
    "work_unemployed_month": ("ons_employment_unemployed", "horizon_months"),
    "work_recovered": ("ons_employment_recovered", "estimate"),
    "work_pay_most": ("ons_pay_all", "estimate"),
    "work_pay_month": ("ons_pay_all", "horizon_months"),
    "work_pay_unemployed": ("cep_pay_unemployed", "estimate"),
    "work_integrated": ("toffolutti_employment", "estimate"),
    "work_integrated_month": ("toffolutti_employment", "horizon_months"),
    "work_integrated_first": ("toffolutti_employment_2019", "estimate"),
    "work_usual_share": ("hoff_usual", "estimate"),
    "work_care_alone_share": ("hoff_care_only", "estimate"),
    "work_accepted": ("peutere_employment", "estimate"),
    "work_shorter_wait": ("dodd_employment_gap", "estimate"),
    "work_days": ("nieuwenhuijsen_days", "estimate"),
    "work_off_after_year": ("nieuwenhuijsen_off_after_year", "estimate"),
    "work_panel_men": ("panel_confounding_men", "estimate"),
    "work_panel_women": ("panel_confounding_women", "estimate"),
}


def with_inferred_interval(estimate: Quantity, p: Quantity, level: float = 0.95) -> Quantity:
    """The interval that a printed two-sided p value implies for a difference about normal.

    The standard error is the estimate over the normal quantile of p, so the limits are
    d ± |d| z(level) / z(p); the interval is inferred and says so by its kind.

    >>> round(with_inferred_interval(Quantity(7, "points"), Quantity(0.05, "ratio"))
    ...       .interval.low, 6)
    0.0
    """
    half = abs(estimate.value) * norm.isf((1 - level) / 2) / norm.isf(p.value / 2)
    limits = Interval("model", estimate.value - half, estimate.value + half, level)
    return derive(estimate.value, estimate.unit, estimate, p, interval=limits)


def contrasts(evidence: Evidence) -> dict[str, Quantity]:
    """Differences between arms in percentage points, with an interval where a p is printed."""
    found = {}
    for name, (arm, other, p) in CONTRASTS.items():
        given, against = (evidence.quantity(TABLE, row, "estimate") for row in (arm, other))
        difference = given - against
        if p:
            difference = with_inferred_interval(difference, evidence.quantity(TABLE, p, "p"))
        found[name] = replace(difference, decimals=1)
    return found


def points(evidence: Evidence, row: str) -> Quantity:
    """A printed difference in percentage points; its p gives the interval that is not printed."""
    estimate = evidence.quantity(TABLE, row, "estimate")
    p = evidence.table(TABLE).loc[row, "p"]
    if estimate.interval.kind == "unstated" and not math.isnan(p):
        return with_inferred_interval(estimate, evidence.quantity(TABLE, row, "p"))
    return estimate


def _row(evidence: Evidence, name: str, label: str, colour: str) -> Row | Remark:
    """A finding as a row of the figure, or as words where no size was printed."""
    if name == PMHC:
        when = evidence.quantity(TRIALS, PMHC, "weeks")
        return Remark(f"{label}, {when}: no difference found, size not printed")
    about = evidence.table(TABLE).loc[CONTRASTS[name][0] if name in CONTRASTS else name]
    month = about["horizon_months"]
    label += "" if math.isnan(month) else f", month {month:.0f}"
    if math.isnan(about["estimate"]):
        return Remark(f"{label}: no difference found, size not printed")
    found = contrasts(evidence)[name] if name in CONTRASTS else points(evidence, name)
    return Row(label, found, colour)


def groups(evidence: Evidence) -> list[Group]:
    """Findings on the share in work, by design."""
    return [
        Group(
            heading,
            [
                _row(evidence, name, label, TRIAL if design == "randomised" else OFFICIAL)
                for name, label in DRAWN[design].items()
            ],
        )
        for design, heading in DESIGNS.items()
    ]


def _quantities(parts: Iterable[Group]) -> list[Quantity]:
    return [row.quantity for part in parts for row in part.rows if isinstance(row, Row)]


def _domain(parts: Iterable[Group], step: float = 5) -> tuple[float, float]:
    """Whole steps that hold every estimate and limit, and no difference."""
    ends = [0.0]
    for quantity in _quantities(parts):
        ends += [quantity.value, *(quantity.interval.limits or ())]
    return step * math.floor(min(ends) / step), step * math.ceil(max(ends) / step)


def _estimate(evidence: Evidence, row: str) -> float:
    return float(evidence.table(TABLE).loc[row, "estimate"])


@computes
def studies(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Differences in the share in work by study, and the figures that the text names."""
    parts = groups(evidence)
    trial = evidence.quantity(TRIALS, PMHC, "weeks")
    named = {name: evidence.quantity(TABLE, row, column) for name, (row, column) in NAMED.items()}
    named |= {f"work_{name}": item for name, item in contrasts(evidence).items()}
    named |= {
        "work_trial_weeks": trial,
        "work_trial_people": evidence.quantity(TRIALS, PMHC, "n"),
        "work_support_later": points(evidence, "reme_difference_18m"),
        "work_support_benefits": points(evidence, "reme_difference_long_term"),
    }
    frame = pd.DataFrame(
        [
            {
                "Study": row.text.partition(":")[0] if isinstance(row, Remark) else row.label,
                "Design": part.heading.partition(";")[0],
                "More in work": "no difference found, size not printed"
                if isinstance(row, Remark)
                else row.quantity,
            }
            for part in parts
            for row in part.rows
        ]
    )
    silent = [name for name in DRAWN["quasi-experimental"] if math.isnan(_estimate(evidence, name))]
    rows = evidence.rows(TABLE, silent) | evidence.rows(TRIALS, [PMHC])
    table = Table("Difference in the share of people in work, by design", frame, rows=rows,
                  folded=True)  # fmt: skip
    chart = Chart(
        title=(
            f"Linked records give at most {named['work_all_most']} more in work, against the same "
            f"people before; the trial of the programme's Norwegian form found no difference "
            f"after {trial}"
        ),
        alt=(
            "Rows by design, in percentage points of people in work against the comparison of "
            f"each study. {key(parts).capitalize()}. Studies that found no difference and printed "
            "no size stand as words. "
            + ". ".join(
                f"{row.label}: {row.quantity.with_limits()}"
                for part in parts
                for row in part.rows
                if isinstance(row, Row)
            )
            + "."
        ),
        table=table,
        draw=lambda width: interval_rows(
            parts, width, "More in work, percentage points", _domain(parts), reference=0
        ),
    )
    return {**named, "work_by_study": chart}


@computes
def every_study(evidence: Evidence) -> dict[str, Table]:
    """All findings on work, of every unit and design, to be filtered by the reader."""
    frame = evidence.table(TABLE)
    records = [
        {
            "Study": about["study"],
            "Country": about["country"],
            "Design": about["design_class"],
            "Work status at the start": about["group"],
            "Treatment and people": f"{about['treatment']}; {about['population']}",
            "Compared with": about["comparator"] or "nobody",
            "Outcome": about["outcome"] + (", largest of the years" * bool(about["at_maximum"])),
            "Months after": about["horizon_months"],
            "Result": "size not printed"
            if math.isnan(about["estimate"])
            else evidence.quantity(TABLE, str(row), "estimate"),
            "Says": about["direction"],
            "Caution": about["note"],
        }
        for row, about in frame.iterrows()
    ]
    trial = evidence.table(TRIALS).loc[PMHC]
    records.append(
        {
            "Study": trial["study"],
            "Country": "Norway",
            "Design": trial["allocation"],
            "Work status at the start": "all",
            "Treatment and people": f"{trial['contrast']}; {trial['population']}",
            "Compared with": "usual care",
            "Outcome": trial["outcome"],
            "Months after": round(12 * trial["weeks"] / 52),
            "Result": "size not printed",
            "Says": trial["result"],
            "Caution": trial["note"],
        }
    )
    rows = evidence.rows(TABLE, frame.index) | evidence.rows(TRIALS, [PMHC])
    caption = (
        "Every finding on therapy and work that was seen, as printed. Positive differences mean "
        "more work; ratios keep their printed sense and the caution says which way is more work; "
        "arms and levels are not effects."
    )
    filters = ("Country", "Design", "Work status at the start", "Says")
    table = Table(caption, pd.DataFrame(records), rows=rows, folded=True, filters=filters)
    return {"work_every_study": table}
