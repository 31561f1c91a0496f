"""The difference of two standards as a page shows it: by group, criteria one by one, with the effect on a period."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stations.models import StationClass
from stationstd.i18n import local

from .effects import Effect, Effects
from .layered import language
from .scoring import Standard
from .scoring.comparable import CHANGED, RESCALED, same_measure
from .scoring.difference import GROUPS, Change, difference

LABELS = {
    "head": gettext_lazy("The whole standard"),
    "grades": gettext_lazy("Grades"),
    "gates": gettext_lazy("Gates"),
    "checks": gettext_lazy("Cross-checks"),
    "vetoes": gettext_lazy("Vetoes"),
    "year": gettext_lazy("The year"),
    "sections": gettext_lazy("Sections"),
    "criteria": gettext_lazy("Criteria"),
    "metrics": gettext_lazy("Figures that are asked for"),
    "norms": gettext_lazy("Norms and coefficients"),
}


@dataclass
class Block:
    """What is different about one thing.

    because         titles of what it rests on that changed
    is_broken       it no longer measures the same as before, so no trend goes on
    in_proportion   it is only worth more or fewer points: shares of them stay as they were
    """

    number: str
    title: str
    kind: str
    changes: list[Change] = field(default_factory=list)
    effect: Effect | None = None
    because: list[str] = field(default_factory=list)
    is_broken: bool = False
    in_proportion: bool = False

    @property
    def says_nothing(self) -> bool:
        """Is it new, and earns nobody anything: nobody was asked?"""
        return self.kind == "added" and not (self.effect and (self.effect.gaining or self.effect.losing))


@dataclass
class Group:
    code: str
    label: str
    blocks: list[Block]

    @property
    def count(self) -> int:
        return sum(len(block.changes) for block in self.blocks)


def changes(old: Standard, new: Standard) -> list[Change]:
    """What is different, in the reader's language. One query."""
    names = {kind.code: local(kind, "name") for kind in StationClass.objects.all()}
    return difference(old, new, language(), names)


def groups(old: Standard, new: Standard, found: Iterable[Change], effects: Effects | None) -> list[Group]:
    """The changes in groups that are not empty. No query."""
    by_group: dict[str, dict[str, Block]] = {group: {} for group in GROUPS}
    for change in found:
        blocks = by_group[change.group]
        block = blocks.setdefault(change.code or change.title, Block(change.number, change.title, change.kind))
        block.changes.append(change)
    _join(by_group["criteria"], old, new, found, effects)
    return [Group(code, LABELS[code], list(blocks.values())) for code, blocks in by_group.items() if blocks]


def _join(blocks: dict[str, Block], old: Standard, new: Standard, found: Iterable[Change], effects) -> None:
    """Put effects and what lies behind them to the criteria; those that only feel a change elsewhere join them."""
    behind: dict[str, list[str]] = {}
    for change in found:
        if change.group != "criteria" and change.kind not in ("wording", "renamed"):
            for id in change.criteria:
                behind.setdefault(id, []).append(change.title)
    by_criterion = effects.by_criterion if effects else {}
    own = {criterion.id: criterion for criterion in (*old.criteria, *new.criteria)}
    for id in by_criterion:
        if id not in blocks:
            blocks[id] = Block(_number(new, id), local(own[id], "title"), "felt")
    pairs = same_measure(old, new).pairs
    for id, block in blocks.items():
        block.effect = by_criterion.get(id)
        block.because = [] if block.kind == "added" else list(dict.fromkeys(behind.get(id, [])))
        block.is_broken = id in pairs and pairs[id].kind == CHANGED
        block.in_proportion = id in pairs and pairs[id].kind == RESCALED


def _number(standard: Standard, id: str) -> str:
    for d, section in enumerate(standard.dimensions, 1):
        for n, criterion in enumerate(section.criteria, 1):
            if criterion.id == id:
                return f"{d}.{n}"
    return ""


def shorter(found: list[Change], most: int) -> tuple[list[Change], int]:
    """(the changes that may alter results, no more than `most`; how many more there are)."""
    telling = [change for change in found if change.kind not in ("wording", "renamed", "written")]
    ordered = sorted(telling, key=lambda change: change.group not in ("criteria", "norms", "grades"))
    return ordered[:most], max(0, len(found) - most)


def sentence(effect: Effect) -> str:
    """An effect in a few words: 14 stations: −1.5 points in all, −0.11 on average."""
    n = effect.gaining + effect.losing
    if not n:
        return _("The points on offer change, those earned do not")
    words = ngettext("%(n)s station: %(total)s points", "%(n)s stations: %(total)s points in all", n)
    text = words % {"n": n, "total": signed(effect.total)}
    return text if n == 1 else text + _(", %(average)s on average") % {"average": signed(effect.average)}


def signed(points) -> str:
    """A number of points with its sign: "+2", "−1.5", "0"."""
    text = f"{abs(points).normalize():f}" if points else "0"
    return f"+{text}" if points > 0 else f"−{text}" if points < 0 else text
