"""Cut a long list into parts that fit a page."""

from collections.abc import Iterator, Sequence
from math import ceil


def evenly(things: Sequence, most: int) -> Iterator[tuple]:
    """Parts of at most `most`, as equal as can be: nine by six are five and four, not six and three."""
    parts = ceil(len(things) / most)
    start = 0
    for part in range(parts):
        stop = start + ceil((len(things) - start) / (parts - part))
        yield tuple(things[start:stop])
        start = stop
