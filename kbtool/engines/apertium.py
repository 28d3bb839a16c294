"""Apertium: free machine translation on this machine, no network, for a few pairs of related languages.

Each direction is one long-lived pipe. A reply that belongs to another text would be worse than none, so every text
carries a number through the pipe, and a pipe that answers with a wrong one is thrown away.
"""

from __future__ import annotations

import itertools
import os
import re
import selectors
import shutil
import signal
import subprocess
import time
import weakref
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbtool.core.model import PLACEHOLDER
from kbtool.engines.base import About, BadReply, EngineError, Refusal, Transient

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MODES = (Path("/usr/share/apertium/modes"), Path("/usr/local/share/apertium/modes"))
_INSTALL = "apt-get install apertium apertium-eng-spa apertium-eng-cat apertium-es-pt"
#: Three-letter names of modes whose two-letter form is what locales use.
_CODES = {
    "eng": "en", "spa": "es", "cat": "ca", "por": "pt", "fra": "fr", "ita": "it", "glg": "gl", "oci": "oc",
    "arg": "an", "ron": "ro", "srd": "sc", "eus": "eu", "epo": "eo", "nob": "nb", "nno": "nn", "swe": "sv",
    "dan": "da", "isl": "is", "afr": "af", "nld": "nl", "rus": "ru", "ukr": "uk", "bel": "be", "pol": "pl",
    "ces": "cs", "slk": "sk", "hbs": "sh", "slv": "sl", "mkd": "mk", "bul": "bg", "kaz": "kk", "tat": "tt",
    "urd": "ur", "hin": "hi", "msa": "ms", "ind": "id", "mlt": "mt", "ara": "ar", "cym": "cy", "bre": "br",
}  # fmt: skip
_RESERVED = re.compile(r"[\[\]{}^$/\\@<>\n\t]")
_SENTENCE_END = re.compile(r"[.!?:;…]\W*$")
_WINDOW = 6000  # characters on their way at once; a pipe's buffer holds far more, so writing never blocks


class Apertium:
    """Translates along installed pairs, through a third language if need be (en → es → pt)."""

    about = About(
        name="apertium",
        options=("modes", "timeout"),
        summary="Apertium on this machine; English, Spanish, Catalan, Portuguese and more; rough quality",
        forms=("marks",),
        max_texts=50,
        max_characters=_WINDOW,
        connections=2,
        leaves_house=False,
        tied=True,
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        if not shutil.which("apertium"):
            raise EngineError("Apertium is not installed", where="engine", hint=_INSTALL)
        folders = [Path(options["modes"])] if options.get("modes") else MODES
        self._modes = _installed(folders)
        self._timeout = float(options.get("timeout", 30))
        self._pipes: dict[str, Pipe] = {}

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        route = self.route(source, target)
        for mode in route:
            texts = self._through(mode, texts)
        return list(texts)

    def route(self, source: str, target: str) -> list[Path]:
        """The shortest chain of modes from one locale to the other."""
        start, wanted = _language(source), _language(target)
        paths: deque[tuple[str, list[Path]]] = deque([(start, [])])
        seen = {start}
        while paths:
            here, so_far = paths.popleft()
            steps = sorted(self._modes.get(here, {}).items())
            for there, variants in steps:
                if there in seen:
                    continue
                step = [*so_far, _variant(variants, target if there == wanted else there)]
                if there == wanted:
                    return step
                seen.add(there)
                paths.append((there, step))
        raise Refusal(
            f"Apertium has no way from {source} to {target} here",
            hint=f"'apt-cache search apertium-' lists its pairs; installed: {self._known()}",
        )

    def close(self) -> None:
        for pipe in self._pipes.values():
            pipe.close()
        self._pipes.clear()

    def _known(self) -> str:
        return ", ".join(sorted(f"{a}-{b}" for a, ends in self._modes.items() for b in ends)) or "none"

    def _through(self, mode: Path, texts: Sequence[str]) -> list[str]:
        replies: list[str] = []
        for window in _windows(texts):
            try:
                replies += self._pipe(mode).translate(window, self._timeout)
            except TimeoutError:
                self._drop(mode)
                raise Transient(f"Apertium did not answer within {self._timeout:g} seconds") from None
            except (OSError, EOFError, ValueError, _OutOfStep):
                # A pipe that died or lost count: a new one, one text at a time, so that a bad text spoils no other.
                replies += [self._alone(mode, text) for text in window]
        return replies

    def _alone(self, mode: Path, text: str) -> str:
        self._drop(mode)
        try:
            return self._pipe(mode).translate([text], self._timeout)[0]
        except (OSError, EOFError, ValueError, _OutOfStep) as error:
            self._drop(mode)
            raise BadReply(f"Apertium could not read this text ({type(error).__name__.strip('_')})") from None

    def _pipe(self, mode: Path) -> Pipe:
        if mode.name not in self._pipes:
            self._pipes[mode.name] = Pipe(mode)
        return self._pipes[mode.name]

    def _drop(self, mode: Path) -> None:
        if pipe := self._pipes.pop(mode.name, None):
            pipe.close()


class _OutOfStep(Exception):
    """The pipe answered a text that was not the next one."""


class Pipe:
    """One direction of Apertium as a pipe that stays open: texts in, texts out, each with its number."""

    def __init__(self, mode: Path) -> None:
        script = subprocess.run(
            ["apertium-wblank-mode", "-z", str(mode)], capture_output=True, check=True, text=True, timeout=30
        ).stdout
        # -n: no marks on unknown words. A group of its own, so that Ctrl-C does not kill it under a reply.
        process = subprocess.Popen(
            ["bash", "-c", script, "apertium", "-n", ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._numbers = itertools.count(1)
        self._left = b""
        if process.stdin is None or process.stdout is None:  # for the type checker; both were asked for
            raise EOFError
        self._in, self._out = process.stdin, process.stdout
        self._end = weakref.finalize(self, _end, process)

    def translate(self, texts: Sequence[str], timeout: float) -> list[str]:
        """One reply per text, or an exception; then the pipe is of no more use."""
        numbered = [(next(self._numbers), text) for text in texts]
        blocks = "".join(_block(number, text) + "\0" for number, text in numbered)
        self._in.write(blocks.encode("utf-8", "replace"))
        self._in.flush()
        deadline = time.monotonic() + timeout
        return [_unblock(number, self._read(deadline), text) for number, text in numbered]

    def close(self) -> None:
        self._end()

    def _read(self, deadline: float) -> str:
        while b"\0" not in self._left:
            with selectors.DefaultSelector() as selector:
                selector.register(self._out, selectors.EVENT_READ)
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
            chunk = os.read(self._out.fileno(), 65536)
            if not chunk:
                raise EOFError
            self._left += chunk
        block, self._left = self._left.split(b"\0", 1)
        return block.decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                continue  # it had died before us
    try:
        os.killpg(process.pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    finally:
        process.wait()


def _block(number: int, text: str) -> str:
    """A text as Apertium reads it: its number and its placeholders as superblanks, the rest escaped.

    A full stop is added where the text has no end, for the tagger's sake, before a mark by which it is found again.
    """
    parts, end = [f"[kb{number}]"], 0
    for match in PLACEHOLDER.finditer(text):
        parts += [_escaped(text[end : match.start()]), f"[{match[0]}]"]
        end = match.end()
    parts.append(_escaped(text[end:]))
    if not _SENTENCE_END.search(text):
        parts.append(".[kb.]")
    return "".join(parts) + "[\n]"


def _escaped(text: str) -> str:
    # As superblanks too: on some texts (".^") an escaped character makes the pipe wait for ever.
    return _RESERVED.sub(lambda m: f"[kbc{ord(m[0]):x}]", text.replace("\0", " "))


def _unblock(number: int, reply: str, text: str) -> str:
    head = f"[kb{number}]"
    if not reply.startswith(head) or not reply.endswith("[\n]"):
        raise _OutOfStep
    body = reply[len(head) : -len("[\n]")]
    if not _SENTENCE_END.search(text):
        body = re.sub(r"\.?\[kb\.\]", "", body)
    body = re.sub(r"\[(⟦/?\d+⟧)\]", r"\1", re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL))
    return re.sub(r"\[kbc([0-9a-f]+)\]", lambda m: chr(int(m[1], 16)), body)


def _windows(texts: Sequence[str]) -> Iterable[list[str]]:
    window: list[str] = []
    size = 0
    for text in texts:
        if window and size + len(text) > _WINDOW:
            yield window
            window, size = [], 0
        window.append(text)
        size += len(text)
    if window:
        yield window


def _installed(folders: Iterable[Path]) -> dict[str, dict[str, list[Path]]]:
    """The modes by language from and language to; a pair may have several, for regions."""
    modes: dict[str, dict[str, list[Path]]] = {}
    for folder in folders:
        for mode in sorted(folder.glob("*.mode")):
            source, _, target = mode.stem.partition("-")
            if target and "-" not in target and "_" not in source:
                modes.setdefault(_language(source), {}).setdefault(_language(target), []).append(mode)
    return modes


def _language(code: str) -> str:
    first = re.split(r"[-_]", code)[0].lower()
    return _CODES.get(first, first)


def _variant(modes: Sequence[Path], locale: str) -> Path:
    """The mode made for this region (`es-pt_BR` for pt-BR), else the plain one."""
    region = locale.replace("-", "_").partition("_")[2]
    for mode in modes:
        if region and mode.stem.endswith(f"_{region}"):
            return mode
    return min(modes, key=lambda mode: (mode.stem.count("_"), mode.stem))
