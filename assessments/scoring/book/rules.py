"""A rule in three cells: its shape (计分方式), the metrics it is about (指标), and its options (参数).

参数 is a list `目标=5；下限=0`. A value is a number, 不限, a word of choice, a metric, 标准值, or pairs
`名称:数、名称:数`. What that cannot say stands as TOML under a first line `# TOML`, and so does every shape with parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date

from .. import options as kinds
from ..options import NORM
from ..reading import is_day, is_number, toml
from ..rules import RULES, WRAPPERS
from ..tomltext import inline
from .cells import LISTED, Around, Cell, Fault, Unwritable, day, folded, is_safe, number, plain, same
from .words import CHOICES, MORE_SHAPES, NO_LIMIT, OPTIONS, SHAPES, backwards, option
from .words import FROM as FROM_WORD
from .words import NORM as NORM_WORD

MARK = "# TOML"
_SHAPES = backwards(SHAPES) | MORE_SHAPES
_OPTIONS = {name: key for key, names in OPTIONS.items() for name in (key, *names)}
_CHOICES = backwards(CHOICES)
# The options whose metrics stand in 指标; of "each" its keys.
_MAIN = {
    "checklist": ("items",),
    "judged": ("judges",),
    "sample_check": ("correct", "sampled"),
    "exemption": ("until",),
}
_COUNTED = ("deduct", "bonus", "misreport")
_OF_PARTS = ("composite", "either_or")
_HINTS = {"yes_no": "yes_no", "checklist": "yes_no", "exemption": "date"}


def main(shape: str) -> tuple[str, ...]:
    """The options whose metrics stand in 指标."""
    if shape in _OF_PARTS:
        return ()
    return ("each",) if shape in _COUNTED else _MAIN.get(shape, ("of",))


def write(rule, around: Around) -> tuple[Cell, Cell, Cell]:
    """The three cells of a rule. Raises Unwritable for what is no rule of one shape."""
    if not isinstance(rule, Mapping):
        raise Unwritable
    shapes = [key for key in rule if key not in WRAPPERS]
    if len(shapes) != 1 or shapes[0] not in SHAPES or not isinstance(rule[shapes[0]], Mapping):
        raise Unwritable
    shape = shapes[0]
    cells = _simple(shape, rule, around) or _as_toml(shape, rule, around)
    if not same(_sorted(read(*cells, around)), _sorted(rule)):
        raise Unwritable
    return cells


def _sorted(rule: Mapping) -> dict:
    """The rule with its shape in front and options in the order of the shape: their order means nothing."""
    shape = next((key for key in rule if key not in WRAPPERS), None)
    if shape is None:
        return dict(rule)
    known = list(RULES[shape].options())
    rest = {key: rule[key] for key in sorted(rule) if key != shape}
    inner = sorted(rule[shape].items(), key=lambda pair: known.index(pair[0]) if pair[0] in known else len(known))
    return {shape: dict(inner), **rest}


def _simple(shape: str, rule: Mapping, around: Around) -> tuple[Cell, Cell, Cell] | None:
    """None where the grammar cannot say it."""
    try:
        inner, clauses = dict(rule[shape]), []
        names = "、".join(map(around.metrics.say, _named(shape, inner)))
        for key, kind in RULES[shape].options().items():
            if key in inner and (key not in main(shape) or key == "each"):
                clauses.append(f"{option(shape, key)}={_written(kind, key, inner, around)}")
        for key in WRAPPERS:
            if key in rule:
                said = around.metrics.say(rule[key]) if key == "unless_zero" else rule[key]
                clauses.append(f"{option(shape, key)}={said}")
        cells = (SHAPES[shape], names, "；".join(clauses) or None)
        is_good = all(cell is None or is_safe(cell) for cell in cells) and names
        return cells if is_good and same(_sorted(read(*cells, around)), _sorted(rule)) else None
    except (Fault, Unwritable, TypeError, ValueError, AttributeError, KeyError):
        return None  # values of a kind that the option does not take


def _as_toml(shape: str, rule: Mapping, around: Around) -> tuple[Cell, Cell, Cell]:
    lines = [MARK]
    for key, value in (*rule[shape].items(), *((key, rule[key]) for key in rule if key in WRAPPERS)):
        if key in WRAPPERS and key in rule[shape]:
            raise Unwritable
        name = inline({key: 0})[2:].partition(" = ")[0]
        if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            lines += [f"{name} = [", *(f"  {inline(each)}," for each in value), "]"]
        else:
            lines.append(f"{name} = {inline(value)}")
    text = "\n".join(lines)
    if not is_safe(text):
        raise Unwritable
    names = "、".join(around.metrics.say(code) for code in mentioned(rule, around))
    return SHAPES[shape], names if is_safe(names) else None, text


def mentioned(rule, around: Around) -> list[str]:
    """Metrics of the document that stand anywhere in a rule, in order."""
    codes = around.metrics.titles
    found = (each.partition("@")[0] for each in _texts(rule))
    return list(dict.fromkeys(code for code in found if code in codes))


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _named(shape: str, inner: Mapping) -> list[str]:
    """The codes that stand in 指标."""
    codes = []
    for key in main(shape):
        value = inner[key]
        codes += [value] if isinstance(value, str) else list(value)
    return codes


def _written(kind: kinds.Option, key: str, inner: Mapping, around: Around) -> str:
    """The value of an option. Raises Unwritable."""
    value = inner[key]
    if isinstance(kind, kinds.Limit) and value == "none":
        return NO_LIMIT
    if is_number(value):
        return plain(value)
    if isinstance(kind, kinds.Choice):
        return CHOICES[value]
    if isinstance(kind, kinds.Rows):
        return "、".join(f"{plain(bound)}:{plain(gives)}" for bound, gives in value)
    if isinstance(kind, kinds.PointsBy):
        if key == "each" and len({*value.values()}) == 1:
            return plain(next(iter(value.values())))
        return "、".join(f"{around.metrics.say(code)}:{plain(points)}" for code, points in value.items())
    if isinstance(kind, kinds.Columns):
        return "、".join(map(around.metrics.say, value))
    if isinstance(kind, kinds.TargetOption):
        return _target(value, inner, around)
    if isinstance(kind, kinds.Column):
        return around.metrics.say(value)
    raise Unwritable


def _target(value, inner: Mapping, around: Around) -> str:
    if isinstance(value, list):
        return "、".join(f"{each['from'].isoformat()}{FROM_WORD}{plain(each['value'])}" for each in value)
    code = value.removesuffix(NORM)
    if code == value:
        return around.metrics.say(value)
    return NORM_WORD if code == inner.get("of") else f"{NORM_WORD}({around.metrics.say(code)})"


# -- reading -----------------------------------------------------------------------------------


def shape_of(cell: Cell) -> str:
    """The shape named in a cell. Raises Fault."""
    text = folded(cell)
    found = _SHAPES.get(text) or next((key for word, key in _SHAPES.items() if folded(word) == text), None)
    if found is None:
        raise Fault("shape", allowed="、".join(SHAPES.values()))
    return found


def read(shape_cell: Cell, names_cell: Cell, params_cell: Cell, around: Around) -> dict:
    """The rule of three cells. Raises Fault, its `column` being "shape", "metrics" or "params"."""
    with _in_column("shape"):
        shape = shape_of(shape_cell)
    if hasattr(around.metrics, "hint"):
        around.metrics.hint = _HINTS.get(shape)
    text = plain(params_cell)
    if text.startswith(MARK):
        return _read_toml(shape, names_cell, text, around)
    if shape in _OF_PARTS:
        with _in_column("params"):
            raise Fault("parts_in_toml")
    with _in_column("metrics"):
        codes = [around.metrics.find(each) for each in _split(plain(names_cell))]
    with _in_column("params"):
        inner, beside = _read_options(shape, text, codes, around)
    with _in_column("metrics"):
        _put_main(shape, codes, inner)
    _bound(shape, codes, inner, around)
    return {shape: inner, **beside}


@contextmanager
def _in_column(column: str):
    """Say of a fault in which of the three columns it stands."""
    try:
        yield
    except Fault as fault:
        if not hasattr(fault, "column"):
            fault.column = column
        raise


def _split(text: str) -> list[str]:
    return [each.strip() for each in LISTED.split(text) if each.strip()]


def _read_toml(shape: str, names_cell: Cell, text: str, around: Around) -> dict:
    with _in_column("params"):
        try:
            inner = toml(text)
        except ValueError as error:
            raise Fault("toml", why=str(error)) from error
    beside = {key: inner.pop(key) for key in WRAPPERS if key in inner}
    rule = {shape: inner, **beside}
    with _in_column("metrics"):
        there = set(_texts(rule))
        for each in _split(plain(names_cell)):
            code = around.metrics.find(each)
            if not any(text.partition("@")[0] == code for text in there):
                raise Fault("not_in_toml", value=each, code=code)
    return rule


def _read_options(shape: str, text: str, codes: list[str], around: Around) -> tuple[dict, dict]:
    known, inner, beside = RULES[shape].options(), {}, {}
    for clause in filter(None, (each.strip() for each in re.split(r"[；;\n]+", text))):
        name, sign, value = (part.strip() for part in re.sub("＝", "=", clause).partition("="))
        if not sign or not value:
            raise Fault("clause", value=clause)
        key = _option_of(shape, name)
        if key in inner or key in beside:
            raise Fault("option_twice", value=name)
        if key == "unless_zero":
            beside[key] = around.metrics.find(value)
        elif key == "coefficient":
            beside[key] = value
        else:
            inner[key] = _value(known[key], key, value, codes, around)
    return inner, beside


def _option_of(shape: str, name: str) -> str:
    known = [*RULES[shape].options(), *WRAPPERS]
    found = [key for key in known if name == key or name in OPTIONS.get(key, ()) or name == option(shape, key)]
    if not found:
        allowed = [option(shape, key) for key in known if key not in main(shape) or key == "each"]
        raise Fault("option", value=name, allowed="、".join(allowed))
    return found[0]


def _value(kind: kinds.Option, key: str, text: str, codes: list[str], around: Around):
    """The value of an option. Raises Fault."""
    if isinstance(kind, kinds.Limit):
        return "none" if text in (NO_LIMIT, "none", "不封顶", "无") else number(text)
    if isinstance(kind, kinds.Number):
        return number(text)
    if isinstance(kind, kinds.Choice):
        if _CHOICES.get(text) not in kind.allowed:
            raise Fault("choice", allowed="、".join(CHOICES[each] for each in kind.allowed))
        return _CHOICES[text]
    if isinstance(kind, kinds.Rows):
        return [[number(bound), number(gives)] for bound, gives in map(_pair, _split(text))]
    if isinstance(kind, kinds.PointsBy):
        return _points(key, text, codes, around)
    if isinstance(kind, kinds.Columns):
        return [around.metrics.find(each) for each in _split(text)]
    if isinstance(kind, kinds.TargetOption):
        return _read_target(text, codes, around)
    if isinstance(kind, kinds.Column):
        return around.metrics.find(text)
    raise Fault("only_toml", value=option("", key))


def _points(key: str, text: str, codes: list[str], around: Around) -> dict:
    if not re.search("[:：]", text) and key == "each" and len(_split(text)) == 1:
        return dict.fromkeys(codes, number(text))
    if not re.search("[:：]", text) and len(_split(text)) == len(codes):
        return dict(zip(codes, map(number, _split(text)), strict=True))
    return {around.metrics.find(name): number(points) for name, points in map(_pair, _split(text))}


def _pair(text: str) -> tuple[str, str]:
    left, sign, right = re.sub("：", ":", text).rpartition(":")
    if not sign:
        raise Fault("pair", value=text)
    return left.strip(), right.strip()


def _read_target(text: str, codes: list[str], around: Around):
    dated = [re.fullmatch(rf"([\d年月日./-]+?)\s*{FROM_WORD}\s*(.+)", each) for each in _split(text)]
    if dated and all(dated):
        return [{"from": _from(each[1]), "value": number(each[2])} for each in dated]
    try:
        return number(text)
    except Fault:
        norm = re.fullmatch(rf"{NORM_WORD}(?:[(（](.+)[)）])?", text)
    if not norm:
        return around.metrics.find(text)
    if not norm[1] and not codes:
        raise Fault("no_metric")
    code = around.metrics.find(norm[1]) if norm[1] else codes[0]
    if hasattr(around.metrics, "norm"):
        around.metrics.norm(code)
    return code + NORM


def _from(text: str) -> date:
    found = day(text)
    return found if is_day(found) else None


def _put_main(shape: str, codes: list[str], inner: dict) -> None:
    """Put the metrics of 指标 where the shape has them. Raises Fault."""
    keys = [key for key in main(shape) if key not in inner or key == "each"]
    if not codes and keys and "each" not in keys:
        raise Fault("no_metric")
    if shape == "ratio" and len(codes) == 2 and "to" not in inner:
        inner["of"], inner["to"] = codes
    elif shape == "sample_check" and len(keys) == 2:
        if len(codes) != 2:
            raise Fault("two_metrics")
        inner["correct"], inner["sampled"] = codes
    elif keys in (["items"], ["judges"]):
        inner[keys[0]] = codes
    elif keys == ["each"]:
        _check_each(codes, inner)
    elif keys and len(codes) != 1:
        raise Fault("one_metric")
    elif keys:
        inner[keys[0]] = codes[0]


def _check_each(codes: list[str], inner: dict) -> None:
    lacking = [code for code in codes if code not in inner.get("each", {})]
    if "each" in inner and lacking:
        raise Fault("no_points", value="、".join(lacking))


def _bound(shape: str, codes: list[str], inner: Mapping, around: Around) -> None:
    """Give new metrics of a level or a result the bounds that the rule needs."""
    made = getattr(around.metrics, "made", {})
    keys = {"judged": (0, inner.get("top")), "imported": (inner.get("low"), inner.get("high"))}.get(shape)
    for code in codes if keys else ():
        table = around.metrics.document.get("metric", {}).get(code, {})
        if code in made and code.startswith("local."):
            for key, bound in zip(("low", "high"), keys, strict=True):
                if is_number(bound):
                    table.setdefault(key, bound)
