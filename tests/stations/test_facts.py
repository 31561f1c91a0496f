"""The registers as numbers: what is there, what is missing, and how many queries it takes."""

from datetime import date

import pytest

from personnel import facts as people
from stations import facts
from stations.models import FunctionalZone, Station
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 30)


def of(station, day=DAY):
    return facts.facts([station], day).get(station.pk, {})


def test_a_station_without_entries_has_no_facts():
    assert of(factories.station()) == {}


def test_the_profile_gives_residents_households_and_premises():
    station = factories.station(residents=47_970, households=11_935, has_own_premises=False)
    assert of(station) == {"station.residents": 47_970, "station.households": 11_935, "premises.own": 0}


def test_nothing_is_said_about_the_rooms_of_a_zone_that_nobody_entered():
    station = factories.station()
    FunctionalZone.objects.create(station=station, kind="living")
    found = of(station)
    assert found["zones.living"] == 1
    assert found["rooms.canteen"] == 0
    assert "rooms.duty_110" not in found
    assert "zones.service" not in found
    assert "zones.boundaries" not in found


def test_a_zone_that_is_said_to_be_absent_is_a_no():
    station = factories.station()
    FunctionalZone.objects.create(station=station, kind="case_handling", is_present=False)
    found = of(station)
    assert found["zones.case_handling"] == 0
    assert found["rooms.interrogation"] == 0
    assert found["rooms.custody"] == 0


def test_rooms_that_belong_to_two_zones_are_counted_once_both_are_entered():
    station = factories.station()
    FunctionalZone.objects.create(station=station, kind="case_handling").rooms.create(kind="interrogation")
    assert "video.rooms" not in of(station)
    FunctionalZone.objects.create(station=station, kind="service").rooms.create(kind="duty_110", has_camera=True)
    assert of(station)["video.rooms"] == 2
    assert of(station)["video.rooms_covered"] == 1


def test_a_whole_station_room_by_room():
    station = factories.zoned(factories.station(), has_camera=True, has_alarm=True)
    case_handling = station.zones.get(kind="case_handling")
    case_handling.rooms.create(kind="interrogation", has_camera=True, has_recording=True, is_padded=True)
    case_handling.rooms.filter(kind="identification").update(has_one_way_glass=True)
    case_handling.rooms.filter(kind="interview").update(has_dual_display=True)
    case_handling.is_closed_line = True
    case_handling.save()
    found = of(station)
    assert found["rooms.custody"] == 3  # two interrogation rooms and the waiting room
    assert found["rooms.custody_padded"] == found["rooms.custody_recording"] == 1
    assert found["rooms.questioning"] == 3
    assert found["rooms.dual_display"] == 1
    assert found["rooms.one_way_glass"] == 1
    assert found["rooms.functional"] == 16
    assert found["rooms.with_alarm"] == 15
    assert found["rooms.with_flow_chart"] == 0
    assert found["video.rooms"] == found["video.rooms_covered"] == 9
    assert found["zones.boundaries"] == found["zones.boundaries_controlled"] == 4
    assert found["zones.closed_line"] == 1


def test_equipment_is_counted_and_small_things_are_yes_or_no():
    station = factories.station()
    station.equipment.create(kind="protective", quantity=5, required=7)
    station.equipment.create(kind="recorder", quantity=6, issued=4)
    station.equipment.create(kind="fax", quantity=0)
    station.equipment.create(kind="phone", quantity=3)
    assert of(station) == {
        "equip.protective": 5,
        "equip.protective_required": 7,
        "equip.recorders": 6,
        "equip.recorders_assigned": 4,
        "equip.fax": 0,
        "equip.phone": 1,
    }


def test_money_is_that_of_the_year_of_the_day():
    station = factories.funded(factories.station(), 2026, public_funds_yuan="28000.50", non_budget_yuan=0)
    factories.funded(station, 2025, public_funds_yuan=400)
    assert of(station) == {"funds.public_yuan": 28_000.5, "funds.non_budget_yuan": 0.0}
    assert of(station, date(2025, 12, 31)) == {"funds.public_yuan": 400.0}


def test_staffing_gives_persons_and_leaves_out_what_is_not_known():
    station = factories.staffed(factories.station(), 7, leaders=2)
    assert people.facts([station], DAY)[station.pk] == {
        "staff.officers": 7,
        "staff.leaders": 2,
        "staff.college": 7,
    }


def test_the_number_of_queries_does_not_grow_with_the_stations(django_assert_num_queries):
    bureau = factories.bureau()
    for _ in range(12):
        station = factories.zoned(factories.chengguan(bureau))
        factories.funded(factories.equipped(station, vehicle=1), public_funds_yuan=1)
    stations = Station.objects.in_bureau(bureau)
    with django_assert_num_queries(5):
        found = facts.facts(stations, DAY)
    with django_assert_num_queries(1):
        people.facts(stations, DAY)
    assert len(found) == 12


def test_every_metric_that_the_standard_takes_from_a_register_is_delivered():
    station = factories.zoned(factories.station(residents=1, households=1, has_own_premises=True))
    station.zones.update(is_closed_line=True)
    for kind in ("vehicle", "protective", "kit", "terminal", "recorder", "dna_kit", "fingerprint"):
        station.equipment.create(kind=kind, quantity=1, required=1)
    for kind in ("scene_kit", "av_kit", "fax", "phone", "scanner"):
        station.equipment.create(kind=kind, quantity=1)
    money = ("public_funds_yuan", "running_need_yuan", "running_received_yuan", "non_budget_yuan")
    factories.funded(station, **dict.fromkeys(money, 1))
    parts = ("auxiliaries", "community_officers", "leaders", "leaders_college", "over_45")
    bands = {"age_under_40": 0, "age_50_plus": 1}
    factories.staffed(station, 1, **dict.fromkeys(parts, 1), **bands)
    delivered = {*of(station), *people.facts([station], DAY)[station.pk]}
    asked = {code for code, metric in factories.edition().standard.metrics.items() if metric.register}
    assert asked - delivered == set()
