"""Looks through texts piece by piece: the pages of a site have most of their lines in common, and each is read once.

A text is cut after every `>` at a line's end. No tag reaches across such a place, for the `>` has ended it; no entity,
escape or encoded run, for none of them goes on after a `>`; no word, for a line ends. Only a phrase can: where a piece
has a word by which one is found that may go on beyond the piece, it is read again together with its neighbours.

What is new in several files is looked through in one go, for in nearly all of it there is nothing, and to look at a
text costs more than to look at a longer one.

It says no more than that there is nothing in a text. Whatever looks suspicious is scanned as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field

from kbtool.checks.audit.familiar import Familiar, Sizes
from kbtool.checks.audit.layers import PARTS, TOTAL, Blob, Found, Opener, Unread, text_alone, unpacked
from kbtool.checks.audit.media import essence
from kbtool.checks.audit.needles import RARE_WORDS, Needles
from kbtool.checks.audit.runs import Coded, decoded, runs_in
from kbtool.checks.audit.words import disguises_in, fold, folded_words, peel, undisguised, views

_CUT = ">\n"
_PARTED = 8  #: so many parts are made of pieces in which there is something


@dataclass(frozen=True, slots=True)
class Note:
    """What there is to say of a piece."""

    suspicious: bool = False  #: the file has to be scanned as a whole
    open: bool = False  #: a phrase may have begun before it, or go on after it
    rare: frozenset[bytes] = frozenset()  #: words that only internal texts have
    disguises: tuple[str, ...] = ()  #: readings that all of the text has if a piece of it does
    parts: int = 0  #: what is encoded in it, and how much came out of that
    unpacked: int = 0


_NOTHING = Note()


@dataclass(slots=True)
class Sieve:
    """Tells of a text that it holds nothing; remembers pieces, so that each is looked through once."""

    needles: Needles
    internal_assets: dict[bytes, str]
    dull: set[str] = field(default_factory=set)
    room: int = 8_000_000  #: letters of pieces that are kept in mind; then it begins anew
    long: int = 100_000  #: letters of a text of which hardly a word is met again, as a search index is
    _blank: set[str] = field(default_factory=set)
    _noted: dict[str, Note] = field(default_factory=dict)
    _letters: int = 0
    _familiar: Familiar = field(init=False)

    def __post_init__(self) -> None:
        self._familiar = Familiar(self.needles.telling, self.dull, self._opened)

    def holds_nothing(self, data: bytes) -> bool:
        """Whether a file surely has no leak in it; False says nothing."""
        return self.clean([data]) == [True]

    def clean(self, files: Iterable[bytes]) -> list[bool]:
        """The same of several files, which are looked through together."""
        cut = [self._cut(data) for data in files]
        ends = {pieces[-1] for pieces in cut if pieces}  # of a file without pieces all of it; such are not met again
        with self._looked_through([piece for pieces in cut for piece in pieces], ends):
            return [pieces != [] and self._is_without(pieces) for pieces in cut]

    def say_nothing(self, texts: Sequence[str]) -> list[bool]:
        """Whether there surely is nothing in short texts, such as names."""
        with self._looked_through(texts, set(texts)):
            return [text not in self._noted for text in texts]

    def _cut(self, data: bytes) -> list[str]:
        """The pieces of bytes that are one text, packed or not; none where they are something else, or internal."""
        text = text_alone(data)
        if text is None and (plain := unpacked(data)) is not None and not self._is_internal(plain):
            text = text_alone(plain)
        return [] if text is None or self._is_internal(data) else text.split(_CUT)

    def _is_without(self, pieces: Sequence[str]) -> bool:
        """Whether there is no leak in a text, given its pieces."""
        notes = self._notes(pieces)
        names = {name for _, note in notes for name in note.disguises}
        return self._passes(notes, pieces) and all(self._passes_as(name, pieces) for name in names)

    def _is_internal(self, data: bytes) -> bool:
        return bool(self.internal_assets) and essence(data) in self.internal_assets

    def _passes_as(self, name: str, pieces: Sequence[str]) -> bool:
        """The same in another reading; it ends every piece where the plain one does."""
        others = [_undisguised(piece + _CUT, name).removesuffix(_CUT) for piece in pieces[:-1]]
        others.append(_undisguised(pieces[-1], name))
        with self._looked_through(others):
            return self._passes(self._notes(others), others)

    def _passes(self, notes: Sequence[tuple[int, Note]], pieces: Sequence[str]) -> bool:
        if not notes:
            return True
        if any(note.suspicious for _, note in notes) or len(_rare(notes)) >= RARE_WORDS:
            return False
        # Three readings together stay below what one file may unpack to.
        parts, unpacked = sum(note.parts for _, note in notes), sum(note.unpacked for _, note in notes)
        if parts * 4 > PARTS or unpacked * 4 > TOTAL:
            return False
        return not any(note.open and self._is_met_across(at, pieces) for at, note in notes)

    def _notes(self, pieces: Sequence[str]) -> list[tuple[int, Note]]:
        """Those of the pieces of which there is something to say, by their places."""
        noted = self._noted
        if noted.keys().isdisjoint(pieces):
            return []
        return [(at, noted[piece]) for at, piece in enumerate(pieces) if piece in noted]

    @contextmanager
    def _looked_through(self, pieces: Iterable[str], once: Set[str] = frozenset()) -> Iterator[None]:
        """What there is to say of pieces is known meanwhile, and later as well, but for those that are met `once`."""
        new = set(pieces) - self._blank - self._noted.keys()
        self._learn_all(new)
        yield
        self._blank -= once
        self._letters += sum(map(len, new - once))
        if self._letters > self.room:
            self._blank.clear()
            self._noted.clear()
            self._letters = 0

    def _learn_all(self, pieces: Iterable[str]) -> None:
        """Note what there is to say of pieces, as many at once as make no long text."""
        some: list[str] = []
        size = 0
        for piece in pieces:
            if some and size + len(piece) >= self.long:
                self._learn(some)
                some, size = [], 0
            some.append(piece)
            size += len(piece) + len(_CUT)
        self._learn(some)

    def _learn(self, pieces: Sequence[str]) -> None:
        """Note what there is to say of a few pieces; mostly nothing, so that all are looked through at once."""
        if not pieces:
            return
        note = self._note_of(_CUT.join(pieces) + _CUT)
        if note == _NOTHING:
            self._blank.update(pieces)
        elif len(pieces) == 1:
            self._noted[pieces[0]] = note
        else:
            step = -(-len(pieces) // _PARTED)
            for at in range(0, len(pieces), step):
                self._learn(pieces[at : at + step])

    def _note_of(self, text: str) -> Note:
        peeled, bare = peel(text)
        if bare and len(peeled) < self.long and (sizes := self._familiar.sizes(peeled)) is not None:
            names = disguises_in(text)
            return Note(disguises=tuple(names), parts=sizes[0], unpacked=sizes[1]) if names or sizes[0] else _NOTHING
        runs = runs_in(peeled)
        if not bare or runs.go_on or (sizes := self._opened(decoded(runs, self.dull))) is None:
            return Note(suspicious=True)
        hit, is_open, rare = self.needles.look(views(fold(peeled)))
        return Note(hit, is_open, rare, tuple(disguises_in(text)), *sizes)

    def _opened(self, coded: Iterable[Coded]) -> Sizes | None:
        """How much there is in what was encoded in a piece; None if that is suspicious."""
        opener = Opener(self.dull)
        for coding, data in coded:
            if any(map(self._is_suspicious, opener.open(data, ("a disguise", coding)))):
                return None
        return opener.parts, opener.total

    def _is_suspicious(self, layer: Found) -> bool:
        """Whether there may be something in what was encoded in a piece; such a layer is looked at as a whole."""
        if isinstance(layer, Unread):
            return True
        if isinstance(layer, Blob):
            return self._is_internal(layer.data)
        hit, _, rare = self.needles.look(views(fold(layer.text)))
        return hit or len(rare) >= RARE_WORDS

    def _is_met_across(self, at: int, pieces: Sequence[str]) -> bool:
        """Whether there is a needle in a piece and its neighbours, so many of them that it surely ends there."""
        before, after = 1, 1
        while at - before > 0 and not self._is_enough(pieces[max(at - before, 0) : at]):
            before *= 2
        while at + after < len(pieces) - 1 and not self._is_enough(pieces[at + 1 : at + 1 + after]):
            after *= 2
        return self.needles.look(_views(_CUT.join(pieces[max(at - before, 0) : at + 1 + after]) + _CUT))[0]

    def _is_enough(self, pieces: Iterable[str]) -> bool:
        text = "".join(piece + _CUT for piece in pieces)
        return min(len(folded_words(view)) for view in _views(text)) >= self.needles.longest


def _views(text: str) -> list[str]:
    return views(fold(peel(text)[0]))


def _rare(notes: Iterable[tuple[int, Note]]) -> set[bytes]:
    return {word for _, note in notes for word in note.rare}


def _undisguised(text: str, name: str) -> str:
    return text if text.isascii() and name not in disguises_in(text) else undisguised(text, name)
