"""Formulas over metrics: `station.residents / staff.officers`.

A small parser of our own and a walk over its tree; nothing is ever handed to Python's eval.
Every step works on whole columns and keeps the states of an answer apart:

    not answered     passes on; a comparison with it is not answered either
    not applicable   passes on, and wins over not answered
    0 ÷ 0            nothing was due: not applicable
    x ÷ 0            contradictory: not answered
    ln, log10 of 0 or less, sqrt or a broken power of less than 0: not answered
    if(c, a, b)      only the branch taken counts
    a and b, a or b  what does not apply is left out; what decides alone decides, though the other is not answered
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from .numbers import HALF, lowered, raised


class FormulaError(ValueError):
    """The text is no formula; the message says what is wrong and where."""


@dataclass(frozen=True)
class Cells:
    """(n,) values, NaN where unanswered or not applicable, and (n,) bool where not applicable."""

    values: np.ndarray
    absent: np.ndarray


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Metric:
    code: str


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Node, ...]


Node = Number | Metric | Call

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/(),<>×÷−≤≥≠]))"
)
SAME_SIGN = {"×": "*", "÷": "/", "−": "-", "≤": "<=", "≥": ">=", "≠": "!="}
AND, OR, NOT = "and", "or", "not"
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
DEEPEST = 50
LONGEST = 300
LARGEST = 10**15


def parse(text: str) -> Node:
    """The tree of a formula. Raises FormulaError."""
    return _Parser(text).whole()


def metrics_in(node: Node) -> tuple[str, ...]:
    """Codes of the metrics of a formula, each once, in the order they are written."""
    if isinstance(node, Metric):
        return (node.code,)
    if isinstance(node, Call):
        return tuple(dict.fromkeys(code for each in node.arguments for code in metrics_in(each)))
    return ()


def evaluate(node: Node, cells: Mapping[str, Cells], rows: int) -> Cells:
    """The column of a formula over `rows` stations."""
    if isinstance(node, Number):
        return Cells(np.full(rows, float(node.value)), np.zeros(rows, dtype=bool))
    if isinstance(node, Metric):
        return cells[node.code]
    arguments = [evaluate(each, cells, rows) for each in node.arguments]
    with np.errstate(all="ignore"):
        return FUNCTIONS[node.name].apply(*arguments)


def of_frame(node: Node, frame) -> Cells:
    """The column of a formula over the rows of a prepared frame (frame.Frame)."""
    nowhere = np.zeros(len(frame), dtype=bool)
    cells = {code: Cells(frame[code], frame.not_applicable.get(code, nowhere)) for code in metrics_in(node)}
    return evaluate(node, cells, len(frame))


def written(node: Node, name: Callable[[str], str], words: Mapping[str, str] | None = None) -> str:
    """The formula for people, with `name` of each metric in place of its code.

    words  "and", "or", "not" in the reader's language; None leaves them as they are
    """
    if isinstance(node, Number):
        return f"{node.value:,f}"
    if isinstance(node, Metric):
        return name(node.code)
    parts = [_in_place(node, each, written(each, name, words)) for each in node.arguments]
    sign = PRINTED.get(node.name) or (words or {}).get(node.name, node.name)
    if node.name == NOT:
        return f"{sign} {parts[0]}"
    return f" {sign} ".join(parts) if node.name in BINDING else f"{node.name}({', '.join(parts)})"


def _in_place(above: Call, node: Node, text: str) -> str:
    """A part of a formula, in parentheses where it binds no tighter than what it stands in."""
    if above.name not in BINDING or not isinstance(node, Call) or node.name not in BINDING:
        return text
    same = node.name == above.name and above.name in (AND, OR)
    return text if BINDING[node.name] > BINDING[above.name] or same else f"({text})"


class _Parser:
    """Precedence climbing: or < and < not < comparison < sum < product < sign < atom."""

    def __init__(self, text: str):
        self.text, self.tokens, self.next = text, _tokens(text), 0

    def whole(self) -> Node:
        node = self._either(0)
        if self._peek():
            raise FormulaError(f"{self.text!r}: unexpected {self._peek()!r}")
        return node

    def _either(self, depth: int) -> Node:
        return self._chain(self._both, (OR,), depth)

    def _both(self, depth: int) -> Node:
        return self._chain(self._negated, (AND,), depth)

    def _negated(self, depth: int) -> Node:
        if self._peek() != NOT:
            return self._comparison(depth)
        self._check_depth(depth)
        self._take()
        return Call(NOT, (self._negated(depth + 1),))

    def _comparison(self, depth: int) -> Node:
        node = self._chain(self._product, ("+", "-"), depth)
        if self._peek() in COMPARISONS:
            sign = self._take()
            node = Call(sign, (node, self._chain(self._product, ("+", "-"), depth)))
        return node

    def _product(self, depth: int) -> Node:
        return self._chain(self._signed, ("*", "/"), depth)

    def _chain(self, operand: Callable[[int], Node], signs: tuple[str, ...], depth: int) -> Node:
        node = operand(depth)
        while self._peek() in signs:
            node = Call(self._take(), (node, operand(depth)))
        return node

    def _check_depth(self, depth: int) -> None:
        if depth > DEEPEST:
            raise FormulaError(f"{self.text!r}: nested deeper than {DEEPEST}")

    def _signed(self, depth: int) -> Node:
        self._check_depth(depth)
        if self._peek() == "-":
            self._take()
            return Call("-", (Number(Decimal(0)), self._signed(depth + 1)))
        return self._atom(depth + 1)

    def _atom(self, depth: int) -> Node:
        word = self._take()
        if word == "(":
            node = self._either(depth)
            self._expect(")")
            return node
        if word[0].isdigit():
            return Number(self._number(word))
        if not (word[0].isalpha() or word[0] == "_") or word in (AND, OR, NOT):
            raise FormulaError(f"{self.text!r}: unexpected {word!r}")
        return self._call(word, depth) if self._peek() == "(" else Metric(word)

    def _number(self, word: str) -> Decimal:
        if len(word) > 30 or Decimal(word) > LARGEST:
            raise FormulaError(f"{self.text!r}: a number beyond 10^15")
        return Decimal(word)

    def _call(self, name: str, depth: int) -> Node:
        if name not in CALLABLE:
            raise FormulaError(f"{self.text!r}: no function {name!r}; there are {', '.join(CALLABLE)}")
        self._take()
        arguments = [self._either(depth)]
        while self._peek() == ",":
            self._take()
            arguments.append(self._either(depth))
        self._expect(")")
        least, most = FUNCTIONS[name].takes
        if not least <= len(arguments) <= most:
            raise FormulaError(f"{self.text!r}: {name}() does not take {len(arguments)} values")
        return Call(name, tuple(arguments))

    def _peek(self) -> str:
        return self.tokens[self.next] if self.next < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        if not token:
            raise FormulaError(f"{self.text!r}: ends too early")
        self.next += 1
        return token

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise FormulaError(f"{self.text!r}: {token!r} is missing")


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while text[position:].strip():
        found = TOKEN.match(text, position)
        if not found:
            raise FormulaError(f"{text!r}: unexpected {text[position:].strip()[0]!r}")
        token = found.group(found.lastgroup)
        tokens.append(SAME_SIGN.get(token, token))
        position = found.end()
    if len(tokens) > LONGEST:
        raise FormulaError(f"longer than {LONGEST} signs")
    if not tokens:
        raise FormulaError("the formula is empty")
    return tokens


@dataclass(frozen=True)
class Function:
    """How whole columns are combined, and how many of them it takes."""

    apply: Callable[..., Cells]
    takes: tuple[int, int]


def _plain(work: Callable[..., np.ndarray]) -> Callable[..., Cells]:
    """A function whose result is absent where any argument is; `work` passes NaN on by itself."""

    def apply(*cells: Cells) -> Cells:
        absent = np.logical_or.reduce([each.absent for each in cells])
        values = work(*[each.values for each in cells])
        return Cells(np.where(absent | ~np.isfinite(values), np.nan, values), absent)

    return apply


def _divide(above: Cells, below: Cells) -> Cells:
    absent = above.absent | below.absent | ((above.values == 0) & (below.values == 0))
    values = above.values / below.values
    return Cells(np.where(absent | ~np.isfinite(values), np.nan, values), absent)


def _if(condition: Cells, yes: Cells, no: Cells) -> Cells:
    taken = condition.values != 0
    known = ~np.isnan(condition.values)
    absent = condition.absent | (known & np.where(taken, yes.absent, no.absent))
    values = np.where(taken, yes.values, no.values)
    return Cells(np.where(known & ~absent, values, np.nan), absent)


def _join(decides: float) -> Callable[..., Cells]:
    """`and` (0 decides) and `or` (1 decides) of two conditions."""

    def apply(a: Cells, b: Cells) -> Cells:
        absent = a.absent & b.absent
        sides = [_truth(each) for each in (a, b)]
        found = np.full(len(absent), 1.0 - decides)
        for side, each in zip(sides, (a, b), strict=True):
            found[np.isnan(side) & ~each.absent] = np.nan
        for side in sides:
            found[side == decides] = decides
        found[absent] = np.nan
        return Cells(found, absent)

    return apply


def _truth(cells: Cells) -> np.ndarray:
    """1 where not 0, 0 where 0, NaN where there is no value."""
    return np.where(np.isnan(cells.values), np.nan, cells.values != 0)


def _compare(test: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Callable[..., Cells]:
    def work(a, b):
        return np.where(np.isnan(a) | np.isnan(b), np.nan, test(a, b))

    return _plain(work)


def _at_least(a, b):
    return a >= lowered(b, np.empty_like(b))


def _at_most(a, b):
    return a <= raised(b, np.empty_like(b))


def _round(values, digits=None):
    power = 1.0 if digits is None else 10.0**digits
    return np.copysign(np.floor(np.abs(values) * power + HALF), values) / power


def _floor(values):
    return np.floor(raised(values, np.empty_like(values)))


def _ceil(values):
    return np.ceil(lowered(values, np.empty_like(values)))


def _fold(step: Callable) -> Callable:
    def work(first, *others):
        for other in others:
            first = step(first, other)
        return first

    return work


FUNCTIONS = {
    "+": Function(_plain(np.add), (2, 2)),
    "-": Function(_plain(np.subtract), (2, 2)),
    "*": Function(_plain(np.multiply), (2, 2)),
    "/": Function(_divide, (2, 2)),
    ">=": Function(_compare(_at_least), (2, 2)),
    "<=": Function(_compare(_at_most), (2, 2)),
    ">": Function(_compare(lambda a, b: ~_at_most(a, b)), (2, 2)),
    "<": Function(_compare(lambda a, b: ~_at_least(a, b)), (2, 2)),
    "==": Function(_compare(lambda a, b: _at_least(a, b) & _at_most(a, b)), (2, 2)),
    "!=": Function(_compare(lambda a, b: ~(_at_least(a, b) & _at_most(a, b))), (2, 2)),
    AND: Function(_join(0.0), (2, 2)),
    OR: Function(_join(1.0), (2, 2)),
    NOT: Function(_plain(lambda a: np.where(np.isnan(a), np.nan, a == 0)), (1, 1)),
    "min": Function(_plain(_fold(np.minimum)), (1, 20)),
    "max": Function(_plain(_fold(np.maximum)), (1, 20)),
    "abs": Function(_plain(np.abs), (1, 1)),
    "round": Function(_plain(_round), (1, 2)),
    "floor": Function(_plain(_floor), (1, 1)),
    "ceil": Function(_plain(_ceil), (1, 1)),
    "sqrt": Function(_plain(np.sqrt), (1, 1)),
    "power": Function(_plain(np.float_power), (2, 2)),
    "exp": Function(_plain(np.exp), (1, 1)),
    "ln": Function(_plain(np.log), (1, 1)),
    "log10": Function(_plain(np.log10), (1, 1)),
    "if": Function(_if, (3, 3)),
}
PRINTED = {
    "*": "×",
    "/": "÷",
    "+": "+",
    "-": "−",
    ">=": "≥",
    "<=": "≤",
    ">": ">",
    "<": "<",
    "==": "=",
    "!=": "≠",
}
BINDING = {  # the higher the tighter
    OR: 1,
    AND: 2,
    NOT: 3,
    **dict.fromkeys(COMPARISONS, 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
CALLABLE = tuple(name for name in FUNCTIONS if name not in BINDING)
