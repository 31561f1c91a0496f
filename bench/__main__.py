"""python -m bench: what scoring costs, as ratios measured in one run; see docs/bench.md.

Each round does everything once, one after the other, in the processor's own time, and a ratio is of the shortest
rounds. Parts that need PostgreSQL run as processes of their own, each with a database of its own.
"""

import argparse
import os
import subprocess
import sys

from . import engine, ranks
from .measure import Board

OURS = ("DATABASE_URL", "REDIS_URL")  # left out, so that every part makes a database of its own


def main() -> int:
    options = _options()
    board = Board()
    print(f"shortest of {options.rounds} rounds")
    nation = engine.Nation.of(options.stations, options.criteria)
    engine.measure(nation, options.rounds, options.dicts, board)
    ranks.measure(nation, options.rounds, board)
    for part in () if options.no_database else _with_database(options):
        print(f"\n{part[0]}", flush=True)
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        if subprocess.run([sys.executable, "-m", *part, "--check"], env=environment, check=False).returncode:
            board.missed.append(part[0])
    print(f"\nmissed: {', '.join(board.missed)}" if board.missed else "\nevery goal met")
    return 1 if options.check and board.missed else 0


def _with_database(options) -> tuple[tuple[str, ...], ...]:
    return (
        ("bench.nation", f"--stations={options.stations}", f"--criteria={options.criteria}"),
        ("bench.stored",),
        ("bench.pages",),
        ("bench.typing",),
    )


def _options():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--stations", type=int, default=43_000)
    parser.add_argument("--criteria", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--dicts", type=int, default=1000, help="stations that the loop over dicts scores")
    parser.add_argument("--no-database", action="store_true", help="leave out what needs PostgreSQL")
    parser.add_argument("--check", action="store_true", help="exit code 1 where a goal is missed")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
