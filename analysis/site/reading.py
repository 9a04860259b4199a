"""Notebooks as the pages' renderer reads them: of what was published only the names.

The results themselves come from the records, which the build has read before; handing them to the
renderer again would have it validate, copy and write megabytes that no page takes from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import nbformat

from analysis.publish import MIME, VEGA_LITE


def names_only(text: str) -> nbformat.NotebookNode:
    """A notebook, the reader that ``nb_custom_formats`` names."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                output["data"].pop(VEGA_LITE, None)
                output["data"][MIME] = _named(output["data"][MIME])
    slim: nbformat.NotebookNode = nbformat.reads(json.dumps(notebook), as_version=4)
    return slim


def _named(record: Mapping[str, Any]) -> dict[str, Any]:
    shown = [{"name": item["name"]} for item in record.get("displays", ())]
    closing = {"closing": record["closing"]} if "closing" in record else {}
    return {"displays": shown, **closing}
