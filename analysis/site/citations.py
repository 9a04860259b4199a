"""References formatted once: what the bibliography's extension would do again at every build."""

from __future__ import annotations

from typing import Any

from pybtex.backends.plaintext import Backend
from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style import FormattedEntry
from pybtex.style.formatting.plain import Style
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

FORMATTED: dict[str, tuple[Entry, Any]] = {}


class Remembering(Style):  # type: ignore[misc]  # pybtex has no types
    """The plain style, which takes the text of an entry that it has formatted before as it is."""

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> FormattedEntry:
        """An entry as text, under its label."""
        known, text = FORMATTED.get(entry.key, (None, None))
        if known != entry:
            text = super().format_entry(label, entry, bib_data).text
            FORMATTED[entry.key] = entry, text
        return FormattedEntry(entry.key, text, label)


def recall(app: Sphinx, env: BuildEnvironment) -> None:
    """Take over what the build before has formatted."""
    for citation in env.get_domain("cite").data["citations"]:
        FORMATTED[citation.entry.key] = citation.entry, citation.formatted_entry.text


def setup(app: Sphinx) -> None:
    """Put the style in the place of the plain one."""
    register_plugin("pybtex.style.formatting", "plain", Remembering, force=True)
    # pybtex would search all installed packages for this one at every single citation
    register_plugin("pybtex.backends", "plaintext", Backend, force=True)
    app.connect("env-updated", recall, priority=100)  # before the extension formats
