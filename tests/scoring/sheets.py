"""Sheets of facts for the shipped edition."""

from decimal import Decimal

# What a perfect station of each class has; everything else is a yes or a 6.
PERFECT = {
    "station.residents": 9000,
    "station.households": 3000,
    "staff.officers": 30,
    "staff.auxiliaries": 60,
    "staff.community_officers": 12,
    "staff.leaders": 3,
    "staff.leaders_college": 3,
    "staff.college": 30,
    "staff.over_45": 9,
    "funds.public_yuan": 30 * 28000,
    "funds.running_need_yuan": 60000,
    "funds.running_received_yuan": 60000,
    "funds.non_budget_yuan": 0,
    "funds.violations": 0,
    "video.blind_spots": 0,
    "equip.kits": 30,
    "equip.terminals": 30,
    "equip.terminals_issued": 30,
    "equip.recorders": 30,
    "equip.recorders_assigned": 30,
}


def full(edition, kind: str) -> dict[str, float]:
    """The facts of a station that has everything."""
    facts = {m.code: 1 if m.kind == "yes_no" else 6 for m in edition.metrics.values()}
    return {**facts, **PERFECT}


def chengguan() -> dict[str, float]:
    """城关 as its county's report has it, with plausible facts where the report is silent."""
    return {
        # zones: 4 of 4; 3 of 4 passages; one closed line; own premises
        "zones.service": 1,
        "zones.case_handling": 1,
        "zones.office": 1,
        "zones.living": 1,
        "zones.boundaries": 4,
        "zones.boundaries_controlled": 3,
        "zones.closed_line": 0,
        "premises.own": 1,
        # service 3 of 4, case handling 5 of 6, office 4 of 5, living 2 of 5
        "rooms.household": 1,
        "rooms.petition": 1,
        "rooms.mediation": 0,
        "rooms.duty_110": 1,
        "rooms.info_collection": 1,
        "rooms.interrogation": 1,
        "rooms.interview": 1,
        "rooms.identification": 1,
        "rooms.waiting": 1,
        "rooms.body_search": 0,
        "rooms.office": 1,
        "rooms.meeting": 1,
        "rooms.armoury": 1,
        "rooms.archive": 1,
        "rooms.command": 0,
        "rooms.dormitory": 1,
        "rooms.recreation": 0,
        "rooms.laundry": 0,
        "rooms.bathroom": 0,
        "rooms.canteen": 1,
        # fit-out: 2 of 3 padded, 1 of 3 with two displays, no glass, 6 of 12 with charts
        "rooms.custody": 3,
        "rooms.custody_padded": 2,
        "rooms.questioning": 3,
        "rooms.dual_display": 1,
        "rooms.one_way_glass": 0,
        "rooms.functional": 12,
        "rooms.with_flow_chart": 6,
        "rooms.with_alarm": 12,
        # surveillance: 7 of 8 rooms, all custody recorded, 2 blind spots, linked, 1 of 2 windows
        "video.rooms": 8,
        "video.rooms_covered": 7,
        "rooms.custody_recording": 3,
        "video.blind_spots": 2,
        "video.linked": 1,
        "video.windows": 2,
        "video.windows_covered": 2,
        "service.windows_rated": 1,
        # staffing
        "staff.officers": 7,
        "station.residents": 47970,
        "station.households": 11935,
        "staff.auxiliaries": 7,
        "staff.community_officers": 3,
        "staff.leaders": 2,
        "staff.leaders_college": 2,
        "staff.college": 2,
        "staff.over_45": 4,
        # funding: the report's 400 yuan an officer
        "funds.public_yuan": 2800,
        "funds.running_need_yuan": 60000,
        "funds.running_received_yuan": 45000,
        "funds.non_budget_yuan": 0,
        "funds.violations": 0,
        # equipment
        "equip.protective_required": 7,
        "equip.protective": 7,
        "equip.kits": 4,
        "equip.terminals": 7,
        "equip.terminals_issued": 7,
        "equip.recorders": 4,
        "equip.recorders_assigned": 4,
        "equip.vehicles": 1,
        "equip.dna_kit": 0,
        "equip.fingerprint": 1,
        "equip.scene_kit": 1,
        "equip.av_kit": 1,
        "equip.fax": 1,
        "equip.phone": 1,
        "equip.scanner": 0,
        "equip.records": 80,
        "equip.records_electronic": 76,
    }


CHENGGUAN_POINTS = {
    "zones.four_zones": Decimal("4"),
    "zones.separation": Decimal("2.25"),  # 3 × 3/4
    "zones.closed_line": Decimal("0"),
    "zones.own_premises": Decimal("2"),
    "rooms.service": Decimal("2.25"),  # 3 × 3/4
    "rooms.case_handling": Decimal("3.33"),  # 4 × 5/6 = 3.333
    "rooms.office": Decimal("1.6"),  # 2 × 4/5
    "rooms.living": Decimal("0.8"),  # 2 × 2/5
    "rooms.fit_out": Decimal("2.17"),  # 2 × 2/3 + 1 × 1/3 + 0 + 1 × 6/12 = 2.1667
    "video.coverage": Decimal("4.38"),  # 5 × 7/8 = 4.375, half up
    "video.recording": Decimal("4"),
    "video.seamless": Decimal("4"),  # 3 − 2 × 1, and 3 for the link
    "security.alarms": Decimal("2"),
    "service.windows": Decimal("2.5"),  # 2 + 1 × 1/2
    "staffing.strength": Decimal("5"),  # 7 ≥ 5
    "staffing.load": Decimal("0"),  # 6,852.86 > 3,000
    "staffing.households": Decimal("0"),  # 1,705 > 1,700
    "staffing.auxiliaries": Decimal("1.5"),  # 3 × (7/7) / 2
    "staffing.community": Decimal("3"),  # 42.86 % ≥ 40 %
    "staffing.structure": Decimal("2.28"),  # 1 + 1 + 0.25 (28.57 %) + (58 − 57.142857)/28 = 0.0306
    "funding.per_officer": Decimal("0.06"),  # 4 × 400/28,000 = 0.0571
    "funding.running": Decimal("2.25"),  # 3 × 45/60
    "funding.budget_only": Decimal("2"),
    "funding.two_lines": Decimal("3"),
    "equipment.protective": Decimal("4"),
    "equipment.kits": Decimal("2.29"),  # 4 × 4/7 = 2.2857
    "equipment.mobile": Decimal("3.57"),  # 1 + 1 + 4/7 + 1
    "equipment.vehicles": Decimal("2"),
    "equipment.technical": Decimal("1.43"),  # 2 × 5/7 = 1.4286
    "equipment.records": Decimal("1.9"),  # 2 × 76/80
}
