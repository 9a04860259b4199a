"""Which version, commit, data and libraries a site was built from."""

from __future__ import annotations

import hashlib
import subprocess

from analysis import __version__
from analysis.validation import ROOT, package_hash


def provenance() -> str:
    """Version, commit, and hashes of data and locked libraries, for the footer."""
    data = package_hash(ROOT / "data", ROOT / "book" / "references.bib")
    lock = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    return (
        f"Version {__version__}, commit <code>{commit()}</code>, "
        f"data <code>{data[:12]}</code>, libraries <code>{lock[:12]}</code>"
    )


def commit() -> str:
    """The commit the site was built from, with a plus sign where files differ from it."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return git("rev-parse", "--short=12", "HEAD") + (
            "+" if git("status", "--porcelain") else ""
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
