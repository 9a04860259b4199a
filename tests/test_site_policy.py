"""What every page of the small book says to browsers, machines and strangers, and what it loads."""

import base64
import hashlib
import html.parser
import json
import re
from xml.etree import ElementTree

import pytest
import vl_convert
from sphinx.errors import ExtensionError

from analysis.site import pages, sharing
from analysis.site.drawing import compact
from analysis.site.formulas import mathml

POLICY = '<meta http-equiv="Content-Security-Policy" content="'
KINDS = {".html", ".css", ".js", ".csv", ".json", ".ipynb", ".txt", ".zip", ".bib", ""}
EVIL = "<script>pwned()</script> \"'&amp; <b onclick=pwned()>"


class Parsed(html.parser.HTMLParser):
    """Start tags with their attributes, and the text inside scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        (self.scripts if self.tags and self.tags[-1][0] == "script" else self.words).append(data)


def site(book):
    return book.folder / "_build" / "html"


def site_pages(book):
    return sorted(site(book).rglob("*.html"))


def test_every_page_begins_with_a_policy_that_allows_the_site_alone(built_book) -> None:
    for page in site_pages(built_book):
        text = page.read_text()
        assert text.split("<head>", 1)[1].startswith(POLICY), page
        policy = text.split(POLICY, 1)[1].split('"', 1)[0]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy and "*" not in policy
        assert re.search(r"<meta charset=\"utf-8\"", text[:1024]), page
        inline = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        wanted = {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in inline}
        assert set(re.findall(r"'sha256-([^']+)'", policy)) == wanted


@pytest.mark.parametrize(
    "fault", ['<p style="color: red">', '<a href="#" onclick="go()">', "<style>p {}</style>"]
)
def test_what_the_policy_would_block_is_refused_when_the_site_is_built(fault) -> None:
    with pytest.raises(ExtensionError, match="inline style or handler"):
        pages.locked(f"<html><head></head><body>{fault}</body></html>", "")


def test_a_site_holds_no_file_that_no_page_uses(built_book) -> None:
    static = {p.name for p in (site(built_book) / "_static").iterdir()}
    ours = {p.name for p in (built_book.folder / "book" / "_static").iterdir()}
    assert static == ours | {"search-index.js", "cards"}
    kinds = {p.suffix for p in site(built_book).rglob("*") if p.is_file()}
    assert kinds == KINDS
    assert (
        len(re.findall(r"<(?:script|link)[^>]+(?:src|stylesheet)", built_book.page("first"))) == 2
    )


def test_markup_in_data_is_text_on_every_page(book) -> None:
    in_csv = '"' + EVIL.replace('"', '""') + '"'
    book.edit("data/rates.csv", lambda text: text.replace("table 1", in_csv))
    book.edit("data/rates.csv", lambda text: text.replace("recovered", in_csv))
    for old in ('"Counts"', '"Two bars"', '"The whole exceeds the part"', '"part", "whole"'):
        new = f"{EVIL!r}, {EVIL!r}" if "," in old else repr(EVIL)
        book.edit("analysis/first.py", lambda text, old=old, new=new: text.replace(old, new))
    result = book.make()
    assert result.returncode == 0, result.stdout + result.stderr
    seen = 0
    for page in site_pages(book):
        parsed = Parsed(page.read_text())
        assert not any("pwned" in script for script in parsed.scripts if "ld+json" not in script)
        for tag, attributes in parsed.tags:
            assert not any(name.startswith("on") for name in attributes), (page, tag)
        seen += "".join(parsed.words).count("<script>pwned()</script>")
    assert seen >= 10
    index = (site(book) / "_static" / "search-index.js").read_text()
    entries = json.loads(index.partition("=")[2].rstrip(";\n"))
    assert any(EVIL in entry["text"] + entry["heading"] for entry in entries)


def test_a_page_describes_itself_and_names_no_place_unless_told(built_book) -> None:
    text = built_book.page("first")
    assert '<meta name="description" content="The rate is 50.0%.">' in text
    assert '<meta property="og:description" content="The rate is 50.0%.">' in text
    assert '<meta name="citation_title" content="Chapter first (' in text
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert json.loads(data)["@type"] == "Chapter"
    assert "canonical" not in text and "og:image" not in text
    assert not (site(built_book) / "sitemap.xml").exists()
    assert "Sitemap" not in (site(built_book) / "robots.txt").read_text()


def test_one_setting_gives_canonical_links_site_map_cards_and_a_404_page(
    book,
) -> None:
    book.edit(
        "_config.yml",
        lambda text: text.replace(
            "    # html_baseurl:", "    html_baseurl: https://b.example/x/ #"
        ),
    )
    result = book.make()
    assert result.returncode == 0, result.stdout + result.stderr
    address = "https://b.example/x/book/first.html"
    assert f'<link rel="canonical" href="{address}">' in book.page("first")
    places = ElementTree.parse(site(book) / "sitemap.xml").getroot()
    assert address in [place[0].text for place in places]
    assert "Sitemap: https://b.example/x/sitemap.xml" in (site(book) / "robots.txt").read_text()
    card = re.search(r'og:image" content="https://b.example/x/([^"]+)"', book.page("first"))[1]
    assert (site(book) / card).read_bytes().startswith(b"\x89PNG")
    missing = (site(book) / "404.html").read_text()
    assert re.findall(r'<link rel="stylesheet"[^>]* href="([^"?]+)', missing) == [
        "https://b.example/x/_static/book.css"
    ]


def test_the_changelog_is_a_feed() -> None:
    changelog = "# Changelog\n\n## 0.2.0 (2026-03-01)\n\n- A <b> & c.\n\n## 0.1.0\n\n- First.\n"
    channel = ElementTree.fromstring(sharing.feed(changelog, "T & Co", "https://b.example"))[0]
    items = channel.findall("item")
    assert [item.find("title").text for item in items] == ["T & Co 0.2.0", "T & Co 0.1.0"]
    assert items[0].find("description").text == "- A <b> & c."
    assert items[0].find("pubDate").text == "Sun, 01 Mar 2026 00:00:00 +0000"


def test_the_book_says_how_to_cite_it() -> None:
    assert sharing.citation()["title"].startswith("Recovery, Recounted")
    assert sharing.authors()


def test_a_formula_is_drawn_without_scripts() -> None:
    formula = ElementTree.fromstring(mathml(r"\frac{d}{\mathrm{SD}} \le \tau^2", block=True))
    assert formula.tag.endswith("math") and formula.get("display") == "block"
    assert {"mfrac", "msup"} <= {element.tag.rpartition("}")[2] for element in formula.iter()}


def test_a_compact_drawing_is_the_same_picture() -> None:
    # every place falls on a whole pixel, so that rounding moves nothing and all else must agree
    scale = {"domain": [0, 12], "nice": False, "padding": 0}
    whole = {"scale": scale, "type": "quantitative", "axis": {"title": None, "values": [0, 6]}}
    colour = {"field": "c", "type": "nominal", "legend": None}
    spec = {
        "width": 120,
        "height": 60,
        "data": {"values": [{"a": n, "b": n * 7 % 12, "c": "xyz"[n % 3]} for n in range(13)]},
        "encoding": {"x": {"field": "a", **whole}, "y": {"field": "b", **whole}},
        "layer": [
            {"mark": {"type": "line", "strokeDash": [4, 2]}},
            {"mark": {"type": "bar", "width": 4}, "encoding": {"color": colour}},
            {"mark": {"type": "text", "dy": -9, "fontWeight": "bold"}},
            {"mark": {"type": "rule", "opacity": 0.5}},
        ],
    }
    drawing = vl_convert.vegalite_to_svg(spec)
    small = compact(drawing)
    assert len(small) < len(drawing) / 2
    small = small.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    assert vl_convert.svg_to_png(small) == vl_convert.svg_to_png(drawing)
