"""Tell whether a notebook's recorded outputs belong to the data and the code as they are.

A record ties outputs to everything they were computed from: the code cells, the modules of
``analysis`` that those import (followed through the modules), the tables that were read, and
the locked versions of the libraries. It also holds a hash of the outputs, so that an output
edited by hand is noticed.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.publish import MIME
from analysis.site.records import outputs, parsed
from analysis.site.surroundings import Surroundings, hash_of
from analysis.validation import ROOT

REMEDY = "run `make execute` (or `make book`)"
LABELS = {
    "code": "its code cells changed",
    "modules": "a module it imports changed",
    "tables": "a table it reads changed",
    "lock": "the locked libraries changed",
    "outputs": "its outputs were edited",
}


@dataclass(frozen=True)
class Inside:
    """What tells by itself whether a notebook is stale; the surroundings tell the rest.

    Args:
        fault: why its outputs cannot be published, whatever surrounds it.
        record: what it says it was executed with.
        code: its cells.
        hashes: of its cells and outputs as they are.
    """

    fault: str
    record: Mapping[str, Any]
    code: str
    hashes: Mapping[str, str]


def late(paths: Iterable[Path], root: Path = ROOT) -> dict[Path, list[str]]:
    """The notebooks whose recorded outputs cannot be published, each with the reasons."""
    now = Surroundings(root)
    found = {path: _reasons(_read(path, path.read_bytes()), now) for path in paths}
    return {path: why for path, why in found.items() if why}


def outputs_hashes(paths: Iterable[Path]) -> dict[str, str]:
    """By chapter, a hash of what it published."""
    return {path.stem: _read(path, path.read_bytes()).hashes["outputs"] for path in paths}


def reasons(notebook: Mapping[str, Any], root: Path = ROOT) -> list[str]:
    """Why the recorded outputs cannot be published; empty when they can."""
    return _reasons(_inside(notebook), Surroundings(root))


def _reasons(inside: Inside, now: Surroundings) -> list[str]:
    if inside.fault:
        return [inside.fault]
    recorded = inside.record
    current = {**inside.hashes, "modules": now.modules(inside.code), "lock": now.lock}
    found = []
    for part, label in LABELS.items():
        if part == "tables":
            then = recorded["tables"]
            changed = [name for name in sorted(then) if then[name] != now.table(name)]
            if changed:
                found.append(f"{label} ({', '.join(changed)})")
        elif recorded.get(part) != current[part]:
            found.append(label)
    return found


@lru_cache(maxsize=256)
def _read(path: Path, content: bytes) -> Inside:
    return _inside(parsed(path, content))


def _inside(notebook: Mapping[str, Any]) -> Inside:
    recorded = notebook["metadata"].get("record") or {}
    if fault := _fault(notebook, recorded):
        return Inside(fault, recorded, "", {})
    return Inside("", recorded, "\n".join(_code(notebook)), _hashes(notebook))


def _fault(notebook: Mapping[str, Any], recorded: Mapping[str, Any]) -> str:
    if not recorded:
        return "it was never executed"
    if any(
        cell["cell_type"] == "code"
        and "".join(cell["source"]).strip()
        and cell.get("execution_count") is None
        for cell in notebook["cells"]
    ):
        return "a cell was never executed"
    if sorted(recorded.get("tables", ())) != tables_read(notebook):
        return "its record was edited"
    if (number := unreadable_cell(notebook)) is not None:
        return f"cell {number} is not plain Python, so what it imports cannot be followed"
    return ""


def unreadable_cell(notebook: Mapping[str, Any]) -> int | None:
    """Number of the first code cell that is not Python: a syntax error, or a notebook command."""
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code":
            try:
                ast.parse("".join(cell["source"]))
            except SyntaxError:
                return number
    return None


def record(notebook: Mapping[str, Any], root: Path = ROOT) -> dict[str, Any]:
    """Hashes of everything that a notebook's outputs depend on, and of the outputs."""
    now = Surroundings(root)
    return {
        **_hashes(notebook),
        "modules": now.modules("\n".join(_code(notebook))),
        "lock": now.lock,
        "tables": {name: now.table(name) for name in tables_read(notebook)},
    }


def _code(notebook: Mapping[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _hashes(notebook: Mapping[str, Any]) -> dict[str, str]:
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    shown = [[_plain(output) for output in cell["outputs"]] for cell in cells]
    return {
        "code": hash_of("\0".join(_code(notebook)).encode()),
        "outputs": hash_of(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode()),
    }


def tables_read(notebook: Mapping[str, Any]) -> list[str]:
    """Tables named by the closing record of the chapter; empty where it was not closed."""
    closings = [data[MIME]["closing"] for data in outputs(notebook) if "closing" in data[MIME]]
    return list(closings[-1]["tables"]) if closings else []


def _plain(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """An output with joined text, so that the two ways notebooks store lines hash alike."""
    data = {
        kind: "".join(content) if kind.startswith("text/") else content
        for kind, content in output.get("data", {}).items()
    }
    return {**output, "data": data} if data else output
