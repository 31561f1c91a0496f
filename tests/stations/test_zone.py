"""The page of a zone: its boundaries and the grid of its rooms."""

import pytest
from django.urls import reverse

from audit.models import Event
from stations.forms.zone import MOST_ROOMS
from stations.models import FunctionalZone, Room

from .pages import save, shown, text

CASE_HANDLING = reverse("stations:zone", args=["CG01", "case_handling"])
PRESENT = {"is_present": "yes", "boundaries": "3", "boundaries_controlled": "2"}


def row(number, **values):
    return {f"rooms-{number}-{name}": value for name, value in values.items()}


@pytest.fixture
def rooms(station):
    """The case-handling zone with an interrogation room and a waiting room."""
    zone = FunctionalZone.objects.create(station=station, kind="case_handling", boundaries=3)
    return [zone.rooms.create(kind=kind, name=name) for kind, name in [("interrogation", "1"), ("waiting", "2")]]


def test_a_zone_is_entered_with_its_rooms_at_once(as_, chief, station):
    new = row(0, kind="interrogation", name="讯问室一", area_m2="12.5", has_camera="on", has_recording="on")
    typed = PRESENT | {"is_closed_line": "yes"} | new
    assert save(as_(chief), CASE_HANDLING, typed).status_code == 302
    zone = station.zones.get()
    assert (zone.is_present, zone.boundaries, zone.boundaries_controlled, zone.is_closed_line) == (True, 3, 2, True)
    room = zone.rooms.get()
    assert (room.kind, room.name, room.area_m2) == ("interrogation", "讯问室一", 12.5)
    assert room.has_camera
    assert room.has_recording
    assert not room.is_padded


def test_rooms_are_changed_added_and_removed_in_one_save(as_, chief, rooms):
    first, second = rooms
    typed = PRESENT | row(0, is_padded="on") | row(1, DELETE="on") | row(2, kind="interview")
    assert save(as_(chief), CASE_HANDLING, typed).status_code == 302
    assert set(Room.objects.values_list("kind", "is_padded")) == {("interrogation", True), ("interview", False)}
    assert not Room.objects.filter(pk=second.pk).exists()
    changed = Event.objects.get(action="register.save").detail["changed"]
    assert changed[f"room {first.pk}.is_padded"] == [False, True]
    assert changed[f"room {second.pk}.kind"] == ["waiting", None]


def test_the_blank_row_at_the_end_is_no_room(as_, chief, rooms):
    assert save(as_(chief), CASE_HANDLING, PRESENT).status_code == 302
    assert Room.objects.count() == 2


def test_more_controlled_boundaries_than_boundaries_are_refused(as_, chief, station):
    answer = save(as_(chief), CASE_HANDLING, PRESENT | {"boundaries_controlled": "4"})
    assert answer.status_code == 422
    assert "4 have access control, but there are only 3 boundaries." in text(answer)
    assert shown(answer)["boundaries_controlled"] == "4"
    assert not station.zones.exists()


def test_recording_without_video_is_refused_and_the_row_kept(as_, chief):
    answer = save(as_(chief), CASE_HANDLING, PRESENT | row(0, kind="interview", name="甲", has_recording="on"))
    assert answer.status_code == 422
    assert "needs video" in text(answer)
    assert shown(answer)["rooms-0-name"] == "甲"
    assert shown(answer)["rooms-0-has_recording"] == "on"


@pytest.mark.parametrize("area", ["NaN", "-1", "十二", "1e400", "1" + "0" * 400])
def test_a_wrong_area_is_refused_and_kept(as_, chief, area):
    answer = save(as_(chief), CASE_HANDLING, PRESENT | row(0, kind="interview", area_m2=area))
    assert answer.status_code == 422
    assert shown(answer)["rooms-0-area_m2"] == area


def test_a_room_belongs_to_the_kinds_of_its_zone(as_, chief):
    answer = save(as_(chief), CASE_HANDLING, PRESENT | row(0, kind="canteen"))
    assert answer.status_code == 422


def test_what_is_wrong_in_a_removed_row_does_not_matter(as_, chief, rooms):
    answer = save(as_(chief), CASE_HANDLING, PRESENT | row(1, area_m2="much", DELETE="on"))
    assert answer.status_code == 302
    assert Room.objects.count() == 1


def test_a_zone_said_to_be_absent_cannot_have_rooms(as_, chief, rooms):
    answer = save(as_(chief), CASE_HANDLING, {"is_present": "no"})
    assert answer.status_code == 422
    assert "The zone is said to be absent, but rooms are entered." in text(answer)


def test_a_zone_can_be_said_to_be_absent(as_, chief, station):
    assert save(as_(chief), CASE_HANDLING, {"is_present": "no"}).status_code == 302
    assert not station.zones.get().is_present


def test_a_page_without_an_answer_to_whether_there_is_a_zone_is_refused(as_, chief, station):
    assert save(as_(chief), CASE_HANDLING, {}).status_code == 422
    assert not station.zones.exists()


def test_a_room_of_another_station_cannot_be_named(as_, chief, stranger, rooms):
    zone = FunctionalZone.objects.create(station=stranger.station, kind="case_handling")
    foreign = zone.rooms.create(kind="interview", name="北社")
    for typed in (row(0, room=str(foreign.pk)), row(0, room=str(foreign.pk), DELETE="on")):
        assert save(as_(chief), CASE_HANDLING, PRESENT | typed).status_code == 400
    foreign.refresh_from_db()
    assert (foreign.zone, foreign.kind, foreign.name) == (zone, "interview", "北社")
    assert Room.objects.filter(zone__station=chief.station).count() == 2


def test_more_rooms_than_fit_are_refused(as_, chief, station):
    many = {}
    for number in range(MOST_ROOMS + 1):
        many |= row(number, kind="interview")
    answer = save(as_(chief), CASE_HANDLING, PRESENT | many | {"rooms-TOTAL_FORMS": str(MOST_ROOMS + 1)})
    assert answer.status_code == 422
    assert f"at most {MOST_ROOMS} rooms" in text(answer)
    assert not station.zones.exists()


def test_a_form_without_its_counters_is_refused_not_broken(as_, chief):
    assert save(as_(chief), CASE_HANDLING, PRESENT, without=["rooms-TOTAL_FORMS"]).status_code == 400


def test_a_room_that_somebody_else_removed_is_shown_and_can_be_put_back(as_, chief, rooms, station):
    client, gone = as_(chief), rooms[1]
    opened = shown(client.get(CASE_HANDLING))
    gone.delete()
    rooms[0].zone.rooms.create(kind="body_search", name="新")

    late = client.post(CASE_HANDLING, opened | PRESENT | row(1, has_alarm="on"))
    assert late.status_code == 409
    assert "Body search room 新" in text(late)
    assert "Waiting room 2" in text(late)

    assert client.post(CASE_HANDLING, shown(late)).status_code == 302
    kinds = set(Room.objects.filter(zone__station=station).values_list("kind", "has_alarm"))
    assert kinds == {("interrogation", False), ("waiting", True), ("body_search", False)}


def test_a_reader_sees_the_rooms_and_no_blank_row(as_, reviewer, rooms):
    page = text(as_(reviewer).get(CASE_HANDLING))
    assert page.count('class="room"') == 2
    assert "Add a room" not in page


def test_a_zone_page_is_read_with_few_queries(as_, chief, station, django_assert_max_num_queries):
    zone = FunctionalZone.objects.create(station=station, kind="case_handling")
    for number in range(30):
        zone.rooms.create(kind="interview", name=str(number))
    client = as_(chief)
    with django_assert_max_num_queries(14):
        client.get(CASE_HANDLING)
