"""Checks of the claims about who is seen, who is lost on the way, and what the rest receive."""

from __future__ import annotations

from analysis.claims import (
    attrition_cohorts,
    attrition_dose,
    attrition_pathway,
    attrition_seen,
    attrition_studies,
)
from analysis.claims.reasons import Check

CHECKS: dict[str, Check] = {
    **attrition_pathway.CHECKS,
    **attrition_studies.CHECKS,
    **attrition_cohorts.CHECKS,
    **attrition_dose.CHECKS,
    **attrition_seen.CHECKS,
}
