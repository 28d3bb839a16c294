"""MkDocs, alone or with mkdocs-static-i18n: its folder layout (docs/de/page.md) or suffix layout (docs/page.de.md)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from kbtool.core.errors import Refused, UsageError
from kbtool.core.links import relink
from kbtool.core.model import Locale
from kbtool.foreign import Article, Asset, Found, Left, front
from kbtool.foreign.convert import refused
from kbtool.foreign.names import Names, composed
from kbtool.foreign.tree import Tree
from kbtool.foreign.yamlblocks import Blocks
from kbtool.settings.keys import LOCALE
from kbtool.site.config import config_file, options_of, read_config, theme_files

#: plugins that kbtool does the work of, or that do no more than tidy up
_OURS = ("search", "material/search", "i18n", "kbtool", "redirects", "minify", "tags", "material/tags", "privacy")


def is_here(tree: Tree) -> bool:
    return config_file(tree.root) is not None


def read(tree: Tree) -> Found:
    """The articles of a MkDocs site and its mkdocs.yml, ready for kbtool."""
    return _MkDocs(tree).found()


class _MkDocs:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.left: list[Left] = []
        self.config = self._config()
        self.docs = posixpath.normpath(str(self.config.get("docs_dir") or "docs"))
        i18n = options_of(self.config, "plugins", "i18n") or {}
        self.languages = _languages(i18n)
        default = next((name for name, said in self.languages.items() if said.get("default") is True), None)
        theme = self.config.get("theme")
        language = str((theme.get("language") if isinstance(theme, dict) else None) or "en")
        self.source: Locale = default or next(iter(self.languages), None) or language
        self.locales = tuple(name for name in self.languages if name != self.source)
        self.folders = i18n.get("docs_structure") == "folder" or (
            "docs_structure" not in i18n and bool(self.languages) and any(tree.below(f"{self.docs}/{self.source}"))
        )
        self.names = Names(frozenset(self.locales))
        self.places: dict[str, tuple[str, Locale]] = {}  #: file → path below docs/, locale

    def _config(self) -> dict[str, Any]:
        file = config_file(self.tree.root)
        self.file = file.name if file else ""
        if file is None or not self.tree.has(self.file):
            self.file = ""
            return {}
        text = self.tree.program(self.file)
        if inherited := re.search(r"^INHERIT:\s*(\S+)", text, re.M):
            self.left.append(
                Left(
                    self.file,
                    f"settings inherited from {inherited[1]} are not read",
                    text.count("\n", 0, inherited.start()) + 1,
                    "copy what you need from it into mkdocs.yml",
                )
            )
            return {}
        try:
            return read_config(self.tree.root)
        except UsageError as error:
            line = (error.where or "").rpartition(":")[2]
            self.left.append(
                Left(
                    self.file, error.what, int(line) if line.isdigit() else 0, error.hint or "mend it, and adopt again"
                )
            )
            return {}

    def found(self) -> Found:
        for file in self._in_order():
            self._place(file)
        articles = tuple(self._articles())
        assets = tuple(
            Asset(path, locale, file) for file, (path, locale) in self.places.items() if not path.endswith(".md")
        )
        return Found(
            kind="mkdocs",
            locale=self.source,
            articles=articles,
            assets=assets,
            read=frozenset({self.file} - {""}),
            nav=tuple(self.config.get("nav") or ()),
            nav_titles=self._nav_titles(),
            redirects=self._redirects(),
            left=(*self.names.left, *self._settings(), *self.left),
            name=str(self.config.get("site_name") or ""),
            mkdocs=self._mkdocs() if self.file and self.config else "",
            theme_files=tuple(theme_files(self.config)),
        )

    # -- files

    def _in_order(self) -> list[str]:
        """The files below docs_dir; those that say their language come first, as they win over those that do not."""
        files = list(self.tree.below(self.docs))
        return sorted(files, key=lambda f: (not self.folders and self._suffix(f) is None, f))

    def _suffix(self, file: str) -> Locale | None:
        suffixes = PurePosixPath(file).suffixes
        locale = suffixes[-2][1:] if len(suffixes) > 1 else ""
        return locale if locale in self.languages else None

    def _place(self, file: str) -> None:
        inside = posixpath.relpath(file, self.docs)
        locale, path = self.source, inside
        if self.folders:
            first, _, rest = inside.partition("/")
            if rest and first in self.languages:
                locale, path = first, rest
            elif file.endswith(".md"):
                self.left.append(Left(file, "in no language's folder", todo="move it into one", files=1, grave=True))
                return
        elif suffix := self._suffix(file):
            locale = suffix
            stem, ending = posixpath.splitext(inside)
            path = posixpath.splitext(stem)[0] + ending
        path = composed(path)
        if self.names.claim(path, locale, file):
            self.places[file] = (path, locale)

    def _articles(self) -> Iterator[Article]:
        moved = {posixpath.relpath(file, self.docs): path for file, (path, _) in self.places.items()}
        for file, (path, locale) in self.places.items():
            if not path.endswith(".md"):
                continue
            try:
                text = self.tree.text(file)
            except Refused as error:
                self.left.append(refused(file, error))
                continue
            here = posixpath.relpath(file, self.docs)
            text = relink(text, here, lambda old: moved.get(old) or self._common(old), path)
            self._notes(file, text)
            yield Article(path, locale, text, file)

    def _common(self, old: str) -> str:
        """A path without its language's folder: what one language lacks, it shows from the first."""
        first, _, rest = old.partition("/")
        return rest if self.folders and rest and first in self.languages else old

    def _notes(self, file: str, text: str) -> None:
        """What only a plugin of the old site understood."""
        body = front.split(text)[1]
        for pattern, why, todo in (
            (
                r"^[ \t]*-{1,}8<-{1,}.*",
                "a part of an article",
                "put the file into docs/_snippets/, and enable pymdownx.snippets",
            ),
            (r"\{\{.*?\}\}|\{%.*?%\}", "a macro of the old site", "write what it said"),
        ):
            for found in re.finditer(pattern, _uncoded(body), re.M):
                line = front.lines_before(text) + body.count("\n", 0, found.start()) + 1
                self.left.append(Left(file, f"{why}: {found[0].strip()[:80]}", line, todo))

    # -- settings

    def _nav_titles(self) -> dict[Locale, Mapping[str, str]]:
        i18n = options_of(self.config, "plugins", "i18n") or {}
        old = i18n.get("nav_translations")
        found: dict[Locale, Mapping[str, str]] = {}
        for locale in self.locales:
            said = self.languages[locale].get("nav_translations") or (
                old.get(locale) if isinstance(old, dict) else None
            )
            if isinstance(said, dict) and said:
                found[locale] = {str(k): str(v) for k, v in said.items() if v}
        return found

    def _redirects(self) -> dict[str, str]:
        said = (options_of(self.config, "plugins", "redirects") or {}).get("redirect_maps")
        found = {}
        for old, new in said.items() if isinstance(said, dict) else ():
            if str(old).endswith(".md") and str(new).partition("#")[0].endswith(".md"):
                found[str(old)] = str(new).partition("#")[0]
            else:
                self.left.append(
                    Left(
                        self.file,
                        f"a redirect that leads out of the help centre: {old}",
                        todo="make it on the web server",
                    )
                )
        return found

    def _settings(self) -> Iterator[Left]:
        """What of mkdocs.yml means something else, or nothing, to kbtool."""
        plugins = self.config.get("plugins") or []
        for plugin in plugins.items() if isinstance(plugins, dict) else plugins:
            name = plugin if isinstance(plugin, str) else next(iter(plugin), "")
            if name not in _OURS:
                yield Left(
                    self.file,
                    f"the plugin {name} is not carried over",
                    self._line(str(name)),
                    "add it to `plugins` of mkdocs.yml if articles need it, and install it",
                )
        theme = self.config.get("theme")
        if isinstance(theme, dict) and theme.get("custom_dir"):
            yield Left(
                self.file,
                f"the theme's own templates in {theme['custom_dir']}",
                self._line("custom_dir"),
                "look whether kbtool's pages need them",
            )
        name = theme.get("name") if isinstance(theme, dict) else theme
        if name not in (None, "material"):
            yield Left(
                self.file,
                f"the theme {name}",
                self._line("theme"),
                "kbtool's pages are made for Material; search and notices need it",
            )
        for key in ("hooks", "INHERIT"):
            if self.config.get(key):
                yield Left(
                    self.file, f"{key}: {self.config[key]}", self._line(key), "programs of the old site are not run"
                )
        for locale in self.locales:
            for key in self.languages[locale].keys() - {
                "locale",
                "name",
                "default",
                "build",
                "nav_translations",
                "link",
                "fixed_link",
            }:
                yield Left(
                    self.file,
                    f"{key} of the language {locale}",
                    self._line(locale),
                    "kbtool has one name, menu and look for all languages",
                )

    def _line(self, word: str) -> int:
        found = re.search(rf"^[ \t-]*(?:locale:[ \t]*)?['\"]?{re.escape(word)}\b", self.tree.program(self.file), re.M)
        return self.tree.program(self.file).count("\n", 0, found.start()) + 1 if found else 0

    def _mkdocs(self) -> str:
        """mkdocs.yml as it was, but for what kbtool does itself."""
        blocks = Blocks(self.tree.program(self.file))
        for key in ("docs_dir", "site_dir", "hooks", "INHERIT", "plugins"):
            blocks.drop(key)
        blocks.drop("theme", "custom_dir")
        blocks.drop("theme", "language")
        blocks.drop("extra", "alternate")
        blocks.add("site_dir: site/customers")
        blocks.add(
            "plugins:\n  - search\n  - kbtool # builds from the stage: one edition, all languages, nothing internal"
        )
        return str(blocks)


def _languages(i18n: Mapping[str, Any]) -> dict[Locale, Mapping[str, Any]]:
    """The locales of static-i18n's options, in its newer and its older form."""
    said = i18n.get("languages")
    found: dict[Locale, Mapping[str, Any]] = {}
    if isinstance(said, list):
        for each in said:
            name = each.get("locale") if isinstance(each, dict) else each
            if isinstance(name, str) and LOCALE.fullmatch(name) and name != "null":
                found[name] = each if isinstance(each, dict) else {}
    elif isinstance(said, dict):
        default = str(i18n.get("default_language") or "")
        for name, each in said.items():
            if LOCALE.fullmatch(str(name)) and name != "default":
                found[str(name)] = {
                    **(each if isinstance(each, dict) else {}),
                    **({"default": True} if name == default else {}),
                }
        if default and default not in found:
            found[default] = {"default": True}
    return found


def _uncoded(body: str) -> str:
    """A page whose code is blank; lines stay where they are."""
    from kbtool.site.stage.clean import outside_code

    shown = iter(outside_code(body, lambda text: re.sub(r"[^\n]", "\1", text)).split("\n"))
    prose = (line if "\1" in mark else "" for line, mark in zip(body.split("\n"), shown, strict=True))
    return "\n".join(re.sub(r"`[^`\n]*`", "", line) for line in prose)
