"""`kbtool export`: segments as other people's tools take them.

docs → original → segments ┐
translations → ledger ─────┴→ units → PO, XLIFF or TMX
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kbtool import store
from kbtool.commands.units import Article, Desk
from kbtool.core.errors import KbError, UsageError
from kbtool.core.model import Finding, Locale, State
from kbtool.interchange.formats import SUFFIXES, write
from kbtool.interchange.units import Bundle, Pair, Unit, is_sayable
from kbtool.memory import Memory
from kbtool.project import Project


@dataclass
class Exported:
    """What went out, and what did not."""

    form: str
    files: list[str] = field(default_factory=list)
    units: int = 0
    internal: int = 0  #: segments that stayed here because not everybody may read them
    pairs: int = 0  #: from the memory
    findings: list[Finding] = field(default_factory=list)  #: what could not be written

    @property
    def exit_code(self) -> int:
        return 3 if self.findings else 0

    def lines(self) -> Iterator[str]:
        """The closing report for a terminal."""
        yield from map(str, self.findings)
        yield from self.files
        said = f"{_count(self.units, 'segment')} in {_count(len(self.files), 'file')}"
        if self.pairs:
            said += f", and {_count(self.pairs, 'pair')} from the memory"
        yield said
        if self.internal:
            yield (
                f"{_count(self.internal, 'internal segment')} left out; "
                "--with-internal takes them along, if whoever gets the files may read them"
            )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported, and how."""

    form: str
    version: str = "1.2"
    locales: tuple[Locale, ...] = ()
    paths: tuple[str, ...] = ()
    only: tuple[State, ...] = ()  #: empty: every state; for TMX, what is approved or by a person
    with_internal: bool = False
    with_memory: bool = False
    per_article: bool = False
    template: bool = False


def export(project: Project, order: Order, out: Path) -> Exported:
    """Write the files; `out` is a folder, or with one locale a file with the format's ending.

    Articles that cannot be read are listed and the others go on. Raises UsageError for what does not go together.
    """
    locales = project.locales(order.locales)
    done = Exported(order.form)
    single = _single(order, locales, out)
    desk = Desk(project, with_internal=order.with_internal)
    found: dict[Locale, list[Unit]] = {locale: [] for locale in locales}
    for path in project.select(order.paths):
        for locale in locales:
            try:
                article = desk.article(path, locale)
                if article is not None:
                    found[locale] += _chosen(article, order, done)
            except KbError as error:
                finding = refusal(project, path, error)
                done.findings += [finding] if finding not in done.findings else []
    for locale, units in found.items():
        bundle = Bundle(project.settings.source, locale, tuple(units))
        _write(project, order, bundle, single or out / locale, done)
    return done


def refusal(project: Project, path: str, error: KbError) -> Finding:
    """An article that cannot be read, as a finding."""
    file, _, line = (error.where or project.shown(project.original_file(path))).rpartition(":")
    place = (file, int(line)) if file and line.isdigit() else (error.where or "", 1)
    return Finding("refused", error.what, *place, hint=error.hint or "")


def _single(order: Order, locales: tuple[Locale, ...], out: Path) -> Path | None:
    """The file that was asked for by name, without its ending; None where `out` is a folder."""
    if not _is_file(out, order.form):
        return None
    if len(locales) != 1 or order.per_article:
        raise UsageError(
            f"{out.name} is one file, and {len(locales)} languages are to be written",
            hint="name one language with --to, or a folder with --out",
        )
    return out


def _is_file(place: Path, form: str) -> bool:
    return place.suffix.lower() in ((".xlf", ".xliff") if form == "xliff" else (SUFFIXES[form],))


def _chosen(article: Article, order: Order, done: Exported) -> Iterator[Unit]:
    """The units of an article that were asked for; what stays here is counted."""
    for unit, public in article.units():
        if not _wanted(unit, order):
            continue
        if not (public or order.with_internal):
            done.internal += 1
        elif all(is_sayable(text, order.form) for text in (unit.source, unit.target, unit.proposal, unit.was)):
            yield unit
        else:
            said = "a control character in it, which these formats cannot carry"
            done.findings.append(Finding("character", said, f"docs/{unit.article}", unit.line))


def _wanted(unit: Unit, order: Order) -> bool:
    if order.form == "tmx" and not unit.target:
        return False  # half a pair
    if order.only:
        return unit.state in order.only
    if order.form == "tmx":
        return unit.state is State.APPROVED or (unit.state is State.NEEDS_REVIEW and unit.by == "hand")
    return True


def _write(project: Project, order: Order, bundle: Bundle, place: Path, done: Exported) -> None:
    suffix = SUFFIXES[order.form]
    whole = place if _is_file(place, order.form) else place.with_name(place.name + suffix)
    memory = _memory(project, order, bundle.target)
    parts = _by_article(bundle) if order.per_article else {"": bundle}
    for path, part in parts.items():
        file = place / f"{path.removesuffix('.md')}{suffix}" if path else whole
        _put(project, file, write(order.form, part, version=order.version, memory=memory if not path else ()), done)
        if order.template:
            from kbtool.interchange import po

            _put(project, file.with_suffix(".pot"), po.write(part, template=True), done)
    if memory and order.per_article:
        _put(project, place / f"memory{suffix}", write(order.form, replace(bundle, units=()), memory=memory), done)
    done.units += len(bundle.units)
    done.pairs += len(memory)


def _put(project: Project, file: Path, text: str, done: Exported) -> None:
    store.write_text(file, text)
    done.files.append(project.shown(file))


def _by_article(bundle: Bundle) -> dict[str, Bundle]:
    found: dict[str, list[Unit]] = {}
    for unit in bundle.units:
        found.setdefault(unit.article, []).append(unit)
    return {path: replace(bundle, units=tuple(units)) for path, units in found.items()}


def _memory(project: Project, order: Order, locale: Locale) -> tuple[Pair, ...]:
    """What the memory holds in this language, as far as whoever gets the file may read it."""
    if not order.with_memory:
        return ()
    with Memory.of(project.root) as memory:
        pairs = memory.pairs(project.settings.source, locale, internal=order.with_internal)
        return tuple(Pair(*each) for each in pairs if all(map(is_sayable, each[:2])))


def states(only: Iterable[str]) -> tuple[State, ...]:
    """The states that were named.

    Raises UsageError for a word that is none.
    """
    from kbtool.core.standing import states_named

    found = states_named(only)
    if State.ORPHANED in found:
        raise UsageError("orphaned segments have no original to translate", hint="kbtool orphans lists them")
    return found
