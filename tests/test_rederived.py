"""The derived tables follow from the public files of trials and areas, where those are at hand.

The files are not redistributed. Each trial file is the ``data.csv`` of one repository of
github.com/metapsy-project at the commit in ``analysis.deriving.trial_files.COMMITS``, renamed
after the repository: that of ``data-depression-psyctr`` is ``metapsy_depression_psyctr.csv``. Put
the nine files in one folder, the NHS files that ``analysis.deriving.area_files`` describes beside
them, and name it in the environment variable ``RECOUNTED_TRIAL_FILES``:

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

from analysis.deriving.area_files import annual
from analysis.deriving.area_pathway import area_pathway
from analysis.deriving.month_rates import month_rates, rebuilt_rates
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
MONTHLY_PROVIDER = """reporting_period,provider_code,finished_course_treatment_n,\
not_at_caseness_n,recovery_n,recovery_pct
2021-03,AAA,110,10,50,50
2021-04,AAA,110,10,45,46
2021-05,AAA,210,10,90,46
2021-06,AAA,40,,20,51
2021-07,AAA,220,20,95,47
2021-07,UNKNOWN,110,10,50,50
"""
NO_WORKBOOK = "ccg_code,provider_code,group_type,month,finished_course_treatment_n,recovery_pct\n"
NO_SUB_ICB = "month,sicbl22_code,finished_course_treatment_n,recovery_pct\n"


@pytest.fixture()
def months_folder(tmp_path: Path) -> Path:
    """Seven months of one provider and of buyers unknown; a workbook with one hub."""
    (tmp_path / "nhs_monthly_provider_2021_2026.csv").write_text(MONTHLY_PROVIDER)
    hub = NO_WORKBOOK + "13Q,all,CCG,2019-05,20,50\n,all,CCG,2019-05,20,50\n"
    (tmp_path / "nhs_monthly_england_ccg_provider_2019_2020.csv").write_text(hub)
    (tmp_path / "nhs_monthly_subicb_2022_2023.csv").write_text(NO_SUB_ICB)
    return tmp_path


@pytest.fixture(scope="session")
def folder() -> Path:
    """The public files; a folder that was named must hold them, the default one may not."""
    named = os.environ.get(VARIABLE)
    if named is None and not AT_HAND.is_dir():
        pytest.skip(f"the public files are not here: name their folder in {VARIABLE}")
    return Path(named).expanduser() if named else AT_HAND


def committed(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False).set_index("id")


@pytest.mark.parametrize("name", DERIVED)
def test_every_cell_follows_from_the_public_files(name: str, folder: Path) -> None:
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


# judgements and counts of this book, which follow from no public file
OF_THIS_BOOK = {"certainty", "not_seen", "second_reading"}


def test_tables_that_are_derived_as_a_whole_are_those_derived_again() -> None:
    evidence = load()
    whole = {name for name in evidence.names if set(evidence.table(name)["grade"]) == {"derived"}}
    assert whole - OF_THIS_BOOK == set(DERIVED)


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


def test_months_of_a_year_are_counted_by_printed_rate_and_hubs_are_left_out(
    months_folder: Path,
) -> None:
    """46% was printed twice, on bases of 100 and 200; a count not printed is taken as two."""
    table = month_rates(months_folder).set_index("id")
    assert table["months"].to_dict() == {
        "provider_aaa_2020_21_50": 1,
        "provider_aaa_2021_22_46": 2,
        "provider_aaa_2021_22_47": 1,
        "provider_aaa_2021_22_51": 1,
    }
    assert table["mean_size"].tolist() == [100, 150, 200, 38]


def test_a_rebuilt_rate_is_on_the_edge_of_its_tenth_only_when_it_equals_it(
    months_folder: Path,
) -> None:
    """50/100 twice; 45/100 and 90/200; 95/200. A month whose base is not printed is out."""
    table = rebuilt_rates(months_folder).set_index("rebuilt_from")
    found = table[table["months"] > 0]
    assert found["months"].to_dict() == {45.0: 2, 47.5: 1, 50.0: 2}
    assert (found["exact"] == found["months"]).all()
    assert found["months_large"].to_dict() == {45.0: 1, 47.5: 1, 50.0: 0}


def test_a_unit_printed_under_two_names_and_a_hub_are_not_counted_as_areas(tmp_path: Path) -> None:
    rows = (
        "2023-24,Provider,TAF90,A,10\n2023-24,Provider,TAF90,B,10\n2023-24,CCG,14E,HUB,10\n"
        "2023-24,ICB,UNKNOWN,UNKNOWN,10\n2023-24,STP,E54,S,10\n2023-24,England,All,All,20\n"
    )
    file = tmp_path / "nhs_annual_area_key_measures_2017_2025.csv"
    file.write_text("reporting_period,org_type,org_code,org_name,referrals_received_n\n" + rows)
    assert annual(tmp_path, "key_measures")["code"].tolist() == ["TAF90", "All"]


def test_boards_and_unknown_commissioners_add_up_to_england(folder: Path) -> None:
    """Within rounding to 5 of each of the boards and of the rest."""
    table = area_pathway(folder).query("year == '2024-25'")
    raw = pd.read_csv(folder / "nhs_annual_area_key_measures_2017_2025.csv")
    rest = raw.query(
        "reporting_period == '2024-25' and org_type == 'ICB' and org_code == 'UNKNOWN'"
    )
    boards, england = table.query("level == 'icb'"), table.query("level == 'england'")
    total = boards["finished"].sum() + rest["finished_course_treatment_n"].sum()
    assert len(boards) == 42
    assert abs(total - england["finished"].iloc[0]) <= 2.5 * (len(boards) + 1)


def test_the_pile_at_fifty_is_in_the_rebuilt_rates_and_not_in_the_printed_ones(
    folder: Path,
) -> None:
    """Months of 200 or more: one percent from 50 up against one below, rebuilt and as printed."""
    rebuilt = rebuilt_rates(folder).set_index("rebuilt_from")["months_large"]
    above, below = rebuilt[50.0:50.95].sum(), rebuilt[49.0:49.95].sum()
    assert (above, below) == (839, 363)
    raw = pd.read_csv(folder / "nhs_monthly_provider_2021_2026.csv")
    size = raw["finished_course_treatment_n"] - raw["not_at_caseness_n"]
    printed = raw.loc[size >= 200, "recovery_pct"].value_counts()
    assert printed[50] / printed[49] < above / below - 0.5
