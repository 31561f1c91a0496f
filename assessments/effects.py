"""What a change of standard does to the points of each criterion, over stations whose results are published."""

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from . import whatif
from .models import OfficialRank
from .scoring import Standard
from .scoring.movement import Movement

NAMED = 30  # stations that are named under one criterion


@dataclass(frozen=True)
class Effect:
    """One criterion, over n stations.

    stations  how many earn other points, or have others on offer
    gaining, losing  how many of them earn more, and fewer
    total     points more or fewer in all
    named     (place, points more or fewer) of some of those that earn others, the hardest hit first
    """

    stations: int
    gaining: int
    losing: int
    total: Decimal
    named: list[tuple[OfficialRank, Decimal]] = field(default_factory=list)

    @property
    def average(self) -> Decimal:
        """Points more or fewer of each station that earns others; 0 where none does."""
        moved = self.gaining + self.losing
        return round(self.total / moved, 2) if moved else Decimal(0)

    @property
    def unnamed(self) -> int:
        """How many of those that earn others are not named."""
        return self.gaining + self.losing - len(self.named)


@dataclass(frozen=True, eq=False)
class Effects:
    """Two standards on the same facts.

    by_criterion  id in the new standard, or in the old one where the new has none, -> Effect; unchanged ones left out
    stations      how many count
    rate          mean change of their rates in percentage points; None where none has a rate on both sides
    moved, regraded  how many have another place, another grade
    """

    by_criterion: dict[str, Effect]
    stations: int
    rate: float | None
    moved: int
    regraded: int


def between(record: whatif.Record, old: Standard, new: Standard) -> Movement:
    """The record's stations under both standards; under the one that was used, as published. Raises whatif.Unfit."""
    after = whatif.under(record, new)
    if old.digest == record.period.edition.digest:
        return after
    return Movement(whatif.under(record, old).new, after.new, record.groups)


def of(record: whatif.Record, movement: Movement, seen: np.ndarray) -> Effects:
    """The effects over the rows where `seen` (n,) bool is true."""
    changes = np.round(movement.rates[seen], 6)
    known = changes[~np.isnan(changes)]
    return Effects(
        by_criterion={criterion.id: each for criterion, each in _by_criterion(record, movement, seen)},
        stations=int(seen.sum()),
        rate=float(known.mean()) if len(known) else None,
        moved=int((movement.moved & seen).sum()),
        regraded=int(((movement.regraded != 0) & seen).sum()),
    )


def _by_criterion(record: whatif.Record, movement: Movement, seen: np.ndarray):
    decimals = max(movement.old.standard.decimals, movement.new.standard.decimals)
    for at, (criterion, j, k) in enumerate(movement.criteria):
        changed = movement.changed[:, at] & seen
        if changed.any():
            gained = _units(movement.new, k, decimals) - _units(movement.old, j, decimals)
            yield criterion, _effect(record, np.where(seen, gained, 0), int(changed.sum()), decimals)


def _units(outcome, column: int | None, decimals: int) -> np.ndarray:
    """(n,) int64 points of a criterion in units of 10^-decimals; 0 where it is not asked."""
    if column is None:
        return np.zeros(len(outcome.ranks), dtype=np.int64)
    return outcome.scores.points[:, column].astype(np.int64) * 10 ** (decimals - outcome.standard.decimals)


def _effect(record: whatif.Record, gained: np.ndarray, stations: int, decimals: int) -> Effect:
    def points(units) -> Decimal:
        return Decimal(int(units)).scaleb(-decimals)

    rows = [i for i in np.argsort(gained, kind="stable").tolist() if gained[i]]
    hardest = sorted(rows, key=lambda i: -abs(int(gained[i])))[:NAMED]
    return Effect(
        stations=stations,
        gaining=int((gained > 0).sum()),
        losing=int((gained < 0).sum()),
        total=points(gained.sum()),
        named=[(record.places[i], points(gained[i])) for i in sorted(hardest, key=lambda i: int(gained[i]))],
    )
