"""Whether, and by which key, what the last build made may stand for what this one would make."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from kbtool.core.model import Locale
from kbtool.project import Project
from kbtool.site.config import config_files, icon_folders, named
from kbtool.site.inputs import code_key, days, environment_key, packages_key
from kbtool.site.mkdocs.remembered import key_of
from kbtool.site.mkdocs.templates import LARGE
from kbtool.site.signs import look_through
from kbtool.site.stage.stage import Stage


def watched(root: Path, config: Mapping[str, Any], snippets: Iterable[str]) -> list[str]:
    """What a build reads besides docs/, translations/ and the settings: files and folders that the settings name."""
    parents = [str(file) for file in config_files(root)[1:]]
    return [*_custom(config), *icon_folders(config), *snippets, *parents]


def _custom(config: Mapping[str, Any]) -> list[str]:
    """The folder with a knowledge base's own templates, if it has one."""
    theme = config.get("theme")
    custom = theme.get("custom_dir") if isinstance(theme, Mapping) else None
    return [custom] if isinstance(custom, str) else []


def stage_key(project: Project, config: Mapping[str, Any], edition: str) -> str:
    """Stands for what the staged text of an article depends on besides the article's files."""
    extensions = [bool(config), *(named(config.get(name)) for name in ("markdown_extensions", "use_directory_urls"))]
    icons = [text for folder in icon_folders(config) for text in _contents(project.root / folder)]
    return key_of(code_key(), packages_key(), extensions, icons, edition, repr(project.settings), str(project.root))


def site_key(stage: Stage, config: Mapping[str, Any], site_url: str | None, preview: bool) -> str:
    """Stands for what every page depends on."""
    own = [text for folder in _custom(config) for text in (days(), *_contents(stage.root / folder))]
    own += [text for folder in icon_folders(config) for text in _contents(stage.root / folder)]
    snippets = sorted(item for item in stage.digests.items() if item[0].startswith("snippets/"))
    configs = [file.read_bytes() for file in config_files(stage.root)]
    outside = environment_key(config_files(stage.root))
    return key_of(
        code_key(), packages_key(), own, configs, outside, stage.edition, stage.reader, site_url, preview,
        stage.wishes, stage.customers, len(stage.locales) > 1, len(stage.articles) >= LARGE, snippets, str(stage.root),
    )  # fmt: skip


def _contents(folder: Path) -> Iterator[str]:
    for name in sorted(look_through(str(folder)).files):
        yield f"{name} {hashlib.blake2b((folder / name).read_bytes(), digest_size=12).hexdigest()}"


def locale_key(stage: Stage, locale: Locale, site: str) -> str:
    """Stands for what the pages of a locale depend on besides their own text, the menu, and what is said of each."""
    return key_of(site, locale, stage.section_titles.get(locale))


class WholeKeys:
    """Keys that stand for everything in a locale: one that is as it was needs no look at its pages."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._texts: dict[Locale, dict[str, str]] = {locale: {} for locale in stage.locales}
        self._about: dict[Locale, dict[str, str]] = {locale: {} for locale in stage.locales}
        self._said: dict[Locale, list[str]] = {locale: [] for locale in stage.locales}
        for name, digest in stage.digests.items():
            top, _, below = name.partition("/")
            locale, _, path = below.partition("/")
            if top == "docs" and locale in self._texts:
                self._texts[locale][path] = digest
        for (locale, path), about in stage.about.items():
            self._about[locale][path] = f"{about.version} {_in_words(about[1:])}"
        for (locale, path), notices in stage.notices.items():
            self._said[locale] += (path, _in_words(notices))
        special = {"root", "folder", "findings", "digests", "notices", "about", "titles", "section_titles"}
        rest = [(each.name, getattr(stage, each.name)) for each in fields(stage) if each.name not in special]
        there = {locale: sorted(titles) for locale, titles in stage.titles.items()}
        self._behind = sorted(self._texts[stage.source])
        self.common = key_of(rest, there, list(stage.titles[stage.source].items()), self._behind)

    def of(self, locale: Locale, key: str) -> str:
        from kbtool.search.install import words_key  # late: a build that has nothing to do needs no search

        stage, source = self.stage, self.stage.source
        words = words_key(stage.root, locale, source, stage.reader)
        own, first = self._texts[locale], self._texts[source]
        fallbacks = [(path, first[path]) for path in self._behind if path not in own]
        public = not stage.customers or stage.reader == "public"
        said = [_whole((x, *self._said[x])) for x in (stage.locales if not public else (locale,))]
        ours, theirs = self._about[locale], self._about[source]
        standing_in = [(path, told) for path, told in theirs.items() if not public or path not in own]
        pairs = (sorted(own.items()), fallbacks, ours.items(), standing_in, stage.titles[locale].items())
        return key_of(key, self.common, *map(_whole, map(chain.from_iterable, pairs)), *said, words)


def _whole(texts: Iterable[str]) -> str:
    """All of them as one, which is another one for any others; sooner than `repr`."""
    texts = list(texts)
    return f"{[*map(len, texts)]}{''.join(texts)}"


@lru_cache(maxsize=4096)
def _in_words(said: tuple[object, ...]) -> str:
    """Most pages share theirs with others."""
    return repr(said)
