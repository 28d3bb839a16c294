"""LibreTranslate: a server of one's own or somebody's, spoken to in JSON, many texts in one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kbtool.core.errors import UsageError
from kbtool.engines import forms
from kbtool.engines.base import About, BadReply, Refusal, secret, tag
from kbtool.engines.egress import Door

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TAGS = {"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant",
         "zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant", "pt-BR": "pt-BR", "no": "nb"}  # fmt: skip


class LibreTranslate:
    """Any LibreTranslate server; `url` in the settings, the key (if the server wants one) in the environment."""

    about = About(
        name="libretranslate",
        options=("url", "timeout", "tags"),
        summary="a LibreTranslate server; text stays where that server is",
        forms=("html", "marks", "braces"),
        max_texts=40,
        max_characters=4000,
        keys=("KBTOOL_LIBRETRANSLATE_KEY", "LIBRE_API_KEY"),
        tags=_TAGS,
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        if not options.get("url"):
            raise UsageError(
                "engine 'libretranslate' needs the address of a server",
                where="engines.libretranslate.url",
                hint='like url = "http://127.0.0.1:5000"',
            )
        self._url = str(options["url"]).rstrip("/") + "/translate"
        self._door = Door(self.about.name, self._url, timeout=float(options.get("timeout", 60)))
        self._form = str(options.get("form", self.about.forms[0]))
        self._tags = {**_TAGS, **options.get("tags", {})}

    def close(self) -> None:
        self._door.close()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        asked: dict[str, Any] = {
            "q": [forms.encode(self._form, text) for text in texts],
            "source": tag(source, self._tags),
            "target": tag(target, self._tags),
            "format": "html" if self._form == "html" else "text",
        }
        try:
            asked["api_key"] = secret(self.about)
        except Refusal:
            asked.pop("api_key", None)  # most servers of one's own want none
        reply = self._door.post(self._url, data=asked).json()
        found = reply.get("translatedText") if isinstance(reply, dict) else None
        if not isinstance(found, list) or len(found) != len(texts) or not all(isinstance(t, str) for t in found):
            raise BadReply("LibreTranslate did not give one reply for each text")
        return [forms.decode(self._form, text) for text in found]
