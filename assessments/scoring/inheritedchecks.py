"""Cross-field rules of a child, held against those that its parent writes.

A check is the parent's own as long as the child asks for its figures: it may be sharper, never gone, softer or asked of
fewer. What a standard without any check gets by itself is nobody's rule and not held.
"""

from __future__ import annotations

from collections.abc import Iterator

from .checks import ERROR, Check
from .formula import metrics_in
from .inheritedgrades import Weaker, gone_classes, looser


def of_checks(check) -> Iterator[Weaker]:
    """What the child's checks ask less. `check` is the comparison under way (inherited.py)."""
    for one in check.parent.checks:
        if check.child.metrics.keys() >= set(one.metrics) and any(map(one.concerns, check.facts.classes)):
            yield from _held(check, one)


def _held(check, one: Check) -> Iterator[Weaker]:
    where, own = check.where("check", one), _own(check, one)
    if own is None:
        yield where, "check_gone", "back", {}
        return
    if one.severity == ERROR != own.severity:
        yield where, "check_softer", "kept", {}
    yield from gone_classes(check, where, one, own)
    more = [check.new.name(metric) for metric in own.metrics if metric not in one.metrics]
    if more:
        yield where, "check_more", "check_apart", {"names": check.new.items(more)}
    elif own.tree != one.tree or not check.parent.derived.keys().isdisjoint(metrics_in(one.tree)):
        yield from looser(check, where, "check_looser", one.tree, own.tree, one)


def _own(check, one: Check) -> Check | None:
    """The child's by its code, else one that says the same in the same words; None where there is none."""
    own = check.child.checks
    return next((c for c in own if c.code == one.code), next((c for c in own if c.tree == one.tree), None))
