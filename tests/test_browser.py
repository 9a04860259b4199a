"""The built site in a real browser: from disk, with and without JavaScript, on phone and desk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

if not CHROMIUM:
    reason = "NO BROWSER: install Debian's chromium package to run the browser checks"
    if os.environ.get("BOOK_REQUIRE_BROWSER"):
        raise RuntimeError(reason)
    pytest.skip(reason, allow_module_level=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # a bare build refuses stale chapters, where `make book` would execute them out of sight
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(ROOT), "-q"]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def pages() -> list[str]:
    toc = (ROOT / "_toc.yml").read_text()
    words = toc.replace("root:", "file:").split("file:")[1:]
    return [word.split()[0] for word in words]


def visit(browser: Browser, name: str, width: int = 1280, **options) -> tuple[Page, list[str]]:
    """A page opened from disk, and what went wrong on it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else wrong.append(r.url),
    )
    page.goto(f"file://{SITE}/{name}.html")
    return page, wrong


def scroll_through(page: Page) -> None:
    page.evaluate(
        """async () => {
        for (let y = 0; y < document.body.scrollHeight; y += 600) {
          scrollTo(0, y); await new Promise((done) => setTimeout(done, 20));
        }}"""
    )


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", pages())
def test_pages_open_from_disk_without_errors_requests_or_overflow(browser, name, width) -> None:
    page, wrong = visit(browser, name, width)
    scroll_through(page)
    live = page.locator("figure.chart[data-live]").count()
    if live:
        page.wait_for_function(
            f"document.querySelectorAll('figure.is-live').length === {live}", timeout=60_000
        )
    assert wrong == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    page.context.close()


@pytest.mark.parametrize("name", pages())
def test_every_link_to_a_number_reaches_it(browser, name) -> None:
    page, _ = visit(browser, name)
    names = set(page.locator("a.quantity").evaluate_all("links => links.map(a => a.hash.slice(1))"))
    page.context.close()
    page, _ = visit(browser, "book/register")
    known = set(page.locator(".register-entry").evaluate_all("all => all.map(e => e.id)"))
    assert names <= known
    page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_figures_and_numbers_are_there_without_javascript(browser, width) -> None:
    page, wrong = visit(browser, "book/recovery", width, java_script_enabled=False)
    figures = page.locator("figure.chart")
    assert figures.count() > 0
    for figure in figures.all():
        assert figure.locator(".picture:visible svg").count() == 1
        assert figure.locator("table").count() == 1
    page.locator("a.quantity").first.click()
    assert "register.html#recovery." in page.url
    assert wrong == []
    page.context.close()


def test_a_card_opens_on_hover_and_on_focus_and_closes_on_escape(browser) -> None:
    page, _ = visit(browser, "book/recovery")
    link = page.locator("a.quantity").first
    text = link.inner_text()
    link.hover()
    card = page.locator(".quantity-card")
    card.wait_for()
    assert text.split(" (")[0] in card.inner_text()
    assert "Computed by analysis." in card.inner_text()
    page.keyboard.press("Escape")
    assert card.count() == 0
    page.mouse.move(0, 0)
    link.focus()
    card.wait_for()
    assert link.get_attribute("aria-describedby") == "quantity-card"
    page.keyboard.press("Enter")
    page.wait_for_url("**/register.html#recovery.*")
    page.context.close()


def test_a_card_opens_on_tap_and_leads_to_the_register(browser) -> None:
    page, _ = visit(browser, "book/recovery", 390, has_touch=True, is_mobile=True)
    page.locator("a.quantity").first.tap()
    card = page.locator(".quantity-card")
    card.wait_for()
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    card.locator("a").tap()
    page.wait_for_url("**/register.html#recovery.*")
    page.context.close()


def test_interactive_figures_answer_the_keyboard(browser) -> None:
    page, _ = visit(browser, "book/recovery")
    figures = page.locator("figure.chart[data-live]")
    assert figures.count() > 0
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
        figure.locator(".live svg").wait_for(timeout=60_000)
        controls = figure.locator(".live input, .live select")
        assert controls.count() > 0
        before = figure.locator(".live svg").inner_html()
        for control in controls.all():
            assert control.evaluate("e => !!(e.labels?.length || e.getAttribute('aria-label'))")
            control.focus()
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowDown")
        page.wait_for_timeout(200)
        assert figure.locator(".live svg").inner_html() != before
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_follow_the_theme(browser, theme) -> None:
    page, _ = visit(browser, "book/recovery", color_scheme=theme)
    label = page.locator("figure.chart .picture:visible svg text").first
    colour = label.evaluate("element => getComputedStyle(element).fill")
    levels = [int(n) for n in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    assert (sum(levels) / 3 < 128) == (theme == "light")
    page.context.close()
