"""Files that an edition holds besides its articles, such as the dashboard: made by whoever is installed to make them.

An entry point of the group `kbtool.extras` is a function of the knowledge base, the edition's reader, its articles and
the day. It gives files by name; the first one is linked at the foot of every page, under the entry point's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kbtool.core.model import Locale
from kbtool.installed import entry_points
from kbtool.site.phrases import phrases
from kbtool.site.stage.desk import Desk

GROUP = "kbtool.extras"


def bring_extras(desk: Desk, articles: Sequence[str], today: date) -> dict[str, str]:
    """Stage the files beside the source locale's articles; gives the first file of each entry point by its name.

    A file at the same place, whoever may see it, is left in peace.
    """
    found: dict[str, str] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        for name, data in entry.load()(desk.project, desk.reader, tuple(articles), today).items():
            place = f"docs/{desk.source}/{name}"
            if place not in desk.digests and not (desk.project.docs / name).exists():
                desk.put(place, data)
                found.setdefault(entry.name, name)
    return found


def title_of(extra: str, locale: Locale) -> str:
    """What an extra is called in a language."""
    return phrases(locale).get(extra, extra.capitalize())
