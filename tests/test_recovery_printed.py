"""One rule for every printed percentage of every side."""

import pytest

from analysis.recovery.printed_check import (
    FITS,
    LARGE,
    NO_CHECK,
    NOT,
    as_printed,
    check_printed,
    official_pairs,
    statements,
    within_rounding,
)
from analysis.recovery.printed_sides import by_side, not_obtainable


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ({"percent": 9.2, "decimals": 1, "n": 90}, NOT),  # 8/90 = 8.9, 9/90 = 10.0
        ({"percent": 9.2, "decimals": 1, "n": 87}, FITS),  # 8/87 = 9.195
        ({"percent": 10.0, "decimals": 0, "n": 90}, FITS),  # 9/90
        ({"percent": 47.0, "decimals": 0, "n": 7859}, LARGE),  # 100 people give every whole percent
        ({"percent": 13.7, "decimals": 1, "n": 999}, FITS),  # 137/999 = 13.71
        ({"percent": 13.7, "decimals": 1, "n": 1000}, LARGE),  # 1000 people give every tenth
        ({"percent": 9.2, "decimals": 1, "n": float("nan")}, NO_CHECK),
        ({"percent": 9.2, "decimals": 1, "n": 90, "exact": False}, NO_CHECK),
        ({"percent": 53.1, "decimals": 1, "n": 44217, "count": 23466}, FITS),  # 53.07
        ({"percent": 52.5, "decimals": 1, "n": 44217, "count": 23466}, NOT),
        # 470/680 = 69.12, but 472.4/677.6 = 69.7, both rounding to fives
        ({"percent": 69.4, "decimals": 1, "n": 680, "count": 470}, NOT),
        ({"percent": 69.4, "decimals": 1, "n": 680, "count": 470, "step": 5}, FITS),
    ],
)
def test_one_rule(case, status):
    assert check_printed(**case).status == status


def test_rounded_counts_are_allowed_what_would_round_to_them_and_no_more():
    # 1.6 of 4.7 million to a tenth of a million: 1.55/4.75 = 32.6 to 1.65/4.65 = 35.5 percent
    assert within_rounding("34.5", 1_600_000, 4_700_000, 100_000)
    assert not within_rounding("35.6", 1_600_000, 4_700_000, 100_000)


def test_a_percentage_keeps_its_printed_decimals():
    assert [as_printed(45.0, 1), as_printed(45.0, 0), as_printed(12.94, 2)] == [
        "45.0",
        "45",
        "12.94",
    ]


def test_every_statement_gets_a_status_and_estimates_are_not_checked(evidence):
    told = statements(evidence)
    assert len(told) == len(evidence.table("printed_proportions"))
    assert set(told["status"]) == {FITS, NOT, LARGE, NO_CHECK}
    assert (told.loc[told["estimated"], "status"] == NO_CHECK).all()
    assert (told.loc[told["qualifier"] != "exact", "status"] == NO_CHECK).all()


def test_official_tables_are_checked_pair_by_pair_without_those_told_before(evidence):
    pairs = official_pairs(evidence)
    assert (pairs["status"] == FITS).all()
    assert "2018-03" not in set(pairs[pairs["measure"] == "recovery_rate_percent"]["period"])
    row = pairs[(pairs["period"] == "2015-16") & (pairs["measure"] == "recovery_rate_percent")]
    # 537,131 finished less 46,736 not at caseness
    assert row[["count", "n"]].to_numpy().tolist() == [[226_850, 490_395]]


def test_sides_are_counted_alike(evidence):
    found = by_side(evidence)
    frame = found["printed_by_side"].table.frame.set_index("Side")
    assert frame.drop("official tables").iloc[:, :4].to_numpy().sum() == 125
    assert found["printed_critic_not"].value == frame.loc["critic", "Not obtainable"] == 8
    # six rows of one table fit 89, the size less the person with missing data
    assert found["printed_critic_one_fewer"].value == 6
    assert found["printed_programme_not"].value == 1
    assert found["printed_official_not"].value == 1


def test_figures_that_do_not_fit_are_listed_with_what_does(evidence):
    frame = not_obtainable(evidence)["printed_not_obtainable"].frame
    assert len(frame) == 12
    march = frame[frame["Percentage of"] == "recovery, England, 2018-03"].iloc[0]
    assert march["Finding"].endswith("the printed counts give 53.1%")
