"""The files are what their standards say: validated by lxml, and PO by msgfmt."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.interchange.tools import FORMS, options
from tests.workflow.small_base import Base

SCHEMAS = Path(__file__).parent / "schemas"
XLIFF2 = "{urn:oasis:names:tc:xliff:document:2.0}"


class Local(etree.Resolver):
    """The schemas import one of the W3C; ours is beside them, and nothing is fetched."""

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        return self.resolve_filename(str(SCHEMAS / "xml.xsd"), context) if system_url.endswith("xml.xsd") else None


def schema(form: str) -> Any:
    if form == "tmx":
        return etree.DTD(str(SCHEMAS / "tmx.dtd"))
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    name = "xliff-core-2.0.xsd" if form == "xliff-2.1" else "xliff-core-1.2-strict.xsd"
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name), parser))


@pytest.fixture
def rich(base: Base) -> Base:
    """Something in every state, with a proposal and a glossary."""
    base.write("translations/de/glossary.csv", "term,translation,forbidden,note\nbank,Bank,Sparkasse,the building\n")
    base.edit("docs/refunds.md", "Money goes *back* to", "Money always goes *back* to")
    base.kbtool("approve", "de", "bank.md")
    base.edit("docs/bank.md", "It is open.", "It is **always** open.")
    base.edit("translations/de/refunds.md", "Ƒíŕśť ťáƀ", "Erster Reiter")
    base.edit("docs/refunds.md", "Text in the first tab", "Some text in the first tab")
    base.kbtool("translate", "--to", "de", "bank.md")
    states = base.counts("refunds.md") | base.counts("bank.md")
    assert states.keys() >= {"stale", "machine", "needs-review", "approved"}
    return base


@pytest.mark.parametrize("locale", ["de", "es"])
@pytest.mark.parametrize("form", ["xliff", "xliff-2.1", "tmx"])
def test_xml_is_valid(rich: Base, form: str, locale: str) -> None:
    rich.kbtool("export", *options(form), "--to", locale, "--with-internal")
    tree = etree.parse(str(rich.root / "export" / FORMS[form].replace("de", locale)))
    found = schema(form)
    assert found.validate(tree), found.error_log
    if form == "xliff-2.1":
        check_what_the_schema_cannot(tree)


#: `xs:language`, which 2.1 demands of the two locales and the schema of 2.0 does not
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")


def check_what_the_schema_cannot(tree: Any) -> None:
    """The rules of XLIFF 2 that stand in its text alone."""
    root = tree.getroot()
    assert (root.get("srcLang"), root.get("version")) == ("en", "2.1")
    assert all(LANGUAGE.fullmatch(root.get(name)) for name in ("srcLang", "trgLang"))
    ids = [file.get("id") for file in root.iter(f"{XLIFF2}file")]
    assert len(ids) == len(set(ids))
    for unit in root.iter(f"{XLIFF2}unit"):
        data = [each.get("id") for each in unit.iter(f"{XLIFF2}data")]
        assert len(data) == len(set(data))
        for side in ("source", "target"):
            for part in unit.findall(f"{XLIFF2}segment/{XLIFF2}{side}"):
                inside = [each.get("id") for each in part.iter() if each.get("id")]
                assert len(inside) == len(set(inside))
                refs = {v for each in part.iter() for k, v in each.attrib.items() if k.startswith("dataRef")}
                assert refs <= set(data)
        (segment,) = unit.findall(f"{XLIFF2}segment")
        assert segment.get("state") == "initial" or segment.find(f"{XLIFF2}target") is not None
        assert segment.get("subState").startswith("kbtool:")


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_po_is_what_gettext_takes(rich: Base) -> None:
    rich.kbtool("export", "po", "--to", "de", "--template")
    for name in ("de.po", "de.pot"):
        done = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(rich.root / "export" / name)],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_a_po_file_tells_a_translator_what_changed(rich: Base) -> None:
    rich.kbtool("export", "po", "--to", "de", "bank.md")
    text = (rich.root / "export/de.po").read_text("utf-8")
    _, entry = text.split("#. paragraph\n")
    lines = [line for line in entry.splitlines() if not line.startswith(("#. kbtool:", "msgctxt"))]
    assert lines == [
        "#. Page: https://help.example.com/bank/",
        "#. Under: The bank",
        "#. The original changed since this translation was made.",
        "#. The original was: It is open.",
        "#. The translation as it stands has other links or code than the original: Íť íś óṕéń.",
        "#. Proposal (mt:pseudo): Íť íś ⟦1⟧áĺŵáýś⟦/1⟧ óṕéń.",
        "#. ⟦1⟧ strong: **…**",
        "#: docs/bank.md:3",
        'msgid "It is ⟦1⟧always⟦/1⟧ open."',
        'msgstr ""',
    ]
    assert "Glossary: bank → Bank; not: Sparkasse (the building)" in text
