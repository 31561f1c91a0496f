"""From points of criteria up through the sections: sums of points, weighted and geometric means of rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .numbers import HALF
from .standard import GEOMETRIC, SUM, Section, Standard


@dataclass(frozen=True)
class Rolled:
    """One section of n stations.

    earned, offered  (n,) int64 points in units; a mean offers all its points where anything in it is on offer
    rate             (n,) float64 earned of offered, not rounded; NaN where nothing is on offer
    share            (n,) float64 how much of the section applies, 0 to 1
    """

    earned: np.ndarray
    offered: np.ndarray
    rate: np.ndarray
    share: np.ndarray


def roll(standard: Standard, points: np.ndarray, offered: np.ndarray) -> dict[str, Rolled]:
    """section code -> Rolled, with the whole standard under ""; (n, c) integer points and offers."""
    found: dict[str, Rolled] = {}
    with np.errstate(all="ignore"):
        _roll(standard.whole, standard, points, offered, found)
    return found


def _roll(section: Section, standard: Standard, points, offered, found: dict[str, Rolled]) -> Rolled:
    children = [
        (float(inner.weight), inner.full, _roll(inner, standard, points, offered, found))
        for inner in standard.sections
        if inner.parent == section.code
    ]
    for criterion in section.criteria:
        if criterion.section == section.code:
            j = standard.place(criterion.id)
            children.append(
                (float(criterion.weight), criterion.full, _leaf(criterion.full, points[:, j], offered[:, j]))
            )
    combine = _sum if section.rollup == SUM else _mean
    found[section.code] = combine(section, children)
    return found[section.code]


def _leaf(full: int, points: np.ndarray, offered: np.ndarray) -> Rolled:
    earned, offer = points.astype(np.int64), offered.astype(np.int64)
    share = offer / full if full else np.zeros(len(offer))
    return Rolled(earned, offer, np.where(offer > 0, earned / offer, np.nan), share)


def _sum(section: Section, children: list) -> Rolled:
    earned = sum(child.earned for _, _, child in children)
    offered = sum(child.offered for _, _, child in children)
    whole = sum(full for _, full, _ in children)
    share = sum(full * child.share for _, full, child in children) / (whole or 1)
    return Rolled(earned, offered, np.where(offered > 0, earned / offered, np.nan), share)


def _mean(section: Section, children: list) -> Rolled:
    """What is not on offer leaves the mean, and the other weights count for it."""
    geometric = section.rollup == GEOMETRIC
    total = weights = share = 0.0
    for weight, _, child in children:
        there = ~np.isnan(child.rate)
        rate = np.where(there, child.rate, 1.0)
        total = total + np.where(there, weight, 0.0) * (_log(rate) if geometric and weight else rate)
        weights = weights + np.where(there, weight, 0.0)
        share = share + weight * child.share
    rate = np.where(weights > 0, total / weights, np.nan)
    rate = np.exp(rate) if geometric else rate
    units = np.nan_to_num(rate * section.full)
    earned = np.copysign(np.floor(np.abs(units) + HALF), units).astype(np.int64)
    offered = np.where(weights > 0, section.full, 0).astype(np.int64)
    return Rolled(earned, offered, rate, share / sum(weight for weight, _, _ in children))


def _log(rate: np.ndarray) -> np.ndarray:
    """ln of a rate; a rate below 0 counts as 0, whose product with anything is 0."""
    return np.log(np.maximum(rate, 0.0))


def hundredths(rate: np.ndarray) -> np.ndarray:
    """(n,) int64: a rate in hundredths of a percent, half up; 0 where there is none."""
    scaled = np.nan_to_num(rate) * 10_000
    return np.copysign(np.floor(np.abs(scaled) + HALF), scaled).astype(np.int64)
