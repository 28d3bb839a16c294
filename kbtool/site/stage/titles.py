"""What articles and sections of the menu are called, and the start page of a knowledge base that has none."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kbtool.core.errors import Refused
from kbtool.core.meta import front_matter
from kbtool.core.model import Locale
from kbtool.project import Project
from kbtool.site.stage.desk import Desk
from kbtool.site.stage.nav import Item, in_order, sections

MENU = "nav.yml"  #: the menu's titles as a language says them, beside its translations
_HEADING = re.compile(r"^(?:# +(.+?)[ #]*|(.+?)\n=+)[ \t]*(?:\{[^}\n]*\})?$", re.M)


def title_of(text: str, path: str) -> str:
    """An article's title as MkDocs finds it: its own, or else its file's name."""
    return (
        own_title(text) or posixpath.basename(path.removesuffix(".md")).replace("-", " ").replace("_", " ").capitalize()
    )


def own_title(text: str) -> str:
    """What an article calls itself, in front matter or its first heading; empty if it does not.

    Raises Refused where front matter cannot be read.
    """
    title = front_matter(text).get("title")
    if title:
        return str(title)
    found = _HEADING.search(text)
    return re.sub(r"[*_`]|\[|\]\([^)]*\)", "", (found[1] or found[2])).strip() if found else ""


def bring_start_page(desk: Desk, nav: Iterable[Item], titles: Mapping[str, str]) -> str:
    """Stage a start page for a knowledge base that has none, its articles in the menu's order; gives its title."""
    paths = [p for p in dict.fromkeys((*in_order(nav), *sorted(titles))) if p in titles]
    lines = [f"- [{titles[p].replace('[', '(').replace(']', ')')}](<{p}>)" for p in paths]
    name = str(desk.config.get("site_name") or "Help")
    desk.put(f"docs/{desk.source}/index.md", f"# {name}\n\n{chr(10).join(lines)}\n".encode())
    return name


def section_titles(desk: Desk, locale: Locale, nav: Iterable[Item]) -> dict[str, str]:
    """Menu titles in a target locale, from `translations/<locale>/nav.yml`: only those this edition's menu has."""
    file = desk.project.root / "translations" / locale / MENU
    if not file.is_file():
        return {}
    found = translated_in(desk.project, file)
    return {title: str(found[title]) for title in sections(nav) if found.get(title)}


def translated_in(project: Project, file: Path) -> Mapping[str, Any]:
    """The words of a file with lines such as `Billing: Abrechnung`.

    Raises Refused with file and line where it is something else.
    """
    text = project.read(file)
    try:
        return front_matter(f"---\n{text}\n---\n")
    except Refused as error:
        line = int((error.where or "").removeprefix("line ")) - 1  # of the file, not of the front matter made of it
        what = error.what.replace("front matter is not", "this is not")
        where = f"{project.shown(file)}:{max(line, 1)}"
        raise Refused(what, where=where, hint="one line each, such as Billing: Abrechnung") from None
