"""What a translator's tool does to a file: translate-toolkit reads it, changes it and saves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree
from translate.storage import po, tmx, xliff, xliff2
from translate.storage.placeables import StringElem

FORMS = {"po": "de.po", "xliff": "de.xlf", "xliff-2.1": "de.xlf", "tmx": "de.tmx"}


def options(form: str) -> list[str]:
    """How a format is named on the command line."""
    return ["xliff", "--version", "2.1"] if form == "xliff-2.1" else [form]


def store(form: str, file: Path) -> Any:
    """The file as translate-toolkit reads it."""
    kind = {"po": po.pofile, "xliff": xliff.Xliff1File, "xliff-2.1": xliff2.Xliff2File, "tmx": tmx.tmxfile}[form]
    return kind.parsefile(str(file))


def units(form: str, opened: Any) -> list[Any]:
    """The units that are no header."""
    return [unit for unit in opened.units if not unit.isheader()]


def find(form: str, opened: Any, source: str) -> Any:
    """The first unit with these words in its original."""
    return next(unit for unit in units(form, opened) if source in str(unit.source))


def reword(form: str, unit: Any, change: Callable[[str], str]) -> None:
    """Change the words of a unit's target and leave its codes where they are."""
    if form == "po":
        unit.target = "".join(part if part.startswith("⟦") else change(part) for part in
                              re.split(r"(⟦/?\d+⟧)", str(unit.target or unit.source)))  # fmt: skip
    elif form == "xliff":
        rich = unit.rich_target if str(unit.target or "") else unit.rich_source
        for each in rich:
            each.map(lambda part: _reword(part, change), lambda part: part.isleaf())
        unit.rich_target = rich
    else:
        _reword_xml(form, unit, change)


def _reword(part: StringElem, change: Callable[[str], str]) -> None:
    part.sub = [change(each) if isinstance(each, str) else each for each in part.sub]


def _reword_xml(form: str, unit: Any, change: Callable[[str], str]) -> None:
    """The other two have no API for codes there; the tree is the same one that the toolkit saves."""
    node = unit.xmlelement
    target = node.findall(".//{*}seg")[-1] if form == "tmx" else node.find("{*}target")
    for each in target.iter():
        if each is target or etree.QName(each).localname in ("pc", "mrk"):
            each.text = change(each.text) if each.text else each.text
        if each is not target:
            each.tail = change(each.tail) if each.tail else each.tail
