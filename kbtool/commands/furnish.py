"""What stands around articles that move in: settings, mkdocs.yml with the menu, menu titles, redirects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import yaml

from kbtool.commands.init import starter
from kbtool.core.errors import UsageError
from kbtool.core.model import Locale
from kbtool.foreign import Found, Left
from kbtool.foreign.front import scalar
from kbtool.foreign.settle import Settled, nav_titles
from kbtool.foreign.tree import Tree
from kbtool.project import Project
from kbtool.reports import adoption
from kbtool.site.config import read_config
from kbtool.site.redirects import REDIRECTS

RECORD = "adoption"  #: the name of the file with the whole report


def beside(settled: Settled, wanted: Iterable[Locale]) -> dict[str, bytes]:
    """Redirects and menu titles."""
    files: dict[str, str] = {}
    originals = {a.path for a in settled.by_locale(settled.found.locale)}
    there = {f"{a.locale}/{a.path}" for a in settled.articles} | originals
    lines = [f"{scalar(old)}: {scalar(new)}" for old, new in sorted(settled.found.redirects.items()) if new in there]
    if lines:
        head = "# old place of an article: where it is now – written by kbtool adopt"
        files[REDIRECTS] = "\n".join([head, *lines]) + "\n"
    for locale, titles in nav_titles(settled.found, wanted).items():
        files[f"translations/{locale}/nav.yml"] = "".join(f"{scalar(k)}: {scalar(v)}\n" for k, v in titles.items())
    return {path: text.encode() for path, text in files.items()}


def fresh(found: Found, wanted: Iterable[Locale], there: Collection[str], left: list[Left]) -> dict[str, bytes]:
    """The settings of a fresh knowledge base: those of `kbtool init`, with the source's name, menu and languages.

    `there` are the files that come along; what a person should know about the settings goes to `left`.
    """
    made = {path: text for path, text in _starter(found).items() if not path.startswith(("docs/", "README"))}
    locales = ", ".join(f'"{locale}"' for locale in wanted)
    settings = (
        made["kbtool.toml"]
        .replace('source = "en"', f'source = "{found.locale}"')
        .replace("locales = []", f"locales = [{locales}]")
    )
    if any(path.startswith("docs/internal/") for path in there):
        settings = settings.replace('"internal/**" = "agent"\n', "")
        why = "articles below internal/ were published, so they are for everybody here too"
        left.append(Left("docs/internal/", why, todo='if they are not: "internal/**" = "agent" under [audience]'))
    made["kbtool.toml"] = settings
    made["mkdocs.yml"] = found.mkdocs or made["mkdocs.yml"] + menu(found, there)
    return {path: text.encode() for path, text in made.items()}


def site_of(found: Found, tree: Tree, project: Project | None) -> Mapping[str, Any]:
    """What mkdocs.yml of the knowledge base says or will say, as far as Markdown extensions go."""
    if project is not None:
        return read_config(project.root)
    config: Mapping[str, Any] = (
        read_config(tree.root) if found.mkdocs else yaml.safe_load(_starter(found)["mkdocs.yml"])
    )
    return config


def fitting(project: Project, found: Found, wanted: Iterable[Locale]) -> Iterator[Left]:
    """What the settings of an existing knowledge base must say for this to be seen.

    Raises UsageError where its originals are in another language.
    """
    if project.settings.source != found.locale:
        raise UsageError(
            f"the originals are in {found.locale}, and this knowledge base's are in {project.settings.source}",
            hint="make a knowledge base of its own: --out DIR",
        )
    missing = [locale for locale in wanted if locale not in project.settings.locales]
    if missing:
        yield Left("kbtool.toml", f"the settings lack the languages {', '.join(missing)}", todo="add them to `locales`")
    if found.nav:
        yield Left("mkdocs.yml", "the menu was not merged into yours", todo=f"it stands at the end of {RECORD}.md")


def menu(found: Found, there: Collection[str]) -> str:
    """The menu as mkdocs.yml has it, without articles that did not come along."""
    return adoption.nav_yaml(_present(found.nav, there))


def _present(items: Iterable[object], there: Collection[str]) -> list[object]:
    found: list[object] = []
    for item in items:
        for title, target in item.items() if isinstance(item, dict) else [("", item)]:
            if isinstance(target, list):
                inner = _present(target, there)
                found += [{title: inner}] if inner else []
            elif f"docs/{target}" in there or "://" in str(target):
                found.append({title: target} if title else target)
    return found


#: what Docusaurus, Starlight and help desks write, on top of the starter's
_EXTENSIONS = """\
  - pymdownx.tasklist
  - pymdownx.tilde
"""


def _starter(found: Found) -> dict[str, str]:
    made = dict(starter(found.name or "Help"))
    return {**made, "mkdocs.yml": made["mkdocs.yml"].rstrip("\n") + "\n" + _EXTENSIONS}
