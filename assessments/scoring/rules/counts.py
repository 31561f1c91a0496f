"""Shapes that add up several facts: checklist, deduct, bonus."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from ..inplace import clear, clip
from ..numbers import ABSENT, UNANSWERED
from ..options import Columns, Limit, ListsByClass, PointsBy, option
from .base import Rule, write


@dataclass(frozen=True)
class Checklist(Rule):
    """Points in proportion to the weight of what is present.

    An item that nobody answered counts as absent. An item that does not apply leaves the list.
    A missing mandatory item earns 0 for all.
    """

    shape = "checklist"
    items: tuple[str, ...] = field(metadata=option(Columns(), "what should be there"))
    weights: dict[str, Decimal] = field(
        metadata=option(PointsBy(optional=True), "weight of an item; 1 where not given")
    )
    mandatory: tuple[str, ...] = field(metadata=option(Columns(optional=True), "items without which nothing is earned"))
    items_for: dict[str, tuple[str, ...]] = field(
        metadata=option(ListsByClass(), "another list for stations of a class")
    )

    def columns(self, kind=None):
        if kind is not None:
            return self.items_for.get(kind, self.items)
        return tuple(dict.fromkeys((*self.items, *(item for items in self.items_for.values() for item in items))))

    def levers(self, row):
        return list(self.missing(row.kind, row))

    def check(self, worth, note):
        for name in ("weights", "mandatory"):
            for item in getattr(self, name):
                if item not in self.columns():
                    note(name, f"{item!r} is not in the list")

    def weight(self, item: str) -> Decimal:
        return self.weights.get(item, Decimal(1))

    def compile(self, worth):
        whole = self._list(self.items, worth)
        others = {kind: self._list(items, worth) for kind, items in self.items_for.items()}

        def points(block, out):
            whole(block, out)
            for kind, of_class in others.items():
                rows = block.of_classes(frozenset((kind,)))
                if rows.any():
                    special = block.borrow()
                    of_class(block, special)
                    np.copyto(out, special, where=rows)
                    block.give_back(special)

        return points

    def _list(self, items, worth):
        weights = [(item, float(self.weight(item)), item in self.mandatory) for item in items]
        total, full = float(sum(self.weight(item) for item in items)), worth.units

        def points(block, out):
            present, scratch = block.borrow(), block.borrow()
            room, failed, answered = None, None, np.zeros(len(out), dtype=bool)
            out.fill(0.0)
            for item, weight, mandatory in weights:
                value, absent = block[item], block.absent(item)
                answered |= value == value
                np.copyto(present, value > 0)
                if absent is not None:
                    room = _filled(block, total) if room is None else room
                    _leave(present, room, absent, weight, worth.mode, scratch)
                if mandatory:
                    failed = _missed(failed, present, absent)
                present *= weight
                out += present
            out *= full
            out /= total if room is None else room
            if failed is not None:
                clear(out, ~failed, scratch)
            np.copyto(out, UNANSWERED, where=~answered)
            if room is not None:
                write(block, out, ABSENT, _all_absent(block, items))
            for column in (present, scratch, room):
                block.give_back(column)

        return points

    def missing(self, kind: str, row) -> tuple[str, ...]:
        """Items that apply to the station and are not there."""
        return tuple(i for i in self.columns(kind) if not row.is_absent(i) and not row.value(i) > 0)

    def wanted(self, row, kind):
        return dict.fromkeys(self.missing(kind, row), 1.0)

    def words(self, worth, say):
        text = say("checklist", full=say.points(worth.full))
        weights = [f"{say.name(i)} ×{say.number(w)}" for i, w in self.weights.items()]
        if weights:
            text = say.join([text, say("weights", items=say.listed(weights))])
        if not self.mandatory:
            return text
        return say.join([text, say("mandatory", items=say.listed([say.name(i) for i in self.mandatory]))])

    norm_in_reason = False

    def norm(self, row, say):
        return say("all_items", n=len(self._counted(row.kind, row)))

    def found(self, kind, row, say):
        items, missing = self._counted(kind, row), self.missing(kind, row)
        text = say("found_items", n=len(items), present=len(items) - len(missing))
        silent = [i for i in missing if row.is_unanswered(i)]
        lacking = [i for i in missing if i not in silent]
        for key, codes in (("lacking", lacking), ("unanswered_items", silent)):
            if codes:
                text += say(key, items=say.listed([say.name(i) for i in codes]))
        return text

    def _counted(self, kind, row):
        return [item for item in self.columns(kind) if not row.is_absent(item)]


def _filled(block, number: float) -> np.ndarray:
    column = block.borrow()
    column.fill(number)
    return column


def _missed(failed, present, absent) -> np.ndarray:
    """(n,) bool: is this mandatory item, or one before it, not there where it applies?"""
    missed = present == 0
    if absent is not None:
        missed &= ~absent
    return missed if failed is None else failed | missed


def _leave(present, room, absent, weight, mode, scratch) -> None:
    """What an item that does not apply does: leaves the list, counts as there, or as missing."""
    if mode == "exclude":
        np.copyto(scratch, absent)
        scratch *= weight
        room -= scratch
    clear(present, ~absent, scratch)
    if mode == "full":
        np.copyto(scratch, absent)
        present += scratch


def _all_absent(block, items) -> np.ndarray | None:
    """(n,) bool where none of these metrics applies; None for nowhere."""
    masks = [block.absent(item) for item in items]
    return None if any(mask is None for mask in masks) else np.logical_and.reduce(masks)


class Counted(Rule):
    """Shared by the two shapes that add so many points for each occurrence."""

    optional_full = True

    def levers(self, row):
        return list(self.each)

    def check(self, worth, note):
        for metric in self.caps:
            if metric not in self.each:
                note("caps", f"{metric!r} is not in `each`")

    def added(self, worth):
        """block, out -> where no kind applies (None for nowhere); out gets Σ min(cap, n · points) in units."""
        kinds = [
            (m, worth.in_units(p), worth.in_units(self.caps[m]) if m in self.caps else np.inf)
            for m, p in self.each.items()
        ]

        def add(block, out):
            spare, scratch = block.borrow(), block.borrow()
            for number, (metric, points, cap) in enumerate(kinds):
                term = spare if number else out
                np.multiply(block[metric], points, out=term)
                clip(term, 0.0, cap)  # fewer than none is none
                absent = block.absent(metric)
                if absent is not None:
                    clear(term, ~absent, scratch)
                if number:
                    out += term
            block.give_back(spare)
            block.give_back(scratch)
            return _all_absent(block, self.each)

        return add

    def kinds_in_words(self, key: str, say) -> str:
        """Points for each kind; `key` is the phrase for one."""
        return say.join([self._kind_in_words(key, metric, points, say) for metric, points in self.each.items()])

    def _kind_in_words(self, key, metric, points, say) -> str:
        words = {"of": say.name(metric), "one": say.value(metric, Decimal(1)), "points": say.points(points)}
        if metric not in self.caps:
            happens_once = say.standard.named(metric).kind == "yes_no"
            return say(f"{key}_yes" if happens_once else key, **words)
        return say(f"{key}_capped", **words, cap=say.points(self.caps[metric]))


@dataclass(frozen=True)
class Deduct(Counted):
    """From the full points, so many for each occurrence, down to the floor.

    With `points = 0` and a floor below 0 it only takes away (zero-base deduction).
    """

    shape = "deduct"
    each: dict[str, Decimal] = field(metadata=option(PointsBy(), "points lost for each occurrence of a metric"))
    floor: Decimal | None = field(metadata=option(Limit(), "the fewest points"))
    caps: dict[str, Decimal] = field(metadata=option(PointsBy(optional=True), "the most points that one metric takes"))

    def check(self, worth, note):
        super().check(worth, note)
        if self.floor is not None and (self.floor > worth.full or self.floor == worth.full == 0):
            note("floor", f"{self.floor} leaves nothing to lose of {worth.full} points")

    def least(self, worth):
        return self.floor

    def compile(self, worth):
        add, full = self.added(worth), worth.units
        floor = -np.inf if self.floor is None else worth.in_units(self.floor)

        def points(block, out):
            absent = add(block, out)
            np.subtract(full, out, out=out)
            clip(out, floor, np.inf)
            write(block, out, ABSENT, absent)

        return points

    def wanted(self, row, kind):
        over = {m: 0.0 for m in self.each if row.value(m) > 0}
        return over if len(over) > 1 else {}

    def words(self, worth, say):
        return say(
            "deduct",
            full=say.points(worth.full),
            each=self.kinds_in_words("lost_each", say),
            floor=say.floor(self.floor),
        )

    def norm(self, row, say):
        if len(self.each) == 1:
            return say.value(next(iter(self.each)), Decimal(0))
        return say("no_occurrence")


@dataclass(frozen=True)
class Bonus(Counted):
    """Points on top: they count as earned and never as on offer."""

    shape = "bonus"
    each: dict[str, Decimal] = field(metadata=option(PointsBy(), "points for each occurrence of a metric"))
    cap: Decimal | None = field(metadata=option(Limit(), "the most points in all"))
    caps: dict[str, Decimal] = field(metadata=option(PointsBy(optional=True), "the most points that one metric gives"))

    def check(self, worth, note):
        super().check(worth, note)
        if worth.full != 0:
            note("", f"a bonus offers no points: write points = 0, not {worth.full}")
        if self.cap is not None and self.cap <= 0:
            note("cap", f"must be over 0, not {self.cap}")

    def most(self, worth):
        return self.cap

    def compile(self, worth):
        add = self.added(worth)
        cap = np.inf if self.cap is None else worth.in_units(self.cap)

        def points(block, out):
            absent = add(block, out)
            clip(out, -np.inf, cap)
            write(block, out, ABSENT, absent)

        return points

    def words(self, worth, say):
        return say("bonus", each=self.kinds_in_words("won_each", say), cap=say.cap(self.cap))
