"""Execute the chapters whose recorded outputs are stale, several at a time."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import BookError, ExecutionError
from analysis.site import stale
from analysis.site.records import cell_records, notebooks, read_records
from analysis.validation import validate

CELL_TIMEOUT_SECONDS = 600
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute_stale(every: bool = False, only: list[str] | None = None) -> dict[str, list[str]]:
    """Execute chapters that are stale (or all, or those named); return why each was executed.

    Raises:
        DataError: the data package breaks a rule.
        ExecutionError: a cell failed, warned, printed or timed out; nothing of that chapter is
            written.
    """
    validate()
    due: dict[Path, list[str]] = {}
    for path in notebooks():
        if only and path.stem not in only:
            continue
        why = ["asked for"] if every or only else stale.reasons(_read(path))
        if why:
            due[path] = why
    if due:
        failures = asyncio.run(_execute_all(list(due)))
        if failures:
            raise ExecutionError("\n\n".join(failures))
    read_records(notebooks())
    return {path.stem: why for path, why in due.items()}


async def _execute_all(paths: list[Path]) -> list[str]:
    slots = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: Path) -> str | None:
        async with slots:
            try:
                _write(path, await executed(path))
            except BookError as error:
                return str(error)
        return None

    return [failure for failure in await asyncio.gather(*map(one, paths)) if failure]


async def executed(path: Path) -> dict[str, Any]:
    """A chapter executed in a fresh kernel, as a notebook with its record; nothing is written.

    Raises:
        ExecutionError: a cell failed, warned, printed or timed out, or the chapter did not close.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    source = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_SECONDS,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    try:
        await client.async_execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ExecutionError(
            f"{path.name}: a cell failed\n{error}\n    remedy: mend the cell or the function it "
            "calls, then run `make execute`"
        ) from None
    return finished(path, notebook)


def finished(path: Path, notebook: Any) -> dict[str, Any]:
    """A cleanly executed notebook with its record; refuses one that printed or did not close."""
    for number, cell in enumerate(notebook["cells"]):
        for output in cell.get("outputs", ()):
            if output["output_type"] == "stream":
                raise ExecutionError(
                    f"{path.name}, cell {number}: it printed or warned:\n{output['text']}\n"
                    "    remedy: publish results instead of printing; mend what warns"
                )
            output.pop("metadata", None)
            output["metadata"] = {}
        cell["metadata"].pop("execution", None)
    records = list(cell_records(notebook))
    if not records or "closing" not in records[-1]:
        raise ExecutionError(
            f"{path.name}: the last code cell must be `chapter.close()`, which records the tables "
            "that were read"
        )
    notebook["metadata"] = {**METADATA, "record": stale.record(notebook)}
    return notebook


def _read(path: Path) -> Mapping[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, notebook: Any) -> None:
    import nbformat

    temporary = path.with_suffix(".ipynb.part")
    temporary.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    os.replace(temporary, path)


def main(arguments: list[str] | None = None) -> None:
    """Command line: execute stale chapters, all of them, or those named."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("chapters", nargs="*", help="names of chapters; default: the stale ones")
    parser.add_argument("--all", action="store_true", help="execute every chapter")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        executed = execute_stale(options.all, options.chapters)
    except BookError as error:
        sys.exit(f"execution stopped: {error}")
    report(executed, time.perf_counter() - started)


def report(executed: Mapping[str, list[str]], seconds: float) -> None:
    """Print which chapters were executed and why."""
    for chapter, why in executed.items():
        print(f"  executed {chapter}: {'; '.join(why)}")
    if not executed:
        print("  nothing was stale, no chapter executed")
    print(f"  {seconds:.1f} s for validation and execution")


if __name__ == "__main__":
    main()
