"""What waits for a reviewer, the most important first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kbtool.core.errors import Refused
from kbtool.core.model import Locale, State


@dataclass(frozen=True, slots=True)
class Waiting:
    """A translation of which something waits for a verdict."""

    path: str
    locale: Locale
    state: State  #: the worst of what waits
    counts: Mapping[State, int] = field(default_factory=dict)  #: segments that wait
    proposals: int = 0
    major: bool = False  #: the old text was declared wrong
    views: int | None = None
    since: date | None = None  #: the last change of the original, where the history tells


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Wrong texts first, then by page views; where these say nothing, by severity and age."""
    return sorted(
        waiting,
        key=lambda each: (
            not each.major,
            -(each.views or 0),
            -each.state.severity,
            each.since or date.max,
            each.path,
            each.locale,
        ),
    )


def read_views(text: str, where: str) -> dict[str, int]:
    """Page views by article from a CSV file with the columns `path,views`; rows for the same page add up.

    A path is that of the article or of its page: `billing/refunds.md`, `/billing/refunds/`, `/de/billing/refunds/`.
    A head line may name the columns in any order, and a third one, `locale`.
    Raises Refused with the line of what is no number.
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    found: dict[str, int] = {}
    places = {"path": 0, "views": 1, "locale": 2}
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if number == 1 and (heads := [cell.lower() for cell in cells]) and "views" in heads:
            places = {head if head in places else "path": place for place, head in reversed([*enumerate(heads)])}
            continue
        try:
            path, views = cells[places["path"]], int(cells[places["views"]].replace(" ", ""))
        except (IndexError, KeyError, ValueError):
            raise Refused(
                "expected path,views", where=f"{where}:{number}", hint="such as billing/refunds.md,1200"
            ) from None
        place = places.get("locale", len(cells))
        if place < len(cells) and cells[place]:
            path = f"{cells[place]}/{path.lstrip('/').removeprefix('docs/')}"
        found[path] = found.get(path, 0) + views
    return found


def views_of(path: str, locale: Locale, views: Mapping[str, int]) -> int | None:
    """How often an article was read in a locale, else in all; None where the file does not say."""
    page = path.removesuffix(".md").removesuffix("index").rstrip("/")
    own = [f"{locale}/{page}", f"{locale}/{path}"]
    for names in (own, [path, f"docs/{path}", page]):
        bare = {name.strip("/") for name in names}
        forms = {form for name in bare for form in ((name, f"/{name}", f"/{name}/", f"{name}/") if name else ("/",))}
        known = forms & views.keys()
        if known:
            return sum(views[form] for form in known)
    return None
