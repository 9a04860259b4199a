"""What every page gets besides its text: its contents, and at the end a lock on what it may load.

The lock is a Content-Security-Policy in the page itself: only the site's own files, no inline
style or handler, and of inline scripts only those whose hash is named.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from analysis.site import sharing
from analysis.site.controls import room_for_filters
from analysis.site.records import notebooks
from analysis.site.state import memory

PROVENANCE_MARK = "@@PROVENANCE@@"
EXTRA_PAGES = {"search": "search.html", "404": "404.html"}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
ATTRIBUTE = r"""\s+[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?"""
FORBIDDEN = re.compile(rf"<[a-zA-Z][\w-]*(?:{ATTRIBUTE})*?\s+(?:style|on[a-z]+)\s*=|<style\b")
RULES = (
    "default-src 'none'",
    "script-src 'self'{hashes}",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
)
REPLACED = (
    ('<summary aria-label="Toggle hidden content">', "<summary>"),  # the visible words name it
    ('<div class="pst-scrollable-table-container">', '<div class="scroll">'),
    ('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'),
    ('role="region"', 'role="group"'),  # a table's box is no landmark: pages would have dozens
    (' role="doc-biblioentry"', ""),  # withdrawn by WAI-ARIA
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
    ('title="Link to this heading">#</a>', 'aria-label="Link to this heading">#</a>'),
)


def locked(text: str, line: str) -> str:
    """A page with its provenance and, first in its head, its Content-Security-Policy.

    Raises:
        ExtensionError: the page has an inline style or handler, which the policy would block.

    >>> page = locked("<head><script>go()</script></head>", "Version 1")
    >>> page.startswith("<head><meta http-equiv='Content-Security-Policy'".replace("'", '"'))
    True
    >>> "script-src 'self' 'sha256-" in page
    True
    """
    for old, new in REPLACED:
        text = text.replace(old, new)
    text = re.sub(r"<table class=\"[^\"]*docutils[^\"]*\"", _focusable, text)
    text = room_for_filters(text)
    text = re.sub(r"</t[dhr]>", "", text)  # HTML lets them go; thousands of cells had them
    text = re.sub(r"(<col) style=\"[^\"]*\"", r"\1", text)
    text = text.replace(PROVENANCE_MARK, line)
    if found := FORBIDDEN.search(text):
        raise ExtensionError(
            f"an inline style or handler, which the page's policy blocks: {found[0]}"
        )
    inline = sorted({body for attributes, body in SCRIPT.findall(text) if _runs(attributes)})
    hashes = "".join(f" 'sha256-{_digest(body)}'" for body in inline)
    policy = "; ".join(RULES).format(hashes=hashes)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return re.sub(r"<head>\s*", lambda _: f"<head>{meta}\n", text, count=1)


def rooted(text: str, base: str) -> str:
    """A page whose own links start at the site's address, since it is shown at any address.

    >>> rooted('<a href="book/index.html">', "https://book.example/")
    '<a href="https://book.example/book/index.html">'
    """
    local = r'(href|src|action)="(?!#|[a-z]+:)'
    return re.sub(local, rf'\1="{base.rstrip("/")}/', text)


def _runs(attributes: str) -> bool:
    return "src=" not in attributes and "type=" not in attributes


def _digest(body: str) -> str:
    return base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()


def _focusable(match: re.Match[str]) -> str:
    return match[0].replace("<table", '<table tabindex="0"')


def contents(app: Sphinx, docname: str) -> str:
    """The chapters of the book, the current one marked."""
    root = app.config.root_doc
    here = ' aria-current="page" class="current"' if docname == root else ""
    home = app.builder.get_relative_uri(docname, root) if docname != root else "#"
    start = f'<ul><li><a{here} href="{home}">{app.config.html_title}</a></li></ul>'
    if docname not in app.env.found_docs:
        return start + _tree(app, root, docname)
    return start + _tree(app, docname, docname)


def _tree(app: Sphinx, docname: str, seen_from: str) -> str:
    from sphinx.environment.adapters.toctree import global_toctree_for_doc

    tree = global_toctree_for_doc(
        app.env, docname, app.builder, collapse=True, maxdepth=1, titles_only=True
    )
    if tree is None:
        return ""
    builder = cast(StandaloneHTMLBuilder, app.builder)
    text: str = builder.render_partial(tree)["fragment"]
    if docname != seen_from:
        prefix = app.builder.get_relative_uri(seen_from, docname).rpartition("/")[0]
        text = re.sub(r'href="(?!#)', f'href="{prefix}/', text)
    text = text.replace('<p class="caption" role="heading">', '<p class="caption">')
    return text.replace('<a class="current reference internal"', '<a aria-current="page"')


def sections(toc: str) -> str:
    """The headings of one page, without its title.

    >>> sections('<ul><li><a href="#">T</a><ul><li><a href="#a">A</a></li></ul></li></ul>')
    '<ul><li><a href="#a">A</a></li></ul>'
    >>> sections('<ul><li><a href="#">T</a></li></ul>')
    ''
    """
    inner = re.search(r"</a>\s*(<ul>.*</ul>)\s*</li>\s*</ul>\s*$", toc, re.DOTALL)
    outer = re.match(r"\s*<ul>\s*<li>\s*<a[^>]*>.*?</a>\s*(?=<ul>)", toc, re.DOTALL)
    if not inner or not outer:
        return ""
    return re.sub(r"\s*</li>\s*</ul>\s*$", "", toc[outer.end() :])


def add_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give the page's template its contents and what search engines and citation managers read."""
    context["recounted_contents"] = contents(app, pagename)
    context["recounted_sections"] = sections(context.get("toc") or "")
    context["recounted_notebooks"] = [f"book/{path.stem}" for path in notebooks()]
    if pagename in EXTRA_PAGES:
        context["recounted_head"] = '<meta name="robots" content="noindex">'
    else:
        context["recounted_head"] = sharing.head(app, pagename, doctree)


def rewritten(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Every page, when the contents that all show have changed: Sphinx would leave them."""
    return env.found_docs if memory(env).differs("contents", navigation(env)) else set()


def navigation(env: BuildEnvironment) -> list[object]:
    """What the contents are made from: the tree of documents, and their titles."""
    titles = [(name, env.titles[name].astext()) for name in sorted(env.found_docs)]
    return [sorted(env.toctree_includes.items()), titles]


def extra_pages(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """The pages that no document stands behind."""
    return [(name, {}, template) for name, template in EXTRA_PAGES.items()]


def setup(app: Sphinx) -> None:
    """Hand the template its parts."""
    app.connect("html-page-context", add_context)
    app.connect("env-updated", rewritten)
    app.connect("html-collect-pages", extra_pages)
