"""The pathway of one area or provider in a year: who comes, stays, waits, finishes and recovers."""

from pathlib import Path

import pandas as pd

from analysis.deriving.area_files import ANNUAL, MONTHLY, annual, plain_name
from analysis.deriving.trial_files import identifier
from analysis.year_sums import months_of

YEARS = ("2023-24", "2024-25")
LEVELS = ("england", "icb", "provider")
FROM_ANNUAL = {
    "referrals_received_n": "referred",
    "finished_course_treatment_n": "finished",
    "recovery_n": "recovered",
    "reliable_recovery_n": "reliably_recovered",
    "improvement_n": "reliably_improved",
    "deterioration_n": "deteriorated",
}
INTENSITY = {
    "received_only_low_intensity_therapy": "low_only",
    "received_both_high_and_low_intensity_therapy": "low_and_high",
    "received_only_high_intensity_therapy": "high_only",
}
FROM_MONTHS = {
    "first_treatment": "accessed",
    "ended_referrals": "ended",
    "ended_not_seen": "ended_not_seen",
    "ended_treated_once": "ended_treated_once",
    "finished_course_treatment": "ended_finished",
    "paired_phq_and_adsm_or_gad": "paired_scores",
    "appointments": "appointments",
    "appts_dna": "missed",
}
ENGLAND_NAMES = {"accessing_services": "first_treatment"}
KEY = ["level", "code", "year"]


def area_pathway(folder: Path) -> pd.DataFrame:
    """Counts of two years, a row a unit and year: the table so named.

    Counts of the annual files are as refreshed; those of ``FROM_MONTHS`` are sums of twelve
    monthly files, for England and for providers with all twelve printed.

    Raises:
        FileNotFoundError: the folder does not hold the files.
    """
    frame = annual(folder, "key_measures").rename(columns=FROM_ANNUAL)
    frame = frame[frame["level"].isin(LEVELS) & frame["year"].isin(YEARS)]
    frame = frame[frame["finished"].notna()]
    frame["base"] = frame["finished"] - frame["not_at_caseness_n"]
    for part in (_waits(folder), _intensity(folder), _twelve_months(folder)):
        frame = frame.merge(part, on=KEY, how="left")
    frame["name"] = frame["org_name"].replace("All", "ENGLAND").map(plain_name)
    frame["rank"] = frame["level"].map(LEVELS.index)
    frame = frame.sort_values(["rank", "code", "year"], kind="stable", ignore_index=True)
    frame["id"] = [
        identifier(level, "" if level == "england" else code, year)
        for level, code, year in frame[KEY].itertuples(index=False)
    ]
    frame["source"] = "bennettoxford_2026_nhstt"
    frame["extent"], frame["grade"] = "table", "derived"
    frame["locator"] = f"{ANNUAL}; monthly sums: {MONTHLY}"
    frame["note"] = "Base and sums of months computed by us."
    return frame


def twelve(months: pd.DataFrame, by: list[str], value: str) -> pd.Series:
    """Sum of a count over the twelve months of a year, missing where a month is missing.

    >>> rows = pd.DataFrame({"code": ["A"] * 12 + ["B"] * 11, "n": [5.0] * 23})
    >>> twelve(rows, ["code"], "n").tolist()
    [60.0, nan]
    """
    sums = months.groupby(by)[value].agg(["count", "sum"])
    return sums["sum"].where(sums["count"] == 12)


def _waits(folder: Path) -> pd.DataFrame:
    """Finished courses by wait to the first and between first and second treatment."""
    waits = annual(folder, "waiting_time")
    first = waits[waits["wait_type"] == "referral_to_first_treatment"]
    second = waits[waits["wait_type"] == "first_to_second_treatment"]
    first = first.rename(columns={"lt6w_n": "first_in_6_weeks", "lt18w_n": "first_in_18_weeks"})
    second = second.rename(columns={"gt90d_n": "second_after_90_days"})
    return first[[*KEY, "first_in_6_weeks", "first_in_18_weeks"]].merge(
        second[[*KEY, "second_after_90_days"]], on=KEY, how="outer"
    )


def _intensity(folder: Path) -> pd.DataFrame:
    """Finished courses by intensity of the therapies received."""
    steps = annual(folder, "stepped_care").rename(columns=INTENSITY)
    return steps[[*KEY, *INTENSITY.values()]]


def _twelve_months(folder: Path) -> pd.DataFrame:
    """Sums of twelve monthly counts for England and each provider."""
    england = pd.read_csv(folder / "nhs_monthly_england_all_measures_2021_2026.csv")
    england = england[england["measure_statistic"] == "count"]
    england = england.assign(measure=england["measure_name"].replace(ENGLAND_NAMES))
    counts = england.pivot_table(index="reporting_period", columns="measure", values="value")
    england = counts.reset_index().assign(level="england", code="All")
    provider = pd.read_csv(folder / "nhs_monthly_provider_2021_2026.csv")
    provider = provider.rename(columns=lambda name: name.removesuffix("_n"))
    provider = provider.rename(columns={"provider_code": "code"})
    months = pd.concat([england, provider.assign(level="provider")])
    parts = []
    for year in YEARS:
        part = months[months["reporting_period"].isin(months_of(year))]
        sums = {name: twelve(part, ["level", "code"], raw) for raw, name in FROM_MONTHS.items()}
        parts.append(pd.DataFrame(sums).reset_index().assign(year=year))
    return pd.concat(parts)
