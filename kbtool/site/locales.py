"""Locales as browsers, Material and readers know them: BCP 47 tag, theme language, direction, own name."""

from __future__ import annotations

from functools import lru_cache

from kbtool.core.model import Locale

#: what a language calls itself
NAMES = {
    "af": "Afrikaans", "ar": "العربية", "az": "Azərbaycanca", "be": "Беларуская", "bg": "Български", "bn": "বাংলা",
    "bs": "Bosanski", "ca": "Català", "cs": "Čeština", "cy": "Cymraeg", "da": "Dansk", "de": "Deutsch",
    "el": "Ελληνικά", "en": "English", "eo": "Esperanto", "es": "Español", "et": "Eesti", "eu": "Euskara",
    "fa": "فارسی", "fi": "Suomi", "fil": "Filipino", "fr": "Français", "ga": "Gaeilge", "gl": "Galego",
    "gu": "ગુજરાતી", "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "hy": "Հայերեն",
    "id": "Bahasa Indonesia", "is": "Íslenska", "it": "Italiano", "ja": "日本語", "ka": "ქართული",
    "kk": "Қазақша", "km": "ខ្មែរ", "kn": "ಕನ್ನಡ", "ko": "한국어", "lb": "Lëtzebuergesch", "lt": "Lietuvių",
    "lv": "Latviešu", "mk": "Македонски", "ml": "മലയാളം", "mn": "Монгол", "mr": "मराठी", "ms": "Bahasa Melayu",
    "my": "မြန်မာ", "nb": "Norsk bokmål", "ne": "नेपाली", "nl": "Nederlands", "nn": "Norsk nynorsk", "no": "Norsk",
    "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "si": "සිංහල", "sk": "Slovenčina",
    "sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska", "sw": "Kiswahili", "ta": "தமிழ்",
    "te": "తెలుగు", "th": "ไทย", "tl": "Tagalog", "tr": "Türkçe", "uk": "Українська", "ur": "اردو", "uz": "Oʻzbekcha",
    "vi": "Tiếng Việt", "yi": "ייִדיש", "zh": "中文", "zh-hans": "简体中文", "zh-hant": "繁體中文",
    "zh-cn": "简体中文", "zh-tw": "繁體中文（台灣）", "zh-hk": "繁體中文（香港）", "es-419": "Español (Latinoamérica)",
    "pt-br": "Português (Brasil)", "pt-pt": "Português (Portugal)", "en-gb": "English (UK)", "en-us": "English (US)",
    "fr-ca": "Français (Canada)", "de-at": "Deutsch (Österreich)", "de-ch": "Deutsch (Schweiz)",
    "es-mx": "Español (México)", "sr-latn": "Srpski", "en-au": "English (Australia)",
}  # fmt: skip
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ku", "ckb"})
#: where Material's file is named differently
_THEME = {
    "no": "nb", "fil": "tl", "iw": "he", "in": "id", "zh-hans": "zh", "zh-cn": "zh", "zh-sg": "zh",
    "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "bs": "hr", "sr-latn": "sh", "ku": "ku-IQ", "ckb": "ku-IQ",
}  # fmt: skip
_SPECIAL_CASE = {4: str.title, 2: str.upper}


@lru_cache(maxsize=1024)
def tag(locale: Locale) -> str:
    """The BCP 47 tag: `pt_BR` and `pt-br` are `pt-BR`, `zh-hans` is `zh-Hans`."""
    first, *rest = locale.replace("_", "-").split("-")
    return "-".join([first.lower(), *(_SPECIAL_CASE.get(len(part), str.lower)(part) for part in rest)])


def language(locale: Locale) -> str:
    """The language alone: `pt` for `pt-BR`."""
    return tag(locale).split("-")[0]


def direction(locale: Locale) -> str:
    """`rtl` or `ltr`."""
    script = [part for part in tag(locale).split("-")[1:] if len(part) == 4]
    if script:
        return "rtl" if script[0] in ("Arab", "Hebr") else "ltr"
    return "rtl" if language(locale) in RIGHT_TO_LEFT else "ltr"


def name(locale: Locale) -> str:
    """What speakers call the language: `Português (Brasil)`."""
    known = tag(locale).lower()
    if known in NAMES:
        return NAMES[known]
    plain = NAMES.get(language(locale))
    region = tag(locale).partition("-")[2]
    return f"{plain} ({region})" if plain and region else plain or tag(locale)


def theme_language(locale: Locale) -> str:
    """The language of Material's own texts for a locale; English where it has none."""
    known = tag(locale)
    for wanted in (_THEME.get(known.lower()), known, _THEME.get(language(locale)), language(locale)):
        if wanted in _theme_languages():
            return wanted
    return "en"


@lru_cache(maxsize=1)
def _theme_languages() -> frozenset[str]:
    from importlib.resources import files

    folder = files("material") / "templates" / "partials" / "languages"
    return frozenset(f.name.removesuffix(".html") for f in folder.iterdir())
