"""Deprivation of the people who live in an area, from the English indices of deprivation."""

from pathlib import Path

import pandas as pd

from analysis.deriving.area_files import plain_name
from analysis.deriving.trial_files import identifier


def area_deprivation(folder: Path) -> pd.DataFrame:
    """Average deprivation by CCG of 2019 and by ICB of 2024: the table so named.

    Raises:
        FileNotFoundError: the folder does not hold the two files.
    """
    ccg = pd.read_csv(folder / "imd2019_by_ccg2019.csv", dtype={"ccg_code": str})
    icb = pd.read_csv(folder / "imd2025_by_icb2024.csv")
    ccg = pd.DataFrame(
        {
            "level": "ccg",
            "code": ccg["ccg_code"],
            "name": ccg["ccg_name"].str.upper().map(plain_name),
            "edition": 2019,
            "neighbourhoods": ccg["lsoa_n"],
            "mean_decile": ccg["imd2019_mean_decile"],
            "percent_most_deprived_tenth": 100 * ccg["share_lsoa_most_deprived_decile"],
            "source": "mhclg_2019_imd",
            "locator": "R package IMD, imd2019_england_lsoa11 (commit 2f6c905), means by CCG",
            "note": "Unweighted mean over neighbourhoods, computed for us; not the official mean.",
        }
    )
    icb = pd.DataFrame(
        {
            "level": "icb",
            "code": icb["icb_ods_code"],
            "name": icb["icb24_name"].str.upper().map(plain_name),
            "edition": 2025,
            "average_score": icb["imd2025_average_score"],
            "percent_most_deprived_tenth": 100 * icb["imd2025_prop_lsoa_most_deprived_10pct"],
            "source": "mhclg_2025_imd",
            "locator": "R package IMD, imd2025_england_icb24 (commit 2f6c905)",
            "note": "Official average score; codes matched by name.",
        }
    )
    frame = pd.concat([ccg, icb], ignore_index=True).sort_values(
        ["level", "code"], kind="stable", ignore_index=True
    )
    labels = zip(frame["level"], frame["code"], frame["edition"], strict=True)
    frame["id"] = [identifier(*row) for row in labels]
    frame["extent"], frame["grade"] = "table", "derived"
    return frame
