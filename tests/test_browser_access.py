"""The built site for everybody: by keyboard, with assistive technology, with less motion, in print.

axe-core finds what a machine can find; the other tests use the page as a person would.
"""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from analysis.site.records import notebooks
from browsing import pages, scroll_through, visit

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# One writer makes all rows of a table and all entries of a list, so some stand for all, and what is
# inside a drawing is hidden from assistive technology: on tens of thousands of elements axe would
# take minutes.
TRIM = """() => {
  for (const mark of document.querySelectorAll("svg > *")) mark.remove();
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
  for (const row of document.querySelectorAll("tbody tr:nth-child(n+3)")) row.remove();
  [...document.querySelectorAll(".cell_input")].slice(3).forEach((cell) => cell.remove());
  for (const source of document.querySelectorAll(".citation:nth-child(n+12)")) source.remove();
}"""
UNMARKED = """() => {
  for (const details of [...document.querySelectorAll("details")].slice(0, 20)) details.open = true;
  const kinds = new Map();
  const stops = "a[href], button, input, select, summary, [tabindex='0']";
  for (const stop of document.querySelectorAll(stops)) {
    if (!stop.checkVisibility({ visibilityProperty: true }) || stop.closest("[inert]")) continue;
    const around = stop.parentNode.closest("[class]")?.className;
    const kind = [stop.localName, stop.className, stop.type, around].join();
    if (!kinds.has(kind)) kinds.set(kind, stop);
  }
  return [...kinds].filter(([, stop]) => {
    stop.focus({ focusVisible: true });
    const { outlineStyle: style, outlineWidth: width } = getComputedStyle(stop);
    return stop !== document.activeElement || style === "none" || parseFloat(width) < 2;
  }).map(([kind]) => kind);
}"""
RUN = """async (options) => (await axe.run(document, { preload: false, ...options })).violations
  .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.html).slice(0, 3)}`)"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", pages())
def test_axe_finds_nothing_in_either_theme(browser, name, width) -> None:
    page, _ = visit(browser, name + ("?q=recovery" if name == "search" else ""), width)
    scroll_through(page)
    page.evaluate(TRIM)
    page.evaluate(AXE)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate(RUN, {}) == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    only_colours = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    assert page.evaluate(RUN, only_colours) == []
    page.context.close()


def test_the_first_tab_stop_skips_to_the_text(browser) -> None:
    page, _ = visit(browser, "book/index")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("e => e === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.context.close()


@pytest.mark.parametrize("name", ["book/recovery", "search"])
def test_every_tab_stop_is_visible_and_marked(browser, name) -> None:
    page, _ = visit(browser, name)
    stops = page.locator("a[href], button, input, summary, [tabindex='0']").locator("visible=true")
    for _ in range(min(40, stops.count())):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            const box = e.getBoundingClientRect();
            return [e.outerHTML.slice(0, 90), box.width > 0 && box.height > 0,
                    s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2]; }"""
        )
        assert shown[1:] == [True, True], shown[0]
    page.context.close()


@pytest.mark.parametrize("name", ["book/claims", "book/register", "book/cost_offset", "book/data"])
def test_focus_is_marked_on_every_kind_of_control(browser, name) -> None:
    page, _ = visit(browser, name)
    scroll_through(page)
    page.keyboard.press("Tab")  # from here on the browser marks focus as for a keyboard
    assert page.evaluate(UNMARKED) == []
    page.context.close()


def test_tables_are_searched_narrowed_sorted_and_opened_by_keyboard(browser) -> None:
    page, _ = visit(browser, "book/claims")
    shown = page.locator(".ledger tbody tr:visible")
    every = shown.count()
    page.locator(".filter-controls:not(.room) input").focus()
    page.keyboard.type("2017")
    found = shown.count()
    assert 0 < found < every
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert shown.count() < found
    page.get_by_role("button", name="Verdict").focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Verdict")
    numbers = page.locator("figure.chart details:not(.source)").first
    assert not numbers.locator("table").is_visible()
    numbers.locator("summary").focus()
    page.keyboard.press("Enter")
    assert numbers.locator("table").is_visible()
    page.keyboard.press("/")
    page.keyboard.type("caseness")
    page.keyboard.press("Enter")
    page.locator("#search-results a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/*.html*")
    page.context.close()


@pytest.mark.parametrize("scripted", [True, False])
def test_on_a_phone_the_contents_open_and_close_by_keyboard(browser, scripted) -> None:
    page, _ = visit(browser, "book/recovery", 390, java_script_enabled=scripted)
    contents = page.locator("nav.contents")
    assert not contents.is_visible()
    page.locator("a.menu").focus()
    page.keyboard.press("Enter")
    assert contents.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert not contents.is_visible()
    page.locator("a.menu").click()
    page.locator("nav.contents .book-contents a", has_text="Sources").click()
    page.wait_for_url("**/sources.html")
    page.context.close()


@pytest.mark.parametrize("name", pages())
def test_every_page_has_its_landmarks_and_one_first_heading(browser, name) -> None:
    page, _ = visit(browser, name)
    for role in ("banner", "main", "search"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("navigation", name="Contents").count() == 1
    assert page.locator("h1").count() == 1
    page.context.close()


def test_the_page_says_where_one_is(browser) -> None:
    page, _ = visit(browser, "book/recovery")
    here = page.locator(".book-contents a[aria-current='page']")
    assert here.count() == 1 and here.inner_text() == "Recovery claims"
    for number in (2, 5):
        heading = page.locator("main section > h2").nth(number)
        heading.evaluate("e => e.scrollIntoView({ block: 'start', behavior: 'instant' })")
        current = page.locator(
            ".page-contents a[aria-current]", has_text=heading.inner_text().rstrip("#")
        )
        current.wait_for()
        assert page.locator(".page-contents a[aria-current]").count() == 1
    page.context.close()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_less_motion_is_respected(browser, motion) -> None:
    page, _ = visit(browser, "book/index", reduced_motion=motion)
    smooth = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "smooth"
    assert smooth == (motion == "no-preference")
    page.context.close()


@pytest.mark.parametrize("name", [f"book/{path.stem}" for path in notebooks()])
def test_on_paper_text_numbers_figures_and_sources_stay_and_navigation_goes(browser, name) -> None:
    page, _ = visit(browser, name, color_scheme="dark")
    scroll_through(page)
    page.emulate_media(media="print")
    for hidden in (".top", "nav.contents", "nav.around", ".downloads", ".live", "div.cell_input"):
        assert page.locator(hidden).locator("visible=true").count() == 0, hidden
    for figure in page.locator("figure.chart").all():
        assert figure.locator(".picture:visible svg").count() == 1
        assert figure.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
        assert figure.locator(".source").first.is_visible()
    unfolded = "details.source p, .published-table details table, .ledger details p"
    folded = page.locator(unfolded).evaluate_all("all => all.filter((e) => !e.checkVisibility())")
    assert folded == []
    assert page.locator("a.quantity").first.is_visible()
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert ink == "rgb(31, 35, 40)" and paper == "rgb(255, 255, 255)"
    page.context.close()


def test_every_permalink_leads_to_itself(browser) -> None:
    page, _ = visit(browser, "book/recovery")
    links = "a.headerlink, .downloads a[href^='#']"
    broken = page.locator(links).evaluate_all(
        "all => all.map(a => a.hash.slice(1)).filter(id => !document.getElementById(id))"
    )
    assert broken == []
    figures = page.locator("figure.chart, .published-table").count()
    assert page.locator(".downloads a[href^='#']").count() == figures > 0
    assert (
        page.locator("a.headerlink").count()
        == page.locator("article section > :is(h1,h2,h3)").count()
    )
    page.context.close()
