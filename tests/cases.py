"""Cases in files: a name, then parts between lines that hold only a dot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def cases(folder: Path, parts: int) -> Iterator[tuple[str, list[str]]]:
    """Each case of each file in a folder: its name, and its parts, each ending with a line break unless it is empty."""
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text("utf-8").split("\n")
        while any(line.strip() for line in lines):
            while not lines[0].strip():
                lines.pop(0)
            name, found = lines.pop(0), []
            assert lines.pop(0) == ".", f"{path.name}: a dot must follow '{name}'"
            for _ in range(parts):
                end = lines.index(".")
                found.append("".join(f"{line}\n" for line in lines[:end]))
                del lines[: end + 1]
            yield f"{path.stem}: {name}", found
