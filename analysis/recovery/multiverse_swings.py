"""What moves the number: one choice at a time, and shares of the variance over whole blocks.

Both describe the grid that was laid out, not how often a result holds in the world.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts import Chart
from analysis.evidence import Evidence
from analysis.multiverse import Floats, Swing, shapley_effects, swings
from analysis.quantity import Quantity, computes, derive
from analysis.recovery.bases import BASES
from analysis.recovery.multiverse_bars import Bar, bars
from analysis.recovery.multiverse_counts import SOURCES
from analysis.recovery.multiverse_estimands import REFERENCE, every_row
from analysis.recovery.multiverse_grid import (
    COMPARISONS,
    MISSING,
    OUTCOMES,
    Multiverse,
    service_multiverse,
)
from analysis.tables import Table

CASES, ENDED = "finished_at_caseness", "ended"
SWING_KEY = "Bar: lowest to highest as one choice varies. Number: its length in points."
CHOICES = {
    "denominator": "who is counted",
    "outcome": "what is counted",
    "comparison": "comparator and scale",
    "year": "year",
    "source": "source",
    "missing": "missing last scores",
}
LEVELS = {**BASES, **OUTCOMES, **COMPARISONS, **SOURCES, **MISSING}
SETTINGS = {
    "The official rate": {"denominator": CASES, "outcome": "recovery"},
    "Recovery of everyone whose referral ended": {"denominator": ENDED, "outcome": "recovery"},
    "Reliable recovery of those who finished": {
        "denominator": CASES,
        "outcome": "reliable_recovery",
    },
}


@computes
def multiverse_swings(evidence: Evidence) -> dict[str, Quantity | Chart | Table]:
    """How far one choice moves the number with the others held at a named reference.

    Beside it the Shapley shares of the variance over two fully crossed blocks, each level of each
    choice weighted equally. Both describe the grid as laid out.
    """
    service = service_multiverse(evidence)
    found = {
        name: swings(service.grid, service.values, {**REFERENCE, **settings})
        for name, settings in SETTINGS.items()
    }
    official, ended = list(SETTINGS)[:2]
    wanted = {
        "denominator": (official, "denominator"),
        "year": (official, "year"),
        "source": (official, "source"),
        "missing": (official, "missing"),
        "ended_missing": (ended, "missing"),
    }
    result: dict[str, Quantity] = {
        f"multiverse_swing_{name}": derive(
            found[setting][choice].width,
            "percentage points",
            service.rows(_along(service, SETTINGS[setting], choice)),
        )
        for name, (setting, choice) in wanted.items()
    }
    table = _swing_table(evidence, service, found)
    shares, blocks = _shapley(service)
    base, missing = result["multiverse_swing_denominator"], result["multiverse_swing_ended_missing"]
    return {
        **result,
        **shares,
        "multiverse_swings": Chart(
            title=f"Changing who is counted moves the official rate by {base}; among all whose "
            f"referral ended, the rule for people who left moves it by {missing}",
            alt="Bars for each choice, from the lowest to the highest value it gives while the "
            "others stay at a reference marked by a dot, for each reference. At the official "
            "rate the bar of who is counted is much the longest; for referrals that ended the bar "
            "of missing last scores is as long.",
            table=table,
            draw=lambda width: _draw_swings(found, width),
        ),
        "multiverse_shapley": blocks,
    }


def _along(service: Multiverse, settings: dict[str, str], choice: str) -> pd.DataFrame:
    """The points in which one choice varies and the others stand at the reference."""
    points = service.points
    for name, level in {**REFERENCE, **settings}.items():
        if name != choice:
            points = points[points[name] == level]
    return points


def _swing_table(
    evidence: Evidence, service: Multiverse, found: dict[str, dict[str, Swing]]
) -> Table:
    rows = [
        {
            "Choice": CHOICES[choice],
            "Others held at": name,
            "Lowest": swing.low,
            "Lowest given by": LEVELS.get(swing.low_level, swing.low_level),
            "Highest": swing.high,
            "Highest given by": LEVELS.get(swing.high_level, swing.high_level),
            "Swing": swing.width,
            "Levels": swing.levels,
        }
        for name, choices in found.items()
        for choice, swing in choices.items()
    ]
    return Table(
        "What each choice does with the others held at a reference (2024-25, sums of months, "
        "missing last scores counted as not recovered)",
        pd.DataFrame(rows),
        rows=every_row(evidence, service),
        decimals={"Lowest": 1, "Highest": 1, "Swing": 1},
    )


def _draw_swings(found: dict[str, dict[str, Swing]], width: int) -> alt.LayerChart | alt.FacetChart:
    groups = [
        (
            name,
            [
                Bar(CHOICES[choice], s.low, s.high, s.reference, text=f"{s.width:.1f}")
                for choice, s in sorted(choices.items(), key=lambda item: -item[1].width)
            ],
        )
        for name, choices in found.items()
    ]
    return bars(groups, width, (0, 70), "percent; dot: reference", note=SWING_KEY)


def _shapley(service: Multiverse) -> tuple[dict[str, Quantity], Table]:
    """Shares of variance over two blocks that are fully crossed: bases, and rules for leavers."""
    common = {"comparison": "none", "source": "months", "net": "gross"}
    points = service.points
    points = points[(points[list(common)] == list(common.values())).all(axis=1)]
    points = points[points["outcome"].isin(["recovery", "reliable_recovery"])]
    published = points["missing"] == "not_recovered"
    bases = points["denominator"]
    latest = points.loc[(bases == "referred") & published, "year"].unique()
    blocks = {
        "Who is counted": (points[published & points["year"].isin(latest)], "denominator"),
        "Referrals that ended": (
            points[(bases == ENDED) & points["missing"].isin(["not_recovered", "finishers"])],
            "missing",
        ),
    }
    names = {
        "denominator": "multiverse_shapley_denominator",
        "missing": "multiverse_shapley_missing",
    }
    shares, rows = {}, []
    for block, (chosen, first) in blocks.items():
        choices = [first, "outcome", "year"]
        cube = _cube(chosen, choices)
        effects = 100 * shapley_effects(cube) / cube.var()
        quantity = derive(effects[0], "percent", service.rows(chosen))
        shares[names[first]] = quantity
        rows += [
            {
                "Choice": CHOICES[choice],
                "Block": block,
                "Levels": cube.shape[axis],
                "Share of variance, percent": effects[axis],
            }
            for axis, choice in enumerate(choices)
        ]
    everything = service.rows(pd.concat([chosen for chosen, _ in blocks.values()]))
    return shares, Table(
        "Shapley shares of the variance over fully crossed blocks of the grid, every level "
        "weighted equally (sums of months): a description of the grid, not of the world",
        pd.DataFrame(rows),
        rows=everything,
        decimals={"Share of variance, percent": 1},
    )


def _cube(points: pd.DataFrame, choices: list[str]) -> Floats:
    """Values with one axis a choice, NaN where a combination is missing."""
    series = points.set_index(choices)["value"]
    levels = [points[choice].unique() for choice in choices]
    full = series.reindex(pd.MultiIndex.from_product(levels))
    cube: Floats = full.to_numpy().reshape([len(level) for level in levels])
    return cube
