"""Where a page points: links and images, with their lines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from kbtool.site.fences import fenced
from kbtool.site.stage.clean import outside_code

_INLINE = re.compile(r"\]\(\s*(?:<([^>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))+))")
_DEFINED = re.compile(r"^[ \t>]*\[(?!\^)[^\]\n]+\]:[ \t]*(?:\n[ \t]+)?(?:<([^>\n]*)>|(\S+))", re.M)
_ATTRIBUTE = re.compile(
    r"(?:^|[\s\"'])(?:href|src|poster|data|data-src|xlink:href|action)\s*=\s*"
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))",
    re.I,
)
_SRCSET = re.compile(r"\ssrcset\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")\s]+)", re.I)
#: it begins with a plain character: for such a pattern `re` knows at once where it cannot begin
_CODE_SPAN = re.compile(r"(`(?<![`\\]`)`*)(?!`)((?:[^\n]|\n(?![ \t]*\n))+?)(?<!`)\1(?!`)")


_PLAIN = re.compile(r"[\w.-][\w./-]*", re.ASCII)  #: a path and nothing else


@dataclass(frozen=True, slots=True)
class Link:
    """One target as written, and its line."""

    target: str
    line: int


#: what ignoring case also takes for an i, an s or a k
_ODD_LETTERS = "\u0130\u0131\u017f\u212a"
_NAMES = ("href", "src", "poster", "data", "action")


def links(text: str) -> list[Link]:
    """Every link and image of a page, those in code left out."""
    prose = _prose(text)
    found, line, last = [], 1, 0
    for at, target in sorted(_targets(prose)):
        line += prose.count("\n", last, at)
        last = at
        found.append(Link(target, line))
    return found


def link_targets(text: str) -> list[str]:
    """The same without their lines."""
    found = _targets_in_words(text)
    return [target for _, target in sorted(_targets(_prose(text)))] if found is None else found


def _targets_in_words(text: str) -> list[str] | None:
    """The same, where nothing points anywhere but `[…](target)` among words, for which no code need be taken away."""
    if {_INLINE, *_patterns(text)} != {_INLINE} or ("=" in text and _may_have("srcset", text)):
        return None
    marks = [at for mark in ("```", "~~~") for at in (text.find(mark), text.rfind(mark)) if at >= 0]
    first, last = min(marks, default=len(text)), max(marks, default=-1)
    found = []
    for link in _INLINE.finditer(text):
        at = link.start()
        if first < at < last or "`" in link[0] or text[at + 2].isspace() or not _is_among_words(text, at):
            return None
        if target := link[1] or link[2]:
            found.append(target)
    return found


def _is_among_words(text: str, at: int) -> bool:
    """Whether surely no code span reaches from the lines before to a place: each closes its own with single marks."""
    before = text[text.rfind("\n\n", 0, at) + 1 : at]
    if "`" not in before:
        return True
    return "``" not in before and "\\" not in before and not any(line.count("`") % 2 for line in before.split("\n"))


def _prose(text: str) -> str:
    """The page without what is code, line by line."""
    if (quick := _plain_prose(text)) is not None:
        return quick
    prose = outside_code(text, lambda stretch: _blank(_CODE_SPAN, stretch) if "`" in stretch else stretch)
    return _without_fences(prose)


def _plain_prose(text: str) -> str | None:
    """The same in one go; None where code spans go over lines, or where there are more marks of fences than fences."""
    prose = _without_fences(text)
    if "`" in prose:
        if "```" in prose or any("\n" in found[2] for found in _CODE_SPAN.finditer(prose)):
            return None
        prose = _CODE_SPAN.sub(r"\1\1", prose)
    return None if "```" in prose or "~~~" in prose else prose


def _targets(prose: str) -> Iterator[tuple[int, str]]:
    for pattern in _patterns(prose):
        for found in pattern.finditer(prose):
            target = next((g for g in found.groups() if g), "")
            if target:
                yield found.start(), target
    if "=" in prose:
        for found in _SRCSET.finditer(prose) if _may_have("srcset", prose) else ():
            for candidate in (found[1] or found[2] or "").split(","):
                if candidate.split():
                    yield found.start(), candidate.split()[0]


def _patterns(prose: str) -> Iterator[re.Pattern[str]]:
    """Those that may match: to look for what they need is much quicker than to try them everywhere."""
    if "](" in prose:
        yield _INLINE
    if "]:" in prose:
        yield _DEFINED
    if "=" in prose and (_gives_address(prose) or _has_odd_letters(prose)):
        yield _ATTRIBUTE
    if ("l(" in prose or "L(" in prose) and _may_have("url(", prose):
        yield _CSS_URL


def _may_have(words: str, prose: str) -> bool:
    return words in prose.lower() or _has_odd_letters(prose)


def _has_odd_letters(prose: str) -> bool:
    return any(letter in prose for letter in _ODD_LETTERS)


def _gives_address(prose: str) -> bool:
    """Whether the name of such an attribute stands before an equals sign."""
    at = prose.find("=")
    while at >= 0:
        before = prose[max(at - 64, 0) : at].rstrip()
        if len(before) < len("poster") or before[-6:].lower().endswith(_NAMES):
            return True
        at = prose.find("=", at + 1)
    return False


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """Code spans without what is in them, lines kept."""
    return pattern.sub(lambda m: m[1] + "\n" * m[2].count("\n") + m[1], text)


def _without_fences(text: str) -> str:
    if "```" not in text and "~~~" not in text:
        return text
    lines = text.split("\n")
    return "\n".join("" if code else line for line, code in zip(lines, fenced(lines), strict=True))


@lru_cache(4096)  # an article has the same links in all its languages
def targets(target: str, page: str) -> tuple[str, ...]:
    """The paths below docs/ that a link on `page` may mean, without query and fragment; none where it leads elsewhere.

    Markdown links count from the page's file, those in HTML from its address, so the second reading is one folder down.
    A path that climbs out of docs/ is given as it is, with its leading `..`.
    """
    path = target if _PLAIN.fullmatch(target) else _path(target)
    if not path:
        return ()
    if path.startswith("/"):
        return (posixpath.normpath(path.lstrip("/")) if path.strip("/") else ".",)
    here = posixpath.dirname(page)
    address = here if posixpath.basename(page) in ("index.md", "README.md") else page.removesuffix(".md")
    return tuple(dict.fromkeys(posixpath.normpath(posixpath.join(base, path)) for base in (here, address)))


def _path(target: str) -> str:
    """The path of a link to this very site; empty for any other."""
    try:
        parts = urlsplit(target.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc:
        return ""
    return unquote(parts.path).replace("\\", "/")


def page_names(path: str) -> tuple[str, ...]:
    """The ways in which a link may name an article: its file, and its address with and without the last part."""
    stem = path.removesuffix(".md")
    names = [path, stem, f"{stem}.html", f"{stem}/index.html"]
    if posixpath.basename(stem) in ("index", "README"):
        folder = posixpath.dirname(stem) or "."
        names += [folder, f"{folder}/index.html"]
    return tuple(names)
