"""Checks of claimed recovery and improvement rates against the official yearly counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from analysis.evidence import Evidence
from analysis.quantity import Quantity, share
from analysis.recovery.bases import BASES
from analysis.recovery.denominators import recovery_rates
from analysis.ruling import Claim, Finding

Check = Callable[[Evidence, Claim], Finding]

# Month of each annual report; for 2018-19, that of the post which first quotes it.
REPORTED = {"2017-18": "2018-11", "2018-19": "2019-11", "2019-20": "2020-07", "2020-21": "2021-11"}
FOUNDERS_YEAR = "2017-18"  # last full year before the founder's text, whose data end in 2018-10
NEXT_YEAR = "2018-19"
RATE, IMPROVED = "recovery_rate_percent", "reliable_improvement_percent"
AT_CASENESS = "finished courses that began at caseness, England, {}, by questionnaire"


def latest_year(asserted_on: str) -> str:
    """The last financial year whose annual report was out when a claim was made.

    A date without a month counts to the end of its year.

    >>> latest_year("2019-12"), latest_year("2018")
    ('2018-19', '2017-18')
    """
    moment = f"{asserted_on}-12"[:7]
    return max(year for year, month in REPORTED.items() if month <= moment)


def published(evidence: Evidence, year: str, measure: str = RATE) -> Quantity:
    """A yearly percentage as the official report printed it."""
    return evidence.pick(
        "annual_national", measure=measure, year=year, series="data_set", preferred=True
    )


def bases_text(rates: Mapping[str, Quantity]) -> str:
    """The figures on other bases, in words."""
    return "".join(f"; {BASES[base]}: {rate}" for base, rate in rates.items())


def named_rate(
    evidence: Evidence,
    claim: Claim,
    *,
    year: str = "",
    later_year: str = "",
    aside: str = "",
    missing: str = "",
) -> Finding:
    """A claim about "the recovery rate": the term has an official base, and that is used.

    Args:
        evidence: the evidence.
        claim: the claim.
        year: financial year; the latest reported by the claim's date if empty.
        later_year: a year reported after the claim, shown apart.
        aside: what else a reader should know of this claim.
        missing: why that base does not decide, and what would.
    """
    chosen = year or latest_year(claim.asserted_on)
    return Finding(
        on=AT_CASENESS.format(chosen) + aside,
        computed=published(evidence, chosen),
        footing="official statistics",
        later=published(evidence, later_year) if later_year else None,
        later_on=AT_CASENESS.format(later_year) if later_year else "",
        missing=missing,
    )


def share_of_people(
    evidence: Evidence,
    claim: Claim,
    *,
    bases: tuple[str, ...],
    year: str = "",
    later_year: str = "",
) -> Finding:
    """A claim about people who recover: the official rate, and every base the words could mean.

    Args:
        evidence: the evidence.
        claim: the claim.
        bases: names in `analysis.recovery.bases` of the people whom its words could mean.
        year: financial year; the latest reported by the claim's date if empty.
        later_year: a year reported after the claim, shown apart.
    """
    chosen = year or latest_year(claim.asserted_on)
    rates = recovery_rates(evidence)[chosen]
    others = {base: rates[base] for base in bases}
    official = named_rate(evidence, claim, year=chosen, later_year=later_year)
    return Finding(
        on=official.on + bases_text(others),
        computed=official.computed,
        footing=official.footing,
        others=tuple(others.values()),
        later=official.later,
        later_on=official.later_on,
    )


def improved(
    evidence: Evidence,
    claim: Claim,
    *,
    starters: bool = False,
    year: str = "",
    later_year: str = "",
) -> Finding:
    """A claim about people who improve: reliable improvement among finished courses.

    Args:
        evidence: the evidence.
        claim: the claim.
        starters: whether its words could also mean everyone who began treatment.
        year: financial year; the latest reported by the claim's date if empty.
        later_year: a year reported after the claim, shown apart.
    """
    chosen = year or latest_year(claim.asserted_on)
    others: tuple[Quantity, ...] = ()
    if starters:
        better, began = (
            evidence.pick(
                "annual_national", measure=measure, year=chosen, series="data_set", preferred=True
            )
            for measure in ("reliable_improvement_count", "first_treatment")
        )
        others = (share(better, began),)
    base = "finished courses, England, {}; reliable improvement by questionnaire"
    return Finding(
        on=base.format(chosen) + "".join(f"; {BASES['started']}: {rate}" for rate in others),
        computed=published(evidence, chosen, IMPROVED),
        footing="official statistics",
        others=others,
        later=published(evidence, later_year, IMPROVED) if later_year else None,
        later_on=base.format(later_year) if later_year else "",
    )


def base_named(evidence: Evidence, claim: Claim, *, base: str, year: str) -> Finding:
    """A claim that names its base: recoveries over that base, from the counts of its year."""
    return Finding(
        on=f"{BASES[base]}, England, {year}; recoveries counted by questionnaire",
        computed=recovery_rates(evidence)[year][base],
        footing="official statistics",
    )


def everyone_referred(evidence: Evidence, claim: Claim, *, later_year: str = "2013-14") -> Finding:
    """A rate over everyone referred in years of which no public count was seen."""
    return Finding(
        missing="Counts of recoveries and referrals of the years it is about were not seen. The "
        "quarterly indicators of those years would check it.",
        later=recovery_rates(evidence)[later_year]["referred"],
        later_on=f"everyone referred, {later_year}, the first full year of the national data set",
    )


def local_service(evidence: Evidence, claim: Claim, *, year: str = "2018_19") -> Finding:
    """The rate that a local service gives, beside the official rate of its area."""
    highest = evidence.quantity("local_claim", f"highest_area_{year}")
    return Finding(
        on="finished courses that began at caseness, Liverpool, 2018-19, by questionnaire; the "
        f"highest official rate of any area that year was {highest}. The service's own page and "
        "its definition were not seen",
        computed=evidence.quantity("local_claim", f"liverpool_official_{year}"),
        footing="official statistics",
        later=evidence.quantity("local_claim", "liverpool_official_2019_20"),
        later_on="the same area, 2019-20, which the claim's months cover in part",
    )


def let_down(evidence: Evidence, claim: Claim) -> Finding:
    """A forecast that most will be let down, which has no measure of its own."""
    year = latest_year(claim.asserted_on)
    rates = recovery_rates(evidence)[year]
    treated = 100 - rates["started"]
    return Finding(
        on=f"nearest figures: without a counted recovery in {year}, of courses that began at "
        f"caseness; of everyone who began treatment {treated}",
        computed=100 - rates["finished_at_caseness"],
        footing="official statistics",
        others=(treated,),
        missing="Being let down is not defined, and the statement is about the future. A measure "
        "named beforehand, taken in a random sample of clients, would check it.",
    )


FOUNDER: dict[str, Any] = {"year": FOUNDERS_YEAR, "later_year": NEXT_YEAR}
CHECKS: dict[str, Check] = {
    "s0_iapt_claims_50_recovery": named_rate,
    "s0_nao_accepted_45": partial(
        named_rate,
        year="2014-15",
        aside="; the last annual figure before the auditor's report, whose passage was not seen",
    ),
    "s0_great_majority_shortchanged": let_down,
    "s2_national_one_in_two": partial(share_of_people, bases=("finished", "started")),
    "s2_nhse_5_in_10": partial(share_of_people, bases=("finished", "started")),
    "s2_nhse_7_in_10": partial(improved, starters=True),
    "s2_talk_liverpool_87": local_service,
    "s4_reliable_improvement_67": partial(improved, **FOUNDER),
    "s4_seven_in_ten": partial(improved, **FOUNDER),
    "s4_recovered_51": partial(share_of_people, bases=("finished",), **FOUNDER),
    "s4_five_in_ten": partial(share_of_people, bases=("finished",), **FOUNDER),
    "clark_around_half_2018": partial(share_of_people, bases=("finished", "started")),
    "mcinnes_ended_2017": partial(base_named, base="ended", year="2015-16"),
    "griffiths_steen_referred_2013": everyone_referred,
}
