"""Putting a locale's index into a built site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kbtool.core.audience import AUDIENCES, PUBLIC, may_read
from kbtool.core.errors import KbError
from kbtool.search.catalogue import Catalogue
from kbtool.search.index import INDEX, index
from kbtool.search.synonyms import Synonym, parse

FOLDER = "search"
SYNONYMS = "synonyms.txt"
MOST_READ = "most-read.txt"


def install(
    catalogue: Catalogue,
    folder: Path,
    locale: str,
    *,
    sources: Path,
    source: str,
    reader: str,
    facets: Sequence[str],
) -> None:
    """Write the index of the pages in the catalogue into `search/` below `folder`, where the locale's pages are.

    `sources` is the knowledge base, where synonyms and the list of the most read articles stand; an edition for
    insiders also has the synonyms that only they may read.
    """
    synonyms, most_read = _synonyms(sources, locale, source, reader), _most_read(sources)
    found = index(catalogue, locale, synonyms=synonyms, facets=facets, most_read=most_read)
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, content in {INDEX: found, **catalogue.texts}.items():
        (folder / FOLDER / name).write_bytes(content)


def words_key(sources: Path, locale: str, source: str, reader: str) -> str:
    """Stands for what an index is made from besides the pages."""
    return repr((_synonyms(sources, locale, source, reader), _most_read(sources)))


def _synonyms(sources: Path, locale: str, source: str, reader: str) -> list[Synonym]:
    """`synonyms.txt` beside the locale's articles; `synonyms.<audience>.txt` for editions that audience may read."""
    folder = sources / "docs" / "_data" if locale == source else sources / "translations" / locale
    inside = [audience for audience in AUDIENCES if audience != PUBLIC and may_read(reader, audience)]
    names = [SYNONYMS, *(f"synonyms.{audience}.txt" for audience in inside)]
    found: list[Synonym] = []
    for name in names:
        file = folder / name
        if file.is_file():
            found += parse(_read(file), where=file.relative_to(sources).as_posix())
    return found


def _most_read(sources: Path) -> list[str]:
    """The addresses of the articles that docs/_data/most-read.txt names, a path a line, the most read first."""
    file = sources / "docs" / "_data" / MOST_READ
    lines = _read(file).splitlines() if file.is_file() else []
    paths = [path for line in lines if (path := line.partition("#")[0].strip())]
    return [form for path in paths for form in _addresses(path)]


def _addresses(path: str) -> tuple[str, str]:
    """`billing/refunds.md` is at billing/refunds/ or, without directory addresses, at billing/refunds.html."""
    stem = path.removeprefix("docs/").removesuffix(".md")
    folder = "" if stem == "index" else f"{stem.removesuffix('/index')}/"
    return folder, f"{stem}.html"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise KbError("not UTF-8", where=str(file), hint="save the file as UTF-8") from None
