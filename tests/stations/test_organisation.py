"""The system administrator's tree: add and change, inside the own jurisdiction, never delete."""

import pytest
from django.urls import reverse

from audit.models import Event
from stations.models import Bureau, Station
from tests import factories

from .pages import text

TREE = reverse("stations:organisation")
NEW_STATION = reverse("stations:station_new")
NEW_BUREAU = reverse("stations:bureau_new")


def station_edit(code="CG01"):
    return reverse("stations:station_edit", args=[code])


@pytest.fixture
def county(bureau):
    return factories.bureau("科右中旗公安局", above=bureau, code="152222")


@pytest.fixture
def bureau(db):
    return factories.bureau("某市公安局", level="city", code="140000")


def typed(bureau, **values):
    return {"code": "NEW1", "name": "新所", "bureau": bureau.pk, "station_class": "town"} | values


def edited(bureau, **values):
    """What the page of a station that is there already asks for: its code is kept."""
    return {"name": "新所", "bureau": bureau.pk, "station_class": "town", "is_active": "on"} | values


def test_the_tree_shows_bureaus_below_and_how_many_stations_they_have(as_, sysadmin, county):
    for _ in range(3):
        factories.station(bureau=county)
    page = text(as_(sysadmin).get(TREE))
    assert "152222" in page
    assert '<td class="num" data-label="Stations">3</td>' in page


def test_one_bureau_of_the_tree_shows_its_stations(as_, sysadmin, county):
    factories.station("杜尔基派出所", bureau=county, code="DEJ", name_en="Duerji")
    assert "Duerji" in text(as_(sysadmin).get(TREE, {"bureau": "152222"}))


def test_stations_are_found_by_name_and_code_in_the_whole_jurisdiction(as_, sysadmin, county):
    factories.station("杜尔基派出所", bureau=county, code="DEJ", name_en="Duerji")
    factories.station("杜尔基派出所", bureau=factories.bureau(), code="DEJ-ELSEWHERE")
    page = text(as_(sysadmin).get(TREE, {"q": "杜尔基"}))
    assert "DEJ<" in page
    assert "DEJ-ELSEWHERE" not in page


def test_a_station_is_added_and_recorded(as_, sysadmin, county):
    assert as_(sysadmin).post(NEW_STATION, typed(county)).status_code == 302
    station = Station.objects.get(code="NEW1")
    assert (station.bureau, station.station_class_id, station.is_active) == (county, "town", True)
    event = Event.objects.get(action="station.add")
    assert (event.by, event.chain) == (sysadmin, f"station:{station.pk}")
    assert event.detail["changed"]["bureau"] == [None, "152222"]


def test_a_station_changes_its_class_and_activity_with_old_and_new_recorded(as_, sysadmin, station, bureau):
    values = edited(bureau, name="城关派出所", station_class="urban")
    del values["is_active"]
    assert as_(sysadmin).post(station_edit(), values).status_code == 302
    station.refresh_from_db()
    assert (station.code, station.station_class_id, station.is_active) == ("CG01", "urban", False)
    changed = Event.objects.get(action="station.change").detail["changed"]
    assert changed["station_class"] == ["county_town", "urban"]
    assert changed["is_active"] == [True, False]
    assert "code" not in changed


def test_the_registers_of_a_station_are_not_touched_by_its_administration(as_, sysadmin, station, bureau):
    Station.objects.filter(pk=station.pk).update(residents=47_970)
    assert as_(sysadmin).post(station_edit(), edited(bureau, residents="1")).status_code == 400
    station.refresh_from_db()
    assert station.residents == 47_970


def test_a_station_cannot_be_put_into_a_foreign_bureau(as_, sysadmin, station):
    elsewhere = factories.bureau(code="520000")
    assert as_(sysadmin).post(NEW_STATION, typed(elsewhere)).status_code == 422
    assert as_(sysadmin).post(station_edit(), edited(elsewhere)).status_code == 422
    assert not Station.objects.in_bureau(elsewhere).exists()


def test_a_foreign_station_and_a_foreign_bureau_are_not_found(as_, sysadmin):
    elsewhere = factories.bureau(code="520000")
    factories.station(bureau=elsewhere, code="ST01")
    client = as_(sysadmin)
    for address in (
        station_edit("ST01"),
        reverse("stations:bureau_edit", args=["520000"]),
        f"{TREE}?bureau=520000",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("code", ["CG01", "new", "a/b", "", "-x", "x" * 21, "城关"])
def test_a_code_that_is_taken_or_does_not_fit_an_address_is_refused(as_, sysadmin, station, county, code):
    answer = as_(sysadmin).post(NEW_STATION, typed(county, code=code))
    assert answer.status_code == 422
    assert 'value="新所"' in text(answer)
    assert Station.objects.count() == 1


def test_a_bureau_is_added_below_another_and_recorded(as_, sysadmin, bureau):
    values = {"parent": bureau.pk, "code": "140100", "name": "九所县公安局", "level": "county"}
    assert as_(sysadmin).post(NEW_BUREAU, values).status_code == 302
    assert Bureau.objects.get_parent(Bureau.objects.get(code="140100")) == bureau
    changed = Event.objects.get(action="bureau.add").detail["changed"]
    assert changed["parent"] == [None, "140000"]


def test_a_county_cannot_stand_above_a_city(as_, sysadmin, bureau, county):
    client = as_(sysadmin)
    below = client.post(NEW_BUREAU, {"parent": county.pk, "code": "X", "name": "市局", "level": "city"})
    assert below.status_code == 422
    assert "The level must be lower than that of the bureau above." in text(below)
    edit = reverse("stations:bureau_edit", args=["140000"])
    above = client.post(edit, {"name": "某市公安局", "level": "county"})
    assert "The level must be higher than that of the bureaus below." in text(above)


def test_a_bureau_is_renamed_in_its_place(as_, sysadmin, county):
    edit = reverse("stations:bureau_edit", args=["152222"])
    values = {"name": "科尔沁右翼中旗公安局", "level": "county"}
    client = as_(sysadmin)
    assert client.post(edit, values | {"path": "0001"}).status_code == 400
    assert client.post(edit, values).status_code == 302
    place = Bureau.objects.get(pk=county.pk)
    assert (place.name, place.path, place.code) == ("科尔沁右翼中旗公安局", county.path, "152222")


@pytest.mark.parametrize("role", ["chief", "clerk", "reviewer", "leader", "secadmin", "auditor"])
def test_nobody_else_administers_the_organisation(as_, station, role):
    client = as_(factories.user(role))
    for address in (TREE, NEW_STATION, NEW_BUREAU, station_edit()):
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == (405 if address == TREE else 403)


@pytest.mark.parametrize("method", ["delete", "put", "patch"])
def test_nothing_can_be_deleted(as_, sysadmin, station, method):
    assert getattr(as_(sysadmin), method)(station_edit()).status_code == 405
    assert Station.objects.filter(pk=station.pk).exists()


def test_the_tree_takes_as_many_queries_for_many_bureaus_as_for_few(
    as_, sysadmin, bureau, django_assert_max_num_queries
):
    for _ in range(15):
        factories.station(bureau=factories.bureau(above=bureau))
    client = as_(sysadmin)
    with django_assert_max_num_queries(14):
        client.get(TREE)
