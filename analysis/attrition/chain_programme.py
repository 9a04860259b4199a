"""What the programme's side asserts about the pathway, by the same rules."""

from __future__ import annotations

from analysis.attrition.asserted import OFFICIAL, Finding, claimed, findings_table, fits
from analysis.attrition.chain_annual import once_of_ended
from analysis.attrition.end_codes import code_counts, stage_of, total
from analysis.attrition.pathway_years import annual
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

ADVISED = ("advice_and_support", "not_suitable_signposted", "referred_elsewhere")
LEFT = ("declined_treatment", "incomplete_assessment")

PEOPLE = "the claim says people, who are fewer than referrals"


def seen_not_taken_on(evidence: Evidence, year: str = "2021-22") -> dict[str, Quantity]:
    """Of those seen and not taken on for a course: advised or signposted, and left or declined."""
    counts, stages = code_counts(evidence, year), stage_of(evidence)
    whole = total(counts, *(code for code in counts if stages[code] == "seen, not taken on"))
    return {
        "advised": share(total(counts, *ADVISED), whole),
        "left": share(total(counts, *LEFT), whole),
    }


def treated_once(evidence: Evidence) -> Quantity:
    """Referrals that ended in 2018-19 after a single treatment appointment, from rounded shares."""
    ended, part = annual(evidence)["2018-19"]["ended_referrals"], once_of_ended(evidence)
    low, high = (ended.value * limit / 100 for limit in part.interval.limits or ())
    limits = Interval("rounding", low, high)
    return derive(ended.value * part.value / 100, "referrals", ended, part, interval=limits)


def findings(evidence: Evidence) -> list[Finding]:
    """Claims of the programme's side; the latest full year before the founder's article."""
    counts = annual(evidence)
    year, earlier = counts["2017-18"], counts["2015-16"]
    later = seen_not_taken_on(evidence)
    drop_outs = evidence.quantity("attrition_claims", "dropouts_first_second")
    return [
        Finding(
            "clark_seen",
            None,
            None,
            year["first_treatment"],
            f"referrals that started treatment in 2017-18; {PEOPLE}",
            {
                "fits": fits(evidence, "clark_seen", year["first_treatment"]),
                "fits_other_bases": False,
                **OFFICIAL,
            },
        ),
        Finding(
            "clark_course",
            None,
            None,
            year["finished_course"],
            f"finished courses of 2017-18; {PEOPLE}",
            {
                "fits": fits(evidence, "clark_course", year["finished_course"]),
                "fits_other_bases": False,
                **OFFICIAL,
            },
        ),
        Finding(
            "clark_lancet_treated",
            None,
            None,
            earlier["finished_course"],
            f"finished courses of 2015-16; {PEOPLE}",
            {
                "fits": fits(evidence, "clark_lancet_treated", earlier["finished_course"]),
                "fits_other_bases": False,
                **OFFICIAL,
            },
        ),
        Finding(
            "clark_others",
            None,
            None,
            f"about {drop_outs} a year leaving early, by NHS England months later",
            "nothing up to its date counts people seen who left before advice, and what came after "
            f"does not decide; by later end codes, of those seen and not taken on, "
            f"{later['advised']} were advised, signposted or referred on and {later['left']} "
            "declined or left",
            {"searched": True},
        ),
        Finding(
            "dropouts_first_second",
            None,
            None,
            treated_once(evidence),
            "all treated once in 2018-19; how many of them dropped out is not recorded",
            {"checkable": False},
        ),
    ]


@computes
def programme(evidence: Evidence) -> dict[str, Quantity | Table]:
    """The programme's statements recomputed, with verdicts."""
    later, counts = seen_not_taken_on(evidence), annual(evidence)["2017-18"]
    return {
        "chain_clark_course": claimed(evidence, "clark_course"),
        "chain_clark_seen": claimed(evidence, "clark_seen"),
        "chain_clark_started": counts["first_treatment"],
        "chain_clark_finished": counts["finished_course"],
        "chain_clark_advised": later["advised"],
        "chain_clark_left": later["left"],
        "chain_drop_outs": claimed(evidence, "dropouts_first_second"),
        "chain_drop_outs_once": treated_once(evidence),
        "chain_programme_table": findings_table(
            evidence,
            "Statements of the programme's side",
            findings(evidence),
        ),
    }
