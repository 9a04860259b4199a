"""Tell whether a notebook's recorded outputs belong to the data and the code as they are.

A record ties outputs to everything they were computed from: the code cells, the modules of
``analysis`` that those import (followed through the modules), the tables that were read, and
the locked versions of the libraries. It also holds a hash of the outputs, so that an output
edited by hand is noticed.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analysis.publish import MIME
from analysis.site.records import outputs
from analysis.validation import PACKAGE, ROOT

REMEDY = "run `make execute` (or `make book`)"
LABELS = {
    "code": "its code cells changed",
    "modules": "a module it imports changed",
    "tables": "a table it reads changed",
    "lock": "the locked libraries changed",
    "outputs": "its outputs were edited",
}


def reasons(notebook: Mapping[str, Any], root: Path = ROOT) -> list[str]:
    """Why the recorded outputs cannot be published; empty when they can."""
    recorded = notebook["metadata"].get("record")
    if not recorded:
        return ["it was never executed"]
    if any(
        cell["cell_type"] == "code"
        and "".join(cell["source"]).strip()
        and cell.get("execution_count") is None
        for cell in notebook["cells"]
    ):
        return ["a cell was never executed"]
    if sorted(recorded.get("tables", ())) != tables_read(notebook):
        return ["its record was edited"]
    if (number := unreadable_cell(notebook)) is not None:
        return [f"cell {number} is not plain Python, so what it imports cannot be followed"]
    current: dict[str, Any] = {
        **_parts(notebook, root),
        "tables": _table_hashes(recorded["tables"], root),
    }
    found = []
    for part, label in LABELS.items():
        if part == "tables":
            then, now = recorded["tables"], current["tables"]
            changed = [name for name in sorted(then) if then[name] != now[name]]
            if changed:
                found.append(f"{label} ({', '.join(changed)})")
        elif recorded.get(part) != current[part]:
            found.append(label)
    return found


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
    return {
        **_parts(notebook, root),
        "tables": _table_hashes(tables_read(notebook), root),
    }


def _parts(notebook: Mapping[str, Any], root: Path) -> dict[str, str]:
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code = ["".join(cell["source"]) for cell in cells]
    shown = [cell["outputs"] for cell in cells]
    return {
        "code": _hash("\0".join(code)),
        "modules": modules_hash("\n".join(code), root),
        "lock": _hash((root / "requirements.txt").read_text(encoding="utf-8")),
        "outputs": _hash(json.dumps(_plain(shown), sort_keys=True, ensure_ascii=False)),
    }


def _table_hashes(names: Iterable[str], root: Path) -> dict[str, str]:
    return {name: table_hash(name, root) for name in names}


def tables_read(notebook: Mapping[str, Any]) -> list[str]:
    """Tables named by the closing record of the chapter; empty where it was not closed."""
    closings = [data[MIME]["closing"] for data in outputs(notebook) if "closing" in data[MIME]]
    return list(closings[-1]["tables"]) if closings else []


def table_hash(name: str, root: Path = ROOT) -> str:
    """Hash of a table's bytes and of its description in the package."""
    package = json.loads((root / "data" / PACKAGE).read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] == name:
            content = (root / "data" / resource["path"]).read_bytes()
            return _hash(json.dumps(resource, sort_keys=True)) + hashlib.sha256(content).hexdigest()
    return "no such table"


def modules_hash(code: str, root: Path = ROOT) -> str:
    """Hash of every module of ``analysis`` that the code imports, directly or not."""
    files: dict[Path, bytes] = {}
    waiting = list(_imported(ast.parse(code), root))
    while waiting:
        path = waiting.pop()
        if path not in files:
            files[path] = path.read_bytes()
            waiting += _imported(_parsed(path, files[path]), root)
    listing = [f"{p.relative_to(root)} {hashlib.sha256(b).hexdigest()}" for p, b in files.items()]
    return _hash("\n".join(sorted(listing)))


@cache
def _parsed(path: Path, content: bytes) -> ast.Module:
    try:
        return ast.parse(content, filename=str(path))
    except SyntaxError:
        return ast.Module([], [])  # whoever imports it will say where the error is


def _imported(tree: ast.Module, root: Path) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module_files(alias.name, root)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield from _module_files(f"{node.module}.{alias.name}", root)


def _module_files(dotted: str, root: Path) -> Iterator[Path]:
    parts = dotted.split(".")
    if parts[0] != "analysis":
        return
    for length in range(1, len(parts) + 1):
        base = root.joinpath(*parts[:length])
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if path.is_file():
                yield path


def _plain(shown: Any) -> Any:
    """Outputs with joined text, so that the two ways notebooks store lines hash alike."""
    if isinstance(shown, Mapping):
        return {
            key: "".join(value)
            if key.startswith("text/") and isinstance(value, list)
            else _plain(value)
            for key, value in shown.items()
        }
    return [_plain(item) for item in shown] if isinstance(shown, list) else shown


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
