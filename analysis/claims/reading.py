"""How good the transcription is: the second reading of rows against their sources."""

from __future__ import annotations

from analysis.evidence import Evidence
from analysis.intervals import clopper_pearson
from analysis.quantity import Interval, Quantity, computes, derive

TABLE, LEVEL = "second_reading", 0.95
RESULTS = ("exact", "rounded", "differed", "not_found")
WRONG = ("differed", "not_found")


@computes
def second_reading(evidence: Evidence) -> dict[str, Quantity]:
    """Rows by result of the second reading, and the share that differed or was not found again.

    The exact interval is for a random sample of rows; how the rows were drawn is not on record.
    """
    found = {name: evidence.quantity(TABLE, f"reading_{name}", "rows") for name in RESULTS}
    read = round(sum(it.value for it in found.values()))
    wrong = round(sum(found[name].value for name in WRONG))
    low, high = clopper_pearson(wrong, read, LEVEL)
    error_rate = derive(
        100 * wrong / read,
        "percent",
        *found.values(),
        interval=Interval("sampling", 100 * low, 100 * high, LEVEL),
    )
    counts = {f"reading_{name}": derive(it.value, "count", it) for name, it in found.items()}
    rows = derive(read, "count", *found.values())
    return counts | {"reading_rows": rows, "reading_error_rate": error_rate}
