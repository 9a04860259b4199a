"""Net benefit, benefit–cost ratio and payback by horizon, in each named scenario."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from analysis.charts import INK, MUTED, OFFICIAL, RULE, Chart
from analysis.cost_offset.accounts import ACCOUNTS
from analysis.cost_offset.parameters import Parameters, parameters
from analysis.cost_offset.scenarios import BASE, SCENARIOS
from analysis.cost_offset.summary import YEARS, Laws, at_means, expected, spreads
from analysis.evidence import Evidence
from analysis.payback import PENNY
from analysis.quantity import UNSTATED, Interval, Quantity, computes, derive
from analysis.tables import Table

NARROW = 400
HEIGHT = 340
DRAWN = "purse"
BARELY = 0.05  # of the cost: below it a surplus is called bare
SHOWN_YEARS = (2, 5, 7, 10)
TABLE_YEARS = (1, 2, 3, 5, 7, 10)
LEVEL = 0.95  # of the draws that a spread holds
APART = 0.28  # years between the bars of neighbouring scenarios


@lru_cache(maxsize=4096)
def _nets(laws: Laws, month: int) -> dict[str, float]:
    """Net benefit of every account after so many months, at the means."""
    found = at_means(dict(laws), month)
    return {account: found[f"net_{account}"] for account in ACCOUNTS}


def nets(given: Parameters, scenario: str, month: int) -> dict[str, float]:
    """Expected net benefit of each account of a scenario by a month."""
    return _nets(tuple(sorted(SCENARIOS[scenario].inputs(given).items())), month)


def payback(given: Parameters, scenario: str, account: str) -> int | None:
    """First month by which an account is repaid, to the nearest penny; looked for year by year."""

    def repaid(month: int) -> bool:
        return nets(given, scenario, month)[account] >= -PENNY / 2

    year = next((12 * year for year in YEARS if repaid(12 * year)), None)
    return None if year is None else next(m for m in range(year - 11, year + 1) if repaid(m))


def net(given: Parameters, scenario: str, account: str, month: int) -> Quantity:
    """Expected net benefit of an account of a scenario by a month, with its data rows."""
    value = nets(given, scenario, month)[account]
    return Quantity(value, "GBP", UNSTATED, SCENARIOS[scenario].rows(given))


def drawn(given: Parameters, scenario: str, account: str, month: int) -> Quantity:
    """Mean net benefit by a month over draws of a scenario's inputs, with the middle of them."""
    spread = spreads(given, scenario, month)[account]
    limits = Interval("model", round(spread.low, 2), round(spread.high, 2), LEVEL)
    return Quantity(round(spread.mean, 2), "GBP", limits, SCENARIOS[scenario].rows(given))


@computes
def horizons(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Net benefits of each account by scenario and horizon, with ratio and payback month."""
    given = parameters(evidence)
    last = round(given["evidence_ends"].distribution.value)
    found: dict[str, Quantity | Table] = {
        f"horizon_{scenario}_{account}": net(given, scenario, account, last)
        for scenario, account in (
            ("maximum", "exchequer"),
            ("maximum", "purse"),
            ("gradual", "exchequer"),
            ("gradual", "purse"),
            ("care_only", "nhs"),
            ("trial_null", "purse"),
            ("integrated", "exchequer"),
            ("integrated", "nhs"),
        )
    }
    charged, returns = given[BASE["cost"]].expected, given[BASE["cost"]].quantity
    found["horizon_cost"] = charged
    found["horizon_cost_less"] = derive(
        returns.value - charged.value, "GBP", returns, charged, interval=UNSTATED
    )
    rows = []
    for name, scenario in SCENARIOS.items():
        cost = expected(given, name, last)["cost"]
        for account, label in ACCOUNTS.items():
            month = payback(given, name, account)
            rows.append(
                {
                    "Scenario": scenario.name,
                    "Account": label,
                    "Benefit over cost": 1 + nets(given, name, last)[account] / cost,
                    "Pays back in month": month if month is not None else "not by the tenth year",
                }
                | {
                    f"Net after {year} years, GBP": nets(given, name, 12 * year)[account]
                    for year in SHOWN_YEARS
                }
            )
    caption = (
        f"Expected net benefit per person who finishes a course, by account and horizon, at the "
        f"model's expected cost of {charged}; ratio of benefit to cost by month "
        f"{last}, the last with evidence, so that the tenth year is an extrapolation; accounts are "
        f"not to be added"
    )
    decimals = {"Benefit over cost": 2, "Pays back in month": 0} | {
        f"Net after {year} years, GBP": 0 for year in SHOWN_YEARS
    }
    found["horizons_table"] = Table(
        caption, pd.DataFrame(rows), rows=_rows(given), decimals=decimals, folded=True
    )
    found["horizons_scenarios"] = Table(
        "What each scenario supposes",
        pd.DataFrame([{"Scenario": s.name, "Supposes": s.supposes} for s in SCENARIOS.values()]),
    )
    return found


@computes
def by_horizon(evidence: Evidence) -> dict[str, Chart]:
    """Net benefit of Exchequer and NHS together by year, a line for each scenario."""
    given = parameters(evidence)
    last = round(given["evidence_ends"].distribution.value)
    data = pd.DataFrame(
        [
            {
                "short": scenario.short,
                "year": year,
                "net": round(nets(given, name, 12 * year)[DRAWN]),
            }
            for name, scenario in SCENARIOS.items()
            for year in (0, *YEARS)
        ]
    )
    frame = pd.DataFrame(
        [
            {"Scenario": scenario.name, "Account": ACCOUNTS[account]}
            | {f"Year {year}": nets(given, name, 12 * year)[account] for year in TABLE_YEARS}
            | {f"Month {last}, over draws": drawn(given, name, account, last)}
            for name, scenario in SCENARIOS.items()
            for account in ("exchequer", "nhs", "purse")
        ]
    )
    table = Table(
        f"Expected net benefit in GBP per person who finishes a course, by years since treatment, "
        f"at the model's expected cost of {given[BASE['cost']].expected}",
        frame,
        rows=_rows(given),
        decimals={f"Year {year}": 0 for year in TABLE_YEARS},
        folded=True,
    )
    ranges = [drawn(given, name, DRAWN, last) for name in SCENARIOS]
    bars = pd.DataFrame(
        [
            {"net": round(item.value), "low": round(low), "high": round(high)}
            for item in sorted(ranges, key=lambda item: item.value)
            for low, high in [item.interval.limits or (item.value,) * 2]
        ]
    )
    bars["year"] = last / 12 + APART * (bars.index - (len(bars) - 1) / 2)

    repaid = []
    for name, scenario in SCENARIOS.items():
        month = payback(given, name, DRAWN)
        if month is not None and month <= last:
            start, end = (nets(given, name, at)[DRAWN] for at in (0, last))
            barely = " (barely)" if end < -BARELY * start else ""
            repaid.append(f"“{scenario.short}”{barely}")
    title = (
        f"{ACCOUNTS[DRAWN]} together are expected to be repaid within the years of evidence in "
        f"{len(repaid)} of {len(SCENARIOS)} scenarios"
        + (f": {', '.join(repaid)}" if repaid else "")
    )
    alt_text = (
        "Lines of the expected net benefit of Exchequer and NHS together against years since "
        "treatment, a named line for each scenario. All start with the cost of a course; a "
        "rule marks break-even. Years beyond the evidence are shaded. Upright bars where the "
        "evidence ends, from the lowest scenario to the highest, hold the middle "
        f"{LEVEL:.0%} of random draws; they overlap."
    )
    return {
        "horizons_chart": Chart(title, alt_text, table, lambda w: _draw(data, bars, last / 12, w))
    }


def _rows(given: Parameters) -> frozenset[str]:
    return frozenset().union(*(scenario.rows(given) for scenario in SCENARIOS.values()))


def _draw(
    data: pd.DataFrame, bars: pd.DataFrame, last: float, width: int
) -> alt.LayerChart | alt.FacetChart:
    narrow = width < NARROW
    room = 78 if narrow else 84  # for names at the right end
    inner, size = width - 66 - room, 11 if narrow else 12
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[0, YEARS[-1]], nice=False),
        axis=alt.Axis(title="Years since treatment", values=[0, *YEARS[1::2]]),
    )
    pounds = alt.Axis(
        title="Net benefit a person", tickCount=6,
        labelExpr="(datum.value < 0 ? '−£' : '£') + format(abs(datum.value), ',')",
    )  # fmt: skip
    y = alt.Y("net:Q", axis=pounds)
    ends = data[data["year"] == YEARS[-1]].sort_values("net", ascending=False)
    apart = (data["net"].max() - data["net"].min()) * (size + 3) / HEIGHT
    placed: list[float] = []
    for value in ends["net"]:
        placed.append(min(value, placed[-1] - apart) if placed else value)
    ends = ends.assign(net=placed)
    beyond = pd.DataFrame({"year": [last], "end": [YEARS[-1]]})
    return alt.layer(
        alt.Chart(beyond).mark_rect(color=RULE, opacity=0.4).encode(x=x, x2="end:Q"),
        alt.Chart(beyond.assign(year=beyond["end"])).mark_text(
            color=MUTED, align="right", dx=-4, fontSize=size).encode(
            x=x, y=alt.value(10), text=alt.value("no evidence")),
        alt.Chart(pd.DataFrame({"text": [f"bars: {LEVEL:.0%} of draws"]})).mark_text(
            color=INK, align="left", dx=4, fontSize=size).encode(
            x=alt.value(0), y=alt.value(28), text="text:N"),
        alt.Chart(pd.DataFrame({"net": [0]})).mark_rule(color=INK).encode(y=y),
        alt.Chart(data).mark_line(color=OFFICIAL, strokeWidth=2).encode(
            x=x, y=y, detail="short:N"
        ),
        alt.Chart(bars).mark_rule(color=INK, strokeWidth=1.5).encode(
            x=x, y=alt.Y("low:Q", axis=pounds), y2="high:Q"
        ),
        alt.Chart(bars).mark_point(color=INK, filled=True, size=22, opacity=1).encode(x=x, y=y),
        alt.Chart(ends).mark_text(align="left", dx=5, fontSize=size, color=INK).encode(
            x=x, y=y, text="short:N"
        ),
    ).properties(width=inner, height=HEIGHT)  # fmt: skip
