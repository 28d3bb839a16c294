"""What the stage says of one locale's pages, as keys: where they are the old ones, MkDocs need not be asked."""

from __future__ import annotations

from functools import lru_cache

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Locale
from kbtool.site.mkdocs.remembered import key_of
from kbtool.site.stage.about import About
from kbtool.site.stage.stage import Stage


@lru_cache(maxsize=65536)
def _text(told: About | None) -> str:
    """In words; what is known of an original is asked for once for each locale."""
    return repr(told)


#: the titles that were asked for last, and the locales of each article: the same for all locales that a process builds
_asked: list[tuple[object, dict[str, str]]] = []


def _locales_of(stage: Stage) -> dict[str, str]:
    """The locales that each article is there in, in words."""
    if not (_asked and _asked[0][0] is stage.titles):
        found: dict[str, str] = {}
        for locale in stage.locales:
            for path in stage.titles.get(locale, ()):
                found[path] = f"{found[path]} {locale}" if path in found else locale
        _asked[:] = [(stage.titles, found)]
    return _asked[0][1]


class PageKeys:
    """Keys for all pages of a locale; `key` stands for what they depend on whatever the stage says."""

    def __init__(self, stage: Stage, locale: Locale, key: str) -> None:
        self.stage, self.locale = stage, locale
        own = stage.titles[locale]
        titles = [own.get(path, title) for path, title in stage.titles[stage.source].items()]
        paths = list(stage.titles[stage.source])
        together = (stage.nav, stage.tags, stage.lists, list(stage.extras.items()), stage.articles, stage.locales)
        self.common = key_of(key, paths, titles, *together)
        self._there = _locales_of(stage)
        # agents see how far customers may trust each translation
        self._notices = (locale,) if stage.reader == PUBLIC else stage.locales

    def of(self, name: str) -> str:
        """What the stage says of a page, by its file below docs/ of the stage: `de/billing/refunds.md`."""
        stage, at = self.stage, self.locale
        text, _, path = name.partition("/")
        said = [stage.notices.get((x, path)) for x in self._notices]
        return key_of(
            stage.digests.get(f"docs/{name}", ""), self._there.get(path, ""),
            repr(said) if any(said) else "", stage.audiences.get(path, ""),
            *[_text(stage.about.get((x, path))) for x in dict.fromkeys((text, at, stage.source))],
        )  # fmt: skip
