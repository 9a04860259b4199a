"""Start a chapter: a module, a notebook, a test and a place in the contents, all of them working.

``make new-chapter NAME=waiting`` writes the texts of ``first_texts`` under that name.
"""

from __future__ import annotations

import json
import keyword
import sys
from pathlib import Path
from string import Template
from typing import Any

from analysis.errors import BookError, PublishError
from analysis.publish import NAME
from analysis.site.files import write_whole
from analysis.site.first_texts import CELLS, IMPORTS, MODULE, PACKAGE, TEST
from analysis.validation import ROOT

BEFORE = "      - file: book/claims\n"  # the ledger ends the chapters


def files(name: str) -> dict[str, str]:
    """Text of every new file by its path from the book's root.

    >>> sorted(files("waiting"))[0], files("waiting")["analysis/waiting/__init__.py"]
    ('analysis/waiting/__init__.py', '\"\"\"The chapter Waiting.\"\"\"\\n')
    """
    words = {"name": name, "title": title(name)}
    words["imports"] = "\n".join(sorted(Template(line).substitute(words) for line in IMPORTS))
    cells: list[dict[str, Any]] = []
    for number, text in enumerate(CELLS, start=1):
        source = Template(text).substitute(words).splitlines(keepends=True)
        cell: dict[str, Any] = {"id": f"cell-{number}", "metadata": {}, "source": source}
        if number % 2:
            cells.append({"cell_type": "markdown", **cell})
        else:
            cell |= {"metadata": {"tags": ["hide-input"]}, "execution_count": None, "outputs": []}
            cells.append({"cell_type": "code", **cell})
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {
        f"analysis/{name}/__init__.py": Template(PACKAGE).substitute(words),
        f"analysis/{name}/starts.py": Template(MODULE).substitute(words),
        f"tests/test_{name}.py": Template(TEST).substitute(words),
        f"book/{name}.ipynb": json.dumps(notebook, indent=1, ensure_ascii=False) + "\n",
    }


def title(name: str) -> str:
    """Name of a chapter as a heading.

    >>> title("second_opinion")
    'Second opinion'
    """
    return name.replace("_", " ").capitalize()


def new_chapter(name: str, root: Path = ROOT) -> list[str]:
    """Write a chapter's files and its line in the contents; return the paths written.

    Raises:
        PublishError: the name cannot be used, or is in use; nothing is written.
        OSError: a file cannot be written; those written before are removed again.
    """
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise PublishError(
            f"{name!r} cannot name a chapter\n    remedy: begin with a lower-case letter and go on "
            "with lower-case letters, digits and _, for example NAME=second_opinion"
        )
    texts = files(name)
    taken = [f"analysis/{name}", f"analysis/{name}.py", f"book/{name}.md", *texts]
    if found := [path for path in taken if (root / path).exists()]:
        raise PublishError(
            f"the name {name!r} is in use: there is {found[0]}\n    remedy: choose another name, "
            f"or change the chapter that is there"
        )
    contents = root / "_toc.yml"
    listing = contents.read_text(encoding="utf-8")
    if listing.count(BEFORE) != 1:
        raise PublishError(
            f"_toc.yml does not hold the line {BEFORE.strip()!r} once, before which a chapter "
            "goes\n    remedy: restore that line"
        )
    try:
        for path, text in texts.items():
            (root / path).parent.mkdir(exist_ok=True)
            write_whole(root / path, text)
        line = BEFORE.replace("claims", name)
        write_whole(contents, listing.replace(BEFORE, line + BEFORE))
    except OSError:
        for path in texts:
            (root / path).unlink(missing_ok=True)
        if (root / "analysis" / name).exists():
            (root / "analysis" / name).rmdir()
        raise
    return [*texts, "_toc.yml"]


def main() -> None:
    """Command line: start the chapter that is named."""
    if len(sys.argv) != 2:
        sys.exit("name the chapter: make new-chapter NAME=second_opinion")
    try:
        written = new_chapter(sys.argv[1])
    except (BookError, OSError) as error:
        sys.exit(f"no chapter was started: {error}")
    print("wrote", *written, sep="\n  ")
    print("`make preview` shows the chapter and follows your changes; `make book` builds it.")


if __name__ == "__main__":
    main()
