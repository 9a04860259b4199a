"""Dose: the share reaching k sessions for every k, bounded from what each source prints."""

from __future__ import annotations

import pandas as pd

from analysis.attrition.dose_chart import draw_dose, reading_table
from analysis.attrition.dose_sources import (
    FIVE,
    YEARLY,
    Source,
    critic,
    demonstration,
    ended,
    finished,
    yearly,
)
from analysis.charts import CRITIC, OFFICIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive, lineage
from analysis.tables import Table

LAST = 24
MARKED = {
    "programme_two": "finished",
    "low_intensity_half": "low intensity",
    "evaluation_five": "evaluation",
    "critic_seven": "critic",
    "veterans_eight": "US veterans",
    "trials_face_to_face": "trials",
}


def between(quantity: Quantity) -> str:
    """Both bounds in words, or the number alone where they print alike."""
    low, high = (quantity.number(end) for end in quantity.interval.limits or (quantity.value,) * 2)
    return f"{low}%" if low == high else f"between {low}% and {high}%"


def at(source: Source, threshold: Quantity) -> Quantity:
    """Share of a source that reaches a threshold, as bounds."""
    found = source.reaching(round(threshold.value))
    return derive(
        found.value, "percent", found, threshold, interval=found.interval, decimals=found.decimals
    )


def limits(quantity: Quantity, name: str) -> dict[str, Quantity]:
    """Both bounds of a quantity under ``name_least`` and ``name_most``."""
    low, high = quantity.interval.limits or (quantity.value,) * 2
    return {
        f"{name}_{end}": derive(
            value, "percent", quantity, interval=quantity.interval, decimals=quantity.decimals
        )
        for end, value in (("least", low), ("most", high))
    }


@computes
def curves(evidence: Evidence, *, month: str = "2025-05") -> dict[str, Quantity | Chart]:
    """Share reaching every number of sessions, of finished courses and of everyone.

    No distribution is published; bounds follow from minimum, median, mean, maximum and a share
    printed for the month (Markov's inequality and the median, made sharp together). The critic's
    sample prints shares for some numbers.
    """
    wide, tight = finished(evidence, month, use_share=False), finished(evidence, month)
    everyone, treated = ended(evidence, month), ended(evidence, month, treated_only=True)
    own = critic(evidence)
    rule, five, trials = (
        evidence.quantity("dose_thresholds", row, "sessions_low")
        for row in ("critic_seven", "evaluation_five", "trials_face_to_face")
    )
    marks = evidence.table("dose_thresholds").loc[list(MARKED)]
    thresholds = pd.DataFrame(
        {
            "k": marks["sessions_low"],
            "side": marks["side"],
            "text": [MARKED[i] for i in marks.index],
        }
    )
    six = evidence.quantity("dose_thresholds", "critic_six", "sessions_high")
    at_rule = at(tight, rule)
    sources = {
        "Finished, from median and mean": wide,
        "Finished, and the share printed": tight,
        "Treated at least once": treated,
        "All that ended": everyone,
        "Critic's sample, everyone": own,
    }
    table = Table(
        f"Percent reaching each number of sessions, as bounds. England {month}; the critic's "
        "sample is everyone in it, with or without treatment.",
        reading_table(sources, LAST),
        rows=lineage(*(item for source in sources.values() for item in source.inputs)),
        folded=True,
    )
    chart = Chart(
        title=(
            f"Of finished courses {between(at_rule)} reach {rule}, of all referrals that ended "
            f"{between(at(everyone, rule))}, of the critic's sample "
            f"{between(at(own, rule))}"
        ),
        alt=(
            "Bands that fall in steps from left to right: the share reaching each number of "
            "sessions. Above, finished courses in England: everyone reaches the counting rule, "
            f"{between(at(tight, five))} reach {five}, "
            f"{between(at(tight, trials))} reach {trials}; the paler band "
            "leaves out the share that one source printed. Ticks at the foot mark thresholds of "
            "the programme, critics and studies. Below, all referrals that ended and the critic's "
            "sample, whose bands overlap for most numbers. A slider chooses the number of "
            "sessions that is read out."
        ),
        table=table,
        draw=lambda width: draw_dose(
            width,
            [
                (
                    f"Finished courses, England, {month}",
                    [
                        (wide, "median and mean", OFFICIAL, 0.15),
                        (tight, "and a printed share", OFFICIAL, 0.35),
                    ],
                ),
                (
                    "Everyone, treated or not",
                    [
                        (everyone, "England, all that ended", OFFICIAL, 0.35),
                        (own, "critic's sample", CRITIC, 0.35),
                    ],
                ),
            ],
            thresholds,
            LAST,
            round(rule.value),
        ),
        interactive=True,
    )
    return {
        "dose_mean": evidence.pick(
            "monthly_sessions", month=month, scope="finished", statistic="mean"
        ),
        "dose_median": evidence.pick(
            "monthly_sessions", month=month, scope="finished", statistic="median"
        ),
        "dose_five": five,
        "dose_five_share": evidence.quantity("sessions_distribution", FIVE[month]),
        "dose_five_share_before": evidence.quantity("sessions_distribution", FIVE["2022-01"]),
        "dose_rule": rule,
        "dose_trials": trials,
        **limits(at_rule, "dose_rule_finished"),
        **limits(at(treated, rule), "dose_rule_treated"),
        **limits(at(everyone, rule), "dose_rule_ended"),
        **limits(at(own, rule), "dose_rule_critic"),
        **limits(at(tight, trials), "dose_trials_finished"),
        "dose_six": six,
        **limits(at(everyone, six), "dose_six_ended"),
        "dose_six_critic": at(own, six),
        "dose_curves": chart,
    }


@computes
def by_source(evidence: Evidence, *, latest: str = "2026-03") -> dict[str, Quantity | Table]:
    """Bounds for every number of sessions from every source that allows them."""
    columns: dict[str, Source] = {f"Finished, {month}": finished(evidence, month) for month in FIVE}
    columns[f"Finished, {latest}"] = finished(evidence, latest)
    columns |= {f"Finished, {year}": yearly(evidence, year) for year in YEARLY}
    columns["Doncaster, finished"] = demonstration(evidence)
    columns["Critic's sample"] = critic(evidence)
    rule = evidence.quantity("dose_thresholds", "critic_seven", "sessions_low")
    mean_only = at(yearly(evidence, "2018-19"), rule)
    return {
        **limits(mean_only, "dose_rule_mean_only"),
        "dose_mean_2018_19": evidence.quantity("sessions_distribution", YEARLY["2018-19"]),
        "dose_by_source": Table(
            "Percent reaching each number of sessions, as bounds, by source. Months have minimum, "
            "median, mean and maximum, some a printed share as well; years and the "
            "demonstration site have a mean and the counting rule only; the critic's sample has "
            "printed shares, median and mean.",
            reading_table(columns, LAST),
            rows=lineage(*(item for source in columns.values() for item in source.inputs)),
            folded=True,
        ),
    }


@computes
def thresholds(evidence: Evidence, *, month: str = "2025-05") -> dict[str, Table]:
    """Every threshold in the debate beside the share that reaches it."""
    frame = evidence.table("dose_thresholds")
    populations = {
        "Finished": finished(evidence, month),
        "Treated at least once": ended(evidence, month, treated_only=True),
        "Critic's sample": critic(evidence),
    }
    records = []
    for row, item in frame.iterrows():
        ends = [
            evidence.quantity("dose_thresholds", str(row), f"sessions_{end}")
            for end in ("low", "high")
            if pd.notna(item[f"sessions_{end}"])
        ]
        number = " to ".join(f"{end.value:.0f}" for end in ends)
        words = number if len(ends) == 2 else f"{item['relation']} {number}"
        shares = {name: between(at(source, ends[0])) for name, source in populations.items()}
        records.append(
            {
                "Whose": item["label"],
                "Kind": item["kind"],
                "Sessions": words,
                "Says": item["statement"],
                **shares,
            }
        )
    return {
        "dose_thresholds": Table(
            "Thresholds on the number of sessions, and the share reaching the number, or the lower "
            f"of a range, as bounds: England {month} and the critic's sample.",
            pd.DataFrame(records),
            rows=evidence.rows("dose_thresholds", frame.index)
            | lineage(*(item for source in populations.values() for item in source.inputs)),
            folded=True,
        )
    }
