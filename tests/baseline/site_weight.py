"""Weigh the book's pages beside the same chapters built by Jupyter Book's defaults.

The baseline holds the same words, numbers, tables and charts, with the default theme's settings
and Altair's default renderer. Both sites are opened in a browser and scrolled to the end; what
was requested is counted, raw and as gzip would send it.

Defaults load scripts from other hosts, which cannot be counted without the network. Vega,
Vega-Lite and Vega-Embed are the copies inside vl-convert, minified alike. Any other foreign file
counts as a request of no bytes, so that the baseline is understated, never overstated.

    .venv/bin/python tests/baseline/site_weight.py
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

ROOT = Path(__file__).resolve().parents[2]
ENGINE = re.compile(r"/npm/(vega|vega-lite|vega-embed)@")
MODULES = {
    "vega": 'import * as x from "/npm/vega@6.2.0/+esm"; window.vega = x;',
    "all": "window.vegaEmbed = vegaEmbed; window.vegaLite = vegaLite;",
}


@dataclass
class Weight:
    """What a page asked for."""

    requests: int = 0
    raw: int = 0
    zipped: int = 0
    unknown: int = 0

    def add(self, content: bytes) -> None:
        """Count one file."""
        self.requests += 1
        self.raw += len(content)
        self.zipped += len(gzip.compress(content, 6, mtime=0))


def default_notebook(path: Path) -> str:
    """A chapter as the defaults would have it: numbers as words, charts by Altair's renderer."""
    import altair

    from analysis.site.records import notebooks, read_records

    notebook = json.loads(path.read_text(encoding="utf-8"))
    numbers = read_records(notebooks()).quantities

    def words(match: re.Match[str]) -> str:
        item = numbers[match[2]]
        with_limits = match[1] == "qi" and item["limits"]
        return f"{item['text']} ({item['limits']})" if with_limits else item["text"]

    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = re.sub(r"\[?\{cite[^}]*\}`[^`]*`\]?", "", source)
            cell["source"] = re.sub(r"\{(qi?)\}`([^`]+)`", words, source)
        outputs = []
        for output in cell.get("outputs", ()):
            data = output["data"]
            if text := data.get("text/html"):
                outputs.append({"text/html": "".join(text)})
            if spec := data.get("application/vnd.vegalite.v6+json"):
                chart = altair.Chart.from_dict(spec)
                bundle = altair.renderers.get()(chart.to_dict())
                outputs.append({"text/html": bundle["text/html"]})
        if cell["cell_type"] == "code":
            shown = {"output_type": "display_data", "metadata": {}}
            cell["outputs"] = [{**shown, "data": data} for data in outputs]
    return json.dumps(notebook)


def build_default(folder: Path) -> Path:
    """The baseline site: the same chapters, no setting but title and execution."""
    chapters = sorted((ROOT / "book").glob("*.ipynb"))
    for path in chapters:
        (folder / path.name).write_text(default_notebook(path), encoding="utf-8")
    (folder / "intro.md").write_text("# Baseline\n", encoding="utf-8")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n"
        + "".join(f"- file: {path.stem}\n" for path in chapters)
    )
    (folder / "_config.yml").write_text('title: Baseline\nexecute:\n  execute_notebooks: "off"\n')
    program = Path(sys.executable).with_name("jupyter-book")
    subprocess.run([str(program), "build", str(folder), "-q"], check=True, capture_output=True)
    return folder / "_build" / "html"


def engines() -> dict[str, bytes]:
    """Vega, and Vega-Lite with Vega-Embed, as inside vl-convert."""
    import vl_convert

    vega = vl_convert.javascript_bundle(MODULES["vega"], vl_version="6.4").encode()
    everything = vl_convert.javascript_bundle(MODULES["all"], vl_version="6.4").encode()
    return {"vega": vega, "vega-lite": everything[len(vega) :], "vega-embed": b""}


def weigh(site: Path, name: str) -> Weight:
    """Open a page, scroll to its end, and count what it asked for."""
    from playwright.sync_api import sync_playwright

    known = engines()
    asked: dict[str, None] = {}
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("request", lambda request: asked.setdefault(request.url))
        page.route(
            re.compile(r"^https?:"),
            lambda route: route.fulfill(
                body=known.get(_engine(route.request.url), b"").decode(),
                content_type="text/javascript",
                headers={"access-control-allow-origin": "*"},
            ),
        )
        page.goto(f"file://{site}/{name}.html")
        page.wait_for_timeout(500)
        page.evaluate(
            """async () => { for (let y = 0; y < document.body.scrollHeight; y += 800) {
            scrollTo({ top: y, behavior: "instant" });
            await new Promise((done) => setTimeout(done, 30)); } }"""
        )
        page.wait_for_timeout(1500)
        browser.close()
    weight = Weight()
    for url in asked:
        if url.startswith(("data:", "blob:")):
            continue
        if url.startswith("file:"):
            file = Path(unquote(urlparse(url).path))
            weight.add(file.read_bytes() if file.exists() else b"")
        else:
            weight.add(known.get(_engine(url), b""))
            weight.unknown += _engine(url) not in known
    return weight


def _engine(url: str) -> str:
    found = ENGINE.search(url)
    return found[1] if found else ""


def main() -> None:
    """Print both sites' weights for every chapter, and the ratios."""
    ours = ROOT / "_build" / "html"
    with tempfile.TemporaryDirectory() as name:
        default = build_default(Path(name))
        head = f"{'chapter':<14}{'site':<9}{'requests':>9}{'raw bytes':>13}{'gzip bytes':>13}"
        print(f"{head}{'uncounted':>11}")
        for path in sorted((ROOT / "book").glob("*.ipynb")):
            then, now = weigh(default, path.stem), weigh(ours, f"book/{path.stem}")
            for label, each in (("default", then), ("ours", now)):
                row = f"{path.stem:<14}{label:<9}{each.requests:>9}{each.raw:>13,}"
                print(f"{row}{each.zipped:>13,}{each.unknown:>11}")
            print(
                f"{path.stem:<14}{'ratio':<9}{now.requests / then.requests:>9.2f}"
                f"{now.raw / then.raw:>13.2f}{now.zipped / then.zipped:>13.2f}"
            )


if __name__ == "__main__":
    main()
