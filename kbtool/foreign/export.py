"""An export of a help desk: the JSON lists of its API, put together record by record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from kbtool.core.errors import Refused
from kbtool.foreign import Left
from kbtool.foreign.tree import Tree

_LISTS = ("categories", "sections", "articles", "translations", "article_attachments", "attachments")

Record = Mapping[str, Any]


class Export:
    """Categories, sections and articles by number, and what they say in each language."""

    def __init__(self, tree: Tree) -> None:
        self.left: list[Left] = []
        self.records: dict[str, dict[str, Record]] = {name: {} for name in ("categories", "sections", "articles")}
        self.where: dict[str, str] = {}  #: article → the file it was read from
        self.texts: dict[tuple[str, str, str], Record] = {}  #: (kind, id, locale) → title, body, draft
        self.attached: dict[str, Record] = {}
        self.restricted: set[tuple[str, str]] = set()  #: (kind, id) of what any record gives to a group of users only
        self.read: set[str] = set()
        for file in sorted(f for f in tree.files if f.endswith(".json")):
            for name, each in lists(tree, file).items():
                self.read.add(file)
                for record in each:
                    self._take(name, record, file)
        counted = Counter(
            str(a.get("source_locale") or a.get("locale") or "en-us").lower() for a in self.records["articles"].values()
        )
        #: the language that most articles were written in
        self.first = counted.most_common(1)[0][0] if counted else "en-us"

    def _take(self, name: str, record: Record, file: str) -> None:
        key = str(record.get("id") or "")
        if name == "translations":
            kind = {"section": "sections", "category": "categories"}.get(
                str(record.get("source_type") or "Article").lower(), "articles"
            )
            self._text(kind, str(record.get("source_id") or ""), record, file)
        elif name in ("article_attachments", "attachments"):
            self.attached[key] = record
        elif key:
            if record.get("user_segment_id") is not None or record.get("user_segment_ids"):
                self.restricted.add((name, key))
            known = self.records[name].get(key)
            # one list per language repeats an article; the one in its own language says what holds for all
            if known is None or record.get("locale") == record.get("source_locale"):
                self.records[name][key] = record
            self._text(name, key, record, file)
            for each in _records(record.get("translations")):
                self._text(name, key, each, file)
            for each in _records(record.get("attachments")):
                self.attached[str(each.get("id") or "")] = each

    def _text(self, kind: str, key: str, record: Record, file: str) -> None:
        locale = str(record.get("locale") or "").lower()
        if key and locale:
            known = self.texts.get((kind, key, locale))
            if known and None not in (known.get("body"), record.get("body")) and known["body"] != record["body"]:
                todo = "look which one is right: the one that was read last came along"
                self.left.append(Left(f"{file}#{key}/{locale}", "two texts of one article", todo=todo))
            self.texts[kind, key, locale] = {
                **(known or {}),
                **{k: v for k, v in record.items() if v is not None or known is None},
                **({"draft": True} if known and known.get("draft") is True else {}),  # one word of a draft is enough
            }
            self.where[f"{key}/{locale}"] = file

    def title(self, kind: str, key: str, locale: str) -> str:
        """What something is called in a language; empty where it has no name in it."""
        said = self.texts.get((kind, key, locale)) or {}
        return " ".join(str(said.get("title") or said.get("name") or "").split())

    def named(self, kind: str, key: str) -> str:
        """What something is called in the first language."""
        record = self.records[kind].get(key) or {}
        return self.title(kind, key, self.first) or " ".join(
            str(record.get("name") or record.get("title") or "").split()
        )

    def chain(self, article: Record) -> list[tuple[str, str]]:
        """The category and the sections around an article, outermost first."""
        found: list[tuple[str, str]] = []
        key, section = str(article.get("section_id") or ""), {}
        while key in self.records["sections"] and ("sections", key) not in found:
            found.insert(0, ("sections", key))
            section = dict(self.records["sections"][key])
            key = str(section.get("parent_section_id") or "")
        category = str(section.get("category_id") or "")
        return [("categories", category), *found] if category in self.records["categories"] else found

    def ordered(self) -> list[str]:
        """Articles by category, section and position, those that are promoted first, as readers saw them."""

        def place(key: str) -> tuple[Any, ...]:
            article = self.records["articles"][key]
            around = tuple(_number(self.records[k][i].get("position")) for k, i in self.chain(article))
            return (
                around,
                not article.get("promoted"),
                _number(article.get("position")),
                self.named("articles", key),
                key,
            )

        return sorted(self.records["articles"], key=place)


def lists(tree: Tree, file: str) -> dict[str, list[Record]]:
    """The lists of records in a JSON file that look like the API's; empty for other files."""
    try:
        said = json.loads(tree.text(file))
    except (ValueError, RecursionError, Refused):
        return {}
    if isinstance(said, list) and said and all(isinstance(x, dict) and "body" in x and "title" in x for x in said):
        said = {"articles" if "source_id" not in said[0] else "translations": said}
    if isinstance(said, dict) and isinstance(said.get("article"), dict):
        said = {"articles": [said["article"]]}
    found = {name: said[name] for name in _LISTS if isinstance(said, dict) and isinstance(said.get(name), list)}
    return {name: _records(each) for name, each in found.items()}


def _records(said: object) -> list[Record]:
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 1e9
