"""Which combinations of the multiverse answer no question, and why: first reason that fits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.multiverse import Grid, Rule

WIDE = ("started", "ended", "referred")
FINISHERS = ("finished_at_caseness", "finished")
LEAVERS = ("waiting_list", "finishers")


def service_rules(
    grid: Grid, values: NDArray[np.float64], comparator_rates: NDArray[np.float64]
) -> list[Rule]:
    """Rules for England, in the order in which they are applied.

    `values` are the shares before any exclusion and `comparator_rates` those implied for people
    without the programme, both shaped to broadcast over the grid.
    """
    at = grid.where
    net, transported = (
        ~at("comparison", "none"),
        ~at("comparison", "none", "reeact", "waiting_list"),
    )
    leavers_known = at("denominator", "ended") | (
        at("denominator", "started") & at("source", "cohort")
    )
    first_year = grid.choices["year"][0]
    return [
        Rule(
            "interview",
            "No interview outcome is collected in England. The critic's interviews are of another "
            "sample on an unseen base: an outside reference.",
            at("rater", "interview"),
        ),
        Rule(
            "follow-up",
            "No score is collected after the end of treatment. A published relapse rate taken off "
            "the recovery rate would ignore that people without the programme relapse and recover "
            "too; differences at later times are shown in the trials' own populations.",
            at("horizon", "12_months"),
        ),
        Rule(
            "operator",
            "Reading a threshold as greater than instead of at least needs single scores; the "
            "published tables hold counts made by one reading.",
            at("operator", "strict"),
        ),
        Rule(
            "other outcome in trial",
            "REEACT counts depression scores below the cut-off, in people of general practices: "
            "outcome and population differ from the official index.",
            at("comparison", "reeact"),
        ),
        Rule(
            "waiting lists as control",
            "Pooled waiting lists are no control arm of this service: other outcomes, raters and a "
            "shorter time.",
            at("comparison", "waiting_list"),
        ),
        Rule(
            "outcome without comparator",
            "The Norwegian trial reports reliable recovery only; no comparator rate of this "
            "outcome is known.",
            transported & ~at("outcome", "reliable_recovery"),
        ),
        Rule(
            "negative comparator",
            "The trial's difference exceeds the whole rate on this base: the rate without the "
            "programme would be negative.",
            transported & (comparator_rates < 0),
        ),
        Rule(
            "population of trial",
            "The trial randomised people above the cut-off who had been offered care; this base "
            "also holds people below it or never treated.",
            net & ~at("denominator", "finished_at_caseness"),
        ),
        Rule(
            "numerator outside base",
            "Reliable change is counted among all who finished, those below the cut-off at the "
            "start included: the numerator is not part of this base.",
            at("outcome", "reliable_improvement", "deterioration")
            & at("denominator", "finished_at_caseness"),
        ),
        Rule(
            "missing taken as not worse",
            "On this base everyone without a last score would count as not having got worse.",
            at("outcome", "deterioration") & at("denominator", *WIDE),
        ),
        Rule(
            "first year cut off",
            "The first year of the data set counts only referrals received within it, so that "
            "most had no time to finish.",
            at("year", first_year) & at("denominator", *WIDE),
        ),
        Rule(
            "one cohort",
            "Counting one cohort in place of the year's starts is a way to count those who "
            "started; finished and ended are one cohort already, referred cannot be made one.",
            at("source", "cohort") & ~at("denominator", "started"),
        ),
        Rule(
            "pairs of finishers",
            "Pairs of scores are counted among finished courses only.",
            at("missing", "pairs") & at("denominator", *WIDE),
        ),
        Rule(
            "nobody left",
            "A rule for people who left does not apply to a base of people who finished.",
            at("missing", *LEAVERS) & at("denominator", *FINISHERS),
        ),
        Rule(
            "leavers not counted",
            "Base and finished courses are not one cohort, so that the number who left is unknown.",
            at("missing", *LEAVERS) & ~leavers_known,
        ),
        Rule(
            "no waiting list with this outcome",
            "No waiting list was found that counts this outcome; remission stands in for recovery "
            "only.",
            at("missing", "waiting_list") & ~at("outcome", "recovery"),
        ),
        Rule(
            "not published",
            "A count that is needed was not published for this year in this source.",
            ~np.isfinite(values),
        ),
    ]


def trial_rules(grid: Grid, values: NDArray[np.float64]) -> list[Rule]:
    """Rules for the trials in their own populations, in the order in which they are applied."""
    at = grid.where
    return [
        Rule(
            "relapse rate",
            "Recovery less published relapses less the control rate counts relapse in one arm "
            "only; the difference between the arms at the later time is the durable effect.",
            at("later", "relapse_rate"),
        ),
        Rule(
            "outcome not in trial",
            "The Norwegian trial reports reliable recovery, REEACT depression scores below the "
            "cut-off; neither was seen with the other's outcome.",
            at("denominator", "pmhc") & at("outcome", "remission")
            | at("denominator", "reeact") & at("outcome", "reliable_recovery"),
        ),
        Rule(
            "counts not printed",
            "The Norwegian trial prints percentages from a model of everyone randomised and no "
            "counts, so that its missing outcomes cannot be treated otherwise.",
            at("denominator", "pmhc") & ~at("missing", "model"),
        ),
        Rule(
            "no model printed",
            "For REEACT counts were seen and no percentages from a model.",
            at("denominator", "reeact") & at("missing", "model"),
        ),
        Rule(
            "not measured then",
            "The trial has no measurement of both arms at this time.",
            ~np.isfinite(values),
        ),
    ]
