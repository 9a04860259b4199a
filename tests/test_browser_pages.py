"""The checking pages as a reader uses them: narrow down, search, sort, follow a number and back."""

from __future__ import annotations

import pytest

from analysis.site.records import notebooks
from browsing import visit


def test_the_ledger_is_narrowed_down_searched_and_sorted(browser) -> None:
    page, wrong = visit(browser, "book/claims")
    rows = page.locator(".ledger tbody tr")
    every = rows.count()
    page.locator(".filter-controls select").last.select_option("reproduced")
    shown = page.locator(".ledger tbody tr:visible")
    assert 0 < shown.count() < every
    assert set(shown.evaluate_all("all => all.map(row => row.dataset.verdict)")) == {"reproduced"}
    page.get_by_role("button", name="Show all").click()
    page.locator("main input[type=search]").fill("december 2017")
    assert 0 < shown.count() < every
    page.get_by_role("button", name="Show all").click()
    assert shown.count() == every
    page.get_by_role("button", name="Verdict").click()
    verdicts = page.locator(".ledger td.ruling").all_inner_texts()
    assert verdicts == sorted(verdicts, key=str.lower)
    assert wrong == []
    page.context.close()


def test_a_number_is_followed_to_its_row_and_back(browser) -> None:
    page, wrong = visit(browser, "book/register")
    entry = page.locator(".register-entry").first
    name = entry.get_attribute("id")
    entry.locator("summary").first.click()
    entry.locator("li a").first.click()
    page.wait_for_url("**/data/*.html#*")
    row = page.url.partition("#")[2]
    back = page.locator(f"[id='{row}'] a[href*='register.html#']").first
    assert back.is_visible()
    back.click()
    page.wait_for_url("**/register.html#*")
    assert page.locator(f"[id='{page.url.partition('#')[2]}']").is_visible() and name
    assert wrong == []
    page.context.close()


def test_without_scripts_the_ledger_is_one_long_table(browser) -> None:
    page, _ = visit(browser, "book/claims", java_script_enabled=False)
    assert page.locator(".ledger tbody tr").count() >= 277
    assert page.locator(".ledger tbody tr").last.is_visible()
    assert page.locator(".filter-controls").locator("visible=true").count() == 0
    page.context.close()


NOTES = """() => {
  const box = (node) => node.getBoundingClientRect();
  const text = box(document.querySelector("article"));
  const boxes = [...document.querySelectorAll("aside.sidebar")].map(box);
  return {
    notes: boxes.length,
    beside: boxes.filter((b) => b.left >= text.right && b.right <= innerWidth).length,
    within: boxes.filter((b) => b.left >= text.left && b.right <= text.right + 1).length,
    meeting: boxes.filter((b, i) =>
      boxes.some((c, j) => i < j && b.bottom > c.top && c.bottom > b.top)).length,
  };
}"""


@pytest.mark.parametrize(("width", "place"), [(1280, "beside"), (1600, "beside"), (390, "within")])
def test_side_notes_stand_beside_the_text_or_in_it(browser, width: int, place: str) -> None:
    found = 0
    for chapter in notebooks():
        page, wrong = visit(browser, f"book/{chapter.stem}", width)
        seen = page.evaluate(NOTES)
        assert (seen[place], seen["meeting"]) == (seen["notes"], 0), chapter.stem
        assert wrong == []
        found += seen["notes"]
        page.context.close()
    assert found > len(notebooks())
