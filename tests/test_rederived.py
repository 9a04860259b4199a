"""The derived tables follow from the public trial files, where those are at hand.

The files are not redistributed. Each is the ``data.csv`` of one repository of
github.com/metapsy-project at the commit in ``analysis.deriving.trial_files.COMMITS``, renamed
after the repository: that of ``data-depression-psyctr`` is ``metapsy_depression_psyctr.csv``. Put
the nine files in one folder and name it in the environment variable ``RECOUNTED_TRIAL_FILES``:

    RECOUNTED_TRIAL_FILES=~/metapsy .venv/bin/python -m pytest tests/test_rederived.py

Without the variable ``../shared/evidence/subnational/data`` is tried, and where that is absent the
tests that need the files skip and say so. The rest always run.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.deriving.tables import DATA, DECIMALS, DERIVED, OTHERWISE, as_written
from analysis.deriving.trial_files import LAYOUTS, read
from analysis.evidence import load

VARIABLE = "RECOUNTED_TRIAL_FILES"
AT_HAND = DATA.parent.parent / "shared" / "evidence" / "subnational" / "data"
COLUMNS = (
    "study;condition_arm1;condition_arm2;instrument;rating;.g;.g_se;outcome_type;time;time_weeks;"
    "mean_arm1;sd_arm1;n_arm1;mean_arm2;sd_arm2;n_arm2;baseline_mean_arm1;baseline_sd_arm1;"
    "baseline_mean_arm2;baseline_sd_arm2;ROB"
)
PUBLISHED = (
    COLUMNS + "\nDoe, 2010;cbt;wl;GAD-7;sr;-0,5;0,2;msd;post;12;8,5;4;50;11;NR;48;"
    "14,25;3,5;14;3,6;Low risk\n"
)


@pytest.fixture(scope="session")
def folder() -> Path:
    """The public trial files; a folder that was named must hold them, the default one may not."""
    named = os.environ.get(VARIABLE)
    if named is None and not AT_HAND.is_dir():
        pytest.skip(f"the public trial files are not here: name their folder in {VARIABLE}")
    return Path(named).expanduser() if named else AT_HAND


def committed(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False).set_index("id")


@pytest.mark.parametrize("name", DERIVED)
def test_every_cell_follows_from_the_trial_files(name: str, folder: Path) -> None:
    """Words are the same; numbers too, or one unit off in the last decimal kept."""
    theirs, ours = committed(name), as_written(name, folder)
    assert list(ours.index) == list(theirs.index)
    unit = 1.01 * 10.0 ** -DECIMALS.get(name, OTHERWISE)
    for column in theirs:
        differ = theirs.index[theirs[column] != ours[column]]
        numbers = pd.DataFrame({"kept": theirs[column], "now": ours[column]}).loc[differ]
        numbers = numbers.apply(pd.to_numeric, errors="coerce")
        off = numbers[~((numbers["kept"] - numbers["now"]).abs() <= unit)]
        assert off.empty, f"{column}: {list(off.index)}"


def test_restored_decimals_give_the_effects_that_were_printed(folder: Path) -> None:
    """Hedges' g from the restored means and spreads, against the file's own to its two decimals."""
    rows = read(folder, "transdiagnostic").query("outcome_type == 'msd'")
    free = rows["n1"] + rows["n2"] - 2
    pooled = ((rows["n1"] - 1) * rows["sd1"] ** 2 + (rows["n2"] - 1) * rows["sd2"] ** 2) / free
    g = (1 - 3 / (4 * free - 1)) * (rows["mean2"] - rows["mean1"]) / np.sqrt(pooled)
    assert len(rows) >= 20
    assert (g - rows["g"]).abs().max() < 0.015


def test_tables_that_are_derived_as_a_whole_are_those_derived_again() -> None:
    evidence = load()
    whole = {name for name in evidence.names if set(evidence.table(name)["grade"]) == {"derived"}}
    assert whole == set(DERIVED)


def test_a_file_in_continental_notation_reads_like_one_in_plain_notation(tmp_path: Path) -> None:
    file = tmp_path / LAYOUTS["gad"].file
    file.write_text(PUBLISHED)
    continental = read(tmp_path, "gad")
    plain = PUBLISHED.replace("Doe, 2010", '"Doe| 2010"').replace(",", ".").replace(";", ",")
    file.write_text(plain.replace("|", ","))
    pd.testing.assert_frame_equal(continental, read(tmp_path, "gad"))
    row = continental.iloc[0]
    assert (row["g"], row["mean1"], row["base_mean1"]) == (0.5, 8.5, 14.25)
    assert (row["rater"], row["control"], row["year"]) == ("self-report", "waiting_list", 2010)
    assert np.isnan(row["sd2"]) and row["rob"] == "low risk"


def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / LAYOUTS["gad"].file).write_text("study,effect\nDoe 2010,0.5\n")
    with pytest.raises(ValueError, match="lacks condition_arm1"):
        read(tmp_path, "gad")
