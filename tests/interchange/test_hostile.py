"""Files that are broken, or that mean harm: refused with a line, and nothing is read that was not handed over."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kbtool.interchange import xml
from tests.workflow.small_base import Base


def xliff(doctype: str = "", inside: str = "", source: str = "It is open.") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<xliff version="1.2" '
        'xmlns="urn:oasis:names:tc:xliff:document:1.2">\n<file original="docs/bank.md" source-language="en" '
        f'target-language="de" datatype="x-markdown"><body>\n<trans-unit id="0123456789ab"><source>{source}</source>'
        f"<target>{inside}</target></trans-unit></body></file></xliff>\n"
    )


def packed() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("a.xlf", xliff())
    return file.getvalue()


_BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: de\\n"\n\n'

FILES: dict[str, tuple[str, bytes, str]] = {
    "a file of this machine": (
        "xliff",
        xliff('<!DOCTYPE xliff [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n', "&x;").encode(),
        "declares the entity 'x'",
    ),
    "a billion laughs": (
        "xliff",
        xliff(f'<!DOCTYPE xliff [<!ENTITY a0 "ha">{_BOMB}]>\n', "&a9;").encode(),
        "declares the entity 'a0'",
    ),
    "a parameter entity": (
        "xliff",
        xliff('<!DOCTYPE xliff [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>\n').encode(),
        "declares the entity 'p'",
    ),
    "an entity of an external type": (
        "tmx",
        b'<!DOCTYPE tmx SYSTEM "http://127.0.0.1:9/tmx14.dtd">\n<tmx version="1.4"><header srclang="en"/><body>'
        b"<tu><tuv xml:lang='en'><seg>&secret;</seg></tuv></tu></body></tmx>",
        "the entity 'secret' is not known",
    ),
    "cut short": ("xliff", xliff().encode()[:-30], "not well-formed"),
    "no XML": ("xliff", b"Hello", "not well-formed"),
    "empty": ("tmx", b"", "not well-formed"),
    "a zip": ("xliff", packed(), "zip package"),
    "another format": ("tmx", xliff().encode(), "expected <tmx>"),
    "a version of tomorrow": ("xliff", xliff().replace("1.2", "3.0").encode(), "XLIFF 3.0 is not known"),
    "a control character": ("xliff", xliff(inside="\x07").encode(), "not well-formed"),
    "a NUL": ("xliff", xliff(inside="\x00").encode(), "not well-formed"),
    "a control character by number": ("xliff", xliff(inside="&#7;").encode(), "not well-formed"),
    "not in the encoding it says": ("xliff", xliff(inside="ä").encode("latin-1"), "not well-formed"),
    "an unknown encoding": ("xliff", xliff().replace("UTF-8", "klingon").encode(), "unknown encoding|be decoded"),
    "very deep": ("xliff", xliff(inside="<g id='1'>" * 5000 + "</g>" * 5000).encode(), "nested more than"),
    "not UTF-8": ("po", PO.encode() + "msgid \"ä\"\nmsgstr \"\"\n".encode("latin-1"), "not UTF-8: byte 0xe4"),
    "no PO": ("po", b"\x7fELF\x01\x02", "no PO file"),
    "broken PO": ("po", (PO + 'msgid "a\nmsgstr "b"\nwhat is this\n').encode(), "not a PO file"),
    "PO that is nothing of ours": ("po", (PO + 'msgid "a"\nmsgstr "b"\n').encode(), "not a segment of kbtool"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_and_the_good_one_beside_it_taken(base: Base, name: str) -> None:
    form, content, said = FILES[name]
    (base.root / "bad").write_bytes(content)
    if form == "tmx":
        base.kbtool("approve", "de", "bank.md")
        base.commit("approved")
    base.kbtool("export", form, "--to", "de", "--out", "good" + {"po": ".po", "xliff": ".xlf", "tmx": ".tmx"}[form])
    (good,) = base.root.glob("good.*")
    good.write_text(good.read_text("utf-8").replace("Íť íś óṕéń.", "Sie ist offen.").replace("#, fuzzy\n", ""), "utf-8")
    found = base.json("import", form, "bad", good.name, code=3)
    (error,) = found["findings"]
    assert any(part in error["message"] for part in said.split("|")), error
    assert (error["path"], error["severity"]) == ("bad", "error")
    assert error["line"] >= 1
    assert "Sie ist offen." in base.read("translations/de/bank.md")


def test_large_files_are_refused_before_they_are_read(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml, "LARGEST", 1000)
    (base.root / "large.xlf").write_bytes(xliff(inside="x" * 1000).encode())
    found = base.json("import", "xliff", "large.xlf", code=3)
    assert "larger than 1,000 bytes" in found["findings"][0]["message"]


def test_a_line_separator_in_a_po_file_costs_one_text_only(base: Base) -> None:
    base.kbtool("export", "po", "--to", "de", "--out", "de.po")
    text = base.read("de.po").replace("#, fuzzy\n", "").replace("Íť íś óṕéń.", "Sie ist\u2028offen.")
    base.write("de.po", text.replace('"Ťĥé ƀáńķ"', '"Die Bank"'))
    found = base.json("import", "po", "de.po", code=3)
    assert "nobody sees" in found["findings"][0]["message"]
    assert base.read("translations/de/bank.md") == "# Die Bank\n\nÍť íś óṕéń.\n"


@pytest.mark.parametrize("form", ["po", "xliff"])
def test_a_control_character_in_an_article_stays_there(base: Base, form: str) -> None:
    base.write("docs/bell.md", "# Bell\n\nRing the \x07 bell.\n\nDone with `x\x07`.\n\n## To\x07ll\n\nLast.\n")
    found = base.json("export", form, "--to", "de", "bell.md", code=3)
    assert (found["units"], [each["rule"] for each in found["findings"]]) == (3, ["character"] * 2)
    assert found["findings"][0]["path"] == "docs/bell.md"
    (file,) = (base.root / "export").iterdir()
    base.json("import", form, f"export/{file.name}")


def test_a_file_that_is_not_there(base: Base) -> None:
    base.kbtool("import", "po", "nowhere.po", code=2)
    assert "no such file: nowhere.po" in base.said
