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
from analysis.publish import MIME
from analysis.site import stale
from analysis.site.files import write_whole
from analysis.site.lock import Lock
from analysis.site.records import notebooks, outputs, read_notebook, read_records
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
    if unknown := sorted(set(only or ()) - {path.stem for path in notebooks()}):
        raise ExecutionError(f"there is no chapter {', '.join(unknown)}: correct the name")
    if every or only:
        asked = [path for path in notebooks() if not only or path.stem in only]
        due = {path: ["asked for"] for path in asked}
    else:
        due = stale.late(notebooks())
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

    notebook = nbformat.reads(json.dumps(read_notebook(path)), as_version=4)
    if (number := stale.unreadable_cell(notebook)) is not None:
        raise ExecutionError(
            f"{path.name}, cell {number}: not plain Python\n    remedy: mend its syntax; notebook "
            "commands (%, !) are not allowed, since what they read cannot be followed"
        )
    reached = [0]
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_SECONDS,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: reached.append(cell_index + 1),
    )
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    try:
        await client.async_execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        raise ExecutionError(
            f"{path.name}, cell {reached[-1]}: it failed\n{error}\n"
            "    remedy: mend the cell or the function it calls, then run `make execute`"
        ) from None
    return finished(path, notebook)


def finished(path: Path, notebook: Any) -> dict[str, Any]:
    """A cleanly executed notebook with its record; refuses one that printed or did not close."""
    for number, cell in enumerate(notebook["cells"], start=1):
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                raise ExecutionError(
                    f"{path.name}, cell {number}: it failed and is marked as allowed to:\n"
                    f"{output['ename']}: {output['evalue']}\n"
                    "    remedy: mend the cell and remove its tag `raises-exception`"
                )
            if MIME not in output.get("data", {}) and output["output_type"] != "stream":
                raise ExecutionError(
                    f"{path.name}, cell {number}: it shows something that was not published\n"
                    "    remedy: show results only through `chapter.publish` and "
                    "`chapter.close()`, or end the cell with an assignment"
                )
            if output["output_type"] == "stream":
                raise ExecutionError(
                    f"{path.name}, cell {number}: it printed or warned:\n{output['text']}\n"
                    "    remedy: publish results instead of printing; mend what warns"
                )
            output.pop("metadata", None)
            output["metadata"] = {}
        cell["metadata"].pop("execution", None)
    published = list(outputs(notebook))
    if not published or "closing" not in published[-1][MIME]:
        raise ExecutionError(
            f"{path.name}: the chapter was not closed\n    remedy: end the last code cell with "
            "`chapter.close()`, which records the tables that were read"
        )
    notebook["metadata"] = {**METADATA, "record": stale.record(notebook)}
    whole: dict[str, Any] = notebook
    return whole


def _write(path: Path, notebook: Any) -> None:
    import nbformat

    write_whole(path, nbformat.writes(notebook) + "\n")


def main(arguments: list[str] | None = None) -> None:
    """Command line: execute stale chapters, all of them, or those named."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("chapters", nargs="*", help="names of chapters; default: the stale ones")
    parser.add_argument("--all", action="store_true", help="execute every chapter")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        lock = Lock()
        executed = execute_stale(options.all, options.chapters)
    except (BookError, OSError) as error:
        sys.exit(f"execution stopped: {explained(error)}")
    lock.release()
    report(executed, time.perf_counter() - started)


def explained(error: Exception) -> str:
    """What went wrong and what to do about it, also where the system refused to write."""
    if not isinstance(error, OSError):
        return str(error)
    return (
        f"{error.filename or 'a file'} cannot be read or written: {error.strerror or error}\n"
        "    remedy: free disk space or give write access, then build again"
    )


def report(executed: Mapping[str, list[str]], seconds: float) -> None:
    """Print which chapters were executed and why."""
    for chapter, why in executed.items():
        print(f"  executed {chapter}: {'; '.join(why)}")
    if not executed:
        print("  nothing was stale, no chapter executed")
    print(f"  {seconds:.1f} s for validation and execution")


if __name__ == "__main__":
    main()
