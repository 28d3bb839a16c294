"""What texts were before, as far as git remembers."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kbtool.core.errors import Refused
from kbtool.core.model import Digest, Segment
from kbtool.core.segments import parse
from kbtool.history import History


def old_texts(
    history: History | None, file: Path, wanted: Collection[Digest], fields: tuple[str, ...]
) -> dict[Digest, Segment]:
    """Earlier segments of a file by digest, from the newest versions that have them; without git, none."""
    found: dict[Digest, Segment] = {}
    if history is None:
        return found
    for version in history.versions(file) if wanted else ():
        try:
            segments = parse(history.text(version), fields).segments
        except Refused:
            continue
        found |= {s.digest: s for s in segments if s.digest in wanted and s.digest not in found}
        if len(found) == len(wanted):
            break
    return found
