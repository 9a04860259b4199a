"""The Doncaster chain, and whether two pathways are identical.

Shares lost at successive steps multiply: lost = 1 − (1 − a)(1 − b)(1 − c). The paper's abstract
prints how many were referred and how many had more than a single session, which fixes the product
of the steps up to there.
"""

from __future__ import annotations

from math import prod

from analysis.attrition.asserted import CITED, Finding, claimed, findings_table, fits
from analysis.evidence import Evidence
from analysis.intervals import clopper_pearson, rounding_interval
from analysis.quantity import Interval, Quantity, computes, derive
from analysis.tables import Table

STEPS = ("rb_no_assessment", "rb_assessment_only", "rb_one_session")
HALF_DIGIT = 0.05  # the shares are printed to one decimal


def chained_loss(*shares: Quantity) -> Quantity:
    """Share lost over successive steps, with limits of rounding of the printed shares.

    >>> steps = [Quantity(x, "percent") for x in (27.3, 26.8, 29.5)]
    >>> print(chained_loss(*steps).with_limits())
    62.5% (rounding 62.4% to 62.6%)
    """
    low, high = (
        100 * (1 - prod(1 - (step.value + side) / 100 for step in shares))
        for side in (-HALF_DIGIT, HALF_DIGIT)
    )
    value = 100 * (1 - prod(1 - step.value / 100 for step in shares))
    return derive(value, "percent", *shares, interval=Interval("rounding", low, high))


def doncaster_figures(evidence: Evidence) -> dict[str, Quantity]:
    """The chain on its own inputs, on the abstract, and what the abstract leaves for one session.

    left: referred × (1 − a)(1 − b), those who attended treatment by the first two shares.
    room: share of them who can have had a single session, (left − two_plus) / left, at least 0.
    """
    steps = [claimed(evidence, row) for row in STEPS]
    referred = evidence.quantity("attrition_claims", "rb_abstract_referred")
    two_plus = evidence.quantity("attrition_claims", "rb_abstract_two_plus")
    first_two = chained_loss(*steps[:2])
    low, high = (referred.value * (1 - x / 100) for x in reversed(first_two.interval.limits or ()))
    left = derive(
        referred.value * (1 - first_two.value / 100),
        "people",
        referred,
        first_two,
        interval=Interval("rounding", low, high),
    )
    rooms = [100 * max(0.0, n - two_plus.value) / n for n in (low, left.value, high)]
    return {
        "own": chained_loss(*steps),
        "first_two": first_two,
        "abstract": derive(
            100 * (1 - two_plus.value / referred.value), "percent", referred, two_plus
        ),
        "left": left,
        "two_plus": two_plus,
        "room": derive(
            rooms[1], "percent", left, two_plus, interval=Interval("rounding", rooms[0], rooms[2])
        ),
    }


def sample_figures(evidence: Evidence) -> dict[str, Quantity]:
    """The critic's own sample cut as the Doncaster shares are, from printed shares and sizes.

    untreated: no contact or an assessment only, of the sample. once_at_most: of those treated,
    with one or two sessions, so the highest that the share with one can be. Exact intervals of
    sampling, for a stream like the one sampled.
    """
    sample = evidence.table("critic_sample")

    def count(row: str) -> tuple[float, float]:
        size = sample.loc[row, "n_printed"] - sample.loc[row, "missing_stated"]
        return round(sample.loc[row, "value"] * size / 100), round(size)

    (no_contact, size), (assessed, _) = count("scott_no_contact"), count("scott_assessment_only")
    two_or_fewer, with_data = count("scott_two_or_fewer")
    untreated = no_contact + assessed
    treated, early = with_data - untreated, max(0, two_or_fewer - untreated)
    rows = ("scott_no_contact", "scott_assessment_only", "scott_two_or_fewer")
    inputs = [evidence.quantity("critic_sample", row) for row in rows]
    found = {}
    for name, k, n in (("untreated", untreated, size), ("once_at_most", early, treated)):
        low, high = clopper_pearson(int(k), int(n))
        limits = Interval("sampling", 100 * low, 100 * high, 0.95)
        found[name] = derive(100 * k / n, "percent", *inputs, interval=limits)
    return found


def findings(evidence: Evidence) -> list[Finding]:
    """The shares of the chain, its product, and the likeness to the critic's own sample."""
    doncaster, sample = doncaster_figures(evidence), sample_figures(evidence)
    low, high = rounding_interval(doncaster["two_plus"].value, 0.5)
    limits = doncaster["left"].interval.limits or (low, high)
    steps_fit = limits[0] <= high and low <= limits[1]
    halves = []
    for theirs, ours in (("first_two", "untreated"), ("one_session", "once_at_most")):
        figure = doncaster[theirs] if theirs in doncaster else claimed(evidence, "rb_one_session")
        least, most = sample[ours].interval.limits or (sample[ours].value,) * 2
        halves.append(least <= figure.value <= most)
    together = f"{doncaster['left']} left, {doncaster['two_plus']} printed"
    return [
        Finding(
            "rb_no_assessment",
            None,
            together,
            None,
            "with the next share",
            {"fits": steps_fit, **CITED},
        ),
        Finding(
            "rb_assessment_only",
            None,
            together,
            None,
            "with the share above",
            {"fits": steps_fit, **CITED},
        ),
        Finding(
            "rb_one_session",
            None,
            doncaster["room"],
            None,
            "all who are left after the steps above already had more than a single session",
            {"fits": fits(evidence, "rb_one_session", doncaster["room"]), **CITED},
        ),
        Finding(
            "rb_noncompletion",
            doncaster["own"],
            doncaster["abstract"],
            None,
            "the product holds; the abstract gives another share for the same rule",
            {
                "own_inputs": fits(evidence, "rb_noncompletion", doncaster["own"]),
                "fits": fits(evidence, "rb_noncompletion", doncaster["abstract"]),
                **CITED,
            },
        ),
        Finding(
            "identical_pattern",
            f"{sample['untreated']} and at most {sample['once_at_most']}",
            f"{doncaster['first_two']} and {claimed(evidence, 'rb_one_session')}",
            None,
            "no treatment, of all; a single session, of the treated",
            {"fits": all(halves)},
        ),
    ]


@computes
def doncaster(evidence: Evidence) -> dict[str, Quantity | Table]:
    """The chain and the likeness, with verdicts."""
    figures, sample = doncaster_figures(evidence), sample_figures(evidence)
    steps = {
        f"chain_doncaster_{name}": claimed(evidence, row)
        for name, row in zip(("unassessed", "assessed_only", "once"), STEPS, strict=True)
    }
    return {
        **steps,
        "chain_doncaster_claimed": claimed(evidence, "rb_noncompletion"),
        "chain_doncaster_own": figures["own"],
        "chain_doncaster_abstract": figures["abstract"],
        "chain_doncaster_left": figures["left"],
        "chain_doncaster_two_plus": figures["two_plus"],
        "chain_doncaster_room": figures["room"],
        "chain_doncaster_untreated": figures["first_two"],
        "chain_sample_untreated": sample["untreated"],
        "chain_sample_once": sample["once_at_most"],
        "chain_doncaster_mean": evidence.quantity("attrition_claims", "rb_abstract_mean_sessions"),
        "chain_doncaster_table": findings_table(
            evidence, "The Doncaster chain and the likeness to it", findings(evidence)
        ),
    }
