"""Named scenarios: what is supposed about work and about other care, all else being equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.cost_offset.parameters import Parameters
from analysis.distributions import Distribution

# every input of the model and the parameter it is, in the base case
BASE = {
    "cost": "cost_course_all",
    "share_unemployed": "share_unemployed",
    "share_inactive": "share_inactive",
    "effect": "work_effect_all",
    "effect_most": "work_effect_all",
    "unemployed_most": "work_effect_unemployed",
    "value_unemployed": "job_month_unemployed",
    "value_inactive": "job_month_inactive",
    "value_employed": "job_month_employed",
    "full_at": "time_of_max_all",
    "full_at_unemployed": "time_of_max_unemployed",
    "until": "evidence_ends",
    "kept": "effect_kept_after_max",
    "share_ltc": "share_ltc",
    "saving_ltc": "nhs_saving_ltc",
    "saving_ltc_months": "nhs_saving_ltc_months",
    "saving_rest": "nhs_saving_no_ltc",
    "saving_rest_months": "nhs_saving_no_ltc_months",
    "share_low": "share_low_only",
    "effect_low": "depression_effect_low",
    "effect_high": "depression_effect_high",
    "spread": "score_spread",
    "utility": "utility_per_point",
    "gain_months": "utility_gain_months",
    "output": "output_job_month",
    "qaly_value": "qaly_value_nice_to_2025",
    "qaly_society": "qaly_value_green_book",
    "rate": "discount_standard",
    "rate_health": "discount_health",
}
MOST = ("effect_most", "unemployed_most")  # the largest published, in every scenario
NO_WORK = {"effect": 0.0}
EVERYONE = 100.0  # percent


@dataclass(frozen=True)
class Scenario:
    """A name for the page, what is supposed, and how it departs from the base case.

    Args:
        name: as printed.
        short: the same for a label in a chart.
        supposes: in a sentence.
        at_highest: inputs held at the high end of their range.
        fixed: inputs held at a number that is part of the supposition.
        instead: inputs that are another parameter, or that the base case does not have.
        at_lowest: inputs held at the low end of their range.
    """

    name: str
    short: str
    supposes: str
    at_highest: tuple[str, ...] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    at_lowest: tuple[str, ...] = ()

    def parameter_names(self) -> dict[str, str]:
        """The parameter behind every input that the scenario does not fix."""
        named = {**BASE, **self.instead}
        return {name: parameter for name, parameter in named.items() if name not in self.fixed}

    def inputs(self, given: Parameters) -> dict[str, Distribution]:
        """The distribution of every input."""
        names = self.parameter_names()
        laws = {name: given[parameter].distribution for name, parameter in names.items()}
        for name in (*MOST, *self.at_highest):
            laws[name] = Distribution.fixed(given[names[name]].high)
        for name in self.at_lowest:
            laws[name] = Distribution.fixed(given[names[name]].low)
        fixed = {name: Distribution.fixed(value) for name, value in self.fixed.items()}
        return {**laws, **fixed}

    def rows(self, given: Parameters) -> frozenset[str]:
        """Data rows behind the scenario's inputs."""
        return given.rows(self.parameter_names().values())


SCENARIOS: dict[str, Scenario] = {
    "maximum": Scenario(
        "Linked study at its maximum",
        "at maximum",
        "The largest effects that the linked study found, from the first month on.",
        at_highest=("effect",),
        fixed={"full_at": 1, "full_at_unemployed": 1},
    ),
    "gradual": Scenario(
        "Linked study, gradual",
        "gradual",
        "The largest effects are reached in the months in which the study found them.",
        at_highest=("effect",),
    ),
    "bounded": Scenario(
        "Linked study as a bound",
        "as a bound",
        "Any effect from none to the largest, reached in the months of the study.",
    ),
    "care_only": Scenario(
        "No effect on work",
        "no jobs",
        "Therapy saves other care, as the English study and the trial found, and changes no job.",
        fixed=NO_WORK,
    ),
    "trial_null": Scenario(
        "No effect on work, care as in the trial",
        "no offset",
        "As the Danish reform found for work; other care as in the randomised trial for everyone.",
        fixed={**NO_WORK, "share_ltc": 0.0},
    ),
    "integrated": Scenario(
        "Integrated care, long-term conditions",
        "integrated",
        "Everyone has a long-term condition; the unemployed gain what the English study found, at "
        "once, and the others what the linked study found.",
        at_highest=("effect",),
        fixed={"share_ltc": EVERYONE},
        instead={"effect_unemployed": "work_effect_unemployed_integrated"},
        at_lowest=("full_at_unemployed",),
    ),
}
