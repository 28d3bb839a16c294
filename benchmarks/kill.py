"""Kill -9 at random points of `kbtool translate`: what is lost, what is paid for twice, what is corrupt.

python benchmarks/kill.py [--kills 60] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    # Here, because the killed processes import this file too; and its folder's markdown.py would hide the library.
    sys.path[0] = str(Path(__file__).parent.parent / "tests" / "engines")
    from killing import campaign

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = campaign(Path(folder), options.kills, seed=options.seed)
    lost = sum(tally.lost)
    print(f"{tally.kills} kills in {tally.runs} runs, {time.monotonic() - began:.0f} s")
    print(f"  corrupt files: {tally.corrupt}")
    print(f"  acknowledged replies lost or paid twice: {tally.paid_twice}")
    most = max(tally.lost, default=0)
    print(f"  in flight and lost: {lost} ({lost / max(1, tally.kills):.2f} per kill, at most {most})")
    print(f"  of these not listed: {tally.unlisted}")
    print(f"  finished trees identical to an undisturbed run: {not tally.different} {tally.example}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
