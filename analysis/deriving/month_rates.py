"""Monthly recovery rates of areas and providers as counts of months at each printed rate."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.deriving.area_files import MONTHLY, NOT_AREAS, WORKBOOK, rate_base
from analysis.deriving.trial_files import identifier
from analysis.year_sums import financial_year

LARGE = 200
TENTHS = range(350, 650)
LOCATORS = {
    "nhsdigital_2020_timeseries": WORKBOOK,
    "nhsdigital_2023_subicb_healthyr": "england_sicb_iapt.csv (commit ed2003e)",
    "bennettoxford_2026_nhstt_monthly": f"{MONTHLY}, Provider",
}


def month_rates(folder: Path) -> pd.DataFrame:
    """Months of a unit and year at each printed whole percent: the table so named.

    Raises:
        FileNotFoundError: the folder does not hold the monthly files.
    """
    months = pd.concat([_from_workbook(folder), _sub_icb(folder), _provider(folder)])
    months = months[months["rate_percent"].notna() & ~months["code"].isin(NOT_AREAS)]
    months["year"] = months["month"].map(financial_year)
    labels = ["level", "code", "year", "rate_percent"]
    cells = months.groupby([*labels, "denominator", "source"])["size"]
    table = cells.agg(months="size", mean_size="mean").reset_index()
    table = table.sort_values(labels, kind="stable", ignore_index=True)
    table["rate_percent"] = table["rate_percent"].astype(int)
    rows = table[labels].itertuples(index=False)
    table["id"] = [identifier(*row) for row in rows]
    table["locator"] = table["source"].map(LOCATORS)
    table["extent"], table["grade"], table["note"] = "table", "derived", "Counted by us."
    return table


def rebuilt_rates(folder: Path) -> pd.DataFrame:
    """Provider-months at each tenth of a percent when rates are rebuilt from rounded counts.

    100·recovered/base with both counts rounded to 5 piles up at simple fractions: the table so
    named, a row a tenth from 35 to 65, ``exact`` being the months on its lower edge.

    Raises:
        FileNotFoundError: the folder does not hold the monthly file.
    """
    raw = pd.read_csv(folder / "nhs_monthly_provider_2021_2026.csv")
    base = raw["finished_course_treatment_n"] - raw["not_at_caseness_n"]
    kept = raw["recovery_n"].notna() & raw["recovery_pct"].notna() & (base > 0)
    recovered, base = raw.loc[kept, "recovery_n"].astype(int), base[kept].astype(int)
    tenth, rest = 1000 * recovered // base, 1000 * recovered % base
    records = []
    for lower in TENTHS:
        here = tenth == lower
        records.append(
            {
                "id": identifier("tenth", lower),
                "rebuilt_from": lower / 10,
                "months": int(here.sum()),
                "exact": int((here & (rest == 0)).sum()),
                "months_large": int((here & (base >= LARGE)).sum()),
                "exact_large": int((here & (base >= LARGE) & (rest == 0)).sum()),
                "source": "bennettoxford_2026_nhstt_monthly",
                "locator": LOCATORS["bennettoxford_2026_nhstt_monthly"],
                "extent": "table",
                "grade": "derived",
                "note": "Counted by us from rounded counts: an artefact, not a finding.",
            }
        )
    return pd.DataFrame(records)


def _months(
    raw: pd.DataFrame, level: str, code: str, month: str, size: pd.Series, denominator: str
) -> pd.DataFrame:
    """Months of one file in common columns; months without a size are given none."""
    return pd.DataFrame(
        {
            "level": level,
            "code": raw[code],
            "month": raw[month],
            "rate_percent": raw["recovery_pct"],
            "size": size.astype(float).replace(0, np.nan),
            "denominator": denominator,
        }
    )


def _from_workbook(folder: Path) -> pd.DataFrame:
    raw = pd.read_csv(folder / "nhs_monthly_england_ccg_provider_2019_2020.csv")
    parts = []
    for kind, level in (("CCG", "ccg"), ("Provider", "provider")):
        code = f"{level}_code"
        part = raw[raw["group_type"].eq(kind) & raw[code].notna()]
        size = part["finished_course_treatment_n"]
        parts.append(_months(part, level, code, "month", size, "finished courses"))
    return pd.concat(parts).assign(source="nhsdigital_2020_timeseries")


def _sub_icb(folder: Path) -> pd.DataFrame:
    raw = pd.read_csv(folder / "nhs_monthly_subicb_2022_2023.csv")
    size = raw["finished_course_treatment_n"]
    months = _months(raw, "subicb", "sicbl22_code", "month", size, "finished courses")
    return months.assign(source="nhsdigital_2023_subicb_healthyr")


def _provider(folder: Path) -> pd.DataFrame:
    raw = pd.read_csv(folder / "nhs_monthly_provider_2021_2026.csv")
    size = rate_base(raw["finished_course_treatment_n"], raw["not_at_caseness_n"])
    months = _months(raw, "provider", "provider_code", "reporting_period", size, "rate base")
    return months.assign(source="bennettoxford_2026_nhstt_monthly")
