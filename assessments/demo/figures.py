"""What a station's facts were in each quarter: today's registers looked at backwards, and the figures that are typed.

Things arrive over the years and now and then one is out of order for a quarter, so that rates rise with some drops.
Two layers come out: what was so, and what the station claimed where it claimed too much.
"""

from stations.kinds import FUNCTIONAL_ROOMS, VIDEO_ROOMS

from . import chance
from .places import Place

SLOW, QUICK = 60, 26  # quarters over which rooms, and fittings or equipment, have arrived
BROKEN = 0.02  # chance that a thing is out of order in a quarter
WEARY = 0.012  # how much worse typed figures were for each quarter back

# Parts and what they are parts of.
PARTS = {
    "zones.boundaries_controlled": "zones.boundaries",
    "rooms.custody_padded": "rooms.custody",
    "rooms.custody_recording": "rooms.custody",
    "rooms.dual_display": "rooms.questioning",
    "rooms.with_flow_chart": "rooms.functional",
    "rooms.with_alarm": "rooms.functional",
    "video.rooms_covered": "video.rooms",
    "equip.protective": "equip.protective_required",
    "equip.terminals_issued": "equip.terminals",
    "equip.recorders_assigned": "equip.recorders",
    "staff.community_officers": "staff.officers",
    "staff.college": "staff.officers",
    "staff.over_45": "staff.officers",
    "equip.records_electronic": "equip.records",
    "video.windows_covered": "video.windows",
    "service.windows_rated": "video.windows",
}
ARRIVING = ("equip.kits", "equip.recorders", "rooms.one_way_glass", "zones.closed_line")
# Rooms that other counts depend on, and what the sources give, stay as they are today.
STANDING = {
    "rooms.interrogation",
    "rooms.waiting",
    "rooms.interview",
    "rooms.duty_110",
    "rooms.office",
    "rooms.command",
}
FITTINGS = tuple(part for part in PARTS if part.startswith(("zones.", "rooms.", "video.rooms")))


def of_quarter(place: Place, today: dict[str, float], back: int) -> dict[str, float]:
    """The facts `back` quarters before the open one; `today` is what the registers say."""
    facts = dict(today)
    if back:
        _unbuild(place, facts, back)
        for metric in (*ARRIVING, *FITTINGS):
            if metric in facts:
                facts[metric] = _there(place, metric, int(facts[metric]), back)
        _unstaff(place, facts, back)
    facts |= typed(place, back)
    return _within(facts)


def _there(place: Place, metric: str, count: int, back: int, horizon: int = QUICK) -> int:
    """How many of today's `count` things were there and in order at that time."""
    rng = chance.of("arrival", place.code, metric)
    arrived = sum(rng.uniform(0, horizon) >= back for _ in range(count))
    return arrived - chance.some(chance.of("broken", place.code, metric, back), arrived, BROKEN)


def _unbuild(place: Place, facts: dict, back: int) -> None:
    """Take away rooms that were built later, from their own metric and from the counts of rooms."""
    for metric in [m for m in facts if m.startswith("rooms.") and m not in PARTS and facts[m] == 1]:
        kind = metric.removeprefix("rooms.")
        if metric in STANDING or metric in ARRIVING or kind in ("custody", "questioning", "functional"):
            continue
        if chance.of("arrival", place.code, metric).uniform(0, SLOW) < back:
            facts[metric] = 0
            _count_off(facts, "rooms.functional", kind in FUNCTIONAL_ROOMS)
            _count_off(facts, "video.rooms", kind in VIDEO_ROOMS)


def _count_off(facts: dict, metric: str, concerns: bool) -> None:
    if concerns and metric in facts:
        facts[metric] -= 1


def _unstaff(place: Place, facts: dict, back: int) -> None:
    """One officer fewer before a certain quarter; the nine stations' 36 and the rule of five stay."""
    joined = chance.of("joined", place.code).randint(3, 14)
    if place.county.code != "JS" and facts["staff.officers"] > 5 and back >= joined:
        facts["staff.officers"] -= 1


def _within(facts: dict[str, float]) -> dict[str, float]:
    """No part larger than its whole."""
    return facts | {p: min(facts[p], facts[whole]) for p, whole in PARTS.items() if p in facts and whole in facts}


def typed(place: Place, back: int) -> dict[str, float]:
    """The figures no register knows."""
    quality = place.quality - WEARY * back
    quarter = chance.of("typed", place.code, back)
    windows = 1 + place.officers // 4
    records = place.officers * quarter.randint(12, 34)
    return {
        "video.blind_spots": _lasting(place, "video.blind_spots", 4, 1 - quality),
        "video.linked": _lasting(place, "video.linked", 1, quality + 0.1),
        "video.windows": windows,
        "video.windows_covered": _lasting(place, "video.windows_covered", windows, quality + 0.1),
        "service.windows_rated": _lasting(place, "service.windows_rated", windows, quality - 0.15),
        "funds.violations": int(quarter.random() < 0.05 * (1.1 - quality)),
        "equip.records": records,
        "equip.records_electronic": round(records * min(1, max(0.2, quality + quarter.uniform(-0.06, 0.08)))),
    }


def _lasting(place: Place, metric: str, count: int, share: float) -> int:
    """How many of `count` are so: the same ones from quarter to quarter, more as the share grows."""
    rng = chance.of("lasting", place.code, metric)
    return sum(rng.random() < share for _ in range(count))


REASONS = {
    "video.blind_spots": "现场走查发现走廊拐角无画面,补记盲区。",
    "video.linked": "核查时县局监控中心无法调取该所画面。",
    "video.windows_covered": "现场查看,一个窗口摄像头离线。",
    "service.windows_rated": "评价器未通电,不计入。",
    "equip.records_electronic": "按电子笔录系统后台数据核减。",
    "rooms.with_flow_chart": "部分功能室流程制度未上墙。",
    "rooms.with_alarm": "报警设备测试无响应,核减一处。",
    "rooms.custody_padded": "软包破损,核减一间。",
    "video.rooms_covered": "抽查发现一路视频存储中断。",
}


# 城关 sees in its last quarter what a correction looks like; the others object to theirs in the open one.
CORRECTED = {("JS01", 1), ("KY07", 0), ("KY16", 0), ("ST06", 0)}


def claimed_too_much(place: Place, facts: dict[str, float], back: int) -> dict[str, float]:
    """{metric: what the station said instead}: none most of the time, up to two otherwise."""
    rng = chance.of("claim", place.code, back)
    honest = rng.random() < 0.45 + 0.3 * place.quality
    if honest and (place.code, back) not in CORRECTED:
        return {}
    open_to_it = [metric for metric in REASONS if metric in facts and _better(metric, facts) is not None]
    chosen = rng.sample(open_to_it, min(len(open_to_it), rng.randint(1, 2)))
    return {metric: _better(metric, facts) for metric in chosen}


def _better(metric: str, facts: dict[str, float]) -> float | None:
    """A little better than it was; None where nothing better can be claimed."""
    value = facts[metric]
    if metric == "video.blind_spots":
        return value - 1 if value else None
    if metric == "video.linked":
        return None if value else 1
    whole = facts[PARTS[metric]]
    if metric == "equip.records_electronic":
        return min(whole, value + max(1, round(whole * 0.1))) if value < whole else None
    return value + 1 if value < whole else None
