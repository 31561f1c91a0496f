"""Chance that always falls the same way: every number has its own seed made of words."""

from random import Random

SEED = "stationstd demo 1"


def of(*words) -> Random:
    """A generator for this purpose alone, so that a change elsewhere moves nothing here."""
    return Random(" ".join(map(str, (SEED, *words))))


def split(total: int, weights: list[float]) -> list[int]:
    """`total` in whole parts in proportion to the weights; the parts add up to it exactly (largest remainder)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def some(rng: Random, n: int, chance: float) -> int:
    """How many of n come true, each by itself with this chance."""
    return sum(rng.random() < chance for _ in range(n))
