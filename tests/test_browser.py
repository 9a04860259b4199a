"""The built site in a real browser: from disk, with and without JavaScript, on phone and desk."""

from __future__ import annotations

import html
import re

import pytest

from browsing import SITE, documents, pages, scroll_through, visit


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", pages())
def test_pages_open_from_disk_without_errors_requests_or_overflow(browser, name, width) -> None:
    page, wrong = visit(browser, name, width)
    scroll_through(page)
    assert wrong == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    page.context.close()


@pytest.mark.parametrize("name", documents())
def test_every_link_to_a_number_reaches_it(browser, name) -> None:
    page, _ = visit(browser, name)
    names = set(page.locator("a.quantity").evaluate_all("links => links.map(a => a.hash.slice(1))"))
    page.context.close()
    page, _ = visit(browser, "book/register")
    known = set(page.locator(".register-entry").evaluate_all("all => all.map(e => e.id)"))
    assert names <= known
    page.context.close()


def test_every_link_inside_the_site_leads_somewhere(browser) -> None:
    texts = {page.resolve(): page.read_text() for page in SITE.rglob("*.html")}
    ids = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in texts.items()}
    broken = set()
    for page, text in texts.items():
        for target in set(re.findall(r'\b(?:href|src|action)="(?![a-z]+:)([^"]*)"', text)):
            path, _, spot = html.unescape(target).partition("#")
            file = (page.parent / path.partition("?")[0]).resolve() if path else page
            if not file.exists() or (spot and spot not in ids[file]):
                broken.add((page.name, target))
    assert broken == set()


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
        drawing = figure.locator(".live svg")
        assert drawing.get_attribute("role") == "img" and drawing.get_attribute("aria-label")
        before = drawing.inner_html()
        for control in controls.all():
            assert control.evaluate("e => !!(e.labels?.length || e.getAttribute('aria-label'))")
            control.focus()
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowDown")
        page.wait_for_timeout(200)
        assert figure.locator(".live svg").inner_html() != before
    page.context.close()


def test_only_the_choice_of_theme_is_stored_and_it_holds_on_the_next_page(browser) -> None:
    page, wrong = visit(browser, "book/index", color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    button = page.locator("button.theme")
    assert button.get_attribute("aria-label") == "Colours: as the system"
    button.click()
    assert page.evaluate(paper) == light
    button.click()
    assert button.get_attribute("aria-label") == "Colours: dark"
    dark = page.evaluate(paper)
    assert dark != light
    page.locator(".find input").fill("recovery")
    page.keyboard.press("Enter")
    page.locator("#search-results a").first.wait_for()
    assert page.evaluate(paper) == dark
    assert page.evaluate("Object.entries(localStorage)") == [["theme", "dark"]]
    assert page.evaluate("sessionStorage.length") == 0
    assert page.context.cookies() == []
    page.locator("button.theme").click()
    assert page.evaluate("localStorage.length") == 0
    assert wrong == []
    page.context.close()


def test_search_ranks_prose_before_numbers_sources_and_code(browser) -> None:
    page, wrong = visit(browser, "search?q=recovery")
    page.locator("#search-results a").first.wait_for()
    kinds = page.locator("#search-results > li").evaluate_all("all => all.map(e => e.dataset.kind)")
    assert kinds == sorted(kinds) and kinds[0] == "0" and kinds[-1] == "5"
    first = page.locator("#search-results a").first
    place = first.get_attribute("href")
    first.click()
    page.wait_for_url(f"**/{place}")
    assert page.locator(f"[id='{place.partition('#')[2]}']").count() == 1
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_follow_the_theme(browser, theme) -> None:
    page, _ = visit(browser, "book/recovery", color_scheme=theme)
    label = page.locator("figure.chart .picture:visible svg text").first
    colour = label.evaluate("element => getComputedStyle(element).fill")
    levels = [int(n) for n in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    assert (sum(levels) / 3 < 128) == (theme == "light")
    page.context.close()
