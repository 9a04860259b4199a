"""The recovery index as a picture, and what "greater than" or "at least" changes in it."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, TRIAL, Align, Chart
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.quantity import RECORD, Quantity, computes, derive
from analysis.recovery_index import REGIONS, RecoveryRule, RegionMap, phq9_region_map
from analysis.tables import Table

RECOVERY = REGIONS[:2]
FILL = {
    REGIONS[0]: (OFFICIAL, 0.45),
    REGIONS[1]: (OFFICIAL, 0.25),
    REGIONS[2]: (TRIAL, 0.25),
    REGIONS[3]: (MUTED, 0.15),
    REGIONS[4]: (INK, 0.35),
    REGIONS[5]: (TRIAL, 0.1),
    REGIONS[6]: (MUTED, 0.05),
    REGIONS[7]: (INK, 0.2),
}
LABELS = {
    REGIONS[0]: "reliable|recovery",
    REGIONS[1]: "recovered,|with small|change →",
    REGIONS[2]: "improved,|still a case",
    REGIONS[3]: "no reliable|change",
    REGIONS[4]: "worse",
    REGIONS[7]: "not a case|at start,|worse",
    REGIONS[6]: "not a case|at start",
}
BESIDE = {REGIONS[1]: (9.1, 7.1), REGIONS[6]: (3.3, 1.7)}  # where the middle leaves no room


def whole_score_rule(
    evidence: Evidence, phq9: str, gad7: str, *, caseness_as: str = "", change_as: str = ""
) -> RecoveryRule:
    """The rule of two rows of thresholds, one for each scale, made exact for whole scores.

    A case above t is a case from the next whole score on, and at least t from t on. `caseness_as`
    and `change_as` name a PHQ-9 row whose operator is used in place of the rows' own.

    Raises:
        LookupFault: a row names no operator.
    """
    table = evidence.table("thresholds")
    case_operator = table.loc[caseness_as or phq9, "caseness_operator"]
    change_operator = table.loc[change_as or phq9, "reliable_change_operator"]
    if not {case_operator, change_operator} <= {">", ">="}:
        raise LookupFault(f"table 'thresholds', rows {phq9!r}, {gad7!r}: no operator is stated")

    def case(row: str) -> int:
        score = float(table.loc[row, "caseness_threshold"])
        return math.floor(score) + 1 if case_operator == ">" else math.ceil(score)

    return RecoveryRule(
        case(phq9),
        case(gad7),
        float(table.loc[phq9, "reliable_change_threshold"]),
        float(table.loc[gad7, "reliable_change_threshold"]),
        strict=bool(change_operator == ">"),
    )


@computes
def index_picture(
    evidence: Evidence,
    *,
    at_least: tuple[str, str] = ("phq9_registry", "gad7_registry"),
    greater_than: tuple[str, str] = ("phq9_guide_text", "gad7_guide_text"),
) -> dict[str, Quantity | Table | Chart]:
    """Every pair of PHQ-9 scores before and after, and the pairs that the operators move.

    The rows `at_least` state that a threshold itself counts, the rows `greater_than` that only a
    score beyond it does: run both ways, for caseness and for reliable change apart and together.
    A pair of scores is not a person: shares of pairs are not shares of people.
    """
    rule = whole_score_rule(evidence, *at_least)
    top = math.floor(float(evidence.table("thresholds").loc[at_least[0], "score_max"]))
    rows = evidence.rows("thresholds", [*at_least, *greater_than])
    grid = phq9_region_map(rule, top)
    readings = {
        "change": whole_score_rule(evidence, *at_least, change_as=greater_than[0]),
        "caseness": whole_score_rule(evidence, *at_least, caseness_as=greater_than[0]),
        "both": whole_score_rule(evidence, *greater_than),
    }
    moved = {name: _moved(grid, phq9_region_map(other, top)) for name, other in readings.items()}
    pairs = len(grid.region)

    def count(value: float) -> Quantity:
        return derive(float(value), "count", rows, interval=RECORD)

    thresholds = {
        f"index_{scale}_{kind}": _threshold(evidence, row, kind)
        for scale, row in zip(("phq9", "gad7"), at_least, strict=True)
        for kind in ("caseness", "change")
    }
    cells = pd.Series(grid.region).value_counts()
    reliable, plain = (int(cells.get(region, 0)) for region in RECOVERY)
    chart = Chart(
        title=(
            f"With GAD-7 held at its lowest score, {count(reliable + plain)} pairs of PHQ-9 "
            f"scores count as recovered; {count(plain)} of them fall by less than a reliable change"
        ),
        alt=(
            "A square of all PHQ-9 scores, before across and after upwards. Recovery is the lower "
            f"right block: {thresholds['index_phq9_caseness']} or more before and less after. Most "
            "of the block is reliable recovery; a small triangle at its inner corner is recovery "
            "without reliable improvement. Above the block, people still at caseness improved "
            "reliably, did not change reliably, or deteriorated. On the left, people who were not "
            "at caseness at the start are outside the published rate. GAD-7 is held at its lowest "
            "score, so this is a slice of the index."
        ),
        table=Table(
            "PHQ-9 pairs of whole scores in each region of the index, with GAD-7 at its lowest "
            "before and after.",
            pd.DataFrame(
                [(region, int(cells.get(region, 0))) for region in REGIONS],
                columns=["Region", "Pairs of scores"],
            ),
            rows=rows,
        ),
        draw=lambda width: _draw(width, grid, rule, top),
    )
    conflict = Table(
        "Pairs of PHQ-9 scores whose class changes when a threshold must be exceeded and not only "
        "reached. GAD-7 is held at its lowest score.",
        pd.DataFrame(
            [
                (label, moved[name][0], 100 * moved[name][0] / pairs, *moved[name][1:])
                for name, label in (
                    ("change", "Reliable change only"),
                    ("caseness", "Caseness only"),
                    ("both", "Both"),
                )
            ],
            columns=[
                "Greater than, for",
                "Pairs moved",
                "Percent of pairs",
                "In or out of recovery",
                "In or out of reliable recovery",
            ],
        ),
        rows=rows,
        decimals={"Percent of pairs": 1},
    )
    return {
        **thresholds,
        "index_pairs_change": count(moved["change"][0]),
        "index_pairs_caseness": count(moved["caseness"][0]),
        "index_pairs_both": count(moved["both"][0]),
        "index_pairs_both_share": derive(
            100 * moved["both"][0] / pairs, "percent", rows, interval=RECORD
        ),
        "index_pairs_recovery": count(moved["caseness"][1]),
        "index_pairs_reliable_recovery": count(moved["change"][2]),
        "index_map": chart,
        "index_conflict": conflict,
    }


def _threshold(evidence: Evidence, row: str, kind: str) -> Quantity:
    column = {"caseness": "caseness_threshold", "change": "reliable_change_threshold"}[kind]
    found = evidence.quantity("thresholds", row, column)
    return derive(found.value, "count" if kind == "caseness" else "points", found, decimals=0)


def _moved(first: RegionMap, second: RegionMap) -> tuple[int, int, int]:
    """Pairs whose region changes, that enter or leave recovery, and reliable recovery."""
    recovery, reliable = (
        int((np.isin(first.region, regions) != np.isin(second.region, regions)).sum())
        for regions in (RECOVERY, RECOVERY[:1])
    )
    return int((first.region != second.region).sum()), recovery, reliable


def _blocks(grid: RegionMap) -> pd.DataFrame:
    """Columns of neighbouring pairs in one region: before, first and last after, region."""
    frame = pd.DataFrame({"before": grid.before, "after": grid.after, "region": grid.region})
    new = (frame["region"] != frame["region"].shift()) | (frame["after"] == 0)
    blocks = frame.groupby(new.cumsum(), sort=False)
    return blocks.agg(
        before=("before", "first"),
        low=("after", "min"),
        high=("after", "max"),
        region=("region", "first"),
    )


def _draw(
    width: int, grid: RegionMap, rule: RecoveryRule, top: int
) -> alt.LayerChart | alt.FacetChart:
    side = (9 if width < 400 else 16) * (top + 1)  # whole pixels a score, or seams show
    blocks = _blocks(grid).assign(
        left=lambda f: f["before"] - 0.5,
        right=lambda f: f["before"] + 0.5,
        low=lambda f: f["low"] - 0.5,
        high=lambda f: f["high"] + 0.5,
    )
    scale = alt.Scale(domain=[-0.5, top + 0.5], nice=False)
    axis = alt.Axis(values=list(range(0, top + 1, 5)), grid=False)
    x = alt.X("before:Q", title="PHQ-9 before", scale=scale, axis=axis)
    y = alt.Y("after:Q", title="PHQ-9 after", scale=scale, axis=axis)
    layers: list[alt.Chart] = []
    for region, (color, opacity) in FILL.items():
        own = blocks[blocks["region"] == region].drop(columns=["region", "before"])
        layers.append(
            alt.Chart(own)
            .mark_rect(color=color, opacity=opacity)
            .encode(
                alt.X("left:Q", title="PHQ-9 before", scale=scale, axis=axis),
                alt.Y("low:Q", title="PHQ-9 after", scale=scale, axis=axis),
                alt.X2("right:Q"),
                alt.Y2("high:Q"),
            )
        )
    edge = float(rule.phq9_caseness) - 0.5
    lines = alt.Chart(pd.DataFrame({"before": [edge], "after": [edge]}))
    layers += [lines.mark_rule(color=INK).encode(x), lines.mark_rule(color=INK).encode(y)]
    middle = pd.DataFrame({"b": grid.before, "a": grid.after + 0.7}).groupby(grid.region).mean()
    for region, words in LABELS.items():
        if region not in middle.index:
            continue
        before, after = BESIDE.get(region, middle.loc[region])
        at = pd.DataFrame({"before": [before], "after": [after]})
        align: Align = "right" if words.endswith("→") else "center"
        mark = alt.Chart(at).mark_text(align=align, lineBreak="|", color=INK, baseline="middle")
        layers.append(mark.encode(x, y, text=alt.value(words)))
    return alt.layer(*layers).properties(width=side, height=side)
