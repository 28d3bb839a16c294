"""The memory: every engine reply that was acknowledged, so that nothing is ever paid for twice.

One SQLite file in `.kbtool/`, in WAL mode, committed per reply. Before anything is sent, the intent is written down;
what a killed run leaves open is what may have been billed without a reply.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kbtool.core.errors import KbError
from kbtool.lock import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
  key BLOB PRIMARY KEY, engine TEXT NOT NULL, version TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
  glossary TEXT NOT NULL, audience TEXT NOT NULL, form TEXT NOT NULL, text TEXT NOT NULL, reply TEXT NOT NULL,
  refused INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL DEFAULT (datetime('now')));
CREATE INDEX IF NOT EXISTS by_text ON replies (text, target);
CREATE TABLE IF NOT EXISTS intents (
  id INTEGER PRIMARY KEY, engine TEXT NOT NULL, segments INTEGER NOT NULL, characters INTEGER NOT NULL,
  at TEXT NOT NULL DEFAULT (datetime('now')));
CREATE TABLE IF NOT EXISTS spending (
  month TEXT NOT NULL, engine TEXT NOT NULL, requests INTEGER NOT NULL, characters INTEGER NOT NULL, cost REAL NOT NULL,
  PRIMARY KEY (month, engine));
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two requests the same: the reply to one is the reply to the other."""

    engine: str
    version: str
    source: str
    target: str
    text: str
    audience: str = "public"
    glossary: str = ""  #: the hash of the glossary in force
    form: str = ""  #: in which form placeholders were sent, if not the engine's first

    @property
    def digest(self) -> bytes:
        fields = (self.engine, self.version, self.source, self.target, self.glossary, self.audience, self.form)
        body = json.dumps((*fields, self.text)).encode()
        return hashlib.blake2b(body, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Open:
    """What earlier runs sent and never saw answered, because they were killed."""

    requests: int = 0
    segments: int = 0
    characters: int = 0


class Memory:
    """The store of replies, intents and spending of one knowledge base; used by one thread of one process."""

    def __init__(self, path: Path | str) -> None:
        self.notices: list[str] = []  #: what a person should be told about this file
        self._path = path
        self._base = self._connect()

    @classmethod
    def of(cls, root: Path) -> Memory:
        """The memory of the knowledge base at `root`, made if there is none."""
        return cls(private_folder(root) / "memory.sqlite")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()

    def recall(self, key: Key) -> str | None:
        """The reply to this request, if one was acknowledged and not refused."""
        row = self._base.execute("SELECT reply FROM replies WHERE key = ? AND NOT refused", (key.digest,)).fetchone()
        return row[0] if row else None

    def find(self, text: str, source: str, target: str, audience: str) -> str | None:
        """The newest accepted reply to this text by any engine, for the engine `memory`."""
        row = self._base.execute(
            "SELECT reply FROM replies WHERE text = ? AND target = ? AND source = ? AND audience IN (?, 'public')"
            " AND form = '' AND engine NOT IN ('identity', 'pseudo') AND NOT refused"
            " ORDER BY engine = 'hand' DESC, at DESC, rowid DESC LIMIT 1",
            (text, target, source, audience),
        ).fetchone()
        return row[0] if row else None

    def pairs(self, source: str, target: str, *, internal: bool) -> list[tuple[str, str, str, str, str]]:
        """Every text with the best reply to it: who made that, on which day, for which audience. The order stays."""
        rows = self._base.execute(
            "SELECT text, reply, engine, date(at), audience FROM replies WHERE source = ? AND target = ?"
            " AND (? OR audience = 'public') AND form = '' AND engine NOT IN ('identity', 'pseudo') AND NOT refused"
            " ORDER BY text, engine = 'hand' DESC, at DESC, rowid DESC",
            (source, target, internal),
        )
        best: dict[str, tuple[str, str, str, str, str]] = {}
        for text, reply, engine, day, audience in rows:
            best.setdefault(text, (text, reply, engine if engine == "hand" else f"mt:{engine}", day, audience))
        return list(best.values())

    def learn(self, key: Key, reply: str) -> None:
        """Keep a translation that no engine was asked for: a person's (`engine='hand'`), or an imported one."""
        with self._base:
            self._keep({key: reply})

    def intend(self, engine: str, *, segments: int, characters: int, month: str, cost: float = 0.0) -> int:
        """Write down that a request is about to be sent, and count it as spent; gives the intent's number."""
        with self._base:
            self._base.execute(
                "INSERT INTO spending VALUES (?, ?, 1, ?, ?) ON CONFLICT (month, engine) DO UPDATE SET"
                " requests = requests + 1, characters = characters + excluded.characters, cost = cost + excluded.cost",
                (month, engine, characters, cost),
            )
            row = self._base.execute(
                "INSERT INTO intents (engine, segments, characters) VALUES (?, ?, ?)", (engine, segments, characters)
            )
        return int(row.lastrowid or 0)

    def acknowledge(self, intent: int, replies: Mapping[Key, str]) -> None:
        """The reply is here: keep it and close the intent, both or neither."""
        with self._base:
            self._keep(replies)
            self._base.execute("DELETE FROM intents WHERE id = ?", (intent,))

    def refuse(self, keys: Iterable[Key]) -> None:
        """The guard would not take these replies: a later run asks again."""
        with self._base:
            self._base.executemany("UPDATE replies SET refused = 1 WHERE key = ?", [(k.digest,) for k in keys])

    def forget(self, text: str, source: str, target: str) -> tuple[bytes, ...]:
        """A reviewer would not take what is known of a text: a later run asks again.

        Gives what was forgotten, for `remember`.
        """
        with self._base:
            rows = self._base.execute(
                "SELECT key FROM replies WHERE (text, source, target) = (?, ?, ?) AND engine != 'hand' AND NOT refused",
                (text, source, target),
            ).fetchall()
            self._base.executemany("UPDATE replies SET refused = 1 WHERE key = ?", rows)
        return tuple(key for (key,) in rows)

    def remember(self, forgotten: Iterable[bytes]) -> None:
        """The reviewer takes back what made these replies forgotten."""
        with self._base:
            self._base.executemany("UPDATE replies SET refused = 0 WHERE key = ?", [(key,) for key in forgotten])

    def left_open(self) -> Open:
        """What was sent by runs that ended before the reply came: it may have been billed. Closes those intents."""
        with self._base:
            row = self._base.execute(
                "SELECT count(*), coalesce(sum(segments), 0), coalesce(sum(characters), 0) FROM intents"
            ).fetchone()
            self._base.execute("DELETE FROM intents")
        return Open(*row)

    def spent(self, month: str, engine: str) -> int:
        """Characters sent to this engine in this month (YYYY-MM)."""
        row = self._base.execute("SELECT characters FROM spending WHERE (month, engine) = (?, ?)", (month, engine))
        found = row.fetchone()
        return int(found[0]) if found else 0

    def cost(self, month: str) -> float:
        """What all engines together have cost in this month (YYYY-MM)."""
        return float(self._base.execute("SELECT total(cost) FROM spending WHERE month = ?", (month,)).fetchone()[0])

    def __len__(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM replies WHERE NOT refused").fetchone()[0])

    def _keep(self, replies: Mapping[Key, str]) -> None:
        self._base.executemany(
            "INSERT OR REPLACE INTO replies (key, engine, version, source, target, glossary, audience, form, text,"
            " reply) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (k.digest, k.engine, k.version, k.source, k.target, k.glossary, k.audience, k.form, k.text, reply)
                for k, reply in replies.items()
            ],
        )

    def _connect(self) -> sqlite3.Connection:
        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            if self._path == ":memory:":
                raise
            if isinstance(error, sqlite3.OperationalError):  # a full disk, a folder that may only be read: it is sound
                raise KbError(
                    f"the memory cannot be used: {error}",
                    where=str(self._path),
                    hint="see whether there is room, and who may read and write the folder; then run it again",
                ) from error
            aside = self._set_aside()
            self.notices.append(
                f"the memory was damaged ({error}); a new one was begun, and the old file kept as {aside}"
            )
            return self._open()

    def _open(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._path, timeout=30)
        try:
            base.execute("PRAGMA journal_mode = WAL")
            # A killed process loses nothing; a power cut may lose the last replies, never the file.
            base.execute("PRAGMA synchronous = NORMAL")
            if (answer := base.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(answer)
            base.executescript(_SCHEMA)
        except BaseException:
            base.close()
            raise
        return base

    def _set_aside(self) -> str:
        path = Path(self._path)
        number = 1
        while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
            number += 1
        path.rename(aside)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
        return aside.name
