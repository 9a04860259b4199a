"""Recovery by area and provider in each financial year, with what deprivation alone would give."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.deriving.area_files import ANNUAL, LEVELS, annual, mean_or_missing, plain_name
from analysis.deriving.trial_files import identifier

LEAST_COVERED = 0.8
COLUMNS = {
    "referrals_received_n": "referred",
    "finished_course_treatment_n": "finished",
    "recovery_n": "recovered",
    "recovery_pct": "recovery_percent",
    "reliable_recovery_pct": "reliable_recovery_percent",
    "deterioration_pct": "deterioration_percent",
}
NOTE = "Base and columns on deprivation computed by us."


def area_years(folder: Path) -> pd.DataFrame:
    """Counts and printed rates, a row a unit and year with a printed rate: the table so named.

    ``base`` is finished less not at caseness, empty where the latter is not printed.

    Raises:
        FileNotFoundError: the folder does not hold the annual files.
    """
    frame = annual(folder, "key_measures")
    frame = frame[frame["level"].isin(LEVELS.values()) & frame["recovery_pct"].notna()]
    frame["base"] = frame["finished_course_treatment_n"] - frame["not_at_caseness_n"]
    frame["name"] = frame["org_name"].map(plain_name)
    by_decile = annual(folder, "by_imd_decile")
    frame = frame.merge(expected(by_decile), on=["level", "code", "year"], how="left")
    thin = ~(frame.pop("covered") >= LEAST_COVERED * frame["at_caseness_n"])
    frame.loc[thin, ["decile_mean", "expected_percent"]] = np.nan
    frame = frame.rename(columns=COLUMNS).sort_values(["level", "code", "year"], kind="stable")
    labels = zip(frame["level"], frame["code"], frame["year"], strict=True)
    frame["id"] = [identifier(*row) for row in labels]
    frame["source"], frame["extent"] = "bennettoxford_2026_nhstt", "table"
    frame["locator"] = [f"{ANNUAL}, {level}, total and deprivation" for level in frame["level"]]
    frame["grade"], frame["note"] = "derived", NOTE
    return frame.reset_index(drop=True)


def expected(by_decile: pd.DataFrame) -> pd.DataFrame:
    """Mean deprivation decile of a unit's courses and the rate it would have at England's rates.

    Σ_d w_d·R_d/Σ_d w_d with R_d England's rate in decile d that year and w_d the unit's finished
    courses at caseness from that decile (indirect standardisation); decile 10 is the most
    deprived. Courses without a known decile are left out, and ``covered`` counts the others.

    >>> cells = pd.DataFrame({
    ...     "level": ["england", "england", "icb", "icb"], "code": ["All", "All", "X", "X"],
    ...     "year": "2024-25", "imd_decile": ["01", "10", "01", "10"],
    ...     "finished_course_treatment_n": [110, 110, 12, 4], "not_at_caseness_n": [10, 10, 0, 0],
    ...     "at_caseness_n": [100, 100, 12, 4], "recovery_n": [60, 40, 7, 2]})
    >>> expected(cells)[["covered", "decile_mean", "expected_percent"]].iloc[0].tolist()
    [16.0, 3.25, 55.0]
    """
    known = by_decile[by_decile["imd_decile"] != "unknown"]
    known = known.assign(decile=known["imd_decile"].astype(int))
    england = known[known["level"] == "england"].set_index(["year", "decile"])
    base = england["finished_course_treatment_n"] - england["not_at_caseness_n"]
    rates = (100 * england["recovery_n"] / base).rename("rate")
    units = known[(known["level"] != "england") & known["at_caseness_n"].notna()]
    units = units.join(rates, on=["year", "decile"])
    return pd.DataFrame(
        [
            {
                "level": level,
                "code": code,
                "year": year,
                "covered": part["at_caseness_n"].sum(),
                "decile_mean": mean_or_missing(part["decile"], part["at_caseness_n"]),
                "expected_percent": mean_or_missing(part["rate"], part["at_caseness_n"]),
            }
            for (level, code, year), part in units.groupby(["level", "code", "year"])
        ]
    )
