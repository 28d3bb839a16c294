"""Pictures and documents that lie beside an export's JSON, and the addresses under which its articles know them."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import SplitResult, unquote, urlsplit

from kbtool.core.model import Locale
from kbtool.foreign import Asset
from kbtool.foreign.export import Export
from kbtool.foreign.names import Names, tidy
from kbtool.foreign.tags import Page
from kbtool.foreign.tree import Tree

_ATTACHED = re.compile(r"/article_attachments/(?:token/)?(?P<id>\w+)")


class Attachments:
    """The files of an export that are no records, by name and by the attachment's number."""

    def __init__(self, tree: Tree, export: Export, names: Names, source: Locale) -> None:
        self.export = export
        self.assets: dict[str, Asset] = {}  #: by file
        self._files: dict[str, str] = {}
        for file in tree.files:
            if file in export.read or file.endswith((".json", ".html", ".htm")):
                continue
            name = posixpath.basename(file)
            path = tidy(posixpath.join("assets", name))
            if names.claim(path, source, file):
                self.assets[file] = Asset(path, source, file)
                self._files.setdefault(name, file)
                first = re.split(r"[_.-]", name, maxsplit=1)[0]
                if first.isdigit():
                    self._files.setdefault(first, file)

    def place(self, address: str, path: str, page: Page, *, quiet: bool = False) -> str | None:
        """An attachment as the article at `path` links it, by its number or its name; None for what is not there.

        The page notes what stays an address of the old help centre; `quiet` leaves out what may be no attachment.
        """
        parts = parts_of(address)
        number = _ATTACHED.search(parts.path)
        about = self.export.attached.get(number["id"]) if number else None
        names = (
            number["id"] if number else "",
            unquote(posixpath.basename(parts.path)),
            str((about or {}).get("file_name") or ""),
        )
        if file := next((self._files[name] for name in names if name in self._files), None):
            return posixpath.relpath(self.assets[file].path, posixpath.dirname(path) or ".")
        if not quiet and not number and parts.netloc:
            page.note(f"an image of another site stays there: {address}", "copy it to docs/assets/ if it may go away")
        elif not quiet or number:
            page.note(
                f"an attachment that is not in the export stays a link: {address}",
                "download it into the folder, and adopt again",
            )
        return None


def parts_of(address: str) -> SplitResult:
    """An address taken apart; empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
