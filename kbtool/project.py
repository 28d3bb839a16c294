"""A knowledge base: its folder, its settings, its articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from kbtool import store
from kbtool.core.audience import audience_of
from kbtool.core.errors import Refused, UsageError
from kbtool.core.globs import matches
from kbtool.core.ledger import dump_ledger, load_ledger
from kbtool.core.model import Ledger, Locale
from kbtool.settings import Settings, find_root, load_settings


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One article in one target locale."""

    path: str  #: of the article, relative to docs/
    locale: Locale


@dataclass(frozen=True)
class Project:
    """A knowledge base on disk; paths of articles are relative to docs/, with `/`."""

    root: Path
    settings: Settings

    @classmethod
    def at(cls, start: Path) -> Project:
        """The knowledge base that `start` lies in."""
        root = find_root(start.resolve())
        return cls(root, load_settings(root))

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def cache(self) -> Path:
        """What kbtool remembers on this machine; not in git, safe to delete."""
        return self.root / ".kbtool"

    @cached_property
    def articles(self) -> tuple[str, ...]:
        """All originals. Files of snippets (`docs/_*/`) are parts of articles, not articles."""
        return tuple(p for p in store.markdown_files(self.docs) if not p.startswith("_"))

    @cached_property
    def files(self) -> frozenset[str]:
        """Everything below docs/."""
        return frozenset(store.all_files(self.docs))

    def original_file(self, path: str) -> Path:
        return self.docs / path

    def translation_file(self, path: str, locale: Locale) -> Path:
        return self.root.joinpath("translations", locale, path)

    def ledger_file(self, path: str, locale: Locale) -> Path:
        return self.translation_file(path, locale).with_suffix(".ledger.yml")

    def glossary_file(self, locale: Locale) -> Path:
        return self.root / "translations" / locale / "glossary.csv"

    def shown(self, file: Path) -> str:
        """A file as people see it in messages: relative to the root."""
        try:
            return file.relative_to(self.root).as_posix()
        except ValueError:
            return str(file)

    def read(self, file: Path) -> str:
        """A file's text; Refused names the file relative to the root, and the line."""
        try:
            return store.read_text(file)
        except Refused as error:
            raise Refused(
                error.what, where=(error.where or "").replace(str(file), self.shown(file)), hint=error.hint
            ) from None

    def original(self, path: str) -> str:
        return self.read(self.original_file(path))

    def translation(self, path: str, locale: Locale) -> str | None:
        """The translation's text, None where there is none."""
        try:
            return self.read(self.translation_file(path, locale))
        except FileNotFoundError:
            return None

    def ledger(self, path: str, locale: Locale) -> Ledger | None:
        """The ledger beside a translation, None where there is none.

        Raises Refused with file and line where it cannot be read.
        """
        text = self.ledger_text(path, locale)
        return load_ledger(text, where=self.shown(self.ledger_file(path, locale))) if text is not None else None

    def ledger_text(self, path: str, locale: Locale) -> str | None:
        """The ledger's text as it stands, None where there is none."""
        try:
            return self.read(self.ledger_file(path, locale))
        except FileNotFoundError:
            return None

    def write_translation(self, target: Target, text: str, ledger: Ledger) -> bool:
        """Write a translation and its ledger; gives whether either changed."""
        page, beside = self.translation_file(target.path, target.locale), self.ledger_file(target.path, target.locale)
        return store.write_together(self.root, {page: text, beside: dump_ledger(ledger, name=self.shown(beside))})

    def write_page(self, target: Target, text: str) -> bool:
        """Write a translation alone, as an editor would; its ledger is as it was."""
        return store.write_text(self.translation_file(target.path, target.locale), text)

    def write_ledger(self, target: Target, ledger: Ledger) -> bool:
        file = self.ledger_file(target.path, target.locale)
        return store.write_text(file, dump_ledger(ledger, name=self.shown(file)))

    def audience(self, path: str) -> object:
        """Who may read an article: its front matter, else the folder rules; what cannot be read is not public."""
        try:
            return self.audience_in(path, self.original(path))
        except Refused:
            return "unreadable"

    def audience_in(self, path: str, text: str) -> object:
        """The same, as the article's text says it."""
        from kbtool.core.meta import declared_audience  # YAML is slow to import, and `status` needs none

        return audience_of(path, declared_audience(text), self.settings.audience)

    def fits(self, pattern: str) -> bool:
        """Whether there is anything below docs/ that a folder pattern of the settings fits."""
        return any(matches(pattern, path) for path in chain(self.articles, self.files))

    def locales(self, chosen: Iterable[Locale] = ()) -> tuple[Locale, ...]:
        """The target locales, or those chosen on the command line.

        Raises UsageError for one that the settings do not have.
        """
        chosen = tuple(chosen)
        for locale in chosen:
            if locale not in self.settings.locales:
                known = ", ".join(self.settings.locales) or "none"
                raise UsageError(
                    f"unknown locale {locale!r}", hint=f"target locales in the settings: {known} (key `locales`)"
                )
        return chosen or self.settings.locales

    def select(self, paths: Iterable[str] = ()) -> tuple[str, ...]:
        """Articles by path or folder, given relative to docs/ or to the root; all of them if none is given.

        Raises UsageError for a path that names no article.
        """
        wanted = [_below_docs(p, self.root) for p in paths]
        if not wanted:
            return self.articles
        found: list[str] = []
        for given, path in zip(paths, wanted, strict=True):
            hits = [a for a in self.articles if a == path or path in ("", ".") or a.startswith(path.rstrip("/") + "/")]
            if not hits:
                raise UsageError(
                    f"no such article: {given}", hint="paths are relative to docs/, such as billing/refunds.md"
                )
            found += [h for h in hits if h not in found]
        return tuple(found)

    def targets(self, locales: Iterable[Locale] = (), paths: Iterable[str] = ()) -> Iterator[Target]:
        """Every chosen article in every chosen locale, article by article."""
        chosen = self.locales(locales)
        for path in self.select(tuple(paths)):
            for locale in chosen:
                yield Target(path, locale)


def _below_docs(given: str, root: Path) -> str:
    path = Path(given)
    if path.is_absolute():
        try:
            path = path.resolve().relative_to(root)
        except ValueError:
            return given
    text = path.as_posix()
    return text.removeprefix("./").removeprefix("docs/") if text not in ("docs", "./docs") else ""
