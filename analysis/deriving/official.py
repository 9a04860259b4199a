"""Sums and mixtures of official counts that are published in parts only.

England's rows of two files of the nhstt package (Bennett Institute, University of Oxford): scores
by problem and therapy (``proms_annual``) and counts by month (``activity_performance_monthly``).
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.deriving.trial_files import identifier
from analysis.year_sums import financial_year

PROBLEMS = {
    "Agoraphobia": "Agoraphobia",
    "Anxiety (Total)": "Anxiety and stress related disorders",
    "Body Dysmorphic Disorder": "Body dysmorphic disorder",
    "Depression": "Depression",
    "Generalised Anxiety Disorder": "Generalised anxiety disorder",
    "Hypochondriacal disorders": "Hypochondriacal disorders",
    "Mixed anxiety and depressive disorder": "Mixed anxiety and depressive disorder",
    "Obsessive-compulsive disorder": "Obsessive-compulsive disorder",
    "Other anxiety or stress related disorder": "Other anxiety or stress related disorder",
    "Panic disorder [episodic paroxysmal anxiety]": "Panic disorder",
    "Post-traumatic stress disorder": "Post-traumatic stress disorder",
    "Social phobias": "Social phobias",
    "Specific (isolated) phobias": "Specific phobias",
    "Total": "All problems",
}
SCALES = {"phq": "PHQ-9", "gad": "GAD-7", "wsas": "WSAS"}
TIMES = ("start", "end")
MEASURES = {
    "M076": "finished_course",
    "M198": "paired_anxiety",
    "M201": "paired_phq9",
    "M202": "paired_both",
    "M203": "specific_measure_expected",
    "M204": "specific_measure_paired",
    "M232": "paired_functioning_item",
}


def mixture(n: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> tuple[float, float]:
    """Mean and SD of several groups taken together, each counted by its people.

    m = Σnᵢmᵢ/Σnᵢ, s² = Σnᵢ(sᵢ² + (mᵢ − m)²)/Σnᵢ.

    >>> mixture([10, 30], [8.0, 4.0], [2.0, 2.0])
    (5.0, 2.6457513110645907)
    """
    n, mean, sd = (np.asarray(row, float) for row in (n, mean, sd))
    together = (n @ mean) / n.sum()
    return float(together), float(np.sqrt(n @ (sd**2 + (mean - together) ** 2) / n.sum()))


def all_therapies(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean, SD and courses over all therapies by problem, scale and time, indexed by row.

    A course counts once for each of its therapies. Therapies without all four figures of a scale
    are left out. The rows "All therapies" of the table ``problem_therapy_scores``.
    """
    records = {}
    for (year, problem), part in scores.groupby(["reporting_period", "problem_descriptor"]):
        if problem not in PROBLEMS:
            continue
        for short, scale in SCALES.items():
            figures = [f"{short}_{kind}_{time}" for kind in ("mean", "sd") for time in TIMES]
            cells = part.dropna(subset=figures)
            for time in TIMES:
                row = identifier(
                    year, PROBLEMS[problem], "All therapies", scale.replace("-", ""), time
                )
                n = cells["courses_of_therapy_n"]
                if len(cells):
                    pair = mixture(n, cells[f"{short}_mean_{time}"], cells[f"{short}_sd_{time}"])
                    records[row] = (*pair, n.sum())
    return pd.DataFrame.from_dict(records, orient="index", columns=["mean", "sd", "courses"])


def twelve_months(counts: pd.DataFrame) -> pd.Series:
    """Sum of a count over each financial year with all twelve months, indexed by row.

    The rows ``*_sum`` of the table ``comorbidity_and_descriptors``.
    """
    kept = counts[counts["statistic"].eq("count") & counts["measure_id"].isin(MEASURES)]
    kept = kept.assign(
        row=[
            identifier(financial_year(month), MEASURES[measure], "sum")
            for month, measure in zip(kept["month"], kept["measure_id"], strict=True)
        ]
    )
    years = kept.groupby("row").agg(months=("month", "nunique"), total=("value", "sum"))
    return years.loc[years["months"] == 12, "total"]
