"""The boxes of a rule's form: one for each option of the chosen shape, with what stands in it and what is wrong.

They follow the options of the shapes; scoring/rulefields.py names their fields.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..layered import language
from ..scoring import rulefields
from ..scoring.differencewords import CHOICES, OPTIONS
from ..scoring.options import (
    DEEPEST,
    Choice,
    Column,
    Columns,
    Limit,
    ListsByClass,
    Number,
    Parts,
    PointsBy,
    Rows,
    TargetOption,
)
from ..scoring.rulefields import TARGETS
from ..scoring.rules import RULES
from ..scoring.shapewords import GROUPS, SHAPES

_FEWEST = {Parts: 2}


@dataclass(frozen=True)
class Cell:
    """One input. `kind`: metric, number, text, date or class."""

    name: str
    kind: str
    label: str
    value: str
    error: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a list; `box` stands in it where a row holds a list of its own, `part` where it is a part."""

    number: int
    cells: tuple[Cell, ...] = ()
    box: "Box | None" = None
    part: "Node | None" = None


@dataclass(frozen=True)
class Box:
    """One option of a shape. `kind`: cell, choice, limit, target or list."""

    name: str
    kind: str
    label: str
    error: str = ""
    cells: tuple[Cell, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    rows: tuple[Row, ...] = ()
    optional: bool = False
    is_ordered: bool = False
    is_unlimited: bool = False
    heads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """A rule, or a part of one, with its points and titles in `about`."""

    name: str
    shape: str
    line: str
    number: str
    error: str
    boxes: tuple[Box, ...]
    around: tuple[Box, ...]
    shapes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    about: tuple[Cell, ...] = ()

    @property
    def is_around(self) -> bool:
        """Does anything stand round the shape?"""
        return any(box.value or box.error or any(cell.value or cell.error for cell in box.cells) for box in self.around)


class Boxes:
    """Makes the boxes of a RuleForm."""

    def __init__(self, form):
        self.form = form

    def value(self, name: str) -> str:
        return self.form.fields.get(name, "")

    def _cell(self, name: str, kind: str, label: str) -> Cell:
        value = self.value(name)
        return Cell(
            name, kind, label, self.form.figures.shown(value) if kind == "metric" else value, self.form.error(name)
        )

    def node(self, name: str, depth: int, about: tuple[Cell, ...] = ()) -> Node:
        shape = self.value(f"{name}.shape")
        options = RULES[shape].options() if shape in RULES else {}
        words = SHAPES.get(shape)
        return Node(
            name=name,
            shape=shape,
            line=pick(words.line) if words else "",
            number=words.number if words else "",
            error=self.form.error(f"{name}.shape"),
            boxes=tuple(self._box(f"{name}.{key}", key, shape, option, depth) for key, option in options.items()),
            around=self._around(name),
            shapes=_shapes(depth),
            about=about,
        )

    def _around(self, name: str) -> tuple[Box, ...]:
        zero, times = f"{name}.unless_zero", f"{name}.coefficient"
        label = _("No points at all while this is 0")
        found = [Box(zero, "cell", label, cells=(self._cell(zero, "metric", label),), optional=True)]
        if self.form.coefficients or self.value(times):
            choices = (("", _("None")), *self.form.coefficients.items())
            label = _("Times a coefficient of the class")
            found.append(Box(times, "choice", label, self.form.error(times), choices=choices, value=self.value(times)))
        return tuple(found)

    def _box(self, name: str, key: str, shape: str, option, depth: int) -> Box:
        label = pick(OPTIONS.get((shape, key)) or OPTIONS.get(key, (key, key)))
        label = label[:1].upper() + label[1:]
        return _BOXES[type(option)](self, name, key, label, option, depth)

    def _metric(self, name, key, label, option, depth):
        return Box(name, "cell", label, cells=(self._cell(name, "metric", label),))

    def _number(self, name, key, label, option, depth):
        return Box(name, "cell", label, cells=(self._cell(name, "number", label),), optional=option.optional)

    def _limit(self, name, key, label, option, depth):
        none = pick(CHOICES.get((key, "none"), CHOICES["none"]))
        return Box(
            name,
            "limit",
            label,
            cells=(self._cell(name, "number", label),),
            choices=((f"{name}.none", none),),
            is_unlimited=self.value(f"{name}.none") == rulefields.ON,
            optional=bool(option.goes_with),
        )

    def _choice(self, name, key, label, option, depth):
        words = [(each, pick(CHOICES.get((key, each)) or CHOICES[each])) for each in option.allowed]
        blank = () if option.default else (("", _("Choose …")),)
        value = self.value(name) or option.default or ""
        return Box(name, "choice", label, self.form.error(name), choices=(*blank, *words), value=value)

    def _target(self, name, key, label, option, depth):
        words = {
            "number": _("A number"),
            "norm": _("The norm of the class"),
            "metric": _("Another figure"),
            "dated": _("Numbers by date"),
        }
        choices = tuple((each, words[each]) for each in TARGETS if option.metric or each != "metric")
        kind = self.value(f"{name}.is") or TARGETS[0]
        cells = [self._cell(f"{name}.number", "number", label), self._cell(f"{name}.norm", "metric", _("Norm of"))]
        if option.metric:
            cells.append(self._cell(f"{name}.metric", "metric", words["metric"]))
        parts = (("from", "date", _("From")), ("value", "number", _("Value")))
        rows = self._rows(name, option, parts)
        error = " ".join(filter(None, [self.form.error(name), self.form.error(f"{name}.is")]))
        return Box(name, "target", label, error, tuple(cells), choices, kind, rows, heads=_heads(parts))

    def _list_of_metrics(self, name, key, label, option, depth):
        rows = tuple(Row(n, (self._cell(f"{name}.{n}", "metric", label),)) for n in self._numbers(name, Columns))
        return Box(name, "list", label, self.form.error(name), rows=rows, optional=option.optional, is_ordered=True)

    def _points_by(self, name, key, label, option, depth):
        number = _("Weight") if key == "weights" else _("Points each")
        parts = (("metric", "metric", _("Figure")), ("points", "number", number))
        rows = self._rows(name, option, parts)
        return Box(name, "list", label, self.form.error(name), rows=rows, optional=option.optional, heads=_heads(parts))

    def _lists(self, name, key, label, option, depth):
        rows = []
        for n in self._numbers(name, ListsByClass, fewest=0):
            inner = self._list_of_metrics(f"{name}.{n}.list", key, label, Columns(optional=True), depth)
            rows.append(Row(n, (self._cell(f"{name}.{n}.class", "class", _("Class")),), box=inner))
        title = _("Another list for a class")
        return Box(name, "list", title, self.form.error(name), rows=tuple(rows), optional=True)

    def _pairs(self, name, key, label, option, depth):
        is_place = option.kind.startswith("list of [place")
        bound = _("Down to place") if is_place else _("Bound")
        parts = (("bound", "number", bound), ("points", "number", _("Points")))
        rows = self._rows(name, option, parts)
        return Box(name, "list", label, self.form.error(name), rows=rows, heads=_heads(parts))

    def _parts(self, name, key, label, option, depth):
        rows = []
        for n in self._numbers(name, Parts):
            inside = f"{name}.{n}"
            about = (
                self._cell(f"{inside}.points", "number", _("Points it is worth")),
                self._cell(f"{inside}.title", "text", _("Title")),
                self._cell(f"{inside}.title_en", "text", _("English title")),
            )
            rows.append(Row(n, part=self.node(inside, depth + 1, about)))
        return Box(name, "list", label, self.form.error(name), rows=tuple(rows), is_ordered=True)

    def _rows(self, name: str, option, parts) -> tuple[Row, ...]:
        return tuple(
            Row(n, tuple(self._cell(f"{name}.{n}.{part}", kind, label) for part, kind, label in parts))
            for n in self._numbers(name, type(option))
        )

    def _numbers(self, name: str, kind: type, fewest: int = 1) -> list[int]:
        """Numbers of the rows that are shown: those there are, and blank ones up to the fewest or on demand."""
        there = rulefields.rows_of(self.form.fields, name)
        last = there[-1] if there else -1
        wanted = max(_FEWEST.get(kind, fewest) - len(there), int(self.form.blank == name))
        wanted = min(wanted, max(0, rulefields.MOST_ROWS - 1 - last))
        return there + [last + 1 + n for n in range(wanted)]


_BOXES = {
    Column: Boxes._metric,
    Columns: Boxes._list_of_metrics,
    ListsByClass: Boxes._lists,
    PointsBy: Boxes._points_by,
    Number: Boxes._number,
    Limit: Boxes._limit,
    Choice: Boxes._choice,
    Rows: Boxes._pairs,
    TargetOption: Boxes._target,
    Parts: Boxes._parts,
}


def pick(words: tuple[str, str]) -> str:
    return words[1] if language() == "en" else words[0]


def _heads(parts) -> tuple[str, ...]:
    return tuple(label for _key, _kind, label in parts)


def _shapes(depth: int):
    """Groups of shapes to choose from; as deep as parts may be there are none with parts."""
    groups = []
    for group, shapes in GROUPS.items():
        fitting = [shape for shape in shapes if depth < DEEPEST or shape not in ("composite", "either_or")]
        if fitting:
            groups.append((pick(group), tuple((shape, pick(SHAPES[shape].name)) for shape in fitting)))
    return tuple(groups)


def names(node: Node):
    """Names of every field that a node shows."""
    yield f"{node.name}.shape"
    yield from (cell.name for cell in node.about)
    for box in (*node.boxes, *node.around):
        yield from _names_of(box)


def _names_of(box: Box):
    yield box.name
    yield from (cell.name for cell in box.cells)
    yield from (name for name, _label in box.choices) if box.kind == "limit" else ()
    if box.kind == "target":
        yield f"{box.name}.is"
    for row in box.rows:
        yield from (cell.name for cell in row.cells)
        if row.box:
            yield from _names_of(row.box)
        if row.part:
            yield from names(row.part)
