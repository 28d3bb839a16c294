"""The settings of a knowledge base: kbtool.toml, or `[tool.kbtool]` in pyproject.toml, read once.

All faults are shown at once, each with its key and, where there is one, the nearest key that exists.
A knowledge base without settings works: source locale from mkdocs.yml's theme language, no target locale, two editions.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kbtool.core.audience import AUDIENCES
from kbtool.core.errors import UsageError
from kbtool.core.globs import matches
from kbtool.core.model import Audience, Locale

MODES = ("off", "hand", "machine-then-review", "machine")
#: BCP 47 as far as help centres use it: de, pt-BR, zh-Hans, es-419, en-GB-oxendict
LOCALE = re.compile(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*")
DURATION = re.compile(r"(\d+)\s*(d|w|m|y)")
DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for some folders and locales; the last policy that matches and says something wins."""

    path: str = "**"
    locales: tuple[Locale, ...] = ()  #: empty: all
    engine: tuple[str, ...] = ()
    mode: str | None = None
    every: int | None = None  #: review interval in days
    owner: str | None = None

    def covers(self, path: str, locale: Locale | None) -> bool:
        return matches(self.path, path) and (not self.locales or locale in self.locales)


@dataclass(frozen=True, slots=True)
class Review:
    """The regular check, and who may approve."""

    every: int = 180  #: days
    four_eyes: bool = False  #: who translated or edited a segment may not approve it
    reviewers: Mapping[Locale, tuple[str, ...]] = field(default_factory=dict)  #: empty: anybody
    views: str | None = None  #: a CSV file of page views (path,views), for the order of the queue
    start: date | None = (
        None  #: first reviews fall due over one interval from this day; None: the settings' first commit
    )


@dataclass(frozen=True, slots=True)
class Budget:
    """Money that engines may cost, in `currency`, counted before anything is sent; None is no limit."""

    run: float | None = None
    month: float | None = None
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything kbtool.toml can say, with its defaults."""

    source: Locale = "en"
    locales: tuple[Locale, ...] = ()
    engine: tuple[str, ...] = ("google",)
    translatable: tuple[str, ...] = ("title", "description", "summary", "keywords")
    audience: tuple[tuple[str, Audience], ...] = ()
    editions: Mapping[str, Audience] = field(default_factory=lambda: {"customers": "public", "agents": "agent"})
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    allow_internal: tuple[str, ...] = ("identity", "pseudo", "memory", "apertium", "firefox")
    tone: Mapping[Locale, str] = field(default_factory=dict)  #: "formal", "informal" or words for a model
    review: Review = field(default_factory=Review)
    budget: Budget = field(default_factory=Budget)
    policies: tuple[Policy, ...] = ()
    owners: tuple[tuple[str, str], ...] = ()  #: folder pattern → owner
    site: Mapping[str, Any] = field(default_factory=dict)  #: what readers get: feedback, contact, analytics …

    def mode(self, path: str, locale: Locale) -> str:
        """How an article is translated into a locale: off, hand, machine-then-review or machine."""
        said = [p.mode for p in self.policies if p.mode and p.covers(path, locale)]
        return said[-1] if said else "machine-then-review"

    def chain(self, path: str, locale: Locale) -> tuple[str, ...]:
        """The engines to try, in order."""
        said = [p.engine for p in self.policies if p.engine and p.covers(path, locale)]
        return said[-1] if said else self.engine

    def interval(self, path: str, locale: Locale | None = None) -> int:
        """Days between two reviews of an original (no locale) or a translation."""
        said = [p.every for p in self.policies if p.every and p.covers(path, locale)]
        return said[-1] if said else self.review.every

    def owner(self, path: str) -> str | None:
        """The owner by folder; front matter and CODEOWNERS are read elsewhere."""
        said = [owner for pattern, owner in self.owners if matches(pattern, path)]
        said += [p.owner for p in self.policies if p.owner and p.covers(path, None)]
        return said[-1] if said else None


def settings_file(root: Path) -> Path | None:
    """kbtool.toml, or a pyproject.toml that has `[tool.kbtool]`."""
    if (own := root / "kbtool.toml").is_file():
        return own
    project = root / "pyproject.toml"
    if project.is_file() and "[tool.kbtool" in project.read_text("utf-8", "replace"):
        return project
    return None


def find_root(start: Path) -> Path:
    """The knowledge base's root: the nearest folder upwards with settings or a mkdocs.yml."""
    for folder in (start, *start.parents):
        if settings_file(folder) or (folder / "mkdocs.yml").is_file():
            return folder
    raise UsageError(
        "no knowledge base here",
        where=str(start),
        hint="run this inside one (a folder with kbtool.toml or mkdocs.yml), name it with -C DIR, "
        "or make a fresh one: kbtool init my-help-centre",
    )


def load_settings(root: Path) -> Settings:
    """The settings of the knowledge base at `root`.

    Raises UsageError that lists every fault of the file.
    """
    path = settings_file(root)
    if path is None:
        return Settings(source=theme_language(root) or "en")
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the settings: {error}", where=path.name) from None
    prefix = ""
    if path.name == "pyproject.toml":
        table, prefix = table["tool"]["kbtool"], "tool.kbtool."
    table.setdefault("source", theme_language(root) or "en")
    faults: list[str] = []
    settings = _settings(_Reader(table, prefix, faults))
    if faults:
        raise UsageError(
            "the settings have faults:\n" + "\n".join(f"  {f}" for f in faults),
            where=path.name,
            hint="every key is explained in docs/reference/settings.md",
        )
    return settings


def theme_language(root: Path) -> str | None:
    """`theme: language:` of mkdocs.yml, read as text so that nothing in it can run."""
    try:
        text = (root / "mkdocs.yml").read_text("utf-8")
    except OSError:
        return None
    theme = re.search(r"^theme:[ \t]*\n((?:[ \t]+.*\n|\s*\n)*)", text + "\n", re.M)
    language = re.search(r"^\s+language:\s*['\"]?([\w-]+)", theme[1], re.M) if theme else None
    return language[1] if language else None


def days(value: object) -> int | None:
    """`"180d"`, `"26w"`, `"6m"`, `"1y"` or a number, as days; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(found[1]) * DAYS[found[2]] if found and int(found[1]) else None


class _Reader:
    """Takes typed values out of a table and notes every fault instead of stopping at the first."""

    def __init__(self, table: Mapping[str, Any], prefix: str, faults: list[str]) -> None:
        self.table, self.prefix, self.faults = table, prefix, faults
        self.seen: set[str] = set()

    def take(self, key: str, default: Any, want: str, accept: Callable[[Any], Any]) -> Any:
        self.seen.add(key)
        if key not in self.table:
            return default
        try:
            found = accept(self.table[key])
        except (TypeError, ValueError, AttributeError):
            found = None
        if found is None:
            self.faults.append(f"{self.prefix}{key} = {self.table[key]!r}: expected {want}")
            return default
        return found

    def text(self, key: str, default: Any = None) -> Any:
        return self.take(key, default, "text", lambda v: v if isinstance(v, str) and v else None)

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        return tuple(self.take(key, default, "text or a list of texts", _texts))

    def one_of(self, key: str, choices: Iterable[str], default: Any = None) -> Any:
        choices = tuple(choices)
        return self.take(key, default, f"one of {', '.join(choices)}", lambda v: v if v in choices else None)

    def days(self, key: str, default: Any = None) -> Any:
        return self.take(key, default, 'days, such as "180d", "26w" or "6m"', days)

    def sub(self, key: str) -> _Reader:
        table = self.take(key, {}, "a table", lambda v: v if isinstance(v, dict) else None)
        return _Reader(table, f"{self.prefix}{key}.", self.faults)

    def done(self) -> None:
        """Whatever was not asked for is a fault: a misspelt key must not be silently nothing."""
        for key in self.table:
            if key not in self.seen:
                near = difflib.get_close_matches(key, self.seen, 1)
                meant = f", did you mean {near[0]!r}?" if near else ""
                self.faults.append(f"{self.prefix}{key}: unknown key{meant}")


def _texts(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str) and value:
        return (value,)
    if isinstance(value, list) and all(isinstance(v, str) and v for v in value):
        return tuple(value)
    return None


def _settings(r: _Reader) -> Settings:
    default = Settings()
    source = r.take("source", "en", 'a locale such as "en" or "pt-BR"', _locale)
    locales = r.take("locales", (), 'a list of locales, such as ["de", "pt-BR"]', _locales)
    if source in locales:
        r.faults.append(f"{r.prefix}locales: {source!r} is the source locale; leave it out")
    settings = Settings(
        source=source,
        locales=tuple(x for x in locales if x != source),
        engine=r.texts("engine", default.engine),
        translatable=r.texts("translatable", default.translatable),
        audience=_audience_rules(r),
        editions=_editions(r) or default.editions,
        engines=r.take("engines", {}, "one table per engine", _tables),
        allow_internal=r.texts("allow_internal", default.allow_internal),
        tone=r.take("tone", {}, "locale = text", _text_map),
        review=_review(r.sub("review")),
        budget=_budget(r.sub("budget")),
        policies=_policies(r),
        owners=tuple(r.take("owners", {}, '"folder/**" = "owner"', _text_map).items()),
        site=r.take("site", {}, "a table", lambda v: v if isinstance(v, dict) else None),
    )
    r.done()
    return settings


def _locale(value: Any) -> Locale | None:
    return value if isinstance(value, str) and LOCALE.fullmatch(value) else None


def _locales(value: Any) -> tuple[Locale, ...] | None:
    found = _texts(value) if value else ()
    return found if found is not None and all(map(_locale, found)) else None


def _tables(value: Any) -> Mapping[str, Mapping[str, Any]] | None:
    return value if isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()) else None


def _text_map(value: Any) -> Mapping[str, str] | None:
    return value if isinstance(value, dict) and all(isinstance(v, str) and v for v in value.values()) else None


def _audience_rules(r: _Reader) -> tuple[tuple[str, Audience], ...]:
    """A misspelt audience in a rule is a fault here, so that it can never quietly mean public."""
    rules = r.take("audience", {}, '"folder/**" = "agent"', _text_map)
    for pattern, audience in rules.items():
        if audience not in AUDIENCES:
            r.faults.append(f"{r.prefix}audience.{pattern!r} = {audience!r}: expected one of {', '.join(AUDIENCES)}")
    return tuple(rules.items())


def _editions(r: _Reader) -> dict[str, Audience]:
    table = r.sub("editions")
    found: dict[str, Audience] = {}
    for name in table.table:
        edition = table.sub(name)
        found[name] = edition.one_of("audience", AUDIENCES, "public")
        if "audience" not in edition.table:
            table.faults.append(f"{edition.prefix}audience is missing: expected one of {', '.join(AUDIENCES)}")
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
            table.faults.append(f"{edition.prefix[:-1]}: an edition's name becomes a folder: use a-z, 0-9 and -")
        edition.done()
    return found


def _review(r: _Reader) -> Review:
    review = Review(
        every=r.days("every", 180),
        four_eyes=r.take("four_eyes", False, "true or false", lambda v: v if isinstance(v, bool) else None),
        reviewers={k: _texts(v) or () for k, v in r.take("reviewers", {}, "locale = [names]", _lists).items()},
        views=r.text("views"),
        start=r.take("start", None, "a day such as 2026-11-01", lambda v: v if type(v) is date else None),
    )
    r.done()
    return review


def _lists(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, dict) and all(_texts(v) for v in value.values()) else None


def _budget(r: _Reader) -> Budget:
    def money(v: Any) -> float | None:
        return float(v) if isinstance(v, int | float) and not isinstance(v, bool) and v >= 0 else None

    budget = Budget(
        run=r.take("run", None, "a number", money),
        month=r.take("month", None, "a number", money),
        currency=r.text("currency", "EUR"),
    )
    r.done()
    return budget


def _policies(r: _Reader) -> tuple[Policy, ...]:
    def tables_only(v: Any) -> list[dict[str, Any]] | None:
        return v if isinstance(v, list) and all(isinstance(p, dict) for p in v) else None

    tables = r.take("policy", [], "[[policy]] tables", tables_only)
    found = []
    for number, table in enumerate(tables, 1):
        p = _Reader(table, f"{r.prefix}policy {number}: ", r.faults)
        found.append(
            Policy(
                path=p.text("path", "**"),
                locales=p.texts("locale"),
                engine=p.texts("engine"),
                mode=p.one_of("mode", MODES),
                every=p.days("every"),
                owner=p.text("owner"),
            )
        )
        p.done()
    return tuple(found)
