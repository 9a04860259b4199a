"""What is published of the cost of a course over the years: numbers, table and picture."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.charts import CRITIC, FOUNDER, INK, OFFICIAL, TRIAL, Chart
from analysis.cost_offset.activity import (
    YEAR,
    annual_count,
    attended,
    cost_per_contact,
    course_appointments,
    each,
    returned_contacts,
    total_cost,
)
from analysis.cost_offset.unit_cost import (
    YEARS_EARLIER,
    Cost,
    claimed,
    reported,
    returned,
    series,
    studied,
)
from analysis.evidence import Evidence
from analysis.prices import BASE_YEAR, in_prices
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.year_sums import year_sum

NARROW, HEIGHT = 400, 320
KINDS = {
    "said": "said by a party",
    "studied": "independent study",
    "reported": "reported total over courses",
    "returned": "cost returns over courses",
}
SHAPES = {"said": "circle", "studied": "square", "reported": "triangle-up", "returned": "diamond"}


@computes
def over_the_years(evidence: Evidence, to: str = BASE_YEAR) -> dict[str, Quantity | Chart]:
    """Cost of a course as said and as found, in prices of one year."""
    first, second, third, last = (
        claimed(evidence, f"founders_{year}_cost", to) for year in ("2006", "2014", "2015", "2024")
    )
    study, now = studied(evidence, to=to), returned(evidence, YEAR, to)
    return {
        "unit_claim_2006_real": first.real,
        "unit_claim_2014_real": second.real,
        "unit_claim_2015_real": third.real,
        "unit_claim_2024_real": last.real,
        "unit_claim_fall": derive(
            100 * (first.real.value - second.real.value) / first.real.value, "percent",
            first.real, second.real, decimals=0,
        ),
        "unit_study": study.nominal,
        "unit_study_real": study.real,
        **{
            f"unit_reported_{year[:4]}": reported(evidence, year, to).real
            for year in ("2016-17", "2017-18", "2021-22")
        },
        "unit_returned": now.real,
        "unit_over_claim": _over(now.real, last.real),
        "unit_costs": _chart(evidence, series(evidence, to), to),
    }  # fmt: skip


@computes
def by_base(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table]:
    """The same year's cost over people who start, courses, and a course's own appointments.

    A course's own appointments are taken at the mean cost of a contact.
    """
    total, contact = total_cost(evidence, year), cost_per_contact(evidence, year)
    starts = year_sum(evidence, "monthly_pathway", "first_treatment", year)
    courses = annual_count(evidence, "finished_course", year)
    inside, seen = course_appointments(evidence, year), attended(evidence, year)
    mean = derive(inside.value / courses.value, "sessions", inside, courses)
    of_trusts = returned_contacts(evidence, year)
    manual = evidence.quantity("unit_costs", "pssru_2024_25_contact")
    own = derive(mean.value * contact.value, "GBP", mean, contact, interval=UNSTATED)
    bases = {
        "An attended contact": contact,
        "A person who starts treatment": each(total, starts),
        "A finished course, its own appointments": own,
        "A finished course, everything": each(total, courses),
    }
    study = {
        kind: in_prices(evidence, evidence.quantity("unit_costs", f"radhakrishnan_{kind}_course"),
                        evidence.table("unit_costs").loc[f"radhakrishnan_{kind}_course",
                                                         "price_year"])
        for kind in ("low", "high")
    }  # fmt: skip
    table = Table(
        f"Cost of the programme in {year} over each base",
        pd.DataFrame({"Base": list(bases), "Cost of one": list(bases.values())}),
    )
    return {
        "unit_total": total,
        "unit_manual": manual,
        "unit_trusts": share(of_trusts, seen),
        "unit_own": own,
        "unit_sessions": mean,
        "unit_low_real": study["low"],
        "unit_high_real": study["high"],
        "unit_bases": table,
    }


def _over(found: Quantity, said: Quantity) -> Quantity:
    """How many times what was said was found, limits over both."""
    (low, high), (least, most) = (item.interval.limits or (item.value,) * 2
                                  for item in (found, said))  # fmt: skip
    limits = Interval("bound", low / most, high / least)
    return derive(found.value / said.value, "ratio", found, said, interval=limits, decimals=1)


def middle(year: str) -> float:
    """The middle of a calendar or financial year on a scale of years.

    >>> middle("2014"), middle("2024-25")
    (2014.5, 2024.75)
    """
    start = int(year[:4])
    return start + (0.75 if "-" in year else 0.5)


def _chart(evidence: Evidence, found: Sequence[Cost], to: str) -> Chart:
    rows = pd.DataFrame(
        [
            {
                "What": item.label,
                "Kind": KINDS[item.kind],
                "Year": item.year,
                "Money of the year": item.nominal,
                f"Prices of {to}": item.real,
            }
            for item in found
        ]
    )
    caption = (
        f"Cost of a course as said and as found, prices of {to} by the GDP deflator; an unprinted "
        f"price year may lie up to {YEARS_EARLIER} years before"
    )
    said = [item for item in found if item.kind == "said" and item.colour == FOUNDER]
    last = next(item for item in reversed(found) if item.kind == "returned")
    way = "above" if last.real.value > said[-1].real.value else "no higher than"
    title = (
        f"Founders put the cost of a course at {said[0].real} in {said[0].year} and at "
        f"{said[-1].real} in {said[-1].year}, in prices of {to}; the cost returns of {last.year} "
        f"give {last.real}, {way} the last of these"
    )
    alt_text = (
        f"Cost of a course in prices of {to} against the year. Circles are what founders and a "
        "press article said, joined by a broken line for the founders; a square is the "
        "independent study; triangles are reported totals over finished courses; diamonds are "
        "cost returns over finished courses. Lines are bounds."
    )
    return Chart(title, alt_text, Table(caption, rows), lambda width: _draw(found, width))


def _draw(found: Sequence[Cost], width: int) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    marks = pd.DataFrame(
        [
            {
                "x": middle(item.year),
                "y": item.real.value,
                "low": (item.real.interval.limits or (item.real.value,) * 2)[0],
                "high": (item.real.interval.limits or (item.real.value,) * 2)[1],
                "kind": item.kind,
                "colour": item.colour,
            }
            for item in found
        ]
    )
    top = 1.12 * float(marks["high"].max())
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[2005, 2026], nice=False),
        axis=alt.Axis(title=None, format="d", values=list(range(2006, 2027, 6 if narrow else 3)),
                      grid=False),
    )  # fmt: skip
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(title=None, format="$,.0f", labelExpr="'£' + format(datum.value, ',')",
                      tickCount=6),
    )  # fmt: skip
    colour = alt.Color("colour:N", scale=None, legend=None)
    path = marks[(marks["kind"] == "said") & (marks["colour"] == FOUNDER)]
    layers: list[alt.Chart] = [
        alt.Chart(path).mark_line(color=FOUNDER, strokeDash=[4, 3], strokeWidth=1).encode(x, y),
        alt.Chart(marks[marks["low"] < marks["high"]])
        .mark_rule(strokeWidth=2)
        .encode(x, alt.Y("low:Q", title=None), alt.Y2("high:Q"), color=colour),
    ]
    for kind, shape in SHAPES.items():
        layers.append(
            alt.Chart(marks[marks["kind"] == kind])
            .mark_point(shape=shape, filled=True, size=80, opacity=1)
            .encode(x, y, color=colour)
        )
    words = _words(marks, narrow)
    for align, chosen in words.groupby("align"):
        layers.append(
            alt.Chart(chosen)
            .mark_text(align=align, fontSize=11 if narrow else 12)
            .encode(x, y, text="text:N", color=colour)
        )
    return alt.layer(*layers).properties(width=width - 44, height=HEIGHT)


def _words(marks: pd.DataFrame, narrow: bool) -> pd.DataFrame:
    """One label for each series, beside its mark."""

    def at(kind: str, colour: str, which: int) -> tuple[float, float]:
        row = marks[(marks["kind"] == kind) & (marks["colour"] == colour)].iloc[which]
        return float(row["x"]), float(row["y"])

    low = 0.28 if narrow else 0.15
    first, press = at("said", FOUNDER, 0), at("said", INK, 0)
    study, total = at("studied", TRIAL, 0), at("reported", CRITIC, 1)
    side = "right" if narrow else "center"  # clear of the press article on a phone
    places = [
        ("founders say", FOUNDER, first, -1.0, -low * first[1], "left"),
        ("press article", INK, press, 0.0, 95, "center"),
        ("independent study", TRIAL, study, 2.9 if narrow else 0.0, 70, side),
        ("reported total", CRITIC, total, 0.5, -5, "left"),
        ("cost returns", OFFICIAL, at("returned", OFFICIAL, -1), -1.6, 70, "right"),
    ]
    return pd.DataFrame(
        [
            {"text": text, "colour": colour, "x": x + dx, "y": y + dy, "align": align}
            for text, colour, (x, y), dx, dy, align in places
        ]
    )
