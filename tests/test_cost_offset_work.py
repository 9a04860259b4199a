"""Work: studies, months against break-even, movers, value of a month, who could yield savings."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts import Chart
from analysis.cost_offset import work_flows, work_mix, work_months, work_studies, work_values
from analysis.cost_offset.work_months import GRADUAL, HELD, Path
from analysis.errors import LookupFault
from analysis.evidence import Evidence
from analysis.interval_rows import Remark, Row
from analysis.quantity import Quantity
from analysis.tables import Table
from tests.perturb import lineage_problems

SECTIONS = (
    work_studies.studies,
    work_studies.every_study,
    work_months.by_version,
    work_flows.movers,
    work_flows.counts_that_conflict,
    work_values.value_of_a_month,
    work_values.every_value,
    work_mix.who_could_yield,
)


def compute(evidence: Evidence) -> dict:
    return {name: item for section in SECTIONS for name, item in section(evidence).items()}


def quantities(evidence: Evidence) -> dict[str, Quantity]:
    found = {}
    for section in SECTIONS:
        if section not in (work_studies.every_study, work_values.every_value):
            found |= section(evidence)
    return {name: item for name, item in found.items() if isinstance(item, Quantity)}


@pytest.fixture(scope="module")
def results(evidence: Evidence) -> dict:
    return compute(evidence)


def test_a_p_value_gives_back_the_interval_of_a_known_standard_error():
    # d = 1.96 SE has p = 0.05 (two-sided): the interval reaches from 0 to 2 d
    found = work_studies.with_inferred_interval(
        Quantity(-4, "percentage points"), Quantity(0.05, "ratio")
    )
    assert found.interval.kind == "model"
    assert found.interval.limits == pytest.approx((-8, 0), abs=1e-9)


def test_inferred_limits_of_the_norwegian_trial(results):
    # 44.2 - 37.2 = 7.0, p 0.015: z = 2.4324, SE = 2.878, 1.95996 SE = 5.640
    found = results["work_support_year"]
    assert found.value == pytest.approx(7.0)
    assert found.interval.limits == pytest.approx((1.36, 12.64), abs=0.005)


def test_an_arm_without_a_p_against_usual_care_gets_no_interval(results):
    # 43.7 - 45; the printed p of that arm is against the other treatment
    assert results["work_care_alone"].value == pytest.approx(-1.3)
    assert results["work_care_alone"].interval.kind == "unstated"
    # 56.2 - 45
    assert results["work_joined"].value == pytest.approx(11.2)


def test_findings_without_a_size_stand_in_the_figure_as_words(evidence):
    rows = [row for group in work_studies.groups(evidence) for row in group.rows]
    remarks = [row.text for row in rows if isinstance(row, Remark)]
    assert len(remarks) == 3
    assert all("no difference found" in text for text in remarks)
    drawn = [row.quantity for row in rows if isinstance(row, Row)]
    assert all(math.isfinite(item.value) for item in drawn)
    assert min(item.value for item in drawn) < 0


def test_the_full_table_has_every_row_of_the_evidence_and_the_trial(evidence, results):
    table = results["work_every_study"]
    assert len(table.frame) == len(evidence.table("employment_effects")) + 1
    assert "trial_contrasts/pmhc_work_6m" in table.rows
    unsized = table.frame[table.frame["Result"].map(lambda cell: isinstance(cell, str))]
    assert set(unsized["Says"]) == {"no difference"}


def test_months_gained_are_the_area_under_the_effect(results):
    # held: 0.015 × 60; 0.031 × 24 and × 60; 0.015 × 24 of the one month of 2014
    assert results["work_gained_all_certain"].value == pytest.approx(0.90)
    assert results["work_gained_unemployed_payback"].value == pytest.approx(0.744)
    assert results["work_gained_unemployed_certain"].value == pytest.approx(1.86)
    assert results["work_part_of_needed"].value == pytest.approx(36)


def test_month_in_which_the_terms_of_2014_are_met(results):
    # 1 / 0.015 = 66.7; 1 / 0.031 = 32.3; 48 + (1 − 0.7595) / 0.031 = 55.8
    assert results["work_reached_all"].value == 67
    assert results["work_reached_unemployed"].value == 33
    assert results["work_reached_unemployed_gradual"].value == 56
    # 84 + (1 − 0.6375) / 0.015 = 108.2
    assert results["work_reached_all_gradual"].value == 109


def test_months_needed_by_version(evidence, results):
    needed = results["work_by_version"].frame.set_index("Version")["Months of work needed"]
    assert needed["Layard and Clark, 2014"].value == pytest.approx(1.0)  # 650 / 650
    assert needed["Layard in the Lords, 2015"].value == pytest.approx(1.5)  # 1,000 / (8,000 / 12)
    # 8,000 / 12 × 100 / 75.1536 = 887.1 in prices of 2024
    later = needed[[name for name in needed.index if name.startswith("Layard in the Lords, 2024")]]
    assert [item.value for item in later] == pytest.approx([1000 / 887.073], abs=1e-4)
    returns = work_months.needs(evidence, "unemployed")[work_months.RETURNS].needed
    assert returns.value == pytest.approx(1587 / 1018)


def test_an_exact_number_of_months_counts_as_reached():
    path = Path(Quantity(4, "percentage points"), Quantity(84, "months"))
    assert path.reaches(Quantity(1, "months"), HELD).value == 25
    assert path.reaches(Quantity(1.0001, "months"), HELD).value == 26


def test_an_effect_too_small_is_refused():
    path = Path(Quantity(0.01, "percentage points"), Quantity(84, "months"))
    with pytest.raises(LookupFault, match="does not give"):
        path.reaches(Quantity(1, "months"), HELD)


@given(
    st.floats(0.5, 10), st.integers(1, 120), st.integers(1, 120)
)  # fmt: skip
def test_no_gradual_path_exceeds_the_one_held_from_the_start(most, full_at, month):
    path = Path(Quantity(most, "percentage points"), Quantity(full_at, "months"))
    assert path.gained(month, GRADUAL).value <= path.gained(month, HELD).value + 1e-12


def test_versions_not_met_within_the_evidence_say_so(results):
    frame = results["work_by_version"].frame.set_index("Version")
    column = f"{work_months.NAMES['all']}, {GRADUAL}"
    assert set(frame[column]) == {"not within the evidence"}
    column = f"{work_months.NAMES['all']}, {HELD}"
    assert frame.loc["Layard in the Lords, 2015", column] == "not within the evidence"


def test_net_movement_and_its_bounds(results):
    # 21,775 − 21,176 = 599; unknown 53,870 fits into both groups that could have moved:
    # 98,313 − 21,775 = 76,538 and 468,881 − 98,313 − 21,176 = 349,392
    net = results["flow_net"]
    assert net.value == 599
    assert net.interval.limits == (599 - 53_870, 599 + 53_870)
    # over 468,881 finished courses
    assert results["flow_net_points"].interval.limits == pytest.approx((-11.361, 11.617), abs=1e-3)
    assert results["flow_in_of_start"].value == pytest.approx(100 * 21_775 / 98_313)


def test_bounds_stop_at_the_people_there_are():
    five = [Quantity(n, "referrals") for n in (20, 15, 90, 25, 100)]
    # at most 5 more could have moved in and 60 more out
    assert work_flows.net_movement(*five).interval.limits == (-55, 10)


def test_counts_that_conflict(results):
    assert results["flow_conflict"].value == pytest.approx(18_039 / 1_783)
    assert results["flow_quarter_ratio"].value == pytest.approx(6_776 / 3_683)
    # the critic's shares imply 1,783 / (0.05 × 0.05) clients
    assert results["flow_sick_clients"].value == pytest.approx(713_200)
    assert len(results["flow_definitions"].frame) == 10


def test_slope_of_the_audit(evidence):
    # disabled: (5.470 + 54.867) million / (9 × 11,064); 25 Plus: (−46.425 + 105.900) / (9 × 10,324)
    found = {
        name: work_values.slope_of_job_month(evidence, name) for name in work_values.PROGRAMMES
    }
    assert found["nao_nddp"].value == pytest.approx(605.94, abs=0.01)
    assert found["nao_nd25plus"].value == pytest.approx(640.09, abs=0.01)
    # second year, disabled: (83.200 − 5.470) million / (12 × 11,064)
    later = work_values.slope_of_job_month(evidence, "nao_nddp", 12, 24)
    assert later.value == pytest.approx(585.46, abs=0.01)


def test_values_in_prices_of_one_year(results):
    # 2006 to 2024 by 100 / 63.4682; 2024 to 2024-25 by
    # 1.547135 / (0.25 × 1.491682 + 0.75 × 1.547135) = 1.009042
    assert results["job_slope_disabled"].value == pytest.approx(
        605.94 * 1.57559 * 1.009042, rel=1e-4
    )
    assert results["job_said_2014"].value == pytest.approx(650 * 1.339542 * 1.009042, rel=1e-4)
    # 7,500 / 12 in 2012-13: × 1.547135 / 1.110536
    assert results["job_entering_sick"].value == pytest.approx(625 * 1.393142, rel=1e-4)
    assert results["job_allowance_sick"].value == pytest.approx(393.45 + 416.19)


def test_a_week_is_its_part_of_a_mean_month(evidence):
    # 77 × 365.25 / 84
    assert work_values.a_month(evidence, "rate_jsa_2022").value == pytest.approx(334.81, abs=0.01)


def test_the_models_parameters_agree_with_this_section(evidence, results):
    given = evidence.table("model_parameters")["central"]
    assert round(results["job_slope_adults"].value) == given["job_month_unemployed"]
    assert round(results["job_entering_sick"].value) == given["job_month_inactive"]


def test_shares_among_attenders_by_hand():
    # half with odds ratio 1/4 at attendance 1/2: p / (1 − p) = 2, so 2/3 against 1/3
    found = work_mix.among_attenders([0.5], [0.25], 0.5)
    assert found == pytest.approx([1 / 3])


@given(
    st.floats(0.05, 0.4), st.floats(0.05, 0.4), st.floats(0.2, 0.95), st.floats(0.2, 0.95),
    st.floats(0.02, 0.98),
)  # fmt: skip
def test_every_attendance_lies_within_the_bounds(one, two, first, second, attendance):
    found = work_mix.among_attenders([one, two], [first, second], attendance).sum()
    low, high = work_mix.extremes([one, two], [first, second])
    assert low - 1e-9 <= found <= high + 1e-9


def test_who_would_have_to_move(results):
    # 4 over 98,313 / 468,881 = 20.968 percent
    assert results["mix_must_move"].value == pytest.approx(4 / 0.209676, abs=0.01)
    # bounds: 4 / 0.237 and 4 / 0.16984, where
    # (16.8 × 0.67 + 6.9 × 0.64) / (16.8 × 0.67 + 6.9 × 0.64 + 76.3) = 15.672 / 91.972
    assert results["mix_attending"].interval.low == pytest.approx(100 * 15.672 / 91.972)
    assert results["mix_must_move"].interval.limits == pytest.approx((16.878, 23.474), abs=0.001)
    # 16.8 percent of 3.1 points, of the 1.5 found for all
    assert results["mix_unemployed_part"].value == pytest.approx(0.5208)
    assert results["mix_unemployed_part_share"].value == pytest.approx(34.72)


def test_names_say_their_topic_and_are_all_publishable(results):
    assert all(name.startswith(("work_", "flow_", "job_", "mix_")) for name in results)
    assert all(isinstance(item, Quantity | Table | Chart) for item in results.values())


def test_charts_are_the_same_every_time_and_at_both_widths(evidence, results):
    again = compute(evidence)
    for name, item in results.items():
        if isinstance(item, Chart):
            for width in ("wide", "narrow"):
                assert item.specification(width) == again[name].specification(width)


def test_tables_name_no_cell_twice(results):
    for item in results.values():
        if isinstance(item, Table):
            assert isinstance(item.frame, pd.DataFrame)
            assert len(set(item.header)) == len(item.header)


def test_lineage_is_true(evidence):
    assert lineage_problems(quantities, evidence) == []
