"""Every published number of the model names the tables it moves with."""

import pytest

from analysis.cost_offset import explorer, horizons, information, intensity, thresholds, uncertainty
from analysis.evidence import Evidence
from analysis.quantity import Quantity
from tests.perturb import lineage_problems

SMALL = 4_000
SECTIONS = {
    "thresholds": thresholds.thresholds,
    "horizons": horizons.horizons,
    "uncertainty": lambda evidence: uncertainty.draws(evidence, number=SMALL),
    "information": lambda evidence: information.information(evidence, draws=SMALL),
    "intensity": lambda evidence: intensity.intensity(evidence, draws=SMALL),
    "explorer": explorer.explorer,
}


@pytest.mark.parametrize("section", SECTIONS)
def test_lineage_is_true(section: str, evidence: Evidence) -> None:
    def compute(given: Evidence) -> dict[str, Quantity]:
        found = SECTIONS[section](given)
        return {name: item for name, item in found.items() if isinstance(item, Quantity)}

    assert lineage_problems(compute, evidence) == []
