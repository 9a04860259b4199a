"""Tipping point: how large a reporting bias would take the published rate to each lower value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.evidence import Evidence
from analysis.last_scores import Model
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, share
from analysis.self_report.tipping_setting import YEAR, Setting, setting
from analysis.tables import Table
from analysis.tipping_point import (
    Refused,
    Target,
    calibrated,
    cuts_under_bias,
    tipping_bias,
)
from analysis.tipping_start import first_scores, rates_under_bias
from analysis.truncated_normal import Cuts, Population

Floats = NDArray[np.float64]
Mode = Literal["end", "proportion", "start", "both"]
MODES: tuple[Mode, ...] = get_args(Mode)
NAMES: dict[Mode, str] = {
    "end": "Last scores too low",
    "proportion": "Last scores too low in proportion",
    "start": "First scores too high",
    "both": "First too high and last too low",
}
SEED, DRAWS = 2026, 10_000
BIAS = np.linspace(0.0, 8.0, 81)
COARSE = slice(None, None, 5)  # where a curve is simulated; between, it is interpolated
LEVELS = (45.0, 40.0, 30.0, 20.0)


@lru_cache(maxsize=64)
def _curves(
    target: Target,
    population: Population,
    cuts: Cuts,
    gad7_per_phq9: float,
    over_time: tuple[float, ...],
    seed: int,
    draws: int,
) -> dict[Mode, Floats]:
    models, _ = calibrated(target)
    found: dict[Mode, Floats] = {
        mode: np.array(
            [m.rate(*cuts_under_bias(target, BIAS, gad7_per_phq9, mode != "end")) for m in models]
        )
        for mode in ("end", "proportion")
    }
    first = first_scores(population, cuts, seed, draws)
    coarse = BIAS[COARSE]
    for mode in ("start", "both"):
        found[mode] = np.array(
            [
                np.interp(
                    BIAS, coarse,
                    rates_under_bias(model, target, first, coarse, gad7_per_phq9,
                                     at_end=mode == "both", over_time=r, seed=seed),
                )
                for model in models
                for r in over_time
            ]
        )  # fmt: skip
    return found


def curves(given: Setting, seed: int = SEED, draws: int = DRAWS) -> dict[Mode, Floats]:
    """Rates in percent over `BIAS` by where the bias acts; a row for each model.

    At the start each model is run at every correlation over time.
    """
    found = _curves(
        given.target, given.population, given.cuts, given.gad7_per_phq9, given.over_time, seed,
        draws,
    )  # fmt: skip
    return {mode: 100 * rates for mode, rates in found.items()}


def over_models(values: Sequence[float], unit: str, rows: frozenset[str]) -> Quantity:
    """The median over models with the range over them as limits."""
    interval = Interval("model", min(values), max(values))
    return Quantity(float(np.median(values)), unit, interval, rows)


def remaining(given: Setting, mode: Mode, bias: float) -> Quantity:
    """The rate in percent that would remain under a bias of so many PHQ-9 points."""
    values = [float(np.interp(bias, BIAS, rates)) for rates in curves(given)[mode]]
    return over_models(values, "percent", given.rows)


def needed(given: Setting, mode: Mode, level: float) -> Quantity | None:
    """The bias in PHQ-9 points that takes the published rate to a level in percent.

    None if half the models do not reach it within `BIAS`; the upper limit is open if some do not.
    """
    values = [tipping_bias(BIAS, rates, level) for rates in curves(given)[mode]]
    values = [value if np.isfinite(value) else float("inf") for value in values]
    if not np.isfinite(np.median(values)):
        return None
    return over_models(values, "points", given.rows)


@computes
def tipping(
    evidence: Evidence, year: str = YEAR, levels: Sequence[float] = LEVELS
) -> dict[str, Quantity | Table]:
    """The bias that each lower rate would need, as the range over all calibrated models.

    Args:
        evidence: the evidence.
        year: financial year whose scores and rate the models reproduce.
        levels: rates in percent to reach, beside the critic's figure.
    """
    given = setting(evidence, year)
    models, refused = calibrated(given.target)
    critic = evidence.quantity("claim_estimands", "scott_true_rate_2019")
    halved = given.rate / 2
    reached = {
        "tipping_halved_end": (needed(given, "end", halved.value), halved),
        "tipping_halved_both": (needed(given, "both", halved.value), halved),
        "tipping_critic_end": (needed(given, "end", critic.value), critic),
        "tipping_critic_both": (needed(given, "both", critic.value), critic),
    }
    most = {item.name: Quantity(100 * item.most, "percent", UNSTATED, given.rows)
            for item in refused}  # fmt: skip
    normal = next((item for name, item in most.items() if "normal" in name), None)
    expected, paired = (
        evidence.pick("comorbidity_and_descriptors", topic="specific_measure", measure=measure,
                      period=year)
        for measure in ("specific_measure_expected", "specific_measure_paired")
    )  # fmt: skip
    courses = evidence.pick(
        "comorbidity_and_descriptors", topic="paired_scores", measure="finished_course",
        period=year,
    )  # fmt: skip
    found: dict[str, Quantity | Table] = {
        "tipping_rate": given.rate,
        "tipping_critic": critic,
        "tipping_halved": halved,
        "tipping_fall_end": remaining(given, "end", given.fall.value),
        "tipping_fall_proportion": remaining(given, "proportion", given.fall.value),
        "tipping_point_end": remaining(given, "end", 1.0),
        "tipping_point_start": remaining(given, "start", 1.0),
        "tipping_point_both": remaining(given, "both", 1.0),
        "tipping_gad7": derive(given.gad7_per_phq9, "points", given.rows, interval=UNSTATED,
                               decimals=2),
        "tipping_specific": share(paired, courses),
        "tipping_specific_expected": share(expected, courses),
        "tipping_needed": _levels(given, [*levels, critic.value], year),
        "tipping_models": _models(given, models, refused),
    }  # fmt: skip
    if normal is not None:
        found["tipping_normal_most"] = normal
    for name, (bias, level) in reached.items():
        if bias is not None:
            found[name] = replace(bias, rows=bias.rows | level.rows)
    return found


def _levels(given: Setting, levels: Sequence[float], year: str) -> Table:
    """Bias needed for each lower rate, by where it acts."""
    beyond = f"not within {BIAS[-1]:g} points"
    frame = pd.DataFrame(
        [
            {"Rate reached, percent": level}
            | {NAMES[mode]: needed(given, mode, level) or beyond for mode in MODES}
            for level in levels
        ]
    )
    caption = (
        f"PHQ-9 points of bias that would take the recovery rate of {year}, {given.rate}, to lower "
        f"values: median and range over models; an open limit means that some models do not reach "
        f"the rate within {BIAS[-1]:g} points (seed {SEED}; {DRAWS:,} draws)"
    )
    return Table(caption, frame, decimals={"Rate reached, percent": 0})


def _models(given: Setting, models: tuple[Model, ...], refused: tuple[Refused, ...]) -> Table:
    """Every model tried: what it has to suppose to give the published rate, or why it cannot."""
    rows = []
    for model in models:
        means = "; ".join(f"{g.phq9.mean:.1f} ({g.phq9.sd:.1f})" for g in model.groups)
        rows.append((model.name, "yes", f"{model.groups[0].correlation:.2f}", means,
                     100 * float(model.rate(*given.cuts))))  # fmt: skip
    rows += [(item.name, "no", "at any", "", 100 * item.most) for item in refused]
    columns = ["Model", "Fits", "Correlation of the scales", "PHQ-9 at the end, mean (SD)",
               "Rate it gives, or the most it can give, percent"]  # fmt: skip
    caption = "Models of last scores, each with the published means and spreads on both scales"
    return Table(caption, pd.DataFrame(rows, columns=columns), rows=given.rows, folded=True)
