"""The words of a page without its markup, for search and for descriptions."""

from __future__ import annotations

import html
import re

from docutils import nodes


def plain(node: nodes.Node) -> str:
    """The words of a paragraph, without the keys of citations that are still to be resolved."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.Element) and node.get("refdomain") == "cite":
        return ""
    text = "".join(map(plain, node.children))
    return re.sub(r"\s+(?=[.,;:])", "", " ".join(text.split())) if _is_block(node) else text


def _is_block(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline)


def untagged(text: str) -> str:
    """The words of a piece of HTML.

    >>> untagged("<b>A &amp; B</b>. C.")
    'A & B. C.'
    """
    return html.unescape(re.sub(r"<[^>]+>", "", text))
