"""The book from the shell: list, show and verify published numbers and claims."""

from __future__ import annotations

import argparse
import difflib
import fnmatch
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.errors import BookError
from analysis.site.records import Records, notebooks, read_records
from analysis.site.review import review
from analysis.site.sources import data_rows, label


def entries(records: Records) -> dict[str, dict[str, Any]]:
    """Every published number and every claim, by the name under which it can be asked for."""
    claims = {f"claims.{claim}": entry for claim, entry in records.rulings.items()}
    return {**records.quantities, **claims}


def list_names(options: argparse.Namespace) -> int:
    """Print names and values that fit a pattern."""
    known = entries(read_records(notebooks()))
    names = [name for name in sorted(known) if fnmatch.fnmatch(name, options.pattern)]
    if options.json:
        print(json.dumps({name: _short(known[name]) for name in names}, ensure_ascii=False))
    else:
        for name in names:
            print(f"{name}\t{_short(known[name])}")
    return 0 if names else _unknown(options.pattern, known)


def show(options: argparse.Namespace) -> int:
    """Print one number or claim with its interval, function, rows and sources."""
    known = entries(read_records(notebooks()))
    if options.name not in known:
        return _unknown(options.name, known)
    entry = known[options.name]
    if options.json:
        print(json.dumps({"name": options.name, **entry}, ensure_ascii=False, indent=1))
        return 0
    print(f"{options.name}: {_short(entry)}")
    for key in ("statement", "figure", "on", "rule", "missing", "limits", "by"):
        if entry.get(key):
            print(f"  {key}: {entry[key]}")
    for reference in entry["rows"]:
        row = data_rows()[reference]
        print(f"  row {reference}: {label(row['source'])}, {row['locator']} ({row['grade']})")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Re-execute chapters in fresh kernels and compare every published item with the record."""
    wanted = [name.partition(".")[0] for name in options.names]
    known = {path.stem for path in notebooks()}
    if unknown := sorted(set(wanted) - known):
        print(f"no such chapter: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return 2
    found, certificate = review(sorted(set(wanted)))
    named = {name for name in options.names if "." in name}
    if missing := named - {_asked(item.name) for item in found} - {item.name for item in found}:
        print(f"not published: {', '.join(sorted(missing))}")
        return 2
    shown = [item for item in found if not named or {item.name, _asked(item.name)} & named]
    certificate["when"] = datetime.now(UTC).isoformat(timespec="seconds")
    if options.record:
        Path(options.record).write_text(json.dumps(certificate, indent=1) + "\n", encoding="utf-8")
    if options.json:
        print(json.dumps({**certificate, "items": [vars(item) for item in shown]}))
    else:
        for item in shown:
            if options.every or named or not item.agrees:
                mark = "agrees " if item.agrees else "DIFFERS"
                print(f"{mark} {item.name}: {item.recorded!r} recorded, {item.recomputed!r} now")
        print(
            f"{certificate['agreeing']} of {certificate['compared']} published items agree "
            f"within a relative tolerance of {certificate['relative_tolerance']:g}"
        )
    return 0 if all(item.agrees for item in found) else 1


def _asked(name: str) -> str:
    return name if "." in name else f"claims.{name}"


def _short(entry: dict[str, Any]) -> str:
    if "verdict" in entry:
        return f"{entry['label']}: {entry['verdict']}"
    return f"{entry['text']} ({entry['limits']})" if entry["limits"] else entry["text"]


def _unknown(name: str, known: dict[str, Any]) -> int:
    near = difflib.get_close_matches(name, known, n=5, cutoff=0.4)
    print(f"nothing is published as {name!r}" + (f"; near it: {', '.join(near)}" if near else ""))
    return 2


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do what it asks; the exit status is 0 only when all is well."""
    parser = argparse.ArgumentParser(prog="python -m analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    listing = commands.add_parser("list", help="names and values of numbers and claims")
    listing.add_argument("pattern", nargs="?", default="*", help="for example 'recovery.net_*'")
    listing.set_defaults(run=list_names)
    showing = commands.add_parser("show", help="one number or claim, down to its rows")
    showing.add_argument("name")
    showing.set_defaults(run=show)
    checking = commands.add_parser("verify", help="re-execute, and compare with the record")
    checking.add_argument("names", nargs="*", help="chapters, or names of numbers; default: all")
    checking.add_argument("--every", action="store_true", help="print what agrees as well")
    checking.add_argument("--record", metavar="FILE", help="write the result for machines")
    checking.set_defaults(run=verify)
    for command in (listing, showing, checking):
        command.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except BookError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


if __name__ == "__main__":
    sys.exit(main())
