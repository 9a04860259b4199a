"""The break-even explorer in a real browser prints what Python computes, to the last digit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from analysis.cost_offset.break_even import RANGES, READ_AT, Settings, payback_text, pounds
from analysis.cost_offset.explorer import explorer
from analysis.cost_offset.presets import presets
from analysis.evidence import Evidence, load
from analysis.publish import chart_record
from analysis.site.downloads import vega_bundle
from analysis.site.figures import figure_block, live_script
from browsing import ROOT

NAME = "cost_offset.explorer"
ID = "cost-offset-explorer"
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Explorer</title>'
    '<link rel="stylesheet" href="../_static/book.css">'
    '<script defer src="../_static/book.js"></script></head>'
    '<body><button class="theme"></button><nav id="contents"></nav>'
    '<div class="before">{before}</div>{figure}</body></html>'
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load()


@pytest.fixture(scope="module")
def address(evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with the published figure alone, far below the top, and the site's own scripts."""
    site = tmp_path_factory.mktemp("site")
    for folder in ("_static", "_charts", "book"):
        (site / folder).mkdir()
    for file in (ROOT / "book" / "_static").iterdir():
        if file.is_file():
            shutil.copy(file, site / "_static")
    shutil.copy(vega_bundle(), site / "_static" / "vega.js")
    chart = explorer(evidence)["explorer"]
    item = {
        **chart_record(chart), "name": NAME, "rows": [],
        "wide": chart.specification("wide"), "narrow": chart.specification("narrow"),
    }  # fmt: skip
    (site / "_charts" / f"{NAME}.js").write_text(live_script(item), encoding="utf-8")
    text = PAGE.format(figure=figure_block(item), before="<p>before</p>" * 120)
    (site / "book" / "page.html").write_text(text, encoding="utf-8")
    return (site / "book" / "page.html").as_uri()


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(15_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    yield page
    page.close()
    assert wrong == []


def opened(page: Page, address: str, query: str = "") -> None:
    """The page from the beginning, with its explorer alive."""
    page.goto("about:blank")
    page.goto(address + (f"#{ID}?{query}" if query else ""))
    page.locator(f"#{ID}").scroll_into_view_if_needed()
    page.locator(f"#{ID} output span").first.wait_for()


def expected(settings: Settings) -> list[str]:
    """What the page must print for these settings."""
    return [f"Pays back: {payback_text(settings.payback())}"] + [
        f"Net benefit after {month} months: {pounds(settings.net(month))}" for month in READ_AT
    ]


def printed(page: Page, lines: list[str]) -> list[str]:
    """The reading, once it says what is expected or after a second."""
    spans = page.locator(f"#{ID} output span")
    for _ in range(20):
        if spans.all_inner_texts() == lines:
            break
        page.wait_for_timeout(50)
    return spans.all_inner_texts()


def move(page: Page, settings: Settings) -> None:
    """Set every slider as a hand would: the control's own value, and its event."""
    for name, item in RANGES.items():
        page.get_by_role("slider", name=item.label.strip()).evaluate(
            "(input, value) => { input.value = value;"
            " input.dispatchEvent(new Event('input', { bubbles: true })); }",
            getattr(settings, name),
        )


MOVED = [
    Settings(650, 4, 1, 25, 650, 0, 0),
    Settings(650, 4, 1, 24, 650, 0, 0),
    Settings(1000, 1.5, 84, 120, 650, 0, 3.5),
    Settings(1590, 0.25, 12, 36, 870, 1860, 3.5),
    Settings(730, 3.15, 48, 60, 1010, 120, 1.5),
    Settings(100, 15, 1, 120, 1500, 2000, 6),
    Settings(3000, 0, 120, 0, 0, 0, 0),
    Settings(1280, 2.35, 24, 7, 640, 360, 5.5),
]


def test_sliders_give_the_numbers_of_python(page: Page, address: str) -> None:
    opened(page, address)
    for settings in MOVED:
        move(page, settings)
        assert printed(page, expected(settings)) == expected(settings), settings


def test_the_picture_prints_the_same_as_the_reading(page: Page, address: str) -> None:
    opened(page, address)
    move(page, MOVED[4])
    lines = printed(page, expected(MOVED[4]))
    assert page.locator(f"#{ID} .live .break_even_reading_marks text").all_text_contents() == lines


def test_presets_are_buttons_that_say_which_is_pressed(page, address, evidence) -> None:
    opened(page, address)
    for preset in presets(evidence):
        button = page.get_by_role("button", name=preset.name, exact=True)
        button.click()
        assert printed(page, expected(preset.settings)) == expected(preset.settings)
        pressed = page.locator(f"#{ID} button[aria-pressed=true]").all_inner_texts()
        assert pressed == [preset.name]


def test_the_address_keeps_the_settings_and_brings_them_back(page: Page, address: str) -> None:
    opened(page, address)
    move(page, MOVED[3])
    page.wait_for_function("location.hash.includes('saving=1860')")
    kept = page.url
    assert f"#{ID}?" in kept
    page.goto("about:blank")
    page.goto(kept)
    page.locator(f"#{ID} output span").first.wait_for()  # scrolled to by itself
    assert printed(page, expected(MOVED[3])) == expected(MOVED[3])
    assert page.get_by_role("slider", name=RANGES["saving"].label.strip()).input_value() == "1860"
    page.evaluate(f"location.hash = '#{ID}?cost=700'")
    changed = Settings(**{**vars(MOVED[3]), "cost": 700})
    assert printed(page, expected(changed)) == expected(changed)


def test_an_address_cannot_set_what_a_slider_cannot(page, address, evidence) -> None:
    start = next(p for p in presets(evidence) if p.name == "Linked study, gradual").settings
    opened(page, address, "cost=99999&effect=abc&lasts=&value=643&renderer=1&rate=-5")
    settings = Settings(**{**vars(start), "cost": 3000, "value": 640, "rate": 0})
    assert printed(page, expected(settings)) == expected(settings)


def test_the_keyboard_moves_a_slider(page: Page, address: str) -> None:
    opened(page, address, "lasts=60")
    slider = page.get_by_role("slider", name=RANGES["lasts"].label.strip())
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("location.hash.includes('lasts=59')")
    assert slider.input_value() == "59"
    assert page.locator(f"#{ID} output").get_attribute("aria-live") == "polite"


def test_turning_a_phone_keeps_the_settings(page: Page, address: str) -> None:
    opened(page, address)
    move(page, MOVED[4])
    assert printed(page, expected(MOVED[4])) == expected(MOVED[4])
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(f"document.querySelector('#{ID} .live svg').clientWidth < 391")
    assert printed(page, expected(MOVED[4])) == expected(MOVED[4])
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})


def test_without_javascript_picture_and_table_stand_there(page, address, evidence) -> None:
    bare = page.context.browser.new_page(java_script_enabled=False)
    bare.goto(address)
    figure = bare.locator(f"#{ID}")
    assert figure.locator(".picture:visible svg").count() == 1
    assert figure.locator("table tbody tr").count() == len(presets(evidence))
    assert figure.locator("input:visible, button:visible").count() == 0
    bare.close()
