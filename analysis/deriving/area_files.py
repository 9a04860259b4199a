"""NHS files by area and provider in one layout: which rows are areas, how they are named.

A folder holds them as they were cut from public copies of the official files (Open Government
Licence v3.0), one row a unit and period and one column a measure, ``*`` and ``NULL`` left empty:

- ``nhs_annual_area_key_measures_2017_2025.csv``, ``..._by_imd_decile_...``,
  ``..._waiting_time_...``, ``..._stepped_care_...``: the rows Total, Indices of Deprivation Decile,
  Waiting Time and Stepped Care Pathway of ``data-raw/measures_annual.parquet`` in
  github.com/bennettoxford/nhstt at commit f65c91b;
- ``nhs_monthly_provider_2021_2026.csv``, ``nhs_monthly_england_all_measures_2021_2026.csv``: the
  rows Provider and England of ``activity_performance_monthly.parquet`` there at commit 2e8d4af;
- ``nhs_monthly_england_ccg_provider_2019_2020.csv``: Table 1 of the official workbook;
- ``nhs_monthly_subicb_2022_2023.csv``: ``england_sicb_iapt.csv`` of the package healthyr;
- ``imd2019_by_ccg2019.csv``, ``imd2025_by_icb2024.csv``: indices of deprivation by area.

Below England counts are rounded to 5, counts under 5 are not printed and rates are whole percents.
"""

from pathlib import Path

import numpy as np
import pandas as pd

ANNUAL = "measures_annual.parquet (commit f65c91b)"
MONTHLY = "activity_performance_monthly.parquet (commit 2e8d4af)"
WORKBOOK = "Table 1 of the workbook"
LEVELS = {"CCG": "ccg", "ICB": "icb", "Provider": "provider"}
# regional hubs that buy special services, and unknown commissioners: no population of their own
NOT_AREAS = ("13Q", "13R", "14A", "14E", "14R", "UNKNOWN")
SUPPRESSED = 2
ENDINGS = (" INTEGRATED CARE BOARD", " CCG", " (HQ)", " HQ")
SMALL = {"and", "for", "in", "of", "on", "the", "to", "with"}
CAPITALS = {"BICS", "BMHC-FTB", "C.I.C", "C.I.C.", "CIC", "DHC", "HQ", "IAPT", "LGBT", "NHS", "SMS"}


def annual(folder: Path, part: str) -> pd.DataFrame:
    """One annual file with areas and providers only, columns ``level``, ``code``, ``year`` first.

    ``part`` is ``key_measures``, ``by_imd_decile``, ``waiting_time`` or ``stepped_care``. England's
    rows are kept as level ``england``. A unit printed twice under two names is kept once.

    Raises:
        FileNotFoundError: the folder does not hold the file.
    """
    raw = pd.read_csv(
        folder / f"nhs_annual_area_{part}_2017_2025.csv", dtype={"org_code": str, "imd_decile": str}
    )
    raw = raw.rename(columns={"reporting_period": "year", "org_code": "code"})
    raw.insert(0, "level", raw.pop("org_type").map({**LEVELS, "England": "england"}))
    raw = raw[raw["level"].notna() & ~raw["code"].isin(NOT_AREAS)]
    rest = [name for name in ("imd_decile", "wait_type") if name in raw]
    return raw.drop_duplicates(["level", "code", "year", *rest]).reset_index(drop=True)


def rate_base(finished: pd.Series, not_at_caseness: pd.Series) -> pd.Series:
    """Denominator of the recovery rate: finished courses less those not at caseness at the start.

    A count that is not printed, being under 5, is taken as ``SUPPRESSED``.

    >>> rate_base(pd.Series([100.0, 60.0]), pd.Series([10.0, float("nan")])).tolist()
    [90.0, 58.0]
    """
    return (finished - not_at_caseness.fillna(SUPPRESSED)).clip(lower=0)


def plain_name(name: str) -> str:
    """Name of an area or provider without what all share, in lower case with capitals.

    >>> plain_name("NHS BATH AND NORTH EAST SOMERSET CCG")
    'Bath and North East Somerset'
    >>> plain_name("SIGN HEALTH (HQ)"), plain_name("KING'S NHS FOUNDATION TRUST")
    ('Sign Health', "King's NHS Foundation Trust")
    """
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    words = name.strip().removeprefix("NHS ").split()
    cased = [word if word.strip("(),") in CAPITALS else _cased(word) for word in words]
    first, rest = cased[:1], cased[1:]
    return " ".join(first + [word.lower() if word.lower() in SMALL else word for word in rest])


def _cased(word: str) -> str:
    """A word in small letters but for its first letter and those after a hyphen.

    >>> _cased("STOKE-ON-TRENT"), _cased("(NORTH")
    ('Stoke-on-Trent', '(North')
    """
    parts = word.split("-")
    small = [i > 0 and part.lower() in SMALL for i, part in enumerate(parts)]
    done = [
        part.lower() if low else part[:1] + part[1:].lower() if part[:1].isalpha()
        else part[:1] + part[1:].capitalize()
        for part, low in zip(parts, small, strict=True)
    ]  # fmt: skip
    return "-".join(done)


def mean_or_missing(values: pd.Series, weights: pd.Series) -> float:
    """Weighted mean, not a number where nothing has weight.

    >>> mean_or_missing(pd.Series([1.0, 4.0]), pd.Series([2, 1]))
    2.0
    """
    total = weights.sum()
    return float((values * weights).sum() / total) if total > 0 else np.nan
