"""What the build keeps on Sphinx's application and environment, by name and type.

Sphinx carries what an extension sets on its two objects from one event to the next, and the
environment from one build to the next; its own classes cannot know these names.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.site.lock import Lock
from analysis.site.records import Records


class Book(Sphinx):
    """Sphinx with what this book keeps on it; a type, of which no object is made."""

    recounted_records: Records
    recounted_lock: Lock
    recounted_final: Path


class Kept(BuildEnvironment):
    """The environment with the names used in prose, by document; a type as well."""

    recounted_used: dict[str, set[str]]


def book(app: Sphinx) -> Book:
    """The application, seen as that of this book."""
    return cast(Book, app)


def kept(env: BuildEnvironment) -> Kept:
    """The environment, seen as that of this book."""
    return cast(Kept, env)
