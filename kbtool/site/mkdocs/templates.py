"""The theme's templates as they are loaded: without the white space between their elements, and with a memory of what
looks the same on many pages.

In a help centre of some size the menu is most of a page. So it shows the section that the page stands in, article by
article, and of every other section only its name, as a link: plain links, which need no script and can be reached with
the keyboard.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, MutableMapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import mkdocs
import mkdocs_static_i18n
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from kbtool.site.mkdocs.alike import Alike, Part
from kbtool.site.mkdocs.environment import quicken
from kbtool.site.mkdocs.menu import ITEM, NAV, Menu, with_memory

if TYPE_CHECKING:
    from jinja2.environment import TemplateModule
    from mkdocs.config.defaults import MkDocsConfig

#: articles from which on the menu shows one section at a time
LARGE = 60
#: templates that may look the same on many pages; none of them asks for `config.extra.alternate`, which never does
PARTS = frozenset(
    f"partials/{name}.html"
    for name in (
        "consent", "copyright", "javascripts/base", "javascripts/consent", "javascripts/content",
        "javascripts/palette", "logo", "palette", "search", "social", "source", "top",
    )
)  # fmt: skip
#: the same of the blocks of base.html
BLOCKS = ("analytics", "config", "fonts", "libs", "scripts", "styles")
_TOC = "partials/toc.html"
_WORDS = "partials/language.html"
#: the digests of Material's templates of which somebody has read what they depend on
KNOWN = {
    NAV: ("af33f6e032f632eb",),  # of 9.6.23, and of 9.7 to 9.8
    ITEM: ("6f9da88f78022b04", "89895208f22d68ce"),  # the same
    _WORDS: ("3a44516f305006ac",),  # of 9.6 to 9.8: nothing but the theme's language
}
_ONLY_TAGS = re.compile(r"(?:\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})*")
_TAG = re.compile(r"\{[{%]")
_OPEN = re.compile(r"<(?:pre|textarea)\b|\{%-?\s*raw\b")


class Loader(jinja2.FileSystemLoader):
    """Loads a theme's templates; those of Material and our own squeezed, a knowledge base's own as they are."""

    def __init__(self, folders: Sequence[str]) -> None:
        super().__init__(folders)
        self.ours = tuple(f"{folder}{os.sep}" for folder in _known_folders())
        # those of packages stay what they are while a process runs: each locale asks for them anew
        lasting = (
            *self.ours,
            *(f"{Path(str(each.__file__)).parent}{os.sep}" for each in (mkdocs, mkdocs_static_i18n)),
        )
        self._sources = _sources if all(str(folder).startswith(lasting) for folder in folders) else {}

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        key = (*map(str, self.searchpath), template)
        if (known := self._sources.get(key)) is None:
            source, file, fresh = super().get_source(environment, template)
            known = self._sources[key] = squeezed(source) if self.is_ours(template, file) else source, file, fresh
        return known

    def is_ours(self, template: str, file: str) -> bool:
        """Whether a template is Material's or our own."""
        return template.endswith(".html") and (
            file.startswith(self.ours) or os.path.realpath(file).startswith(self.ours)
        )

    def list_templates(self) -> list[str]:
        """All templates but hidden ones: of the 14,000 that the theme has, the icons are 13,000."""
        return _listed(tuple(map(str, self.searchpath)))


class Remembering(Loader):
    """Gives templates a memory of what looks the same on many pages; not those of a knowledge base's own."""

    def __init__(self, folders: Sequence[str], env: jinja2.Environment, features: Sequence[str]) -> None:
        super().__init__(folders)
        self.alike = Alike(env)
        self.menu = Menu(self.alike, env, features)
        env.globals["kb_menu"] = self.menu

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, file, fresh = super().get_source(environment, template)
        if template == ITEM and self.is_known(template, file):
            source = with_memory(source)
        return source, file, fresh

    def load(
        self, environment: jinja2.Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> jinja2.Template:
        found = super().load(environment, name, globals)
        if self.is_ours(name, str(found.filename)):
            self._remember(found, name)
        elif _TAG.search(Path(str(found.filename)).read_text("utf-8")):
            found.root_render_func = self.alike.foreign(found.root_render_func)
        return found

    def is_known(self, template: str, file: str) -> bool:
        """Whether it is a template of Material's that somebody has read."""
        return self.is_ours(template, file) and _is_read(template, Path(file))

    def _remember(self, template: jinja2.Template, name: str) -> None:
        if name in PARTS:
            template.root_render_func = Part(self.alike, template.root_render_func)
        elif name == "base.html":
            template.blocks |= {block: Part(self.alike, template.blocks[block]) for block in BLOCKS}
        elif name == _TOC:  # for small screens it stands in the menu, too
            trusted = {_TOC: ("page",)}
            template.root_render_func = Part(self.alike, template.root_render_func, trusted=trusted, one_page=True)
        elif name == NAV:
            entries = super().get_source(template.environment, ITEM)[1]
            if self.is_known(NAV, str(template.filename)) and self.is_known(ITEM, entries):
                template.root_render_func = self.menu.whole(template.root_render_func)
        elif name == _WORDS and self.is_known(name, str(template.filename)):
            _remember_words(template)


def knows_theme() -> bool:
    """Whether the installed Material has the templates that make up most of a page as somebody has read them."""
    return all(_is_read(name, Path(_known_folders()[0]) / "templates" / name) for name in KNOWN)


@lru_cache(maxsize=16)
def _is_read(template: str, file: Path) -> bool:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16] in KNOWN[template]


def _remember_words(template: jinja2.Template) -> None:
    """Let all pages have one collection of words, and each word be looked up once."""
    make = template.make_module
    made: list[TemplateModule] = []

    def module(*args: Any, **options: Any) -> TemplateModule:
        if not made:
            made.append(make(*args, **options))
            words: Any = made[0]
            words.t = lru_cache(maxsize=None)(words.t)
        return made[0]

    template.make_module = module  # type: ignore[method-assign]  # of this one template


@lru_cache(maxsize=512)
def squeezed(source: str) -> str:
    """A template without indentation and without lines that only hold tags of Jinja."""
    if _OPEN.search(source):
        return source
    lines = (line.strip() for line in source.split("\n"))
    return "".join(line if _ONLY_TAGS.fullmatch(line) else f"{line}\n" for line in lines)


@lru_cache(maxsize=4)
def _listed(folders: tuple[str, ...]) -> list[str]:
    found: set[str] = set()
    for folder in folders:
        for here, inner, names in os.walk(folder):
            inner[:] = [name for name in inner if not name.startswith(".")]
            at = os.path.relpath(here, folder).replace(os.sep, "/")
            found.update(name if at == "." else f"{at}/{name}" for name in names)
    return sorted(found)


@lru_cache(maxsize=1)
def _known_folders() -> tuple[str, ...]:
    import material

    return (str(Path(material.__file__).parent.resolve()), str(Path(__file__).parent.resolve()))


class Compiled(FileSystemBytecodeCache):
    """Compiled templates, also in memory: an environment is made for each locale."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(str(folder), f"%s-{jinja2.__version__}.jinja")
        self.lasting = folder is not None

    def load_bytecode(self, bucket: Bucket) -> None:
        code = _compiled.get(f"{bucket.key}-{bucket.checksum}")
        if code is not None:
            bucket.code = code
        elif self.lasting:
            super().load_bytecode(bucket)
            if bucket.code is not None:
                _compiled[f"{bucket.key}-{bucket.checksum}"] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        _compiled[f"{bucket.key}-{bucket.checksum}"] = bucket.code
        if self.lasting:
            super().dump_bytecode(bucket)


_compiled: dict[str, Any] = {}
_sources: dict[tuple[str, ...], tuple[str, str, Callable[[], bool]]] = {}


def quicken_theme(config: MkDocsConfig, compiled: Path | None = None, *, remember: bool) -> None:
    """Have the theme load its templates our way; compiled ones are kept in the folder `compiled`, if it is given.

    Compiled templates are code, as the theme is that they come from: the folder must be the owner's alone.
    Where somebody else's code can change what templates see from page to page, nothing is to be remembered.
    """
    theme, get_env = config.theme, config.theme.get_env

    def quick() -> jinja2.Environment:
        env = get_env()
        features = theme.get("features") or []
        env.loader = Remembering(theme.dirs, env, features) if remember else Loader(theme.dirs)
        env.bytecode_cache = Compiled(compiled)
        if remember:
            quicken(env)
        return env

    if compiled:
        compiled.mkdir(mode=0o700, parents=True, exist_ok=True)
    theme.get_env = quick  # type: ignore[method-assign]  # of this one theme


def show_one_section(config: MkDocsConfig, articles: int) -> None:
    """From LARGE articles on, a page's menu names other sections without their articles."""
    if articles < LARGE:
        return
    features = [f for f in config.theme["features"] if f not in ("navigation.sections", "navigation.expand")]
    config.theme["features"] = [*dict.fromkeys((*features, "navigation.prune"))]
