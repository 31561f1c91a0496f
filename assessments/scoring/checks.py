"""Cross-field rules (勾稽关系): figures that must fit one another, such as covered rooms and rooms.

for check in broken(standard, prepared_frame, 0):
    print(check.severity, check.title)

They never change a point. An error blocks the handing in of a sheet, a warning asks for a word of explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import formula
from .conditions import CODE, Known, condition, tables
from .metrics import read_classes
from .reading import Table

if TYPE_CHECKING:
    from .frame import Frame
    from .standard import Standard

ERROR, WARNING = SEVERITIES = ("error", "warning")
GENERIC = "part-of-"  # codes of the checks that a standard without any gets, before the criterion or derived value
_COUNTED = "count"


@dataclass(frozen=True)
class Check:
    """One cross-field rule.

    title     the sentence that is shown where it is broken
    severity  "error" blocks the handing in, "warning" asks for a word
    tree      holds where it is over 0, is not judged while not answered, and passes where it does not apply
    metrics   the facts it looks at, derived ones resolved, in the order of the formula
    """

    code: str
    title: str
    title_en: str
    severity: str
    applies_to: frozenset[str]
    tree: formula.Node
    metrics: tuple[str, ...]

    def concerns(self, kind: str) -> bool:
        """Is it asked of stations of this class?"""
        return not self.applies_to or kind in self.applies_to


def read_checks(head: Table, known: Known) -> tuple[Check, ...]:
    """The [[check]] tables in the order of the file; problems are noted."""
    found = (_check(table, known) for table in tables(head, "check"))
    return tuple(check for check in found if check is not None)


def _check(table: Table, known: Known) -> Check | None:
    code = table.text("code")
    if code is not None and not CODE.fullmatch(code):
        table.note("code", "letters a-z, digits, and . _ - between them")
    titles = {key: table.text(key) for key in ("title", "title_en")}
    tree, severity = condition(table, "holds", known), table.choice("severity", SEVERITIES)
    classes = frozenset(read_classes(table, "applies_to", known.classes))
    table.finish()
    if tree is None:
        return None
    metrics = known.raw(formula.metrics_in(tree))
    return Check(code or "?", **titles, severity=severity or ERROR, applies_to=classes, tree=tree, metrics=metrics)


def of(standard: Standard) -> tuple[Check, ...]:
    """The checks of a standard; of one that says none itself, that no part is larger than its whole."""
    return standard.checks or standard.generic_checks


def generic(standard: Standard) -> tuple[Check, ...]:
    """A warning for each count that is divided by another count of the same unit and may not be larger.

    Such a pair stands in a rule `ratio` and in a derived share "a / b" or "100 * a / b".
    """
    pairs = {(c.rule.columns()[0], c.rule.columns()[-1]): c.id for c in standard.criteria if c.rule.shape == "ratio"}
    pairs |= {pair: each.code for each in standard.derived.values() if (pair := _divided(each))}
    return tuple(_part(standard, *pair, name) for pair, name in pairs.items() if _are_parts(standard, *pair))


def _divided(derived) -> tuple[str, str] | None:
    """(part, whole) of a share; None for every other derived value."""
    tree = derived.tree
    if derived.kind != "share" or not isinstance(tree, formula.Call) or tree.name != "/":
        return None
    part, whole = tree.arguments
    if isinstance(part, formula.Call) and part.name == "*":
        part = next((each for each in part.arguments if isinstance(each, formula.Metric)), part)
    if isinstance(part, formula.Metric) and isinstance(whole, formula.Metric):
        return part.code, whole.code
    return None


def _are_parts(standard: Standard, part: str, whole: str) -> bool:
    both = [standard.metrics.get(code) for code in (part, whole)]
    if part == whole or None in both:
        return False
    return all(each.kind == _COUNTED for each in both) and both[0].unit == both[1].unit


def _part(standard: Standard, part: str, whole: str, name: str) -> Check:
    small, large = standard.metrics[part], standard.metrics[whole]
    return Check(
        code=GENERIC + name,
        title=f"“{small.title}”一般不多于“{large.title}”",
        title_en=f"“{small.title_en}” is usually not more than “{large.title_en}”",
        severity=WARNING,
        applies_to=frozenset(),
        tree=formula.Call("<=", (formula.Metric(part), formula.Metric(whole))),
        metrics=(part, whole),
    )


def broken(standard: Standard, frame: Frame, row: int) -> list[Check]:
    """The checks that one station's facts do not keep, in the standard's order.

    frame  as `prepare` leaves it, or `with_derived`: derived values are columns of it
    """
    one, kind = frame.take(row), str(frame.kinds[row])
    return [check for check in of(standard) if check.concerns(kind) and _is_broken(check, one)]


def _is_broken(check: Check, frame: Frame) -> bool:
    cells = formula.of_frame(check.tree, frame)
    return bool(not cells.absent[0] and not np.isnan(cells.values[0]) and cells.values[0] <= 0)
