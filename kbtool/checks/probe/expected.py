"""What a knowledge base says of a deployed site: which addresses there are, and which there must not be."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: where help centres have what they should not show, if nothing better is known
USUAL = (
    "", "index.html", "404.html", "search/", "search/index.json", "search/search_index.json", "sitemap.xml",
    "sitemap.xml.gz", "feed.xml", "llms.txt", "index.md", "internal/", "internal/index.html", "internal/escalation/",
    "kb/kbtool.js", "assets/images/favicon.png",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """All addresses are below the site's own: the start page is empty, `de/billing/refunds/` an article."""

    edition: str
    public: bool
    languages: Mapping[str, str] = field(default_factory=dict)  #: folder of a locale, such as `de/` → its tag
    files: Mapping[str, Path] = field(default_factory=dict)  #: address → the file that was built, if it was
    telling: tuple[str, ...] = ()  #: what holds internal text, the most telling first
    others: tuple[str, ...] = ("agents",)  #: the other editions, which may stand in the folder beside this one's
    hidden: tuple[str, ...] = ()  #: what this edition must not have
    moved: Mapping[str, str] = field(default_factory=dict)  #: old address → new address

    def content(self, address: str) -> bytes:
        """The bytes of a built file, none where it is not known."""
        return self.files[address].read_bytes() if address in self.files else b""

    def pages(self, most: int) -> list[str]:
        """The start page of each language, and pages from all over the site; only what was built is known."""
        every = sorted(a for a in self.files if a.endswith(("/", ".html")) and not a.endswith("404.html"))
        starts = [folder for folder in self.languages if folder in self.files or not self.files]
        rest = [a for a in every if a not in starts]
        return [*starts, *rest[:: max(1, len(rest) // max(1, most - len(starts)))]][:most]

    def kinds(self, most: int) -> list[str]:
        """One address of each kind of file in each part of the site, or where such things usually are."""
        found: dict[tuple[str, str], str] = {}
        for address in sorted(self.files):
            name = posixpath.basename(address)
            kind = "search" if re.fullmatch(r"[0-9a-f]{12}\.json", name) else posixpath.splitext(name)[1]
            found.setdefault((address.split("/")[0], kind), address)
        return [*found.values()][:most] or list(USUAL)
