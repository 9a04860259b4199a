"""Which version, commit, data and libraries a site was built from."""

from __future__ import annotations

import fnmatch
import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis import __version__
from analysis.validation import ROOT, package_hash

SOURCE = "SOURCE"
COMMIT = "# commit: "
NOT_SOURCE = (SOURCE, ".git", ".venv", "_build", "__pycache__", "*.egg-info", "*.part", ".*_cache",
              ".hypothesis", ".ipynb_checkpoints")  # fmt: skip


def provenance() -> str:
    """Version, commit, and hashes of data and locked libraries, for the footer."""
    data = package_hash(ROOT / "data", ROOT / "book" / "references.bib")
    lock = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    return (
        f"Version {__version__}, commit <code>{commit()}</code>, "
        f"data <code>{data[:12]}</code>, libraries <code>{lock[:12]}</code>"
    )


def commit() -> str:
    """The commit of the source, with a plus sign where files differ from it.

    In a source archive, outside git, its listing tells; a repository around it does not count.
    """
    if (ROOT / ".git").exists() and shutil.which("git"):
        try:
            return _git("rev-parse", "--short=12", "HEAD") + (
                "+" if _git("status", "--porcelain") else ""
            )
        except subprocess.CalledProcessError:
            return "unknown"
    if not (ROOT / SOURCE).is_file():
        return "unknown"
    listed = (ROOT / SOURCE).read_text(encoding="utf-8")
    made_from = listed.partition("\n")[0].removeprefix(COMMIT)
    files = {name: (ROOT / name).read_bytes() for name in source_files()}
    if made_from == "unknown" or listed == source_listing(made_from, files):
        return made_from
    return made_from.removesuffix("+") + "+"


def source_listing(made_from: str, files: Mapping[str, bytes]) -> str:
    """The commit and a SHA-256 sum of every source file, for ``sha256sum -c``."""
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in files.items()]
    return "\n".join([f"{COMMIT}{made_from}", *sums]) + "\n"


def source_files(root: Path = ROOT) -> list[str]:
    """Paths of the source as it stands: what git does not ignore or, without git, is not made."""
    if (root / ".git").exists() and shutil.which("git"):
        asked = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return sorted(
            name for name in _git(*asked, root=root).split("\0") if (root / name).is_file()
        )
    return sorted(_found(root, root))


def _found(folder: Path, root: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if any(fnmatch.fnmatch(path.name, pattern) for pattern in NOT_SOURCE):
            continue
        if path.is_dir():
            yield from _found(path, root)
        else:
            yield path.relative_to(root).as_posix()


def _git(*arguments: str, root: Path = ROOT) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
