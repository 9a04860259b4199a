"""Published drop-out by phase and definition, with the service's figures beside it; not pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.attrition.end_codes import code_counts, stage_of, total
from analysis.attrition.loss import service_loss
from analysis.attrition.pathway import once_of_treated, stage_counts
from analysis.charts import OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.intervals import wilson
from analysis.quantity import Interval, Quantity, computes, derive, lineage, share
from analysis.tables import Table

TABLE, LEVEL = "dropout_benchmarks", 0.95
KINDS = {
    "mixed": "Trials and routine care together",
    "trials": "Trials",
    "routine care": "Routine care",
    "medication and therapy": "Trials comparing therapy with drugs",
    "medication": "Medication",
    "other services": "Other services",
}
TABLE_ONLY = (  # part of, or a range over, other rows: in the table, not in the picture
    "cooper_studies",
    "carpallo_lowest",
    "carpallo_highest",
    "ptsd_trials_lowest",
    "ptsd_trials_highest",
    "ssri_ceased",
    "trauma_ipd_civilian",
    "trauma_ipd_military",
)
EARLY = (
    "before treatment",
    "after assessment",
    "after the first session",
    "after the first prescription",
)
DURING = ("during treatment", "any")
END = ("completion", "loss to the study")


@dataclass(frozen=True)
class Service:
    """A figure of the programme and the definition it has in common with published ones."""

    label: str
    quantity: Quantity


def rate(evidence: Evidence, row: str) -> Quantity:
    """A printed rate as a share lost; a share that completed or attended becomes 100 less it.

    A single study with a number of people has a Wilson interval, computed here from its count or,
    where none is printed, from both ends of what rounds to the printed share. Pooled figures have
    an interval only where one is printed, since how far the studies differ is not known.
    """
    printed = evidence.quantity(TABLE, row, "percent")
    record = evidence.table(TABLE).loc[row]
    if record["statistic"] == "single study" and pd.notna(record["n"]):
        size = evidence.quantity(TABLE, row, "n")
        inputs, n = [printed, size], max(size.value, 1.0)
        half = 0.5 * 10.0 ** -(1 if printed.decimals is None else printed.decimals)
        least, most = ((printed.value + step) / 100 * n for step in (-half, half))
        if pd.notna(record["events"]):
            inputs.append(evidence.quantity(TABLE, row, "events"))
            least = most = inputs[-1].value
        least, most = min(max(least, 0.0), n), min(max(most, 0.0), n)
        low, high = 100 * wilson(least, n, LEVEL)[0], 100 * wilson(most, n, LEVEL)[1]
        limits = Interval("sampling", min(low, printed.value), max(high, printed.value), LEVEL)
        printed = derive(
            printed.value, "percent", *inputs, interval=limits, decimals=printed.decimals
        )
    return 100 - printed if record["counts"] == "completion" else printed


def words(record: pd.Series) -> str:
    """Name of a row with its studies, people and, where it was turned round, what was printed."""
    parts = [record["setting"]]
    if pd.notna(record["k_studies"]):
        parts.append(f"k {record['k_studies']:.0f}")
    if pd.notna(record["n"]):
        parts.append(f"n {record['n']:,.0f}")
    if record["counts"] == "completion":
        parts.append(f"printed as completed or attended {record['percent']:g}%")
    label = record["label"]
    return f"{label[:1].upper()}{label[1:]} ({'; '.join(parts)})"


def service_figures(evidence: Evidence, year: str) -> dict[str, Quantity]:
    """The programme's own shares under each definition, one cohort of referrals that ended."""
    counts, codes = stage_counts(evidence, year), code_counts(evidence, year)
    taken = [code for code, stage in stage_of(evidence).items() if stage == "taken on"]
    return {
        "untreated": share(counts["not_seen"] + counts["not_treated"], counts["ended"]),
        "not_seen": share(counts["not_seen"], counts["ended"]),
        "once": once_of_treated(counts),
        "unplanned": share(codes["ended_before_planned"], total(codes, *taken)),
        "not_completed": 100 - share(codes["completed_by_agreement"], total(codes, *taken)),
    }


def groups_of(
    evidence: Evidence, phases: Sequence[str], service: Sequence[Service], heading: str
) -> list[Group]:
    """Rows of some phases by kind, largest first, under the programme's own figures."""
    frame = evidence.table(TABLE, phase=list(phases)).drop(list(TABLE_ONLY), errors="ignore")
    own = [Row(item.label, item.quantity, OFFICIAL) for item in service]
    found = [Group(heading, own)]
    for kind, title in KINDS.items():
        items = [
            Row(words(record), rate(evidence, str(row)), TRIAL)
            for row, record in frame[frame["kind"] == kind].iterrows()
        ]
        if items:
            items.sort(key=lambda item: -item.quantity.value)
            found.append(Group(title, items))
    return found


def _chart(
    evidence: Evidence, phases: Sequence[str], groups: list[Group], title: str, scope: str
) -> Chart:
    frame = evidence.table(TABLE, phase=list(phases))
    records = [
        {
            "Figure": record["label"],
            "Setting": record["setting"],
            "Condition": record["condition"],
            "Definition": record["definition"],
            "Phase": record["phase"],
            "Studies": record["k_studies"],
            "People": record["n"],
            "Lost": rate(evidence, str(row)),
            "Overlap": record["overlap"] or "",
        }
        for row, record in frame.iterrows()
    ]
    records += [
        {"Figure": row.label, "Setting": "the programme, England", "Lost": row.quantity}
        for row in groups[0].estimates
    ]
    return Chart(
        title=title,
        alt=(
            f"Dots by kind of setting, not pooled: {scope}. {key(groups).capitalize()}. "
            + " ".join(f"{row.text}." for group in groups for row in group.rows)
        ),
        table=Table(
            f"Published rates, {scope}, and the programme's figures. Reviews share trials, so rows "
            "are not independent; rows that are part of others are listed here and not drawn. "
            "Intervals of single studies are computed here.",
            pd.DataFrame(records),
            rows=evidence.rows(TABLE, frame.index)
            | lineage(*(row.quantity for group in groups for row in group.estimates)),
            folded=True,
        ),
        draw=lambda width: interval_rows(groups, width, "Percent lost", (0, 100)),
    )


@computes
def early(evidence: Evidence, *, year: str = "2024-25") -> dict[str, Quantity | Chart]:
    """Lost before treatment, or after the first contact of it."""
    own = service_figures(evidence, year)
    service = [
        Service(
            f"Ended before any treatment, of all referrals that ended, {year}", own["untreated"]
        ),
        Service(f"Ended after a single treatment, of all treated, {year}", own["once"]),
    ]
    found = groups_of(evidence, EARLY, service, "The programme, England")
    visit, offered = rate(evidence, "simon"), rate(evidence, "fernandez_pre")
    return {
        "dropout_untreated": own["untreated"],
        "dropout_once": own["once"],
        "dropout_offered": offered,
        "dropout_second_visit": visit,
        "dropout_prescription": rate(evidence, "antidepressant_one_prescription"),
        "dropout_rehabilitation": rate(evidence, "copd_rehabilitation"),
        "dropout_diabetes": rate(evidence, "diabetes_prevention"),
        "dropout_diabetes_attended": evidence.quantity(TABLE, "diabetes_prevention", "percent"),
        "dropout_early": _chart(
            evidence,
            EARLY,
            found,
            f"{own['once']} of those treated had a single treatment; of people who began therapy "
            f"under a US health plan {visit} made no second visit within a set time",
            "before treatment or after its first contact",
        ),
    }


@computes
def during(evidence: Evidence, *, year: str = "2024-25") -> dict[str, Quantity | Chart]:
    """Lost during treatment, as each study defines it."""
    own = service_figures(evidence, year)
    service = [
        Service(
            f"Ended before the professional planned, of all taken on for a course, {year}",
            own["unplanned"],
        ),
    ]
    found = groups_of(evidence, DURING, service, "The programme, England")
    trials, routine = rate(evidence, "cooper_arms"), rate(evidence, "hans_hiller")
    stated, estimated = (
        rate(evidence, f"nhs_counselling_{kind}") for kind in ("declared", "estimated")
    )
    return {
        "dropout_unplanned": own["unplanned"],
        "dropout_trials": trials,
        "dropout_routine": routine,
        "dropout_cbt": rate(evidence, "fernandez_during"),
        "dropout_any": rate(evidence, "swift_greenberg"),
        "dropout_internet": rate(evidence, "etherapy_arms"),
        "dropout_counselling": stated,
        "dropout_counselling_estimated": estimated,
        "dropout_therapist_lowest": rate(evidence, "saxon_lowest_therapist"),
        "dropout_therapist_highest": rate(evidence, "saxon_highest_therapist"),
        "dropout_ssri": rate(evidence, "ssri_stopped"),
        "dropout_during": _chart(
            evidence,
            DURING,
            found,
            f"{own['unplanned']} of courses ended before planned: more than in pooled trial arms "
            f"({trials}) and pooled routine CBT ({routine}), within earlier NHS counselling "
            f"({stated} to {estimated})"
            if stated.value <= own["unplanned"].value <= estimated.value
            else f"{own['unplanned']} of courses ended before planned; pooled trial arms lost "
            f"{trials}, pooled routine CBT {routine}, earlier NHS counselling {stated} to "
            f"{estimated}",
            "during treatment",
        ),
    }


@computes
def completed(evidence: Evidence, *, year: str = "2024-25") -> dict[str, Quantity | Chart]:
    """Not completed, or lost to a study's last measurement."""
    own, loss = service_figures(evidence, year), service_loss(evidence, year)
    service = [
        Service(
            f"End not agreed as completed, of all taken on for a course, {year}",
            own["not_completed"],
        ),
        Service(f"No pair of first and last scores, of finished courses, {year}", loss["finished"]),
        Service(f"No pair of first and last scores, of all treated, {year}", loss["treated"]),
    ]
    found = groups_of(evidence, END, service, "The programme, England")
    face, london = rate(evidence, "ballegooijen_face_to_face"), rate(evidence, "green")
    return {
        "dropout_not_completed": own["not_completed"],
        "dropout_face": face,
        "dropout_guided": rate(evidence, "ballegooijen_internet"),
        "dropout_london": london,
        "dropout_low_sheffield": rate(evidence, "tosh_low_intensity"),
        "dropout_australia": rate(evidence, "mindstep"),
        "dropout_reeact": rate(evidence, "reeact"),
        "dropout_completed": _chart(
            evidence,
            END,
            found,
            f"{own['not_completed']} of courses did not end as agreed; in trials of face-to-face "
            f"CBT {face} did not complete, in London services {london}",
            "not completed, or lost to the last measurement",
        ),
    }
