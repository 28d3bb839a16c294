"""What came of moving in, for the terminal, for machines, and as a file for the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

SHOWN = 12  #: kinds of things left behind that a terminal shows; the record has all


def as_json(said: Mapping[str, Any]) -> str:
    return json.dumps({"schema": 1, **said}, ensure_ascii=False, indent=1)


def rows(said: Mapping[str, Any]) -> list[Sequence[str]]:
    """One row per language: articles, and how their segments are tied."""
    found: list[Sequence[str]] = [(said["source_locale"], str(said["articles"]), "–", "–", "–")]
    for locale, each in said["locales"].items():
        whole = each["tied"] + each["untied"]
        share = f"{100 * each['tied'] / whole:.1f} %" if whole else "–"
        found.append((locale, str(each["articles"]), share, str(each["untied"]), str(each["added"])))
    return found


HEADS = ("language", "articles", "segments tied", "without translation", "added")


def grouped(said: Mapping[str, Any]) -> list[Sequence[str]]:
    """Why things were left behind, how often, and where first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for each in said["left"]:
        groups.setdefault(str(each["why"]).partition(":")[0], []).append(each)
    ordered = sorted(groups.items(), key=lambda g: (not any(e["missing"] for e in g[1]), -len(g[1])))
    return [(str(len(each)), why, place(each[0]), str(each[0]["todo"])) for why, each in ordered]


def place(each: Mapping[str, Any]) -> str:
    path = str(each["path"])
    path = path if path.isprintable() else path.encode("unicode_escape").decode()
    return f"{path}:{each['line']}" if each["line"] else path


def closing(said: Mapping[str, Any]) -> str:
    files = said["files"]
    verb = "would be written" if said["dry_run"] else "written"
    return (
        f"{said['articles']} articles, {said['translations']} translations, {said['assets']} other files, "
        f"{said['redirects']} redirects; {len(said['written'])} files {verb}. "
        f"Of {files['source']} files in the source {files['carried']} came along, {files['read']} were read as "
        f"settings or are part of articles, {files['left']} are listed."
    )


def as_markdown(said: Mapping[str, Any]) -> str:
    """The whole report; the same for the same source, whenever it is made."""
    files = said["files"]
    lines = [
        "# Adoption", "",
        f"From a {said['kind']} help centre, originals in `{said['source_locale']}`. Nothing is approved.", "",
        f"| | |\n|---|--:|\n| files in the source | {files['source']} |\n| came along | {files['carried']} |",
        f"| read as settings, or part of articles now | {files['read']} |\n| listed below | {files['left']} |",
        f"| redirects from old addresses | {said['redirects']} |", "",
        "| " + " | ".join(HEADS) + " |", "|---|--:|--:|--:|--:|",
        *("| " + " | ".join(row) + " |" for row in rows(said)), "",
    ]  # fmt: skip
    if said["kept"]:
        lines += ["## There already, and not overwritten", "", *(f"- {_code(path)}" for path in said["kept"]), ""]
    whole = [each for each in said["left"] if each["files"] or each["missing"]]
    parts = [each for each in said["left"] if not (each["files"] or each["missing"])]
    lines += _table("## Missing now", [each for each in whole if each["missing"]])
    lines += _table("## Files that did not come along", [each for each in whole if not each["missing"]])
    lines += _table("## Parts that did not come along as they were", parts)
    lines += ["## Where everything is now", "", "| source | now |", "|---|---|"]
    lines += [f"| {_code(old)} | {_code(new)} |" for old, new in said["places"]]
    if said["nav"]:
        lines += ["", "## The menu", "", "```yaml", said["nav"].strip("\n"), "```"]
    return "\n".join(lines) + "\n"


def _table(title: str, left: Sequence[Mapping[str, Any]]) -> list[str]:
    if not left:
        return []
    lines = [f"| {_code(place(each))} | {_cell(each['why'])} | {_cell(each['todo'])} |" for each in left]
    return [title, "", "| where | why | what to do |", "|---|---|---|", *lines, ""]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _code(text: str) -> str:
    return (
        "`" + text.encode("unicode_escape").decode().replace("`", "'").replace("|", "\\|") + "`"
        if not text.isprintable()
        else f"`{text}`".replace("|", "\\|")
    )


def nav_yaml(nav: Iterable[Any]) -> str:
    """A menu as mkdocs.yml has it; empty for none."""
    items = list(nav)
    return "\n" + yaml.safe_dump({"nav": items}, allow_unicode=True, sort_keys=False, width=1000) if items else ""
