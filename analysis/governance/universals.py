"""Statements of none, never and all, of every side, against counter-examples up to their date.

One rule for every claimant: only a case that was there when the statement was made bears on it; one
that meets the statement's own terms refutes it as worded, one that meets them in part narrows it.
Later cases are listed and do not count. No case found is no proof that there is none.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.governance.universals_chart import draw_universals
from analysis.quantity import Quantity, computes, derive
from analysis.tables import Table

STATEMENTS, EXAMPLES = "universal_statements", "counter_examples"
REFUTED, NARROWED, NOTHING = "has counter-examples", "narrowed", "nothing found"
SIDES = {"critic": "critics", "programme": "programme", "independent": "others"}
NAMED = {
    "universal_scrutiny": "s0_decade_without_scrutiny",
    "universal_outcome_audit": "s2_no_outcome_audit",
    "universal_debate": "s0_no_debate_allowed",
}


def tallies(evidence: Evidence) -> pd.DataFrame:
    """Counter-examples of each statement: in its terms, in part, and later or undated.

    The standing follows from the counts: any in its terms refutes, else any in part narrows.
    """
    statements, cases = evidence.table(STATEMENTS), evidence.table(EXAMPLES)
    before = cases["before_claim"] == "yes"
    kinds = {
        "terms": before & (cases["meets_terms"] == "yes"),
        "part": before & (cases["meets_terms"] == "partly"),
        "later": ~before & (cases["meets_terms"] != "no"),
    }
    counts = {
        kind: cases[chosen].groupby("universal_id").size().reindex(statements.index, fill_value=0)
        for kind, chosen in kinds.items()
    }
    found = statements.assign(**counts)
    found["standing"] = [
        REFUTED if row.terms else NARROWED if row.part else NOTHING for row in found.itertuples()
    ]
    return found


def examples(evidence: Evidence, statement: str) -> Quantity:
    """How many cases refute one statement as worded, up to its date."""
    cases = evidence.table(EXAMPLES, universal_id=statement, before_claim="yes", meets_terms="yes")
    rows = evidence.rows(EXAMPLES, cases.index) | evidence.rows(STATEMENTS, [statement])
    return derive(len(cases), "count", rows)


@computes
def statements(evidence: Evidence) -> dict[str, Quantity | Chart | Table]:
    """Every universal statement with its counter-examples, and how many of each side stand."""
    found = tallies(evidence)
    rows = evidence.rows(STATEMENTS, found.index) | evidence.rows(
        EXAMPLES, evidence.table(EXAMPLES).index
    )

    def number(frame: pd.DataFrame) -> Quantity:
        return derive(len(frame), "count", rows)

    refuted, narrowed, nothing = (
        found[found["standing"] == standing] for standing in (REFUTED, NARROWED, NOTHING)
    )
    sides = {side: found[found["side"] == side] for side in SIDES}
    against = {side: refuted[refuted["side"] == side] for side in SIDES}
    table = Table(
        "Universal statements, the counter-examples known up to their date, and what stands",
        pd.DataFrame(
            {
                "Statement": found["statement"],
                "Whose": found["claimant"],
                "Side": found["side"].map(SIDES),
                "Made": found["asserted_on"].replace("", "undated"),
                "In its terms": found["terms"],
                "In part": found["part"],
                "Later or undated": found["later"],
                "Standing": found["standing"],
                "What stands": found["stands"],
            }
        ),
        rows=rows,
        folded=True,
        filters=("Side", "Standing"),
    )
    cases = _cases(evidence)
    title = (
        f"Of {number(found)} universal statements {number(refuted)} have counter-examples in "
        f"their own terms, {number(narrowed)} are narrowed, and against {number(nothing)} nothing "
        "was found up to their date"
    )
    picture = (
        "Statements in groups by whose they are, each with a row of marks: a filled circle for "
        "each counter-example that meets its terms, a hollow circle for each that does in part, "
        "a small cross for each that came later or has no date."
    )
    return {
        "universal_all": number(found),
        "universal_refuted": number(refuted),
        "universal_narrowed": number(narrowed),
        "universal_nothing": number(nothing),
        "universal_critics": number(sides["critic"]),
        "universal_critics_refuted": number(against["critic"]),
        "universal_programme": number(sides["programme"]),
        "universal_programme_refuted": number(against["programme"]),
        **{name: examples(evidence, statement) for name, statement in NAMED.items()},
        "universal_month": evidence.pick(
            "monthly_outcomes", month="2017-12", measure="recovery_rate_percent", preferred=True
        ),
        "universal_cases": cases,
        "universal_chart": Chart(
            title, picture, table, lambda width: draw_universals(found, width)
        ),
    }


def _cases(evidence: Evidence) -> Table:
    """Every case with the statement it is set against, and how it counts."""
    cases, said = evidence.table(EXAMPLES), evidence.table(STATEMENTS)["statement"]
    return Table(
        "Every case that was set against a universal statement, whether it was there before, and "
        "how it counts",
        pd.DataFrame(
            {
                "Case": cases["example"],
                "Date": cases["date"],
                "Against": cases["universal_id"].map(said),
                "There before": cases["before_claim"],
                "Meets its terms": cases["meets_terms"],
                "Rests on": cases["outcome_measure"],
                "Independent": cases["independence"],
                "Why": cases["why"].replace("", "–"),
            }
        ),
        rows=evidence.rows(EXAMPLES, cases.index),
        folded=True,
        filters=("There before", "Meets its terms", "Rests on"),
    )
