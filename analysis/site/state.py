"""What the build keeps on Sphinx's application, by name and type, and for the next build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from analysis.site.lock import Lock
from analysis.site.records import Records


class Book(Sphinx):
    """Sphinx with what this book keeps on it; a type, of which no object is made."""

    recounted_records: Records
    recounted_outputs: dict[str, str]  # by chapter, a hash of what it published
    recounted_lock: Lock
    recounted_final: Path
    recounted_tables_differ: bool
    recounted_downloads_differ: bool
    recounted_results: str


class Words(NamedTuple):
    """Prose or code of a section, for the search: its kind, anchor, heading and text."""

    kind: int
    spot: str
    heading: str
    text: str


class Memory(Domain):
    """What a build remembers of earlier ones, in the place where Sphinx lets extensions do so.

    By document: the names that its prose uses, the chapters whose results it shows with a hash of
    their outputs, and its words. By part of the site: a hash of what it was made from, and what
    takes long to make.
    """

    name, label, data_version = "recounted", "Recounted", 1
    initial_data = {"used": {}, "shows": {}, "words": {}, "made": {}, "kept": {}}  # noqa: RUF012  (Sphinx's)

    @property
    def used(self) -> dict[str, set[str]]:
        """Names of published quantities used in prose, by document."""
        return cast(dict[str, set[str]], self.data["used"])

    @property
    def shows(self) -> dict[str, dict[str, str | None]]:
        """By document, the chapters whose results it shows, and a hash of their outputs."""
        return cast(dict[str, dict[str, str | None]], self.data["shows"])

    @property
    def words(self) -> dict[str, list[Words]]:
        """What the search finds in each document."""
        return cast(dict[str, list[Words]], self.data["words"])

    def differs(self, part: str, *made_from: object) -> bool:
        """Whether a part of the site would be made from something else than when last asked.

        Ask once a build, when all documents have been read: Sphinx stores the answer then.
        """
        app, made = book(self.env.app), self.data["made"]
        described = repr((app.config.recounted_printing, app.recounted_outputs, made_from))
        digest = hashlib.sha256(described.encode()).hexdigest()
        before = made.get((app.builder.name, part))
        made[app.builder.name, part] = digest
        return bool(before != digest)

    def kept(self, part: str, make: Callable[[], Any], *made_from: object) -> Any:
        """Something that takes long to make, made again only if it would be different."""
        if self.differs(part, *made_from):
            self.data["kept"][part] = make()
        return self.data["kept"][part]

    def clear_doc(self, docname: str) -> None:
        """Forget a document before it is read again."""
        for part in (self.used, self.shows, self.words):
            part.pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over documents that another process read."""
        for part in ("used", "shows", "words"):
            read = otherdata[part]
            self.data[part].update({name: read[name] for name in docnames if name in read})

    def resolve_any_xref(self, *_: object) -> list[tuple[str, nodes.Element]]:
        """Nothing in here can be referred to."""
        return []


def book(app: Sphinx) -> Book:
    """The application, seen as that of this book."""
    return cast(Book, app)


def memory(env: BuildEnvironment) -> Memory:
    """What is known of earlier builds."""
    return cast(Memory, env.get_domain(Memory.name))


def setup(app: Sphinx) -> None:
    """Register the memory."""
    app.add_domain(Memory)
