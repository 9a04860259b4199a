"""People who moved into work, or out of it, by the end of treatment: counts, not effects."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.charts import CRITIC, INK, Chart
from analysis.cost_offset.versions import counter_sum
from analysis.evidence import Evidence
from analysis.interval_rows import Group, Row, interval_rows, key
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table

TABLE, CLAIMS = "employment_flows", "payback_versions"
STEP = 10_000  # of the scale


def net_movement(
    moved_in: Quantity, moved_out: Quantity, unknown: Quantity, start_out: Quantity, all_: Quantity
) -> Quantity:
    """Moved in less moved out, with bounds for the people whose status at the end is unknown.

    They may all have moved in, but no more than were out of work and did not move already; or all
    have moved out, but no more than were not out of work and did not move already::

        high = in − out + min(unknown, start_out − in)
        low  = in − out − min(unknown, all − start_out − out)

    >>> five = [Quantity(n, "referrals") for n in (20, 15, 10, 25, 100)]
    >>> print(net_movement(*five).with_limits())
    5 referrals (bounds −5 to 10)
    """
    net = moved_in.value - moved_out.value
    most_in = min(unknown.value, start_out.value - moved_in.value)
    most_out = min(unknown.value, all_.value - start_out.value - moved_out.value)
    limits = Interval("bound", net - max(0.0, most_out), net + max(0.0, most_in))
    return derive(net, "referrals", moved_in, moved_out, unknown, start_out, all_, interval=limits)


def _as_share(net: Quantity, of: Quantity) -> Quantity:
    low, high = net.interval.limits or (net.value,) * 2
    limits = Interval("bound", 100 * low / of.value, 100 * high / of.value)
    return derive(100 * net.value / of.value, "percentage points", net, of, interval=limits)


@computes
def movers(evidence: Evidence) -> dict[str, Quantity | Chart]:
    """Moved in, moved out, net and unknown in the year with both directions, and other counts."""

    def count(row: str, column: str = "value") -> Quantity:
        return evidence.quantity(TABLE, row, column)

    start, finished = (
        count("out_of_work_at_start_2014_15"),
        count("out_of_work_at_start_2014_15", "n"),
    )
    came, left = count("moved_in_2014_15"), count("moved_out_2014_15")
    unknown = count("unknown_end_2014_15")
    net = net_movement(came, left, unknown, start, finished)
    gross, early = count("off_sick_pay_2018_19"), count("off_sick_pay_2012_13")
    quarter = count("off_sick_pay_q4_2012_13")
    sick = evidence.quantity(CLAIMS, "critic_counter_sum_people_off")
    found: dict[str, Quantity | Chart] = {
        "flow_start": start,
        "flow_finished": finished,
        "flow_in": came,
        "flow_out": left,
        "flow_net": net,
        "flow_unknown": unknown,
        "flow_in_of_start": share(came, start),
        "flow_in_of_finished": share(came, finished),
        "flow_unknown_share": share(unknown, finished),
        "flow_net_points": _as_share(net, finished),
        "flow_gross": gross,
        "flow_gross_share": share(gross, count("entering_2018_19")),
        "flow_early": early,
        "flow_quarter": quarter,
        "flow_quarter_ratio": replace(quarter / early, decimals=1),
        "flow_sick": sick,
        "flow_conflict": replace(gross / sick, decimals=0),
        "flow_sick_clients": counter_sum(evidence).clients,
        "flow_pilot": count("demonstration_improved"),
    }
    groups = [
        Group("Both directions, courses finished in 2014-15", [
            Row("Out of work at the start only", came),
            Row("Out of work at the end only", -left),
            Row("Net, with bounds for those of unknown status at the end", net),
        ]),
        Group("One direction only, other years and definitions", [
            Row("Off sick pay and benefits, 2018-19, national data set", gross, INK),
            Row("The same, 2012-13, first year of the data set", early, INK),
            Row("The same, January to March 2013, earlier collection", quarter, INK),
            Row("Long-term sick who left benefit, as a critic counts", sick, CRITIC),
        ]),
    ]  # fmt: skip
    low, high = net.interval.limits or (net.value,) * 2
    ends = [low, high, came.value, -left.value, gross.value]
    domain = (
        STEP * (min(ends) // STEP),
        STEP * (max(ends) // STEP + 1),
    )
    frame = pd.DataFrame(
        [
            {"What is counted": row.label, "Which": group.heading, "Number": row.quantity}
            for group in groups
            for row in group.rows
            if isinstance(row, Row)
        ]
    )
    found["flow_counts"] = Chart(
        title=(
            f"In 2014-15 {came} were out of work at the start only and {left.number()} at the end "
            f"only, a net {net.number()}; for {unknown.number()} the end is unknown"
        ),
        alt=(
            f"Rows on one scale of referrals or people; leftwards is out of work. "
            f"{key(groups).capitalize()}. "
            + ". ".join(
                f"{row.label}: {row.quantity.with_limits()}"
                for group in groups
                for row in group.rows
                if isinstance(row, Row)
            )
            + "."
        ),
        table=Table("Counts of movers, none with a comparison", frame),
        draw=lambda width: interval_rows(groups, width, "Referrals or people", domain, reference=0),
    )
    return found


@computes
def counts_that_conflict(evidence: Evidence) -> dict[str, Table]:
    """Every count of movers with who is counted, of whom, and in which direction."""
    frame = evidence.table(TABLE, stage=["moved_in", "moved_out", "kept", "unknown_at_end"])
    words = {
        "moved_in": "into work or off benefit",
        "moved_out": "out of work or on to benefit",
        "kept": "stayed in work",
        "unknown_at_end": "unknown",
    }
    entering = {"2012-13": "entering_2012_13", "2018-19": "entering_2018_19"}
    records = []
    for row, about in frame.iterrows():
        number = evidence.quantity(TABLE, str(row))
        base: Quantity | None = None
        if pd.notna(about["n"]):
            base = evidence.quantity(TABLE, str(row), "n")
        elif about["source"] == "chen_cardinal_2021":
            base = evidence.quantity(TABLE, entering[about["period"]])
        records.append(
            {
                "Who is counted": about["group"],
                "Direction": words[about["stage"]],
                "When": about["period"],
                "Where": about["scope"],
                "Number": number,
                "Of": base,
                "Share": share(number, base) if base and number.unit != "percent" else None,
                "Read in": about["study"],
                "Caution": about["note"],
            }
        )
    critic = counter_sum(evidence)
    people = evidence.quantity(CLAIMS, "critic_counter_sum_people_off")
    records.append(
        {
            "Who is counted": "long-term sick who left benefit",
            "Direction": words["moved_in"],
            "When": "not stated",
            "Where": "the programme, England",
            "Number": people,
            "Of": critic.clients,
            "Share": share(people, critic.clients),
            "Read in": "critic's post",
            "Caution": evidence.table(CLAIMS).loc["critic_counter_sum_people_off", "note"],
        }
    )
    caption = (
        "Counts of people whose work status changed by the end of treatment. None has a comparison "
        "group. Of is the base that the source prints, those entering treatment, or, for the "
        "critic's count, what his own shares imply."
    )
    return {
        "flow_definitions": Table(
            caption, pd.DataFrame(records), folded=True, filters=("Direction", "Where")
        )
    }
