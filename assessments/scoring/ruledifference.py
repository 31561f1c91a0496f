"""How one rule differs from another, option by option, in words. Works on rules as TOML has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest

from .differencewords import LABELS, OPTIONS
from .options import (
    NORM,
    Choice,
    Column,
    Columns,
    Limit,
    ListsByClass,
    Option,
    Parts,
    PointsBy,
    Rows,
    TargetOption,
)
from .paper import Paper
from .reading import is_number
from .rules import RULES, WRAPPERS

BESIDE = ("points", "title", "title_en", *WRAPPERS)
IN_POINTS = ("otherwise", "floor", "cap", "lose", "gain", "start", "each", "caps")
IN_UNITS = ("zero_at", "low", "high", "below", "above", "top")

# The whole rule in words: of the criterion for (), of its second part for (1,), of a part of a part for (1, 0).
InWords = Callable[[tuple[int, ...]], str]


def shape_of(rule: Mapping) -> str:
    """The shape of a rule or part; "" where it has none."""
    return next((key for key in rule if key not in BESIDE), "")


class RuleDifference:
    """Tells the rules of one criterion apart on two papers."""

    def __init__(self, old: Paper, new: Paper, old_words: InWords, new_words: InWords):
        self.old, self.new, self.old_words, self.new_words = old, new, old_words, new_words

    def __call__(self, old: Mapping, new: Mapping, path: tuple[int, ...] = ()) -> Iterator[str]:
        """What is different, one text each; none where the rules are the same. `path` leads to a part."""
        if old == new:
            return
        yield from self._around(old, new)
        before, after = shape_of(old), shape_of(new)
        if before != after:
            yield self.new("rule", old=self.old_words(path), new=self.new_words(path))
        elif before:
            yield from self._options(before, old[before], new[after], path)

    def _around(self, old: Mapping, new: Mapping) -> Iterator[str]:
        before, after = old.get("unless_zero"), new.get("unless_zero")
        if before != after:
            key = "unless_zero" if not before else "unless_zero_off" if not after else "unless_zero_other"
            yield self.new(key, old=self.old.name(before or ""), new=self.new.name(after or ""))
        before, after = old.get("coefficient"), new.get("coefficient")
        if before != after:
            label = self.new.pick(*LABELS["criterion"]["coefficient"])
            yield self.value(label, _coefficient(self.old, before), _coefficient(self.new, after))

    def value(self, label: str, old: str | None, new: str | None) -> str:
        key = "set" if old is None else "unset" if new is None else "changed"
        return self.new(key, label=label, old=old, new=new)

    def _options(self, shape: str, old, new, path: tuple[int, ...]) -> Iterator[str]:
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            if old != new:
                yield self.value(shape, self.old.plain(old), self.new.plain(new))
            return
        known = RULES[shape].options() if shape in RULES else {}
        for key in dict.fromkeys((*known, *old, *new)):
            tell = _Option(self, shape, key, known.get(key), old, new, path)
            if tell.before != tell.after:
                yield from tell()


class _Option:
    """One option of one shape, on both papers."""

    def __init__(self, rules: RuleDifference, shape: str, key: str, option: Option | None, old, new, path):
        self.rules, self.shape, self.key, self.option, self.path = rules, shape, key, option, path
        self.old, self.new, self.was, self.now = rules.old, rules.new, _subject(old), _subject(new)
        self.before, self.after = (_given(each, key, option) for each in (old, new))
        self.rises = new.get("bounds", "at_least") == "at_least"
        self.label = self.new.pick(*(OPTIONS.get((shape, key)) or OPTIONS.get(key) or (key, key)))

    def __call__(self) -> Iterator[str]:
        tell = {
            Columns: self._columns,
            ListsByClass: self._lists,
            PointsBy: self._by_metric,
            Rows: self._rows,
            Parts: self._parts,
        }.get(type(self.option), self._one)
        return tell(self.before, self.after)

    def _one(self, old, new) -> Iterator[str]:
        texts = [
            None if value is None else self.text(paper, value, of)
            for paper, value, of in ((self.old, old, self.was), (self.new, new, self.now))
        ]
        yield self.rules.value(self.label, *texts)

    def text(self, paper: Paper, value, of: str) -> str:
        """One value of this option with its unit."""
        if isinstance(self.option, Column) and isinstance(value, str):
            return paper("metric", name=paper.name(value))
        if isinstance(self.option, Choice) or (isinstance(self.option, Limit) and value == "none"):
            return paper.choice(self.key, str(value))
        if isinstance(self.option, TargetOption):
            return target(paper, value, of)
        if not is_number(value):
            return paper.plain(value)
        return self.number(paper, value, of)

    def number(self, paper: Paper, value, of: str) -> str:
        if self.key in IN_POINTS:
            return paper.points(value)
        if self.key == "limit":
            return f"{paper.number(value)}%"
        return paper.value(of, value) if self.key in IN_UNITS else paper.number(value)

    def _columns(self, old, new) -> Iterator[str]:
        yield from _listed(self.label, self.old, self.new, old or [], new or [])

    def _lists(self, old, new) -> Iterator[str]:
        old, new = old or {}, new or {}
        for kind in dict.fromkeys((*old, *new)):
            named = {"kind": self.new.kind(kind), "label": self.label}
            if kind not in new:
                yield self.new("class_list_off", **named)
            elif kind not in old:
                yield self.new("class_list_on", **named, items=self.new.items(map(self.new.name, new[kind])))
            else:
                for what in _listed(self.label, self.old, self.new, old[kind], new[kind]):
                    yield self.new("class_list", **named, what=what)

    def _by_metric(self, old, new) -> Iterator[str]:
        old, new = old or {}, new or {}
        for code in dict.fromkeys((*old, *new)):
            before, after = (
                None if code not in each else self.number(paper, each[code], code)
                for paper, each in ((self.old, old), (self.new, new))
            )
            if before == after:
                continue
            key = "named_added" if before is None else "named_removed" if after is None else "named_changed"
            name = (self.old if after is None else self.new).name(code)
            yield self.new(key, name=name, label=self.label, old=before, new=after)

    def _rows(self, old, new) -> Iterator[str]:
        try:
            before, after = dict(map(tuple, old or [])), dict(map(tuple, new or []))
        except (TypeError, ValueError):
            yield from self._one(old, new)
            return
        if before == after:
            yield self.new("reordered", label=self.label)
        for bound in dict.fromkeys((*before, *after)):
            was, now = before.get(bound), after.get(bound)
            if was != now:
                key = "row_added" if was is None else "row_removed" if now is None else "row_changed"
                points = {"old": was, "new": now}
                said = {name: self.new.points(each) for name, each in points.items() if each is not None}
                yield self.new(key, row=self._bound(bound), **said)

    def _bound(self, bound) -> str:
        if self.shape == "rank_points":
            return self.new("row_place", bound=self.new.number(bound))
        return self.new("row", sign="≥" if self.rises else "≤", bound=self.new.value(self.now, bound))

    def _parts(self, old, new) -> Iterator[str]:
        for n, (before, after) in enumerate(zip_longest(old or [], new or []), 1):
            if before is None or after is None:
                yield self._part_alone(n, before, after)
                continue
            title = (after.get("title") and self.new.title(after)) or self.new("part_number", n=n)
            for what in self._part(before, after, (*self.path, n - 1)):
                yield self.new("part", title=title, what=what)

    def _part_alone(self, n: int, before: Mapping | None, after: Mapping | None) -> str:
        row, paper = (before, self.old) if after is None else (after, self.new)
        title = (row.get("title") and paper.title(row)) or paper("part_number", n=n)
        words = {"title": title, "points": paper.points(row.get("points", 0))}
        if after is None:
            return self.new("part_removed", **words)
        return self.new("part_added", **words, rule=self.rules.new_words((*self.path, n - 1)))

    def _part(self, before: Mapping, after: Mapping, path: tuple[int, ...]) -> Iterator[str]:
        for key in ("points", "title", "title_en"):
            was, now = before.get(key), after.get(key)
            if was != now:
                texts = [
                    None if each is None else paper.points(each) if key == "points" else f"“{each}”"
                    for paper, each in ((self.old, was), (self.new, now))
                ]
                yield self.rules.value(self.new.pick(*LABELS["criterion"][key]), *texts)
        yield from self.rules(before, after, path)


def target(paper: Paper, value, of: str) -> str:
    """What a value is held against."""
    if is_number(value):
        return paper.value(of, value)
    if isinstance(value, str):
        if value == of + NORM:
            return paper("norm")
        return paper.name(value) if value.endswith(NORM) else paper("metric", name=paper.name(value))
    return dated(paper, value, of)


def dated(paper: Paper, rows, of: str) -> str:
    """A dated list, or what stands in it, as one text."""
    if is_number(rows):
        return paper.value(of, rows)
    if isinstance(rows, Mapping):
        return _sized(paper, rows, of)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return paper.plain(rows)
    return paper.clauses(
        paper("from_day", day=paper.plain(row.get("from", "?")), value=dated(paper, row.get("value", row), of))
        for row in rows
    )


def _sized(paper: Paper, row: Mapping, of: str) -> str:
    rows, by = row.get("table"), row.get("by", "?")
    if not isinstance(rows, list) or not all(isinstance(each, list) and len(each) == 2 for each in rows):
        return paper.plain(dict(row))
    said = [paper("size_row", bound=paper.value(by, low), value=paper.value(of, norm)) for low, norm in rows]
    return paper("by_size", by=paper.name(by), rows=paper.clauses(said))


def _listed(label: str, old: Paper, new: Paper, before: list, after: list) -> Iterator[str]:
    added = [new.name(code) for code in after if code not in before]
    gone = [old.name(code) for code in before if code not in after]
    if added:
        yield new("listed", label=label, items=new.items(added))
    if gone:
        yield new("unlisted", label=label, items=new.items(gone))
    if before != after and not added and not gone:
        yield new("reordered", label=label)


def _subject(options: Mapping) -> str:
    """The metric whose unit the numbers of a rule have; "" where it has none."""
    judges = options.get("judges")
    found = options.get("of") or (judges[0] if isinstance(judges, list) and judges else "")
    return found if isinstance(found, str) else ""


def _given(options: Mapping, key: str, option: Option | None):
    """What stands there, else what leaving it out means; None where that is nothing."""
    if key in options:
        return options[key]
    if isinstance(option, Choice):
        return option.default
    if isinstance(option, Columns | PointsBy | ListsByClass) and option.left_out != "required":
        return [] if isinstance(option, Columns) else {}
    return None


def _coefficient(paper: Paper, code: str | None) -> str | None:
    row = paper.document.get("coefficient", {}).get(code)
    return code and f"“{paper.title(row) if row else code}”"
