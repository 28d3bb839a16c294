"""What a knowledge base wants for its readers: the table `[site]` of the settings."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from kbtool.settings import Fault, SettingsFaults


@dataclass(frozen=True, slots=True)
class Feedback:
    """Where "Was this helpful?" goes: an address that takes a form, else a mailbox or an issue tracker."""

    endpoint: str = ""
    mail: str = ""
    issues: str = ""

    def __bool__(self) -> bool:
        return bool(self.endpoint or self.mail or self.issues)


@dataclass(frozen=True, slots=True)
class Contact:
    """How readers reach a person, and when."""

    url: str = ""
    mail: str = ""
    phone: str = ""
    hours: str = ""  #: "Mo-Fr 09:00-17:00", "Mo-Su 00:00-24:00"
    zone: str = "UTC"

    def __bool__(self) -> bool:
        return bool(self.url or self.mail or self.phone)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The table, with its defaults."""

    front_matter: tuple[str, ...] = ()
    snippets: tuple[str, ...] = ("docs/_snippets",)
    feedback: Feedback = Feedback()
    contact: Contact = Contact()
    csp: bool = True
    csp_hosts: tuple[str, ...] = ()  #: origins that scripts may come from and talk to, such as https://unpkg.com
    urls: Mapping[str, str] = field(default_factory=dict)  #: edition → where it stands, if not at MkDocs' `site_url`
    markdown: bool = True  #: whether readers get each public page as Markdown, and llms.txt


def wishes(table: Mapping[str, Any]) -> Wishes:
    """The table, read; raises SettingsFaults."""
    faults: list[Fault] = []
    known: dict[str, Callable[[Any], Any]] = {
        "front_matter": _texts, "snippets": _texts, "csp": _flag, "csp_hosts": _origins, "markdown": _flag,
        "urls": _addresses,
        "feedback": lambda value: _record(value, Feedback, ("endpoint", "issues"), faults, "site.feedback"),
        "contact": lambda value: _record(value, Contact, ("url",), faults, "site.contact"),
    }  # fmt: skip
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            faults.append(Fault(f"site.{key}", f"site.{key}: unknown key{_meant(key, known)}"))
            continue
        try:
            found[key] = known[key](value)
        except ValueError as error:
            faults.append(Fault(f"site.{key}", f"site.{key} = {value!r}: expected {error}"))
    if faults:
        raise SettingsFaults(faults)
    return Wishes(**found)


def _record(value: Any, kind: type[Any], addresses: tuple[str, ...], faults: list[Fault], where: str) -> Any:
    fields = kind.__dataclass_fields__
    if not isinstance(value, Mapping):
        raise ValueError("a table")
    for key, text in value.items():
        name = f"{where}.{key}"
        if key not in fields:
            faults.append(Fault(name, f"{name}: unknown key{_meant(key, fields)}"))
        elif not isinstance(text, str) or (key in addresses and not _is_address(text)):
            expected = "an https address" if key in addresses else "text"
            faults.append(Fault(name, f"{name} = {text!r}: expected {expected}"))
    make: Callable[..., Any] = kind
    return make(**{k: v for k, v in value.items() if k in fields})


def _meant(key: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    return f", did you mean {near[0]!r}?" if near else ""


def _is_address(text: str) -> bool:
    """A web address, or a path on the same site; nothing that could run as a script."""
    parts = urlsplit(text)
    return (parts.scheme in ("https", "http") and bool(parts.netloc)) or (not parts.scheme and text.startswith("/"))


def _addresses(value: Any) -> Mapping[str, str]:
    if isinstance(value, Mapping) and all(isinstance(v, str) and urlsplit(v).netloc for v in value.values()):
        return {name: f"{url.rstrip('/')}/" for name, url in value.items()}
    raise ValueError('edition = "https://…"')


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise ValueError("a list of texts")


def _origins(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    if all(urlsplit(v).scheme in ("https", "http") and not urlsplit(v).path.strip("/") for v in found):
        return tuple(v.rstrip("/") for v in found)
    raise ValueError('a list of origins, such as ["https://unpkg.com"]')


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false")
