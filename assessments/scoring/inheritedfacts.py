"""Facts for which a child is kinder than its parent, in words."""

from __future__ import annotations

from decimal import Decimal

from .inheritedwords import BEYOND, PLACES
from .paper import Paper
from .samefacts import Instance
from .standard import Criterion, Standard

MOST_FACTS = 8


class Told:
    """Speaks of instances; names are the child's where it has them."""

    def __init__(self, new: Paper, old: Paper, child: Standard, parent: Standard):
        self.new, self.old, self.child, self.parent = new, old, child, parent

    def kinder(self, found: Instance, one: Criterion, other: Criterion) -> tuple[str, str, dict]:
        """(key of what is weaker, key of what to do, words)."""
        words = {"facts": self.facts(found), "before": self._earned(found.before, one)}
        if found.after is None:
            return "kinder_absent", "kinder", words
        return "kinder", "kinder", words | {"after": self._earned(found.after, other)}

    def _earned(self, cell: tuple[float, float], criterion: Criterion) -> str:
        earned, full = (_plain(each) for each in cell)
        return self.say("of" if criterion.full else "alone", earned=earned, full=full)

    def facts(self, found: Instance) -> str:
        """The facts of an instance in one clause, those that are 0 left out where there are many."""
        facts = found.facts
        if len(facts) > MOST_FACTS:
            facts = {code: value for code, value in facts.items() if value} or facts
        texts = [self._fact(code, value) for code, value in list(facts.items())[:MOST_FACTS]]
        text = self.new.items(texts) or self.say("anything")
        return self.say("kind", kind=self.new.kind(found.kind)) + text if found.kind else text

    def _fact(self, column: str, value: float) -> str:
        code, _, sort = column.partition("@")
        paper = self.new if code in self.new.named else self.old
        name, kind = self._name(paper, code), paper.named.get(code, {}).get("kind")
        if sort:
            name = self.new.pick(*BEYOND[sort]).format(name=name)
        if kind == "yes_no" and not sort:
            return self.say("yes" if value > 0 else "no", name=name)
        if kind == "date":
            return self.say("fact", name=name, value=_date(value))
        number = _decimal(value)
        is_counted = not self.new.chinese and kind in ("count", "number")  # its name says the unit already
        value_text = paper.number(number) if sort == "rank" or is_counted else paper.value(code, number)
        return self.say("fact", name=name, value=value_text)

    def _name(self, paper: Paper, code: str) -> str:
        """A name inside a sentence."""
        name = paper.name(code)
        return name if self.new.chinese or name[1:2].isupper() else name[:1].lower() + name[1:]

    def say(self, key: str, **words) -> str:
        return self.new.pick(*PLACES[key]).format(**words)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(round(value, 6)))


def _plain(points: float) -> str:
    return f"{Decimal(repr(round(points, 4) + 0.0)).normalize():f}"


def _date(value: float) -> str:
    """2026-12-31, from the number 20261231."""
    digits = f"{int(value):08}"
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
