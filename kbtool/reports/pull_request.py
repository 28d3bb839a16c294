"""What a branch changes, as a comment for its pull request: Markdown in which nothing that authors wrote is markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from urllib.parse import quote

from kbtool.core.changes import ArticleChange, PullRequest
from kbtool.core.model import Finding, State
from kbtool.reports.terminal import counted

#: the first line, by which a workflow finds the comment that it wrote before
MARKER = "<!-- kbtool:pull-request -->"
SHOWN = (40, 15, 5)  #: articles, and findings; fewer where the comment would become too long
LONGEST = 60_000  #: letters of a comment; GitHub takes 65,536
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF"}
_CUT = 120  #: letters of a title or message


def as_json(found: PullRequest) -> str:
    """The same figures for machines."""
    sums = {name: getattr(found, name) for name in ("sections", "changed", "stale", "missing", "up_to_date")}
    told = {"schema": 1, **sums, **asdict(found)}
    told["articles"] = [{**each, "path": f"docs/{each['path']}"} for each in told["articles"]]
    return json.dumps(told, ensure_ascii=False, indent=1)


def markdown(found: PullRequest, links: str = "") -> str:
    """The comment. `links` is an address to which the path of a file can be added."""
    comments = [_comment(found, links, most) for most in SHOWN]
    return next((comment for comment in comments if len(comment) <= LONGEST), comments[-1])


def _comment(found: PullRequest, links: str, most: int) -> str:
    lines = [MARKER, "### What this changes in the help centre", ""]
    lines += [f"**{headline(found)}**", ""]
    if found.articles:
        lines += ["| Article | Sections | Translations | Characters |", "|---|--:|---|--:|"]
        lines += [_row(each, links) for each in found.articles[:most]]
        lines += [""]
        if len(found.articles) > most:
            lines += [f"… and {len(found.articles) - most} more articles.", ""]
    lines += [*_checks(found.findings, links, most), *(f"> {_text(note)}" for note in found.notes[:5])]
    lines += ["", f"<sub>{_footnote(found)}</sub>", ""]
    return "\n".join(lines)


def headline(found: PullRequest) -> str:
    """One sentence with the figures that matter."""
    to_do = [f"{counted(found.characters, 'character')} to translate"]
    if found.characters:
        to_do.append(f"about {_money(found.cost, found.currency)}")
    if found.unknown:
        return f"It cannot be told what changed: {found.unknown}. The whole help centre has {', '.join(to_do)}."
    if not found.articles:
        return "No article and no translation changes."
    parts = [f"{found.changed:,} of {counted(found.sections, 'section')} {_verb(found.changed, 'change')}"]
    if found.stale:
        parts.append(f"{counted(found.stale, 'translation')} {_verb(found.stale, 'become')} stale")
    if found.missing:
        parts.append(f"{counted(found.missing, 'translation')} {'is' if found.missing == 1 else 'are'} missing")
    if found.up_to_date:
        parts.append(f"{counted(found.up_to_date, 'translation')} {_verb(found.up_to_date, 'catch')} up")
    return "; ".join((*parts, *to_do)) + "."


def _footnote(found: PullRequest) -> str:
    if found.unknown:
        return "As <code>kbtool translate --dry-run</code> counts it."
    return (
        f"Compared with {_code(found.base)}. Sections are headings with what stands below them. Characters and price "
        "are what <code>kbtool translate --dry-run</code> counts for these articles, with all that waits in them."
    )


def _verb(number: int, verb: str) -> str:
    """`1 translation becomes`, `2 translations become`."""
    return verb if number != 1 else f"{verb}es" if verb.endswith("ch") else f"{verb}s"


def _money(cost: float, currency: str) -> str:
    if 0 < cost < 0.01:
        return f"less than 0.01 {_SIGNS.get(currency, _text(currency))}"
    return f"{cost:,.2f} {_SIGNS.get(currency, _text(currency))}"


# -- articles


def _row(each: ArticleChange, links: str) -> str:
    name = each.title if each.title != each.path else ""
    file = f"docs/{each.path}"
    shown = _code(file) if each.is_gone else _link(file, links)
    sections = "removed" if each.is_gone else f"{each.changed} of {each.sections}{' (new)' if each.is_new else ''}"
    was = f"<br>moved from {_code('docs/' + each.moved_from)}" if each.moved_from else ""
    characters = f"{each.characters:,}" if each.characters else "–"
    return f"| {_text(name)}{'<br>' if name else ''}{shown}{was} | {sections} | {_translations(each)} | {characters} |"


def _translations(each: ArticleChange) -> str:
    parts = [f"{locale} becomes stale ({_lacks(lacks)})" for locale, lacks in each.stale.items()]
    parts += [f"{locale} missing" for locale in each.missing]
    parts += [f"{locale} catches up" for locale in each.up_to_date]
    return "<br>".join(parts) or "–"


def _lacks(lacks: Mapping[State, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in lacks.items())


# -- findings


def _checks(findings: Iterable[Finding], links: str, most: int) -> Iterator[str]:
    found = sorted(findings, key=lambda each: (each.severity != "error", each.path, each.line))
    if not found:
        return
    errors = sum(each.severity == "error" for each in found)
    rest = [counted(errors, "error")] if errors else []
    rest += [counted(len(found) - errors, "warning")] if len(found) > errors else []
    yield f"**{' and '.join(rest)} in changed files**"
    yield ""
    for each in found[:most]:
        yield f"- {each.severity}: {_link(each.path, links, each.line)} {_text(each.message)} ({_code(each.rule)})"
    if len(found) > most:
        yield f"- … and {len(found) - most} more: `kbtool check`"
    yield ""


# -- what others wrote


def _link(file: str, links: str, line: int = 0) -> str:
    shown = _code(f"{file}:{line}" if line else file)
    if not links:
        return shown
    anchor = f"?plain=1#L{line}" if line else ""
    return f'<a href="{_attribute(links.rstrip("/"))}/{quote(file)}{anchor}">{shown}</a>'


def _attribute(text: str) -> str:
    return quote(text, safe=":/.~-_%?=")


def _code(text: str) -> str:
    """Text in which code hosts look neither for people nor for issues."""
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    """Text of others: every sign is its number, so that none is markup; nobody is notified, no issue is mentioned."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    plain = plain if len(plain) <= _CUT else plain[: _CUT - 1] + "…"
    return "".join(
        f"&#{ord(c)};&#8288;" if c in "@#" else f"&#{ord(c)};" if c.isascii() and not (c.isalnum() or c == " ") else c
        for c in plain
    )
