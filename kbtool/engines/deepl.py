"""DeepL through its official package, whose requests go through the egress door like everybody's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kbtool.engines import forms
from kbtool.engines.base import About, BadReply, EngineError, Rejected, secret, tag
from kbtool.engines.egress import Door

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FORMALITY = {"formal": "prefer_more", "informal": "prefer_less"}
_TAGS = {"en": "EN-GB", "en-US": "EN-US", "pt": "PT-PT", "pt-BR": "PT-BR", "zh": "ZH-HANS", "zh-Hans": "ZH-HANS",
         "zh-CN": "ZH-HANS", "zh-Hant": "ZH-HANT", "zh-TW": "ZH-HANT", "no": "NB"}  # fmt: skip


class DeepL:
    """DeepL; settings: `formality` ("formal", "informal"), `glossary` (an id on DeepL's side), `model`."""

    about = About(
        name="deepl",
        options=("url", "timeout", "formality", "glossary", "model"),
        summary="DeepL, through its official package",
        forms=("xml", "braces"),
        max_texts=50,
        max_characters=60_000,
        keys=("KBTOOL_DEEPL_KEY", "DEEPL_AUTH_KEY"),
        price=25.0,
        tags=_TAGS,
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        try:
            import deepl
        except ImportError:
            raise EngineError("engine 'deepl' needs the package 'deepl'", hint="pip install 'kbtool[deepl]'") from None
        key = secret(self.about)
        self._client = deepl.DeepLClient(key, server_url=options.get("url"), send_platform_info=False)
        self._door = Door(self.about.name, self._client.server_url, timeout=float(options.get("timeout", 30)))
        self._client._client = _Client(self._door)  # type: ignore[assignment]  # its own follows redirects
        self._form = str(options.get("form", self.about.forms[0]))
        formality = str(options.get("formality") or options.get("tone") or "")
        self._wishes = {
            "formality": _FORMALITY.get(formality),
            "glossary": options.get("glossary"),
            "model_type": options.get("model"),
        }
        version = ":".join(str(wish) for wish in self._wishes.values() if wish)
        self.about = replace(type(self).about, version=f"{deepl.__version__}:{version}")

    def close(self) -> None:
        self._door.close()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        wishes: dict[str, Any] = {name: wish for name, wish in self._wishes.items() if wish}
        if self._form == "xml":
            wishes |= {"tag_handling": "xml", "ignore_tags": ["x"], "outline_detection": False}
        try:
            results = self._client.translate_text(
                [forms.encode(self._form, text) for text in texts],
                source_lang=source.split("-", maxsplit=1)[0].upper(),
                target_lang=tag(target, _TAGS).upper(),
                **wishes,
            )
        except EngineError:
            raise
        except ValueError:
            raise Rejected("DeepL's package does not take the request") from None
        except Exception as error:
            raise BadReply(f"DeepL gave no translation ({type(error).__name__})") from None
        if not isinstance(results, list) or len(results) != len(texts):
            raise BadReply("DeepL did not give one reply for each text")
        return [forms.decode(self._form, result.text) for result in results]


class _Client:
    """Stands where DeepL's package has its HTTP client: one attempt, through the door; the run does the rest."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def request_with_backoff(
        self, method: str, url: str, data: Any, json: Any, headers: Mapping[str, str], stream: bool = False, **_: Any
    ) -> tuple[int, str]:
        response = self._door.post(url, data=json, headers={k: v for k, v in headers.items() if k == "Authorization"})
        return response.status, response.text()

    def close(self) -> None:
        self._door.close()
