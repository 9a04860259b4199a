"""What a month in work is worth to the Exchequer, by group, in prices of one year."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.charts import FOUNDER, INK, Chart
from analysis.cost_offset.parameters import parameters
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.prices import BASE_YEAR, in_prices, price_level
from analysis.quantity import DEFINITION, Quantity, computes, derive
from analysis.tables import Table

TABLE, CLAIMS = "job_value", "payback_versions"
MILLION = 1e6
MONTHS = {"month": 1.0, "week": 7 * 12 / 365.25, "year": 12.0}  # a month's part of the period
FIRST, UNTIL, LAST = 3, 12, 24  # months of job that the audit supposes
STEP = 200  # GBP, of the scale
SERIES_STARTS = "2007-08"
PROGRAMMES = {
    "nao_nd25plus": "New Deal for adults",
    "nao_ndyp": "New Deal for young people",
    "nao_nddp": "New Deal for disabled people",
    "nao_ndlp": "New Deal for lone parents",
    "nao_nd50plus": "New Deal for older people",
}
# group: rows of its benefit rates and values of entering work, several rows being added up
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "Unemployed": {
        "Benefits saved, Greater Manchester database": ("gmca_jsa_benefits",),
        "Universal credit, standard allowance": ("rate_uc_standard_2024",),
        "Jobseeker's allowance alone": ("rate_jsa_2022",),
    },
    "Long-term sick or disabled": {
        "Benefits saved, Greater Manchester database": ("gmca_esa_benefits",),
        "The same, incapacity benefit": ("gmca_incapacity_first_order",),
        "Universal credit with health element": ("rate_uc_standard_2024", "rate_uc_health_2024"),
        "Employment and support allowance, support group": ("rate_esa_support_total_2014",),
    },
    "Lone parents and older people": {
        "All savings, Greater Manchester database, lone parents": ("gmca_income_support_all",),
    },
}
SLOPES = {
    "Unemployed": ("nao_nd25plus", "nao_ndyp"),
    "Long-term sick or disabled": ("nao_nddp",),
    "Lone parents and older people": ("nao_ndlp", "nao_nd50plus"),
}


def slope_of_job_month(
    evidence: Evidence, programme: str, start: int = FIRST, end: int = UNTIL
) -> Quantity:
    """Value of a job-month implied by an audit of a programme: slope of net benefit per job.

    The audit prints the net benefit to the Exchequer if the additional jobs last 3, 6, 12 or 24
    months; the cost of the programme is the same in all, so a month more is worth

        (net if they last to the end − net if to the start) / ((end − start) · jobs)

    GBP a job-month, in prices of the audit; start and end in months of job.
    """
    jobs = evidence.quantity(TABLE, f"{programme}_jobs")
    early, late = (evidence.quantity(TABLE, f"{programme}_net_{m}m") for m in (start, end))
    gain = MILLION * (late.value - early.value)
    return derive(gain / ((end - start) * jobs.value), "GBP", jobs, early, late)


def price_year(evidence: Evidence, row: str) -> str:
    """The year of a row's prices; before the series of financial years, its calendar year."""
    year = str(evidence.table(TABLE).loc[row, "price_year"])
    return year if "-" not in year or year >= SERIES_STARTS else year[:4]


def a_month(evidence: Evidence, row: str) -> Quantity:
    """An amount a week, month or year as an amount a month, in prices of its own year."""
    per = evidence.table(TABLE).loc[row, "per"]
    return replace(evidence.quantity(TABLE, row) * (1 / MONTHS[per]), decimals=None)


def now(evidence: Evidence, row: str) -> Quantity:
    """An amount a month in prices of the base year."""
    return in_prices(evidence, a_month(evidence, row), price_year(evidence, row))


def slope_now(evidence: Evidence, programme: str) -> Quantity:
    """Value of a job-month from a programme's slope, in prices of the base year."""
    slope = slope_of_job_month(evidence, programme)
    return in_prices(evidence, slope, price_year(evidence, f"{programme}_net_{FIRST}m"))


def supposed(evidence: Evidence) -> dict[str, Quantity]:
    """What the founders supposed a month to be worth, in prices of the base year."""

    def said(row: str) -> Quantity:
        return evidence.quantity(CLAIMS, row)

    amounts = {
        "2006": said("founders_2006_value"),
        "2014": said("founders_2014_value"),
        "2015": said("founders_2015_value_year") / 12,
    }
    return {year: in_prices(evidence, amount, year) for year, amount in amounts.items()}


def groups(evidence: Evidence) -> list[Group]:
    """Values of a month by whose month it is."""
    found = [
        Group("What the founders supposed for everyone", [
            Row(f"Said in {year}", amount, FOUNDER)
            for year, amount in supposed(evidence).items()
        ]),
    ]  # fmt: skip
    for heading, labels in VALUES.items():
        rows = [
            Row(f"{PROGRAMMES[name]}, audit office", slope_now(evidence, name), INK)
            for name in SLOPES[heading]
        ]
        for label, parts in labels.items():
            amounts = [now(evidence, part) for part in parts]
            total = derive(sum(item.value for item in amounts), "GBP", *amounts,
                           interval=DEFINITION)  # fmt: skip
            rows.append(Row(label, total))
        found.append(Group(f"{heading}, claimants", rows))
    employed = parameters(evidence)["job_month_employed"].quantity
    found.append(
        Group(
            "Not on benefit at the start",
            [Row("A judgement: nothing, up to a claim avoided", employed)],
        )
    )
    return found


@computes
def value_of_a_month(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """The founders' value of a month beside audit slopes, values of entering work and rates."""
    parts = groups(evidence)
    slopes = {name: slope_now(evidence, name) for name in PROGRAMMES}
    least = min(slopes, key=lambda name: slopes[name].value)
    most = max(slopes, key=lambda name: slopes[name].value)
    said = supposed(evidence)
    named: dict[str, Quantity | Chart] = {
        "job_slope_disabled_then": slope_of_job_month(evidence, "nao_nddp"),
        "job_slope_disabled": slopes["nao_nddp"],
        "job_slope_adults": slopes["nao_nd25plus"],
        "job_slope_least": slopes[least],
        "job_slope_most": slopes[most],
        "job_said_2006": said["2006"],
        "job_said_2014": said["2014"],
        "job_said_2015": said["2015"],
        "job_entering_unemployed": now(evidence, "gmca_jsa_benefits"),
        "job_entering_sick": now(evidence, "gmca_esa_benefits"),
        "job_health_sick": now(evidence, "gmca_esa_health"),
        "job_allowance": now(evidence, "rate_uc_standard_2024"),
        "job_allowance_sick": now(evidence, "rate_uc_standard_2024")
        + now(evidence, "rate_uc_health_2024"),
        "job_not_claiming": parameters(evidence)["job_month_employed"].quantity,
        "job_back_on_benefit": evidence.quantity(TABLE, "nao_return_share"),
        "job_back_months": evidence.quantity(TABLE, "nao_return_share", "job_months"),
    }
    rows = [(group, row) for group in parts for row in group.rows if isinstance(row, Row)]
    ends = [
        limit
        for _, row in rows
        for limit in (row.quantity.value, *(row.quantity.interval.limits or ()))
    ]
    domain = (0.0, STEP * (1.05 * max(ends) // STEP + 1))
    frame = pd.DataFrame(
        [
            {"Figure": row.label, "Whose month": group.heading, "GBP a month": row.quantity}
            for group, row in rows
        ]
    )
    named["job_values"] = Chart(
        title=(
            f"In {BASE_YEAR} prices the founders' value of 2014 is {said['2014']} a month; the "
            f"audit office's figures give {slopes[least]} to {slopes[most]}, for claimants"
        ),
        alt=(
            f"Rows by group, in pounds a month in prices of {BASE_YEAR}. "
            f"{key(parts).capitalize()}. "
            + ". ".join(f"{row.label}: {row.quantity.with_limits()}" for _, row in rows)
            + "."
        ),
        table=Table(f"Value of a month in work to the Exchequer, prices of {BASE_YEAR}", frame),
        draw=lambda width: interval_rows(
            parts, width, f"Pounds a month, prices of {BASE_YEAR}", domain
        ),
    )
    return named


@computes
def every_value(evidence: Evidence) -> dict[str, Table]:
    """All programmes, values of entering work and benefit rates, as printed and uprated."""
    frame = evidence.table(TABLE)
    kinds = {"benefit_rate": "benefit rate, a floor", "value_of_entering_work": "entering work"}
    records = []
    for name, label in PROGRAMMES.items():
        first = f"{name}_net_{FIRST}m"
        records.append(
            {
                "Figure": label,
                "Group": frame.loc[first, "group"],
                "Kind": "slope of an audit",
                "Printed": None,
                "Per": "",
                "Prices of": frame.loc[first, "price_year"],
                "A month then": slope_of_job_month(evidence, name),
                "A month, second year of a job": slope_of_job_month(evidence, name, UNTIL, LAST),
                f"A month, {BASE_YEAR} prices": slope_now(evidence, name),
            }
        )
    for row, about in frame[frame["measure"].isin(list(kinds))].iterrows():
        records.append(
            {
                "Figure": f"{about['study']}, {about['component']}",
                "Group": about["group"],
                "Kind": kinds[about["measure"]],
                "Printed": evidence.quantity(TABLE, str(row)),
                "Per": about["per"],
                "Prices of": about["price_year"],
                "A month then": a_month(evidence, str(row)),
                "A month, second year of a job": None,
                f"A month, {BASE_YEAR} prices": now(evidence, str(row)),
            }
        )
    caption = (
        "What a month in work is worth: audit slopes, values of a claimant who enters work with "
        "their parts, and benefit rates, which leave out tax and other support. Price years of "
        "the audit are assumed."
    )
    return {
        "job_every_value": Table(
            caption, pd.DataFrame(records), folded=True, filters=("Group", "Kind"),
            rows=price_level(evidence, BASE_YEAR).rows,
        )
    }  # fmt: skip
