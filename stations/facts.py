"""The registers as numbers, for any count of stations at once: one aggregate query a register.

A metric is missing where its register has no entry. Nothing unknown ever becomes 0: a zone that nobody
has entered says nothing about its rooms; a zone that was entered without a body search room says 0.
"""

from collections import defaultdict

from django.db.models import Count, QuerySet

from .kinds import (
    CUSTODY_ROOMS,
    FUNCTIONAL_ROOMS,
    QUESTIONING_ROOMS,
    ROOMS_OF_ZONE,
    VIDEO_ROOMS,
    EquipmentKind,
    RoomKind,
    ZoneKind,
)
from .models import Equipment, FunctionalZone, Funding, Room, Station

ZONE_OF_ROOM = {room: zone for zone, rooms in ROOMS_OF_ZONE.items() for room in rooms}

# Counts of rooms: metric → (kinds that count, fittings they must have). Domain: A1.12 to A1.20, A2.
COUNTED = {
    "rooms.custody": (CUSTODY_ROOMS, {}),
    "rooms.custody_padded": (CUSTODY_ROOMS, {"is_padded": True}),
    "rooms.custody_recording": (CUSTODY_ROOMS, {"has_recording": True}),
    "rooms.questioning": (QUESTIONING_ROOMS, {}),
    "rooms.dual_display": (QUESTIONING_ROOMS, {"has_dual_display": True}),
    "rooms.functional": (FUNCTIONAL_ROOMS, {}),
    "rooms.with_flow_chart": (FUNCTIONAL_ROOMS, {"has_flow_chart": True}),
    "rooms.with_alarm": (FUNCTIONAL_ROOMS, {"has_alarm": True}),
    "video.rooms": (VIDEO_ROOMS, {}),
    "video.rooms_covered": (VIDEO_ROOMS, {"has_camera": True}),
}
# Yes or no: at least one such room.
PRESENT = {f"rooms.{kind}": ((kind,), {}) for kind in RoomKind} | {
    "rooms.one_way_glass": ((RoomKind.IDENTIFICATION,), {"has_one_way_glass": True}),
}

_FITTINGS = tuple(sorted({name for _, needed in (COUNTED | PRESENT).values() for name in needed}))
_COUNTS = tuple(COUNTED | PRESENT)
# Kind of room → the metrics it may count for, each with the fittings it must have.
_COUNTED_BY = {
    kind: tuple((metric, needed) for metric, (kinds, needed) in (COUNTED | PRESENT).items() if kind in kinds)
    for kind in RoomKind
}

# Equipment: metric → (kind, column).
EQUIPMENT = {
    "equip.vehicles": (EquipmentKind.VEHICLE, "quantity"),
    "equip.protective": (EquipmentKind.PROTECTIVE, "quantity"),
    "equip.protective_required": (EquipmentKind.PROTECTIVE, "required"),
    "equip.kits": (EquipmentKind.KIT, "quantity"),
    "equip.terminals": (EquipmentKind.TERMINAL, "quantity"),
    "equip.terminals_issued": (EquipmentKind.TERMINAL, "issued"),
    "equip.recorders": (EquipmentKind.RECORDER, "quantity"),
    "equip.recorders_assigned": (EquipmentKind.RECORDER, "issued"),
}
_QUANTITIES = ("quantity", "required", "issued")
OWNED = {
    f"equip.{kind}": kind
    for kind in (
        EquipmentKind.DNA_KIT,
        EquipmentKind.FINGERPRINT,
        EquipmentKind.SCENE_KIT,
        EquipmentKind.AV_KIT,
        EquipmentKind.FAX,
        EquipmentKind.PHONE,
        EquipmentKind.SCANNER,
    )
}

FUNDING = {
    "funds.public_yuan": "public_funds_yuan",
    "funds.running_need_yuan": "running_need_yuan",
    "funds.running_received_yuan": "running_received_yuan",
    "funds.non_budget_yuan": "non_budget_yuan",
}


def facts(stations, day) -> dict[int, dict[str, int | float]]:
    """{station id: {metric: number}} for these stations; money is of the calendar year of `day`.

    `stations` is a queryset or any iterable of stations. yes_no facts are 1 or 0, yuan are floats; a
    metric is missing where nobody has entered it. Five queries, however many stations.
    """
    among = station_ids(stations)
    found = defaultdict(dict)
    for part in (_profile(among), _zones(among), _equipment(among), _funding(among, day.year)):
        for station, numbers in part:
            found[station].update(numbers)
    return dict(found)


def station_ids(stations):
    """What `station__in=` takes: a subquery for a queryset, else the ids."""
    if isinstance(stations, QuerySet):
        return stations.order_by().values("pk")
    return [station.pk for station in stations]


def _profile(among):
    rows = Station.objects.filter(pk__in=among).order_by()
    for pk, residents, households, own in rows.values_list("pk", "residents", "households", "has_own_premises"):
        yield (
            pk,
            known(
                {
                    "station.residents": residents,
                    "station.households": households,
                    "premises.own": None if own is None else int(own),
                }
            ),
        )


def _zones(among):
    """Zones and, for the zones that are entered, their rooms."""
    entered = defaultdict(dict)
    rows = FunctionalZone.objects.filter(station__in=among).order_by()
    columns = ("kind", "is_present", "boundaries", "boundaries_controlled", "is_closed_line")
    for station, kind, *row in rows.values_list("station", *columns):
        entered[station][kind] = row
    rooms = _rooms(among)
    for station, zones in entered.items():
        yield station, _zone_facts(zones) | _room_facts(zones, rooms.get(station, {}))


def _zone_facts(zones):
    result = {f"zones.{kind}": int(present) for kind, (present, *_) in zones.items()}
    if ZoneKind.CASE_HANDLING in zones:
        present, _, _, closed = zones[ZoneKind.CASE_HANDLING]
        result |= known({"zones.closed_line": closed if closed is None else int(closed and present)})
    if len(zones) == len(ZoneKind):
        result["zones.boundaries"] = sum(row[1] for row in zones.values())
        result["zones.boundaries_controlled"] = sum(row[2] for row in zones.values())
    return result


def _room_facts(zones, counts):
    """Only what all the zones of the rooms in question have been entered for."""
    counted = {metric: counts.get(metric, 0) for metric, (kinds, _) in COUNTED.items() if _entered(kinds, zones)}
    present = {
        metric: int(counts.get(metric, 0) > 0) for metric, (kinds, _) in PRESENT.items() if _entered(kinds, zones)
    }
    return counted | present


def _entered(kinds, zones):
    return all(ZONE_OF_ROOM[kind] in zones for kind in kinds)


def _rooms(among):
    """{station: {metric: how many rooms}}.

    The database counts rooms that are alike; which metrics they count for is added up here, since 40 conditional counts
    in one query cost more to put into words than the rooms of a station to look at.
    """
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_COUNTS, 0))
    rows = Room.objects.filter(zone__station__in=among).order_by().values_list("zone__station", "kind", *_FITTINGS)
    for station, kind, *fitted, count in rows.annotate(count=Count("pk")):
        has = dict(zip(_FITTINGS, fitted, strict=True))
        for metric, needed in _COUNTED_BY[kind]:
            if all(has[name] == value for name, value in needed.items()):
                found[station][metric] += count
    return found


def _equipment(among):
    rows = Equipment.objects.filter(station__in=among).order_by()
    listed = defaultdict(dict)
    for station, kind, *numbers in rows.values_list("station", "kind", *_QUANTITIES):
        listed[station][kind] = dict(zip(_QUANTITIES, numbers, strict=True))
    for station, kinds in listed.items():
        numbers = known({metric: kinds.get(kind, {}).get(column) for metric, (kind, column) in EQUIPMENT.items()})
        owned = known({metric: kinds.get(kind, {}).get("quantity") for metric, kind in OWNED.items()})
        yield station, numbers | {metric: int(count > 0) for metric, count in owned.items()}


def _funding(among, year):
    rows = Funding.objects.filter(station__in=among, year=year).order_by()
    for station, *amounts in rows.values_list("station", *FUNDING.values()):
        named = known(dict(zip(FUNDING, amounts, strict=True)))
        yield station, {metric: float(amount) for metric, amount in named.items()}


def known(numbers: dict) -> dict:
    """Without the metrics that are None."""
    return {metric: number for metric, number in numbers.items() if number is not None}
