"""The multiverse in the reader's hands: one question at a time, its answers and their choices.

There is no curve over several questions; where a question has no answer the reason is shown.
"""

from __future__ import annotations

import textwrap

import pandas as pd

from analysis.charts import CRITIC, INK, Chart
from analysis.evidence import Evidence
from analysis.quantity import computes
from analysis.recovery.bases import BASES
from analysis.recovery.multiverse_curves import MARKS
from analysis.recovery.multiverse_estimands import (
    REFERENCE,
    all_points,
    critic_reference,
    earlier_references,
    estimands,
    every_row,
    official_rate,
)
from analysis.recovery.multiverse_explorer_chart import CODES, draw_explorer
from analysis.recovery.multiverse_grid import OUTCOMES, Multiverse, service_multiverse
from analysis.recovery.multiverse_trials import TRIAL_OUTCOMES, TRIALS
from analysis.tables import Table


@computes
def multiverse_explorer(
    evidence: Evidence, start: str = "finished_at_caseness"
) -> dict[str, Chart]:
    """One question at a time, chosen in the page: its curve, its choices, or why there is none.

    `start` is the base that is shown first.
    """
    service = service_multiverse(evidence)
    points = all_points(service)
    data = _explorer_points(points)
    bases = [code for code in CODES if code in set(data["d"])]
    lines = _explorer_lines(evidence, points)
    reasons = _explorer_reasons(service, data, bases)
    first = lines[(lines["d"] == start) & (lines["k"] == 0)]["v"].iloc[0]
    return {
        "multiverse_explorer": Chart(
            title=f"The official question has {first:.1f}% as its printed answer for 2024-25: "
            "choose another, and see its answers and the choices that give them",
            alt="A curve of the admissible answers to one question in rising order, with marks "
            "beneath for the year and the other choices of each. First shown: recovery among "
            "those who finished as cases at the start. Menus choose who is counted, what is "
            "counted, gross or net, and the years; a question without an answer shows the reason.",
            table=_point_table(evidence, service, data),
            draw=lambda width: draw_explorer(data, lines, reasons, start, width),
            interactive=True,
        )
    }


def _explorer_points(points: pd.DataFrame) -> pd.DataFrame:
    """Short columns: d base, o outcome, g gross or net, k year, s source, m missing, c scale."""
    trial = points["denominator"].isin(list(TRIALS))
    return pd.DataFrame(
        {
            "d": points["denominator"].where(
                ~trial, points["denominator"] + "_" + points["horizon"]
            ),
            "o": points["outcome"],
            "g": points["net"],
            "k": points["year"].str[:4].replace("", "0").astype(int),
            "s": points["source"].map({**MARKS["source"], "trial": ""}),
            "m": points["missing"].map(MARKS["missing"]),
            "c": points["comparison"].map(MARKS["comparison"]).fillna(""),
            "v": points["value"].round(2),
            "a": points["low"].fillna(points["least"]).round(2),
            "z": points["high"].fillna(points["most"]).round(2),
        }
    )


def _explorer_lines(evidence: Evidence, points: pd.DataFrame) -> pd.DataFrame:
    """Reference lines: printed official rates (k = 0), and what stands outside the grid (k = 1)."""
    critic, earlier = critic_reference(evidence), earlier_references(evidence)
    rows = []
    for item in estimands(points):
        if (printed := official_rate(evidence, item)) is not None:
            label = f"printed {REFERENCE['year']}: {printed.number()}"
            rows.append((*item.key[:2], printed.value, printed.value, printed.value, label, 0))
    low, high = critic.interval.limits or (critic.value, critic.value)
    for base in BASES:
        label = f"outside: critic's interviews {critic.number()}"
        rows.append((base, "recovery", critic.value, low, high, label, 1))
        if base in earlier:
            label = f"outside: Griffiths and Steen {earlier[base].number()}"
            rows.append((base, "recovery", *3 * (earlier[base].value,), label, 1))
    frame = pd.DataFrame(rows, columns=["d", "o", "v", "a", "z", "t", "k"])
    return frame.assign(g="gross", f=frame["k"].map({0: INK, 1: CRITIC})).round(2)


def _explorer_reasons(service: Multiverse, data: pd.DataFrame, bases: list[str]) -> pd.DataFrame:
    """Why a question has no answer: the first rule that excludes it at the reference options."""
    answered = set(map(tuple, data[["d", "o", "g"]].drop_duplicates().to_numpy()))
    outcomes = [*OUTCOMES, "remission"]
    rows = []
    for base in bases:
        for outcome in outcomes:
            for net in ("gross", "net"):
                if (base, outcome, net) not in answered:
                    reason = _reason(service, base, outcome, net)
                    rows.append((base, outcome, net, "\n".join(textwrap.wrap(reason, 38))))
    return pd.DataFrame(rows, columns=["d", "o", "g", "t"])


def _reason(service: Multiverse, base: str, outcome: str, net: str) -> str:
    if base in BASES and outcome in OUTCOMES:
        scale = "none" if net == "gross" else "rd_6"
        settings = {**REFERENCE, "denominator": base, "outcome": outcome, "comparison": scale}
        found, at = service.screening, service.grid.position(settings)
    elif base not in BASES and outcome in TRIAL_OUTCOMES:
        trial, horizon = base.split("_")
        settings = {"denominator": trial, "outcome": outcome, "net": net, "horizon": horizon}
        settings |= {"missing": "model", "later": "between_arms"}
        found, at = service.trials.screening, service.trials.grid.position(settings)
    elif base in BASES:
        return "England's published index uses both scales; PHQ-9 alone is not counted."
    else:
        return "The trial was not seen to report this outcome."
    return found.rules[int(found.first[at])].reason


def _point_table(evidence: Evidence, service: Multiverse, data: pd.DataFrame) -> Table:
    """Every admissible combination with its value."""
    outcomes = {**OUTCOMES, **TRIAL_OUTCOMES}
    frame = pd.DataFrame(
        {
            "Who is counted": data["d"].map(CODES),
            "What is counted": data["o"].map(outcomes),
            "Net": data["g"],
            "Year from April": data["k"].astype(str).replace("0", ""),
            "Source": data["s"],
            "Missing last scores": data["m"],
            "Comparator scale": data["c"],
            "Value": data["v"],
        }
    )
    return Table(
        f"All {len(frame)} admissible combinations; percent, or percentage points where net",
        frame,
        rows=every_row(evidence, service),
        decimals={"Value": 1},
    )
