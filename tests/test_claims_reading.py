"""The second reading: a hand count and a published way to its interval."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from analysis.claims.reading import second_reading
from analysis.evidence import Evidence


def test_the_error_rate_counts_rows_that_differed_or_were_not_found(evidence: Evidence) -> None:
    found = second_reading(evidence)
    # 164 exact, 2 rounded, 9 differed, 5 not found again: 14 of 180
    assert found["reading_rows"].value == 180
    rate = found["reading_error_rate"]
    assert rate.value == pytest.approx(100 * 14 / 180)
    exact = binomtest(14, 180).proportion_ci(0.95, "exact")
    assert rate.interval.limits == pytest.approx((100 * exact.low, 100 * exact.high))
