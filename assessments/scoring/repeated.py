"""Texts that say the same, or nearly: normalised, hashed, and compared by their shingles.

Two texts are alike when their shingles (every run of four characters) overlap by a large share of all the shingles
both have (Jaccard). Only texts that share one of their few smallest shingle hashes are compared, so that a bureau's
texts of years need no comparison of each with each.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import combinations
from typing import NamedTuple

WIDTH = 4  # characters of a shingle; Chinese words have about two
SKETCH = 6  # smallest hashes that bring texts together; nearly sure to meet when 0.8 of the shingles are shared
CROWD = 64  # texts under one hash of which all pairs are compared; of more, each with the first
_NO_WORD = re.compile(r"[\W\d_]+")


class Text(NamedTuple):
    """One free text. `place` says where it stands (a criterion, an item); `period` "" is the present one.

    again  it came along with evidence that was rightfully used again
    """

    station: str
    period: str
    place: str
    text: str
    again: bool = False

    def repeats(self, other: Text) -> bool:
        """Is it the station's own words of an earlier period, at the same place, used again with their evidence?"""
        return self.again and (self.station, self.place) == (other.station, other.place)


class Likeness(NamedTuple):
    """Text `later` says what `earlier` says; share 1.0 where they are equal once normalised."""

    later: Text
    earlier: Text
    share: float


def normalised(text: str, names: re.Pattern | None = None) -> str:
    """Words only: no names, digits, punctuation, spaces; full-width and upper-case letters made plain."""
    text = _plain(text)
    return _NO_WORD.sub("", names.sub("", text) if names else text)


def any_of(names: Iterable[str]) -> re.Pattern | None:
    """What finds these names in a plain text, the longest first; None for no name."""
    plain = sorted({_plain(name) for name in names if name}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, plain))) if plain else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def alike(texts: Sequence[Text], names: Iterable[str] = (), *, length: int, share: float) -> list[Likeness]:
    """Pairs of texts of different stations or periods that are alike, likest first; the present one is `later`.

    names   of stations, left out of the comparison
    length  characters that a normalised text must have to count
    share   of shingles, from which on two texts are alike
    """
    named = any_of(names)
    words = [normalised(each.text, named) if len(each.text) >= length else "" for each in texts]
    known = [i for i, text in enumerate(words) if len(text) >= length]
    shingles = {i: _shingles(words[i]) for i in known}
    pairs = {pair for pair in _candidates(shingles) if _differ(texts[pair[0]], texts[pair[1]])}
    found = [(_overlap(shingles[i], shingles[j]), i, j) for i, j in sorted(pairs)]
    likest = sorted((each for each in found if each[0] >= share), key=lambda each: -each[0])
    return [_in_order(texts[i], texts[j], much) for much, i, j in likest]


def _differ(one: Text, other: Text) -> bool:
    """Is it somebody else's text, or of another period?"""
    return (one.station, one.period) != (other.station, other.period) and "" in (one.period, other.period)


def _in_order(one: Text, other: Text, share: float) -> Likeness:
    return Likeness(other, one, share) if one.period else Likeness(one, other, share)


def _shingles(text: str) -> frozenset[int]:
    runs = {text[i : i + WIDTH] for i in range(max(1, len(text) - WIDTH + 1))}
    return frozenset(int.from_bytes(blake2b(run.encode(), digest_size=8).digest()) for run in runs)


def _candidates(shingles: dict[int, frozenset[int]]) -> Iterator[tuple[int, int]]:
    buckets: dict[int, list[int]] = defaultdict(list)
    for i, hashes in shingles.items():
        for each in sorted(hashes)[:SKETCH]:
            buckets[each].append(i)
    for members in buckets.values():
        yield from combinations(members, 2) if len(members) <= CROWD else ((members[0], i) for i in members[1:])


def _overlap(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)
