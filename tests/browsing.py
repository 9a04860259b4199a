"""The book's own site, built once for a run of the tests, and a browser that opens it from disk."""

from __future__ import annotations

import fcntl
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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


# What a page's policy stopped, and how far content moved by itself under the reader's eyes.
WATCH = """(() => {
  window.watched = { blocked: [], moved: 0 };
  document.addEventListener("securitypolicyviolation", (event) => {
    watched.blocked.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) watched.moved += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
})()"""


def documents() -> list[str]:
    """Pages of the book, in its order."""
    toc = (ROOT / "_toc.yml").read_text()
    words = toc.replace("root:", "file:").split("file:")[1:]
    return [word.split()[0] for word in words]


def pages() -> list[str]:
    """Every page of the site that stays when it is opened."""
    return [*documents(), "search", "404"]


def build_once() -> None:
    """Build the site, unless another process of this run has done so."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    (ROOT / "_build").mkdir(exist_ok=True)
    with (ROOT / "_build" / "tested").open("a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        mark.seek(0)
        if mark.read() == run:
            return
        # a bare build refuses stale chapters, where `make book` would execute them out of sight
        command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(ROOT), "-q"]
        built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stdout + built.stderr
        mark.truncate(0)
        mark.write(run)


def require_browser() -> None:
    """Skip, and say so loudly, where no browser is installed; fail where one must be."""
    if not CHROMIUM:
        reason = "NO BROWSER: install Debian's chromium package to run the browser checks"
        if os.environ.get("BOOK_REQUIRE_BROWSER"):
            raise RuntimeError(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser, and the site built for it."""
    require_browser()
    from playwright.sync_api import sync_playwright

    build_once()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Silent(http.server.SimpleHTTPRequestHandler):
    """A static server that prints nothing."""

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="session")
def served(browser: Browser) -> Iterator[str]:
    """Address of the built site, as any static server sends it."""
    handler = partial(Silent, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def visit(
    browser: Browser, name: str, width: int = 1280, at: str = SITE.as_uri(), **options
) -> tuple[Page, list[str]]:
    """A page opened from disk, and what went wrong on it: errors, blocked things, requests."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page, wrong = context.new_page(), []
    page.add_init_script(WATCH)
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith((at, "data:", "blob:")) else wrong.append(r.url),
    )
    name, _, query = name.partition("?")
    page.goto(f"{at}/{name}.html" + (f"?{query}" if query else ""))
    return page, wrong


def scroll_through(page: Page) -> None:
    """Show every part of a page that has interactive figures, and wait until they live."""
    live = page.locator("figure.chart[data-live]").count()
    if not live:
        return
    page.evaluate(
        """async () => {
        for (let y = 0; y < document.body.scrollHeight; y += 600) {
          scrollTo({ top: y, behavior: "instant" });
          await new Promise((done) => setTimeout(done, 20));
        }}"""
    )
    page.locator("figure.is-live").nth(live - 1).wait_for(timeout=60_000)
