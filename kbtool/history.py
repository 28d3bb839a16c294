"""What git remembers: old texts for diffs, who wrote what, and a person's name. No state ever depends on it.

The only place that knows GitPython, which is imported when a history is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.core.errors import KbError

if TYPE_CHECKING:
    from git import Repo

#: versions of one file that are looked at; beyond them an old text counts as not there
VERSIONS = 300
#: commits that are read to say when files changed; beyond them a file counts as unchanged
COMMITS = 5000


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file, and who committed it."""

    commit: str
    name: str
    email: str
    day: date
    blob: str

    def by(self, person: str) -> bool:
        """Whether `person`, a name, an address or its first part, wrote this version."""
        return person.casefold() in {self.name.casefold(), self.email.casefold(), self.email.casefold().split("@")[0]}


@dataclass(frozen=True, slots=True)
class Change:
    """One commit's change of one file: its contents before (None: the file is new) and after, as git names them."""

    day: date
    old: str | None
    new: str


class History:
    """The git history of a knowledge base."""

    def __init__(self, repo: Repo, root: Path) -> None:
        self._repo, self._root = repo, root

    @classmethod
    def of(cls, root: Path) -> History | None:
        """The history of the repository that `root` lies in; None outside git and before the first commit."""
        repo = _opened(root)
        return cls(repo, root) if repo is not None and repo.head.is_valid() else None

    @cached_property
    def is_shallow(self) -> bool:
        """Whether this is a clone without its whole past, as CI makes them."""
        return (Path(self._repo.common_dir) / "shallow").is_file()

    def why_missing(self) -> str:
        """Why an old text may not be found, said to a person."""
        if self.is_shallow:
            return "this clone is shallow (git fetch --unshallow brings the rest)"
        return f"it is not in the last {VERSIONS} versions of the file"

    def versions(self, file: Path) -> Iterator[Version]:
        """The versions of a file, newest first, through renames."""
        said = self._git("log", "--follow", "--raw", "--no-abbrev", "-m", "--first-parent", f"-n{VERSIONS}",
                         "--format=%x01%H%x00%an%x00%ae%x00%cs", "--", str(file))  # fmt: skip
        for part in said.split("\x01")[1:]:
            head, _, raw = part.partition("\n")
            commit, name, email, day = head.split("\0")
            changes = [line.split("\t")[0].split(" ") for line in raw.splitlines() if line.startswith(":")]
            for change in changes[:1]:
                if change[3].strip("0"):
                    yield Version(commit, name, email, date.fromisoformat(day), change[3])

    def text(self, version: Version) -> str:
        """The file as it was."""
        return self.content(version.blob)

    def text_at(self, revision: str, file: Path) -> str | None:
        """A file in a commit; None where it was not there."""
        try:
            return self.content(self._git("rev-parse", "--verify", "--quiet", f"{revision}:{self._inside(file)}"))
        except KbError:
            return None

    def changed(self, base: str, head: str) -> tuple[str, ...]:
        """Files that `head` changed since it left `base`, relative to the knowledge base's root."""
        return self._named(self._git("diff", "--name-only", "--no-renames", "-z", f"{base}...{head}"))

    def changed_here(self, commit: str) -> tuple[str, ...]:
        """Files that are not as they were in a commit, whether that has been committed or not."""
        changed = self._git("diff", "--name-only", "--no-renames", "-z", commit)
        top = Path(str(self._repo.working_dir))
        new = self._git("ls-files", "--others", "--exclude-standard", "--full-name", "-z", str(top))
        return self._named(f"{changed}\0{new}")

    def _named(self, said: str) -> tuple[str, ...]:
        """Files as git names them, relative to the knowledge base's root."""
        top = Path(str(self._repo.working_dir)).resolve()
        found = [(top / name) for name in said.split("\0") if name]
        return tuple(p.relative_to(self._root).as_posix() for p in found if p.is_relative_to(self._root))

    def merge_base(self, base: str, head: str) -> str:
        """The commit from which `head` left `base`."""
        return self._git("merge-base", base, head)

    def last_changes(self, folder: Path) -> Mapping[str, date]:
        """When each file below a folder was last committed, relative to the root; in one pass over the history."""
        said = self._git("log", "--format=%x01%cs", "--name-only", "-z", f"-n{COMMITS}", "--", str(folder))
        found: dict[str, date] = {}
        for part in said.split("\x01")[1:]:
            day, *names = (each.strip("\n") for each in part.split("\0"))
            for name in filter(None, names):
                found.setdefault(self._below_root(name), date.fromisoformat(day))
        return found

    def changes(self, folder: Path) -> Mapping[str, tuple[Change, ...]]:
        """How the contents of each file below a folder changed, newest first, through renames; in one pass.

        Files are named as they are called now, relative to the root. What lies before a file's first commit, as when
        it was removed and came back, is left out.
        """
        said = self._git(
            "log", "--format=%x01%cs", "--raw", "--no-abbrev", "-M", "-z", f"-n{COMMITS}", "--", str(folder)
        )
        found: dict[str, list[Change]] = {}
        names: dict[str, str] = {}  # what a file was called → what it is called now
        for part in said.split("\x01")[1:]:
            day, *fields = part.split("\0")
            on, rest = date.fromisoformat(day.strip()), iter(fields)
            for field in rest:
                if not field.lstrip("\n").startswith(":"):
                    continue
                _, _, old, new, status = field.strip().split(" ")
                before = next(rest)
                after = next(rest) if status[0] in "RC" else before
                now = names.get(after, after)
                if status[0] == "R":
                    names[before] = now
                told = found.setdefault(now, [])
                if new.strip("0") and not (told and told[-1].old is None) and old != new:
                    told.append(Change(on, old if old.strip("0") and status[0] != "C" else None, new))
        return {path: tuple(told) for name, told in found.items() if told and (path := self._below_root(name))}

    def content(self, blob: str) -> str:
        """What a file held, by git's name for it."""
        content: bytes = self._repo.odb.stream(bytes.fromhex(blob)).read()
        return content.decode("utf-8", "replace")

    def _below_root(self, name: str) -> str:
        """A file of the repository relative to the knowledge base's root; empty where it lies elsewhere."""
        return name.removeprefix(self._prefix) if name.startswith(self._prefix) else ""

    @cached_property
    def _prefix(self) -> str:
        """What the knowledge base's files begin with where git names them."""
        inside = self._root.relative_to(Path(str(self._repo.working_dir)).resolve()).as_posix()
        return "" if inside == "." else f"{inside}/"

    def first_day(self, file: Path) -> date | None:
        """When a file first appeared, as far back as this clone knows."""
        said = self._git("log", "--format=%cs", "--", str(file)).split()
        return date.fromisoformat(said[-1]) if said else None

    def is_committed(self, file: Path) -> bool:
        """Whether git has a file exactly as it is."""
        return not self._git("status", "--porcelain", "--ignored", "--", str(file))

    def head(self) -> str:
        return str(self._repo.head.commit.hexsha)

    def user(self) -> str | None:
        """The name that git knows the person at this machine by."""
        return _configured(self._repo)

    def _inside(self, file: Path) -> str:
        return file.resolve().relative_to(Path(str(self._repo.working_dir)).resolve()).as_posix()

    def _git(self, command: str, *args: str) -> str:
        from git.exc import GitCommandError

        try:
            # core.quotepath and the pager are people's settings; what is parsed here must not depend on them
            return str(self._repo.git.execute(["git", "-c", "core.quotepath=off", "-c", "log.showSignature=false",
                                               command, *args]))  # fmt: skip
        except GitCommandError as error:
            said = str(error.stderr).strip().removeprefix("stderr:").strip().strip("'")
            raise KbError(
                f"git {command} failed: {said}", hint="is the whole history here? git fetch --unshallow"
            ) from None


def user(root: Path) -> str | None:
    """The name that git knows the person at this machine by; None without git or without a name."""
    repo = _opened(root)
    return _configured(repo) if repo is not None else None


def _opened(root: Path) -> Repo | None:
    """The repository that `root` lies in; None outside git, and on a machine without git."""
    try:
        from git import Repo
        from git.exc import GitError
    except ImportError:  # GitPython's way to say that the program is not there
        return None
    try:
        return Repo(root, search_parent_directories=True)
    except (GitError, OSError):
        return None


def _configured(repo: Repo) -> str | None:
    said = repo.git.config("--get", "user.name", with_exceptions=False)
    return str(said).strip() or None
