"""The multiverse at a glance: one row a question, what is left out and why, and what moves it."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, OFFICIAL, TRIAL, Chart
from analysis.evidence import Evidence
from analysis.quantity import Quantity, computes
from analysis.recovery.multiverse_bars import Bar, bars
from analysis.recovery.multiverse_estimands import (
    Estimand,
    all_points,
    answer,
    critic_reference,
    earlier_references,
    estimand_table,
    estimands,
    every_row,
    extreme,
    trial_difference,
)
from analysis.recovery.multiverse_grid import service_multiverse
from analysis.tables import Table

CASES, ENDED = "finished_at_caseness", "ended"
KEY = (
    "Dot: reference (2024-25). Dark bar: range over the options. Pale bar: with a rule for people "
    "who left. Thin line: bounds for the unmeasured, or 95% limits. Shaded: the critic's figure."
)


@computes
def multiverse_summary(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """One row a question: range over its admissible options, the reference and the limits.

    The reference options are 2024-25, sums of months, missing last scores counted as not
    recovered. Ranges describe the options laid out; nothing is pooled over questions.
    """
    service = service_multiverse(evidence)
    items = estimands(all_points(service))
    critic, earlier = critic_reference(evidence), earlier_references(evidence)
    table = estimand_table(evidence, service)
    months = {"source": "months", "outcome": "recovery"}
    recovery = {"outcome": "recovery", "net": "gross"}
    carried = {"outcome": "reliable_recovery", "net": "net"}
    found: dict[str, Quantity | Chart] = {
        "multiverse_official": answer(service, denominator=CASES, **months),
        "multiverse_started": answer(service, denominator="started", **months),
        "multiverse_ended": answer(service, denominator=ENDED, **months),
        "multiverse_referred": answer(service, denominator="referred", **months),
        "multiverse_ended_waiting_list": answer(
            service, denominator=ENDED, missing="waiting_list", **months
        ),
        "multiverse_ended_finishers": answer(
            service, denominator=ENDED, missing="finishers", **months
        ),
        "multiverse_official_lowest": extreme(service, "low", denominator=CASES, **recovery),
        "multiverse_official_highest": extreme(service, "high", denominator=CASES, **recovery),
        "multiverse_referred_lowest": extreme(service, "low", denominator="referred", **recovery),
        "multiverse_referred_highest": extreme(service, "high", denominator="referred", **recovery),
        "multiverse_improved_highest": extreme(
            service, "high", denominator="finished", outcome="reliable_improvement"
        ),
        "multiverse_deteriorated": answer(service, denominator="finished", outcome="deterioration"),
        "multiverse_net_lowest": extreme(service, "low", denominator=CASES, **carried),
        "multiverse_net_highest": extreme(service, "high", denominator=CASES, **carried),
        "multiverse_critic": critic,
        "multiverse_earlier_referred": earlier["referred"],
    }
    for name, trial, horizon in (
        ("multiverse_norway_later", "pmhc", "12"),
        ("multiverse_reeact_first", "reeact", "4"),
        ("multiverse_reeact_later", "reeact", "12"),
    ):
        found[name] = trial_difference(service, trial, horizon)
    low, high = found["multiverse_referred"], found["multiverse_official"]
    found["multiverse_summary"] = Chart(
        title=f"The same recoveries are {low} of referrals received and {high} of those who "
        "finished and were cases at the start: each is the answer to another question",
        alt="Rows of bars, one for each question, grouped by outcome. Within recovery and reliable "
        "recovery the bars fall in steps from those who finished to those referred; pale "
        "extensions show rules for people who left, thin lines what is not identified. A shaded "
        "band marks the critic's figure with its interval, outside the grid. Below, differences "
        "from usual care: positive in the Norwegian trial, of either sign in REEACT.",
        table=table,
        draw=lambda width: _draw_summary(items, critic, earlier, width),
    )
    return found


def _draw_summary(
    items: list[Estimand], critic: Quantity, earlier: dict[str, Quantity], width: int
) -> alt.VConcatChart:
    groups: dict[str, list[Bar]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(_bar(item))
    shares = [(name, rows) for name, rows in groups.items() if not _net(items, name)]
    nets = [(name, rows) for name, rows in groups.items() if _net(items, name)]
    low, high = critic.interval.limits or (critic.value, critic.value)
    marks = [
        Bar(
            "the critic's interviews",
            np.nan,
            np.nan,
            critic.value,
            np.nan,
            low,
            high,
            CRITIC,
            critic.number(),
        ),
        *(
            Bar(
                f"Griffiths and Steen: {base}",
                np.nan,
                np.nan,
                rate.value,
                colour=CRITIC,
                text=rate.number(),
            )
            for base, rate in earlier.items()
        ),
    ]
    shares.insert(1, ("Outside the grid: another instrument and sample, or an earlier year", marks))
    top = bars(shares, width, (0, 90), "percent of those counted", (critic.value, low, high), KEY)
    bottom = bars(nets, width, (-35, 40), "percentage points more than under usual care")
    return alt.vconcat(top, bottom, spacing=18)


def _net(items: list[Estimand], group: str) -> bool:
    return any(item.key[2] == "net" for item in items if item.group == group)


def _bar(item: Estimand) -> Bar:
    low, high, kind = item.limits
    counted = item.counted["value"]
    return Bar(
        item.label,
        counted.min(),
        counted.max(),
        item.reference,
        item.points["value"].max(),
        low if kind != "none" else np.nan,
        high if kind != "none" else np.nan,
        TRIAL if item.key[2] == "net" or "trial" in item.group else OFFICIAL,
        f"{item.reference:.1f}".replace("-", "−"),
    )


@computes
def multiverse_admissibility(evidence: Evidence) -> dict[str, Table]:
    """Every reason for leaving combinations out, with how many it is the first to exclude."""
    service = service_multiverse(evidence)
    trials = service.trials
    rows = [
        {"Rule": f"{name}: {rule.name}", "Reason": rule.reason, "Excluded first": count}
        for name, found in (("England", service.screening), ("Trials", trials.screening))
        for rule, count in zip(found.rules, found.excluded().values(), strict=True)
    ]
    size = service.grid.size + trials.grid.size
    left = len(service.points) + len(trials.points)
    caption = (
        f"Why combinations are left out: of {size:,} in both grids {left} are evaluated, every "
        "other one falls to the first of these rules, in this order, that fits it"
    )
    return {
        "multiverse_admissibility": Table(
            caption, pd.DataFrame(rows), rows=every_row(evidence, service), folded=True
        )
    }
