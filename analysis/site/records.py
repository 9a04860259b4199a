"""Read what the notebooks recorded: the published items of every chapter, by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.errors import PublishError
from analysis.publish import MIME, VEGA_LITE, unpacked
from analysis.validation import ROOT


@dataclass
class Records:
    """Published items by full name, and for each the chapter that published it."""

    quantities: dict[str, dict[str, Any]] = field(default_factory=dict)
    displays: dict[str, dict[str, Any]] = field(default_factory=dict)
    rulings: dict[str, dict[str, Any]] = field(default_factory=dict)
    chapters: dict[str, str] = field(default_factory=dict)

    def add(self, chapter: str, record: Mapping[str, Any]) -> None:
        """Add one cell's record.

        Raises:
            PublishError: a name is doubled or belongs to another chapter.
        """
        displays = {item["name"]: item for item in record.get("displays", ())}
        for name in [*record.get("quantities", {}), *displays]:
            if name in self.chapters:
                raise PublishError(
                    f"{name!r} is published twice, in {self.chapters[name]} and {chapter}: "
                    "rename one of the two"
                )
            if name.split(".")[0] != chapter:
                raise PublishError(
                    f"chapter {chapter} published {name!r}: names start with the chapter's own name"
                )
            self.chapters[name] = chapter
        self.quantities.update(record.get("quantities", {}))
        self.displays.update(displays)
        for claim, ruling in record.get("rulings", {}).items():
            if claim in self.rulings:
                raise PublishError(f"claim {claim!r} is judged twice: delete one of the two")
            self.rulings[claim] = ruling
        # notebooks are stored with sorted keys
        self.rulings = dict(sorted(self.rulings.items(), key=lambda item: item[1]["order"]))


def notebooks(root: Path = ROOT) -> list[Path]:
    """The book's notebooks, sorted by name."""
    return sorted((root / "book").glob("*.ipynb"))


def read_notebook(path: Path) -> dict[str, Any]:
    """A notebook as plain data.

    Raises:
        PublishError: the file is not a notebook, for example after a merge with conflicts.
    """
    return parsed(path, path.read_bytes())


def parsed(path: Path, content: bytes) -> dict[str, Any]:
    """A notebook from the bytes of its file."""
    try:
        notebook: dict[str, Any] = json.loads(content)
        notebook["cells"], notebook["metadata"]
    except (ValueError, LookupError, TypeError) as error:
        raise PublishError(
            f"{path.name} is not a notebook: {error}\n    remedy: restore the file, or mend its "
            "JSON at the place named (a merge may have left its marks)"
        ) from None
    return notebook


def outputs(notebook: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a notebook's cells published, by media type, in order."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                yield output["data"]


def complete(record: Mapping[str, Any], picture: Mapping[str, Any] | None) -> dict[str, Any]:
    """A record as the site uses it: rows as references, a chart's specifications as objects."""
    sets = {digest: unpacked(rows) for digest, rows in record.get("rows", {}).items()}

    def item(entry: Mapping[str, Any]) -> dict[str, Any]:
        if entry.get("kind") != "chart":
            return {**entry, "rows": sets[entry["rows"]]}
        specifications = {"wide": picture, "narrow": json.loads(entry["narrow"])}
        return {**entry, **specifications, "rows": sets[entry["table"]["rows"]]}

    return {
        **record,
        "quantities": {name: item(entry) for name, entry in record.get("quantities", {}).items()},
        "displays": [item(entry) for entry in record.get("displays", ())],
        "rulings": {claim: item(entry) for claim, entry in record.get("rulings", {}).items()},
    }


def read_records(paths: list[Path]) -> Records:
    """Everything that the given notebooks published."""
    return _together({path.stem: _read(path, path.read_bytes()) for path in paths})


def records_of(chapters: list[tuple[str, Mapping[str, Any]]]) -> Records:
    """Everything that chapters published, each given by name and notebook.

    Raises:
        PublishError: an output is not a record, a name is doubled or another chapter's.
    """
    return _together({chapter: _complete(chapter, notebook) for chapter, notebook in chapters})


@lru_cache(maxsize=256)
def _read(path: Path, content: bytes) -> list[dict[str, Any]]:
    return _complete(path.stem, parsed(path, content))


def _complete(chapter: str, notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return [complete(data[MIME], data.get(VEGA_LITE)) for data in outputs(notebook)]
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise PublishError(
            f"{chapter}: an output is not a record of published results ({error!r})\n"
            "    remedy: run `make execute`"
        ) from None


def _together(chapters: Mapping[str, list[dict[str, Any]]]) -> Records:
    records = Records()
    for chapter, published in chapters.items():
        for record in published:
            records.add(chapter, record)
    return records
