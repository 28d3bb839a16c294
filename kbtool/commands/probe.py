"""`kbtool probe`: what the knowledge base knows of a site, and what the site shows."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from kbtool.checks.probe import Expected, Origin, Report, Wire, origin
from kbtool.checks.probe import probe as look
from kbtool.commands.build import chosen_editions
from kbtool.commands.hosting import address_of, public_edition
from kbtool.core.audience import PUBLIC, may_read
from kbtool.core.errors import UsageError
from kbtool.project import Project
from kbtool.settings import find_root
from kbtool.site.addresses import address
from kbtool.site.config import read_config
from kbtool.site.locales import tag
from kbtool.site.redirects import read_redirects

_MOST = 40  #: internal addresses that are worth a request


def probe(
    start: Path, url: str, *, edition: str | None, environment: Mapping[str, str], limit: int, pace: float,
    plain_port: int,
) -> tuple[str, Report]:  # fmt: skip
    """The edition that the address is taken for, and what is wrong with it.

    Raises UsageError for an address, an edition or a credential that cannot be used.
    """
    to = origin(url)
    expected = expectation(start, to, edition)
    credentials = _credentials(environment, to)
    return expected.edition, look(Wire(to, pace=pace, limit=limit), expected, credentials, plain_port=plain_port)


def expectation(start: Path, to: Origin, edition: str | None) -> Expected:
    """What should stand at an address; without a knowledge base only what every site has."""
    try:
        find_root(start)
    except UsageError:
        name = edition or "customers"
        return Expected(name, name == "customers", telling=("search/index.json", "index.html"))
    project = Project.at(start)
    name = edition or _edition_at(project, to)
    chosen_editions(project, [name])
    return _Knowledge(project, name).expected()


def _edition_at(project: Project, to: Origin) -> str:
    """The edition that the settings put at an address; where they say nothing, the public one."""
    known = [name for name in project.settings.editions if (said := address_of(project, name)) and origin(said) == to]
    return known[0] if len(known) == 1 else public_edition(project)


class _Knowledge:
    """What settings, articles and the last build say of an edition."""

    def __init__(self, project: Project, edition: str) -> None:
        self.project, self.edition = project, edition
        self.audience = project.settings.editions[edition]
        self.folders = bool(read_config(project.root).get("use_directory_urls", True))
        self.files = _built(project.root / "site" / edition)

    def expected(self) -> Expected:
        settings = self.project.settings
        public = self.audience == PUBLIC
        return Expected(
            edition=self.edition,
            public=public,
            languages={"": tag(settings.source), **{f"{x}/": tag(x) for x in settings.locales if self._is_there(x)}},
            files=self.files,
            telling=() if public else tuple(self._telling()),
            others=tuple(name for name in settings.editions if name != self.edition),
            hidden=tuple(self._hidden()),
            moved=self._moved(),
        )

    def _is_there(self, locale: str) -> bool:
        return not self.files or any(name in self.files for name in (f"{locale}/", f"{locale}/404.html"))

    def _at(self, path: str, locale: str) -> str:
        return address(path, locale, self.project.settings.source, folders=self.folders)

    def _internal(self, *, for_readers: bool) -> Iterator[str]:
        """Articles that are not public, those that this edition has or those that it must not have."""
        for path in self.project.articles:
            audience = self.project.audience(path)
            if audience != PUBLIC and may_read(self.audience, audience) == for_readers:
                yield path

    def _telling(self) -> Iterator[str]:
        others = self._others()
        for path in list(self._internal(for_readers=True))[:1]:
            yield self._at(path, self.project.settings.source)
        yield "search/index.json"
        pictures = (a for a in self.files if a not in others and re.search(r"\.(png|jpe?g|svg|webp|gif)$", a))
        yield from sorted(pictures)[:1]

    def _hidden(self) -> Iterator[str]:
        settings = self.project.settings
        pages = list(self._internal(for_readers=False))[:_MOST]
        for locale in (settings.source, *settings.locales[:1]):
            yield from (self._at(path, locale) for path in pages)
        beside = sorted(a for a in self._others() if a not in self.files and not a.endswith("/"))
        if self.audience == PUBLIC and self.files:
            yield from [a for a in beside if not re.search(r"(^|/)search/", a)][:_MOST]

    def _others(self) -> Mapping[str, Path]:
        """What the other editions that were built hold."""
        names = [name for name in self.project.settings.editions if name != self.edition]
        return {a: f for name in names for a, f in _built(self.project.root / "site" / name).items()}

    def _moved(self) -> dict[str, str]:
        settings = self.project.settings
        pairs = (
            (self._at(old, locale), self._at(new, locale))
            for old, new in read_redirects(self.project.root).items()
            if old not in self.project.articles  # a new article has taken the place
            for locale in (settings.source, *settings.locales)
        )
        return {old: new for old, new in pairs if old in self.files and new in self.files}


def _built(folder: Path) -> dict[str, Path]:
    """Addresses of a built site; a page in a folder is at the folder's address."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            name = quote(file.relative_to(folder).as_posix())
            found[name.removesuffix("index.html") if re.search(r"(^|/)index\.html$", name) else name] = file
    return found


def _credentials(environment: Mapping[str, str], to: Origin) -> dict[str, str]:
    """Headers that let the probe in; from the environment, because a command line is read by others."""
    said = {name: environment.get(f"KBTOOL_PROBE_{name}", "") for name in ("USER", "PASSWORD", "COOKIE", "TOKEN")}
    found = {}
    if said["USER"]:
        pair = f"{said['USER']}:{said['PASSWORD']}".encode()
        found["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    elif said["TOKEN"]:
        found["Authorization"] = f"Bearer {said['TOKEN']}"
    if said["COOKIE"]:
        found["Cookie"] = said["COOKIE"]
    if any(re.search(r"[\r\n\0]", value) for value in found.values()):
        raise UsageError("a credential has a line end in it", hint="look at the variables KBTOOL_PROBE_…")
    if found and not to.secure and not to.is_here:
        raise UsageError("credentials are not sent in the clear", where=to.url, hint="use the https address")
    return found
