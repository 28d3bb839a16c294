"""Sorts the files that are no articles: pictures, stylesheets, data, old addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kbtool.checks.audit.layers import Opener, Text
from kbtool.checks.audit.media import essence, hidden_texts
from kbtool.checks.audit.parting import resolve
from kbtool.checks.audit.passages import Passage, passages_of_text
from kbtool.checks.audit.plain import targets
from kbtool.checks.audit.sources import Other, of_data
from kbtool.checks.audit.stock import Reader, Stock

_LARGEST = 20_000_000
_REDIRECTS = "_data/redirects.yml"
_SCALAR = r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^\s\"'#][^\n]*?)"
_REDIRECT = re.compile(rf"(?:{_SCALAR}):[ \t]+(?:{_SCALAR})[ \t]*")


def sort_assets(
    others: Sequence[Other], pointed: set[str], stock: Stock, reader: Reader, settings: Sequence[Path]
) -> None:
    """Add files to the stock; public are those that public pages (`pointed`) or the site's `settings` point to."""
    used = _used(others, pointed, settings)
    for other in others:
        path, file = other.path, other.file
        ruled = reader.audiences.by_folder(path)
        if path.startswith("_data/"):
            audience = of_data(path, reader.audiences)
            allowed = reader.may_see(audience)
        else:
            audience = reader.audiences.strictest([ruled, reader.audiences.staff])
            allowed = path in used and reader.may_see(ruled) and not file.is_symlink()
        if not file.is_file() or file.stat().st_size > _LARGEST:
            continue
        data = file.read_bytes()
        if path == _REDIRECTS:
            _sort_redirects(data.decode("utf-8", "replace"), other.shown, stock, reader)
            continue
        if allowed and not path.startswith("_"):
            stock.assets.setdefault(path, set()).add(essence(data))  # a language may have a picture of its own
        elif not allowed and data:
            stock.internal_assets[essence(data)] = other.shown
            stock.internal_paths.add(path)
        for text in _texts(data):
            if allowed:
                stock.publish(text)
            else:
                kind = "text" if path.startswith("_data/") else "loose"
                stock.internal += passages_of_text(text, other.shown, audience, kind)
        for text in hidden_texts(data) if allowed else ():
            stock.internal.append(Passage(text, other.shown, 1, reader.audiences.staff))
    for value in set().union(*stock.assets.values()):
        stock.internal_assets.pop(value, None)


def _used(others: Sequence[Other], pointed: set[str], settings: Sequence[Path]) -> set[str]:
    """The files that public pages, the site's settings and public stylesheets point to."""
    used = set(pointed)
    for file in settings:
        used |= {word.strip("\"',[]{}") for word in _read(file).split()}
    for other in others:
        if other.path in used and other.path.endswith(".css") and other.file.is_file():
            used |= {resolve(other.path, t) for t in targets(_read(other.file))}
    return used


def _read(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def _sort_redirects(text: str, shown: str, stock: Stock, reader: Reader) -> None:
    """The old addresses of a page are as public as the page; a rule for their folder may say less."""
    for number, line in enumerate(text.split("\n"), 1):
        found = _REDIRECT.fullmatch(line)
        old, new = (
            ("", "") if not found else (next(filter(None, g), "") for g in (found.groups()[:3], found.groups()[3:]))
        )
        locale, _, rest = new.partition("/")
        page = rest if locale in stock.locales else new
        if page in stock.pages and reader.may_see(reader.audiences.by_folder(old)):
            stock.publish(f"{old}\n\n{new}")
        else:
            passages = passages_of_text(line, shown, reader.audiences.staff)
            stock.internal += [replace(p, line=number) for p in passages if p.text.strip()]


def _texts(data: bytes) -> Iterator[str]:
    """The texts in a file that are texts, not bytes that happen to look like letters."""
    for found in Opener().open(data):
        if isinstance(found, Text) and "\0" not in found.text and found.text.count("�") * 50 < len(found.text):
            yield found.raw or found.text
