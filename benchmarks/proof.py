"""What proving costs and finds: `python benchmarks/proof.py [CORPORA]`.

Every page is composed with every letter of its segments changed, and proved against the original. Two rates: with the
original rendered for each proof (one locale), and with the original rendered once for four locales.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from kbtool.core.compose import compose
from kbtool.core.errors import KbError
from kbtool.core.limits import admit
from kbtool.core.proof import Proof, settle
from kbtool.core.render import Renderer
from kbtool.core.segments import parse
from kbtool.engines.plain import Pseudo

COLLECTIONS = ("fastapi/en", "material", "fastapi/de", "fastapi/es", "fastapi/ja")
LOCALES = 4


def measure(folder: Path, renderer: Renderer) -> None:
    engine = Pseudo({})
    pages = clean = segments = kept = refused = 0
    original_time = check_time = 0.0
    for path in sorted(folder.rglob("*.md")):
        text = path.read_bytes().decode()
        admit(text)
        document = parse(text)
        texts = engine.translate([segment.text for segment in document.segments], "en", "xx")

        def write(source: frozenset[int], document=document, texts=texts) -> str:
            return compose(document, [None if n in source else text for n, text in enumerate(texts)])

        try:
            page = write(frozenset())
        except KbError as error:
            refused += 1
            print(f"  {path.relative_to(folder)}: {error}")
            continue
        start = time.process_time()
        proof = Proof(text, renderer, document=document)
        middle = time.process_time()
        faults = proof.check(page)
        end = time.process_time()
        original_time += middle - start
        check_time += end - middle
        pages += 1
        segments += len(texts)
        clean += not faults
        if faults:
            settled = settle(proof, document, write)
            kept += len(settled.kept)
            refused += bool(settled.faults)
            for fault in faults[:3]:
                print(f"  {path.relative_to(folder)}:{fault.line}: {fault.message}")
    one = pages / (original_time + check_time)
    many = LOCALES * pages / (original_time + LOCALES * check_time)
    print(
        f"{folder.name:10} {pages:4} pages, {100 * clean / pages:6.2f} % clean at once, {kept} of {segments} segments "
        f"left in the source language, {refused} pages refused; {one:.0f} pages/s, {many:.0f} for {LOCALES} locales"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpora", nargs="?", default="../shared/corpora", type=Path)
    corpora = options.parse_args().corpora
    renderer = Renderer()
    renderer.html("")
    for collection in COLLECTIONS:
        measure(corpora / collection, renderer)


if __name__ == "__main__":
    main()
