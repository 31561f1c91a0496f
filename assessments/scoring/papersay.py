"""Rules in words for a paper: norms and coefficients by name, since a paper is for stations of every class."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from .context import prepare
from .differencewords import PHRASES
from .frame import Frame
from .options import COEFFICIENT, NORM, Target
from .ruledifference import InWords
from .standard import Criterion, Standard
from .wording import CHINESE, Row, Say


class _PaperRow(Row):
    """A station of some class without facts; its coefficients are nobody's."""

    def value(self, column: str) -> float:
        return float("nan") if column.endswith(COEFFICIENT) else super().value(column)


class _PaperSay(Say):
    def __init__(self, standard: Standard, row: Row, lang: str):
        super().__init__(standard, row, lang, brief=True)

    def briefly(self) -> Say:
        return self

    def number(self, value) -> str:
        return self.pick(*PHRASES["by_class"]) if value != value else super().number(value)

    def target(self, target: Target, of: str) -> str:
        if target.column and target.column.endswith(NORM):
            code = target.column.removesuffix(NORM)
            return self.pick(*PHRASES["norm"]) if code == of else self._norm_of(code)
        if target.column and not target.is_metric:
            steps = self.standard.targets[target.column]
            return self.listed(f"{self.value(of, value)} ({day.isoformat()})" for day, value in steps)
        return super().target(target, of)

    def _norm_of(self, code: str) -> str:
        return self.pick(*PHRASES["norm_of"]).format(name=self.name(code))


def rule_words(standard: Standard, lang: str = CHINESE) -> Callable[[str], InWords]:
    """criterion id -> path of parts -> the rule there in words. Nothing is worked out before it is asked for."""

    @cache
    def empty():
        frame = Frame.of(((kind, kind, {}) for kind in standard.classes), standard.metrics)
        return prepare(frame, standard, groups=np.array(standard.classes), best={})

    def of(id: str) -> InWords:
        return lambda path: _words(standard, standard.criterion(id), path, empty(), lang)

    return of


def _words(standard: Standard, criterion: Criterion, path: tuple[int, ...], frame: Frame, lang: str) -> str:
    rule, worth = criterion.rule, standard.worth(criterion)
    for n in path:
        rule, worth = rule.parts[n].rule, worth.part(rule.parts[n].points)
    kind = next(i for i, code in enumerate(standard.classes) if criterion.applies(code))
    return rule.words(worth, _PaperSay(standard, _PaperRow(frame, kind), lang))
