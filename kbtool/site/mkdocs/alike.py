"""Parts of a page that look the same on its neighbours: rendered once, and remembered.

What a part depends on is not believed but watched while it is rendered: which variables it asks for, and where its
links lead. It is taken again only where all of this is the same. A part that asks for anything else, such as the page
itself, is rendered for each page, as the theme would; so is every template of a knowledge base's own.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import pass_context
from jinja2.runtime import Context
from jinja2.utils import missing

if TYPE_CHECKING:
    import jinja2
    from mkdocs.structure.pages import Page

#: what Jinja calls for a template or a block
Rendering = Callable[[Context], Iterator[str]]
#: templates and variables that may be asked for there, as somebody has looked at what becomes of them
Trusted = Mapping[str, Collection[str]]
#: the same object on every page, unless a template puts another in its place
_SAME = frozenset({"config", "lang"})
_PLAIN = (str, int, float, bool, type(None))


class Place(NamedTuple):
    """Where links start. From all pages of one folder a link is the same, unless it leads to one of them or below."""

    folder: tuple[str, ...]
    name: str | None  #: none for a page that is a file of its own: it and its folder are one place

    @classmethod
    def of(cls, url: str) -> Place:
        """The place of a page, as MkDocs reckons it."""
        above, _, last = url.rpartition("/")
        parts = _parts(above if "." in last else url)
        return cls(parts, None) if "." in last or not parts else cls(parts[:-1], parts[-1])

    @property
    def key(self) -> Hashable:
        return self.folder, self.name is None

    def shared(self, links: Collection[str]) -> tuple[int, ...]:
        """How far links lead the same way as this folder: where that is the same, so are they, from folders as deep."""
        found = (_parts(link) for link in links)
        return tuple(len(posixpath.commonprefix((to, self.folder))) for to in found)

    def below(self, links: Collection[str]) -> frozenset[str]:
        """The names in this folder to which links lead, or below which."""
        depth = len(self.folder)
        found = (_parts(link) for link in links)
        return frozenset(to[depth] for to in found if len(to) > depth and to[:depth] == self.folder)


@lru_cache(maxsize=4096)
def _parts(path: str) -> tuple[str, ...]:
    plain = posixpath.normpath(f"/{path.lstrip('/')}")[1:]
    return tuple(plain.split("/")) if plain else ()


@dataclass(slots=True)
class Watch:
    """What was asked for while something was rendered."""

    page: Page
    outside: Mapping[str, Any] = field(default_factory=dict)  #: the variables around it
    trusted: Trusted = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    strange: bool = False  #: whether it asked for something that may be another on the next page
    foreign: bool = False  #: whether a template of a knowledge base's own had a part in it

    def note(self, template: str, name: str, value: Any, known: Mapping[str, Any]) -> None:
        """A variable was asked for; one that was set within what is rendered tells nothing new."""
        if self.outside.get(name, missing) is not value:
            return
        if name in self.trusted.get(template, ()):
            if name != "page":
                self.asked[name] = value
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            self.asked[name] = list(value)
        elif value is missing or isinstance(value, _PLAIN) or known.get(name) is value or name in _SAME:
            self.asked[name] = value
        else:
            self.strange = True


def _alike(now: Any, then: Any) -> bool:
    return now is then or (type(now) is type(then) and isinstance(now, (*_PLAIN, list)) and bool(now == then))


@dataclass(frozen=True, slots=True)
class Known:
    """How a part looks."""

    text: str
    asked: tuple[tuple[str, Any], ...]
    below: frozenset[str]  #: the pages of the folder from which a link would be another

    def fits(self, context: Context) -> bool:
        return all(_alike(context.resolve_or_missing(name), value) for name, value in self.asked)


class Alike:
    """One environment's parts, and what is watched in it; takes the place of MkDocs' filters that make links."""

    def __init__(self, env: jinja2.Environment) -> None:
        from mkdocs.utils.templates import script_tag_filter, url_filter

        self.env = env
        self._url, self._script_tag = url_filter, script_tag_filter
        self.watch: Watch | None = None
        self._place: tuple[Page | None, Place] = (None, Place((), None))
        env.filters["url"], env.filters["script_tag"] = self.url, self.script_tag

        class Watching(Context):
            """Tells which variables templates ask for."""

            def resolve_or_missing(inner, key: str) -> Any:  # noqa: N805 – `self` is the outer one
                found = super().resolve_or_missing(key)
                if self.watch:
                    self.watch.note(str(inner.name), key, found, env.globals)
                return found

        self._watching = Watching

    def place(self, page: Page) -> Place:
        if self._place[0] is not page:
            self._place = (page, Place.of(page.url))
        return self._place[1]

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[Watch]:
        """Notice what is asked for."""
        before, self.watch = self.watch, watch
        try:
            yield watch
        finally:
            self.watch = before

    def text(self, render: Rendering, context: Context, watch: Watch) -> str:
        """What is rendered in a context, watched."""
        inner = self._watching(self.env, context.get_all(), context.name, {})
        inner.blocks = context.blocks
        kept, self.env.context_class = self.env.context_class, self._watching
        try:
            with self.watched(watch):
                return "".join(render(inner))
        finally:
            self.env.context_class = kept

    def foreign(self, render: Rendering) -> Rendering:
        """A knowledge base's own template, which may do anything."""

        def noted(context: Context) -> Iterator[str]:
            if self.watch:
                self.watch.foreign = True
            yield from render(context)

        return noted

    @pass_context
    def url(self, context: Context, value: Any) -> str:
        """MkDocs' filter `url`."""
        where: Any = self._noted(context, value) if self.watch else context
        return self._url(where, value)

    @pass_context
    def script_tag(self, context: Context, script: Any) -> str:
        """MkDocs' filter `script_tag`."""
        where: Any = self._noted(context, script) if self.watch else context
        return self._script_tag(where, script)

    def _noted(self, context: Context, link: Any) -> Mapping[str, Any]:
        """A context for MkDocs' filters; what they ask for is no news, it is known how links come about."""
        assert self.watch is not None
        page = Context.resolve_or_missing(context, "page")
        self.watch.links.add(str(link))
        self.watch.strange |= page is not self.watch.page
        return {"page": page, "base_url": Context.resolve_or_missing(context, "base_url")}


class Part:
    """A template or a block that may look the same on several pages."""

    def __init__(
        self, alike: Alike, render: Rendering, *, trusted: Trusted | None = None, one_page: bool = False
    ) -> None:
        self.alike = alike
        self.render = render
        self.trusted = trusted or {}
        self.one_page = one_page  #: whether it is the same on one page only, but there more than once
        self.known: dict[Hashable, Known] = {}
        self.hopeless = False

    def __call__(self, context: Context) -> Iterator[str]:
        page = None if self.hopeless or self.alike.watch else context.get("page")
        if page is None:
            yield from self.render(context)
            return
        place = self.alike.place(page)
        where = id(page) if self.one_page else place.key
        known = self.known.get(where)
        if known is None:
            yield self._anew(context, page, place, where)
        elif place.name in known.below or not known.fits(context):
            yield from self.render(context)
        else:
            yield known.text

    def _anew(self, context: Context, page: Page, place: Place, where: Hashable) -> str:
        watch = Watch(page, context.get_all(), self.trusted)
        text = self.alike.text(self.render, context, watch)
        self.hopeless = watch.strange
        below = frozenset[str]() if self.one_page else place.below(watch.links)
        if not watch.strange and place.name not in below:
            if self.one_page:
                self.known.clear()
            self.known[where] = Known(text, tuple(watch.asked.items()), below)
        return text
