"""Bad data of every kind, put into tables of every kind, are refused with place and remedy."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from faults import contents, note

from analysis.validation import faults

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
TABLES = {
    "wide": "trial_loss",
    "long": "annual_national",
    "derived": "change_without_therapy",
    "claims": "claims",
    "assumptions": "assumption_ranges",
}
BIBLIOGRAPHY = ROOT / "book" / "references.bib"
ENTRIES = {entry["name"]: entry for entry in PACKAGE["resources"]}


@dataclass
class Sheet:
    """A table of the book's own data, as cells that can be spoilt."""

    entry: dict
    header: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, table: str) -> Sheet:
        text = (ROOT / "data" / f"{table}.csv").read_text(encoding="utf-8")
        header, *rows = csv.reader(io.StringIO(text))
        return cls(ENTRIES[table], header, rows)

    def fields(self, *types: str) -> list[dict]:
        return [field for field in self.entry["schema"]["fields"] if field["type"] in types]

    def filled(self, column: str, *others: str) -> int:
        """Index of the last row in which a column, and others, hold something."""
        places = [self.header.index(name) for name in (column, *others)]
        return max(i for i, row in enumerate(self.rows) if all(row[place] for place in places))

    def put(self, column: str, text: str, row: int | None = None) -> str:
        """Overwrite a cell; the place that a message has to name."""
        row = self.filled(column) if row is None else row
        self.rows[row][self.header.index(column)] = text
        return f"row {row + 2}, column {column}"

    def cell(self, column: str, row: int) -> str:
        return self.rows[row][self.header.index(column)]

    def text(self) -> str:
        lines = io.StringIO()
        csv.writer(lines, lineterminator="\n").writerows([self.header, *self.rows])
        return lines.getvalue()


def number(sheet: Sheet) -> str:
    """The number column with the most filled cells."""
    columns = [field["name"] for field in sheet.fields("number")]
    return max(
        columns, key=lambda name: sum(bool(row[sheet.header.index(name)]) for row in sheet.rows)
    )


def limit(sheet: Sheet, kind: str, step: int) -> str:
    column = number(sheet)
    field = next(field for field in sheet.fields("number") if field["name"] == column)
    return sheet.put(column, f"{field['constraints'][kind] + step:.1f}")


def enum(sheet: Sheet) -> str:
    fields = (field for field in sheet.fields("string") if "enum" in field.get("constraints", {}))
    return sheet.put(next(fields)["name"], "something else")


def interval(estimate: str | None, low: str, high: str) -> Callable[[Sheet], str]:
    """Write an interval around the estimate of a row: in multiples of the estimate's size."""

    def spoil(sheet: Sheet) -> str:
        names = sheet.entry["intervals"][0]
        row = sheet.filled(names["estimate"], names["low"], names["high"])
        value = abs(float(sheet.cell(names["estimate"], row)))
        for part, text in (("estimate", estimate), ("low", low), ("high", high)):
            if text is not None:
                sheet.put(names[part], f"{value * float(text):.3f}" if text else "", row)
        return f"row {row + 2}: the interval"

    return spoil


def above_bound(sheet: Sheet) -> str:
    bound = sheet.entry["bounds"][0]
    ((column, wanted),) = bound["where"].items()
    row = next(i for i in range(len(sheet.rows)) if sheet.cell(column, i) == wanted)
    return sheet.put(bound["field"], f"{bound['maximum'] + 1}", row)


def doubled_id(sheet: Sheet) -> str:
    sheet.put("id", sheet.rows[0][0], 3)
    return "row 5"


def without_column(sheet: Sheet) -> str:
    place = sheet.header.index("locator")
    for row in [sheet.header, *sheet.rows]:
        del row[place]
    return "locator"


def extra_column(sheet: Sheet) -> str:
    for row in [sheet.header, *sheet.rows]:
        row.append("mood")
    return "column mood"


def swapped_columns(sheet: Sheet) -> str:
    sheet.header[1], sheet.header[2] = sheet.header[2], sheet.header[1]
    return f"column {sheet.header[1]}"


def renamed_column(sheet: Sheet) -> str:
    name, sheet.header[1] = sheet.header[1], "renamed"
    return f"column {name}"


def long_row(sheet: Sheet) -> str:
    sheet.rows[2].append("one cell more")
    return "row 4"


def short_row(sheet: Sheet) -> str:
    del sheet.rows[2][3:]
    return "row 4"


def blank_row(sheet: Sheet) -> str:
    sheet.rows[2] = [""] * len(sheet.header)
    return "row 4"


def no_rows(sheet: Sheet) -> str:
    sheet.rows.clear()
    return "the table has no rows"


def cell(column: str | Callable[[Sheet], str], text: str) -> Callable[[Sheet], str]:
    return lambda sheet: sheet.put(column if isinstance(column, str) else column(sheet), text)


def altered(column: str, change: Callable[[str], str]) -> Callable[[Sheet], str]:
    def spoil(sheet: Sheet) -> str:
        row = sheet.filled(column)
        return sheet.put(column, change(sheet.cell(column, row)), row)

    return spoil


EVERY = ("wide", "long", "derived", "claims")
CELLS: dict[str, tuple[tuple[str, ...], Callable[[Sheet], str]]] = {
    "text for a number": (EVERY, cell(number, "many")),
    "not a number": (EVERY, cell(number, "NaN")),
    "infinite": (EVERY, cell(number, "inf")),
    "exponent notation": (EVERY, cell(number, "1e1")),
    "thousands separator": (EVERY, cell(number, "1,234")),
    "digits of another script": (EVERY, cell(number, "٤٢")),
    "padded number": (EVERY, cell(number, " 1")),
    "above its maximum": (EVERY, lambda sheet: limit(sheet, "maximum", 1)),
    "below its minimum": (EVERY, lambda sheet: limit(sheet, "minimum", -1)),
    "above the bound of its unit": (("long", "derived"), above_bound),
    "word that is not allowed": (EVERY, enum),
    "grade that is not allowed": (EVERY, cell("grade", "gold")),
    "another word for true": (("long",), cell("preferred", "True")),
    "empty locator": (EVERY, cell("locator", "")),
    "empty id": (EVERY, cell("id", "")),
    "doubled id": (EVERY, doubled_id),
    "id with a space": (EVERY, altered("id", lambda text: f"{text} b")),
    "padded cell": (EVERY, altered("extent", lambda text: f"{text} ")),
    "line break in a cell": (EVERY, altered("locator", lambda text: f"{text}\nmore")),
    "invisible character": (EVERY, altered("locator", lambda text: f"{text}\u200b")),
    "unknown source": (EVERY, cell("source", "nobody_1900")),
    "unknown source of a limit": (("assumptions",), cell("low_source", "nobody_1900")),
    "reference to no row": (("claims",), cell("repeat_of", "nobody")),
    "estimate outside its interval": (("derived", "assumptions"), interval(None, "2", "3")),
    "reversed interval": (("derived", "assumptions"), interval(None, "1.5", "0.5")),
    "reversed interval, no estimate": (("derived",), interval("", "1.5", "0.5")),
    "one limit only": (("derived",), interval(None, "0.5", "")),
    "missing column": (EVERY, without_column),
    "extra column": (EVERY, extra_column),
    "renamed column": (EVERY, renamed_column),
    "swapped columns": (EVERY, swapped_columns),
    "row too long": (EVERY, long_row),
    "row too short": (EVERY, short_row),
    "blank row": (EVERY, blank_row),
    "no rows": (EVERY, no_rows),
}


def unclosed(text: bytes) -> bytes:
    """A quotation mark after the first comma of the last row, and none that ends it."""
    above, last = text[:-1].rsplit(b"\n", 1)
    return above + b"\n" + last.replace(b",", b',"', 1) + b"\n"


BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "byte-order mark": (lambda text: b"\xef\xbb\xbf" + text, "byte-order mark"),
    "CRLF": (lambda text: text.replace(b"\n", b"\r\n"), "line 1 ends in CR or CRLF"),
    "one CRLF": (lambda text: text[:-1] + b"\r\n", "ends in CR or CRLF"),
    "latin-1": (lambda text: text.replace(b",", b"\xe9,", 1), "row 1: the byte 0xe9 is not UTF-8"),
    "zero byte": (lambda text: text[:-2] + b"\0" + text[-2:], "holds an invisible character"),
    "no final line end": (lambda text: text[:-1], "the last, has no line end"),
    "cut off in a row": (lambda text: text[: len(text) // 2], "the last, has no line end"),
    "quotation mark never closed": (unclosed, "row "),
    "empty file": (lambda text: b"", "data/"),
}


@pytest.fixture
def package(tmp_path: Path) -> Callable[[str], Path]:
    """Copies one table of the book into a package of its own, with the sources that it cites."""

    def copy(table: str) -> Path:
        data = tmp_path / "data"
        data.mkdir()
        text = (ROOT / "data" / f"{table}.csv").read_bytes()
        (data / f"{table}.csv").write_bytes(text)
        write_entries(data, [ENTRIES[table]])
        rows = csv.DictReader(io.StringIO(text.decode("utf-8")))
        columns = [name for name in rows.fieldnames or () if name.endswith("source")]
        keys = {row[name] for row in rows for name in columns} - {""}
        entries = "".join(f"@misc{{{key}, title={{A}}}}\n" for key in sorted(keys))
        (tmp_path / "references.bib").write_text(entries, encoding="utf-8")
        assert messages(data) == []
        return data

    return copy


def write_entries(data: Path, entries: object) -> None:
    text = json.dumps({"name": "copy", "resources": entries})
    (data / "datapackage.json").write_text(text, encoding="utf-8")


def messages(data: Path) -> list[str]:
    before = contents(data)
    found = [str(fault) for fault in faults(data, data.parent / "references.bib")]
    assert contents(data) == before, "validation writes nothing"
    return found


def refused(found: list[str], file: str, place: str, fault: str, record) -> None:
    """Each message names the file and a remedy, one of them the place."""
    said = [message for message in found if place in message]
    assert said, (place, found)
    for message in found:
        assert file in message and "\n    remedy: " in message, message
    note(record, fault, "refused", said[0])


@pytest.mark.parametrize(
    ("fault", "kind"), [(name, kind) for name, (kinds, _) in CELLS.items() for kind in kinds]
)
def test_a_spoilt_table(package, record_property, fault: str, kind: str) -> None:
    table = TABLES[kind]
    data, sheet = package(table), Sheet.of(table)
    place = CELLS[fault][1](sheet)
    (data / f"{table}.csv").write_text(sheet.text(), encoding="utf-8")
    refused(messages(data), f"data/{table}.csv", place, f"{fault}, {kind} table", record_property)


@pytest.mark.parametrize("reference", ["annual_national/nothing", "nothing/eng", "eng"])
def test_a_reference_to_no_row_of_another_table(tmp_path, record_property, reference: str) -> None:
    data, tables = tmp_path / "data", ("targets", "annual_national")
    data.mkdir()
    write_entries(data, [ENTRIES[table] for table in tables])
    for path in (*(ROOT / "data" / f"{table}.csv" for table in tables), BIBLIOGRAPHY):
        shutil.copy(path, data if path.suffix == ".csv" else tmp_path)
    assert messages(data) == []
    sheet = Sheet.of("targets")
    place = sheet.put("actual_row", reference)
    (data / "targets.csv").write_text(sheet.text(), encoding="utf-8")
    fault = f"reference {reference!r} to another table"
    refused(messages(data), "data/targets.csv", place, fault, record_property)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("fault", BYTES)
def test_spoilt_bytes(package, record_property, fault: str, kind: str) -> None:
    table = TABLES[kind]
    data = package(table)
    spoil, place = BYTES[fault]
    path = data / f"{table}.csv"
    path.write_bytes(spoil(path.read_bytes()))
    refused(messages(data), f"data/{table}.csv", place, f"{fault}, {kind} table", record_property)


def described(change: Callable[[list], object]) -> Callable[[Path], None]:
    """A fault of the package's own description."""

    def spoil(data: Path) -> None:
        entries = json.loads(json.dumps([ENTRIES["claims"]]))
        write_entries(data, change(entries) or entries)

    return spoil


def unknown_rule(entries: list) -> None:
    entries[0]["intervals"] = [{"estimate": "value", "low": "lower", "high": "upper"}]


def no_bounds(entries: list) -> None:
    del next(f for f in entries[0]["schema"]["fields"] if f["name"] == "value")["constraints"]


def bibliography(text: str) -> Callable[[Path], object]:
    return lambda data: (data.parent / "references.bib").write_text(text, encoding="utf-8")


PACKAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "table missing": (
        lambda d: (d / "claims.csv").unlink(),
        "data/claims.csv: the file is missing",
    ),
    "table without entry": (
        lambda d: (d / "stray.csv").write_text("id\nx\n"),
        "data/stray.csv: the table has no package entry",
    ),
    "description missing": (
        lambda d: (d / "datapackage.json").unlink(),
        "data/datapackage.json: the file is missing",
    ),
    "description not JSON": (
        lambda d: (d / "datapackage.json").write_text('{"resources": ['),
        "data/datapackage.json: not a data package: Expecting value: line 1",
    ),
    "entry without licence": (
        described(lambda entries: entries[0].pop("licenses") and None),
        "data/datapackage.json: the entry of table claims has no licenses",
    ),
    "entry that is no entry": (described(lambda entries: ["claims"]), "table number 1 has no name"),
    "two entries for a file": (
        described(lambda entries: [*entries, {**entries[0], "name": "again"}]),
        "data/datapackage.json: claims.csv is listed twice",
    ),
    "two tables of one name": (
        described(lambda entries: [*entries, {**entries[0], "path": "again.csv"}]),
        "data/datapackage.json: two tables are named claims",
    ),
    "number without bounds": (described(no_bounds), "a number needs a minimum and a maximum"),
    "rule for no column": (described(unknown_rule), "data/datapackage.json, column lower"),
    "unknown kind of uncertainty": (
        described(lambda entries: entries[0].update(uncertainty="certain")),
        "uncertainty 'certain' is unknown",
    ),
    "bibliography missing": (
        lambda d: (d.parent / "references.bib").unlink(),
        "book/references.bib: it cannot be read",
    ),
    "bibliography broken": (bibliography("@misc{a, title={A\n"), "book/references.bib"),
    "doubled key in the bibliography": (
        bibliography("@misc{a, title={A}}\n@misc{a, title={B}}\n"),
        "book/references.bib: it cannot be read: repeated bibliography entry: a",
    ),
}


@pytest.mark.parametrize("fault", PACKAGES)
def test_a_spoilt_package(package, record_property, fault: str) -> None:
    data = package("claims")
    spoil, place = PACKAGES[fault]
    spoil(data)
    file = "book/references.bib" if "bibliography" in fault else "data/"
    refused(messages(data), file, place, fault, record_property)
