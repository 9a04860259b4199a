"""``make preview``: serve the site, rebuild it at every change, reload the page that is open.

Two processes: this one watches the files and serves, and a builder holds the libraries in
memory. For each build the builder forks, so that a build starts at once and from a clean state.
The page's reloading is added to what is served, never to the site.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from analysis.site.watching import code_changed, fingerprint
from analysis.validation import ROOT

SITE = ROOT / "_build" / "html"
EVENTS, SCRIPT = "/-preview/events", "/-preview/reload.js"
POLL_SECONDS, BEAT_SECONDS = 0.4, 15.0
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class State:
    """What the open pages are told: when the site was last built, and what went wrong since."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._built, self._message = time.time_ns(), ""

    def tell(self, message: str = "") -> None:
        """The site was built, or a build failed with a message and the site is as before."""
        with self._changed:
            self._message = message
            self._built = self._built if message else time.time_ns()
            self._changed.notify_all()

    def events(self) -> Iterator[str]:
        """The state now and after every change, as server-sent events, with a beat between."""
        known = None
        while True:
            with self._changed:
                if known == (self._built, self._message):
                    self._changed.wait(BEAT_SECONDS)
                now = (self._built, self._message)
            if now == known:
                yield ": still here\n\n"
            else:
                known = now
                yield f"data: {json.dumps({'built': now[0], 'message': now[1]})}\n\n"


def watched(page: str) -> str:
    """A page that reloads itself: its policy allows the events, its head loads the script.

    >>> watched("<head><meta content=\\"default-src 'none'\\">")
    '<head><meta content="default-src \\'none\\'; connect-src \\'self\\'">'
    """
    page = page.replace("default-src 'none'", "default-src 'none'; connect-src 'self'", 1)
    return page.replace("</head>", f'<script src="{SCRIPT}" defer></script></head>', 1)


class Handler(SimpleHTTPRequestHandler):
    """Serves the site as it is on disk at each request, its pages with the reloading added."""

    protocol_version = "HTTP/1.0"
    state: State

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=str(SITE))

    def do_GET(self) -> None:
        """Events, the script, a page, or any other file."""
        with suppress(BrokenPipeError, ConnectionResetError):  # the page was closed
            self._answer(self.path.partition("?")[0])

    def _answer(self, path: str) -> None:
        if path == EVENTS:
            self._begin("text/event-stream")
            for event in self.state.events():
                self.wfile.write(event.encode())
                self.wfile.flush()
        elif path == SCRIPT:
            self._begin("text/javascript")
            self.wfile.write(Path(__file__).with_name("reload.js").read_bytes())
        else:
            file = Path(self.translate_path(path))
            file = file / "index.html" if path.endswith("/") else file
            if file.suffix == ".html" and file.is_file():
                self._begin("text/html; charset=utf-8")
                self.wfile.write(watched(file.read_text(encoding="utf-8")).encode())
            else:
                super().do_GET()

    def _begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def end_headers(self) -> None:
        """Let nothing be kept: the next build may change it."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing of requests; the terminal is for builds."""


class Builder:
    """A process that has the libraries in memory and builds when told."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def build(self) -> str:
        """Build the site; return an empty text, or what went wrong."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "analysis.site.builder"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):  # it ended before it was told; what it said follows
            self._process.stdin.write("build\n")
            self._process.stdin.flush()
        said = []
        for line in self._process.stdout:
            if line.startswith('{"code"'):
                answer = json.loads(line)
                return "" if answer["code"] == 0 else ANSI.sub("", answer["text"]).strip()
            said.append(line)
        self.forget()
        return "".join(said).strip() or "the build ended without a word"

    def forget(self) -> None:
        """End the process, whose modules are out of date; the next build starts another."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None


def follow(state: State, builder: Builder) -> None:
    """Build now, and again whenever the sources have changed and then stood still for a poll."""
    seen: dict[str, str] = {}
    before = fingerprint()
    while True:
        now = fingerprint()
        if now != seen and now == before:
            if seen and code_changed(seen, now):
                builder.forget()
            seen = now
            _build(state, builder)
        before = now
        time.sleep(POLL_SECONDS)


def _build(state: State, builder: Builder) -> None:
    started = time.perf_counter()
    message = builder.build()
    state.tell(message)
    said = message or "built"
    print(f"{time.strftime('%H:%M:%S')} {time.perf_counter() - started:5.1f} s  {said}", flush=True)


def main() -> None:
    """Command line: preview the site until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    Handler.state = State()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        sys.exit(f"port {port}: {error.strerror}\n    remedy: make preview PORT={port + 1}")
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/ follows your changes; Ctrl-C ends", flush=True)
    builder = Builder()
    try:
        follow(Handler.state, builder)
    except KeyboardInterrupt:
        print()
    finally:
        builder.forget()


if __name__ == "__main__":
    main()
