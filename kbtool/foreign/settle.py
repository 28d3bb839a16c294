"""What a reader found, made fit to be written: every page is tried, every file is accounted for.

settled.articles + settled.assets + parts + read + left == all files of the source
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kbtool.core.audience import PUBLIC, audience_of
from kbtool.core.errors import KbError, UsageError
from kbtool.core.limits import admit
from kbtool.core.meta import declared_audience, front_matter
from kbtool.core.model import Audience, Locale
from kbtool.core.segments import parse
from kbtool.foreign import Article, Asset, Found, Left
from kbtool.foreign.tree import Tree
from kbtool.settings.keys import LOCALE
from kbtool.site.stage.clean import for_readers
from kbtool.site.stage.links import links, page_names, targets

_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]\\]|\\.)*)\]\((<[^>\n]*>|[^\s()]*)(?:\s+\"[^\"\n]*\")?\)")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".pdf", ".mp4", ".webm", ".woff2")
_TEXTS = (".md", ".mdx", ".markdown", ".rst", ".txt")


@dataclass(frozen=True, slots=True)
class Settled:
    """What can be written, and where every file of the source went."""

    found: Found
    articles: tuple[Article, ...]
    assets: tuple[Asset, ...]
    left: tuple[Left, ...]
    files: int  #: of the source

    def by_locale(self, locale: Locale) -> tuple[Article, ...]:
        return tuple(a for a in self.articles if a.locale == locale)


Rules = Iterable[tuple[str, Audience]]


def settle(found: Found, tree: Tree, only: Collection[Locale] = (), rules: Rules = ()) -> Settled:
    """Try every article, choose the files they use, and list the rest.

    `only` are the target locales wanted, none means all; `rules` say by folder who may read what.
    Raises UsageError where the language of the originals is none.
    """
    if not LOCALE.fullmatch(found.locale):
        raise UsageError(
            f"the originals are in {found.locale!a}, which is no language",
            where=str(tree.root),
            hint="name one in the old settings, such as en or pt-BR",
        )
    left = [*tree.left, *found.left]
    articles = list(_wanted(found, only, tuple(rules), left))
    articles = list(_unlinked(articles, left))
    assets = _used(found, articles, tree)
    settled = {a.source for a in articles} | {a.source for a in assets} | found.parts | found.read
    told = {each.path for each in left if each.files}
    left += [_unused(found, file) for file in tree.files if file not in settled and file not in told]
    left = [each for each in left if not (each.files and each.path in settled)]
    files = len(tree.files) + sum(each.files for each in tree.left)
    return Settled(found, tuple(articles), tuple(assets), tuple(dict.fromkeys(left)), files)


def _wanted(found: Found, only: Collection[Locale], rules: Rules, left: list[Left]) -> Iterator[Article]:
    """The articles that can be read, proved and shown; translations only beside their originals."""
    originals: set[str] = set()
    for article in sorted(found.articles, key=lambda a: (a.locale != found.locale, a.locale, a.path)):
        files = 0 if "#" in article.source else 1
        if article.locale != found.locale:
            if not LOCALE.fullmatch(article.locale):  # it becomes a folder, and a value in the settings
                left.append(
                    Left(article.source, f"in {article.locale!a}, which is no language", files=files, grave=True)
                )
                continue
            if only and article.locale not in only:
                left.append(Left(article.source, f"in {article.locale}, which was not asked for (--to)", files=files))
                continue
            if article.path not in originals:
                todo = f"write its original, docs/{article.path}, and adopt again"
                left.append(Left(article.source, "a translation whose original is not there", todo=todo, files=files))
                continue
        trouble = _trouble(article, files)
        if trouble:
            left.append(trouble)
            continue
        if article.locale == found.locale:
            originals.add(article.path)
        yield replace(article, internal=audience_of(article.path, declared_audience(article.text), rules) != PUBLIC)


def _trouble(article: Article, files: int) -> Left | None:
    """Why an article cannot be written: kbtool could not read it again, or not tell readers apart in it."""
    try:
        admit(article.text)
        parse(article.text)
        front_matter(article.text)
        for_readers(article.text, PUBLIC)
    except KbError as error:
        line = (error.where or "").rpartition(":")[2].removeprefix("line ")
        todo = error.hint or "mend it in the source, and adopt again"
        return Left(article.source, error.what, int(line) if line.isdigit() else 0, todo, files, grave=True)
    return None


def _unlinked(articles: list[Article], left: list[Left]) -> Iterator[Article]:
    """The articles, where public ones no longer link to those for agents: the words stay."""
    hidden = {a.path for a in articles if a.internal}
    names = {name for path in hidden for name in page_names(path)}
    for article in articles:
        if not names or article.path in hidden:
            yield article
            continue

        def plain(found: re.Match[str], article: Article = article) -> str:
            if not any(place in names for place in targets(found[2].strip("<>"), article.path)):
                return found[0]
            left.append(
                Left(
                    article.source,
                    f"a link to an article for agents only is plain text now: {found[2]}",
                    todo="nothing",
                )
            )
            return found[1]

        yield replace(article, text=_LINK.sub(plain, article.text))


def _used(found: Found, articles: Iterable[Article], tree: Tree) -> list[Asset]:
    """The files that articles, the theme and its style sheets show, in the locales that have one of their own."""
    known: dict[str, list[Asset]] = {}
    for asset in found.assets:
        known.setdefault(asset.path, []).append(asset)
    locales = {a.locale for a in articles}
    used: dict[str, Asset] = {}

    def take(path: str) -> None:
        for asset in known.get(path, ()):
            if asset.locale in locales and asset.source not in used:
                used[asset.source] = asset
                if path.endswith(".css"):
                    for inner in _CSS_URL.findall(tree.bytes(asset.source).decode("utf-8", "replace")):
                        take(
                            posixpath.normpath(
                                posixpath.join(posixpath.dirname(path), inner.split("?")[0].split("#")[0])
                            )
                        )

    for article in articles:
        for link in links(article.text):
            for place in targets(link.target, article.path):
                take(place)
    for path in found.theme_files:
        take(posixpath.normpath(path))
    return [used[source] for source in sorted(used)]


def _unused(found: Found, file: str) -> Left:
    """A file that nothing speaks of, with a reason that fits its kind."""
    name = file.lower()
    if any(asset.source == file for asset in found.assets) or name.endswith(_PICTURES):
        return Left(file, "no article shows it", todo="copy it to docs/ if it is needed after all", files=1)
    if name.endswith(_TEXTS):
        return Left(file, "a text outside the articles", todo="copy it to docs/ if readers need it", files=1)
    return Left(
        file, "neither an article nor a file that one shows", todo="nothing, if it belongs to the old site", files=1
    )


def nav_titles(found: Found, locales: Iterable[Locale]) -> Mapping[Locale, Mapping[str, str]]:
    """Menu titles of the locales that come along."""
    return {locale: found.nav_titles[locale] for locale in locales if found.nav_titles.get(locale)}
