"""Months of work that the linked study supports, beside what each version of the claim needs."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import CRITIC, INK, MUTED, OFFICIAL, RULE, Chart
from analysis.cost_offset.parameters import parameters
from analysis.cost_offset.thresholds import months_needed, value_of_month
from analysis.cost_offset.versions import Version, versions
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.payback import LONGEST, Shape
from analysis.quantity import UNSTATED, Quantity, computes, derive
from analysis.tables import Table

EFFECTS, CLAIMS = "employment_effects", "payback_versions"
LINKED = {"all": "ons_employment_all", "unemployed": "ons_employment_unemployed"}
NAMES = {"all": "All who finished", "unemployed": "Unemployed at referral"}
HELD, GRADUAL = "held from the first month", "reached gradually"
YEAR = 12  # months
RETURNS = "NHS cost returns, value by group"
NARROW, HEIGHT, MARGIN = 400, 210, 92
ALMOST = 1e-9


@dataclass(frozen=True)
class Path:
    """How many more are in work by month: the largest estimate of a group and its month.

    Args:
        most: percentage points of those who finished.
        month: month of that estimate, which for all is also the last of the evidence.
    """

    most: Quantity
    month: Quantity

    def shape(self, how: str) -> Shape:
        """The effect as a share of its maximum, kept once it is reached."""
        return Shape(1 if how == HELD else max(1, round(self.month.value)), LONGEST)

    def gained(self, month: Quantity | float, how: str) -> Quantity:
        """Months of work gained a person by a month, not discounted.

        The largest estimate held from the first month is an upper bound to every path whose
        yearly estimates are no larger; the gradual path is one of them and no bound.
        """
        by = round(month.value if isinstance(month, Quantity) else month)
        value = self.most.value / 100 * float(self.shape(how).months_of_full_effect(by))
        inputs = [self.most, *([self.month] if how == GRADUAL else [])]
        inputs += [month] if isinstance(month, Quantity) else []
        return derive(value, "months", *inputs, interval=UNSTATED, decimals=2)

    def reaches(self, needed: Quantity, how: str) -> Quantity:
        """Month by whose end the months needed have been gained, the effect kept for good.

        Raises:
            LookupFault: not within fifty years.
        """
        by_month = self.most.value / 100 * np.cumsum(self.shape(how).by_month(LONGEST))
        enough = by_month >= needed.value - ALMOST
        if not enough.any():
            raise LookupFault(f"an effect of {self.most} does not give {needed} of work in time")
        inputs = [self.most, needed, *([self.month] if how == GRADUAL else [])]
        return derive(int(np.argmax(enough)) + 1, "months", *inputs, interval=UNSTATED)


def linked_path(evidence: Evidence, group: str) -> Path:
    """The largest estimate of the linked study for a group, and its month."""
    row = LINKED[group]
    return Path(*(evidence.quantity(EFFECTS, row, name) for name in ("estimate", "horizon_months")))


def needs(evidence: Evidence, group: str) -> dict[str, Version]:
    """Every version of the claim by its label, and what NHS cost returns need.

    The versions take one value of a month for everyone, that of a person on benefit; for the cost
    returns it is the value of the group's own months.
    """
    given = parameters(evidence)
    cost = given["cost_course_all"].quantity
    value = value_of_month(given) if group == "all" else given["job_month_unemployed"].quantity
    found = {version.label: version for version in versions(evidence)}
    return found | {RETURNS: Version(RETURNS, INK, cost, value, months_needed(cost, value))}


@computes
def supported(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Months of work supported by month, all and unemployed, against what is needed."""
    paths = {group: linked_path(evidence, group) for group in LINKED}
    asked = {group: needs(evidence, group) for group in LINKED}
    expected = evidence.quantity(CLAIMS, "founders_2007_payback")
    certain = evidence.quantity(CLAIMS, "founders_2007_payback_certain")
    last = paths["all"].month
    found: dict[str, Quantity | Chart] = {
        "work_claimed_payback": expected,
        "work_claimed_certain": certain,
        "work_supposed_share": evidence.quantity(CLAIMS, "founders_2014_share"),
        "work_supposed_months": evidence.quantity(CLAIMS, "founders_2014_months_each"),
        "work_supposed_share_2024": evidence.quantity(CLAIMS, "founders_2024_share"),
    }
    named = {_short(version): version.needed for version in asked["all"].values()}
    for year in ("2014", "2015", "2024"):
        found[f"work_needed_{year}"] = named[year]
    found["work_needed_returns"] = asked["all"][RETURNS].needed
    found["work_needed_returns_unemployed"] = asked["unemployed"][RETURNS].needed
    for group, path in paths.items():
        for when, month in (("payback", expected), ("certain", certain), ("evidence", last)):
            found[f"work_gained_{group}_{when}"] = path.gained(month, HELD)
        found[f"work_gained_{group}_gradual"] = path.gained(last, GRADUAL)
        found[f"work_reached_{group}"] = path.reaches(named["2014"], HELD)
        found[f"work_reached_{group}_gradual"] = path.reaches(named["2014"], GRADUAL)
        found[f"work_reached_{group}_returns"] = path.reaches(asked[group][RETURNS].needed, HELD)
    needed = named["2014"]
    early = found["work_gained_all_payback"]
    assert isinstance(early, Quantity)
    found["work_part_of_needed"] = derive(
        100 * early.value / needed.value, "percent", early, needed, interval=UNSTATED, decimals=0
    )
    table = by_horizon(paths, round(last.value))
    title = (
        f"Held at its largest from the first month, the linked estimate gives "
        f"{found['work_gained_all_payback']} of work a person after "
        f"{expected} and {found['work_gained_all_evidence']} after {last}; the founders' "
        f"terms of 2014 need {needed}"
    )
    alt_text = (
        "Panels for all who finished and for the unemployed. Lines of months of work gained a "
        "person by month since treatment, upper if the largest estimate held from the first "
        "month, lower if it was reached gradually; level lines are what versions of the claim "
        "need, with a band, cut off at the top, for the bounds of cost and value. "
        + " ".join(
            f"{NAMES[group]}: {path.gained(last, HELD).number()} and "
            f"{path.gained(last, GRADUAL).number()} at the end; needed "
            + ", ".join(f"{v.label} {v.needed.number()}" for v in asked[group].values())
            + "."
            for group, path in paths.items()
        )
    )
    rows = frozenset().union(*(v.needed.rows for group in asked.values() for v in group.values()))
    found["work_against_needed"] = Chart(
        title, alt_text, Table(table.caption, table.frame, rows=rows),
        lambda width: _draw(width, paths, asked, round(last.value)),
    )  # fmt: skip
    return found


def by_horizon(paths: dict[str, Path], last: int) -> Table:
    """Months of work gained a person by whole years, from the claimed payback on."""
    records = [
        {"Months since treatment": float(month)}
        | {
            f"{NAMES[group]}, {how}": path.gained(month, how)
            for group, path in paths.items()
            for how in (HELD, GRADUAL)
        }
        for month in range(2 * YEAR, last + 1, YEAR)
    ]
    caption = "Months of work gained a person by months since treatment, not discounted"
    return Table(caption, pd.DataFrame(records))


@computes
def by_version(evidence: Evidence) -> dict[str, Table]:
    """What each version needs, and the month in which the linked estimates would reach it."""
    paths = {group: linked_path(evidence, group) for group in LINKED}
    last = round(paths["all"].month.value)
    asked = {group: needs(evidence, group) for group in LINKED}
    records = []
    for name, version in asked["all"].items():
        record: dict[str, object] = {
            "Version": version.label + " (value said in 2015, uprated)" * version.borrowed,
            "Cost of a course": version.cost,
            "Value of a month": version.value,
            "Months of work needed": version.needed,
        }
        for group, path in paths.items():
            for how in (HELD, GRADUAL):
                month = path.reaches(asked[group][name].needed, how)
                within = month.value <= last
                record[f"{NAMES[group]}, {how}"] = month if within else "not within the evidence"
        records.append(record)
    rows = frozenset().union(*(v.needed.rows for group in asked.values() for v in group.values()))
    linked = frozenset().union(*(path.most.rows for path in paths.values()))
    caption = (
        f"Month in which the months of work needed would be reached, if at all within the "
        f"{last} months of the evidence. For the unemployed the last row is reckoned with the "
        "value of their own months."
    )
    return {"work_by_version": Table(caption, pd.DataFrame(records), rows=rows | linked)}


def _short(version: Version) -> str:
    """The year of a version, or what stands in its place."""
    if version.label == RETURNS:
        return "cost returns"
    year = version.label.rsplit(" ", 1)[-1]
    return f"critic, {year}" if version.colour == CRITIC else year


def _spread(levels: list[float], gap: float) -> list[float]:
    """Heights for labels, at least a gap apart, in the order of the levels."""
    placed: list[float] = []
    for level in levels:
        placed.append(max(level, placed[-1] + gap) if placed else level)
    return placed


def _marks(group: dict[str, Version], top: float) -> pd.DataFrame:
    """Level lines, those of equal height under one label, and where the labels stand."""
    levels: dict[float, list[Version]] = {}
    for version in group.values():
        levels.setdefault(round(version.needed.value, 2), []).append(version)
    records = []
    for level, same in sorted(levels.items()):
        names = list(dict.fromkeys(_short(version) for version in same))
        text = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
        records.append({"needed": level, "text": text, "colour": same[0].colour})
    frame = pd.DataFrame(records)
    return frame.assign(label=_spread(list(frame["needed"]), top * 14 / HEIGHT))


def _draw(
    width: int,
    paths: dict[str, Path],
    asked: dict[str, dict[str, Version]],
    last: int,
) -> alt.VConcatChart:
    small = width < NARROW
    inner = width - MARGIN - 34
    months = np.arange(0, last + 1, 3)
    top = 1.1 * max(
        *(path.gained(last, HELD).value for path in paths.values()),
        *(version.needed.value for version in asked["all"].values()),
    )
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(title="Months since treatment", values=list(range(0, last + 1, 12))),
    )
    up = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("gained:Q", scale=up, axis=alt.Axis(title=None, tickCount=4))
    panels = []
    for group, path in paths.items():
        marks = _marks(asked[group], top)
        band = asked[group][RETURNS].needed
        low, high = band.interval.limits or (band.value,) * 2
        lines = pd.DataFrame(
            [
                {"month": float(m), "gained": path.gained(float(m), how).value, "how": how}
                for how in (HELD, GRADUAL)
                for m in months
            ]
        )
        at = round(0.62 * last)
        labels = pd.DataFrame(
            [{"month": at, "gained": path.gained(at, HELD).value, "text": "held"}]
        )
        under = labels.assign(gained=path.gained(at, GRADUAL).value, text="gradual")
        level = alt.Y("needed:Q", scale=up)
        colour = alt.Color("colour:N", scale=None, legend=None)
        panels.append(
            alt.layer(
                alt.Chart(pd.DataFrame({"low": [low], "high": [min(high, top)]}))
                .mark_rect(color=RULE, opacity=0.5)
                .encode(y=alt.Y("low:Q", scale=up), y2="high:Q"),
                alt.Chart(marks).mark_rule(strokeDash=[5, 3], strokeWidth=1.5)
                .encode(y=level, color=colour),
                alt.Chart(marks).mark_text(align="left", dx=5, fontSize=11)
                .encode(x=alt.value(inner), y=alt.Y("label:Q", scale=up), text="text:N",
                        color=colour),
                alt.Chart(lines).mark_line(color=OFFICIAL).encode(
                    x=x, y=y, strokeDash=alt.StrokeDash("how:N", legend=None,
                    scale=alt.Scale(domain=[HELD, GRADUAL], range=[[1, 0], [6, 3]]))),
                alt.Chart(labels).mark_text(align="right", dx=-6, dy=-4, color=INK, fontSize=11)
                .encode(x=x, y=y, text="text:N"),
                alt.Chart(under).mark_text(align="left", dx=4, dy=8, color=INK, fontSize=11)
                .encode(x=x, y=y, text="text:N"),
                alt.Chart(pd.DataFrame({"text": [f"{NAMES[group]}, months of work"]}))
                .mark_text(align="left", baseline="bottom", fontWeight="bold", color=INK)
                .encode(x=alt.value(0), y=alt.value(-6), text="text:N"),
                alt.Chart(pd.DataFrame({"text": ["" if small else "needed, by version"]}))
                .mark_text(align="right", baseline="bottom", color=MUTED, fontSize=11)
                .encode(x=alt.value(inner + MARGIN), y=alt.value(-6), text="text:N"),
            ).properties(width=inner, height=HEIGHT)
        )  # fmt: skip
    return alt.vconcat(*panels, spacing=34)
