"""What each source says of the number of sessions, put as constraints on its distribution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.attrition.dose_bounds import ContradictionError, Known, reaching
from analysis.evidence import Evidence
from analysis.intervals import Limits
from analysis.quantity import Interval, Quantity, derive, share

FIVE = {"2022-01": "su_5_or_more_2022", "2025-05": "su_5_or_more_2025"}
YEARLY = {
    "2017-18": "eng_2017_18_mean",
    "2018-19": "eng_2018_19_mean",
    "2019-20": "eng_2019_20_mean",
    "2020-21": "eng_2020_21_mean",
    "2021-22": "eng_2021_22_mean",
    "2023-24": "eng_2023_24_mean",
}
MEAN_HALF_STEP, PERCENT_HALF_STEP = 0.05, 0.5
CRITIC_PERCENT_HALF_STEP = 0.05
BASES_OF_CRITIC = 0.5  # points that a base of one person more or less can move a share


@dataclass(frozen=True)
class Source:
    """A population and what is known of its sessions.

    Args:
        label: who is counted.
        known: constraints among those who belong to the part below.
        inputs: figures behind the constraints.
        part: share of the population that `known` describes; the rest have fewer sessions.
        once: share of the population with at least one session.
    """

    label: str
    known: Known
    inputs: tuple[Quantity, ...]
    part: float = 1.0
    once: float = 1.0

    def reaching(self, k: int) -> Quantity:
        """Share of the population with at least k sessions, in percent, as sharp bounds."""
        if k == 1 and self.part < 1:
            low = high = self.once
        else:
            low, high = (self.part * limit for limit in reaching(self.known, k))
        limits = Interval("bound", 100 * low, 100 * high)
        return derive(100 * low, "percent", *self.inputs, interval=limits, decimals=0)


def admit(known: Known, shares: Iterable[tuple[int, Limits]]) -> Known:
    """The same with further shares, unless they contradict what is known already."""
    try:
        further = known.and_shares(shares)
        reaching(further, 1)
    except ContradictionError:
        return known
    return further


def _rounded(value: float, half_step: float) -> Limits:
    return max(value - half_step, 0.0), value + half_step


def _percent(quantity: Quantity, half_step: float) -> Limits:
    low, high = _rounded(quantity.value, half_step)
    return low / 100, min(high, 100.0) / 100


def finished(evidence: Evidence, month: str, *, use_share: bool = True) -> Source:
    """Finished courses of England in one month: minimum, maximum, median, mean, and a share.

    The mean is printed to one decimal and the share to whole percents, read from a caption; both
    enter with the limits of their rounding. The share is left out where it is not printed for the
    month, or on request.
    """

    def statistic(name: str) -> Quantity:
        return evidence.pick("monthly_sessions", month=month, scope="finished", statistic=name)

    mean, median, least, most = (statistic(n) for n in ("mean", "median", "minimum", "maximum"))
    known = Known(mean=_rounded(mean.value, MEAN_HALF_STEP), maximum=round(most.value))
    known = known.from_minimum(round(least.value))
    inputs: tuple[Quantity, ...] = (mean, median, least, most)
    known = admit(known, Known().with_median(round(median.value)).shares)
    if use_share and month in FIVE:
        printed = evidence.quantity("sessions_distribution", FIVE[month])
        number = evidence.quantity("sessions_distribution", FIVE[month], "sessions_min")
        known = admit(known, [(round(number.value), _percent(printed, PERCENT_HALF_STEP))])
        inputs = (*inputs, printed, number)
    return Source(f"England, finished, {month}", known, inputs)


def ended(evidence: Evidence, month: str, *, treated_only: bool = False) -> Source:
    """The same month's referrals that ended, or those of them that were treated at least once.

    Those with a single treatment and those with none have counts of their own, so only the
    distribution among finished courses is bounded.
    """

    def count(measure: str) -> Quantity:
        return evidence.pick("monthly_pathway", month=month, measure=measure)

    among = finished(evidence, month)
    done = evidence.pick("monthly_outcomes", month=month, measure="finished_course", preferred=True)
    once = count("ended_treated_once")
    none = [count("ended_not_seen"), count("ended_seen_not_treated")]
    treated = done + once
    base = treated if treated_only else treated + none[0] + none[1]
    label = "treated at least once" if treated_only else "all that ended"
    return Source(
        f"England, {label}, {month}",
        among.known,
        (*among.inputs, done, once, *([] if treated_only else none)),
        part=share(done, base).value / 100,
        once=share(treated, base).value / 100,
    )


def yearly(evidence: Evidence, year: str) -> Source:
    """Finished courses of a year of which the mean alone is printed, beside the counting rule."""
    mean = evidence.quantity("sessions_distribution", YEARLY[year])
    least = evidence.quantity("dose_thresholds", "programme_two", "sessions_low")
    known = Known(mean=_rounded(mean.value, MEAN_HALF_STEP)).from_minimum(round(least.value))
    return Source(f"England, finished, {year}", known, (mean, least))


def demonstration(evidence: Evidence) -> Source:
    """Doncaster demonstration site, those who met the counting rule: the mean alone."""
    mean = evidence.quantity("sessions_distribution", "doncaster_mean")
    least = evidence.quantity("dose_thresholds", "programme_two", "sessions_low")
    known = Known(mean=_rounded(mean.value, MEAN_HALF_STEP)).from_minimum(round(least.value))
    return Source("Doncaster, finished, 2006-08", known, (mean, least))


def critic(evidence: Evidence) -> Source:
    """The critic's own sample, everyone in it: printed shares for some numbers, median and mean.

    Those who made no contact or were assessed only had no session; their shares are printed on
    bases that differ by one person, so they enter with wider limits.
    """

    def item(row: str) -> Quantity:
        return evidence.quantity("critic_sample", row)

    below = {3: "scott_two_or_fewer", 6: "scott_fewer_than_six", 9: "scott_eight_or_fewer"}
    upper = item("scott_twenty_or_more")
    absent = item("scott_no_contact") + item("scott_assessment_only")
    median, mean = item("scott_median_sessions"), item("scott_mean_sessions")
    inputs = [absent, upper, median, mean]
    known = admit(Known(), [(1, _percent(100 - absent, BASES_OF_CRITIC))])
    for k, row in below.items():
        inputs.append(item(row))
        known = admit(known, [(k, _percent(100 - item(row), CRITIC_PERCENT_HALF_STEP))])
    known = admit(known, [(20, _percent(upper, CRITIC_PERCENT_HALF_STEP))])
    known = admit(known, Known().with_median(round(median.value)).shares)
    with_mean = Known(known.shares, _rounded(mean.value, MEAN_HALF_STEP))
    return Source("Critic's sample, everyone", admit(with_mean, []), tuple(inputs))
