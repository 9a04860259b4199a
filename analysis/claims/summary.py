"""Count the verdicts: by kind of claim, with repeats and series collapsed.

Claims were not sampled: the documents were chosen because they state both cases. Shares of
verdicts by claimant would measure that choice, so none are given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, Chart
from analysis.quantity import Quantity, derive, lineage
from analysis.ruling import Ruling
from analysis.tables import Table
from analysis.verdicts import REPRODUCED, RULES_DATE, UNCHECKABLE, VERDICTS, Verdict

SERIES = "series"
KINDS = {
    "figure": "a figure",
    "arithmetic": "a sum of figures",
    "universal": "all, none or each",
    "majority": "most",
    "comparative": "more or less",
    "standard": "a standard or target",
    "definition": "a definition",
    "date": "a date",
    "series": "a point of a series",
}

Rulings = Mapping[str, Ruling]
TOTALS = ("ledger_claims", "ledger_live", "ledger_inherited", "ledger_groups")


def rules(rulings: Rulings) -> dict[str, Table]:
    """The classes of verdict and the rules that give them, in the order in which they decide."""
    listed = pd.DataFrame(
        [{"Order": i, "Verdict": v.label, "Rule": v.rule} for i, v in enumerate(VERDICTS, 1)]
    )[["Verdict", "Rule", "Order"]]
    rows = lineage(*(ruling.rows for ruling in rulings.values()))
    caption = f"The rules as of {RULES_DATE}; the first that applies decides"
    return {"ledger_rules": Table(caption, listed, rows=rows)}


def collapsed(rulings: Rulings) -> dict[str, list[Ruling]]:
    """Claims without their repeats; the members of a series together, under its name."""
    groups: dict[str, list[Ruling]] = {}
    for row, ruling in rulings.items():
        if not ruling.claim.repeat_of:
            of_series = ruling.claim.kind == SERIES and ruling.claim.series
            groups.setdefault(of_series or row, []).append(ruling)
    return groups


def group_verdict(group: Sequence[Ruling]) -> Verdict:
    """The verdict of a group: that of its members which stands first in the rules."""
    return min((ruling.verdict for ruling in group), key=VERDICTS.index)


def counts(rulings: Rulings) -> dict[str, Quantity]:
    """How many claims there are, how many have a live check, and how the verdicts fall."""
    rows = lineage(*(ruling.rows for ruling in rulings.values()))
    groups = collapsed(rulings)
    by_verdict = Counter(group_verdict(group) for group in groups.values())
    live = sum(ruling.live for ruling in rulings.values())
    inherited = sum(bool(ruling.inherited) for ruling in rulings.values())
    numbers = dict(zip(TOTALS, (len(rulings), live, inherited, len(groups)), strict=True))
    numbers |= {
        f"ledger_{verdict.label.replace(' ', '_').replace('-', '_')}": by_verdict[verdict]
        for verdict in VERDICTS
    }
    return {name: derive(number, "count", rows) for name, number in numbers.items()}


def by_kind(rulings: Rulings) -> dict[str, Chart]:
    """Verdicts by kind of claim, hits beside misses."""
    groups = collapsed(rulings).values()
    cells = Counter((group_verdict(group), group[0].claim.kind) for group in groups)
    kinds = [kind for kind in KINDS if any(kind == found for _, found in cells)]
    frame = pd.DataFrame(
        [
            {"verdict": verdict.label, "kind": KINDS[kind], "claims": cells[verdict, kind]}
            for verdict in VERDICTS
            for kind in kinds
        ]
    )
    wide = frame.pivot(index="verdict", columns="kind", values="claims")
    wide = wide.loc[[v.label for v in VERDICTS], [KINDS[kind] for kind in kinds]]
    wide.insert(0, "all kinds", wide.sum(axis=1))
    table = wide.reset_index().rename(columns={"verdict": "Verdict"})
    rows = lineage(*(ruling.rows for ruling in rulings.values()))
    of_verdict = Counter(group_verdict(group) for group in groups)
    title = (
        f"Of {of_verdict.total()} distinct claims {of_verdict[REPRODUCED]} are reproduced as they "
        f"stand and {of_verdict[UNCHECKABLE]} are not checkable with the evidence seen"
    )
    bars = pd.DataFrame(
        [
            {"verdict": f"{verdict.label}: {number}", "claims": number}
            for verdict, number in of_verdict.most_common()
        ]
    )

    def draw(width: int) -> alt.LayerChart | alt.FacetChart:
        """Bars from the most frequent verdict down, each under its name and number."""
        base = alt.Chart(bars).encode(y=alt.Y("verdict:N", sort=None, axis=None))
        mark = base.mark_bar(color=MUTED, height=9, yOffset=8)
        name = base.mark_text(align="left", dy=-5, color=INK).encode(x=alt.value(0))
        both = alt.layer(mark.encode(x=alt.X("claims:Q", axis=None)), name.encode(text="verdict:N"))
        return both.properties(width=width, height=32 * len(bars))

    alt_text = f"Bars of the number of distinct claims by verdict, longest first. {title}."
    caption = "Distinct claims by verdict and kind of claim"
    chart = Chart(title, alt_text, Table(caption, table, rows=rows), draw)
    return {"ledger_by_kind": chart}
