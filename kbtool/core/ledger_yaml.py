"""Ledgers that a person re-formatted: any YAML that says the same, with the line of each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import yaml

from kbtool.core.errors import Refused
from kbtool.core.ledger import read_digest, read_past, read_review, read_stamp, read_waiver
from kbtool.core.model import Digest, Entry, Ledger, Proposal, Stamp

T = TypeVar("T")

_KEYS = ("src", "tgt", "by", "ok", "major", "waived", "was", "proposal", "for", "from")


class Reader:
    """A ledger as YAML nodes, so that every fault has its line; nothing is constructed, aliases are not followed."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where

    def ledger(self) -> Ledger:
        try:
            self.only_plain_lists()
            root = yaml.compose(self.text, yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self.fault(mark.line + 1 if mark else 1, str(error.problem or "not YAML")) from None
        except (yaml.YAMLError, RecursionError) as error:
            raise self.fault(1, f"not YAML: {str(error).splitlines()[0]}") from None
        if root is None or root.value == "":
            return Ledger()
        top = self.mapping(root, ("segments", "reviews"))
        entries = tuple(self.entry(node) for node in self.items(top.get("segments")))
        reviews = tuple(self.read(read_review, node) for node in self.items(top.get("reviews")))
        return Ledger(entries, reviews)

    def only_plain_lists(self) -> None:
        """Stop early at what no ledger has: aliases, and nesting that would take a parser minutes."""
        depth = 0
        for event in yaml.parse(self.text, yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > 4:
                mark = event.start_mark
                raise self.fault(mark.line + 1 if mark else 1, "a ledger has no aliases and no deep nesting")

    def fault(self, line: int, what: str) -> Refused:
        return Refused(
            f"cannot read the ledger: {what}",
            where=f"{self.where}:{line}",
            hint="put back the lines that kbtool wrote (git checkout), or delete the file: "
            "the translation then counts as made by hand, and waits for review",
        )

    def mapping(self, node: yaml.Node, keys: tuple[str, ...]) -> dict[str, yaml.Node]:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(line, f"expected keys ({', '.join(keys)})")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value not in keys:
                raise self.fault(line, f"unknown key {key.value!r}")
            if key.value in found:
                raise self.fault(line, f"{key.value!r} stands twice in one entry")
            found[key.value] = value
        return found

    def items(self, node: yaml.Node | None) -> Iterator[yaml.Node]:
        if node is None or node.value == "":
            return
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(node.start_mark.line + 1, "expected a list")
        yield from node.value

    def read(self, convert: Callable[[str], T], node: yaml.Node) -> T:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            raise self.fault(line, "expected one value")
        try:
            return convert(node.value)
        except ValueError as error:
            raise self.fault(line, str(error)) from None

    def entry(self, node: yaml.Node) -> Entry:
        found, line = self.mapping(node, _KEYS), node.start_mark.line + 1
        for key in ("src", "tgt", "by"):
            if key not in found:
                raise self.fault(line, f"an entry without {key!r}")
        return Entry(
            src=self.read(read_digest, found["src"]),
            tgt=self.read(read_digest, found["tgt"]),
            by=self.read(_word, found["by"]),
            ok=self.read(read_stamp, found["ok"]) if "ok" in found else None,
            waived=self.read(read_waiver, found["waived"]) if "waived" in found else None,
            proposal=self.proposal(found, line),
            past=self.past(found.get("was")),
            major="major" in found and self.read(_truth, found["major"]),
        )

    def past(self, node: yaml.Node | None) -> tuple[tuple[Digest, Digest, Stamp], ...]:
        nodes = [node] if isinstance(node, yaml.ScalarNode) else self.items(node)
        return tuple(self.read(read_past, n) for n in nodes)

    def proposal(self, found: Mapping[str, yaml.Node], line: int) -> Proposal | None:
        if "proposal" not in found:
            return None
        if "for" not in found or "from" not in found:
            raise self.fault(line, "a proposal without 'for' or 'from'")
        return Proposal(
            self.read(str, found["proposal"]), self.read(read_digest, found["for"]), self.read(_word, found["from"])
        )


def _word(text: str) -> str:
    if not text:
        raise ValueError("expected a word, not nothing")
    return text


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"expected true or false, not {text!r}")
    return text == "true"
