"""Old addresses of articles that moved: a small page at each sends readers on, in every locale, without a script."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

import yaml

from kbtool import store
from kbtool.core.audience import audience_of, may_read
from kbtool.core.errors import Refused
from kbtool.core.model import Audience, Locale
from kbtool.site.addresses import address, file_at, way
from kbtool.site.edition import Place
from kbtool.site.locales import direction, tag
from kbtool.site.stage.stage import Stage

REDIRECTS = "docs/_data/redirects.yml"
_HINT = "one line per article: old/place.md: new/place.md"
_PAGE = """\
<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{canonical}">
</head>
<body><p><a href="{target}">{title}</a></p></body>
</html>
"""


def read_redirects(root: Path) -> dict[str, str]:
    """Old path → new path, both below docs/, of articles that moved.

    Raises Refused where the file is no such mapping.
    """
    file = root / REDIRECTS
    if not file.is_file():
        return {}
    try:
        found = yaml.load(store.read_text(file), yaml.BaseLoader) or {}  # noqa: S506 – BaseLoader makes only text
    except yaml.YAMLError as error:
        line = mark.line + 1 if (mark := getattr(error, "problem_mark", None)) else 1
        raise Refused(f"not YAML: {str(error).splitlines()[0]}", where=f"{REDIRECTS}:{line}", hint=_HINT) from None
    if not isinstance(found, dict) or not all(isinstance(x, str) for pair in found.items() for x in pair):
        raise Refused("expected old place: new place", where=f"{REDIRECTS}:1", hint=_HINT)
    return found


def write_redirects(stage: Stage, site: Path, place: Place, rules: Iterable[tuple[str, Audience]]) -> list[str]:
    """Write the pages for the articles of this edition; gives their files.

    An old place that was internal stays unknown: its name alone may tell more than readers should know. An address
    that another page has by now is left to that page. `de/x.md` as the new place is the German page alone: other tools
    gave each language an address of its own.
    """
    rules = tuple(rules)
    written: list[str] = []
    for old, new in read_redirects(stage.root).items():
        locale, _, path = new.partition("/")
        only = locale in stage.locales[1:]  # no folder of docs/ has the name of a target locale
        article = path if only else new
        if article in stage.articles and _is_open(stage, old, rules):
            written += _write(stage, site, place, (old, article), locale if only else "")
    return written


def _is_open(stage: Stage, old: str, rules: Iterable[tuple[str, Audience]]) -> bool:
    inside = posixpath.normpath(old) == old and not old.startswith(("/", "..")) and old.endswith(".md")
    return inside and may_read(stage.reader, audience_of(old, None, rules))


def _write(stage: Stage, site: Path, place: Place, move: tuple[str, str], only: Locale) -> list[str]:
    old, new = move
    written = []
    for locale in (only,) if only else stage.locales:
        here = address(old, stage.source if only else locale, stage.source, folders=place.folders)
        there = address(new, locale, stage.source, folders=place.folders)
        name = file_at(here)
        file = site / name
        if file.exists():
            continue
        target = way(here, there)
        titles: Mapping[str, str] = stage.titles.get(locale, {})
        title = titles.get(new) or stage.titles[stage.source].get(new, new)
        file.parent.mkdir(parents=True, exist_ok=True)
        page = _PAGE.format(
            lang=tag(locale), dir=direction(locale), title=escape(title), target=escape(target),
            canonical=escape(place.site_url.rstrip("/") + "/" + there if place.site_url else target),
        )  # fmt: skip
        file.write_text(page, "utf-8")
        written.append(name)
    return written
