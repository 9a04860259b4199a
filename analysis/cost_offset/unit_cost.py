"""What a course is said to cost and what was found, year by year, in constant prices."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.charts import CRITIC, FOUNDER, INK, OFFICIAL, TRIAL
from analysis.cost_offset.activity import annual_count, each, spent, total_cost
from analysis.evidence import Evidence
from analysis.prices import BASE_YEAR, in_prices
from analysis.quantity import Interval, Quantity

VERSIONS, UNITS = "payback_versions", "unit_costs"
YEARS_EARLIER = 2
CLAIMS = {
    "founders_2006_cost": ("Layard and group", FOUNDER),
    "founders_2007_cost": ("Layard and others", FOUNDER),
    "founders_2014_cost": ("Layard and Clark", FOUNDER),
    "press_2014_cost": ("press article", INK),
    "founders_2015_cost": ("Layard, Lords", FOUNDER),
    "founders_2024_cost": ("Layard, Lords", FOUNDER),
    "lse_2024_cost": ("Centre at LSE", FOUNDER),
}
STUDY = "radhakrishnan_all_course"
REPORTED = ("2016-17", "2017-18", "2021-22")
RETURNED = ("2023-24", "2024-25")


@dataclass(frozen=True)
class Cost:
    """Cost of a course: what it is, when, in money of the time and in constant prices.

    Args:
        label: who said or found it.
        year: of the claim or of the activity.
        nominal: GBP of that year.
        real: GBP of the base year.
        kind: "said" by a party, "studied", "reported" total or "returned" costs over courses.
        colour: of the side.
    """

    label: str
    year: str
    nominal: Quantity
    real: Quantity
    kind: str
    colour: str


def uncertain_price_year(
    evidence: Evidence,
    amount: Quantity,
    year: str,
    to: str = BASE_YEAR,
    earlier: int = YEARS_EARLIER,
) -> Quantity:
    """An amount without a printed price year in constant prices.

    The figure takes the prices to be those of the year; the upper limit those of some years
    before, as a figure that is still quoted may be.
    """  # fmt: skip
    now = in_prices(evidence, amount, year, to)
    then = in_prices(evidence, amount, str(int(year) - earlier), to)
    low, high = sorted((now.value, then.value))
    return replace(now, interval=Interval("bound", low, high), rows=now.rows | then.rows)


def claimed(evidence: Evidence, row: str, to: str = BASE_YEAR) -> Cost:
    """What a version of the claim says that a course costs."""
    record = evidence.table(VERSIONS).loc[row]
    amount, year = evidence.quantity(VERSIONS, row), str(record["price_year"])
    label, colour = CLAIMS[row]
    return Cost(label, year, amount, uncertain_price_year(evidence, amount, year, to), "said",
                colour)  # fmt: skip


def studied(evidence: Evidence, row: str = STUDY, to: str = BASE_YEAR) -> Cost:
    """What a study found; its price year is assumed from the years it covers."""
    record = evidence.table(UNITS).loc[row]
    amount, year = evidence.quantity(UNITS, row), str(record["price_year"])
    real = in_prices(evidence, amount, year, to)
    return Cost(str(record["study"]), year, amount, real, "studied", TRIAL)


def reported(evidence: Evidence, year: str, to: str = BASE_YEAR) -> Cost:
    """Reported total of a year over its finished courses; known through the critic."""
    total = spent(evidence, f"reported_{year.replace('-', '_')}")
    amount = each(total, annual_count(evidence, "finished_course", year))
    real = in_prices(evidence, amount, year, to)
    return Cost("reported total", year, amount, real, "reported", CRITIC)


def returned(evidence: Evidence, year: str, to: str = BASE_YEAR) -> Cost:
    """All attended contacts of a year at the trusts' mean cost, over its finished courses."""
    amount = each(total_cost(evidence, year), annual_count(evidence, "finished_course", year))
    real = in_prices(evidence, amount, year, to)
    return Cost("cost returns", year, amount, real, "returned", OFFICIAL)


def series(evidence: Evidence, to: str = BASE_YEAR) -> list[Cost]:
    """Everything said and found, in order of kind and year."""
    return [
        *(claimed(evidence, row, to) for row in CLAIMS),
        studied(evidence, to=to),
        *(reported(evidence, year, to) for year in REPORTED),
        *(returned(evidence, year, to) for year in RETURNED),
    ]
