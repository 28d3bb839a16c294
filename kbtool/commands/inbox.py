"""Files that came back from other people's tools: what in them is for us, by article and locale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kbtool.core.errors import Refused
from kbtool.core.model import Finding, Locale
from kbtool.interchange import xml
from kbtool.interchange.formats import read
from kbtool.interchange.units import Reading, Returned
from kbtool.project import Project, Target


@dataclass(frozen=True, slots=True)
class Came:
    """One unit that came back, and the file it came in."""

    file: str
    unit: Returned

    def finding(self, rule: str, message: str, severity: str = "error", hint: str = "") -> Finding:
        said = f"{self.unit.article}: {message}" if self.unit.article else message
        return Finding(rule, said, self.file, self.unit.line, severity, hint)


class Inbox:
    """What the files hold; a file that cannot be read is listed, and the others go on."""

    def __init__(self, project: Project, form: str, locales: Sequence[Locale]) -> None:
        self.project, self.form, self.locales = project, form, locales
        self.came: dict[Target, list[Came]] = defaultdict(list)
        self.pairs: dict[Locale, list[Came]] = defaultdict(list)  #: of memories, which name no article
        self.findings: list[Finding] = []

    def read(self, name: str, file: Path) -> None:
        """Take in one file, called `name` by people."""
        for reading, locale in self._readings(name, file):
            for unit in reading.units:
                each = Came(name, unit)
                if unit.key:
                    self.came[Target(unit.article, locale)].append(each)
                elif unit.fault:
                    self.findings.append(each.finding("codes", unit.fault))
                else:
                    self.pairs[locale].append(each)

    def _readings(self, name: str, file: Path) -> Iterator[tuple[Reading, Locale]]:
        """The parts of a file that are in one of our languages; whatever else is in it is listed."""
        try:
            with file.open("rb") as opened:
                content = opened.read(xml.LARGEST + 1)  # what is larger is refused, and never read whole
            readings = read(self.form, content)
        except Refused as error:
            line = int((error.where or "").removeprefix("line ") or 1)
            self.findings.append(Finding("file", error.what, name, line, hint=error.hint or ""))
            return
        except OSError as error:
            self.findings.append(Finding("file", f"cannot be read: {error.strerror}", name, 1))
            return
        for reading in readings:
            self.findings += [replace(fault, path=name) for fault in reading.faults]
            fault, locale = self._language(reading)
            if locale:
                yield reading, locale
            elif fault and (reading.units or not reading.faults):
                self.findings.append(Finding("locale", fault, name, reading.line))

    def _language(self, reading: Reading) -> tuple[str, Locale]:
        """Why a part of a file is not for us, or the locale that it is in."""
        source = self.project.settings.source
        if reading.source and not same_language(reading.source, source):
            return f"made from {reading.source}, but the originals here are in {source}", ""
        if not reading.target:
            return "the file does not say which language it is in", ""
        found = matching(reading.target, self.locales)
        if found:
            return "", found
        if self.form == "tmx":
            return "", ""  # a memory has many languages, and only ours are looked at
        known = matching(reading.target, self.project.settings.locales)
        asked = f"{', '.join(self.locales)} was asked for" if known else "the settings have no such language"
        return f"the file is in {reading.target}; {asked}", ""


def same_language(tag: str, locale: Locale) -> bool:
    """Whether a language tag of a file means a locale: `en-US` and `en` do."""
    return bool(matching(tag, (locale,)) or matching(locale, (tag,)))


def matching(tag: str, locales: Sequence[Locale]) -> Locale:
    """The locale that a language tag means: the same one, or the only one of that language."""
    plain = tag.replace("_", "-").casefold()
    for locale in locales:
        if locale.replace("_", "-").casefold() == plain:
            return locale
    base = plain.split("-")[0]
    same = [locale for locale in locales if locale.replace("_", "-").casefold().split("-")[0] == base]
    return same[0] if len(same) == 1 and "-" not in same[0].replace("_", "-") else ""
