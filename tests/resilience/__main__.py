"""bin/resilience: every scenario on one bed, a ledger of what it showed, exit code 1 when one does not hold."""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from . import bulk, files, ledger, making, outage, publishing, saving
from .bed import Bed, bed
from .ledger import Line
from .sizes import LONG, SHORT, Size

SCENARIOS = (
    saving.r1,
    saving.r2,
    saving.r3,
    saving.r20,
    outage.r7,
    files.r9,
    publishing.r21,
    outage.r6,
    making.r5,
    outage.r19,
    outage.storm,
    saving.r17,
    saving.due,
    bulk.bulk,
    making.r4,
)


def r12(made: Bed, size: Size) -> Line:
    """After everything else."""
    line = Line("R12", "the log is whole after all of it")
    began = monotonic()
    verdict = made.manage("audit_verify")
    line.seconds = round(monotonic() - began, 1)
    line.notes.append(verdict.stdout.strip().splitlines()[-1] if verdict.stdout.strip() else "no answer")
    line.require(verdict.returncode == 0, f"audit_verify: {verdict.stdout[-500:]}{verdict.stderr[-500:]}")
    return line


def attempted(scenario, made: Bed, size: Size, stage: ThreadPoolExecutor) -> Line:
    """The scenario's line; one that broke off is a line with its problem, and the bed is made again.

    On a thread that outlives it: the servers it starts end with their thread.
    """
    began = monotonic()
    done = stage.submit(scenario, made, size)
    if error := done.exception():
        line = Line(scenario.__name__.upper(), "broke off", problems=[repr(error)[-1500:]])
        line.seconds = round(monotonic() - began, 1)
        stage.submit(made.mend).result()
        return line
    return done.result()


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/resilience", description=__doc__)
    parser.add_argument("--short", action="store_true", help="less of everything, and limits that bear a busy machine")
    parser.add_argument("--only", metavar="NAME", action="append", help="r1, r2 …; may be given several times")
    parser.add_argument("report", type=Path, nargs="*", help="also write the ledger here: NAME.md or NAME.json")
    said = parser.parse_args()
    size, began, lines = SHORT if said.short else LONG, monotonic(), []
    chosen = [each for each in SCENARIOS if not said.only or each.__name__ in said.only]
    with ThreadPoolExecutor(1) as stage, bed() as made:
        for scenario in (*chosen, r12):
            lines.append(attempted(scenario, made, size, stage))
            print(ledger.brief(lines[-1]), flush=True)
    print(f"\n{size.name} form, {(monotonic() - began) / 60:.1f} minutes; {ledger.verdict(lines)}")
    for path in said.report:
        ledger.write(lines, path)
    return 0 if all(line.passed for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
