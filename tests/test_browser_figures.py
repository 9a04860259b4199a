"""Chapters as they first paint, without scripts: nothing is missing, and figures are legible.

axe does not look inside drawings, so their contrast is worked out here, from the colours that the
browser resolves for both themes and what lies under each mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from analysis.site.figures import anchor
from analysis.site.records import notebooks, read_records
from browsing import visit

CHAPTERS = [path.stem for path in notebooks()]
TEXT, MARK = 4.5, 3.0  # contrast that the Web Content Accessibility Guidelines ask for
SURFACE = 12  # pixels
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(
    scope="module", params=[*product(CHAPTERS, [390, 1280])], ids=lambda p: f"{p[0]}-{p[1]}"
)
def plain(request, browser: Browser) -> Iterator[tuple[str, Page]]:
    """A chapter without scripts."""
    chapter, width = request.param
    page, wrong = visit(browser, f"book/{chapter}", width, java_script_enabled=False)
    yield chapter, page
    page.context.close()
    assert wrong == []


def test_without_scripts_every_figure_table_verdict_and_number_is_there(plain) -> None:
    chapter, page = plain
    for item in read_records(notebooks()).displays.values():
        if item["name"].split(".")[0] != chapter:
            continue
        shown = page.locator(f"[id='{anchor(item['name'])}']")
        assert shown.locator("tbody tr").count() > 0, item["name"]
        if item["kind"] == "chart":
            box = shown.locator(".picture:visible svg").bounding_box()
            assert box and box["width"] > 200 and box["height"] > 50, item["name"]
    assert page.locator(".verdict, .verdicts, .ledger").locator("visible=true").count() > 0
    numbers = page.locator("a.quantity").all_inner_texts()
    assert numbers and all(any(letter.isdigit() for letter in text) for text in numbers)
    useless = ".room, .explorer, .vega-bindings, .filter-controls, button.theme"
    room = page.locator(useless).evaluate_all("all => all.map((each) => each.offsetHeight)")
    assert not any(room)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_in_figures_stand_out_from_what_lies_under_them(plain, theme) -> None:
    _, page = plain
    page.emulate_media(color_scheme=theme)
    assert page.evaluate(CONTRAST, {"kind": "text", "least": TEXT, "surface": SURFACE}) == []


@pytest.mark.parametrize("plain", [*product(CHAPTERS, [1280])], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_dots_and_bars_stand_out_from_the_page(plain, theme) -> None:
    _, page = plain
    page.emulate_media(color_scheme=theme)
    assert page.evaluate(CONTRAST, {"kind": "marks", "least": MARK, "surface": SURFACE}) == []
