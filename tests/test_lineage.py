"""Every published number names the tables it moves with, and moves with at least one."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from analysis import evidence as evidence_room
from analysis import publish
from analysis.charts import Chart
from analysis.evidence import Evidence, load
from analysis.quantity import Quantity, derive
from analysis.site.records import notebooks
from tests.perturb import lineage_problems

ROOT = Path(__file__).resolve().parent.parent


def code_cells(path: Path) -> list[str]:
    """Sources of a chapter's code cells; the first imports, the others publish or close."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def published(setting: str, cell: str, evidence: Evidence) -> Mapping[str, Quantity]:
    """The quantities that one cell of a chapter publishes when it runs on other evidence."""
    namespace: dict[str, object] = {}
    with (
        patch.object(evidence_room, "load", lambda: evidence),
        patch.object(publish, "chart_record", lambda chart: {"title": chart.title, "rows": {}}),
        patch.object(Chart, "specification", lambda chart, width: {}),
    ):
        exec(setting, namespace)
        exec(cell, namespace)
    items = namespace["chapter"].items
    return {name: item for name, item in items.items() if isinstance(item, Quantity)}


def unread(evidence: Evidence) -> Evidence:
    """The same evidence with nothing read yet, so that each cell is moved by its own tables."""
    name = evidence.names[0]
    return evidence.with_table(name, evidence.table(name))


# the ledger's figures are perturbed claim by claim, in test_claims_lineage
CHAPTERS = [path for path in notebooks(ROOT) if path.stem != "claims"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_lineage_is_true_for_every_published_quantity(path: Path, evidence: Evidence) -> None:
    setting, *cells = code_cells(path)
    problems = [
        problem
        for cell in cells
        for problem in lineage_problems(partial(published, setting, cell), unread(evidence))
    ]
    assert not problems, "\n".join(problems)


def test_the_check_sees_a_hard_coded_number_and_an_unnamed_table(package: Path) -> None:
    small = load(package, package.parent / "book" / "references.bib")

    def compute(evidence: Evidence) -> dict[str, Quantity]:
        rate = evidence.quantity("rates", "a")
        other = evidence.quantity("counts", "d")
        return {
            "honest": rate / other,
            "typed": Quantity(52.1, "percent", rows=rate.rows),
            "unnamed": derive(rate.value / other.value, "ratio", rate),
        }

    assert lineage_problems(compute, small) == [
        "typed moves with no table: it is typed by hand",
        "unnamed moves with table counts and does not name it",
    ]
