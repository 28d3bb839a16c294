"""Articles that move: `kbtool mv`, renames done by hand, and translations whose original is gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kbtool import store
from kbtool.commands import pages
from kbtool.core.errors import KbError, Refused, UsageError
from kbtool.core.ledger import scalar
from kbtool.core.links import relink
from kbtool.core.model import Locale
from kbtool.history import History
from kbtool.lock import hold
from kbtool.project import Project, Target
from kbtool.site.redirects import REDIRECTS, read_redirects

LEDGER = ".ledger.yml"

#: the share of a ledger's entries that the new article must hold, as git asks of renamed files
_ALIKE = 0.5


def renamed(project: Project, locale: Locale, gone: Iterable[str], new: Iterable[str]) -> Mapping[str, str]:
    """New path → old path of articles renamed without kbtool: their ledgers still know the segments.

    `gone` are articles that have a translation and no original, `new` those that have an original and no translation.
    """
    digests = {path: _digests(project, path) for path in sorted(new)}
    scores = []
    for old in sorted(gone):
        sources = _sources(project, old, locale)
        for path, found in digests.items():
            if sources and (share := len(sources & found) / max(len(sources), 1)) >= _ALIKE:
                scores.append((share, old.rsplit("/", 1)[-1] == path.rsplit("/", 1)[-1], old, path))
    found_moves: dict[str, str] = {}
    for _, _, old, path in sorted(scores, key=lambda each: (-each[0], not each[1], each[2], each[3])):
        if path not in found_moves and old not in found_moves.values():
            found_moves[path] = old
    return found_moves


def _digests(project: Project, path: str) -> set[str]:
    try:
        return {segment.digest for segment in pages.original(project, path).segments}
    except Refused:
        return set()  # `status` shows what is wrong with it


def _sources(project: Project, path: str, locale: Locale) -> set[str]:
    try:
        ledger = project.ledger(path, locale)
    except Refused:
        return set()
    return {entry.src for entry in ledger.entries} if ledger else set()


def follow(project: Project, locales: Iterable[Locale] = ()) -> dict[Target, str]:
    """Move translations and ledgers after originals that were renamed without kbtool; gives target → old path."""
    done: dict[Target, str] = {}
    articles = set(project.articles)
    for locale in project.locales(locales):
        here = set(_articles_in(project.root / "translations" / locale))
        gone = here - articles
        if gone:
            for new, old in renamed(project, locale, gone, articles - here).items():
                _move_translation(project, locale, old, new)
                done[Target(new, locale)] = old
    return done


def _articles_in(folder: Path) -> Iterator[str]:
    """Articles that a locale's folder has a translation or a ledger of."""
    for name in store.all_files(folder):
        path = name.removesuffix(LEDGER) + ".md" if name.endswith(LEDGER) else name
        if path.endswith(".md") and not path.startswith("_"):
            yield path


# -- kbtool mv


@dataclass(frozen=True, slots=True)
class Move:
    """One file that moved, relative to the root."""

    old: str
    new: str


def move(project: Project, old: str, new: str) -> list[Move]:
    """Move an article or a folder with its translations, ledgers and links, and leave redirects.

    Where the original was moved already, the rest follows. Raises UsageError where there is nothing to move, or
    something in the way; nothing is moved then.
    """
    old, new = _below(old), _below(new)
    with hold(project.root):
        plan = _plan(project, old, new)
        where = [project.root / "docs", *(f for f in sorted((project.root / "translations").glob("*")) if f.is_dir())]
        files = [step for folder in where for step in _steps(folder, plan)]
        taken = [target for source, target in files if source.exists() and target.exists()]
        if taken:
            raise UsageError(
                f"{project.shown(taken[0])} is there already", hint="choose another name, or remove it first"
            )
        redirect(project, plan)
        for folder in where:
            _relink(folder, plan)
        done = [Move(project.shown(a), project.shown(b)) for a, b in files if _rename(a, b)]
        _renavigate(project.root / "mkdocs.yml", plan)
    return done


def _below(given: str) -> str:
    """A path relative to docs/, that stays inside it."""
    path = Path(given).as_posix().removeprefix("./").removeprefix("docs/").rstrip("/")
    if not path or path.startswith(("/", "_", ".")) or ".." in path.split("/"):
        raise UsageError(
            f"{given} is no place for an article", hint="paths are relative to docs/, such as billing/refunds.md"
        )
    return path


def _plan(project: Project, old: str, new: str) -> dict[str, str]:
    """Old path → new path of every article that moves."""
    if old.endswith(".md"):
        new = new if new.endswith(".md") else f"{new}/{old.rsplit('/', 1)[-1]}"
        known = old in project.articles or new in project.articles
        found = {old: new} if known and old != new else {}
    else:
        found = {p: new + p[len(old) :] for p in project.articles if p.startswith(f"{old}/")}
    if not found:
        raise UsageError(f"no such article: {old}", hint="paths are relative to docs/, such as billing/refunds.md")
    return found


def _steps(folder: Path, plan: Mapping[str, str]) -> Iterator[tuple[Path, Path]]:
    for old, new in plan.items():
        for suffix in (".md",) if folder.name == "docs" else (".md", LEDGER):
            yield folder / (old[:-3] + suffix), folder / (new[:-3] + suffix)


def _rename(source: Path, target: Path) -> bool:
    if not source.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    for folder in source.parents:
        if folder.name in ("docs", "translations") or any(folder.iterdir()):
            break
        folder.rmdir()
    return True


def _move_translation(project: Project, locale: Locale, old: str, new: str) -> None:
    file = project.translation_file(old, locale)
    if file.is_file():
        store.write_text(file, relink(project.read(file), old, lambda path: new if path == old else path, new))
    for source, target in _steps(project.root / "translations" / locale, {old: new}):
        _rename(source, target)


def _relink(folder: Path, plan: Mapping[str, str]) -> None:
    """Links to and from what moves, in every page of a folder; pages that cannot be read stay as they are."""
    for path in store.markdown_files(folder):
        try:
            text = store.read_text(folder / path)
        except Refused:
            continue
        store.write_text(folder / path, relink(text, path, lambda p: plan.get(p, p), plan.get(path)))


def _renavigate(file: Path, plan: Mapping[str, str]) -> None:
    """The same paths in the `nav` of mkdocs.yml, read as text so that comments and tags stay."""
    if not file.is_file():
        return
    text = store.read_text(file)
    nav = re.search(r"^nav:.*\n(?:(?:[ \t-].*)?\n)*", text + "\n", re.M)
    if nav is None:
        return
    changed = nav[0]
    for old, new in plan.items():
        changed = re.sub(rf"(?<![\w./-]){re.escape(old)}(?![\w./-])", lambda _, new=new: new, changed)  # type: ignore[misc]
    store.write_text(file, (text + "\n").replace(nav[0], changed, 1)[:-1])


def redirect(project: Project, plan: Mapping[str, str]) -> None:
    """Remember where articles went; earlier redirects lead to the newest place, and no address leads to itself."""
    found = {old: plan.get(new, new) for old, new in read_redirects(project.root).items()} | dict(plan)
    found = {old: new for old, new in found.items() if old != new and old not in plan.values()}
    lines = ["# old place of an article: where it is now (both below docs/) – written by kbtool mv"]
    lines += [f"{scalar(old)}: {scalar(new)}" for old, new in sorted(found.items())]
    store.write_text(project.root / REDIRECTS, "\n".join(lines) + "\n")


# -- originals that are gone


def orphans(project: Project, locales: Iterable[Locale] = ()) -> list[Target]:
    """Translations and ledgers whose original is gone, and that follow no renamed one."""
    articles, found = set(project.articles), []
    for locale in project.locales(locales):
        here = set(_articles_in(project.root / "translations" / locale))
        gone = here - articles
        moved = renamed(project, locale, gone, articles - here) if gone else {}
        found += [Target(path, locale) for path in gone - set(moved.values())]
    return sorted(found)


def remove(project: Project, targets: Iterable[Target]) -> list[str]:
    """Delete orphans, files and ledgers; gives what was deleted.

    Raises KbError, and deletes nothing, where a text is not in git: it could not be brought back.
    """
    files = [
        file
        for target in targets
        for file in (
            project.translation_file(target.path, target.locale),
            project.ledger_file(target.path, target.locale),
        )
        if file.is_file()
    ]
    with hold(project.root):
        history = History.of(project.root)
        for file in files:
            if history is not None and not history.is_committed(file):
                raise KbError("not committed, so it could not be brought back", where=project.shown(file),
                              hint="commit it first, then remove it")  # fmt: skip
        for file in files:
            file.unlink()
    return [project.shown(file) for file in files]
