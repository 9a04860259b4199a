"""Checks of the claims that set the scene: dates, numbers of papers, services and therapists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from analysis.evidence import Evidence
from analysis.quantity import RECORD, Interval, Quantity, derive
from analysis.ruling import CLAIMS, Claim, Finding, stated

Check = Callable[[Evidence, Claim], Finding]
TIMELINE, PAPERS, BY_GROUP = "timeline", "debate_publications", "outcomes_by_group"
CBT, COUNSELLING = "Cognitive behaviour therapy", "Counselling for depression"
EDITORIAL = "marks_2018"  # the editor's own, so not among the commentaries


def event_date(evidence: Evidence, row: str) -> str:
    """Date of an event, as long as it is known."""
    return str(evidence.table(TIMELINE).loc[row, "date"])


def year_of(evidence: Evidence, claim: Claim, *, event: str, on: str) -> Finding:
    """The year of an event in the timeline."""
    year = float(event_date(evidence, event)[:4])
    rows = evidence.rows(TIMELINE, [event])
    return Finding(
        on=f"{on}: {event_date(evidence, event)}",
        computed=derive(year, "year", rows, interval=RECORD),
        footing="cited source",
    )


def first_national_money(evidence: Evidence, claim: Claim) -> Finding:
    """The first year with central money for the whole of England, pilots left out."""
    money = evidence.table("programme_spend", kind="allocation", side="official")
    national = money[money["scope"].str.contains("England")]
    first = national["year"].min()
    return Finding(
        on=f"first financial year with central money for England as a whole, pilot sites left "
        f"out: {first}, in an answer to Parliament; the month was not seen elsewhere",
        computed=derive(
            float(first[:4]),
            "year",
            evidence.rows("programme_spend", national.index),
            interval=RECORD,
        ),
    )


def completed_years(evidence: Evidence, claim: Claim) -> Finding:
    """Whole years from the start of the programme to the plan that the text looks back from."""
    start, text = (event_date(evidence, row) for row in ("programme_begins", "long_term_plan"))
    months = 12 * (int(text[:4]) - int(start[:4])) + int(text[5:7]) - int(start[5:7])
    rows = evidence.rows(TIMELINE, ["programme_begins", "long_term_plan"])
    return Finding(
        on=f"whole years from {start}, the start as the same text gives it, to {text}, the plan "
        "that it names",
        own=derive(float(months // 12), "count", rows, interval=RECORD),
    )


def age_of_paper(evidence: Evidence, claim: Claim) -> Finding:
    """Years from the paper's publication to the year of the post."""
    row = "rb2011_referred"
    record = evidence.table("pathway_cohorts").loc[row]
    printed = int(str(record["study"])[-4:])
    rows = evidence.rows("pathway_cohorts", [row]) | evidence.rows(CLAIMS, [claim.id])
    age = int(claim.asserted_on[:4]) - printed
    return Finding(
        on=f"from the paper of {printed} to the year of the post, {claim.asserted_on[:4]}, which "
        f"is inferred; the people were seen {record['period']}",
        computed=derive(float(age), "count", rows, interval=RECORD),
    )


def commentaries(evidence: Evidence, claim: Claim) -> Finding:
    """Papers that answer the study, without the editor's own editorial."""
    answers = evidence.table(PAPERS, answers="scott_2018").drop(index=EDITORIAL)
    names = ", ".join(answers["authors"])
    return Finding(
        on=f"papers in the table of the debate that answer the study, the editorial left out: "
        f"{names}",
        computed=derive(
            float(len(answers)), "count", evidence.rows(PAPERS, answers.index), interval=RECORD
        ),
    )


def month_of_guidance(evidence: Evidence, claim: Claim) -> Finding:
    """Month of the printed issue, and the month online that the editor's reply gives."""
    printed = int(event_date(evidence, "journal_comment_measures")[5:7])
    weeks = stated(evidence, "s0_barkham_online_after_comment", "weeks")
    trial = date.fromisoformat(event_date(evidence, "practiced_trial"))
    online = trial - timedelta(weeks=weeks.value)
    rows = evidence.rows(TIMELINE, ["journal_comment_measures", "practiced_trial"])
    return Finding(
        on="number of the month of the journal's printed issue; by the editor's reply the comment "
        f"stood online from {online:%B %Y}",
        computed=derive(float(printed), "count", rows, interval=RECORD),
        others=(derive(float(online.month), "count", rows, weeks, interval=RECORD),),
        footing="cited source",
    )


def preference(evidence: Evidence, claim: Claim) -> Finding:
    """Shares that prefer therapy to medication, as ratios: all samples, and those in treatment."""

    def ratio(row: str) -> Quantity:
        share = evidence.quantity("functioning_satisfaction", row)
        return derive(share.value / (100 - share.value), "ratio", share)

    everyone, seekers = ratio("prefer_therapy_all"), ratio("prefer_therapy_seekers")
    return Finding(
        on="people who prefer therapy to those who prefer medication, in a review of studies of "
        f"preference (McHugh 2013), all samples; people seeking treatment alone {seekers}. The "
        "text names no study",
        computed=everyone,
        others=(seekers,),
    )


def trained(evidence: Evidence, claim: Claim) -> Finding:
    """New therapists trained, as the same author printed them the year before."""
    printed = evidence.quantity("disclosure_surveys", "workforce_trained", "people")
    limits = Interval("bound", printed.value, float("inf"))
    return Finding(
        on="new therapists trained for the programme, a lower limit that the same author printed "
        "in a journal in 2018; trained, not in post. No count by another body was seen",
        computed=derive(printed.value, "people", printed, interval=limits),
    )


def commonest_alternative(evidence: Evidence, claim: Claim) -> Finding:
    """Courses of counselling less those of the next therapy of high intensity, CBT left out."""
    year = "2021-22"
    courses = evidence.table(
        BY_GROUP,
        year=year,
        grouping="therapy",
        within="All problems",
        intensity="high",
        measure="courses_of_therapy",
    ).set_index("group", append=True)["value"]
    counts = courses.drop(CBT, level="group").sort_values(ascending=False)
    counselling = counts.xs(COUNSELLING, level="group").iloc[0]
    others = counts.drop(COUNSELLING, level="group")
    rows = evidence.rows(BY_GROUP, counts.index.get_level_values("id"))
    return Finding(
        missing="No count of therapies offered, and before 2019-20 none of therapies given, was "
        "seen. A return from services on the therapies that they offer would check it.",
        later=derive(float(counselling - others.iloc[0]), "courses", rows, interval=RECORD),
        later_on=f"courses of counselling for depression less those of the next therapy, "
        f"{others.index[0][1].lower()}, {year}, all problems: given, not offered",
    )


def out_of_reach(evidence: Evidence, claim: Claim, *, why: str) -> Finding:
    """A claim that no public figure measures."""
    return Finding(missing=why)


UNREACHED = {
    "s0_barkham_online_after_comment": "The day on which the comment went online was not seen. The "
    "page of the journal would check it.",
    "s0_letters_window": "The journal's instructions of that year were not seen. An archived copy "
    "of its page for authors would check it.",
    "s0_manual_a_year_old": "The date of the post is itself inferred from this sentence, so "
    "nothing independent is left to compare. The post's own date would check it.",
    "s1_c_only_attention": "The comment is not about this service in particular, and no count of "
    "what each person is given was seen. Records of contacts by kind of session would check it.",
    "s2_uk_largest_service": "By what the service is largest is not said, and no public table sets "
    "people, contacts or money of all mental health services of the country side by side. Such a "
    "table would check it.",
    "s2_three_ctr_papers": "A count of papers that the post itself lists; the issues of the "
    "journal were not seen. Its tables of contents would check it.",
    "s4_services_with_cbt": "No return by service of the therapies on offer was seen for that "
    "time. The census of the workforce, or courses of therapy by service, would check it.",
    "s4_services_with_choice": "No return by service of the therapies on offer was seen for that "
    "time. The census of the workforce would check it.",
    "s4_norway_services": "No list of Norwegian services of that year was seen. The health "
    "directorate's list would check it.",
    "s4_very_few_before": "How few very few are is not said, and no survey before the programme "
    "counts who was offered a therapy with evidence. The national surveys of mental health, read "
    "for kind of therapy, would come nearest.",
    "s4_nice_cbt_all_anxiety": "The guidelines were not gone through disorder by disorder for "
    "this book. The recommendations for each anxiety disorder, as they stood then, would check it.",
}
CHECKS: dict[str, Check] = {
    **{claim: partial(out_of_reach, why=why) for claim, why in UNREACHED.items()},
    "s0_guidance_in_june": month_of_guidance,
    "s0_standards_set_october_2014": partial(
        year_of, event="standards_set", on="day of the answer that sets the standards"
    ),
    "s1_nearly_a_decade_ago": age_of_paper,
    "s2_three_commentaries": commentaries,
    "s4_start_october_2008": first_national_money,
    "s4_ten_years": completed_years,
    "s4_preference_ratio": preference,
    "s4_therapists_trained": trained,
    "s4_counselling_commonest_alternative": commonest_alternative,
}
