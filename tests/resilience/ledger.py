"""What a scenario showed, as a line of the printed ledger, as JSON and as Markdown."""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

_TAG = re.compile(r"<[^>]*>")
_COLUMNS = ("", "invariant", "load", "faults", "answers", "lost", "wrong", "double", "p50", "p95", "p99", "back", "s")


@dataclass
class Line:
    """`problems` is what is wrong; a line without any has passed. Seconds; None where there is nothing to measure."""

    name: str
    invariant: str
    load: str = ""
    faults: str = ""
    answers: dict[str, int] = field(default_factory=dict)
    lost: int | None = None
    wrong: int | None = None
    double: int | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    recovery: float | None = None
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems

    def require(self, holds, problem: str) -> None:
        if not holds:
            self.problems.append(problem)

    def measure(self, tally) -> None:
        """Counts by status and percentiles of what the clients saw."""
        self.answers = {str(status or "cut"): count for status, count in sorted(tally.statuses.items())}
        self.p50, self.p95, self.p99 = (round(tally.percentile(share), 3) for share in (0.5, 0.95, 0.99))

    def require_only(self, tally, *allowed: int) -> None:
        """No answer but these; connection cuts are counted apart."""
        for status in sorted(set(tally.statuses) - {0, *allowed}):
            said = " ".join(_TAG.sub(" ", tally.bodies.get(status, b"").decode(errors="replace")).split())
            self.problems.append(f"{tally.statuses[status]} answers {status}: {said[:200]}")
        self.require(not tally.without_retry_after, f"{tally.without_retry_after} answers 503 without Retry-After")

    def cells(self) -> list[str]:
        answers = " ".join(f"{status}:{count}" for status, count in self.answers.items())
        figures = (self.lost, self.wrong, self.double, self.p50, self.p95, self.p99, self.recovery, self.seconds)
        shown = ["" if figure is None else f"{figure:g}" for figure in figures]
        return [
            "ok" if self.passed else "FAIL",
            f"{self.name} {self.invariant}",
            self.load,
            self.faults,
            answers,
            *shown,
        ]


def verdict(lines: list[Line]) -> str:
    failed = [line.name for line in lines if not line.passed]
    held = f"{len(lines) - len(failed)} of {len(lines)} hold"
    return held + (f"; broken: {', '.join(failed)}" if failed else "")


def brief(line: Line) -> str:
    verdict, title, *cells = line.cells()
    named = [f"{name} {cell}" for name, cell in zip(_COLUMNS[2:], cells, strict=True) if cell]
    more = [f"      note: {note}" for note in line.notes] + [f"      PROBLEM: {each}" for each in line.problems]
    return "\n".join([f"{verdict:4}  {title}", f"      {' | '.join(named)}", *more])


def markdown(lines: list[Line]) -> str:
    rows = [_row(_COLUMNS), _row(["---"] * len(_COLUMNS)), *(_row(line.cells()) for line in lines)]
    notes = [f"- {line.name}: {note}" for line in lines for note in [*line.notes, *line.problems]]
    return "\n".join([*rows, "", *notes, ""])


def _row(cells) -> str:
    return "| " + " | ".join(cells) + " |"


def write(lines: list[Line], path: Path) -> None:
    """Markdown for a path that ends in .md, else JSON."""
    as_json = json.dumps([asdict(line) | {"passed": line.passed} for line in lines], ensure_ascii=False, indent=1)
    path.write_text(markdown(lines) if path.suffix == ".md" else as_json + "\n", "utf-8")
