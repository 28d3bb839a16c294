"""docs/ and translations/ on disk: what is read is checked, what is written is whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from kbtool.core.errors import Refused
from kbtool.core.limits import decode
from kbtool.lock import private_folder


def markdown_files(folder: Path) -> Iterator[str]:
    """The `.md` files below a folder, as sorted paths with `/`, relative to it.

    Hidden folders and symbolic links are left out: a link could bring text of another audience, or another machine.
    """
    yield from sorted(_walk(str(folder), "", ".md"))


def all_files(folder: Path) -> Iterator[str]:
    """Every file below a folder, like `markdown_files`."""
    yield from sorted(_walk(str(folder), "", ""))


def _walk(folder: str, prefix: str, suffix: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{prefix}{entry.name}/", suffix)
        elif entry.name.endswith(suffix) and entry.is_file(follow_symlinks=False):
            yield prefix + entry.name


def read_text(path: Path) -> str:
    """A file's text, line ends and byte order mark as they are.

    Raises Refused that names the line of the first byte that is not UTF-8.
    """
    try:
        return decode(path.read_bytes())
    except Refused as error:
        raise Refused(
            error.what, where=f"{path}:{(error.where or '').removeprefix('line ')}", hint=error.hint
        ) from None


def write_text(path: Path, text: str) -> bool:
    """Write a file whole or not at all; gives whether anything changed.

    A reader, a full disk or a kill in the middle finds the old file (temporary file, fsync, rename).
    """
    return write_bytes(path, text.encode("utf-8", "surrogatepass"))


def write_bytes(path: Path, content: bytes) -> bool:
    """The same for a file that is no text."""
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = _temporary(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.truncate()
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def write_together(root: Path, files: Mapping[Path, str]) -> bool:
    """Write files that only make sense together; gives whether any changed.

    What is to be written is noted first, so that after a kill between two of them `finish` can write the rest.
    """
    journal = root / ".kbtool" / f"journal-{os.getpid()}.json"
    changed = {path: text for path, text in files.items() if _content(path) != text.encode("utf-8", "surrogatepass")}
    if len(changed) > 1:
        noted = {str(path.relative_to(root)): [_mark(_content(path)), text] for path, text in changed.items()}
        write_text(private_folder(root) / journal.name, json.dumps(noted))
    for path, text in changed.items():
        write_text(path, text)
    if len(changed) > 1:
        journal.unlink(missing_ok=True)
    return bool(changed)


def finish(root: Path) -> None:
    """Finish what killed runs had begun to write together, unless somebody has edited one of the files since."""
    for journal in sorted((root / ".kbtool").glob("journal-*.json")):
        noted = {root / name: (old, text) for name, (old, text) in json.loads(read_text(journal)).items()}
        if all(
            _mark(_content(path)) in (old, _mark(text.encode("utf-8", "surrogatepass")))
            for path, (old, text) in noted.items()
        ):
            for path, (_, text) in noted.items():
                write_text(path, text)
        journal.unlink(missing_ok=True)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _mark(content: bytes | None) -> str | None:
    return None if content is None else hashlib.blake2b(content, digest_size=16).hexdigest()


def _temporary(path: Path) -> tuple[int, str]:
    """A file beside `path` to write into first: the one that a killed run left there, or a new one.

    Always the same name, so that kills leave no litter; another if a living process is writing to that one.
    """
    usual = str(path.with_name(f".{path.name}.kbtool"))
    handle = os.open(usual, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), os.lstat(usual)):
            return handle, usual
    except (BlockingIOError, FileNotFoundError):
        pass  # somebody writes to it, or has just renamed it
    os.close(handle)
    return tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
