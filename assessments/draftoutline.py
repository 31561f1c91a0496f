"""A draft as its page lists it: sections, criteria, points and sums, made from the document, finished or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from . import outline
from .models import Draft
from .scoring.build import CRITERIA_LIMIT, EVIDENCE, TIERS
from .scoring.editing import worth
from .scoring.metrics import FIXERS
from .scoring.reading import toml
from .scoring.sound import sound
from .scoring.standard import SUM


@dataclass(frozen=True)
class Row:
    """One criterion. `rules` is empty while its rule cannot be read; `points` is None while none are written.

    is_named  whether it can be told from the others: it has an id, and is the first of this id
    """

    id: str
    number: str
    title: str
    title_en: str
    points: Decimal | None
    rules: tuple[str, ...]
    norms: tuple[outline.Norm, ...]
    absent: tuple[str, ...]
    evidence: str
    tier: str
    fixable_by: str
    is_named: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Part:
    """One section with the criteria directly in it; `code` is "" for criteria that stand in none.

    points    what is in it, also in the sections below
    declared  what it is worth to the section above where it does not sum, None otherwise
    level     0 for a dimension
    """

    code: str
    number: str
    title: str
    title_en: str
    level: int
    rollup: str
    points: Decimal
    declared: Decimal | None
    rows: tuple[Row, ...]
    is_first: bool
    is_last: bool
    is_empty: bool


@dataclass(frozen=True)
class Outline:
    """A whole draft.

    total   the points of all criteria
    goal    what the head declares, None where it declares nothing
    rollup  how the parts make the whole; only a sum has to come to the goal
    """

    parts: tuple[Part, ...]
    total: Decimal
    goal: Decimal | None
    count: int
    limit: int
    rollup: str = SUM

    @property
    def missing(self) -> Decimal:
        """Points to the goal, below 0 when there are too many."""
        return Decimal(0) if self.goal is None or self.rollup != SUM else self.goal - self.total

    @property
    def over(self) -> Decimal:
        return -self.missing

    @property
    def room(self) -> int:
        """Criteria that may still be put in; below 0 when there are too many."""
        return self.limit - self.count

    @property
    def excess(self) -> int:
        return -self.room


def of(draft: Draft, lang: str) -> Outline:
    """The outline of a draft, rules in `lang` ("zh-hans" or "en"). No query."""
    return _outline(draft.text, lang)


def document(draft: Draft) -> dict:
    """The parsed text, to be read and not changed."""
    return _document(draft.text)


@lru_cache(maxsize=32)
def _document(text: str) -> dict:
    return toml(text.removeprefix("\ufeff"))


@lru_cache(maxsize=32)
def _outline(text: str, lang: str) -> Outline:
    found = _document(text)
    return Outline(
        parts=tuple(_Outliner(found, lang).parts()),
        total=worth(found, None),
        goal=found.get("points"),
        count=len(found.get("criterion", ())),
        limit=found.get("criteria_limit", CRITERIA_LIMIT),
        rollup=found.get("rollup", SUM),
    )


class _Outliner:
    def __init__(self, document: Mapping, lang: str):
        self.document = document
        self.sections = document.get("section", [])
        self.criteria = document.get("criterion", [])
        standard = sound(document)
        lines = outline.lines(standard, lang) if standard else ()
        self.lines = {line.criterion.id: line for line in lines}
        self.numbers = self._numbers()

    def parts(self) -> Iterator[Part]:
        for number, each in enumerate(self._inside(None), 1):
            yield from self._section(each, str(number), 0)
        lost = [each for each in self.criteria if each.get("section", "") not in self._codes()]
        if lost:
            yield Part("", "", "", "", 0, SUM, Decimal(0), None, self._rows(lost), True, True, False)

    def _section(self, section: Mapping, number: str, level: int) -> Iterator[Part]:
        code = section.get("code", "")
        beside, below = self._inside(self._above(section)), self._inside(code)
        rows = [each for each in self.criteria if each.get("section") == code]
        rollup = section.get("rollup", SUM)
        yield Part(
            code=code,
            number=number,
            title=section.get("title", ""),
            title_en=section.get("title_en", ""),
            level=level,
            rollup=rollup,
            points=worth(self.document, code),
            declared=None if rollup == SUM else section.get("points"),
            rows=self._rows(rows),
            is_first=section is beside[0],
            is_last=section is beside[-1],
            is_empty=not rows and not below,
        )
        for place, each in enumerate(below, 1):
            yield from self._section(each, f"{number}.{place}", level + 1)

    def _rows(self, rows: list[Mapping]) -> tuple[Row, ...]:
        return tuple(self._row(row, row is rows[0], row is rows[-1]) for row in rows)

    def _row(self, row: Mapping, is_first: bool, is_last: bool) -> Row:
        id = row.get("id", "")
        line = self.lines.get(id)
        return Row(
            id=id,
            number=self.numbers.get(id, ""),
            title=row.get("title", ""),
            title_en=row.get("title_en", ""),
            points=row.get("points"),
            rules=line.rules if line else (),
            norms=line.norms if line else (),
            absent=line.absent if line else (),
            evidence=_known(row.get("evidence"), EVIDENCE, "optional"),
            tier=_known(row.get("tier"), TIERS, "basic"),
            fixable_by=_known(row.get("fixable_by"), FIXERS, "station"),
            is_named=bool(id) and row is next(each for each in self.criteria if each.get("id") == id),
            is_first=is_first,
            is_last=is_last,
        )

    def _numbers(self) -> dict[str, str]:
        """{criterion: "2.3"}: its dimension, and its place in it."""
        found = {}
        for d, section in enumerate(self._inside(None), 1):
            below = set(self._below(section.get("code", "")))
            own = [each.get("id", "") for each in self.criteria if each.get("section") in below]
            found |= {id: f"{d}.{n}" for n, id in enumerate(own, 1)}
        return found

    def _below(self, code: str) -> Iterator[str]:
        yield code
        for each in self._inside(code):
            yield from self._below(each.get("code", ""))

    def _inside(self, code: str | None) -> list[Mapping]:
        """Sections directly in one; those of None stand in nothing that is there."""
        return [each for each in self.sections if self._above(each) == code]

    def _above(self, section: Mapping) -> str | None:
        return section.get("in") if section.get("in") in self._codes() else None

    def _codes(self) -> set:
        return {each.get("code", "") for each in self.sections}


def _known(value, allowed: tuple[str, ...], usual: str) -> str:
    return value if value in allowed else usual
