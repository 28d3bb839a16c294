"""The formats by name: which files they make, and what reads them."""

from __future__ import annotations

from kbtool.core.errors import Refused
from kbtool.interchange import tmx, xliff1, xliff2
from kbtool.interchange.units import Bundle, Pair, Reading
from kbtool.interchange.xml import read as read_xml

SUFFIXES = {"po": ".po", "xliff": ".xlf", "tmx": ".tmx"}
VERSIONS = ("1.2", "2.1")


def write(form: str, bundle: Bundle, *, version: str = "1.2", memory: tuple[Pair, ...] = ()) -> str:
    """The file of a bundle in a format."""
    if form == "po":
        from kbtool.interchange import po

        return po.write(bundle)
    if form == "tmx":
        return tmx.write(bundle, memory)
    return xliff2.write(bundle) if version == "2.1" else xliff1.write(bundle)


def read(form: str, content: bytes) -> list[Reading]:
    """What came back, one reading per language or article.

    Raises Refused with the line where the file is not of this format.
    """
    if form == "po":
        from kbtool.interchange import po

        return po.read(content)
    if form == "tmx":
        return tmx.read(read_xml(content, "tmx"))
    root = read_xml(content, "xliff")
    said = root.get("version")
    if said.startswith("1."):
        return xliff1.read(root)
    if said.startswith("2."):
        return xliff2.read(root)
    raise Refused(
        f"XLIFF {said or 'without a version'} is not known", where=f"line {root.line}", hint="1.2 and 2.1 are"
    )
