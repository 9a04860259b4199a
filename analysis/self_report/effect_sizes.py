"""Effect sizes of the programme recomputed: which divisor, which people, which disorders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.quantity import RECORD, Quantity, computes, derive, share
from analysis.self_report.standing import standing, start_above
from analysis.tables import Table

SCORES, PUBLISHED, CLAIMS = "problem_therapy_scores", "effect_sizes_published", "effect_size_claims"
YEAR = "2021-22"
CASES_YEAR = "2022-23"
ALL = "All problems"
BOTH = "All therapies"
THERAPIES = ("Cognitive behaviour therapy", "Guided self-help (book)")
ROUNDING = 0.05  # half the last digit of means, spreads and effects as printed


def cell(
    evidence: Evidence,
    problem: str,
    instrument: str = "PHQ-9",
    year: str = YEAR,
    therapy: str = BOTH,
    population: str = "all_courses",
) -> dict[tuple[str, str], Quantity]:
    """Mean and spread at the start and at the end, by (time, column)."""
    where = {"problem": problem, "therapy": therapy, "instrument": instrument, "year": year}
    return {
        (time, column): evidence.pick(SCORES, column, population=population, time=time, **where)
        for time in ("start", "end")
        for column in ("mean", "sd")
    }


def effect(scores: dict[tuple[str, str], Quantity], pooled: bool = False) -> Quantity:
    """Fall of the mean over the spread of first scores: d = (m₀ − m₁)/s₀.

    `pooled` divides by √((s₀² + s₁²)/2) instead. A full count, in standard deviations.
    """
    fall = scores["start", "mean"].value - scores["end", "mean"].value
    first, last = scores["start", "sd"].value, scores["end", "sd"].value
    divisor = np.sqrt((first**2 + last**2) / 2) if pooled else first
    return derive(fall / divisor, "standard deviations", *scores.values(), interval=RECORD)


def listed(evidence: Evidence) -> list[str]:
    """The disorders of the critic's table, whose values are lost."""
    frame = evidence.table(CLAIMS, measure="listed disorder")
    return list(frame["problem"])


@computes
def claimed_effect(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity]:
    """The claimed mean effect and share outdone beside the official values of the year.

    The share outdone is Cohen's U3, Φ(d): those at the start whom the average person at the end
    has left behind, if first scores are normal.
    """
    claim = evidence.quantity(CLAIMS, "seed_mean_effect")
    stated = evidence.quantity(CLAIMS, "seed_better_than")
    names = listed(evidence)
    effects = [effect(cell(evidence, name, year=year)) for name in names]
    anxiety = [effect(cell(evidence, name, "GAD-7", year)) for name in names]
    cbt = [
        evidence.pick(PUBLISHED, "effect_size", year=year, problem=name, instrument="PHQ-9",
                      therapy=THERAPIES[0])
        for name in names
    ]  # fmt: skip
    everyone = cell(evidence, ALL, year=year)
    cases = cell(evidence, ALL, year=CASES_YEAR, population="at_caseness")
    of_year = cell(evidence, ALL, year=CASES_YEAR)
    found = {
        "effect_claim": claim,
        "effect_claim_share": stated,
        "effect_claim_implied": standing(claim),
        "effect_listed_mean": _mean(effects),
        "effect_listed_gad7": _mean(anxiety),
        "effect_listed_cbt": _mean(cbt),
        "effect_lowest": min(effects, key=lambda item: item.value),
        "effect_highest": max(effects, key=lambda item: item.value),
        "effect_all": effect(everyone),
        "effect_all_pooled": effect(everyone, pooled=True),
        "effect_all_share": standing(effect(everyone)),
        "effect_cases": effect(cases),
        "effect_cases_pooled": effect(cases, pooled=True),
        "effect_cases_share": standing(effect(cases)),
        "effect_cases_gad7": effect(
            cell(evidence, ALL, "GAD-7", CASES_YEAR, population="at_caseness")
        ),
        "effect_everyone": effect(of_year),
        "effect_fall_all": of_year["start", "mean"] - of_year["end", "mean"],
        "effect_spread_cases": cases["start", "sd"],
        "effect_spread_all": of_year["start", "sd"],
        "effect_cut": start_above(evidence, CASES_YEAR),
    }
    years = _years(evidence)
    values = [effect(cell(evidence, ALL, year=each)) for each in years]
    found["effect_year_low"] = min(values, key=lambda item: item.value)
    found["effect_year_high"] = max(values, key=lambda item: item.value)
    return found


def _mean(effects: list[Quantity]) -> Quantity:
    value = float(np.mean([item.value for item in effects]))
    return derive(value, "standard deviations", *effects, interval=RECORD)


def _years(evidence: Evidence) -> list[str]:
    """Years with scores of all courses together."""
    frame = evidence.table(SCORES, population="all_courses", problem=ALL, therapy=BOTH)
    return sorted(frame["year"].unique())


@computes
def divisor(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Which divisor reproduces the official effect sizes, from printed means and spreads.

    A cell agrees when the effect that rounding allows, ((m₀ − m₁) ± 0.1)/(s ∓ 0.05), meets the
    one that printing to a decimal allows, d ± 0.05.
    """
    frame = _cells(evidence)
    fall = frame["mean_start"] - frame["mean_end"]
    divisors = {
        "Spread at the start, of the cell": frame["sd_start"],
        "Pooled spread, of the cell": np.sqrt((frame["sd_start"] ** 2 + frame["sd_end"] ** 2) / 2),
        "Spread at the end, of the cell": frame["sd_end"],
        "Spread at the start, of all problems": frame["sd_all"],
    }
    rows = frame["rows"].iloc[0].union(*frame["rows"].iloc[1:])
    checked = Quantity(len(frame), "count", RECORD, rows)
    agree = {}
    lines = []
    for name, spread in divisors.items():
        least = (fall - 2 * ROUNDING) / (spread + ROUNDING)
        most = (fall + 2 * ROUNDING) / (spread - ROUNDING)
        meets = (least <= frame["effect"] + ROUNDING) & (most >= frame["effect"] - ROUNDING)
        agree[name] = Quantity(int(meets.sum()), "count", RECORD, rows)
        gap = (fall / spread - frame["effect"]).abs()
        lines.append(
            {
                "Divisor": name,
                "Cells that agree": agree[name],
                "Share of cells": share(agree[name], checked),
                "Largest difference": float(gap.max()),
            }
        )
    table = Table(
        "Official effect sizes of cognitive behaviour therapy and guided self-help, recomputed "
        "from printed means and spreads under each divisor",
        pd.DataFrame(lines),
        rows=rows,
        decimals={"Largest difference": 2},
    )
    names = list(divisors)
    return {
        "effect_agree_start": agree[names[0]],
        "effect_agree_start_share": share(agree[names[0]], checked),
        "effect_agree_pooled_share": share(agree[names[1]], checked),
        "effect_divisors": table,
    }


def _cells(evidence: Evidence) -> pd.DataFrame:
    """Published effects joined with the means and spreads they should follow from."""
    keys = ["year", "problem", "therapy", "instrument"]
    scores = evidence.table(SCORES, population="all_courses", therapy=list(THERAPIES))
    published = evidence.table(PUBLISHED).reset_index()
    wide = published[[*keys, "id", "effect_size"]].rename(columns={"effect_size": "effect"})
    for time in ("start", "end"):
        part = scores[scores["time"] == time].reset_index()
        part = part[[*keys, "mean", "sd", "id"]]
        part = part.rename(columns={c: f"{c}_{time}" for c in ("mean", "sd", "id")})
        wide = wide.merge(part, on=keys)
    every = wide[wide["problem"] == ALL][["year", "therapy", "instrument", "sd_start"]]
    wide = wide.merge(every.rename(columns={"sd_start": "sd_all"}),
                      on=["year", "therapy", "instrument"], how="left")  # fmt: skip
    wide["rows"] = [
        evidence.rows(PUBLISHED, [a]) | evidence.rows(SCORES, [b, c])
        for a, b, c in zip(wide["id"], wide["id_start"], wide["id_end"], strict=True)
    ]
    return wide


@computes
def by_year(evidence: Evidence) -> dict[str, Table]:
    """The effect on PHQ-9 by disorder and year, over every completed course."""
    years = _years(evidence)
    frame = evidence.table(SCORES, population="all_courses", therapy=BOTH, instrument="PHQ-9")
    problems = [ALL, *sorted(set(frame["problem"]) - {ALL})]
    known = set(zip(frame["problem"], frame["year"], strict=True))
    cells = [
        {"Problem": problem}
        | {
            year: effect(cell(evidence, problem, year=year)) if (problem, year) in known else "–"
            for year in years
        }
        for problem in problems
    ]
    caption = (
        "Effect on PHQ-9 by problem and year: fall of the mean over the spread of first scores, "
        "all completed courses"
    )
    return {"effect_by_year": Table(caption, pd.DataFrame(cells), folded=True)}
