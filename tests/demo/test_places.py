"""What sources publish holds exactly in the demo."""

import pytest
from django.db.models import F, Sum

from assessments.models import Edition, Period
from personnel.models import Staffing
from stations.models import Equipment, Funding, Room, Station

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def stations(county):
    return Station.objects.filter(bureau__code=county)


def total(county, column):
    return Staffing.objects.filter(station__bureau__code=county).aggregate(n=Sum(column))["n"]


def quantities(county, kind):
    rows = Equipment.objects.filter(station__bureau__code=county, kind=kind)
    return rows.aggregate(there=Sum("quantity"), issued=Sum("issued"), required=Sum("required"))


@pytest.mark.parametrize(("county", "count"), [("JS", 9), ("KY", 19), ("ST", 28)])
def test_each_county_has_as_many_stations_as_its_source_says(county, count):
    assert stations(county).count() == count


@pytest.mark.parametrize(
    ("name", "residents", "officers"), [("城关派出所", 47_970, 7), ("北社派出所", 36_211, 4), ("故城派出所", 26_295, 5)]
)
def test_the_three_stations_of_the_survey_have_their_people(name, residents, officers):
    place = Station.objects.get(name=name)

    assert (place.residents, place.staffing.officers) == (residents, officers)


def test_chengguan_has_its_households():
    assert Station.objects.get(name="城关派出所").households == 11_935


def test_the_nine_stations_have_36_officers_in_the_sizes_of_the_survey():
    sizes = sorted(Staffing.objects.filter(station__bureau__code="JS").values_list("officers", flat=True))

    assert sizes == [3, 3, 3, 3, 4, 4, 4, 5, 7]
    assert sum(sizes) == 36


@pytest.mark.parametrize(
    ("column", "persons"),
    [
        ("age_under_40", 15),
        ("age_40_49", 13),
        ("age_50_plus", 8),
        ("over_45", 21),
        ("edu_college", 4),
        ("edu_secondary", 16),
        ("edu_basic", 16),
    ],
)
def test_ages_and_education_of_the_36_officers_add_up(column, persons):
    assert total("JS", column) == persons


def test_each_of_the_nine_stations_has_one_vehicle_and_one_telephone():
    kinds = Equipment.objects.filter(station__bureau__code="JS", kind__in=["vehicle", "phone"])

    assert set(kinds.values_list("quantity", flat=True)) == {1}
    assert kinds.count() == 18


@pytest.mark.parametrize(("county", "yuan"), [("JS", 400), ("KY", 28_000)])
def test_public_funds_for_each_officer_are_those_published(county, yuan):
    rows = Funding.objects.filter(station__bureau__code=county).exclude(
        public_funds_yuan=yuan * F("station__staffing__officers")
    )

    assert not rows.exists()


def test_the_banner_has_its_people_and_no_station_under_five_officers():
    assert stations("KY").aggregate(n=Sum("residents"))["n"] == 260_000
    assert not Staffing.objects.filter(station__bureau__code="KY", officers__lt=5).exists()


def test_the_banner_has_forty_percent_community_officers_at_every_station():
    assert not Staffing.objects.filter(station__bureau__code="KY", community_officers__lt=F("officers") * 0.4).exists()


def test_the_banner_has_two_auxiliaries_to_an_officer_in_town_and_one_elsewhere():
    in_town = Staffing.objects.filter(station__bureau__code="KY", station__station_class__in=["urban", "county_town"])
    elsewhere = Staffing.objects.filter(station__bureau__code="KY").exclude(pk__in=in_town)

    assert set(in_town.values_list(F("auxiliaries") / F("officers"), flat=True)) == {2}
    assert not elsewhere.filter(auxiliaries__lt=F("officers")).exists()


def test_the_banner_has_209_terminals_all_issued():
    terminals = quantities("KY", "terminal")

    assert (terminals["there"], terminals["issued"]) == (209, 209)


def test_the_banner_has_kits_for_55_percent_and_protection_for_all():
    kits, protective = quantities("KY", "kit"), quantities("KY", "protective")

    assert kits["there"] * 100 == 55 * total("KY", "officers")
    assert protective["there"] == protective["required"]


@pytest.mark.parametrize("name", ["霍林郭勒", "罕敖拉", "代钦塔拉", "杜尔基", "高力板", "新佳木", "站前"])
def test_the_banner_s_named_stations_are_there(name):
    assert stations("KY").filter(name=f"{name}派出所").exists()


@pytest.mark.parametrize("name", ["杜尔基派出所", "高力板派出所", "代钦塔拉派出所"])
def test_the_banner_s_command_rooms_are_where_the_source_has_them(name):
    assert Room.objects.filter(zone__station__name=name, kind="command").exists()


def test_the_scenic_station_has_a_police_room_and_no_residents():
    scenic = stations("KY").get(station_class="scenic")

    assert (scenic.name, scenic.residents) == ("代钦塔拉派出所", None)
    assert Room.objects.filter(zone__station=scenic, name="景区警务室").exists()


def test_every_station_of_songtao_has_a_command_room():
    assert stations("ST").filter(zones__rooms__kind="command").distinct().count() == 28


def test_every_station_says_that_some_of_its_values_are_illustrative():
    assert not Station.objects.filter(illustrative=False).exists()


def test_every_shipped_edition_is_there_and_the_quarters_are_bound_to_the_first():
    codes = set(Edition.objects.values_list("code", "version"))
    assert codes == {("core", "2026.1"), ("core", "2027.1"), ("case-area", "2027.1"), ("yearly-grade", "2027.1")}
    assert set(Period.objects.values_list("edition__version", flat=True)) == {"2026.1"}
