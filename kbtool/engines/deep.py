"""The engines of deep-translator, each behind the egress door; one object serves one worker."""

from __future__ import annotations

from importlib.metadata import version
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from kbtool.core.errors import UsageError
from kbtool.engines import forms
from kbtool.engines.base import About, BadReply, EngineError, Refusal, secret, tag
from kbtool.engines.egress import Door, is_loopback
from kbtool.engines.shim import at_work, classify, library, reply_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OPTIONS = ("url", "timeout")
_VERSION = version("deep-translator")  # its own __version__ says 1.9.1
_GOOGLE_TAGS = {
    "zh": "zh-CN", "zh-Hans": "zh-CN", "zh-CN": "zh-CN", "zh-SG": "zh-CN",
    "zh-Hant": "zh-TW", "zh-TW": "zh-TW", "zh-HK": "zh-TW", "he": "iw", "nb": "no", "nn": "no", "jv": "jw",
    "fil": "tl",
}  # fmt: skip
_MYMEMORY_TAGS = {
    "en": "en-GB", "en-US": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "it": "it-IT", "pt": "pt-PT",
    "pt-BR": "pt-BR", "nl": "nl-NL", "pl": "pl-PL", "ar": "ar-EG", "ja": "ja-JP", "ko": "ko-KR", "zh": "zh-CN",
    "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "zh-TW": "zh-TW", "ru": "ru-RU", "uk": "uk-UA", "tr": "tr-TR",
    "cs": "cs-CZ", "sv": "sv-SE", "da": "da-DK", "nb": "nb-NO", "no": "nb-NO", "fi": "fi-FI", "el": "el-GR",
    "he": "he-IL", "hi": "hi-IN", "id": "id-ID", "vi": "vi-VN", "th": "th-TH", "hu": "hu-HU", "ro": "ro-RO",
    "bg": "bg-BG", "ca": "ca-ES", "sk": "sk-SK", "sl": "sl-SI", "hr": "hr-HR", "et": "et-EE", "lv": "lv-LV",
    "lt": "lt-LT",
}  # fmt: skip
_BAIDU_TAGS = {
    "es": "spa", "fr": "fra", "ja": "jp", "ko": "kor", "ar": "ara", "zh-Hant": "cht", "zh-TW": "cht", "vi": "vie",
    "sv": "swe", "ro": "rom", "da": "dan", "fi": "fin", "et": "est", "sl": "slo", "bg": "bul",
}  # fmt: skip


class Deep:
    """One deep-translator class as an engine; the subclasses say what is special about each."""

    about: ClassVar[About]
    module: ClassVar[str]
    kind: ClassVar[str]
    address: ClassVar[str]  #: where the service is, always https

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._base = str(options.get("url") or self.address)
        if self._base != self.address and not is_loopback(urlsplit(self._base).hostname or ""):
            self._check_base()
        self._door = Door(self.about.name, self._base, timeout=float(options.get("timeout", 20)))
        self._form = str(options.get("form", self.about.forms[0]))
        self._translators: dict[tuple[str, str], Any] = {}

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        with at_work(self):
            return [self._one(text, source, target) for text in texts]

    def close(self) -> None:
        self._door.close()

    def arguments(self) -> dict[str, Any]:
        """What the library's class wants besides the languages."""
        return {}

    def address_of(self, url: str) -> str:
        """Where a request that the library addresses to `url` really goes: our base, its path."""
        base, asked = urlsplit(self._base), urlsplit(url)
        path = asked.path if self._base == self.address else base.path.rstrip("/") + asked.path
        return urlunsplit((base.scheme, base.netloc, path, asked.query, ""))

    def body_of(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """A last look at the arguments of a request."""
        return arguments

    def _check_base(self) -> None:
        raise UsageError(
            f"engine '{self.about.name}' has its own address",
            where=f"engines.{self.about.name}.url",
            hint="leave the key out",
        )

    def _one(self, text: str, source: str, target: str) -> str:
        sent = forms.encode(self._form, text)
        try:
            reply = self._translator(source, target).translate(sent)
        except (EngineError, UsageError):
            raise
        except Exception as error:
            raise classify(self.about.name, error) from None
        if isinstance(reply, list) and len(reply) == 1:
            reply = reply[0]
        if not isinstance(reply, str) or not reply.strip():
            raise BadReply(f"engine '{self.about.name}' gave no text back")
        return forms.decode(self._form, reply)

    def _translator(self, source: str, target: str) -> Any:
        pair = tag(source, self.about.tags), tag(target, self.about.tags)
        if pair not in self._translators:
            kind = getattr(library(self.module), self.kind)
            self._translators[pair] = kind(source=pair[0], target=pair[1], **self.arguments())
        return self._translators[pair]

    def request(self, method: str, url: str, arguments: dict[str, Any]) -> SimpleNamespace:
        """What the library takes for `requests.get` and `requests.post`."""
        arguments = self.body_of(arguments)
        address = self.address_of(url)
        headers, params = arguments.get("headers"), arguments.get("params")
        if method == "GET":
            return reply_of(self._door.get(address, params=params, headers=headers))
        if params:
            address = self._door_address(address, params)
        if arguments.get("json") is not None:
            return reply_of(self._door.post(address, data=arguments["json"], headers=headers))
        return reply_of(self._door.post(address, form=arguments.get("data") or {}, headers=headers))

    @staticmethod
    def _door_address(address: str, params: Mapping[str, str]) -> str:
        from urllib.parse import urlencode

        return f"{address}{'&' if '?' in address else '?'}{urlencode(params)}"


class Google(Deep):
    """Google's free page: no key, under 5,000 characters, nothing for texts without letters."""

    about = About(
        name="google",
        options=_OPTIONS,
        summary="Google's free web page through deep-translator; no key",
        version=_VERSION,
        max_characters=4900,  # of the text, and its address must stay short enough for servers
        connections=4,
        requests_per_second=5.0,  # what the service says it allows
        tags=_GOOGLE_TAGS,
    )
    module, kind, address = "google", "GoogleTranslator", "https://translate.google.com/m"


class MyMemory(Deep):
    """MyMemory: no key, 500 bytes a request, quota messages in place of translations (the guard knows them)."""

    about = About(
        name="mymemory",
        options=(*_OPTIONS, "email"),
        summary="MyMemory through deep-translator; no key, small daily quota",
        version=_VERSION,
        max_characters=160,  # its limit is 500 bytes, and a character can have three
        connections=2,
        requests_per_second=2.0,
        tags=_MYMEMORY_TAGS,
    )
    module, kind, address = "mymemory", "MyMemoryTranslator", "https://api.mymemory.translated.net/get"

    def arguments(self) -> dict[str, Any]:
        return {"email": self._options["email"]} if self._options.get("email") else {}


class Microsoft(Deep):
    """Microsoft Translator, in its HTML mode."""

    about = About(
        name="microsoft",
        options=(*_OPTIONS, "region"),
        summary="Microsoft Translator through deep-translator",
        version=_VERSION,
        forms=("html", "braces"),
        max_characters=8000,
        keys=("KBTOOL_MICROSOFT_KEY", "MICROSOFT_API_KEY"),
        price=10.0,
        tags={"zh": "zh-hans", "zh-CN": "zh-hans", "zh-Hans": "zh-hans", "zh-Hant": "zh-hant", "zh-TW": "zh-hant",
              "pt-BR": "pt", "pt-PT": "pt-pt", "no": "nb", "sr": "sr-latn"},
    )  # fmt: skip
    module, kind = "microsoft", "MicrosoftTranslator"
    address = "https://api.cognitive.microsofttranslator.com/translate"

    def arguments(self) -> dict[str, Any]:
        kind = "html" if self._form == "html" else "plain"
        return {"api_key": secret(self.about), "region": self._options.get("region"), "textType": kind}


class Baidu(Deep):
    """Baidu: an application id and a key, `appid:key` in one variable."""

    about = About(
        name="baidu",
        options=_OPTIONS,
        summary="Baidu through deep-translator",
        version=_VERSION,
        max_characters=1500,  # the text travels in the address
        connections=1,
        requests_per_second=1.0,
        keys=("KBTOOL_BAIDU_KEY",),
        tags=_BAIDU_TAGS,
    )
    module, kind, address = "baidu", "BaiduTranslator", "https://fanyi-api.baidu.com/api/trans/vip/translate"

    def arguments(self) -> dict[str, Any]:
        application, colon, key = secret(self.about).partition(":")
        if not colon:
            raise Refusal("engine 'baidu' needs an application id and a key", hint="KBTOOL_BAIDU_KEY=appid:key")
        return {"appid": application, "appkey": key}


class Qcri(Deep):
    """QCRI: English, Arabic and Spanish."""

    about = About(
        name="qcri",
        options=(*_OPTIONS, "domain"),
        summary="QCRI through deep-translator; English, Arabic, Spanish",
        version=_VERSION,
        max_characters=1500,  # the text travels in the address
        connections=1,
        keys=("KBTOOL_QCRI_KEY", "QCRI_API_KEY"),
    )
    module, kind, address = "qcri", "QcriTranslator", "https://mt.qcri.org/api/v1"

    def arguments(self) -> dict[str, Any]:
        return {"api_key": secret(self.about)}

    def _translator(self, source: str, target: str) -> Any:
        inner = super()._translator(source, target)
        domain = str(self._options.get("domain", "general"))
        return SimpleNamespace(translate=lambda text: inner.translate(text, domain=domain))


class DeepLibre(Deep):
    """LibreTranslate by way of deep-translator: 17 languages, one text at a time; `libretranslate` is better."""

    about = About(
        name="deep-libretranslate",
        options=_OPTIONS,
        summary="a LibreTranslate server through deep-translator",
        version=_VERSION,
        max_characters=2000,
        keys=("KBTOOL_LIBRETRANSLATE_KEY", "LIBRE_API_KEY"),
        leaves_house=True,
    )
    module, kind, address = "libre", "LibreTranslator", "https://libretranslate.com/"

    def arguments(self) -> dict[str, Any]:
        # The class demands a key even where the server needs none.
        key = "none" if is_loopback(urlsplit(self._base).hostname or "") else secret(self.about)
        return {"api_key": key, "custom_url": self._base.rstrip("/") + "/"}

    def address_of(self, url: str) -> str:
        return url

    def body_of(self, arguments: dict[str, Any]) -> dict[str, Any]:
        # The class puts the text and the key into the address, which servers cut off and write into their logs.
        return {"json": arguments["params"]}

    def _check_base(self) -> None:
        """A LibreTranslate server may be anybody's."""
