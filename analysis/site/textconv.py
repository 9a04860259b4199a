"""A notebook as text to compare: its cells, and after each what it published.

Git runs it before it compares two versions of a chapter, so that a diff shows prose, code and
numbers instead of their encoding.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import BookError
from analysis.site.records import read_notebook


def lines(notebook: Mapping[str, Any]) -> Iterator[str]:
    """Lines of every cell under a line that names its kind, and of its outputs in words.

    >>> output = {"data": {"text/plain": "x.rate = 50.0%"}}
    >>> code = {"cell_type": "code", "source": ["publish()"], "outputs": [output]}
    >>> list(lines({"cells": [code]}))
    ['', '# --- code', 'publish()', '# > x.rate = 50.0%']
    """
    for cell in notebook["cells"]:
        yield from ("", f"# --- {cell['cell_type']}")
        yield from "".join(cell["source"]).splitlines()
        for output in cell.get("outputs", ()):
            words = output.get("text") or output.get("data", {}).get("text/plain") or ""
            yield from (f"# > {line}" for line in "".join(words).splitlines())


def main() -> None:
    """Command line: print the notebook that is named."""
    try:
        print("\n".join(lines(read_notebook(Path(sys.argv[1])))))
    except BookError:  # while a merge is open the file is no notebook: compare it as it stands
        print(Path(sys.argv[1]).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
