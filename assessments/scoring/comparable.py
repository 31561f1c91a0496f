"""Which criteria of two editions measure the same thing, so that a trend goes on over a change of edition (同口径).

A rate under one edition and a rate under another are no trend: their difference mixes what the stations did with what
the paper asks. Compared are therefore the criteria that ask the same of both periods, each with the weight that the
new edition gives it.

    measures = same_measure(old, new)
    measures.pairs["zones.rooms"].kind      # "same", "rescaled", "changed" or "new"
    then, now = rates(measures, before, after)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from .options import COEFFICIENT, NORM
from .reading import is_number, toml
from .scaling import scaled
from .standard import Criterion, Standard, sizes_of

SAME, RESCALED, CHANGED, NEW = "same", "rescaled", "changed", "new"
_WORDS = ("title", "title_en")  # of a part: how it is called, not what it measures
_USUAL = {"bounds": "at_least", "drop": "none"}  # what leaving an option out means
_CLOSE = Fraction(1, 10**9)  # what rounding does to figures that were scaled
_HUNDREDTHS = 10_000
_TIES = 1e-7  # as points are rounded


@dataclass(frozen=True)
class Pair:
    """What a criterion of the new edition is to the old one.

    old   id of the criterion it goes on from; None for "new"
    kind  "same"      the same metrics and rule, norms, derived values and coefficients, the same share of all points
          "rescaled"  the same, but worth another share of all points: rates compare
          "changed"   another rule, norm or metric: not comparable
          "new"       the old edition has nothing like it
    """

    old: str | None
    kind: str

    @property
    def is_comparable(self) -> bool:
        return self.kind in (SAME, RESCALED)


@dataclass(frozen=True, eq=False)
class Measures:
    """Two editions, criterion by criterion.

    pairs  id in the new edition -> Pair, in its paper order
    gone   ids of the old edition that nothing goes on from, in its paper order
    """

    old: Standard
    new: Standard
    pairs: Mapping[str, Pair]
    gone: tuple[str, ...]

    @cached_property
    def columns(self) -> tuple[np.ndarray, np.ndarray]:
        """(k,) columns in the old scores and (k,) in the new ones of what can be compared and has points in both."""
        found = [
            (self.old.place(pair.old), self.new.place(id))
            for id, pair in self.pairs.items()
            if pair.is_comparable and self.new.criterion(id).full and self.old.criterion(pair.old).full
        ]
        both = np.array(found, dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    @property
    def count(self) -> int:
        """How many criteria a comparison of rates rests on."""
        return len(self.columns[0])


class Earned(NamedTuple):
    """(n, m) points and offers in units, in the order of an edition's criteria; not on offer is 0 (or NaN) of 0."""

    points: np.ndarray
    offered: np.ndarray


def paired(new: Iterable[tuple[str, str]], old: Collection[str]) -> dict[str, str]:
    """Id in the new edition -> id in the old one, for criteria that are the same item.

    new  (id, what `continues` says or "") of each criterion
    old  the ids of the old edition

    What `continues` says goes before equal ids, and what nobody has is nobody's: an id that only an earlier edition
    knows is passed over. No old criterion goes on in two.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    rows = list(new)
    for wanted in ([(id, before) for id, before in rows if before], [(id, id) for id, _before in rows]):
        for id, before in wanted:
            if id not in found and before in old and before not in taken:
                found[id] = before
                taken.add(before)
    return found


@lru_cache(maxsize=64)
def same_measure(old: Standard, new: Standard) -> Measures:
    """What every criterion of `new` is to `old`. Both are compiled once and kept, so is the answer."""
    before, after = (_Edition(each) for each in (old, new))
    links = paired(((c.id, c.continues) for c in new.criteria), [c.id for c in old.criteria])
    pairs = {c.id: _pair(before, after, links.get(c.id), c.id) for c in new.criteria}
    continued = set(links.values())
    return Measures(old, new, pairs, tuple(c.id for c in old.criteria if c.id not in continued))


def rates(measures: Measures, before: Earned, after: Earned) -> tuple[np.ndarray, np.ndarray]:
    """((n,), (n,)) rates of n stations then and now over what can be compared, hundredths of a percent as float64.

    Only criteria that were on offer to the station both times count, each with the points that it has now: a
    criterion that is worth more today moves nothing by that alone. NaN in both where there is none. Rounded half up.
    """
    at_old, at_new = measures.columns
    had, was = (np.nan_to_num(np.asarray(each, dtype=float)[:, at_old]) for each in before)
    has, may = (np.nan_to_num(np.asarray(each, dtype=float)[:, at_new]) for each in after)
    both = (was > 0) & (may > 0)
    weights = np.where(both, may, 0.0)
    whole = weights.sum(axis=1)
    then = (weights * np.divide(had, was, out=np.zeros_like(had), where=both)).sum(axis=1)
    now = np.where(both, has, 0.0).sum(axis=1)
    return _rate(then, whole), _rate(now, whole)


def _rate(earned: np.ndarray, whole: np.ndarray) -> np.ndarray:
    exact = np.divide(earned * _HUNDREDTHS, whole, out=np.full_like(whole, np.nan), where=whole > 0)
    return np.copysign(np.floor(np.abs(exact) + 0.5 + _TIES), exact)


# -- one criterion ---------------------------------------------------------------------------------


class _Edition:
    """A standard with its rules as they are written."""

    def __init__(self, standard: Standard):
        self.standard = standard
        self.rules = {row["id"]: row["rule"] for row in toml(standard.text)["criterion"]}

    def share(self, criterion: Criterion) -> Fraction | None:
        """Of all points; None where there are none."""
        return Fraction(criterion.full, self.standard.full) if self.standard.full else None

    def rests(self, criterion: Criterion) -> dict:
        """Everything outside its rule that decides what it measures: metrics, formulas, norms, coefficients."""
        found: dict = {"not_applicable": criterion.na_mode}
        if criterion.na_mode != "exclude":  # otherwise who is left out is not on offer and not compared
            found["applies_to"] = criterion.applies_to
        for code in criterion.metrics:
            metric = self.standard.metrics[code]
            found["metric", code] = (metric.kind, metric.unit, metric.applies_to)
        for column in self._columns(criterion.rule.columns()):
            code = column.partition("@")[0]
            if column.endswith(NORM):
                found["norm", code] = dict(self.standard.norms[code])
            elif column.endswith(COEFFICIENT):
                found["coefficient", code] = self.standard.coefficients[code].values
            elif code in self.standard.derived:
                found["derived", code] = self.standard.derived[code].tree
        return found

    def _columns(self, columns: Iterable[str]) -> Iterator[str]:
        """Columns of a rule, and what derived metrics and norms by size go by."""
        for column in columns:
            yield column
            yield from self._columns(sizes_of(self.standard.norms, column))
            derived = self.standard.derived.get(column.partition("@")[0])
            if derived is not None:
                yield from self._columns(derived.uses)


def _pair(before: _Edition, after: _Edition, old: str | None, id: str) -> Pair:
    if old is None:
        return Pair(None, NEW)
    was, now = before.standard.criterion(old), after.standard.criterion(id)
    if before.rests(was) != after.rests(now) or not _same_rule(before, after, was, now):
        return Pair(old, CHANGED)
    return Pair(old, SAME if before.share(was) == after.share(now) else RESCALED)


def _same_rule(before: _Edition, after: _Edition, was: Criterion, now: Criterion) -> bool:
    """Is it the same rule but for the points it is worth? What it says in points must have grown with them."""
    rule = before.rules[was.id]
    if was.points != now.points:
        if not (was.points and now.points):
            return False
        rule = scaled(rule, was.points, now.points, after.standard.decimals)
    return _alike(_bare(rule), _bare(after.rules[now.id]))


def _bare(value):
    """A rule without names of parts and without options that say what leaving them out says."""
    if isinstance(value, Mapping):
        return {
            key: _bare(each)
            for key, each in value.items()
            if each not in ({}, []) and key not in _WORDS and _USUAL.get(key) != each
        }
    return [_bare(each) for each in value] if isinstance(value, list) else value


def _alike(one, other) -> bool:
    """Equal, numbers up to what rounding does to scaled ones."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if is_number(one) and is_number(other):
        return abs(Fraction(Decimal(one)) - Fraction(Decimal(other))) <= _CLOSE
    return one == other


__all__ = ["CHANGED", "NEW", "RESCALED", "SAME", "Earned", "Measures", "Pair", "paired", "rates", "same_measure"]
