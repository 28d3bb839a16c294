"""Other tools on the same pages; run by the benchmark with the Python of their own environment.

Reads from standard input a list of files, prints for each tool and engine what became of them and the CPU seconds.
Each page has a process of its own, which the system ends after LIMIT CPU seconds (or twice as long on the clock):
there are pages on which a tool crashes its interpreter, and pages on which it never ends.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćđéƒǵħíĵķĺḿńóṕɋŕśťúṽẃẋýźÁƁĆĐÉƑǴĦÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẊÝŹ"
TABLE = str.maketrans(PLAIN, ACCENTED)
ENGINES: dict[str, Callable[[str], str]] = {"identity": lambda text: text, "pseudo": lambda text: text.translate(TABLE)}
LIMIT = 2
PLACEHOLDER = re.compile(r"(\{\d+\})")


def mdpo(path: Path, engine: Callable[[str], str], scratch: Path) -> str:
    from mdpo.md2po import markdown_to_pofile
    from mdpo.po2md import pofile_to_markdown

    catalogue = markdown_to_pofile(str(path), po_filepath=str(scratch / "page.po"))
    for entry in catalogue:
        entry.msgstr = engine(entry.msgid)
    catalogue.save(str(scratch / "page.po"))
    return str(pofile_to_markdown(str(path), str(scratch / "page.po"), wrapwidth=0))


def toolkit(path: Path, engine: Callable[[str], str], scratch: Path) -> str:
    from translate.storage.markdown import MarkdownFile

    def translate(text: str) -> str:
        return "".join(part if PLACEHOLDER.fullmatch(part) else engine(part) for part in PLACEHOLDER.split(text))

    page = MarkdownFile(
        inputfile=io.BytesIO(path.read_bytes()),
        callback=translate,
        extract_code_blocks=False,
        frontmatter_translate_values=True,
    )
    return str(page.filesrc)


TOOLS = {"mdpo": mdpo, "translate-toolkit": toolkit}


def limited(run: Callable[[], str], result: Path) -> tuple[str | None, float]:
    """What `run` makes of a page, None if it fails or takes too long; and the CPU seconds that it took."""
    result.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        signal.alarm(2 * LIMIT)  # for one that waits
        try:
            result.write_bytes(run().encode("utf-8", "surrogatepass"))
        finally:
            os._exit(0)  # whatever a tool does to a page it cannot read is its result
    used = os.wait4(child, 0)[2]
    page = result.read_bytes().decode("utf-8", "surrogatepass") if result.exists() else None
    return page, used.ru_utime + used.ru_stime


def main() -> None:
    order = json.load(sys.stdin)
    scratch = Path(order["scratch"])
    (scratch / "first.md").write_text("# First\n\nThe tools import what they need, once for all.\n", encoding="utf-8")
    for tool, run in TOOLS.items():
        run(scratch / "first.md", ENGINES["identity"], scratch)
        for name, engine in ENGINES.items():
            made = [limited(partial(run, Path(path), engine, scratch), scratch / "page") for path in order["files"]]
            pages, seconds = [page for page, _ in made], sum(used for _, used in made)
            print(json.dumps({"tool": tool, "engine": name, "pages": pages, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
