"""The command line: how a run starts, and how it ends."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(50_000, *gc.get_threshold()[1:])  # the modules that are imported stay: 700 at a time is for others
    try:
        code = _run(args)
    except KeyboardInterrupt:  # before there was anything to interrupt
        print("\nInterrupted.", file=sys.stderr)  # noqa: T201 – click may not be there yet
        code = 130
    if threading.active_count() > 1:  # Python waits for the others
        sys.exit(code)
    # All that ends a run properly is done; ten thousand values need not be taken apart one by one.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(args: Sequence[str] | None) -> int:
    from kbtool.cli.late import import_late

    import_late()
    from kbtool.cli.compiled import remember_compiled

    keep = remember_compiled()
    from kbtool.cli.roof import run

    code = run(args)
    keep()
    return code
