"""How fast interactive figures come alive and answer a slider, in the built site.

For every figure: milliseconds of computing from a change of a control to the redrawn picture and
its printed reading (median and 95th percentile), and from the moment that its screen comes near
until it lives, the engine included where it is the first on its page. Measured in Debian's
Chromium, without a graphics card. A screen that refreshes sixty times a second leaves 16 ms.

    .venv/bin/python benchmarks/figures.py [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browsing import CHROMIUM, QUIET, SITE  # noqa: E402

BUDGET_MS = 16
ALIVE = """async (id) => {
  const figure = document.getElementById(id);
  const lives = new Promise((done) => figure.addEventListener("chart-live", done, { once: true }));
  const start = performance.now();
  figure.scrollIntoView({ behavior: "instant" });
  await lives;
  return performance.now() - start;
}"""
# Each control is moved over its range; the time ends when Vega has redrawn the picture.
MOVE = """async ([id, rounds]) => {
  const figure = document.getElementById(id), times = [];
  const controls = [...figure.querySelectorAll(".live :is(input, select)")];
  for (let round = 0; round < rounds; round += 1) {
    for (const control of controls) {
      await new Promise((done) => setTimeout(done, 30));
      const start = performance.now();
      if (control.type === "radio") control.checked = true;
      else if (control.options) control.selectedIndex = round % control.options.length;
      else {
        const { min, max } = control;
        control.value = +min + (max - min) * ((round * 7) % 11) / 10;
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
      await figure.view.runAsync();
      times.push(performance.now() - start);
    }
  }
  return times;
}"""


def main() -> None:
    """Print a table of all interactive figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15, help="moves of each control (default 15)")
    rounds = parser.parse_args().rounds
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; milliseconds")
    print(f"{'figure':<36}{'alive':>8}{'moves':>8}{'median':>8}{'95%':>8}  within {BUDGET_MS} ms")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for path in sorted((SITE / "book").glob("*.html")):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(path.as_uri())
            live = "figure.chart[data-live]"
            for name in page.locator(live).evaluate_all("all => all.map((each) => each.id)"):
                alive = page.evaluate(ALIVE, name)
                times = sorted(page.evaluate(MOVE, [name, rounds]))
                median, late = statistics.median(times), times[int(0.95 * len(times))]
                line = f"{name:<36}{alive:>8.0f}{len(times):>8}{median:>8.1f}{late:>8.1f}"
                print(f"{line}  {'yes' if median <= BUDGET_MS else 'NO'}", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
