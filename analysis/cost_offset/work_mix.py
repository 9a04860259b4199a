"""Who could yield the savings: work status at the start, who attends, who could leave benefits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from analysis.charts import CRITIC, FOUNDER, INK, OFFICIAL, Chart
from analysis.cost_offset.work_months import linked_path
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

CLAIMED, ATTEND, FLOWS = "attrition_claims", "attendance_predictors", "employment_flows"
VERSIONS = "payback_versions"
STEP = 5  # percentage points, of the scale


def among_attenders(
    shares: Sequence[float], odds_ratios: Sequence[float], attendance: float
) -> np.ndarray:
    """Share of each group among those who attend, when groups attend with different odds.

    The rest has odds ratio 1. Its probability of attending p solves Σ wᵢ qᵢ = a for the overall
    attendance a, with qᵢ = ORᵢ p / (1 − p + ORᵢ p); then the share of a group is wᵢ qᵢ / a. Shares
    and attendance are fractions.

    >>> among_attenders([0.5], [0.5], 0.5).round(4)  # odds 1/√2 and √2
    array([0.4142])
    """
    weights = np.append(shares, 1.0 - sum(shares))
    ratios = np.append(odds_ratios, 1.0)

    def attending(p: float) -> np.ndarray:
        return np.asarray(ratios * p / (1.0 - p + ratios * p))

    p = brentq(lambda p: float(weights @ attending(p)) - attendance, 0.0, 1.0)
    return np.asarray((weights * attending(p) / attendance)[:-1])


def extremes(shares: Sequence[float], odds_ratios: Sequence[float]) -> tuple[float, float]:
    """Bounds over every level of attendance on the groups' common share among those who attend.

    Where nearly nobody attends an odds ratio is a ratio of risks, Σ wᵢORᵢ / (Σ wᵢORᵢ + rest);
    where everybody does, the shares are those at the start.

    >>> extremes([0.5], [0.5])
    (0.3333333333333333, 0.5)
    """
    weighed = float(np.dot(shares, odds_ratios))
    rest = 1.0 - sum(shares)
    low, high = sorted((weighed / (weighed + rest), float(sum(shares))))
    return low, high


def attending(evidence: Evidence, which: Sequence[int]) -> Quantity:
    """Percent of those attending a first appointment who are in the groups chosen.

    Job seekers are group 0 and the long-term sick group 1. The shares at the start are those that
    the critic credits to the study, the odds ratios those of its table, the attendance what its
    abstract leaves; everyone else is taken to attend like the employed.
    """
    shares = [evidence.quantity(CLAIMED, f"davis_{g}") for g in ("unemployed", "long_term_sick")]
    ratios = [
        evidence.quantity(ATTEND, f"davis_{g}", "odds_ratio")
        for g in ("unemployed_seeking", "long_term_sick")
    ]
    missed = evidence.quantity(CLAIMED, "davis_abstract_first_missed")
    parts, odds = [item.value / 100 for item in shares], [item.value for item in ratios]
    found = among_attenders(parts, odds, 1.0 - missed.value / 100)
    value = float(found[list(which)].sum())
    if len(which) == len(parts):
        low, high = extremes(parts, odds)
    else:
        (group,) = which
        least = parts[group] * odds[group] / (np.dot(parts, odds) + 1.0 - sum(parts))
        low, high = sorted((float(least), parts[group]))
    limits = Interval("bound", 100 * min(low, value), 100 * max(high, value))
    return derive(100 * value, "percent", *shares, *ratios, missed, interval=limits)


def must_move(supposed: Quantity, workless: Sequence[Quantity]) -> Quantity:
    """Percent of those out of work who must move, beyond those who would anyway, if only they can.

    The share that a claim supposes of all treated, over the share out of work; the first share
    gives the figure and all together the bounds.
    """
    found = [100 * supposed.value / item.value for item in workless]
    limits = [100 * supposed.value / end for item in workless
              for end in (item.interval.limits or (item.value,))]  # fmt: skip
    interval = Interval("bound", min(limits), max(limits))
    return derive(found[0], "percent", supposed, *workless, interval=interval)


def workless(evidence: Evidence) -> dict[str, Quantity]:
    """Percent of people out of work or on benefit at the start, by source and base."""
    out = evidence.quantity(FLOWS, "out_of_work_at_start_2014_15")
    finished = evidence.quantity(FLOWS, "out_of_work_at_start_2014_15", "n")
    unemployed, sick = (
        evidence.quantity(CLAIMED, f"davis_{g}") for g in ("unemployed", "long_term_sick")
    )
    return {
        "official": share(out, finished),
        "unemployed": unemployed,
        "sick": sick,
        "both": unemployed + sick,
        "sick_later": evidence.quantity(VERSIONS, "critic_counter_sum_share_sick"),
        "attending": attending(evidence, (0, 1)),
        "attending_unemployed": attending(evidence, (0,)),
        "attending_sick": attending(evidence, (1,)),
    }


@computes
def who_could_yield(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Who is out of work at the start and among attenders, and what that asks of them."""
    mix = workless(evidence)
    bases = [mix["official"], mix["both"], mix["attending"]]
    supposed = {
        year: evidence.quantity(VERSIONS, f"founders_{year}_share") for year in ("2014", "2024")
    }
    asked = {year: must_move(part, bases) for year, part in supposed.items()}
    everyone, theirs = (linked_path(evidence, group).most for group in ("all", "unemployed"))
    part = derive(
        mix["unemployed"].value / 100 * theirs.value, "percentage points",
        mix["unemployed"], theirs, decimals=2,
    )  # fmt: skip
    most = derive(
        mix["both"].value / 100 * theirs.value, "percentage points", mix["both"], theirs, decimals=2
    )
    low = evidence.quantity(CLAIMED, "target_share")
    high = evidence.quantity("critic_chain_cost", "exposed_share_high")
    named: dict[str, Quantity | Chart] = {
        **{f"mix_{name}": item for name, item in mix.items()},
        "mix_claimed": low,
        "mix_claimed_high": high,
        "mix_attend_unemployed": evidence.quantity(
            ATTEND, "davis_unemployed_seeking", "odds_ratio"
        ),
        "mix_attend_sick": evidence.quantity(ATTEND, "davis_long_term_sick", "odds_ratio"),
        "mix_must_move": asked["2014"],
        "mix_must_move_2024": asked["2024"],
        "mix_unemployed_part": part,
        "mix_unemployed_part_share": share(part, everyone),
        "mix_workless_most": most,
    }
    claimed = derive(
        low.value, "percent", low, high, interval=Interval("bound", low.value, high.value)
    )
    groups = [
        Group("At the start", [
            Row("Out of work, sick or on benefit, finished courses 2014-15", mix["official"],
                OFFICIAL),
            Row("Unemployed and long-term sick together, as a critic cites a study", mix["both"],
                CRITIC),
            Row("Unemployed, the same", mix["unemployed"], CRITIC),
            Row("Long-term sick, the same", mix["sick"], CRITIC),
            Row("Long-term sick, the same critic later", mix["sick_later"], CRITIC),
            Row("Could leave benefits in principle, the critic's range", claimed, CRITIC),
        ]),
        Group("Among those who attend a first appointment", [
            Row("Unemployed and long-term sick together", mix["attending"], INK),
        ]),
        Group("Of those out of work, into work because of therapy", [
            Row("If the share supposed in 2014 comes from them alone", asked["2014"], FOUNDER),
            Row("If the share supposed in 2024 does", asked["2024"], FOUNDER),
            Row("Found among the unemployed by the linked study, at most",
                derive(theirs.value, "percent", theirs), OFFICIAL),
        ]),
    ]  # fmt: skip
    rows = [(group, row) for group in groups for row in group.rows if isinstance(row, Row)]
    top = max(
        limit
        for _, row in rows
        for limit in (row.quantity.value, *(row.quantity.interval.limits or ()))
    )
    frame = pd.DataFrame(
        [
            {"Share": row.label, "Of whom": group.heading, "Percent": row.quantity}
            for group, row in rows
        ]
    )
    named["mix_shares"] = Chart(
        title=(
            f"About {mix['official']} were out of work or on benefit at the start; if only they "
            f"could yield the founders' {supposed['2014']} of 2014, {asked['2014']} of them would "
            "have to move into work because of therapy"
        ),
        alt=(
            f"Rows in percent. {key(groups).capitalize()}. "
            + ". ".join(f"{row.label}: {row.quantity.with_limits()}" for _, row in rows)
            + "."
        ),
        table=Table("Who could yield savings on benefits", frame),
        draw=lambda width: interval_rows(groups, width, "Percent", (0.0, STEP * (top // STEP + 1))),
    )
    return named
