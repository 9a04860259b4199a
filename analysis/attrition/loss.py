"""Loss to follow-up in the open trial databases, beside the service's loss of last scores."""

from __future__ import annotations

import pandas as pd

from analysis.attrition.pathway import stage_counts
from analysis.attrition.quartile_rows import Reference, Spread, quartile_rows
from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, share
from analysis.tables import Table
from analysis.year_sums import year_sum

SHOWN = (
    "depression_lost_therapy_all_all",
    "depression_lost_therapy_therapy_cbt",
    "depression_lost_control_all_all",
    "self_guided_lost_therapy_all_all",
    "gad_lost_therapy_all_all",
    "social_anxiety_lost_therapy_all_all",
)
DATABASES = {
    "depression": "Depression",
    "self_guided": "Depression, self-guided",
    "gad": "Generalised anxiety",
    "social_anxiety": "Social anxiety",
}


def service_loss(evidence: Evidence, year: str) -> dict[str, Quantity]:
    """Share without a first and a last score, of finished courses and of everyone treated.

    Those treated once are counted as having no last score. Sums of monthly counts, referrals.
    """
    paired = year_sum(evidence, "monthly_pathway", "paired_scores", year)
    counts = stage_counts(evidence, year)
    finished, treated = counts["finished"], counts["finished"] + counts["once"]
    return {
        "finished": 100 - share(paired, finished),
        "treated": 100 - share(paired, treated),
    }


def arms_name(row: pd.Series) -> str:
    """Database, role and stratum of a group of arms."""
    kind = "" if row["stratum_kind"] == "all" else f", {row['stratum']}"
    kind = kind.replace(", cbt", ", CBT")
    return f"{DATABASES[row['database']]}, {row['role']} arms{kind}"


@computes
def trial_loss(
    evidence: Evidence, *, year: str = "2024-25", beyond: str = "arms_40plus"
) -> dict[str, Quantity | Chart]:
    """How much trial arms lose between randomisation and the end of treatment.

    For the claim that trials with such loss would have been dismissed: quartiles over arms, and
    the arms that lost at least the share that `beyond` names, as the database records them.
    """
    table = evidence.table("trial_loss")
    rows = table[table["event"] == "lost to the study"]
    service = service_loss(evidence, year)
    shown = rows.loc[list(SHOWN)]
    spreads = [
        Spread(
            f"{arms_name(row)} ({row['arms']:.0f} arms): median {row['median']:.0f}%, quartiles "
            f"{row['q1']:.0f}% and {row['q3']:.0f}%",
            row["q1"],
            row["median"],
            row["q3"],
        )
        for _, row in shown.iterrows()
    ]
    references = [
        Reference(
            f"England, finished, {year}: {service['finished']} without both scores",
            service["finished"].value,
        ),
        Reference(
            f"England, treated at least once, {year}: {service['treated']} without both scores",
            service["treated"].value,
        ),
    ]

    def cell(row: str, column: str) -> Quantity:
        return evidence.quantity("trial_loss", row, column)

    whole = cell(SHOWN[0], "median")
    therapy = [row for row in SHOWN if "therapy_all" in row]
    lossy = sum((cell(row, beyond) for row in therapy[1:]), cell(therapy[0], beyond))
    arms = sum((cell(row, "arms") for row in therapy[1:]), cell(therapy[0], "arms"))
    header = {
        "arms": "Arms",
        "randomised": "Randomised",
        "loss_percent": "Lost, all arms together, percent",
        "q1": "Lower quartile",
        "median": "Median",
        "q3": "Upper quartile",
        "maximum": "Highest",
        **{f"arms_{step}plus": f"{step}% or more" for step in (20, 30, 40, 50)},
    }
    listed = table[list(header)].rename(columns=header)
    listed.insert(0, "Arms of", [arms_name(row) for _, row in table.iterrows()])
    listed.insert(1, "Event", list(table["event"]))
    chart = Chart(
        title=(
            f"The median therapy arm of a depression trial lost {whole}; of those treated at least "
            f"once in England in {year}, {service['treated']} have no pair of scores"
        ),
        alt=(
            "Bars from lower to upper quartile of the share lost over trial arms, with a tick at "
            "the median. "
            + " ".join(f"{spread.label}." for spread in spreads)
            + f" Diamonds are the service: {service['finished']} of finished courses and "
            f"{service['treated']} of everyone treated have no pair of first and last scores."
        ),
        table=Table(
            "Loss between randomisation and the end of treatment in trial arms, and arms at or "
            "above each share. Strata overlap; quartiles are over arms.",
            listed,
            rows=evidence.rows("trial_loss", table.index)
            | service["finished"].rows
            | service["treated"].rows,
            folded=True,
        ),
        draw=lambda width: quartile_rows(spreads, references, width, "Percent lost", 50),
    )
    return {
        "loss_finished": service["finished"],
        "loss_treated": service["treated"],
        "loss_arm_median": whole,
        "loss_arm_upper_quartile": cell(SHOWN[0], "q3"),
        "loss_together": cell(SHOWN[0], "loss_percent"),
        "loss_control_median": cell(SHOWN[2], "median"),
        "loss_highest": cell(SHOWN[0], "maximum"),
        "loss_self_guided_median": cell(SHOWN[3], "median"),
        "loss_stopped_self_guided": cell("self_guided_stopped_therapy_all_all", "median"),
        "loss_large_arms": lossy,
        "loss_arms": arms,
        "loss_large_share": share(lossy, arms),
        "loss_trials": chart,
    }
