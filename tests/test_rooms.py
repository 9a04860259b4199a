"""Imports point one way, and every room is small."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ANALYSIS = ROOT / "analysis"
CHAPTERS = {path.stem for path in (ROOT / "book").glob("*.ipynb")} - {"claims"}
BASE = ["errors", "quantity", "tables", "charts", "evidence", "publish"]
MODULES = sorted(ANALYSIS.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ANALYSIS).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: import from analysis by its full name"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("analysis.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ANALYSIS)))
def test_imports_point_one_way(path: Path) -> None:
    here, used = room(path), imported_rooms(path) - {room(path), "__version__"}
    if here == "site":
        assert not used & CHAPTERS, "the site knows chapters by their notebooks only"
        return
    if here == "__main__":
        return
    assert "site" not in used
    if here in CHAPTERS:
        assert not used & CHAPTERS, "chapters do not import each other"
    elif here != "claims":
        assert not used & (CHAPTERS | {"claims"}), "shared rooms do not import chapters"
    if here in ("errors", "quantity", "tables", "charts"):
        allowed = set(BASE[: BASE.index(here)])
        assert used <= allowed, f"{here} may import {allowed}, not {used - allowed}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ANALYSIS)))
def test_a_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), f"{path} needs a docstring"
    assert len(text.splitlines()) <= 320, f"{path} holds more than one concept"
    assert path.stem not in ("utils", "helpers", "misc", "core")
