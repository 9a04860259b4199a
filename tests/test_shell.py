"""The shell's commands: what they print, and what their exit status says."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from analysis.__main__ import main
from analysis.site.records import Records
from analysis.site.review import compare
from conftest import ROOT


def test_a_number_is_listed_and_shown_with_its_rows(capsys) -> None:
    assert main(["list", "recovery.net_*"]) == 0
    names = [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()]
    assert names and all(name.startswith("recovery.net_") for name in names)
    assert main(["show", names[0], "--json"]) == 0
    entry = json.loads(capsys.readouterr().out)
    assert entry["name"] == names[0] and entry["rows"] and entry["by"].startswith("analysis.")


def test_an_unknown_name_is_refused_with_names_near_it(capsys) -> None:
    assert main(["list", "recovery.net_*"]) == 0
    name = capsys.readouterr().out.split("\t")[0]
    assert main(["show", name + "x"]) == 2
    assert name in capsys.readouterr().out


def test_a_reader_may_stop_reading() -> None:
    asked = [sys.executable, "-m", "analysis", "show", "governance.bunching_looks"]
    with subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        assert shown.stdout.readline().startswith(b"governance.bunching_looks: ")
        shown.stdout.close()
        assert shown.stderr.read() == b""


def quantity(value: float) -> dict:
    return {"value": value, "text": f"{value}", "limits": "", "rows": ["rates/a"]}


@pytest.mark.parametrize(
    ("recorded", "fresh", "agrees"),
    [
        ({"a.x": quantity(50.0)}, {"a.x": quantity(50.0)}, [True]),
        ({"a.x": quantity(50.0)}, {"a.x": quantity(50.1)}, [False]),
        ({"a.x": quantity(50.0)}, {}, [False]),
        ({}, {"a.x": quantity(50.0)}, [False]),
        ({"a.x": quantity(50.0)}, {"a.x": quantity(50.0) | {"rows": ["rates/b"]}}, [False]),
    ],
)
def test_a_review_sees_every_difference(recorded, fresh, agrees) -> None:
    found = compare(Records(quantities=recorded), Records(quantities=fresh))
    assert [item.agrees for item in found] == agrees
