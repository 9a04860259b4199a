"""What search engines, citation managers and feed readers read.

Everything that needs to know where the site will stand (canonical links, cards for sharing, the
site map) follows from one setting, Sphinx's ``html_baseurl``; without it the site names no place.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx

from analysis.site.engine import engine
from analysis.site.words import plain
from analysis.validation import ROOT

LONGEST_DESCRIPTION = 300
ANSWER = "The answer in brief"
CARDS = "_cards"
RELEASE = re.compile(r"^## (?P<version>\S+)(?: \((?P<date>[\d-]+)\))?$", re.MULTILINE)


@cache
def citation(root: Path = ROOT) -> dict[str, Any]:
    """How the book asks to be cited: ``CITATION.cff``, or what the small books of tests have."""
    path = root / "CITATION.cff"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def authors() -> list[str]:
    """Names of the authors, persons and groups alike."""
    return [
        person.get("name") or f"{person['given-names']} {person['family-names']}"
        for person in citation().get("authors", ())
    ]


def description(doctree: nodes.document | None) -> str:
    """What a page says, in a sentence or two: its answer in brief, or its first paragraph."""
    if doctree is None:
        return ""
    paragraphs = [plain(node) for node in doctree.findall(nodes.paragraph)]
    answers = [text for text in paragraphs if text.startswith(ANSWER)]
    text = (answers or paragraphs or [""])[0].removeprefix(ANSWER).lstrip(". ")
    return textwrap.shorten(text, LONGEST_DESCRIPTION, placeholder=" …")


def head(app: Sphinx, pagename: str, doctree: nodes.document | None) -> str:
    """The tags that describe a page to machines."""
    title = app.env.titles[pagename].astext() if pagename in app.env.titles else ""
    words = description(doctree)
    tags: list[str] = []
    if words:
        tags += [
            _meta("name", "description", words),
            _meta("property", "og:type", "article"),
            _meta("property", "og:site_name", app.config.html_title),
            _meta("property", "og:title", title),
            _meta("property", "og:description", words),
            _meta("name", "citation_title", _full_title(app, pagename, title)),
            *(_meta("name", "citation_author", name) for name in authors()),
            _meta("name", "citation_language", app.config.language),
        ]
        if released := citation().get("date-released"):
            day = str(released).replace("-", "/")
            tags.append(_meta("name", "citation_publication_date", day))
        if address := _address(app, pagename):
            card = f"{app.config.html_baseurl.rstrip('/')}/{CARDS}/{pagename}.png"
            tags += [
                f'<link rel="canonical" href="{html.escape(address)}">',
                _meta("property", "og:url", address),
                _meta("property", "og:image", card),
                _meta("property", "og:image:alt", words),
                _meta("name", "twitter:card", "summary_large_image"),
                _meta("name", "citation_public_url", address),
                _meta("name", "citation_fulltext_html_url", address),
            ]
        tags.append(_linked_data(app, pagename, title, words))
    return "\n".join(tags)


def _full_title(app: Sphinx, pagename: str, title: str) -> str:
    whole = citation().get("title", app.config.html_title)
    return whole if pagename == app.config.root_doc else f"{title} ({whole})"


def _linked_data(app: Sphinx, pagename: str, title: str, words: str) -> str:
    book = {
        "@type": "Book",
        "name": citation().get("title", app.config.html_title),
        "author": [{"@type": "Organization", "name": name} for name in authors()],
        "version": str(citation().get("version", "")),
        "inLanguage": app.config.language,
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    data: dict[str, Any] = {"@context": "https://schema.org", **book, "description": words}
    if pagename != app.config.root_doc:
        data = {
            "@context": "https://schema.org",
            "@type": "Chapter",
            "name": title,
            "description": words,
            "isPartOf": book,
        }
    if address := _address(app, pagename):
        data["url"] = address
    text = json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _address(app: Sphinx, pagename: str) -> str:
    base = app.config.html_baseurl
    return f"{base.rstrip('/')}/{app.builder.get_target_uri(pagename)}" if base else ""


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(content, quote=True)}">'


def write(app: Sphinx, site: Path) -> None:
    """Write ``robots.txt``, the feed of changes, and with a base address the site map and cards."""
    base = app.config.html_baseurl.rstrip("/")
    robots = "User-agent: *\nAllow: /\n"
    if base:
        robots += f"Sitemap: {base}/sitemap.xml\n"
        (site / "sitemap.xml").write_text(_site_map(app), encoding="utf-8")
        for page in sorted(app.env.found_docs):
            _write_card(app, site, page)
    (site / "robots.txt").write_text(robots, encoding="utf-8")
    changelog = ROOT / "CHANGELOG.md"
    if changelog.exists():
        text = changelog.read_text(encoding="utf-8")
        (site / "changes.xml").write_text(feed(text, app.config.html_title, base), encoding="utf-8")


def feed(changelog: str, title: str, base: str) -> str:
    """The changelog as an RSS feed, one item a version."""
    heads = list(RELEASE.finditer(changelog))
    ends = [head.start() for head in heads[1:]] + [len(changelog)]
    items = []
    for release, end in zip(heads, ends, strict=True):
        body = html.escape(changelog[release.end() : end].strip())
        items.append(
            f"<item><title>{html.escape(title)} {release['version']}</title>"
            f'<guid isPermaLink="false">{html.escape(title)} {release["version"]}</guid>'
            f"{_date(release['date'])}<description>{body}</description></item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{html.escape(title)}: changes</title><link>{html.escape(base) or '.'}/</link>"
        f"<description>Changes, with errata.</description>\n{chr(10).join(items)}\n"
        "</channel></rss>\n"
    )


def _date(day: str | None) -> str:
    if not day:
        return ""
    moment = datetime.combine(date.fromisoformat(day), time(), UTC)
    return f"<pubDate>{format_datetime(moment)}</pubDate>"


def _site_map(app: Sphinx) -> str:
    places = "".join(
        f"<url><loc>{html.escape(_address(app, page))}</loc></url>\n"
        for page in sorted(app.env.found_docs)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )


def _write_card(app: Sphinx, site: Path, page: str) -> None:
    """A picture for shared links: the page's title and its answer, numbers as they now are."""

    def text(x: int, y: int, size: int, words: str, weight: str = "normal") -> str:
        place = f'x="{x}" y="{y}" font-size="{size}" font-weight="{weight}"'
        return f"<text {place}>{html.escape(words)}</text>"

    title = textwrap.wrap(app.env.titles[page].astext(), 28)[:2]
    words = textwrap.wrap(description(app.env.get_doctree(page)), 58)[:7]
    top = 150 + 76 * len(title)
    lines = [
        text(70, 70, 30, app.config.html_title),
        *(text(70, 150 + 76 * n, 66, line, "bold") for n, line in enumerate(title)),
        *(text(70, top + 46 * n, 36, line) for n, line in enumerate(words)),
    ]
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"'
        ' font-family="Liberation Sans"><rect width="1200" height="630" fill="#fff"/>'
        '<rect width="24" height="630" fill="#00705a"/>'
        f'<g fill="#1f2328">{"".join(lines)}</g></svg>'
    )
    path = site / CARDS / f"{page}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(engine().svg_to_png(drawing))
