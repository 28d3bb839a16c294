"""A locale's files as MkDocs and static-i18n list them, which turn each path into objects many times.

As in `patches`: the same result sooner, and only for versions that it was tried with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files, InclusionLevel

    from kbtool.core.model import Locale

#: what static-i18n does itself
slow: dict[str, Callable[..., Any]] = {}
#: which of two files goes to an address is for MkDocs and static-i18n to say
_ODD = re.compile(r"(?:^|/)README(?:\.[^/]*)?$")
#: a page of which MkDocs makes nothing unusual
_PAGE = re.compile(r"(?:[A-Za-z0-9][\w-]*/)*(?!README\.)[A-Za-z0-9][\w-]*\.md", re.A)


class Shape(NamedTuple):
    """What a file is, in whichever language's folder it stands."""

    order: tuple[tuple[Any, ...], ...]  #: where MkDocs' walk comes upon it
    name: str
    below: str  #: where it goes, below its language's folder
    is_page: bool
    inclusion: InclusionLevel


class Where(NamedTuple):
    """Where the files of a configuration come from and go to; MkDocs looks each of these up for a while."""

    docs: str
    site: str
    folders: bool

    @classmethod
    def of(cls, config: MkDocsConfig) -> Where:
        return cls(config.docs_dir, config.site_dir, config.use_directory_urls)


@lru_cache(maxsize=65536)
def shape(inner: str, folders: bool) -> Shape:
    """What MkDocs makes of a file's path below the folder of its language."""
    if not _PAGE.fullmatch(inner):
        return asked_for(inner, folders)
    from mkdocs.structure.files import InclusionLevel

    *above, last = inner.split("/")
    name = last.removesuffix(".md")
    order = (*((1, part) for part in above), (0, name != "index", last))
    below = f"{'/'.join([*above, name])}/index.html" if folders and name != "index" else f"{inner[:-3]}.html"
    return Shape(order, name, below, True, InclusionLevel.INCLUDED)


def asked_for(inner: str, folders: bool) -> Shape:
    """The same from MkDocs."""
    from mkdocs.structure.files import File, _file_sort_key, set_exclusions

    file = File(f"en/{inner}", "", "", folders)
    set_exclusions([file], {})  # type: ignore[arg-type]  # the settings exclude nothing from the stage
    *above, last = inner.split("/")
    order = (*((1, part) for part in above), (0, *_file_sort_key(last)))
    below = file.dest_uri.removeprefix("en/")
    return Shape(order, file.name, below, file.is_documentation_page(), file.inclusion)


def listed(config: MkDocsConfig, names: Iterable[str], others: Iterable[File]) -> Files | None:
    """What comes of `files_of` and of the event `files` for the files of a stage, by their names, and the `others`.

    None where names are so odd, or somebody else's plugins have a say, that MkDocs and static-i18n must be asked.
    """
    from mkdocs_static_i18n.folder import I18nFiles

    plugin: Any = config.plugins["i18n"]
    current, default = plugin.kbtool_places
    where = Where.of(config)
    folders = where.folders
    inner: dict[Locale, list[str]] = {at: [] for at in sorted({current, default})}
    for name in names:
        own, _, below = name.partition("/")
        if own in inner:
            inner[own].append(below)
    asked = {id(getattr(method, "__self__", None)) for method in config.plugins.events["files"]}
    ours = {id(plugin), id(config.plugins["kbtool"])}
    if not asked <= ours or not all(_is_plain(each, folders) for each in inner.values()):
        return None
    mine = frozenset(inner[current])
    files: dict[str, Any] = {}
    for own, unsorted in inner.items():
        for name in sorted(unsorted, key=lambda each: shape(each, folders).order):
            if own == current:
                files[name] = _placed(name, own, current, default, where)
            elif name in mine:  # it takes the place where the walk first came upon the name
                files.setdefault(name)
            else:
                to = current if shape(name, folders).is_page else default
                files[name] = _placed(name, own, to, default, where)
    found = I18nFiles(plugin, [*others, *files.values()])
    plugin.i18n_files_per_language[current] = found.documentation_pages()
    return found  # type: ignore[no-any-return]


class OnDemand(dict[str, Any]):
    """Files by their names in the stage, each made when it is first asked for."""

    def __init__(self, known: dict[str, Any], find: Callable[[str], Any]) -> None:
        super().__init__(known)
        self.find = find

    def get(self, name: str, default: Any = None) -> Any:
        if super().__contains__(name):
            return self[name]
        found = self.find(name)
        if found is None:
            return default
        self[name] = found
        return found

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None


def few(config: MkDocsConfig, names: Collection[str], paths: Iterable[str], others: Iterable[File]) -> Files:
    """The `others`, and of what `listed` gives only the pages at these paths; the rest is made when links lead there.

    Only where `listed` has given a list for the same names.
    """
    from mkdocs_static_i18n.folder import I18nFiles

    plugin: Any = config.plugins["i18n"]
    current, default = plugin.kbtool_places
    where = Where.of(config)

    def find(name: str) -> Any:
        own, _, inner = name.partition("/")
        if name not in names or own not in (current, default):
            return None
        if own == current:
            return _placed(inner, own, current, default, where)
        if f"{current}/{inner}" in names:  # which has taken its place
            return None
        return _placed(inner, own, current if shape(inner, where.folders).is_page else default, default, where)

    pages = [find(f"{current}/{path}") or find(f"{default}/{path}") for path in paths]
    files = I18nFiles(plugin, [*others, *pages])
    plugin.i18n_files_per_language[current] = files.documentation_pages()
    files._src_uris = OnDemand(files._src_uris, find)
    return files  # type: ignore[no-any-return]


def _is_plain(names: list[str], folders: bool) -> bool:
    """Whether no two files go to the same place, and all go where their names say."""
    return len({shape(name, folders).below for name in names}) == len(names) and not any(map(_ODD.search, names))


def quicken_files(plugin: Any) -> None:
    """Have static-i18n put files into their languages, and find them, with texts alone."""
    from mkdocs_static_i18n import folder

    if not slow:
        slow.update(file_in=folder.create_i18n_file, found=folder.I18nFiles.get_file_from_path)
        folder.create_i18n_file = file_in
        folder.I18nFiles.get_file_from_path = found
    plugin.reconfigure_files_alternates = lambda *files: None  # only its own switcher and sitemap need them
    plugin.kbtool_places = plugin.current_language, plugin.default_language


def file_in(file: File, current: Locale, default: Locale, known: list[Locale], config: MkDocsConfig) -> Any:
    """A file of the stage as it stands in a language: its own, or the default one's in its place."""
    own, _, inner = file.src_uri.partition("/")
    below = file.dest_uri.removeprefix(f"{own}/")
    if own not in known or own not in (current, default) or not inner or below.endswith("README.html"):
        return slow["file_in"](file, current, default, known, config)
    return _made(file.src_uri, file.name, below, file.inclusion, own, current, default, Where.of(config))


def _placed(inner: str, own: Locale, current: Locale, default: Locale, where: Where) -> Any:
    like = shape(inner, where.folders)
    return _made(f"{own}/{inner}", like.name, like.below, like.inclusion, own, current, default, where)


def _made(
    path: str,
    name: str,
    below: str,
    inclusion: InclusionLevel,
    own: Locale,
    current: Locale,
    default: Locale,
    where: Where,
) -> Any:
    from mkdocs.structure.files import File

    place = f"{current}/{below}" if current != default else below
    made: Any = object.__new__(File)
    made.__dict__.update(
        src_uri=path, src_dir=where.docs, dest_dir=f"{own}/{below}", dest_uri=place,
        use_directory_urls=where.folders, inclusion=inclusion, name=name,
        url=_url(place, where.folders), abs_dest_path=f"{where.site}/{place}",
        alternates={current: made}, locale=own, locale_alternate_of=current, localization=own,
        norm_src_uri=path.partition("/")[2],
    )  # fmt: skip
    return made


def _url(place: str, folders: bool) -> str:
    folder, _, name = place.rpartition("/")
    return quote(f"{folder or '.'}/" if folders and name == "index.html" else place)


def found(files: Any, path: str) -> File | None:
    """The file that a link leads to: in its own language, in the default one, or as it is named."""
    current, default = getattr(files.plugin, "kbtool_places", ("", ""))
    own, _, inner = path.partition("/")
    odd = not current or not path or "\\" in path or (own in (current, default) and not inner)
    if odd or path.endswith(("/", "/.")) or path.startswith(("/", ".")) or "//" in path or "/./" in path:
        it: File | None = slow["found"](files, path)
        return it
    if own == current:
        names = (path, f"{default}/{inner}", inner)
    elif own == default:
        names = (path, f"{current}/{inner}", inner)
    else:
        names = (f"{current}/{path}", f"{default}/{path}", path)
    known = files.src_uris
    return next((file for name in names if (file := known.get(name))), None)
