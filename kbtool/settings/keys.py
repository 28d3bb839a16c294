"""Every key that the settings may have, and what it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kbtool.core.audience import AUDIENCES
from kbtool.core.model import Audience, Locale
from kbtool.settings.table import Table, as_texts
from kbtool.settings.values import Budget, Policy, Review, Settings

MODES = ("off", "hand", "machine-then-review", "machine")
#: BCP 47 as far as help centres use it: de, pt-BR, zh-Hans, es-419, en-GB-oxendict
LOCALE = re.compile(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*")


def settings_of(r: Table) -> Settings:
    default = Settings()
    source = r.take("source", "en", 'a locale such as "en" or "pt-BR"', _locale)
    locales = r.take("locales", (), 'a list of locales, such as ["de", "pt-BR"]', _locales)
    if source in locales:
        r.fault("locales", f"locales: {source!r} is the source locale; leave it out")
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
    found = as_texts(value) if value else ()
    return found if found is not None and all(map(_locale, found)) else None


def _tables(value: Any) -> Mapping[str, Mapping[str, Any]] | None:
    return value if isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()) else None


def _text_map(value: Any) -> Mapping[str, str] | None:
    return value if isinstance(value, dict) and all(isinstance(v, str) and v for v in value.values()) else None


def _audience_rules(r: Table) -> tuple[tuple[str, Audience], ...]:
    """A misspelt audience in a rule is a fault here, so that it can never quietly mean public."""
    rules = r.take("audience", {}, '"folder/**" = "agent"', _text_map)
    for pattern, audience in rules.items():
        if audience not in AUDIENCES:
            what = f"audience.{pattern!r} = {audience!r}: expected one of {', '.join(AUDIENCES)}"
            r.fault(f"audience.{pattern}", what)
    return tuple(rules.items())


def _editions(r: Table) -> dict[str, Audience]:
    table = r.sub("editions")
    found: dict[str, Audience] = {}
    for name in table.table:
        edition = table.sub(name)
        found[name] = edition.one_of("audience", AUDIENCES, "public")
        if "audience" not in edition.table:
            edition.fault("audience", f"{edition.prefix}audience is missing: expected one of {', '.join(AUDIENCES)}")
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
            edition.fault("", f"{edition.at}: an edition's name becomes a folder: use a-z, 0-9 and -")
        edition.done()
    return found


def _review(r: Table) -> Review:
    review = Review(
        every=r.days("every", 180),
        four_eyes=r.take("four_eyes", False, "true or false", lambda v: v if isinstance(v, bool) else None),
        reviewers={k: as_texts(v) or () for k, v in r.take("reviewers", {}, "locale = [names]", _lists).items()},
        views=r.text("views"),
        start=r.take("start", None, "a day such as 2026-11-01", lambda v: v if type(v) is date else None),
    )
    r.done()
    return review


def _lists(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, dict) and all(as_texts(v) for v in value.values()) else None


def _budget(r: Table) -> Budget:
    def money(v: Any) -> float | None:
        return float(v) if isinstance(v, int | float) and not isinstance(v, bool) and v >= 0 else None

    budget = Budget(
        run=r.take("run", None, "a number", money),
        month=r.take("month", None, "a number", money),
        currency=r.text("currency", "EUR"),
    )
    r.done()
    return budget


def _policies(r: Table) -> tuple[Policy, ...]:
    def tables_only(v: Any) -> list[dict[str, Any]] | None:
        return v if isinstance(v, list) and all(isinstance(p, dict) for p in v) else None

    tables = r.take("policy", [], "[[policy]] tables", tables_only)
    found = []
    for number, table in enumerate(tables, 1):
        p = Table(table, r.faults, f"policy.{number}", f"policy {number}: ")
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
