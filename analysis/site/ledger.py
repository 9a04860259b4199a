"""The ledger in the pages: every claim with its verdict, and the verdicts that chapters cite."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis.site.places import source_link
from analysis.site.records import Records
from analysis.site.roles import depend_on_chapter
from analysis.site.sources import data_rows, label, source_labels
from analysis.site.state import book

CHAPTER, PAGE = "claims", "book/claims"
COLUMNS = ("Claim", "As claimed", "Recomputed", "Verdict", "On what")
FACETS = ("chapter", "claimant", "stance", "kind", "verdict")
logger = logging.getLogger(__name__)

Entry = Mapping[str, Any]


class ClaimRole(SphinxRole):
    """``{claim}`id```: a claim's short label and its verdict, linked to its place in the ledger."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        claim = self.text.strip()
        entry = book(self.env.app).recounted_records.rulings.get(claim)
        if entry is None:
            return [unknown(claim, self.get_location())], []
        depend_on_chapter(self.env, CHAPTER)
        target = address(self.env.app, self.env.docname, claim)
        return [nodes.raw("", cited(entry, target), format="html")], []


class VerdictsDirective(SphinxDirective):
    """``{verdicts}``: the verdict box of a chapter, one claim id a line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        rulings = book(self.env.app).recounted_records.rulings
        depend_on_chapter(self.env, CHAPTER)
        wanted = " ".join(self.content).split()
        if missing := [claim for claim in wanted if claim not in rulings]:
            return [unknown(claim, self.get_location()) for claim in missing]
        rows = "".join(
            box_row(rulings[claim], address(self.env.app, self.env.docname, claim))
            for claim in wanted
        )
        head = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
        table = (
            '<div class="listed-table verdicts"><div class="scroll" tabindex="0" role="region" '
            'aria-label="Claims and verdicts"><table><caption>Claims and verdicts</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>"
        )
        return [nodes.raw("", table, format="html")]


class LedgerDirective(SphinxDirective):
    """``{ledger}``: every claim with its check, figures and sources."""

    def run(self) -> list[nodes.Node]:
        depend_on_chapter(self.env, CHAPTER)
        return [nodes.raw("", ledger_html(book(self.env.app).recounted_records), format="html")]


def unknown(claim: str, location: str) -> nodes.Node:
    """Warn of a claim id that the ledger does not have."""
    logger.warning(
        f"claim {claim!r} is cited and not in the ledger: correct the id, or add the claim",
        location=location,
        type="recounted",
    )
    return nodes.problematic("", f"[{claim}: no such claim]")


def address(app: Sphinx, docname: str, claim: str) -> str:
    """The claim's own place in the ledger, seen from a page."""
    return f"{app.builder.get_relative_uri(docname, PAGE)}#claim-{claim}"


def cited(entry: Entry, target: str) -> str:
    """A claim in running text."""
    return (
        f'<a class="claim" href="{target}">{html.escape(entry["label"])}: '
        f'<span class="ruling">{html.escape(entry["verdict"])}</span></a>'
    )


def made_by(entry: Entry) -> str:
    """Who claims, as reported by whom, and when."""
    parts = [entry["claimant_note"] or entry["claimant"]]
    if entry["reported_by"]:
        parts.append(f"as reported by {entry['reported_by']}")
    date = entry["asserted_on"] or "undated"
    parts.append(f"{date} (date inferred)" if entry["dated_by"] == "inferred" else date)
    return ", ".join(parts)


def recomputed(entry: Entry) -> str:
    """The figure that decides, with its interval; a reason where there is none."""
    if entry["exceptions"] is not None:
        return counter_examples(entry["exceptions"]["value"])
    figure = entry["computed"] or entry["own"]
    if figure is None:
        return "no public figure" if entry["missing"] else "–"
    return shown(figure)


def counter_examples(number: float) -> str:
    """How many counter-examples were found."""
    return f"{number:.0f} counter-example{'' if number == 1 else 's'}"


def shown(figure: Entry) -> str:
    """A figure with its limits."""
    return f"{figure['text']} ({figure['limits']})" if figure["limits"] else figure["text"]


def box_row(entry: Entry, target: str) -> str:
    """One row of a chapter's verdict box."""
    cells = [
        entry["figure"] or "no figure",
        recomputed(entry),
        entry["verdict"],
        entry["on"] or entry["missing"] or entry["unlike"],
    ]
    first = (
        f'<th scope="row" class="prose">{html.escape(entry["statement"])} '
        f'<a href="{target}">{html.escape(made_by(entry))}</a></th>'
    )
    return f"<tr>{first}{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"


def ledger_html(records: Records) -> str:
    """The whole ledger as one table, each claim a row with its own address."""
    head = "".join(
        f'<th scope="col"{" data-sort" if column != "Evidence" else ""}>{column}</th>'
        for column in ("Claim", "As claimed", "Recomputed", "Verdict", "Evidence")
    )
    rows = "".join(row_html(claim, entry) for claim, entry in records.rulings.items())
    return (
        '<div class="ledger-downloads downloads"><a href="../claims.csv" download>Ledger (CSV)</a> '
        '<a href="../claims.json" download>Ledger (JSON)</a></div>'
        '<div class="ledger scroll" tabindex="0" role="region" aria-label="The ledger of claims">'
        f'<table class="filterable" data-facets="{" ".join(FACETS)}">'
        "<caption>Every claim, what it gives when recomputed, and its verdict</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def row_html(claim: str, entry: Entry) -> str:
    """One claim of the ledger."""
    facets = {**entry, "verdict": entry["class"], "chapter": entry["chapter"].replace("_", " ")}
    data = "".join(f' data-{name}="{html.escape(facets[name], quote=True)}"' for name in FACETS)
    figure = html.escape(entry["figure"] or "no figure")
    return (
        f'<tr id="claim-{claim}"{data}><th scope="row" class="prose">'
        f'<a class="claim-link" href="#claim-{claim}">{html.escape(entry["label"])}</a>'
        f'<span class="statement">{html.escape(entry["statement"])}</span>'
        f'<span class="made-by">{html.escape(made_by(entry))}</span></th>'
        f'<td data-label="As claimed:">{figure}</td>'
        f'<td data-label="Recomputed:">{html.escape(recomputed(entry))}</td>'
        f'<td data-label="Verdict:" class="ruling">{html.escape(entry["verdict"])}</td>'
        f'<td class="prose">{evidence_html(entry)}{replies_html(claim)}</td></tr>'
    )


def evidence_html(entry: Entry) -> str:
    """What a verdict rests on: base, other figures, later evidence, function, rows, sources."""
    lines = []
    if entry["on"]:
        lines.append(f"Of: {entry['on']}.")
    if entry["unlike"]:
        lines.append(f"Unlike: {entry['unlike']}.")
    if entry["departs"]:
        lines.append(f"Departs: {entry['departs']}.")
    if entry["missing"]:
        lines.append(entry["missing"])
    if entry["own"] is not None and entry["computed"] is not None:
        lines.append(f"Own inputs give {shown(entry['own'])}.")
    if entry["others"]:
        lines.append(f"On other bases: {'; '.join(shown(part) for part in entry['others'])}.")
    if entry["later"] is not None:
        lines.append(f"Later evidence: {shown(entry['later'])}, {entry['later_on']}.")
    visible = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    sources = "; ".join(source_labels(entry["rows"]))
    rows = ", ".join(entry["rows"][:8]) + (" …" if entry["rows"][8:] else "")
    inherited = f" Inherits the check of {entry['inherited']}." if entry["inherited"] else ""
    return (
        f"{visible}<details><summary>Rule, check and sources</summary>"
        f"<p>Rule: {html.escape(entry['rule'])}.</p>"
        f"<p>Check: <code>{html.escape(entry['by'])}</code>.{html.escape(inherited)}</p>"
        f"<p>Rows: <code>{html.escape(rows)}</code></p>"
        f"<p>Sources: {html.escape(sources)}.</p></details>"
    )


@cache
def replies() -> dict[str, list[dict[str, str]]]:
    """Published replies by the claim beside which they are printed."""
    found: dict[str, list[dict[str, str]]] = {}
    for reference, row in data_rows().items():
        if reference.startswith("replies/"):
            for claim in row["claims"].split():
                found.setdefault(claim, []).append(row)
    return found


def replies_html(claim: str) -> str:
    """What was replied, by whom, with the source."""
    answers = replies().get(claim, [])
    items = "".join(
        f"<li>{html.escape(row['author'])} {row['year']}: {html.escape(row['point'])} "
        f"({source_link(row['source'])}, read as {html.escape(row['seen'])})</li>"
        for row in answers
    )
    return f"<details><summary>Replies ({len(answers)})</summary><ul>{items}</ul></details>" * bool(
        answers
    )


def ledger_csv(records: Records) -> str:
    """The ledger for spreadsheets: one claim a row."""
    columns = (
        *("claim", "label", "statement", "claimant", "reported_by", "stance", "chapter", "kind"),
        *("asserted_on", "dated_by", "figure", "recomputed", "verdict", "rule", "on", "missing"),
        *("later", "check", "inherited", "rows", "sources"),
    )
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    known = data_rows()
    for claim, entry in records.rulings.items():
        keys = sorted({known[reference]["source"] for reference in entry["rows"]})
        more = {
            "claim": claim,
            "recomputed": recomputed(entry),
            "later": shown(entry["later"]) if entry["later"] else "",
            "check": entry["by"],
            "rows": " ".join(entry["rows"]),
            "sources": "; ".join(label(key) for key in keys),
        }
        writer.writerow({**entry, **more})
    return lines.getvalue()


def ledger_json(records: Records) -> str:
    """The ledger for machines."""
    return json.dumps(records.rulings, indent=1, ensure_ascii=False) + "\n"


def downloads(records: Records) -> Iterable[tuple[str, str]]:
    """Names and contents of the ledger's files."""
    if records.rulings:
        yield "claims.csv", ledger_csv(records)
        yield "claims.json", ledger_json(records)


def setup(app: Sphinx) -> None:
    """Register the role and the directives."""
    app.add_role("claim", ClaimRole())
    app.add_directive("verdicts", VerdictsDirective)
    app.add_directive("ledger", LedgerDirective)
