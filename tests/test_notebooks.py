"""The committed notebooks are the record: executed, fresh, and compared in full."""

import copy
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.publish import MIME, VEGA_LITE
from analysis.site import stale
from analysis.site.records import notebooks, outputs, read_records

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = notebooks(ROOT)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_there_are_chapters() -> None:
    assert CHAPTERS


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_cell_was_executed_in_order(path: Path) -> None:
    counts = [c["execution_count"] for c in read(path)["cells"] if c["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_record_belongs_to_data_and_code_as_they_are(path: Path) -> None:
    assert stale.reasons(read(path), ROOT) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_nothing_is_hidden_from_the_comparison(path: Path) -> None:
    notebook = read(path)
    text = json.dumps(notebook)
    assert not re.search(r"NBVAL_\w+|nbval-\w+|raises-exception", text)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            assert output["output_type"] in ("execute_result", "display_data")
            assert output.get("metadata") == {}
            assert not any(mime.startswith("image/") for mime in output["data"])


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_code_cells_hold_no_formula_and_no_constant(path: Path) -> None:
    for cell in read(path)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert not re.search(r"\d+\.\d+|[-+*/]\s*\d", source), source


def test_names_are_published_once() -> None:
    assert read_records(CHAPTERS).quantities


def test_a_notebook_with_an_unexecuted_cell_is_stale() -> None:
    notebook = read(CHAPTERS[0])
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    cell["execution_count"] = None
    assert stale.reasons(notebook, ROOT) == ["a cell was never executed"]


# ---- nbval catches drift ------------------------------------------------------------------


def first(notebook: dict, wanted) -> dict:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            record = output.get("data", {}).get(MIME)
            if record and wanted(record, output["data"]):
                return output["data"]
    raise AssertionError("the chapter has no such output")


def drift_number(notebook: dict) -> None:
    record = first(notebook, lambda record, data: record.get("quantities"))[MIME]
    item = next(iter(record["quantities"].values()))
    item["value"] = item["value"] * 1.0001 + 1e-6


def drift_name(notebook: dict) -> None:
    record = first(notebook, lambda record, data: record.get("quantities"))[MIME]
    name, item = next(iter(record["quantities"].items()))
    del record["quantities"][name]
    record["quantities"][name + "_renamed"] = item


def drift_table(notebook: dict) -> None:
    def has_table(record, data):
        return any(item["kind"] == "table" for item in record.get("displays", ()))

    record = first(notebook, has_table)[MIME]
    table = next(item for item in record["displays"] if item["kind"] == "table")
    table["cells"][0][-1]["text"] += " drifted"


def drift_chart(notebook: dict) -> None:
    data = first(notebook, lambda record, data: VEGA_LITE in data)
    data[VEGA_LITE]["width"] += 1


DRIFTS = {
    "number": drift_number,
    "name": drift_name,
    "table": drift_table,
    "chart": drift_chart,
}


def small_notebook(source: Path) -> dict:
    """Cells of the chapter up to the first number, table and chart, to keep the test quick."""
    notebook = read(source)
    kept, wanted = [], {"number", "table", "chart"}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or not wanted:
            continue
        found = set()
        for record in (data[MIME] for data in outputs({"cells": [cell]})):
            found |= {"number"} if record.get("quantities") else set()
            kinds = {item["kind"] for item in record.get("displays", ())}
            alone = len(record.get("displays", ())) == 1
            found |= kinds if alone or "chart" not in kinds else kinds - {"chart"}
        if not kept or found & wanted:
            kept.append(cell)
            wanted -= found
    notebook["cells"] = kept
    for number, cell in enumerate(kept):
        cell["execution_count"] = number + 1
        for output in cell["outputs"]:
            output["execution_count"] = number + 1
    return notebook


def nbval(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:xdist"]
    return subprocess.run(
        [*command, "-o", "addopts=", "-q", str(path)],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nbval_passes_on_the_record_and_catches_every_kind_of_drift(tmp_path: Path) -> None:
    good = small_notebook(CHAPTERS[0])
    (tmp_path / "good.ipynb").write_text(json.dumps(good))
    for name, drift in DRIFTS.items():
        bad = copy.deepcopy(good)
        drift(bad)
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(bad))
    result = nbval(tmp_path / "good.ipynb")
    assert result.returncode == 0, result.stdout
    for name in DRIFTS:
        assert nbval(tmp_path / f"{name}.ipynb").returncode == 1, f"{name} drifted unnoticed"
