"""The claim–estimand tables: what each headline claim about recovery counts, of whom, and how."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, FOUNDER, INK, OFFICIAL, RULE, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes, derive
from analysis.recovery.denominators import recovery_rates
from analysis.tables import Table

HEADER = [
    "Claim by",
    "Figure",
    "Population",
    "Outcome",
    "Instrument",
    "Comparator",
    "Time",
    "Rater",
]
PICTURED = (
    "talk_liverpool_2019",
    "scott_usual_care_same",
    "nhs_2018_19",
    "clark_recovered_2019",
    "layard_half_recover_2007",
    "scott_third_2019",
    "mcinnes_ended_2017",
    "griffiths_steen_referred_2013",
    "scott_true_rate_2019",
    "scott_interview_2018",
)
SIDE_COLORS = {"programme": FOUNDER, "official": OFFICIAL, "critic": CRITIC, "independent": TRIAL}
RATER_SHAPES = {"self-report": "circle", "clinician": "square", "not stated": "cross"}
SHAPE_KEY = [
    "circle: self-report",
    "square: a clinician's interview",
    "cross: other, or not stated",
]
UNIT_WORDS = {"standard deviations": "{} standard deviations", "odds ratio": "odds ratio {}"}


def claimed(evidence: Evidence, row: str) -> Quantity:
    """The figure of a claim, with the decimals it was claimed with."""
    figure = evidence.quantity("claim_estimands", row)
    places = len(f"{figure.value:.10g}".partition(".")[2])
    return derive(figure.value, figure.unit, figure, decimals=places)


def figure_text(evidence: Evidence, row: str) -> str:
    """The figure of a claim in words: how it binds, and its unit.

    A difference of nothing prints as no difference; a row without figure as "computed below".
    """
    record = evidence.table("claim_estimands").loc[row]
    if pd.isna(record["value"]):
        return "computed below"
    if record["unit"] == "difference" and record["value"] == 0:
        return "no difference"
    figure = claimed(evidence, row)
    words = UNIT_WORDS.get(figure.unit, "{}").format(figure)
    return words if record["relation"] == "exact" else f"{record['relation']} {words}"


def attribution(claimant: str, date: str) -> str:
    """Who claims, and in what year, short enough for a table on a phone.

    >>> attribution("NHS England, as the critic reports a broadcast", "2019-11-13")
    'NHS England, reported by a critic, 2019'
    >>> attribution("Griffiths, Steen and Pietroni", "2013"), attribution("Scott", "")
    ('Griffiths, Steen and Pietroni, 2013', 'Scott, undated')
    """
    name, _, description = claimant.partition(", ")
    if description.startswith("as the critic reports"):
        name += ", reported by a critic"
    elif description[:1].isupper():
        name = claimant
    return f"{name}, {date[:4] or 'undated'}"


def claim_table(evidence: Evidence, caption: str, sides: list[str], folded: bool = False) -> Table:
    """Every claim of some sides: who, figure, population, outcome, instrument, and so on."""
    frame = evidence.table("claim_estimands", side=sides)
    records = [
        (
            attribution(record.claimant, record.asserted_on),
            figure_text(evidence, str(row)),
            record.population,
            record.outcome,
            record.instrument,
            record.comparator,
            record.time_point,
            record.rater,
        )
        for row, record in frame.iterrows()
    ]
    rows = evidence.rows("claim_estimands", frame.index)
    return Table(caption, pd.DataFrame(records, columns=HEADER), rows=rows, folded=folded)


@computes
def claims(evidence: Evidence) -> dict[str, Quantity | Table | Chart]:
    """What each headline claim counts: tables by side, and the figures called recovery."""
    named = {
        "estimand_founder": "clark_recovered_2019",
        "estimand_interview": "scott_interview_2018",
        "estimand_referred": "griffiths_steen_referred_2013",
        "estimand_net": "knapstad_trial_2020",
        "estimand_gap": "marks_gap_2018",
    }
    figures = {name: claimed(evidence, row) for name, row in named.items()}
    frame = evidence.table("claim_estimands").loc[list(PICTURED)]
    ordered = frame.sort_values("value", ascending=False, kind="stable")
    low, high = (claimed(evidence, str(ordered.index[place])) for place in (-1, 0))
    chart = Chart(
        title=(
            f"Headline figures called recovery run from {low} to {high}: they differ in who is "
            "counted, what is counted and who judges"
        ),
        alt=(
            "Dots for headline claims, highest first, each with the people it is about written "
            f"above it. At the top stands a local service's {high}, in the middle the official "
            "rate and the founders' claims, below them figures over everyone referred, and at the "
            f"bottom the critic's interview figure of {low}. Circles are self-report, squares a "
            "clinician's interview, crosses other or unstated raters."
        ),
        table=_picture_table(evidence, ordered),
        draw=lambda width: _draw(width, ordered),
    )
    return {**figures, "estimand_spread": chart}


@computes
def tables_by_side(evidence: Evidence) -> dict[str, Table]:
    """The claim–estimand tables: programme and official, then critics and independents."""
    return {
        "estimand_programme": claim_table(
            evidence,
            "What the founders, the programme and official statistics claim, taken apart. Claims "
            "that we know only from a critic are marked.",
            ["programme", "official"],
            folded=True,
        ),
        "estimand_critics": claim_table(
            evidence,
            "What critics and independent authors claim, taken apart.",
            ["critic", "independent"],
            folded=True,
        ),
    }


@computes
def ours(evidence: Evidence, *, year: str = "2018-19") -> dict[str, Table]:
    """The estimands of this book, with the figures that are full counts."""
    rates = recovery_rates(evidence)[year]
    table = claim_table(evidence, "What this book estimates.", ["this book"])
    frame = table.frame.copy()
    ids = list(evidence.table("claim_estimands", side="this book").index)
    official, widest = rates["finished_at_caseness"], rates["referred"]
    frame["Claim by"] = [row.removeprefix("ours_").replace("_", " ") for row in ids]
    frame.loc[ids.index("ours_official_rate"), "Figure"] = f"{official} in {year}"
    frame.loc[ids.index("ours_five_bases"), "Figure"] = f"{widest} to {official} in {year}"
    return {
        "estimand_ours": Table(
            "The estimands of this book. Figures that need a comparator or a sample are computed "
            "in the sections below.",
            frame.rename(columns={"Claim by": "Estimate"}),
            rows=table.rows.union(*(rate.rows for rate in rates.values())),
        )
    }


def _picture_table(evidence: Evidence, frame: pd.DataFrame) -> Table:
    records = [
        (record.claimant, claimed(evidence, str(row)), record.population, record.rater)
        for row, record in frame.iterrows()
    ]
    return Table(
        "Headline claims that are called recovery or remission, highest first.",
        pd.DataFrame(records, columns=["Claim by", "Figure", "Population", "Rater"]),
    )


def _draw(width: int, frame: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    narrow = width < 400
    fold = 47 if narrow else 92
    labels = [
        textwrap.wrap(
            f"{attribution(record.claimant, record.asserted_on)}: "
            f"{record.population.replace('not seen', 'population not seen')}",
            fold,
            break_on_hyphens=False,
        )
        for record in frame.itertuples()
    ]
    lines = max(map(len, labels))
    labels = [[""] * (lines - len(label)) + label for label in labels]
    step = 32 + 15 * lines
    data = pd.DataFrame(
        {
            "place": range(len(frame)),
            "percent": frame["value"].to_numpy(),
            "figure": [f"{value:.10g}%" for value in frame["value"].round(1)],
            "words": ["|".join(label) for label in labels],
            "color": [SIDE_COLORS[side] for side in frame["side"]],
            "shape": [RATER_SHAPES.get(rater, "cross") for rater in frame["rater"]],
        }
    )
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[len(data) - 0.6, -0.9], nice=False))
    x = alt.X(
        "percent:Q",
        title=["Percent, as claimed", *(SHAPE_KEY if narrow else ["; ".join(SHAPE_KEY)])],
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5),
    )
    color = alt.Color("color:N", scale=None, legend=None)
    base = alt.Chart(data).encode(x=x, y=y)
    words = (
        alt.Chart(data)
        .transform_calculate(lines="split(datum.words, '|')")
        .mark_text(align="left", baseline="bottom", dy=-9 - 14 * (lines - 1), color=INK)
        .encode(x=alt.datum(0), y=y, text="lines:N")
    )
    layers = [
        base.mark_rule(color=RULE).encode(x2=alt.datum(0)),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            color=color, shape=alt.Shape("shape:N", scale=None, legend=None)
        ),
        base.mark_text(align="left", dx=8, fontWeight="bold").encode(text="figure:N", color=color),
        words,
    ]
    return alt.layer(*layers).properties(width=width - 10, height=step * len(data))
