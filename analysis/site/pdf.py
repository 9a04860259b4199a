"""``make pdf``: the built site as one document, for reading and keeping on paper.

The pages' texts are put one after another in the order of the contents, links between them lead
within the document, and Chromium prints it. The register of numbers, the columns of data tables,
long tables, code and the working behind each claim stay on the site; the document says so where
it leaves one out.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from analysis import __version__
from analysis.errors import BookError
from analysis.site.files import write_whole
from analysis.site.provenance import provenance
from analysis.site.sharing import authors, citation
from analysis.validation import ROOT

SITE = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "recovery-recounted.pdf"
LONGEST_TABLE = 120  # rows; the ledger of claims is printed whole all the same
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # what archives can hold; stands for "unknown"
PAPER = Path(__file__).with_name("paper")  # what Chromium is given: style, and two scripts
PAGE_WIDTH = 672  # pixels of text on A4 between margins of 16 mm
CLOCK = re.compile(rb"\(D:\d{14}\+00'00'\)")
OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)^endobj", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A part of the book's contents: its caption, which may be empty, and its pages."""

    caption: str
    pages: tuple[str, ...]


def contents(root: Path = ROOT) -> list[Part]:
    """The parts of the book in order, the first with the book's front page alone."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = toc.get("parts") or [{"chapters": toc.get("chapters", ())}]
    listed = [
        Part(part.get("caption", ""), tuple(item["file"] for item in part["chapters"]))
        for part in parts
    ]
    return [Part("", (toc["root"],)), *listed]


def built_at(root: Path = ROOT) -> datetime:
    """The time that goes into what is made: ``SOURCE_DATE_EPOCH``, or that of the commit.

    Raises:
        BookError: ``SOURCE_DATE_EPOCH`` is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        asked = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
        try:
            epoch = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return EARLIEST
    try:
        return max(EARLIEST, datetime.fromtimestamp(int(epoch), UTC))
    except (ValueError, OverflowError, OSError):
        raise BookError(
            f"SOURCE_DATE_EPOCH is {epoch!r}\n    remedy: give seconds since 1970, or unset it"
        ) from None


def title_page(when: datetime) -> str:
    """Title, authors, version, and what the document was made from."""
    cited = citation()
    title, _, subtitle = cited.get("title", "The book").partition(": ")
    day = f", {when.day} {when:%B %Y}" if when > EARLIEST else ""
    return (
        f'<div class="front"><h1>{html.escape(title)}</h1><p>{html.escape(subtitle)}</p>'
        f"<p>{html.escape(', '.join(authors()))}</p><p>Version {__version__}{day}</p>"
        '<p class="source">Printed from the site, where every number opens its source, every '
        "figure its data, and every claim its working. Text and our own data: Creative Commons "
        f"Attribution 4.0; code: MIT licence.<br>{provenance()}</p></div>"
    )


def contents_page(
    parts: list[Part], articles: list[dict[str, Any]], numbers: dict[str, int]
) -> str:
    """Parts, chapters and sections with the numbers of their pages, as links."""

    def entry(section: dict[str, str]) -> str:
        number = numbers.get(section["id"], "")
        return (
            f'<a href="#{html.escape(section["id"])}"><span>{html.escape(section["text"])}</span>'
            f"<span>{number}</span></a>"
        )

    waiting = iter(articles)
    blocks = []
    for part in parts:
        chapters = []
        for _ in part.pages:
            first, *others = next(waiting)["sections"]
            inner = "".join(f"<li>{entry(section)}</li>" for section in others)
            chapters.append(f"<li>{entry(first)}{f'<ol>{inner}</ol>' if inner else ''}</li>")
        caption = f'<p class="caption">{html.escape(part.caption)}</p>' if part.caption else ""
        blocks.append(f"{caption}<ol>{''.join(chapters)}</ol>")
    return f'<nav class="pages"><h1>Contents</h1>{"".join(blocks)}</nav>'


def destinations(pdf: bytes) -> dict[str, int]:
    """Page numbers of the named places of a PDF that Chromium printed.

    >>> destinations(
    ...     b"4 0 obj\\n<</Type /Pages\\n/Kids [2 0 R 3 0 R]>>\\nendobj\\n"
    ...     b"5 0 obj\\n<</there [3 0 R /XYZ 0 9 0]>>\\nendobj\\n"
    ...     b"6 0 obj\\n<</Type /Catalog\\n/Pages 4 0 R\\n/Dests 5 0 R>>\\nendobj\\n"
    ... )
    {'there': 2}
    """
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    root = next(body for body in objects.values() if b"/Type /Catalog" in body)
    top, named = (re.search(rb"/%s (\d+) 0 R" % key, root) for key in (b"Pages", b"Dests"))
    if not top or not named:
        return {}

    def leaves(number: int) -> list[int]:
        kids = re.search(rb"/Kids \[([^\]]*)\]", objects.get(number, b""))
        if not kids:
            return [number]
        return [leaf for kid in re.findall(rb"(\d+) 0 R", kids[1]) for leaf in leaves(int(kid))]

    pages = {number: place for place, number in enumerate(leaves(int(top[1])), start=1)}
    places = re.findall(rb"/(\S+) \[(\d+) 0 R", objects[int(named[1])])
    return {
        re.sub(rb"#([0-9A-F]{2})", lambda m: bytes.fromhex(m[1].decode()), name).decode(): pages[
            int(page)
        ]
        for name, page in places
    }


def timed(pdf: bytes, when: datetime) -> bytes:
    """A PDF with the given time in the place of the clock's; nothing in it moves.

    >>> timed(b"(D:20260102030405+00'00')", EARLIEST)
    b"(D:19800101000000+00'00')"
    """
    return CLOCK.sub(f"(D:{when:%Y%m%d%H%M%S}+00'00')".encode(), pdf)


def printed(site: Path = SITE, base: str = "") -> bytes:
    """The site as one PDF.

    Args:
        site: the built site.
        base: address at which the site stands, for links to what the document leaves out.

    Raises:
        BookError: the site was not built, or no Chromium is installed.
    """
    from playwright.sync_api import sync_playwright

    parts = contents()
    names = [name for part in parts for name in part.pages]
    if missing := [name for name in names if not (site / f"{name}.html").is_file()]:
        raise BookError(f"not built: {', '.join(missing)}\n    remedy: run `make book` first")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        raise BookError("no Chromium\n    remedy: install Debian's chromium package")
    pages = [[name, (site / f"{name}.html").read_text(encoding="utf-8")] for name in names]
    style, paper, merge, fit = (
        path.read_text(encoding="utf-8")
        for path in (
            site / "_static" / "book.css",
            PAPER / "paper.css",
            PAPER / "merge.js",
            PAPER / "fit.js",
        )
    )
    when = built_at()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": PAGE_WIDTH, "height": 1000}, offline=True)
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.emulate_media(media="print")
        given = {"pages": pages, "base": base.rstrip("/"), "longest": LONGEST_TABLE}
        articles = page.evaluate(merge, given)
        body = "".join(article["body"] for article in articles)
        title = html.escape(citation().get("title", "The book"))
        numbers: dict[str, int] = {}
        for _ in range(3):  # the numbers may lengthen the contents, which moves what follows
            listing = contents_page(parts, articles, numbers)
            page.set_content(
                f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}'
                f"</title><style>{style}{paper}</style></head><body>{title_page(when)}{listing}{body}"
                "</body></html>"
            )
            page.evaluate(fit, PAGE_WIDTH)
            pdf = page.pdf(prefer_css_page_size=True, print_background=True, outline=True)
            before, numbers = numbers, destinations(pdf)
            if numbers == before:
                break
        browser.close()
    return timed(pdf, when)


def main() -> None:
    """Command line: print the built site."""
    configuration = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    base = configuration["sphinx"]["config"].get("html_baseurl", "")
    try:
        pdf = printed(base=base)
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        write_whole(TARGET, pdf)
    except (BookError, OSError) as error:
        sys.exit(f"no PDF was made: {error}")
    pages = len(re.findall(rb"/Type /Page\b", pdf))
    print(f"{TARGET.relative_to(ROOT)}: {pages} pages, {len(pdf):,} bytes")


if __name__ == "__main__":
    main()
