"""Other people's tools and other people's documentation: is anything lost on the way out, through a tool, and back?

    python benchmarks/interchange.py ../shared/corpora [--form xliff]…

Makes two temporary knowledge bases (removed afterwards) and sends each through every format; in between,
translate-toolkit reads the file and saves it.

people   FastAPI's documentation with its German translations, written by people: nothing may change.
empty    Material's documentation without any: the tool puts each original into its translation, codes and all,
         and the pages that come of it should be the originals, byte for byte.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from foreign import MKDOCS
from lxml import etree
from translate.storage import po, tmx, xliff, xliff2

FORMS = {"po": po.pofile, "xliff-1.2": xliff.Xliff1File, "xliff-2.1": xliff2.Xliff2File, "tmx": tmx.tmxfile}


def kbtool(root: Path, *args: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "kbtool", "-C", str(root), *args, "--json"], capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1, 3) or "Traceback" in done.stderr:
        sys.exit(done.stderr[-3000:])
    return json.loads(done.stdout)


def people(corpora: Path, root: Path) -> None:
    shutil.copytree(corpora / "fastapi" / "en", root / "docs")
    shutil.copytree(corpora / "fastapi" / "de", root / "translations" / "de")


def empty(corpora: Path, root: Path) -> None:
    shutil.copytree(corpora / "material", root / "docs", ignore=shutil.ignore_patterns("LICENSE"))


def lay_out(root: Path) -> None:
    (root / "kbtool.toml").write_text('source = "en"\nlocales = ["de"]\n')
    (root / "mkdocs.yml").write_text(MKDOCS)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run([sys.executable, "-m", "kbtool", "-C", str(root), "adopt"], capture_output=True, check=False)


def pass_on(form: str, file: Path, *, fill: bool) -> int:
    """What a translator's tool does: read, perhaps fill, save; gives the number of units."""
    opened = FORMS[form].parsefile(str(file))
    units = [unit for unit in opened.units if not unit.isheader()]
    for unit in units if fill else ():
        if form == "po":
            unit.target = unit.source
        else:
            copy_source(unit.xmlelement)
    opened.savefile(str(file))
    return len(units)


def copy_source(unit: Any) -> None:
    source, target = unit.find("{*}source"), unit.find("{*}target")
    if target is None:
        target = etree.SubElement(unit, source.tag.replace("source", "target"))
    target.text = source.text
    target.extend(copy.deepcopy(child) for child in source)


def pages(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.suffix in (".md", ".yml") and p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def measure(corpora: Path, form: str, kind: str) -> None:
    with tempfile.TemporaryDirectory(prefix="kbtool-interchange-") as folder:
        root = Path(folder)
        {"people": people, "empty": empty}[kind](corpora, root)
        lay_out(root)
        translations = root / "translations" / "de"
        before = pages(translations) if kind == "people" else pages(root / "docs")
        name, _, version = form.partition("-")
        started = time.monotonic()
        out = kbtool(root, "export", name, "--out", str(root / "out"), *(["--version", version] if version else []))
        exported = time.monotonic()
        units = pass_on(form, root / out["files"][0], fill=kind == "empty")
        passed = time.monotonic()
        back = kbtool(root, "import", name, out["files"][0])
        ended = time.monotonic()
        after = pages(translations)
    names = sorted(path for path in before if path.endswith(".md"))
    same = sum(before[path] == after.get(path) for path in names)
    ledgers = [path for path in before if path.endswith(".yml")]
    kept = sum(before[path] == after.get(path) for path in ledgers)
    print(f"\n{kind}, {form}", flush=True)
    print(f"  units exported     {units}" + (f" (and {len(out['findings'])} refused)" if out["findings"] else ""))
    print(f"  byte-identical     {same} of {len(names)} pages ({100 * same / len(names):.1f} %)")
    if ledgers:
        print(f"  ledgers unchanged  {kept} of {len(ledgers)}")
    print(f"  taken, unchanged   {back['taken']}, {back['unchanged']}, still empty {back['empty']}")
    print(f"  seconds            export {exported - started:.1f}, tool {passed - exported:.1f}, "
          f"import {ended - passed:.1f}")  # fmt: skip
    wrong = Counter(f"{each['rule']}: {each['message'].rsplit(': ', 1)[0].split(': ', 1)[-1][:90]}"
                    for each in back["findings"] if each["severity"] != "note")  # fmt: skip
    for reason, count in wrong.most_common(8):
        print(f"    {count:5} × {reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?", default=Path("../shared/corpora"))
    parser.add_argument("--form", action="append", choices=FORMS)
    for_form = parser.parse_args()
    for form in for_form.form or FORMS:
        measure(for_form.corpora, form, "people")
        if form != "tmx":  # a memory holds pairs, and there are none yet
            measure(for_form.corpora, form, "empty")


if __name__ == "__main__":
    main()
