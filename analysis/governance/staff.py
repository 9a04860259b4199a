"""What staff say in surveys, drawn by who was asked and how they came to answer.

No survey prints how many people it invited, so a share says what those who answered said. Whether
data were manipulated is bounded in the Self-report chapter; here are burnout, low mood and leaving.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

TABLE, ASKED = "staff_surveys", "disclosure_surveys"
CHOSE = ("open, self-selected", "online, volunteers", "professional networks, self-selected")
AXIS = "Percent of those who answered, or of staff"
GROUPS = {
    "Staff of this programme, who chose to answer": (
        "surviving_work_burnout",
        "westwood_burnout_low_intensity",
        "westwood_burnout_high_intensity",
        "surviving_work_anxiety_depression",
    ),
    "All therapy staff of the health service, who chose to answer": (
        "savoy_2014_depressed",
        "savoy_2015_depressed",
        "savoy_2016_depressed",
        "savoy_2017_depressed",
    ),
    "Records: left the post or the service in a year": (
        "census_2015_left_low_intensity",
        "census_2015_left_high_intensity",
        "nao_2022_left",
    ),
}


def rows_of(evidence: Evidence) -> list[Group]:
    """Shares in groups by who was asked, each with its interval if the survey prints one."""
    frame = evidence.table(TABLE)
    return [
        Group(
            heading,
            [Row(_label(frame.loc[row]), evidence.quantity(TABLE, row, "percent")) for row in ids],
        )
        for heading, ids in GROUPS.items()
    ]


def _label(record: pd.Series) -> str:
    """Question, whom it was put to and the year, as the first words of a line."""
    said = str(record["question"])
    whom = "" if record["staff"] == "all NHS therapy staff" else f", {record['population']}"
    # a population of a financial year names it already
    when = "" if whom[-2:].isdigit() else f", {record['year']:.0f}"
    return f"{said[0].upper()}{said[1:]}{whom}{when}"


@computes
def surveys(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Burnout, low mood and turnover of staff, by how the answers came about."""
    frame = evidence.table(TABLE)
    shares = frame[frame["percent"].notna()]
    chose = shares[shares["sampling"].isin(CHOSE)]
    groups = rows_of(evidence)
    low, high, own = (
        evidence.quantity(TABLE, row, "percent")
        for row in (
            "westwood_burnout_low_intensity",
            "westwood_burnout_high_intensity",
            "surviving_work_burnout",
        )
    )
    waves = [row.quantity for row in groups[1].rows if isinstance(row, Row)]
    waves = sorted(waves, key=lambda wave: wave.value)
    table = Table(
        "Shares of staff in surveys and records, and how people came to answer",
        pd.DataFrame(
            {
                "Question": shares["question"],
                "Survey": shares["survey"],
                "Year": shares["year"].map("{:.0f}".format),
                "Share": [evidence.quantity(TABLE, str(row), "percent") for row in shares.index],
                "People answering": shares["n"],
                "Who": shares["population"],
                "How they came to answer": shares["sampling"],
                "Response rate": shares["response_rate"],
            }
        ),
        rows=evidence.rows(TABLE, shares.index),
        folded=True,
        filters=("Survey", "How they came to answer"),
    )
    title = (
        f"Burnout on a scale: {low} of junior and {high} of senior staff who answered; "
        f"in their own words, {own}"
    )
    picture = (
        "Shares of staff in rows: burnout and low mood among staff of the programme and among all "
        f"therapy staff, who chose to answer, and turnover from records; {key(groups)}."
    )
    return {
        "staff_burnout_low": low,
        "staff_burnout_high": high,
        "staff_burnout_own_words": own,
        "staff_low_mood_own_words": evidence.quantity(
            TABLE, "surviving_work_anxiety_depression", "percent"
        ),
        "staff_depressed_least": waves[0],
        "staff_depressed_most": waves[-1],
        "staff_left_low": evidence.quantity(TABLE, "census_2015_left_low_intensity", "percent"),
        "staff_left_high": evidence.quantity(TABLE, "census_2015_left_high_intensity", "percent"),
        "staff_left_all": evidence.quantity(TABLE, "nao_2022_left", "percent"),
        "staff_asked": evidence.quantity(ASKED, "surviving_work_manipulate_final", "percent"),
        "staff_good_care": evidence.quantity(ASKED, "surviving_work_good_care", "percent"),
        "staff_badly_managed": evidence.quantity(ASKED, "surviving_work_managed", "percent"),
        "staff_concerns": evidence.quantity(ASKED, "cotton_concerns_programme", "percent"),
        "staff_concerns_all": evidence.quantity(ASKED, "cotton_concerns_all", "percent"),
        "staff_chart": Chart(
            title,
            picture,
            table,
            lambda width: interval_rows(groups, width - 16, AXIS, (0, 100)),
        ),
        "staff_shares": derive(len(shares), "count", evidence.rows(TABLE, shares.index)),
        "staff_chose": derive(len(chose), "count", evidence.rows(TABLE, chose.index)),
    }
