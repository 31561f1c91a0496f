"""The demo's bureaus and stations as places.toml describes them."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from . import chance

CITY = {"code": "DEMO", "name": "示范市公安局", "name_en": "Demo City Bureau", "level": "city"}


@dataclass(frozen=True)
class Place:
    """A station of the demo. residents is None for a scenic area; quality is 0…1."""

    code: str
    name: str
    name_en: str
    station_class: str
    officers: int
    residents: int | None
    households: int | None
    quality: float
    county: "County" = field(repr=False, compare=False)


@dataclass(frozen=True)
class County:
    """A county bureau of the demo with the figures that its sources publish; `known` is its table in places.toml."""

    code: str
    name: str
    name_en: str
    known: dict = field(repr=False, compare=False)
    places: list[Place] = field(default_factory=list, repr=False, compare=False)

    @property
    def officers(self) -> int:
        return sum(place.officers for place in self.places)


@cache
def counties() -> tuple[County, ...]:
    tables = tomllib.loads((Path(__file__).parent / "places.toml").read_text("utf-8"))["bureau"]
    return tuple(_county(table) for table in tables)


def _county(table: dict) -> County:
    county = County(table["code"], table["name"], table["name_en"], table)
    rows = table["stations"]
    people = _residents(rows, table["residents"])
    for (code, name, name_en, kind, officers, _, households), residents in zip(rows, people, strict=True):
        county.places.append(
            Place(
                code=code,
                name=f"{name}派出所",
                name_en=f"{name_en} Station",
                station_class=kind,
                officers=officers,
                residents=residents,
                households=households or _households(code, residents),
                quality=chance.of("quality", code).uniform(*table["quality"]),
                county=county,
            )
        )
    return county


def _residents(rows: list, total: int) -> list[int | None]:
    """Published residents as they are; what is left of the county's total goes by officers, give or take a quarter."""
    open_rows = [row for row in rows if not row[5] and row[3] != "scenic"]
    weights = [row[4] * chance.of("residents", row[0]).uniform(0.75, 1.25) for row in open_rows]
    left = total - sum(row[5] for row in rows)
    parts = dict(zip((row[0] for row in open_rows), chance.split(left, weights), strict=True)) if open_rows else {}
    return [row[5] or parts.get(row[0]) for row in rows]


def _households(code: str, residents: int | None) -> int | None:
    return residents and round(residents / chance.of("households", code).uniform(3.4, 4.1))
