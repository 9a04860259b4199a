"""``make release``: what a version consists of, as files that can be checked and built again.

The site for reading offline, the book as PDF, the data package and the source, with a manifest
of checksums. Nothing in them depends on clock, user or order of files: the same source gives the
same bytes, with the same Chromium for the PDF.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from analysis import __version__
from analysis.errors import BookError
from analysis.site import data_pages
from analysis.site.files import write_whole
from analysis.site.pdf import TARGET as PDF
from analysis.site.pdf import built_at, contents
from analysis.site.provenance import SOURCE, commit, source_files, source_listing
from analysis.validation import ROOT, package_hash

SITE = ROOT / "_build" / "html"
FOLDER = ROOT / "_build" / "release"
NAME = f"recovery-recounted-{__version__}"
MANIFEST = "MANIFEST"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path within, in a fixed order."""
    found = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    return {name: found[name].read_bytes() for name in sorted(found)}


def zipped(files: Mapping[str, bytes], folder: str, when: datetime) -> bytes:
    """Files as a ZIP archive inside a folder, all of one time.

    >>> from datetime import UTC
    >>> when = datetime(2020, 1, 2, tzinfo=UTC)
    >>> made = zipped({"a": b"1"}, "b", when)
    >>> made == zipped({"a": b"1"}, "b", when), zipfile.ZipFile(io.BytesIO(made)).namelist()
    (True, ['b/a'])
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", when.timetuple()[:6])
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def tarred(root: Path, names: list[str], folder: str, when: datetime) -> bytes:
    """Source files and their listing as a compressed TAR archive inside a folder.

    All are of one time and of no user, and stay executable if they are.
    """
    archive = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=archive, mode="wb", filename="", mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as packed,
    ):
        files = {name: (root / name).read_bytes() for name in names}
        for name, content in {**files, SOURCE: source_listing(commit(), files).encode()}.items():
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mtime = len(content), int(when.timestamp())
            entry.mode = 0o755 if os.access(root / name, os.X_OK) else 0o644
            packed.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


def manifest(archives: Mapping[str, bytes], site: Mapping[str, bytes], when: datetime) -> str:
    """What the version was made from, and SHA-256 sums that ``sha256sum -c`` reads.

    The site's files are named as they lie once its archive is unpacked beside the manifest.
    """
    lock = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    facts = {
        "version": __version__,
        "commit": commit(),
        "data": package_hash(ROOT / "data", ROOT / "book" / "references.bib"),
        "libraries": lock,
        "SOURCE_DATE_EPOCH": str(int(when.timestamp())),
    }
    inside = {f"{NAME}-site/{name}": content for name, content in site.items()}
    head = [f"# {name}: {value}" for name, value in facts.items()]
    sums = [
        f"{hashlib.sha256(content).hexdigest()}  {name}"
        for name, content in {**archives, **inside}.items()
    ]
    return "\n".join([*head, *sums]) + "\n"


def release(folder: Path = FOLDER, draft: bool = False) -> dict[str, int]:
    """Write the version's files into an empty folder; return their sizes.

    Args:
        folder: where they go; what stood there is replaced once all are made.
        draft: also where files differ from the commit, so that the source is of no commit.

    Raises:
        BookError: the site or the PDF is missing or was made from another commit, or files
            differ from the commit.
    """
    made_from = commit()
    if made_from.endswith("+") and not draft:
        raise BookError(
            "files differ from the commit, so nobody could tell what the version consists of\n"
            "    remedy: commit them, or make a draft with `make release DRAFT=1`"
        )
    package = SITE / data_pages.FILES / data_pages.ARCHIVE
    if missing := [path.name for path in (SITE / "index.html", package, PDF) if not path.is_file()]:
        raise BookError(f"not made: {', '.join(missing)}\n    remedy: run `make book pdf` first")
    site = files_of(SITE)
    front = f"{contents()[0].pages[0]}.html"
    if f"<code>{made_from}</code>".encode() not in site[front]:
        raise BookError(
            f"the site was not made from commit {made_from}\n    remedy: run `make book pdf` again"
        )
    when = built_at()
    archives = {
        f"{NAME}-site.zip": zipped(site, f"{NAME}-site", when),
        f"{NAME}.pdf": PDF.read_bytes(),
        f"{NAME}-data.zip": package.read_bytes(),
        f"{NAME}-source.tar.gz": tarred(ROOT, source_files(), f"{NAME}-source", when),
    }
    listing = manifest(archives, site, when).encode()
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    fresh.mkdir(parents=True)
    try:
        for name, content in {**archives, MANIFEST: listing}.items():
            write_whole(fresh / name, content)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return {name: len(content) for name, content in {**archives, MANIFEST: listing}.items()}


def main(arguments: list[str] | None = None) -> None:
    """Command line: write the version's files."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--draft", action="store_true", help="though files differ from the commit")
    options = parser.parse_args(arguments)
    try:
        sizes = release(draft=options.draft)
    except (BookError, OSError) as error:
        sys.exit(f"no release was made: {error}")
    for name, size in sizes.items():
        print(f"{size:>13,}  {(FOLDER / name).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
