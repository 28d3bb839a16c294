"""Firefox's own translation models on this machine's CPU: nothing leaves the house."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbtool.engines.base import About, BadReply, EngineError, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HINT = "fetch them once with 'fxtranslate models add {0} {1}'"


class Firefox:
    """Models that are on the disk, in fxtranslate's cache or in the folder `models`; none is fetched by a run.

    Where there is no model for a pair, the way goes through English.
    """

    about = About(
        name="firefox",
        options=("models",),
        summary="Firefox's translation models on this machine; nothing leaves it",
        forms=("marks", "braces"),
        max_characters=20_000,
        connections=2,
        leaves_house=False,
        tied=True,
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        try:
            import fxtranslate
        except ImportError:
            raise EngineError(
                "engine 'firefox' needs the package 'fxtranslate'", hint="pip install 'kbtool[local]'"
            ) from None
        self._library = fxtranslate
        self._cache = fxtranslate.Cache(options["models"]) if options.get("models") else fxtranslate.Cache()
        self._translators: dict[str, Any] = {}

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        route = self._route(source.split("-", maxsplit=1)[0], target.split("-", maxsplit=1)[0])
        for step in route:
            texts = [self._through(step, text) for text in texts]
        return list(texts)

    def _route(self, source: str, target: str) -> list[str]:
        here = {str(entry["name"]) for entry in self._cache.list_cached()}
        for route in ([f"{source}-{target}"], [f"{source}-en", f"en-{target}"]):
            if here.issuperset(route):
                return route
        raise Refusal(
            f"there are no Firefox models for {source} to {target} on this machine", hint=_HINT.format(source, target)
        )

    def _through(self, pair: str, text: str) -> str:
        try:
            # `translate` cuts off what is longer than one sentence's room.
            return str(self._translator(pair).translate_long(text))
        except ValueError:
            raise BadReply("the Firefox model could not read this text") from None

    def _translator(self, pair: str) -> Any:
        if pair not in self._translators:
            files = {name: Path(path) for name, _, path in self._cache.pair_files(pair)}
            parts = {kind: _bytes(files, kind) for kind in ("model", "vocab", "srcvocab", "trgvocab", "lex")}
            source, target = parts["srcvocab"] or parts["vocab"], parts["trgvocab"] or parts["vocab"]
            if not (parts["model"] and source and target):
                raise Refusal(f"the Firefox model {pair} is not complete", hint=_HINT.format(*pair.split("-", 1)))
            self._translators[pair] = self._library.Translator(parts["model"], source, target, parts["lex"])
        return self._translators[pair]


def _bytes(files: Mapping[str, Path], kind: str) -> bytes | None:
    return next((path.read_bytes() for name, path in files.items() if name.startswith(f"{kind}.")), None)
