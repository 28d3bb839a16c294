"""Takes stock of a knowledge base: what this edition may show, and all the rest."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from kbtool.checks.audit.audiences import Audiences
from kbtool.checks.audit.labels import MENU, TAGS, labels
from kbtool.checks.audit.layers import Blob, Opener, Text
from kbtool.checks.audit.media import essence, hidden_texts
from kbtool.checks.audit.memory import Memory, as_list, heavy, key_of, light, scanner_key, sign
from kbtool.checks.audit.passages import Passage, passages_of, passages_of_text, values
from kbtool.checks.audit.plain import link_pattern, targets
from kbtool.checks.audit.reader import Article, read_article
from kbtool.checks.audit.words import peel, said, views

_MARKDOWN = (".md", ".markdown")
_PROPOSAL = re.compile(r"^[ ]*proposal:(.*\n(?:[ ]{4,}.*\n)*)", re.MULTILINE)
_SECRETS = (".env", ".env.local", ".env.production", ".git/config", ".netrc", ".pypirc")
_LARGEST = 20_000_000
_REDIRECTS = "_data/redirects.yml"
_SCALAR = r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^\s\"'#][^\n]*?)"
_REDIRECT = re.compile(rf"(?:{_SCALAR}):[ \t]+(?:{_SCALAR})[ \t]*")


@dataclass(slots=True)
class Source:
    """One article or translation; taken apart only if that was not done before."""

    path: str
    file: Path
    shown: str
    locale: str  #: "" for an original
    follows: str | None
    key: str  #: stands for all that it says
    audience: str = ""
    data: bytes | None = None  #: as it was read, if it had to be
    said: list[bytes] | None = None  #: the words of its public texts, once it has been taken apart
    article: Article | None = None

    def read(self, audiences: Audiences) -> Article:
        if self.article is not None:
            return self.article
        data = self.data if self.data is not None else self.file.read_bytes()
        text = data.decode("utf-8", "replace")
        article = read_article(self.path, self.shown, text, audiences, self.follows)
        if not self.locale and self.path.startswith("_data/"):
            article = replace(article, audience=_of_data(self.path, audiences))
        self.article = article
        return article


@dataclass(slots=True)
class Stock:
    """All that the sources hold, parted for one edition."""

    internal: list[Passage] = field(default_factory=list)
    public: list[bytes] = field(default_factory=list)
    pages: dict[str, Article] = field(default_factory=dict)  #: articles that are pages of the edition, by path
    locales: set[str] = field(default_factory=set)
    #: files that pages of the edition use: path → essence, one for each language that has its own
    assets: dict[str, set[bytes]] = field(default_factory=dict)
    internal_assets: dict[bytes, str] = field(default_factory=dict)  #: essence → the file nobody may see
    internal_paths: set[str] = field(default_factory=set)  #: the same files by name, relative to docs/

    sources: list[Source] = field(default_factory=list)  #: what else is said to the public: the articles
    closed: set[str] = field(default_factory=set)  #: how links may call internal articles

    def publish(self, text: str) -> None:
        for view in views(peel(text)[0]):
            self.public.append(said(view))


@dataclass(frozen=True, slots=True)
class _Base:
    """The files of a knowledge base, found and sorted."""

    root: Path
    audiences: Audiences
    reader: str
    articles: list[Source]
    others: list[tuple[str, Path]]  #: every other file: its path relative to docs/ (or to its locale's folder)
    memory: Memory
    used: set[str] = field(default_factory=set)  #: what public pages point to

    def shown(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()

    def may_show(self, audience: str) -> bool:
        return self.audiences.may_read(self.reader, audience)


def take_stock(root: Path, audiences: Audiences, reader: str, memory: Memory | None = None) -> Stock:
    """Read everything below docs/ and translations/ and part it into what `reader` may see and what not."""
    base = _Base(root, audiences, reader, [], [], memory or Memory())
    stock = Stock()
    _find_articles(base, stock)
    internal = [source.path for source in base.articles if not base.may_show(source.audience)]
    closed = stock.closed = _names_of(internal)
    way = key_of(reader, *sorted(closed))
    for source in base.articles:
        source.key = key_of(source.key, way)
        _sort_source(base, stock, source, closed)
    _sort_assets(base, stock)
    _sort_names(base, stock, internal)
    _sort_labels(base, stock, internal)
    for name in _SECRETS:
        if (root / name).is_file():
            text = (root / name).read_text("utf-8", "replace")
            stock.internal += passages_of_text(text, name, audiences.staff, "loose")
            stock.internal.append(Passage(text, name, 1, audiences.staff, "loose"))
    return stock


def _sort_source(base: _Base, stock: Stock, source: Source, closed: set[str]) -> None:
    """Part one article, or remember how it was parted."""
    known = base.memory.get(f"part {source.key}")
    if known is None:
        alone = Stock()
        article = source.read(base.audiences)
        used = _sort_article(base, alone, article, source.locale, closed)
        pages = [light(page) for page in alone.pages.values()]
        known = [as_list(alone.internal), pages, sorted(used)]
        base.memory.note(f"part {source.key}", known)
        source.said, source.article = alone.public, None
    internal, pages, used = known
    stock.internal += [Passage(*passage) for passage in internal]
    stock.pages.update((page[0], heavy(page)) for page in pages)
    stock.sources.append(source)
    base.used.update(used)


def publicly_said(source: Source, audiences: Audiences, reader: str, closed: set[str]) -> list[bytes]:
    """What an article says to the public, taken apart again if it was remembered until now."""
    if source.said is None:
        alone = Stock()
        base = _Base(source.file.parent, audiences, reader, [], [], Memory())
        _sort_article(base, alone, source.read(audiences), source.locale, closed)
        source.said, source.article = alone.public, None
    return source.said


def _sort_labels(base: _Base, stock: Stock, internal: Collection[str]) -> None:
    """Titles in the menu and tags in other languages: those of internal pages are internal."""
    fields = [f for a in stock.pages.values() for f in a.fields if f.key.strip().lower() == "tags"]
    tags = {text.strip(" \"'[]").casefold() for field in fields for text in values(field.value)}
    for label in labels(base.root, internal, tags):
        if label.closed:
            stock.internal.append(Passage(label.text, base.shown(label.file), label.line, base.audiences.staff))
        else:
            stock.publish(label.text)


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for here, _, names in os.walk(folder):
        at = Path(here).relative_to(folder).as_posix()
        place = Path(here)
        for name in sorted(names):
            yield name if at == "." else f"{at}/{name}", place / name


def _read(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def _find_articles(base: _Base, stock: Stock) -> None:
    originals: dict[str, str] = {}
    how = base.audiences
    rules = key_of(scanner_key(), repr(how.rules), repr(how.order), *sorted(how.fields), "", *sorted(how.plain_blocks))
    for path, file in _walk(base.root / "docs"):
        if path.endswith(_MARKDOWN) and not file.is_symlink():
            source = _source(base, path, file, "", None, rules)
            originals[path] = source.audience
            base.articles.append(source)
        else:
            base.others.append((path, file))
    for locale in sorted(p for p in (base.root / "translations").glob("*") if p.is_dir()):
        stock.locales.add(locale.name)
        for path, file in _walk(locale):
            if path.endswith(_MARKDOWN) and not file.is_symlink():
                follows = originals.get(path, base.audiences.order[-1])
                base.articles.append(_source(base, path, file, locale.name, follows, rules))
            elif path.endswith(".ledger.yml"):
                if text := _proposals(base, file):
                    stock.internal += passages_of_text(text, base.shown(file), base.audiences.staff, "loose")
            elif path not in (MENU, TAGS):
                base.others.append((path, file))


def _source(base: _Base, path: str, file: Path, locale: str, follows: str | None, rules: str) -> Source:
    """An article; one that has been read before, and not been touched since, is not opened."""
    shown = f"translations/{locale}/{path}" if locale else f"docs/{path}"
    name, now = f"file {shown}", [sign(file), rules, follows]
    known = base.memory.get(name)
    if known and known[:3] == now:
        return Source(path, file, shown, locale, follows, known[3], known[4])
    data = file.read_bytes()
    source = Source(path, file, shown, locale, follows, key_of(rules, path, shown, locale, repr(follows), data))
    source.data = data
    source.audience = source.read(base.audiences).audience
    base.memory.note(name, [*now, source.key, source.audience])
    return source


def _proposals(base: _Base, file: Path) -> str:
    """What machines propose in a ledger and nobody has accepted."""
    name, now = f"ledger {base.shown(file)}", sign(file)
    known = base.memory.get(name)
    if known is None or known[0] != now:
        text = _read(file)
        known = [now, "\n\n".join(m[1] for m in _PROPOSAL.finditer(text)) if "proposal:" in text else None]
        base.memory.note(name, known)
    return str(known[1] or "")


def _of_data(path: str, audiences: Audiences) -> str:
    """Data is for the staff, unless a rule of the settings says otherwise."""
    ruled = audiences.ruled(path)
    return audiences.staff if ruled is None else ruled


def _names_of(paths: Iterable[str]) -> set[str]:
    """How links may call internal articles: as files and as addresses."""
    found = set()
    for path in paths:
        stem = path.rpartition(".")[0]
        found |= {path, stem, f"{stem}.html", f"{stem}/index.html"}
        if posixpath.basename(stem) in ("index", "README"):
            found |= {posixpath.dirname(stem), f"{posixpath.dirname(stem)}/index.html"}
    return found - {""}


def _sort_article(base: _Base, stock: Stock, article: Article, locale: str, closed: set[str]) -> set[str]:
    """Part one article; gives the files it points to, if the public may see it."""
    used: set[str] = set()
    if base.may_show(article.audience):
        used = _pointed_to(base, article)
        article = _without_links(article, lambda target: _resolve(article.path, target) in closed)
        shown = "\n".join(line.text for line in article.lines if base.may_show(line.audience))
        stock.publish(shown)
        if not locale and not article.path.startswith("_"):
            stock.pages[article.path] = article
    for passage in passages_of(article, base.audiences):
        if base.may_show(passage.audience):
            stock.publish(passage.text)
        else:
            stock.internal.append(passage)
    return used


def _pointed_to(base: _Base, article: Article) -> set[str]:
    text = "\n".join(line.text for line in article.lines if base.may_show(line.audience))
    fields = "\n".join(f'src="{value}"' for f in article.fields for value in f.value.split())
    found = {*targets(text), *targets(fields)}
    there = posixpath.splitext(article.path)[0] + "/x"
    return {_resolve(article.path, t) for t in found} | {_resolve(there, t) for t in found}


@lru_cache(maxsize=50_000)
def _resolve(path: str, target: str) -> str:
    """The file below docs/ that a link in an article points to, as far as it can be told."""
    target = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(path), target)
    plain = posixpath.normpath(joined)
    # Written for the page's address, one folder deeper, it may mean something else: `../x/` from a.md is x.
    return re.sub(r"^(?:\.\./)+", "", plain)


def _without_links(article: Article, is_closed: Callable[[str], bool]) -> Article:
    """The article without its links to internal pages: their words are not the public's, wherever they stand."""
    text = "\n".join(line.text for line in article.lines)
    rest = link_pattern().sub(lambda m: "\n" * m[0].count("\n") if is_closed(m[2]) else m[0], text)
    if rest == text:
        return article
    lines = zip(article.lines, rest.split("\n"), strict=True)
    return replace(article, lines=tuple(replace(line, text=text) for line, text in lines if text.strip()))


def _sort_assets(base: _Base, stock: Stock) -> None:
    used = _used(base)
    for path, file in base.others:
        if path.startswith("_data/"):
            audience = _of_data(path, base.audiences)
            allowed = base.may_show(audience)
        else:
            audience = base.audiences.strictest([base.audiences.by_folder(path), base.audiences.staff])
            allowed = path in used and base.may_show(base.audiences.by_folder(path)) and not file.is_symlink()
        if not file.is_file() or file.stat().st_size > _LARGEST:
            continue
        data = file.read_bytes()
        if path == _REDIRECTS:
            _sort_redirects(base, stock, data.decode("utf-8", "replace"), base.shown(file))
            continue
        if allowed and not path.startswith("_"):
            stock.assets.setdefault(path, set()).add(essence(data))  # a language may have a picture of its own
        elif not allowed and data:
            stock.internal_assets[essence(data)] = base.shown(file)
            stock.internal_paths.add(path)
        for text in _texts(data):
            if allowed:
                stock.publish(text)
            else:
                kind = "text" if path.startswith("_data/") else "loose"
                stock.internal += passages_of_text(text, base.shown(file), audience, kind)
        for text in hidden_texts(data) if allowed else ():
            stock.internal.append(Passage(text, base.shown(file), 1, base.audiences.staff))
    for value in set().union(*stock.assets.values()):
        stock.internal_assets.pop(value, None)


def _sort_redirects(base: _Base, stock: Stock, text: str, shown: str) -> None:
    """The old addresses of a page are as public as the page; a rule for their folder may say less."""
    for number, line in enumerate(text.split("\n"), 1):
        found = _REDIRECT.fullmatch(line)
        old, new = (
            ("", "") if not found else (next(filter(None, g), "") for g in (found.groups()[:3], found.groups()[3:]))
        )
        locale, _, rest = new.partition("/")
        page = rest if locale in stock.locales else new
        if page in stock.pages and base.may_show(base.audiences.by_folder(old)):
            stock.publish(f"{old}\n\n{new}")
        else:
            stock.internal += [
                replace(p, line=number) for p in passages_of_text(line, shown, base.audiences.staff) if p.text.strip()
            ]


def _texts(data: bytes) -> Iterator[str]:
    """The texts in a file that are texts, not bytes that happen to look like letters."""
    for found in Opener().open(data):
        if isinstance(found, Text) and "\0" not in found.text and found.text.count("�") * 50 < len(found.text):
            yield found.raw or found.text
        elif isinstance(found, Blob):
            continue


def _used(base: _Base) -> set[str]:
    """The files that public pages, the site's settings and public stylesheets point to."""
    used = set(base.used)
    settings = base.root / "mkdocs.yml"
    if settings.is_file():
        used |= {word.strip("\"',[]{}") for word in _read(settings).split()}
    for path, file in base.others:
        if path in used and path.endswith(".css"):
            used |= {_resolve(path, t) for t in targets(_read(file))}
    return used


def _sort_names(base: _Base, stock: Stock, internal: list[str]) -> None:
    """Names of pages as texts: those of public pages may be seen, those of internal ones and their folders not."""
    public = [*stock.pages, *stock.assets]
    stock.public += [said(path.rpartition(".")[0]) for path in public]
    open_folders = {folder for path in public for folder in _folders(path)}
    for path in internal:
        stem = path.rpartition(".")[0]
        names = {stem, posixpath.basename(stem), *(set(_folders(path)) - open_folders)}
        for name in sorted(names - {"index", "README"}):
            stock.internal.append(Passage(name, f"docs/{path}", 1, base.audiences.staff, "name"))


def _folders(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path
