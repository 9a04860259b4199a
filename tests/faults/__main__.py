"""Run every fault and print the table: fault, outcome, message."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
WIDTH = 110


class Collector:
    """Keeps what each test noted about its fault."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":
            return
        noted = dict(report.user_properties)
        kind = Path(report.nodeid.partition("::")[0]).stem.removeprefix("test_faults_")
        if report.failed:
            self.rows.append((kind, report.nodeid.partition("::")[2], "NOT HANDLED", ""))
        elif "fault" in noted:
            row = (str(noted[key]) for key in ("fault", "outcome", "message"))
            self.rows.append((kind, *row))  # type: ignore[arg-type]


def main() -> int:
    """Exit status 0 only when every fault was refused, survived or found."""
    collector = Collector()
    files = sorted(map(str, TESTS.glob("test_faults_*.py")))
    command = [*files, "-n", "2", "--dist", "loadfile", *sys.argv[1:]]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        status = int(pytest.main(command, plugins=[collector]))
    if status:
        print(told.getvalue())
    for kind, fault, outcome, message in sorted(collector.rows):
        shown = message if len(message) <= WIDTH else message[: WIDTH - 1] + "…"
        print(f"{kind} | {fault} | {outcome} | {shown}")
    outcomes = [row[2] for row in collector.rows]
    counts = ", ".join(f"{outcomes.count(name)} {name}" for name in sorted(set(outcomes)))
    print(f"{len(outcomes)} faults: {counts}")
    return status


if __name__ == "__main__":
    sys.exit(main())
