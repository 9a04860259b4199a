"""What chapters depend on besides their own cells, as it is now: modules, tables and libraries."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path

from analysis.site.files import write_whole
from analysis.validation import PACKAGE, ROOT

CACHE = ROOT / "_build" / "cache" / "imports"


class Surroundings:
    """Hashes of modules, tables and locked libraries; every file is read once.

    Args:
        root: folder of the book.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._hashes: dict[str, str] = {}
        self._needed: dict[str, set[str]] = {}
        self._modules: dict[str, list[str]] = {}
        for path in sorted((root / "analysis").rglob("*.py")):
            place = path.relative_to(root)
            named = place.parent if place.name == "__init__.py" else place.with_suffix("")
            self._modules.setdefault(".".join(named.parts), []).append(str(place))

    @cached_property
    def lock(self) -> str:
        """Hash of the locked versions of the libraries."""
        return hash_of((self._root / "requirements.txt").read_bytes())

    @cached_property
    def _tables(self) -> dict[str, str]:
        package = json.loads((self._root / "data" / PACKAGE).read_text(encoding="utf-8"))
        return {
            resource["name"]: hash_of(json.dumps(resource, sort_keys=True).encode())
            + hash_of((self._root / "data" / resource["path"]).read_bytes())
            for resource in package["resources"]
        }

    def table(self, name: str) -> str:
        """Hash of a table's description in the package and of its bytes."""
        return self._tables.get(name, "no such table")

    def modules(self, code: str) -> str:
        """Hash of every module of ``analysis`` that the code imports, directly or not."""
        found: set[str] = set()
        waiting = self._files(imported(code.encode()))
        while waiting:
            file = waiting.pop()
            if file not in found:
                found.add(file)
                waiting |= self._imports_of(file)
        listing = sorted(f"{file} {self._hashes[file]}" for file in found)
        return hash_of("\n".join(listing).encode())

    def _imports_of(self, file: str) -> set[str]:
        if file not in self._needed:
            content = (self._root / file).read_bytes()
            self._hashes[file] = hash_of(content)
            self._needed[file] = self._files(imported(content))
        return self._needed[file]

    def _files(self, names: Iterable[str]) -> set[str]:
        """Files of the named modules and of the packages that they are in."""
        return {
            file
            for name in names
            for length in range(1, name.count(".") + 2)
            for file in self._modules.get(".".join(name.split(".")[:length]), ())
        }


@cache
def imported(source: bytes) -> list[str]:
    """Names of all modules, or things in modules, that a source imports from ``analysis``.

    They are kept in a file: to parse hundreds of modules takes half a second.

    >>> imported(b"import math; from analysis.site import a, b")
    ['analysis.site.a', 'analysis.site.b']
    """
    kept = CACHE / hash_of(source)
    with suppress(OSError):
        return kept.read_text(encoding="utf-8").split()
    names = sorted(set(_imported(source)))
    with suppress(OSError):  # a read-only tree is parsed afresh each time
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept, "\n".join(names))
    return names


def _imported(source: bytes) -> Iterable[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return  # whoever imports it will say where the error is
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.partition(".")[0] == "analysis")


def hash_of(content: bytes) -> str:
    """SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()
