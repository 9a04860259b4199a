"""An independent audit by masked interview: how many people, from how many providers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd

from analysis.contrasts import implied_rate
from analysis.evidence import Evidence
from analysis.governance.settle_inputs import (
    BETWEEN,
    LEVEL,
    SIZE,
    TABLE,
    Values,
    carried,
    inputs,
    official_rate,
    planned,
    providers,
)
from analysis.intervals import normal_quantile
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.sample_size import (
    Sample,
    design_effect,
    intraclass_correlation,
    invitations,
    kappa_standard_error,
    paired_half_width,
    take_part_to_exclude,
    two_stage_sample,
    whole,
)
from analysis.tables import Table

CRITIC = ("critic_sample", "scott_recovered_restated_10")


def planner(evidence: Evidence, rate: Quantity, half: Quantity) -> Callable[[Values], Sample]:
    """The two-stage sample for a rate and half-width in points, as a rule on the inputs of size."""
    clusters = providers(evidence).value

    @cache
    def plan(between: float, each: float) -> Sample:
        return two_stage_sample(
            rate.value / 100, half.value / 100, between / 100, max(1.0, each), clusters, LEVEL
        )

    return lambda given: plan(given[BETWEEN], given["interviews_per_provider"])


def interviews(evidence: Evidence, half: Quantity, share: Quantity | None = None) -> Quantity:
    """Interviews for a half-width in points about a rate in percent, by default the official."""
    rate = official_rate(evidence) if share is None else share

    plan = planner(evidence, rate, half)
    return carried(
        lambda given: plan(given).whole_people,
        inputs(evidence, SIZE),
        "count",
        rate,
        half,
        providers(evidence),
    )


def precision(evidence: Evidence) -> dict[str, Quantity]:
    """Half-widths of the interval, in points: the one planned for, and both ends of its range."""
    found = {"planned": evidence.quantity(TABLE, "precision")}
    for name, column in (("finer", "low"), ("coarser", "high")):
        value = float(evidence.table(TABLE).loc["precision", column])
        found[name] = derive(value, "percentage points", found["planned"], decimals=0)
    return found


@computes
def size(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Interviews, providers and invitations for the planned precision, with a table of others."""
    rate, halves = official_rate(evidence), precision(evidence)
    half, given = halves["planned"], inputs(evidence, SIZE)
    count = interviews(evidence, half)
    all_providers, part = providers(evidence), planned(evidence, "take_part")
    share, plan = rate.value / 100, planner(evidence, rate, half)

    def effect(values: Values) -> float:
        alike = intraclass_correlation(share, values[BETWEEN] / 100)
        return design_effect(alike, max(1.0, values["interviews_per_provider"]))

    def invited(values: Values) -> float:
        return invitations(plan(values).people, values["take_part"] / 100)

    simple = two_stage_sample(share, half.value / 100, 0.0, 1, level=LEVEL)
    critic = evidence.quantity(*CRITIC)
    apart = derive(abs(rate.value - critic.value) / 2, "percentage points", rate, critic)
    double = planned(evidence, "double_rated_share")

    def doubled(values: Values) -> float:
        return whole(plan(values).whole_people * values["double_rated_share"] / 100)

    records = [
        {
            "Interval of the rate": f"± {wanted}",
            "Interviews": interviews(evidence, wanted),
            "Interviews at the critic's share": interviews(evidence, wanted, critic),
        }
        for wanted in (halves["coarser"], half, halves["finer"])
    ]
    return {
        "settle_rate": rate,
        "settle_precision": half,
        "settle_between": given[BETWEEN],
        "settle_simple": derive(simple.whole_people, "count", rate, half),
        "settle_effect": carried(effect, given, "ratio", rate),
        "settle_interviews": count,
        "settle_visited": carried(
            lambda values: plan(values).whole_clusters, given, "count", rate, half, all_providers
        ),
        "settle_each": given["interviews_per_provider"],
        "settle_take_part": part,
        "settle_invited": carried(
            invited, given | {"take_part": part}, "people", rate, half, all_providers
        ),
        "settle_doubled": carried(
            doubled, given | {"double_rated_share": double}, "count", rate, half, all_providers
        ),
        "settle_critic": critic,
        "settle_tell_apart": interviews(evidence, apart),
        "settle_sizes": Table(
            "Interviews by the precision wanted. Bounds are the ends of the ranges of the spread "
            "between providers and of the interviews at each",
            pd.DataFrame(records),
        ),
    }


@computes
def agreement(evidence: Evidence) -> dict[str, Quantity]:
    """How closely agreement of questionnaire and interview would be known, and their difference."""
    rate, kappa = official_rate(evidence), evidence.quantity(TABLE, "agreement_kappa")
    count = interviews(evidence, precision(evidence)["planned"])
    share = rate.value / 100
    error = kappa_standard_error(kappa.value, share, count.value)
    paired = 100 * paired_half_width(share, share, kappa.value, count.value, LEVEL)
    return {
        "settle_kappa": kappa,
        "settle_kappa_within": derive(
            normal_quantile(LEVEL) * error, "difference", rate, kappa, count
        ),
        "settle_paired": derive(paired, "percentage points", rate, kappa, count),
    }


@computes
def limits_of_interviews(evidence: Evidence) -> dict[str, Quantity]:
    """What no number of interviews mends: people who stay away, and the choice of interview."""
    rate, critic = official_rate(evidence), evidence.quantity(*CRITIC)
    part, kind = planned(evidence, "take_part"), evidence.quantity(TABLE, "interview_kind_effect")
    taking, p = part.value / 100, rate.value / 100

    def shift(odds_ratio: float) -> float:
        return 100 * (implied_rate(1 - p, 1 / odds_ratio, "odds_ratio") - (1 - p))

    record = evidence.table(TABLE).loc["interview_kind_effect"]
    ends = sorted(shift(float(x)) for x in (record["low"], record["high"], kind.value))
    moved = derive(
        shift(kind.value),
        "percentage points",
        rate,
        kind,
        interval=Interval("sampling", ends[0], ends[-1], LEVEL),
    )
    low, high = 100 * taking * p, 100 * (taking * p + 1 - taking)
    everyone = derive(rate.value, "percent", rate, part, interval=Interval("bound", low, high))

    def needed(observed: Quantity, other: Quantity) -> Quantity:
        value = 100 * take_part_to_exclude(observed.value / 100, other.value / 100)
        return derive(value, "percent", observed, other, decimals=0)

    return {
        "settle_everyone": everyone,
        "settle_left_open": derive(50 * (1 - taking), "percentage points", part, decimals=0),
        "settle_needed_high": needed(rate, critic),
        "settle_needed_low": needed(critic, rate),
        "settle_kind": moved,
    }
