"""The flow `adopt SOURCE`: a help centre made for another tool → Found → settled → docs/ and translations/.

Files are only ever added: what is there already stays as it is, and a second run adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kbtool import store
from kbtool.commands import furnish
from kbtool.core.errors import UsageError
from kbtool.core.ledger import dump_ledger
from kbtool.core.model import Document, Ledger, Locale, Row, State
from kbtool.core.segments import parse
from kbtool.core.states import observe
from kbtool.core.states import settle as tied
from kbtool.foreign import Article, Asset, Left, anchors, kinds
from kbtool.foreign.settle import Settled, settle
from kbtool.foreign.tree import Tree
from kbtool.lock import hold
from kbtool.project import Project
from kbtool.reports import adoption
from kbtool.site.redirects import REDIRECTS


@dataclass(frozen=True, slots=True)
class Count:
    """How the segments of one language came along."""

    articles: int = 0
    tied: int = 0  #: segments of originals that have a translation
    untied: int = 0
    added: int = 0  #: texts of translations that belong to no segment of an original

    def plus(self, other: Count) -> Count:
        return Count(
            self.articles + other.articles, self.tied + other.tied, self.untied + other.untied, self.added + other.added
        )


@dataclass(slots=True)
class Adoption:
    """What came of it."""

    settled: Settled
    target: Path
    dry_run: bool
    files: dict[str, bytes] = field(default_factory=dict)  #: all that belongs into the target
    counts: dict[Locale, Count] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)  #: files that were not there before
    kept: list[str] = field(default_factory=list)  #: files that were there and differ: not overwritten
    left: list[Left] = field(default_factory=list)
    record: str = ""  #: the file with the whole report

    @property
    def incomplete(self) -> bool:
        """Whether an article is missing."""
        return any(each.grave for each in self.left)

    def _all(self) -> list[Article | Asset]:
        return [*self.settled.articles, *self.settled.assets]

    def comes(self, path: str) -> bool:
        """Whether a file is, or will be, exactly what came from the source."""
        file = self.target / path
        return not file.exists() or (file.is_file() and file.read_bytes() == self.files[path])

    def said(self) -> dict[str, Any]:
        """All there is to tell, as plain values."""
        found, source = self.settled.found, self.settled.found.locale
        came = {a.source for a in self._all()}
        inside = {each for each in came if "#" not in each}
        return {
            "kind": found.kind,
            "dry_run": self.dry_run,
            "source_locale": source,
            "articles": len(self.settled.by_locale(source)),
            "translations": len(self.settled.articles) - len(self.settled.by_locale(source)),
            "assets": len(self.settled.assets),
            "redirects": sum(line[:1] != b"#" for line in self.files.get(REDIRECTS, b"").splitlines()),
            "locales": {locale: asdict(count) for locale, count in sorted(self.counts.items())},
            "files": {
                "source": self.settled.files,
                "carried": len(inside),
                "read": len((found.read | found.parts) - inside),
                "left": sum(each.files for each in self.settled.left),
            },
            "written": self.written,
            "kept": self.kept,
            "record": self.record,
            "left": [
                {"path": e.path, "line": e.line, "why": e.why, "todo": e.todo, "files": e.files, "missing": e.grave}
                for e in sorted(self.left, key=lambda e: (e.path, e.line, e.why))
            ],
            "places": [[each.source, _file(each.path, each.locale, source)] for each in self._all()],
            "nav": furnish.menu(found, self.files),
        }


def move_in(
    source: Path, target: Path, *, kind: str = "", locales: Iterable[Locale] = (), fresh: bool = False,
    dry_run: bool = False, tick: Callable[[int, int], None] | None = None,
) -> Adoption:  # fmt: skip
    """Bring the help centre in `source` into the knowledge base at `target`; `fresh` makes one there.

    Raises UsageError where `source` is nothing that kbtool knows, or where one of the folders lies in the other.
    """
    _apart(source, target)
    tree = Tree(source)
    found = kinds.read(tree, kind)
    project = None if fresh else Project.at(target)
    settled = settle(found, tree, tuple(locales), project.settings.audience if project else ())
    if not settled.articles:
        first = "; ".join(str(each) for each in settled.left[:3])
        raise UsageError("no article was found", where=str(source), hint=first or None)
    settled = _anchored(settled, tree, project)
    wanted = tuple(dict.fromkeys(a.locale for a in settled.articles if a.locale != found.locale))
    made = Adoption(settled, target, dry_run, left=list(settled.left))
    made.files = dict(_contents(settled, tree)) | furnish.beside(settled, wanted)
    if project is None:
        made.files |= furnish.fresh(found, wanted, made.files, made.left)
    else:
        made.left += furnish.fitting(project, found, wanted)
    made.files |= dict(_ledgers(made, tick))
    if dry_run:
        made.written = [path for path in made.files if not (target / path).exists()]
        return made
    target.mkdir(parents=True, exist_ok=True)
    with hold(target):
        _write(made)
        _keep(made)
    return made


def _apart(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise UsageError("no such folder", where=str(source))
    here, there = source.resolve(), target.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise UsageError(
            "source and target lie in one another", where=f"{source} → {target}",
            hint="the source is never written to: name a folder outside it, with --out",
        )  # fmt: skip


def _anchored(settled: Settled, tree: Tree, project: Project | None) -> Settled:
    """The same, with links to headings as the new site calls them."""
    followed = list(
        anchors.follow(settled.articles, settled.found, furnish.site_of(settled.found, tree, project), tree)
    )
    left = (each for _, lost in followed for each in lost)
    return replace(settled, articles=tuple(article for article, _ in followed), left=(*settled.left, *left))


def _contents(settled: Settled, tree: Tree) -> Iterator[tuple[str, bytes]]:
    """Articles and the files they show."""
    source = settled.found.locale
    for article in settled.articles:
        yield _file(article.path, article.locale, source), article.text.encode("utf-8", "surrogatepass")
    for asset in settled.assets:
        yield _file(asset.path, asset.locale, source), tree.bytes(asset.source)


def _file(path: str, locale: Locale, source: Locale) -> str:
    return f"docs/{path}" if locale == source else f"translations/{locale}/{path}"


# -- ledgers


def _ledgers(made: Adoption, tick: Callable[[int, int], None] | None) -> Iterator[tuple[str, bytes]]:
    """A ledger for every translation that came along whole: tied to its original, by hand, approved by nobody."""
    source = made.settled.found.locale
    originals = {a.path: a for a in made.settled.by_locale(source)}
    translations = sorted((a for a in made.settled.articles if a.locale != source), key=lambda a: (a.path, a.locale))
    last: tuple[str, Document] | None = None
    for number, article in enumerate(translations, 1):
        path = f"translations/{article.locale}/{article.path}"
        if not (made.comes(path) and made.comes(f"docs/{article.path}")):
            continue
        if last is None or last[0] != article.path:
            last = (article.path, parse(originals[article.path].text))
        rows = tied(last[1], parse(article.text), None).rows
        made.counts[article.locale] = made.counts.get(article.locale, Count()).plus(_count(rows))
        shown = f"{path.removesuffix('.md')}.ledger.yml"
        yield shown, dump_ledger(Ledger(observe(rows)), name=shown).encode()
        if tick:
            tick(number, len(translations))


def _count(rows: Sequence[Row]) -> Count:
    both = [row for row in rows if row.source is not None]
    done = sum(row.target is not None and row.state is not State.MISSING for row in both)
    return Count(1, done, len(both) - done, len(rows) - len(both))


# -- writing


def _write(made: Adoption) -> None:
    """Add what is not there. A ledger stands for its translation: it is only written with it."""
    for path, content in made.files.items():
        file = made.target / path
        if _blocked(made.target, path):
            made.left.append(
                Left(path, "a file or a link stands in the way", todo="move it away, and adopt again", grave=True)
            )
        elif not file.exists():
            store.write_bytes(file, content)
            made.written.append(path)
        elif not path.endswith(".ledger.yml") and file.read_bytes() != content:
            made.kept.append(path)


def _blocked(root: Path, path: str) -> bool:
    """Whether a link, or a file where a folder must be, stands on the way: nothing is written there."""
    at = root
    parts = path.split("/")
    if ".." in parts:
        return True
    for number, part in enumerate(parts, 1):
        at = at / part
        if at.is_symlink() or (at.exists() and at.is_dir() != (number < len(parts))):
            return True
    return False


def _keep(made: Adoption) -> None:
    """The whole report as a file; one that says something else stays, and the new one stands beside it."""
    text = adoption.as_markdown(made.said())
    for number in range(1, 1000):
        name = f"{furnish.RECORD}.md" if number == 1 else f"{furnish.RECORD}-{number}.md"
        file = made.target / name
        if not file.exists() or file.read_text("utf-8") == text:
            break
    made.record = name
    if store.write_text(file, text):
        made.written.append(name)
