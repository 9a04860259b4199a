"""How well a score finds a diagnosis, and what reaching the threshold means at a base rate."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from analysis.diagnostic_accuracy import rogan_gladen, screened
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, lineage
from analysis.tables import Table

TABLE = "diagnostic_accuracy"
CLAIMS = "self_report_claims"


@dataclass(frozen=True)
class Accuracy:
    """Sensitivity and specificity of one questionnaire at one cut, for one disorder."""

    sensitivity: Quantity
    specificity: Quantity

    def corners(self) -> list[tuple[float, float]]:
        """Pairs of limits, as shares; the pair itself where no limits are printed."""
        sensitivities, specificities = (
            [end / 100 for end in q.interval.limits or (q.value, q.value)]
            for q in (self.sensitivity, self.specificity)
        )
        return list(product(sensitivities, specificities))

    @property
    def unlimited(self) -> bool:
        """Whether neither figure has printed limits."""
        return self.sensitivity.interval.limits is None and self.specificity.interval.limits is None

    @property
    def pair(self) -> tuple[float, float]:
        """Sensitivity and specificity as shares."""
        return self.sensitivity.value / 100, self.specificity.value / 100


def accuracy(evidence: Evidence, stem: str) -> Accuracy:
    """The two figures of one study or review, by the start of their row names."""
    return Accuracy(
        *(evidence.quantity(TABLE, f"{stem}_{kind}") for kind in ("sensitivity", "specificity"))
    )


def share_with(prevalence: float, found: Accuracy, which: str) -> tuple[float, Interval]:
    """A predictive value in percent at a share of people with the disorder, with its limits.

    `which` is an attribute of `Screened`. The limits take those of sensitivity and specificity
    both at once, so that they are wide: neither source prints how the two vary together.
    """
    value = 100 * getattr(screened(prevalence, *found.pair), which)
    ends = [100 * getattr(screened(prevalence, *pair), which) for pair in found.corners()]
    if found.unlimited:
        return value, UNSTATED
    return value, Interval("model", min(*ends, value), max(*ends, value))


def predicted(prevalence: Quantity, found: Accuracy, which: str) -> Quantity:
    """A predictive value at a published share of people with the disorder."""
    value, limits = share_with(prevalence.value / 100, found, which)
    return derive(
        value, "percent", prevalence, found.sensitivity, found.specificity,
        interval=limits, decimals=0,
    )  # fmt: skip


def prevalence_behind(positive: Quantity, found: Accuracy) -> Quantity:
    """Rogan-Gladen share with the disorder behind a share of positives, in percent.

    Limits over the limits of both accuracies, the share of positives held as printed.
    """
    share = positive.value / 100
    value = 100 * rogan_gladen(share, *found.pair)
    ends = [100 * rogan_gladen(share, *pair) for pair in found.corners()]
    limits = Interval("model", min(*ends, value), max(*ends, value))
    return derive(value, "percent", positive, found.sensitivity, found.specificity, interval=limits)


def outpatient_share(evidence: Evidence) -> Quantity:
    """Share with major depression among psychiatric outpatients interviewed in one study."""
    cases, people = (
        evidence.quantity(TABLE, "shin_phq8_10_sensitivity", column) for column in ("cases", "n")
    )
    return derive(100 * cases.value / people.value, "percent", cases, people)


@computes
def published_accuracy(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Published sensitivity and specificity, each with its limits where any are printed."""
    frame = evidence.table(TABLE)
    stems = dict.fromkeys(str(row).rpartition("_")[0] for row in frame.index)
    records, rows = [], []
    for stem in stems:
        pair = [f"{stem}_{kind}" for kind in ("sensitivity", "specificity")]
        if not set(pair) <= set(frame.index):
            continue
        record = frame.loc[pair[0]]
        cut = evidence.quantity(TABLE, pair[0], "cutoff") if record["cutoff"] > 0 else None
        records.append(
            {
                "Study": f"{record['population']}: {record['target']}",
                "Scale": record["instrument"],
                "At or above": "not stated" if cut is None else cut,
                "Judged by": record["reference"],
                "Sensitivity": evidence.quantity(TABLE, pair[0]),
                "Specificity": evidence.quantity(TABLE, pair[1]),
            }
        )
        rows += pair
    review, anxiety = accuracy(evidence, "negeri_phq9_10"), accuracy(evidence, "plummer_gad7_8")
    return {
        "accuracy_phq9_sensitivity": review.sensitivity,
        "accuracy_phq9_specificity": review.specificity,
        "accuracy_gad7_sensitivity": anxiety.sensitivity,
        "accuracy_gad7_specificity": anxiety.specificity,
        "accuracy_gad7_trauma": evidence.quantity(TABLE, "spitzer_gad7_ptsd_sensitivity"),
        "accuracy_patients_sensitivity": evidence.quantity(TABLE, "shin_phq8_10_sensitivity"),
        "accuracy_lay_sensitivity": evidence.quantity(TABLE, "arroll_phq9_10_sensitivity"),
        "accuracy_mini_odds": evidence.quantity("scale_checks", "wu_mini_against_scid"),
        "accuracy_published": Table(
            "Published sensitivity and specificity of the questionnaires",
            pd.DataFrame(records),
            rows=evidence.rows(TABLE, rows),
            folded=True,
        ),
    }


@computes
def reaching_the_threshold(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Predictive values at published base rates, and the prevalence behind a share of positives."""
    review = accuracy(evidence, "negeri_phq9_10")
    assumed = evidence.quantity(CLAIMS, "scott_base_rate_assumed")
    interviewed = evidence.quantity("scale_checks", "levis_prevalence_scid")
    outpatients = outpatient_share(evidence)
    positives = evidence.quantity("scale_checks", "levis_prevalence_phq9")
    own = accuracy(evidence, "shin_phq8_10")
    bases = {
        "Assumed by the critic": assumed,
        "People interviewed in validation studies": interviewed,
        "Psychiatric outpatients of a study": outpatients,
    }
    records: list[dict[str, Any]] = [
        {
            "Base rate of": label,
            "Base rate": base,
            "Of those at or above, depressed": predicted(base, review, "positive_value"),
            "Of those below, not depressed": predicted(base, review, "negative_value"),
        }
        for label, base in bases.items()
    ]
    records.append(
        {
            "Base rate of": "The same outpatients, with the accuracy found in them",
            "Base rate": outpatients,
            "Of those at or above, depressed": predicted(outpatients, own, "positive_value"),
            "Of those below, not depressed": predicted(outpatients, own, "negative_value"),
        }
    )
    return {
        "accuracy_base_assumed": assumed,
        "accuracy_base_interviewed": interviewed,
        "accuracy_base_outpatients": outpatients,
        "accuracy_value_assumed": records[0]["Of those at or above, depressed"],
        "accuracy_value_interviewed": records[1]["Of those at or above, depressed"],
        "accuracy_value_outpatients": records[2]["Of those at or above, depressed"],
        "accuracy_value_own": predicted(outpatients, own, "positive_value"),
        "accuracy_below_own": predicted(outpatients, own, "negative_value"),
        "accuracy_below_assumed": records[0]["Of those below, not depressed"],
        "accuracy_below_outpatients": records[2]["Of those below, not depressed"],
        "accuracy_claimed": evidence.quantity(CLAIMS, "scott_base_rate"),
        "accuracy_positives": positives,
        "accuracy_behind": prevalence_behind(positives, review),
        "accuracy_values": Table(
            "What PHQ-9 at its threshold means at published base rates of depression",
            pd.DataFrame(records),
            rows=lineage(review.sensitivity, review.specificity),
        ),
    }
