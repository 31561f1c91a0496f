"""Grades, gates, vetoes and the year of a child, held against those of its parent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .checks import Check
from .conditions import Gate, VetoRule
from .formula import Call, Node
from .inheritedwords import WHAT
from .standard import Standard

# (where, key of what is weaker, key of what to do, words)
Weaker = tuple[str, str, str, dict]
Asked = Gate | VetoRule | Check


def of_grades(check) -> Iterator[Weaker]:
    """What grades, gates and vetoes ask less."""
    yield from _bounds(check)
    yield from _gates(check)
    yield from _vetoes(check)


def _bounds(check) -> Iterator[Weaker]:
    child = {grade.code: (grade, share) for grade, share in zip(check.child.grades, check.child.shares, strict=True)}
    for grade, share in zip(check.parent.grades, check.parent.shares, strict=True):
        where = check.where("grade", grade)
        own, own_share = child.get(grade.code, (None, None))
        if own is None:
            yield where, "grade_gone", "back", {}
            continue
        if own.low < grade.low:
            yield where, "grade_low", "raised", _both(check, grade.low, own.low)
        if share is not None and (own_share is None or own_share > share):
            yield where, "grade_share", "lowered", {"old": _percent(check, share), "new": _percent(check, own_share)}


def _both(check, old: Decimal, new: Decimal) -> dict:
    return {"old": check.new.number(old), "new": check.new.number(new)}


def _percent(check, share: Decimal | None) -> str:
    return check.new.pick(*WHAT["no_limit"]) if share is None else f"{check.new.number(share * 100)}%"


def _left(standard: Standard, caps: int) -> Decimal:
    """The bound of the best grade that a cap leaves; below all of them where it leaves none."""
    return standard.grades[caps].low if caps < len(standard.grades) else Decimal("-inf")


def _caps(check, where: str, one: int, other: int) -> Iterator[Weaker]:
    old, new = check.parent.grades, check.child.grades
    codes = [[grade.code for grade in grades] for grades in (old, new)]
    kinder = other < one if codes[0] == codes[1] else _left(check.child, other) > _left(check.parent, one)
    if kinder:
        names = [
            check.new.pick(
                *((grades[place].title, grades[place].title_en) if place < len(grades) else WHAT["no_grade"])
            )
            for grades, place in ((old, one), (new, other))
        ]
        yield where, "caps", "kept", {"old": names[0], "new": names[1]}


def gone_classes(check, where: str, one: Asked, other: Asked) -> Iterator[Weaker]:
    gone = [kind for kind in check.facts.classes if one.concerns(kind) and not other.concerns(kind)]
    if gone:
        yield where, "classes", "classes", {"kinds": check.new.items(map(check.new.kind, gone))}


def _gates(check) -> Iterator[Weaker]:
    child = {gate.code: gate for gate in check.child.gates}
    for gate in check.parent.gates:
        where, own = check.where("gate", gate), child.get(gate.code)
        if own is None:
            yield where, "gate_gone", "back", {}
            continue
        yield from _caps(check, where, gate.caps, own.caps)
        yield from gone_classes(check, where, gate, own)
        if (gate.tree is None) != (own.tree is None) or check.now.get(gate.criterion, "") != own.criterion:
            yield where, "condition", "kept", {}
        elif gate.tree is None:
            if own.share < gate.share:
                yield where, "gate_share", "raised", _both(check, gate.share, own.share)
        else:
            yield from looser(check, where, "looser", gate.tree, own.tree, gate)


def looser(check, where: str, key: str, one: Node, other: Node, rule: Asked) -> Iterator[Weaker]:
    kinds = [kind for kind in check.facts.classes if rule.concerns(kind)]
    found = check.facts.looser(one, other, kinds)
    if found is not None:
        yield where, key, "kept", {"facts": check.told.facts(found)}


def _vetoes(check) -> Iterator[Weaker]:
    child = {veto.code: veto for veto in check.child.vetoes}
    for veto in check.parent.vetoes:
        where, own = check.where("veto", veto), child.get(veto.code)
        if own is None:
            yield where, "veto_gone", "back", {}
            continue
        yield from gone_classes(check, where, veto, own)
        if own.effect == veto.effect == "grade":
            yield from _caps(check, where, veto.caps, own.caps)
        elif not _does_as_much(check, veto, own):
            yield where, "effect", "kept", {}
        if veto.is_decided != own.is_decided:
            yield where, "decided", "kept", {}
        elif veto.tree is not None:
            # It fires where the condition holds: the child is weaker where its own does not and the parent's does.
            yield from looser(
                check, where, "no_longer_fires", Call("not", (veto.tree,)), Call("not", (own.tree,)), veto
            )


def _does_as_much(check, veto: VetoRule, own: VetoRule) -> bool:
    if own.effect == "total" and veto.effect in ("item", "section", "bonus", "total"):
        return True
    target = check.now.get(veto.target) if veto.effect == "item" else veto.target
    return own.effect == veto.effect and own.target == target


def of_year(check) -> Iterator[Weaker]:
    """What the year and its triggers ask less: they are the parent's own, or there are none."""
    if check.parent.year is not None:
        fields = ("rollup", "of", "missing", "weights", "caps")
        own = check.child.year
        if own is None or any(getattr(own, each) != getattr(check.parent.year, each) for each in fields):
            yield check.new("whole"), "year", "kept", {}
    child = {trigger.code: trigger for trigger in check.child.triggers}
    fields = ("place", "k", "over", "times", "within", "running")
    for trigger in check.parent.triggers:
        own = child.get(trigger.code)
        if own is None or any(getattr(own, each) != getattr(trigger, each) for each in fields):
            yield check.where("trigger", trigger), "trigger", "kept", {}
