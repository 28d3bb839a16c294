"""What we quicken in the files that static-i18n sorts by language: it turns each path into objects many times.

As in `patches`: the same result sooner, and only for versions that it was tried with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File

    from kbtool.core.model import Locale

#: what static-i18n does itself
slow: dict[str, Callable[..., Any]] = {}


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
    place = f"{current}/{below}" if current != default else below
    made: Any = object.__new__(type(file))
    made.__dict__.update(
        src_uri=file.src_uri, src_dir=config.docs_dir, dest_dir=file.dest_uri, dest_uri=place,
        use_directory_urls=file.use_directory_urls, inclusion=file.inclusion, name=file.name,
        url=_url(place, file.use_directory_urls), abs_dest_path=f"{config.site_dir}/{place}",
        alternates={current: made}, locale=own, locale_alternate_of=current, localization=own, norm_src_uri=inner,
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
    return next((known[name] for name in names if name in known), None)
