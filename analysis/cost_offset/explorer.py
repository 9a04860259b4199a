"""The break-even explorer: both camps' settings and the linked study's, beside one another."""

from __future__ import annotations

import pandas as pd

from analysis.charts import Chart
from analysis.cost_offset.break_even import MONTHS, READ_AT, payback_text, pounds
from analysis.cost_offset.explorer_chart import draw_break_even
from analysis.cost_offset.presets import Preset, presets
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Quantity, computes, lineage
from analysis.tables import Table


@computes
def explorer(evidence: Evidence) -> dict[str, Quantity | Table | Chart]:
    """Payback and net benefit of every preset, and the same to explore."""
    chosen = presets(evidence)
    founders, critic, at_once, gradual, with_saving = chosen
    settings = {preset.name: preset.settings for preset in chosen}
    months = {preset.name: preset.settings.payback() for preset in chosen}
    paid = [preset.name for preset in chosen if months[preset.name]]
    title = (
        f"Of these settings {_listed(paid)} pay back within the years drawn; move the sliders to "
        f"try others"
    )
    alt_text = (
        "A line of the running balance per person treated, Exchequer and NHS together, by months "
        "since treatment. It starts with the cost and rises with what comes back; a "
        "point marks the month in which it breaks even. Printed above are that month and the net "
        "benefit at each horizon. Months beyond the evidence are shaded."
    )
    table = _results(chosen)
    start = gradual.settings
    found: dict[str, Quantity | Table | Chart] = {
        "explorer_founders_net": _net(founders, READ_AT[1]),
        "explorer_critic_net": _net(critic, READ_AT[1]),
        "explorer_linked_net": _net(at_once, READ_AT[1]),
        "explorer_gradual_net": _net(gradual, READ_AT[1]),
        "explorer_saving_net": _net(with_saving, READ_AT[1]),
        "explorer_founders_months": evidence.quantity(
            "payback_versions", "founders_2014_months_each"
        ),
        "explorer": Chart(
            title, alt_text, table, lambda w: draw_break_even(start, settings, w), interactive=True
        ),
    }
    return found


def _net(preset: Preset, month: int) -> Quantity:
    return Quantity(preset.settings.net(month), "GBP", UNSTATED, preset.rows)


def _listed(names: list[str]) -> str:
    return " and ".join(f"“{name}”" for name in names) if names else "none"


def _results(chosen: tuple[Preset, ...]) -> Table:
    """Every preset with its settings and results: what the page shows without its script."""
    rows = []
    for preset in chosen:
        s = preset.settings
        rows.append(
            {
                "Settings": preset.name,
                "Cost, GBP": s.cost,
                "More in work, points": s.effect,
                "Full in month": s.full_at,
                "Lasts, months": s.lasts,
                "Value of a month, GBP": s.value,
                "NHS saving, GBP": s.saving,
                "Discount, percent": s.rate,
                "Months of work a person": s.person_months(),
                "Pays back": payback_text(s.payback()),
            }
            | {f"Net after {month} months": pounds(s.net(month)) for month in READ_AT}
        )
    frame = pd.DataFrame(rows)
    decimals = {
        "Cost, GBP": 0, "More in work, points": 2, "Full in month": 0, "Lasts, months": 0,
        "Value of a month, GBP": 0, "NHS saving, GBP": 0, "Discount, percent": 1,
        "Months of work a person": 2,
    }  # fmt: skip
    caption = (
        f"Break-even of Exchequer and NHS together per person treated, to month {MONTHS}, for the "
        f"terms of each side and of the linked study; the study gives no figure after month "
        f"{READ_AT[1]}"
    )
    return Table(caption, frame, rows=lineage(*(p.rows for p in chosen)), decimals=decimals)
