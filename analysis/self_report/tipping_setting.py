"""What the models of the tipping point are calibrated to: published scores, rate, thresholds."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.evidence import Evidence
from analysis.quantity import Quantity, lineage, share
from analysis.recovery_index import RecoveryRule
from analysis.tipping_point import Scale, Target
from analysis.truncated_normal import Cuts, Population, Published, before_selection, caseness_cuts

YEAR = "2022-23"
SCALES = ("PHQ-9", "GAD-7")
OVER_TIME = tuple(f"depression_phq_9_therapy_points{end}" for end in ("_r0_3", "", "_r0_7"))


@dataclass(frozen=True)
class Setting:
    """What the models are calibrated to, how bias on one scale goes with the other, and rows.

    `gad7_per_phq9` is the GAD-7 points that go with a point of PHQ-9: a bias of equal size in
    standard deviations of first scores. `over_time` are correlations of first and last scores.
    """

    target: Target
    population: Population
    gad7_per_phq9: float
    over_time: tuple[float, ...]
    rate: Quantity
    fall: Quantity
    spread: Quantity
    rows: frozenset[str]

    @property
    def cuts(self) -> Cuts:
        """Thresholds with the correction for whole scores."""
        return Cuts(self.target.phq9.cut, self.target.gad7.cut)


def setting(evidence: Evidence, year: str = YEAR) -> Setting:
    """Scores of those at caseness, their rate, the thresholds, and spreads not cut at caseness.

    Raises LookupFault for a year without scores of those at caseness.
    """
    used: list[Quantity] = []

    def threshold(instrument: str, column: str) -> float:
        where = {"instrument": instrument, "use": "recovery index", "preferred": True}
        used.append(evidence.pick("thresholds", column, **where))
        return used[-1].value

    def score(population: str, instrument: str, time: str, column: str) -> Quantity:
        where = {"problem": "All problems", "therapy": "All therapies", "instrument": instrument}
        used.append(
            evidence.pick("problem_therapy_scores", column, year=year, population=population,
                          time=time, **where)
        )  # fmt: skip
        return used[-1]

    def count(measure: str) -> Quantity:
        used.append(evidence.pick("annual_national", year=year, measure=measure, preferred=True))
        return used[-1]

    phq9_case, gad7_case = (threshold(name, "caseness_threshold") for name in SCALES)
    phq9_change, gad7_change = (threshold(name, "reliable_change_threshold") for name in SCALES)
    rule = RecoveryRule(phq9_case, gad7_case, phq9_change, gad7_change, strict=False)
    cuts = caseness_cuts(rule, continuity=True)
    at = {
        (name, time, column): score("at_caseness", name, time, column)
        for name in SCALES
        for time in ("start", "end")
        for column in ("mean", "sd")
    }
    finished, outside, recovered = (
        count(measure) for measure in ("finished_course", "not_at_caseness", "moved_to_recovery")
    )
    rate = share(recovered, finished - outside)
    phq9, gad7 = (
        Scale(
            at[name, "end", "mean"].value, at[name, "end", "sd"].value, cut,
            threshold(name, "score_max"),
        )
        for name, cut in zip(SCALES, cuts, strict=True)
    )  # fmt: skip
    published = Published(
        at["PHQ-9", "start", "mean"].value,
        at["PHQ-9", "start", "sd"].value,
        at["GAD-7", "start", "mean"].value,
        at["GAD-7", "start", "sd"].value,
        share(outside, finished).value / 100,
        selected=True,
    )
    spreads = [score("all_courses", name, "start", "sd") for name in SCALES]
    over_time = [evidence.quantity("change_without_therapy", i, "correlation") for i in OVER_TIME]
    return Setting(
        Target(phq9, gad7, rate.value / 100),
        before_selection(published, cuts),
        spreads[1].value / spreads[0].value,
        tuple(sorted(item.value for item in over_time)),
        rate,
        at["PHQ-9", "start", "mean"] - at["PHQ-9", "end", "mean"],
        spreads[0],
        lineage(*used, *over_time),
    )
