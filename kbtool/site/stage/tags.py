"""What articles are about: `tags:` of their front matter, as far as the edition's readers may see the articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kbtool.core.model import Locale
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.staged import Pages
from kbtool.site.stage.titles import translated_in

TITLES = "tags.yml"  #: tags as a language says them, beside its translations


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag; writing it in capitals makes no other one."""

    name: str  #: as the first article writes it
    anchor: str  #: its place on the page of tags, the same in every language
    articles: tuple[str, ...]
    titles: Mapping[Locale, str] = field(default_factory=dict)

    def title(self, locale: Locale) -> str:
        return self.titles.get(locale, self.name)


def tags_of(desk: Desk, pages: Pages) -> tuple[Tag, ...]:
    """The tags of the staged originals, in the order of their names; a translation has those of its original."""
    names: dict[str, str] = {}
    articles: dict[str, list[str]] = {}
    for path, name in shown(desk, pages):
        key = name.casefold()
        names.setdefault(key, name)
        if path not in articles.setdefault(key, []):
            articles[key].append(path)
    known = {locale: _titles(desk, locale) for locale in desk.locales[1:]}
    found: list[Tag] = []
    taken: set[str] = set()
    for key in sorted(names):
        anchor = _anchor(key, taken)
        titles = {locale: told[key] for locale, told in known.items() if key in told}
        found.append(Tag(names[key], anchor, tuple(articles[key]), titles))
    return tuple(found)


def shown(desk: Desk, pages: Pages) -> Iterator[tuple[str, str]]:
    """Each article with each of its tags: of the pages as they are staged, so of no article that is not."""
    for path, staged in pages[desk.source].items():
        for name in staged.tags:
            yield path, name


def listed(said: object) -> Iterator[str]:
    """`tags: [money, orders]`, a list of lines, or a single one."""
    for name in said if isinstance(said, list) else [said]:
        if name is None or isinstance(name, bool | list | dict):  # an unquoted `no` is false to YAML: nobody's tag
            continue
        if plain := " ".join(str(name).split()):
            yield plain


def _titles(desk: Desk, locale: Locale) -> dict[str, str]:
    file = desk.project.root / "translations" / locale / TITLES
    if not file.is_file():
        return {}
    found = translated_in(desk.project, file)
    return {" ".join(name.split()).casefold(): str(title) for name, title in found.items() if title}


def _anchor(key: str, taken: set[str]) -> str:
    """`tag-gift-cards`; C++ and C# do not share one."""
    plain = "tag-" + (re.sub(r"[\W_]+", "-", key).strip("-") or "x")
    found = next(name for n in range(1, len(taken) + 2) if (name := plain if n == 1 else f"{plain}-{n}") not in taken)
    taken.add(found)
    return found
