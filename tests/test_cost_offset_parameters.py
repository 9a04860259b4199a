"""The inputs of the model follow from the rows that they name, worked out again from the data.

A deflator of 2024-25 is 1.54713…; a row that says it is as printed holds the number itself.
"""

from collections.abc import Callable

import pytest

from analysis.cost_offset.parameters import Parameters, parameters
from analysis.errors import LookupFault
from analysis.evidence import Evidence

TRUSTS = ("assessment", "treatment", "assessment_and_treatment", "review", "review_and_treatment",
          "follow_up", "employment_support", "other")  # fmt: skip
ENDS = ("low", "central", "high")
Ends = tuple[float, float, float]
PRINTED = ("as printed", "central and high: the published maximum", "longest horizon")


class Base:
    """The data that the rules of the table speak of."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def at(self, table: str, row: str, column: str = "value") -> float:
        return float(self.evidence.table(table).loc[row, column])

    def now(self, amount: float, year: str) -> float:
        """Money of a financial or calendar year in prices of 2024-25."""
        fin = {
            name: self.at("gdp_deflator", f"financial_{name}") for name in ("2023_24", "2024_25")
        }
        if "-" in year:
            return (
                amount
                * fin["2024_25"]
                / self.at("gdp_deflator", f"financial_{year.replace('-', '_')}")
            )
        of_2024 = amount * 100 / self.at("gdp_deflator", f"calendar_{year}")
        return of_2024 * fin["2024_25"] / (0.25 * fin["2023_24"] + 0.75 * fin["2024_25"])

    def contacts(self) -> tuple[float, float]:
        """Mean cost of a contact, and of one for treatment alone."""
        rows = [f"trusts_2024_25_{kind}" for kind in TRUSTS]
        frame = self.evidence.table("unit_costs").loc[rows]
        mean = (frame["value"] * frame["n"]).sum() / frame["n"].sum()
        return mean, frame.loc["trusts_2024_25_treatment", "value"]

    def of_year(self, table: str, **where: object) -> float:
        months = self.evidence.table(table, **where)
        year = months[(months["month"] >= "2024-04") & (months["month"] <= "2025-03")]
        return float(year["value"].sum())

    def cost_over(self, people: float, people_then: float) -> Ends:
        """The reported total of 2021-22 over people then; all contacts over people now."""
        attended = self.of_year("monthly_appointments", category=["attended", "attended_late_seen"])
        mean, treatment = self.contacts()
        reported = 1e6 * self.at("programme_spend", "reported_2021_22") / people_then
        return (
            self.now(reported, "2021-22"),
            mean * attended / people,
            treatment * attended / people,
        )

    def course(self) -> Ends:
        return self.cost_over(
            *(self.at("annual_national", f"eng_{year}_finished_course")
              for year in ("2024_25", "2021_22"))
        )  # fmt: skip

    def start(self) -> Ends:
        return self.cost_over(
            self.of_year("monthly_pathway", measure="first_treatment"),
            self.at("annual_national", "eng_2021_22_first_treatment"),
        )

    def course_of(self, intensity: str) -> Ends:
        own, every = (
            self.at("unit_costs", f"radhakrishnan_{name}_course") for name in (intensity, "all")
        )
        _, central, high = self.course()
        return self.now(own, "2010-11"), central * own / every, high * own / every

    def slope(self, programme: str) -> float:
        """Net benefit of nine more months, over months and jobs."""
        net = [self.at("job_value", f"nao_{programme}_net_{n}m") for n in (3, 12)]
        jobs = self.at("job_value", f"nao_{programme}_jobs")
        return self.now(1e6 * (net[1] - net[0]) / 9 / jobs, "2006")

    def benefits(self, benefit: str) -> float:
        return self.now(self.at("job_value", f"gmca_{benefit}_benefits") / 12, "2012-13")

    def allowance(self, *parts: str) -> float:
        return sum(self.at("job_value", f"rate_uc_{part}_2024") for part in parts)

    def output(self) -> Ends:
        def most(row: str) -> float:
            return self.at("employment_effects", row, "estimate")

        return (
            most("ons_pay_all") / most("ons_employment_all") * 100,
            most("cep_pay_unemployed") / most("ons_employment_unemployed") * 100,
            most("peutere_earnings") / 12 / most("peutere_employment") * 100,
        )

    def none_to(self, table: str, row: str, column: str) -> Ends:
        most = self.at(table, row, column)
        return 0.0, most, most

    def saved(self) -> Ends:
        low, mid, high = (
            self.now(self.at("nhs_savings", "toffolutti_saving", column), "2017-18")
            for column in ("ci_low", "value", "ci_high")
        )
        return low, mid, high

    def not_spent(self) -> Ends:
        """Cost of the care less the difference in all costs, whose ends change places."""
        cost = self.at("utilities", "cadet_cost")
        low, mid, high = (
            self.now(cost - self.at("utilities", "cadet_incremental_cost", column), "2010-11")
            for column in ("ci_high", "value", "ci_low")
        )
        return low, mid, high

    def thresholds(self, low: str, high: str) -> Ends:
        least, most = (self.at("utilities", name) for name in (low, high))
        return least, least, most


MONEY: dict[str, Callable[[Base], Ends]] = {
    "cost_course_all": Base.course,
    "cost_start_all": Base.start,
    "cost_course_low": lambda b: b.course_of("low"),
    "cost_course_high": lambda b: b.course_of("high"),
    "job_month_unemployed": lambda b: (
        b.allowance("standard"), b.slope("nd25plus"), b.benefits("jsa")),
    "job_month_inactive": lambda b: (
        b.allowance("standard", "health"), b.benefits("esa"), b.slope("nddp")),
    "job_month_employed": lambda b: (0.0, b.allowance("standard"), b.benefits("esa")),
    "job_month_founders": lambda b: (b.at("payback_versions", "founders_2014_value"),) * 3,
    "output_job_month": Base.output,
    "pay_gain_all": lambda b: b.none_to("employment_effects", "ons_pay_all", "estimate"),
    "pay_gain_unemployed": lambda b: b.none_to(
        "employment_effects", "cep_pay_unemployed", "estimate"),
    "nhs_saving_ltc": Base.saved,
    "nhs_saving_no_ltc": Base.not_spent,
    "qaly_value_nice_to_2025": lambda b: b.thresholds(
        "threshold_nice_low_to_2025", "threshold_nice_high_to_2025"),
    "qaly_value_nice_2026": lambda b: b.thresholds(
        "threshold_nice_low_2026", "threshold_nice_high_2026"),
    "qaly_value_green_book": lambda b: b.thresholds("value_green_book", "value_green_book"),
}  # fmt: skip


@pytest.mark.parametrize("name", MONEY)
def test_money_follows_from_its_rows(name: str, evidence: Evidence) -> None:
    row = evidence.table("model_parameters").loc[name]
    worked_out = MONEY[name](Base(evidence))
    assert [row[end] for end in ENDS] == pytest.approx(worked_out, abs=0.55)


def test_every_row_of_money_is_worked_out(evidence: Evidence) -> None:
    frame = evidence.table("model_parameters")
    assert set(MONEY) == set(frame.index[frame["unit"] == "GBP"])


def test_what_is_as_printed_stands_in_the_row_it_names(evidence: Evidence) -> None:
    frame = evidence.table("model_parameters")
    printed = frame[frame["rule"].str.startswith(PRINTED) & (frame["central_rows"] != "")]
    assert len(printed) > 12
    for name, row in printed.iterrows():
        table, base = row["central_rows"].split("/")
        numbers = (
            evidence.table(table)
            .loc[base]
            .map(lambda cell: abs(cell) if isinstance(cell, int | float) else None)
        )
        assert abs(row["central"]) in set(numbers), name


def test_shares_and_effects_follow_from_their_rows(evidence: Evidence) -> None:
    """Unemployed 16.8% of all have 3.1 points of the 1.5: 1.5 − 0.168 × 3.1 over 0.832 is 1.18."""
    base, frame = Base(evidence), evidence.table("model_parameters")
    groups = evidence.table("outcomes_by_group")["value"]
    low, high, both = (
        groups[f"2024_25_stepped_care_{name}_finished_course"]
        for name in ("low_intensity_only", "high_intensity_only", "low_and_high_intensity")
    )
    ill, well, silent = (
        groups[f"2024_25_long_term_condition_{name}_finished_course"]
        for name in ("long_term_condition", "no_long_term_condition", "not_stated")
    )
    five, ten = (
        base.at("utilities", f"furukawa_eq5d_{n}_point_phq9_improvement") for n in ("five", "ten")
    )
    most, theirs = (
        base.at("employment_effects", f"ons_employment_{group}", "estimate")
        for group in ("all", "unemployed")
    )
    out = base.at("attrition_claims", "davis_unemployed") / 100
    expected = {
        "share_low_only": [100 * low / (low + high + both)] * 3,
        "share_ltc": [100 * ill / (ill + well + silent)] * 2 + [100 * ill / (ill + well)],
        "work_effect_employed": [0, (most - out * theirs) / (1 - out), most],
        "utility_per_point": [five / 5, five / 5, ten / 10],
    }
    for name, values in expected.items():
        places = 0.00051 if name == "utility_per_point" else 0.051
        assert [frame.loc[name, end] for end in ENDS] == pytest.approx(values, abs=places), name


def test_money_comes_in_prices_of_one_year(evidence: Evidence) -> None:
    """Output of a month, 2,032 in 2022-23, by 1.547135 over 1.416636; the founders' 650 as said."""
    given: Parameters = parameters(evidence)
    assert given.central("output_job_month") == pytest.approx(2032 * 1.547135 / 1.416636, rel=1e-5)
    assert given.central("job_month_founders") == 650
    with pytest.raises(LookupFault, match="no parameter"):
        given["cost_of_everything"]


def test_an_expected_value_is_the_mean_over_the_range(evidence: Evidence) -> None:
    """Triangular from 1,323 to 1,625 with its top at 1,587: the mean of the three."""
    cost = parameters(evidence)["cost_course_all"]
    assert cost.expected.value == pytest.approx((1323 + 1587 + 1625) / 3)
    assert cost.quantity.value == 1587
    assert cost.expected.interval == cost.quantity.interval
