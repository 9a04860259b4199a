"""Other groups: ethnicity, sex, age; and who attends, from the one study that printed it."""

from __future__ import annotations

import pandas as pd

from analysis.attrition.group_gaps import Counts, Gap, group_counts, group_shares, with_scatter
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes
from analysis.tables import Table

REFERENCES = {"ethnicity": "White", "gender": "Female", "age": "26 to 64"}
ATTENDANCE = {
    "davis_unemployed_seeking": "group_attend_unemployed",
    "davis_long_term_sick": "group_attend_sick",
    "davis_number_of_referrals": "group_attend_referrals",
    "davis_self_referral": "group_attend_self",
    "sweetman_self_referral": "group_attend_self_other",
}


def ratios_by_year(counts: Counts, grouping: str, group: str, measure: str) -> dict[str, Quantity]:
    """Ratio of a group to its reference by year, with limits where four or more years exist."""
    reference = REFERENCES[grouping]
    years = sorted(
        year
        for name, year in counts
        if name == group
        and (reference, year) in counts
        and "referrals_received" in counts[group, year]
    )
    series = {
        year: Gap(
            group_shares(counts, group, year)[measure],
            group_shares(counts, reference, year)[measure],
        ).ratio
        for year in years
    }
    return with_scatter(series) if len(series) > 3 else series


@computes
def groups(evidence: Evidence, *, latest: str = "2024-25") -> dict[str, Quantity | Table]:
    """Finished per referral received and recovery by group, against a reference group.

    Age bands changed in 2021-22. Limits are those of a repeat of the year about a straight line.
    """
    records, found = [], {}
    for grouping, reference in REFERENCES.items():
        counts = group_counts(evidence, grouping)
        for group in [name for name, year in counts if year == latest]:
            shares = group_shares(counts, group, latest)
            ratios = {
                measure: ratios_by_year(counts, grouping, group, measure)[latest]
                for measure in ("access", "recovery")
                if group != reference
            }
            records.append(
                (
                    f"{grouping.capitalize()}: {group}",
                    shares["access"],
                    ratios.get("access"),
                    shares["recovery"],
                    ratios.get("recovery"),
                )
            )
            found[group] = (shares, ratios)

    def ratio(group: str, measure: str) -> Quantity:
        return found[group][1][measure]

    return {
        "group_black_access": ratio("Black or Black British", "access"),
        "group_black_recovery": ratio("Black or Black British", "recovery"),
        "group_asian_access": ratio("Asian or Asian British", "access"),
        "group_asian_recovery": ratio("Asian or Asian British", "recovery"),
        "group_men_access": ratio("Male", "access"),
        "group_white_share": found["White"][0]["access"],
        "group_young_access": ratio("18 to 25", "access"),
        "group_table": Table(
            f"Finished per referral received, and recovery, by group, {latest}; ratios to white "
            "people, women and the widest age band. A dash marks the reference. Limits are what a "
            "repeat of the year would give if years scatter about a straight line as these did.",
            pd.DataFrame(
                records,
                columns=[
                    "Group",
                    "Finished per referral",
                    "Ratio to reference",
                    "Recovery rate",
                    "Ratio of recovery",
                ],
            ),
            folded=True,
        ),
    }


@computes
def groups_by_year(evidence: Evidence) -> dict[str, Table]:
    """Ratio of each ethnic group and of men to the reference, by year."""
    chosen = [
        ("ethnicity", "Asian or Asian British"),
        ("ethnicity", "Black or Black British"),
        ("ethnicity", "Mixed"),
        ("ethnicity", "Other ethnic groups"),
        ("gender", "Male"),
    ]
    counts = {grouping: group_counts(evidence, grouping) for grouping in ("ethnicity", "gender")}
    records = [
        (f"{group}, {label}", *ratios_by_year(counts[grouping], grouping, group, measure).values())
        for grouping, group in chosen
        for measure, label in (("access", "finished per referral"), ("recovery", "recovery"))
    ]
    years = sorted(year for name, year in counts["ethnicity"] if name == "White")
    return {
        "group_by_year": Table(
            "Ratio to white people, or of men to women, by year, with limits of a repeat of the "
            "year.",
            pd.DataFrame(records, columns=["Group and measure", *years]),
            folded=True,
        )
    }


@computes
def elsewhere(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Printed figures for groups where official counts by year were not seen."""
    frame = evidence.table("group_findings")
    records = [
        (
            f"{record['grouping'].capitalize()}: {record['group']}",
            record["study"],
            f"{record['population']}, {record['period']}",
            f"{record['measure']}, of {record['base']}",
            evidence.quantity("group_findings", str(row)),
        )
        for row, record in frame.iterrows()
    ]
    return {
        "group_young_referred": evidence.quantity("group_findings", "pettit_referred_20_24"),
        "group_old_referred": evidence.quantity("group_findings", "pettit_referred_70_74"),
        "group_printed": Table(
            "Printed percentages by group.",
            pd.DataFrame(
                records, columns=["Group", "Source", "Population", "What is counted", "Percent"]
            ),
            folded=True,
        ),
    }


@computes
def attendance(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Odds ratios of attending, as printed.

    The table of the larger study prints standard errors without their scale, so no interval can be
    built from them.
    """
    frame = evidence.table("attendance_predictors", preferred=True)
    records = [
        (
            f"{record['predictor'].capitalize()}: {record['level']}",
            record["reference"],
            record["outcome"],
            evidence.quantity("attendance_predictors", str(row), "odds_ratio"),
            record["p_printed"] or "not printed",
            record["study"],
        )
        for row, record in frame.iterrows()
    ]
    return {
        **{
            name: evidence.quantity("attendance_predictors", row, "odds_ratio")
            for row, name in ATTENDANCE.items()
        },
        "group_attendance": Table(
            "Odds ratios of attending against the reference, as printed; below equality means that "
            "the group attends less. No interval can be built where none is shown.",
            pd.DataFrame(
                records,
                columns=["Predictor", "Reference", "Outcome", "Odds ratio", "P, printed", "Study"],
            ),
            folded=True,
        ),
    }
