"""What the stage says of one locale's pages, in words: where they are the old ones, MkDocs need not be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Locale
from kbtool.site.mkdocs.remembered import key_of
from kbtool.site.stage.about import About
from kbtool.site.stage.stage import Stage


@lru_cache(maxsize=4096)
def _days(days: tuple[object, ...]) -> str:
    """Stands for the days of a page, which it shares with others."""
    return key_of(repr(days))


def _told(about: About | None) -> str:
    return f"{about.version} {_days(about[1:])}" if about else ""


@dataclass(slots=True)
class _Shared:
    """What is said of articles in whatever locale they are shown."""

    titles: object = None  #: by which a stage is told from others
    originals: dict[str, str] = field(default_factory=dict)  #: path → in which locales, for whom, and of the original
    notices: dict[str, str] = field(default_factory=dict)  #: path → stands for those in all locales

    @classmethod
    def of(cls, stage: Stage) -> _Shared:
        found: dict[str, str] = {}
        for locale in stage.locales:
            for path in stage.titles.get(locale, ()):
                found[path] = f"{found[path]} {locale}" if path in found else locale
        for path, locales in found.items():
            about = _told(stage.about.get((stage.source, path)))
            found[path] = f"{locales} {stage.audiences.get(path, '')} {about}"
        said: dict[str, list[object]] = {}
        for (locale, path), notices in stage.notices.items() if stage.reader != PUBLIC else ():
            said.setdefault(path, []).append((locale, notices))
        return cls(stage.titles, found, {path: key_of(repr(each)) for path, each in said.items()})


#: that of the stage that was asked about last: all locales which a process builds one after another are of one
_last: list[_Shared] = [_Shared()]


class PageKeys:
    """Keys for all pages of a locale; `key` stands for what they depend on whatever the stage says."""

    def __init__(self, stage: Stage, locale: Locale, key: str) -> None:
        self.stage, self.locale = stage, locale
        own = stage.titles[locale]
        titles = [own.get(path, title) for path, title in stage.titles[stage.source].items()]
        paths = list(stage.titles[stage.source])
        together = (stage.nav, stage.tags, stage.lists, list(stage.extras.items()), stage.articles, stage.locales)
        self.common = key_of(key, paths, titles, *together)
        if _last[0].titles is not stage.titles:
            _last[0] = _Shared.of(stage)
        self._shared = _last[0]

    def of(self, name: str) -> str:
        """What the stage says of a page, by its file below docs/ of the stage: `de/billing/refunds.md`."""
        stage, at = self.stage, self.locale
        path = name.partition("/")[2]
        digest, shared = stage.digests.get(f"docs/{name}", ""), self._shared.originals.get(path, "")
        own = _told(stage.about.get((at, path))) if at != stage.source else ""
        return f"{digest} {shared} {own} {self._notices(path)}"

    def _notices(self, path: str) -> str:
        if self.stage.reader != PUBLIC:  # agents see how far customers may trust each translation
            return self._shared.notices.get(path, "")
        said = self.stage.notices.get((self.locale, path))
        return key_of(repr(said)) if said else ""
