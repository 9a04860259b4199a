"""The derived tables of the data package, each with the function that gives its rows.

``python -m analysis.deriving.tables FOLDER`` writes them again from the public files: those of
trials and those of areas.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.deriving.area_deprivation import area_deprivation
from analysis.deriving.area_pathway import area_pathway
from analysis.deriving.area_years import area_years
from analysis.deriving.change_without_therapy import change_without_therapy
from analysis.deriving.effect_by_control import effect_by_control
from analysis.deriving.masked_by_period import masked_by_period
from analysis.deriving.month_rates import month_rates, rebuilt_rates
from analysis.deriving.rater_by_trial import rater_by_trial
from analysis.deriving.response import response_by_disorder
from analysis.deriving.trial_loss import trial_loss
from analysis.deriving.trial_sessions import trial_sessions

DATA = Path(__file__).resolve().parents[2] / "data"
DERIVED: dict[str, Callable[[Path], pd.DataFrame]] = {
    "area_deprivation": area_deprivation,
    "area_pathway": area_pathway,
    "area_years": area_years,
    "change_without_therapy": change_without_therapy,
    "effect_by_control": effect_by_control,
    "masked_by_period": masked_by_period,
    "month_rates": month_rates,
    "rater_by_trial": rater_by_trial,
    "rebuilt_rates": rebuilt_rates,
    "response_by_disorder": response_by_disorder,
    "trial_loss": trial_loss,
    "trial_sessions": trial_sessions,
}
DECIMALS = {
    "area_deprivation": 3,
    "area_pathway": 0,
    "area_years": 2,
    "month_rates": 1,
    "rater_by_trial": 6,
    "rebuilt_rates": 1,
    "trial_loss": 1,
    "trial_sessions": 1,
}
OTHERWISE = 5


def cell(value: object, decimals: int) -> str:
    """A value as the data package writes it: plain decimals, true or false, empty if missing.

    >>> [cell(value, 2) for value in (1.50, -0.001, True, None, "PHQ-9")]
    ['1.5', '0', 'true', '', 'PHQ-9']
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def as_written(name: str, folder: Path) -> pd.DataFrame:
    """A derived table as text cells with the columns of the committed file, indexed by id."""
    columns = pd.read_csv(DATA / f"{name}.csv", nrows=0).columns
    decimals = DECIMALS.get(name, OTHERWISE)
    rows = DERIVED[name](folder)[list(columns)].astype(object)
    return rows.map(lambda value: cell(value, decimals)).set_index("id")


def main(folder: Path) -> None:
    """Write every derived table."""
    for name in DERIVED:
        as_written(name, folder).to_csv(DATA / f"{name}.csv", lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
