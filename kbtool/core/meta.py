"""Front matter as values: what an article says about itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import yaml

from kbtool.core.errors import Refused

#: `---` on the first line (after a byte order mark, maybe) up to the next `---` or `...` line, as MkDocs reads it
FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)

#: what may stand before front matter that a person believes to be at the beginning
_BEFORE = re.compile(r"(?:\ufeff|[ \t\r]*\n|[ \t]*<!--.*?-->)*", re.S)
#: lines such as `key: value`, as MultiMarkdown has them, and MkDocs too where no line `---` comes first
_KEYS = re.compile(r"(?: {0,3}[\"']?[\w-]+[\"']?[ \t]*:.*\n?)+")
_AUDIENCE = re.compile(r"^[ ]{0,3}[\"']?audience[\"']?[ \t]*:", re.I | re.M)

#: `title: Two or more plain words`, or one that begins with a letter of another alphabet than ours, and nothing else: a
#: text to every reader of YAML, and written so by every writer
PLAIN_WORDS = r"(?:[^\W\d_][\w.,()'-]*(?: [\w.,()'-]+)+|[^\x00-\x7f\W\d_][\w.,()'-]*)"
_PLAIN_LINES = re.compile(rf"(?:[a-z_]+: {PLAIN_WORDS}\n)+")
_PLAIN_FRONT = re.compile(rf"---\n({_PLAIN_LINES.pattern})---\n")
#: keys that are no texts to YAML
ODD_KEYS = frozenset({"yes", "no", "on", "off", "true", "false", "null"})
_KEY = re.compile(r"^[\"']?([\w-]+)[\"']?[ \t]*:", re.M)
_QUOTE = 'put a text with a colon in it or a sign before it in quotes: title: "Refunds: who gets one"'


class _Loader(yaml.SafeLoader):
    """YAML without anchors and aliases: a few lines of them can ask for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # not in its stubs
            raise Refused("YAML aliases are not allowed in front matter", where=f"line {mark.line + 2}")
        return super().compose_node(parent, index)


def front_matter(text: str) -> Mapping[str, Any]:
    """The front matter's keys and values; empty where there is none.

    Raises Refused with `line N` where it is not a YAML mapping, or uses aliases.
    """
    found = FRONT.match(text)
    if not found:
        return {}
    if _PLAIN_LINES.fullmatch(found[1]) and ODD_KEYS.isdisjoint(plain := _plainly(found[1])):
        return plain
    if (quick := _quickly(found[1])) is not None:
        return quick
    try:
        values = yaml.load(found[1], _Loader)  # noqa: S506 – _Loader is a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        raise Refused(f"front matter is not YAML: {error.problem}", where=f"line {line}", hint=_QUOTE) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(f"front matter is not YAML: {error}", where="line 1") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise Refused("front matter is not a mapping of keys to values", where="line 2")
    return {str(k): v for k, v in values.items()}


def plain_front_matter(text: str) -> tuple[Mapping[str, Any], str] | None:
    """The front matter and what follows it, for a text that begins with nothing but plain words behind plain keys."""
    found = _PLAIN_FRONT.match(text)
    if not found or not ODD_KEYS.isdisjoint(plain := _plainly(found[1])):
        return None
    return plain, text[found.end() :]


def _plainly(head: str) -> dict[str, Any]:
    """The same where there are but plain words behind plain keys, for which no parser is needed."""
    pairs = (line.partition(": ") for line in head[:-1].split("\n"))
    return {key: value for key, _, value in pairs}


def _quickly(head: str) -> Mapping[str, Any] | None:
    """The same by the parser written in C, where nothing can be wrong and there are no aliases."""
    if "*" in head or "&" in head or not hasattr(yaml, "CSafeLoader"):
        return None
    try:
        values = yaml.load(head, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None  # the other one knows how to say what is wrong
    return {str(k): v for k, v in values.items()} if isinstance(values, dict) else None


def field(text: str, key: str) -> object:
    """One field's value; None where it is not there. Reads the YAML only where the key occurs at all."""
    found = FRONT.match(text)
    if not found or key not in found[1]:
        return None
    return front_matter(text).get(key)


def declared_audience(text: str) -> object:
    """What front matter says of the audience: None for nothing, a text that is no audience where it cannot be read.

    `audience:` with nothing behind it, misspelt or outside of front matter is not public either: somebody meant to say
    something.
    """
    found = FRONT.match(text)
    if found and "audience" in found[1].lower():
        try:
            values = front_matter(text)
        except Refused:
            return "unreadable"
        for key, value in values.items():
            if key.strip().lower() == "audience":
                return value if value is not None else "empty"
    return "astray" if audience_astray(text) else None


def audience_astray(text: str) -> tuple[int, str, str] | None:
    """Where an audience was meant to be declared and is not: the line, what is wrong, and what to do.

    Its key is misspelt; or it stands in front matter that never ends, or that something comes before; among the first
    lines of a text without `---`; or right below front matter that ends too early.
    """
    front = FRONT.match(text)
    for found in _KEY.finditer(front[0]) if front else ():
        if _is_nearly_audience(found[1].lower()):
            return text.count("\n", 0, found.start()) + 1, f"{found[1]}: is no field", "write audience:"
    if "audience" not in text.lower():
        return None
    body = _BEFORE.sub("", text[front.end() :] if front else text, count=1)
    keys = _KEYS.match(body)
    meant = body if not front and body.startswith("---") else keys[0] if keys else ""
    if not (astray := _AUDIENCE.search(meant)):
        return None
    line = text.count("\n") - body.count("\n", astray.start()) + 1
    return line, "audience: stands outside of front matter", "put it between two lines --- at the beginning of the file"


@cache
def _is_nearly_audience(key: str) -> bool:
    return key != "audience" and bool(get_close_matches(key, ("audience",), cutoff=0.8))
