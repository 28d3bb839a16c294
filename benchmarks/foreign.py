"""Other people's documentation as a knowledge base: translate it, build it, and say what happened.

    python benchmarks/foreign.py ../shared/corpora [--engine pseudo] [--engine apertium] [--no-build]

Makes a temporary knowledge base from FastAPI's and Material's documentation (read only, removed afterwards), runs the
real command line on it, and prints files translated, files refused with reasons, segments and seconds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

LOCALES = {"pseudo": "de", "identity": "fr", "apertium": "es"}

MKDOCS = """\
site_name: Other people's documentation
theme:
  name: material
  font: false
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc:
      permalink: true
  - pymdownx.betterem
  - pymdownx.blocks.admonition
  - pymdownx.blocks.details
  - pymdownx.blocks.tab:
      alternate_style: true
  - pymdownx.details
  - pymdownx.keys
  - pymdownx.mark
  - pymdownx.superfences
  - pymdownx.tabbed:
      alternate_style: true
  - pymdownx.tasklist
  - pymdownx.tilde
"""


def kbtool(root: Path, *args: str) -> tuple[int, str, float]:
    started = time.monotonic()
    found = subprocess.run(
        [sys.executable, "-m", "kbtool", "-C", str(root), *args], capture_output=True, text=True, check=False
    )
    if found.returncode not in (0, 1, 3) or "Traceback" in found.stderr:
        print(found.stderr[-3000:])
    return found.returncode, found.stdout, time.monotonic() - started


def knowledge_base(corpora: Path, root: Path, engines: list[str]) -> int:
    """Lay it out; gives the number of originals."""
    shutil.copytree(corpora / "fastapi" / "en", root / "docs" / "fastapi")
    shutil.copytree(corpora / "material", root / "docs" / "material", ignore=shutil.ignore_patterns("LICENSE"))
    (root / "docs/index.md").write_text("# Other people's documentation\n\nSee the two folders.\n")
    locales = ", ".join(f'"{LOCALES[e]}"' for e in engines)
    (root / "kbtool.toml").write_text(f'source = "en"\nlocales = [{locales}]\n')
    (root / "mkdocs.yml").write_text(MKDOCS)
    return sum(1 for _ in (root / "docs").rglob("*.md"))


def translate(root: Path, engine: str) -> None:
    code, output, seconds = kbtool(root, "translate", "--engine", engine, "--to", LOCALES[engine], "--json")
    found = json.loads(output)
    written = sum(1 for _ in (root / "translations" / LOCALES[engine]).rglob("*.md"))
    print(f"\ntranslate --engine {engine} (exit {code})")
    print(f"  articles written      {written}")
    print(f"  articles refused      {len(found['refused'])}")
    for finding in found["refused"]:
        print(f"    {finding['path']}:{finding['line']}: {finding['message']}")
    print(f"  segments translated   {found['translated']}")
    print(f"  segments failed       {len(found['failed'])}")
    reasons = Counter(f["message"].split(": ")[1].split(";")[0][:70] for f in found["failed"])
    for reason, count in reasons.most_common(12):
        print(f"    {count:5} × {reason}")
    print(f"  seconds               {seconds:.1f}")
    code, output, seconds = kbtool(root, "translate", "--engine", engine, "--to", LOCALES[engine], "--json")
    again = json.loads(output)
    print(f"  second run            {again['files']} files written, {seconds:.1f} s")


def build(root: Path) -> None:
    code, output, seconds = kbtool(root, "build", "--json")
    print(f"\nbuild (exit {code}), {seconds:.1f} s")
    for edition in json.loads(output)["editions"] if code == 0 else ():
        warnings = sum(len(locale["warnings"]) for locale in edition["locales"])
        print(
            f"  {edition['edition']}: {edition['articles']} articles × {len(edition['locales'])} locales, "
            f"{edition['files']} files, {edition['bytes'] / 1e6:.1f} MB, "
            f"{edition['seconds']:.1f} s, {warnings} warnings"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--engine", action="append", choices=LOCALES, help="pseudo and apertium where not given")
    parser.add_argument("--no-build", action="store_true")
    options = parser.parse_args()
    engines = options.engine or ["pseudo", "apertium"]
    with tempfile.TemporaryDirectory(prefix="kbtool-foreign-") as folder:
        root = Path(folder)
        print(f"{knowledge_base(options.corpora, root, engines)} originals")
        for engine in engines:
            translate(root, engine)
        if not options.no_build:
            build(root)


if __name__ == "__main__":
    main()
