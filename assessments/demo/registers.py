"""The registers as they stand today: published figures where a source gives them, generated ones elsewhere."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from personnel.models import Staffing, Training
from stations.kinds import (
    CUSTODY_ROOMS,
    QUESTIONING_ROOMS,
    ROOMS_OF_ZONE,
    VIDEO_ROOMS,
    EquipmentKind,
    RoomKind,
    ZoneKind,
)
from stations.models import Equipment, FunctionalZone, Funding, Room, Station

from . import chance
from .places import County, Place

COMMAND_ROOMS = {"JS01", "KY01", "KY02", "KY03", "KY04", "KY05", "KY06"}  # 杜尔基, 高力板, 代钦塔拉 are in S2
LARGE = 6  # officers from which a station's running cost is that of a large one (A5.6)
TOPICS = ("执法规范化培训", "大数据平台操作培训", "接处警与现场处置", "矛盾纠纷调解", "全警实战大练兵")
OWNED = ("dna_kit", "fingerprint", "scene_kit", "av_kit", "fax", "scanner")


def enter(stations: dict[str, Station], counties: tuple[County, ...], years: list[int], today: date) -> None:
    """Enter every register of every station, in one insert a register."""
    for county in counties:
        equipment = _equipment_of(county)
        Staffing.objects.bulk_create([_staffing(place, i, stations) for i, place in enumerate(county.places)])
        Equipment.objects.bulk_create(row for place in county.places for row in equipment(place, stations[place.code]))
        for rows, model in ((_funding, Funding), (_trainings, Training)):
            span = years if model is Funding else today
            model.objects.bulk_create(r for place in county.places for r in rows(place, stations[place.code], span))
    places = [place for county in counties for place in county.places]
    zones = FunctionalZone.objects.bulk_create(z for place in places for z in _zones(place, stations[place.code]))
    by_code = {place.code: place for place in places}
    Room.objects.bulk_create(room for zone in zones for room in _rooms(by_code[zone.station.code], zone))


# People


def _staffing(place: Place, i: int, stations: dict[str, Station]) -> Staffing:
    published = place.county.known.get("officers")
    bands = {name: row[i] for name, row in published.items()} if published else _bands(place)
    leaders = _leaders(place)
    return Staffing(
        station=stations[place.code],
        officers=place.officers,
        auxiliaries=_auxiliaries(place),
        community_officers=_community(place),
        leaders=leaders,
        leaders_college=min(leaders, bands["edu_college"]),
        **bands,
        **_qualifications(place),
    )


def _bands(place: Place) -> dict[str, int]:
    rng = chance.of("bands", place.code)
    under_40, middle, old = chance.split(place.officers, [rng.uniform(4, 6), rng.uniform(2.5, 4), rng.uniform(0.5, 2)])
    college, secondary, basic = chance.split(place.officers, [4 + 8 * place.quality, 2, rng.uniform(0.1, 1.5)])
    return {
        "age_under_40": under_40,
        "age_40_49": middle,
        "age_50_plus": old,
        "over_45": old + chance.some(rng, middle, 0.4),
        "edu_college": college,
        "edu_secondary": secondary,
        "edu_basic": basic,
    }


def _qualifications(place: Place) -> dict[str, int]:
    rng = chance.of("qualifications", place.code)
    weights = [rng.uniform(0, 0.5), 2 * place.quality, 4, 2 * (1 - place.quality)]
    names = ("qual_advanced", "qual_intermediate", "qual_basic", "qual_none")
    return dict(zip(names, chance.split(place.officers, weights), strict=True))


def _leaders(place: Place) -> int:
    rng = chance.of("leaders", place.code)
    return min(place.officers, (3 if place.officers >= 9 else 2) + (rng.random() < 0.25)) - (place.officers < 4)


def _auxiliaries(place: Place) -> int:
    rng = chance.of("auxiliaries", place.code)
    if place.county.code == "KY":  # 1:2 in the town, at least 1:1 elsewhere
        return (
            place.officers * 2
            if place.station_class in ("urban", "county_town")
            else place.officers + rng.randint(0, 2)
        )
    low, high = (0.3, 0.8) if place.county.code == "JS" else (0.7, 1.4)
    return round(place.officers * rng.uniform(low, high))


def _community(place: Place) -> int:
    rng = chance.of("community", place.code)
    least = place.county.known.get("community_percent")
    if least:
        return -(-place.officers * least // 100) + (rng.random() < 0.3)
    return max(1, round(place.officers * rng.uniform(0.2, 0.3 + 0.3 * place.quality)))


def _trainings(place: Place, station: Station, today: date):
    rng = chance.of("training", place.code)
    for number in range(1 + round(4 * place.quality)):
        yield Training(
            station=station,
            held_on=today - timedelta(days=20 + 45 * number + rng.randint(0, 30)),
            topic=rng.choice(TOPICS),
            days=Decimal(rng.choice(["0.5", "1", "1", "2", "3"])),
            participants=rng.randint(2, place.officers),
        )


# Things


def _equipment_of(county: County):
    """A function that gives the equipment rows of one place, within the county's totals."""
    known, officers = county.known, [place.officers for place in county.places]
    codes = [place.code for place in county.places]
    kits, terminals = known.get("kit_percent"), known.get("terminals")
    shared = {
        "kit": kits and dict(zip(codes, chance.split(round(county.officers * kits / 100), officers), strict=True)),
        "terminal": terminals and dict(zip(codes, chance.split(terminals, officers), strict=True)),
    }

    def rows(place: Place, station: Station):
        for kind, (quantity, issued, required) in _quantities(place, shared).items():
            yield Equipment(station=station, kind=kind, quantity=quantity, issued=issued, required=required)

    return rows


def _quantities(place: Place, shared: dict) -> dict[str, tuple[int, int, int | None]]:
    """{kind: (quantity, issued, required)}."""
    rng, n, q = chance.of("equipment", place.code), place.officers, place.quality
    vehicles = 1 if place.county.code == "JS" else 1 + n // 5
    protective = _protective(place, rng)
    kits = shared["kit"][place.code] if shared["kit"] else chance.some(rng, n, q - 0.15)
    terminals = shared["terminal"][place.code] if shared["terminal"] else chance.some(rng, n, q)
    recorders = chance.some(rng, n, q + 0.1)
    issued = terminals if shared["terminal"] else chance.some(rng, terminals, 0.5 + q / 2)
    found = {
        EquipmentKind.VEHICLE: (vehicles, 0, vehicles),
        EquipmentKind.PROTECTIVE: (protective, protective, n),
        EquipmentKind.KIT: (kits, kits, n),
        EquipmentKind.TERMINAL: (terminals, issued, n),
        EquipmentKind.RECORDER: (recorders, chance.some(rng, recorders, 0.4 + q / 2), n),
        EquipmentKind.PHONE: (1, 0, 1),
    }
    return found | {EquipmentKind(kind): (int(rng.random() < q), 0, 1) for kind in OWNED}


def _protective(place: Place, rng: Random) -> int:
    percent = place.county.known.get("protective_percent")
    if percent == 100:
        return place.officers
    return chance.some(rng, place.officers, (percent / 100) if percent else place.quality)


def _funding(place: Place, station: Station, years: list[int]):
    rng, n = chance.of("funding", place.code), place.officers
    need = rng.randrange(50_000, 100_000, 500) if n >= LARGE else rng.randrange(20_000, 30_000, 500)
    aid = rng.randrange(1_000, 9_000, 100) if rng.random() > place.quality + 0.1 else 0  # firms and returned fines
    for i, year in enumerate(sorted(years, reverse=True)):
        share = min(1, place.quality + 0.12 - 0.06 * i)
        yield Funding(
            station=station,
            year=year,
            public_funds_yuan=place.county.known["public_yuan_per_officer"] * n,
            running_need_yuan=need,
            running_received_yuan=round(need * share, -2),
            non_budget_yuan=aid,
        )


# Rooms


def _zones(place: Place, station: Station):
    rng, q = chance.of("zones", place.code), place.quality
    for kind in ZoneKind:
        present = kind in (ZoneKind.SERVICE, ZoneKind.OFFICE) or rng.random() < 0.55 + q / 2
        boundaries = rng.randint(1, 2) if present else 0
        yield FunctionalZone(
            station=station,
            kind=kind,
            is_present=present,
            boundaries=boundaries,
            boundaries_controlled=chance.some(rng, boundaries, q),
            is_closed_line=(present and rng.random() < q) if kind == ZoneKind.CASE_HANDLING else None,
        )


def _rooms(place: Place, zone: FunctionalZone):
    if not zone.is_present:
        return
    for kind in ROOMS_OF_ZONE[ZoneKind(zone.kind)]:
        rng = chance.of("room", place.code, kind)
        for number in range(_how_many(place, kind, rng)):
            yield _room(place, zone, kind, number, rng)


def _how_many(place: Place, kind: RoomKind, rng: Random) -> int:
    if kind == RoomKind.COMMAND:
        return int(place.code in COMMAND_ROOMS or place.county.known.get("command_rooms", False))
    if kind in (RoomKind.DUTY_110, RoomKind.OFFICE, RoomKind.INTERROGATION, RoomKind.WAITING):
        return 1 + (place.officers >= 9 and rng.random() < 0.5)
    return int(rng.random() < 0.3 + 0.75 * place.quality)


def _room(place: Place, zone: FunctionalZone, kind: RoomKind, number: int, rng: Random) -> Room:
    q = place.quality
    camera = kind in VIDEO_ROOMS and rng.random() < q + 0.05
    scenic = kind == RoomKind.DUTY_110 and place.station_class == "scenic"
    return Room(
        zone=zone,
        kind=kind,
        name="景区警务室" if scenic else str(number + 1) if number else "",
        area_m2=Decimal(rng.randrange(90, 420, 5)) / 10,
        has_camera=camera,
        has_recording=camera and kind in CUSTODY_ROOMS and rng.random() < q + 0.05,
        has_alarm=rng.random() < q - 0.05,
        is_padded=kind in CUSTODY_ROOMS and rng.random() < q,
        has_dual_display=kind in QUESTIONING_ROOMS and rng.random() < q - 0.1,
        has_one_way_glass=kind == RoomKind.IDENTIFICATION and rng.random() < q,
        has_flow_chart=zone.kind != ZoneKind.LIVING and rng.random() < q + 0.05,
    )
