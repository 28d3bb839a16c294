"""Other tools on the same pages; run by `markdown.py` with the Python of their own environment.

Reads from standard input a list of files, prints for each tool and engine what became of them and the CPU seconds.
"""

from __future__ import annotations

import io
import json
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćđéƒǵħíĵķĺḿńóṕɋŕśťúṽẃẋýźÁƁĆĐÉƑǴĦÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẊÝŹ"
TABLE = str.maketrans(PLAIN, ACCENTED)
ENGINES: dict[str, Callable[[str], str]] = {"identity": lambda text: text, "pseudo": lambda text: text.translate(TABLE)}
LIMIT = 5  # seconds for a page; there are pages on which a tool never ends
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


def _too_long(_signal: int, _frame: object) -> None:
    raise TimeoutError


def main() -> None:
    order = json.load(sys.stdin)
    signal.signal(signal.SIGALRM, _too_long)
    scratch = Path(order["scratch"])
    for tool, run in TOOLS.items():
        for name, engine in ENGINES.items():
            pages: list[str | None] = []
            start = time.process_time()
            for path in order["files"]:
                signal.alarm(LIMIT)
                try:
                    pages.append(run(Path(path), engine, scratch))
                except Exception:  # whatever a tool does to a page it cannot read is its result
                    pages.append(None)
            signal.alarm(0)
            seconds = time.process_time() - start
            print(json.dumps({"tool": tool, "engine": name, "pages": pages, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
