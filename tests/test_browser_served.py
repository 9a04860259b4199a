"""The built site as a server sends it: nothing jumps, nothing is asked elsewhere, nothing blocked.

Every page is opened once at a width, read to its end and used; the tests then ask what happened.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from analysis.site.records import notebooks
from browsing import SITE, pages, scroll_through, visit

MOVED = 0.1  # cumulative layout shift that readers do not notice, by the Web Vitals
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
USE = """() => {
  const first = (many, selector) => [...document.querySelectorAll(selector)].slice(0, many);
  for (const details of first(40, "details")) details.open = true;
  for (const control of document.querySelectorAll("main :is(input, select)")) {
    if (control.closest(".room")) continue;
    if (control.type === "radio") control.click();
    else if (control.type === "range") control.value = control.min;
    else if (control.options) control.selectedIndex = control.options.length - 1;
    else control.value = "recovery";
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  for (const button of first(8, "main button")) button.click();
}"""
MOVE = """(control, start) => {
  if (control.type === "radio") (start ? control.form.elements[control.name][0] : control).click();
  else if (start) control.value = start;
  else if (control.options) control.selectedIndex = control.options.length - 2;
  else control.value = (+control.min + 2 * control.max) / 3;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}"""
LIVE = "figure.chart[data-live]"
HEIGHTS = f"[...document.querySelectorAll('{LIVE}')].map((figure) => figure.offsetHeight)"
VISITS = [(name, 390) for name in pages()] + [(f"book/{path.stem}", 1280) for path in notebooks()]
WITH_CONTROLS = ("recovery", "attrition", "self_report", "cost_offset", "governance")


@pytest.fixture(scope="module", params=VISITS, ids=lambda visit: f"{visit[0]}-{visit[1]}")
def read(request, browser: Browser, served: str) -> Iterator[tuple[Page, list[str]]]:
    """A page read to its end, and what went wrong on the way."""
    name, width = request.param
    page, wrong = visit(browser, name, width, at=served)
    page.evaluate(f"() => {{ window.heights = {HEIGHTS}; }}")
    scroll_through(page)
    yield page, wrong
    page.context.close()


def test_nothing_moves_under_the_readers_eyes(read) -> None:
    page, _ = read
    assert page.evaluate("watched.moved") < MOVED
    drawn, alive = page.evaluate(f"[heights, {HEIGHTS}]")
    assert alive == drawn  # figures keep room for their controls


@pytest.mark.parametrize("read", [(f"book/{name}", 1280) for name in WITH_CONTROLS], indirect=True)
def test_every_control_changes_its_figure_and_asks_for_nothing(read) -> None:
    page, _ = read
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.locator(LIVE).count() > 0
    for figure in page.locator(LIVE).all():
        drawing = figure.locator(".live svg")
        for control in figure.locator(".live :is(input:not(:checked), select)").all():
            before, start = drawing.inner_html(), control.input_value()
            control.evaluate(MOVE)
            figure.evaluate("figure => figure.view.runAsync().then(() => null)")
            assert drawing.inner_html() != before, control.evaluate("e => e.outerHTML")
            control.evaluate(MOVE, start)
            figure.evaluate("figure => figure.view.runAsync().then(() => null)")
    assert asked == []


def test_no_state_of_a_page_breaks_its_policy_or_asks_another_host(read) -> None:
    page, wrong = read
    page.evaluate(USE)
    number = page.locator("a.quantity:visible").first
    if number.count():
        number.focus()
        page.locator(".quantity-card").wait_for()
    for _ in range(3):
        page.locator("button.theme").click()
    assert page.evaluate("watched.blocked") == []
    assert wrong == []


def test_the_policy_is_in_force(browser, served) -> None:
    page, _ = visit(browser, "book/glossary", at=served)
    page.evaluate(
        """() => { const script = document.createElement("script");
        script.textContent = "window.ran = true"; document.head.append(script);
        document.body.setAttribute("style", "color: red"); }"""
    )
    page.evaluate("fetch('https://elsewhere.invalid/').catch(() => null)")
    assert not page.evaluate("'ran' in window")
    assert page.evaluate("watched.blocked.map((each) => each.split(':')[0])") == [
        "script-src-elem",
        "style-src-attr",
        "connect-src",
    ]
    page.context.close()


def test_pages_of_data_fit_a_phone_and_keep_to_the_policy(browser, served) -> None:
    page, wrong = visit(browser, "index", 360, at=served)

    def shortened(route: Route) -> None:
        """One writer makes all rows, which scroll in their own box: the first stand for all."""
        file = SITE / "data" / route.request.url.rpartition("/")[2]
        head, *rows = file.read_text(encoding="utf-8").split("<tr id=")
        end = rows[-1].partition("</tbody>")[2]
        route.fulfill(body="<tr id=".join([head, *rows[:20]]) + "</tbody>" + end)

    page.route("**/data/*.html", shortened)
    for file in sorted((SITE / "data").glob("*[!0-9].html")):  # the first page of each table
        page.goto(f"{served}/data/{file.name}")
        assert page.evaluate(OVERFLOW) <= 0, file.name
        assert page.evaluate("watched.blocked") == [], file.name
        assert wrong == [], file.name
    page.context.close()


@pytest.mark.parametrize("name", WITH_CONTROLS)
def test_a_figure_lives_before_it_is_in_view_and_loads_nothing_before(
    browser, served, name
) -> None:
    page, _ = visit(browser, f"book/{name}", 390, at=served)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    figure = page.locator(LIVE).first
    top = figure.evaluate("e => e.getBoundingClientRect().top + scrollY")
    screens = "(screens) => scrollTo({ top: screens, behavior: 'instant' })"
    page.evaluate(screens, top - 2.5 * 900)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert asked == []
    page.evaluate(screens, top - 1.9 * 900)
    page.locator(f"{LIVE}.is-live").first.wait_for(state="attached")
    assert figure.evaluate("e => e.getBoundingClientRect().top >= innerHeight")
    assert {url.rpartition("/")[2] for url in asked} >= {"vega.js"}
    page.context.close()
