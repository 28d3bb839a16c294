"""Where things will stand below docs/: each name once, on every system, and safe to publish."""

from __future__ import annotations

import posixpath
import re
import unicodedata

from kbtool.core.model import Locale
from kbtool.foreign import Left

_BAD = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[. ]$")
#: names that Windows keeps for devices, whatever follows the first dot
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)
_LONGEST = 230  #: bytes; most systems take 255, and a ledger's name is a little longer than its page's
_LETTERS = re.compile(r"[^\w.-]+")


class Names:
    """Gives out places below docs/, and notes who came too late."""

    def __init__(self, locales: frozenset[Locale]) -> None:
        self._locales = {locale.casefold() for locale in locales}
        self._taken: dict[tuple[Locale, str], str] = {}
        self.left: list[Left] = []

    def claim(self, path: str, locale: Locale, source: str) -> bool:
        """Whether `source` may stand at `path`; if not, it is listed."""
        why = self._trouble(path, locale)
        if why:
            todo = "rename it in the source, and adopt again"
            self.left.append(Left(source, why, todo=todo, files=1, grave=path.endswith(".md")))
            return False
        self._taken |= {(locale, key): source for key in _keys(path)}
        return True

    def free(self, path: str, locale: Locale) -> bool:
        """Whether a place may be claimed."""
        return not self._trouble(path, locale)

    def _trouble(self, path: str, locale: Locale) -> str:
        parts = path.split("/")
        if path.startswith("/") or ".." in parts or "" in parts:
            return "its place would be outside docs/"
        for part in parts:
            if len(part.encode("utf-8", "replace")) > _LONGEST:
                return f"a name of more than {_LONGEST} bytes"
            if _BAD.search(part) or _DEVICE.fullmatch(part) or part.startswith((".", "_")):
                return f"a name that is not safe everywhere: {part!a}"
        if parts[0].removesuffix(".md").casefold() in self._locales:
            return f"{parts[0]} has the name of a language, and its pages the addresses of translations"
        if other := next(filter(None, (self._taken.get((locale, key)) for key in _keys(path))), ""):
            return f"the same place as {other}, on the site or on systems that do not tell case or accents apart"
        return ""


def _keys(path: str) -> list[str]:
    """What two files must not share, case and composition left out: the path, and for a page its address."""
    found = [path]
    if path.endswith(".md"):
        folder, name = posixpath.split(path.removesuffix(".md"))
        found.append((folder if name in ("index", "README") else posixpath.join(folder, name)) + "/")
    return [unicodedata.normalize("NFC", each).casefold() for each in found]


def composed(path: str) -> str:
    """A path in the form that sites, links and most systems use for accents."""
    return unicodedata.normalize("NFC", path)


def tidy(path: str) -> str:
    """A path whose parts may be published: without leading `_` or `.`, composed."""
    parts = [part.lstrip("._") or "x" for part in unicodedata.normalize("NFC", path).split("/")]
    return "/".join(parts)


def slug(title: str) -> str:
    """Small letters, digits and hyphens; empty where a title has none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    found = _LETTERS.sub("-", unicodedata.normalize("NFC", plain)).replace("_", "-").strip("-.")[:60].rstrip("-.")
    return f"x-{found}" if _DEVICE.fullmatch(found) else found


def github_slug(heading: str, separator: str) -> str:
    """A heading's address as GitHub, Docusaurus and Starlight make it from its words."""
    kept = (c for c in heading.lower() if c.isalnum() or c in "_- " or unicodedata.category(c)[0] == "M")
    return "".join(kept).replace(" ", separator)
