"""The pages of the registers: who sees them, who keeps them, what a mistake and a race look like."""

import pytest
from django.urls import reverse

from audit.models import Event
from stations.models import Station
from tests import factories

from .pages import save, shown, text

PAGES = [
    ("stations:registers", ()),
    ("stations:profile", ()),
    ("stations:zone", ("living",)),
    ("stations:equipment", ()),
    ("stations:funding", ()),
    ("personnel:staffing", ()),
    ("personnel:training", ()),
    ("personnel:training_new", ()),
]
FORMS = [page for page in PAGES if page[0] not in {"stations:registers", "personnel:training"}]
WRONG_NUMBERS = {
    "letters": ("seven", "Enter a whole number"),
    "negative": ("-1", "Enter 0 or more."),
    "far too large": ("1" + "0" * 400, "Enter 99999999 or less."),
    "an exponent": ("1e400", "Enter a whole number"),
    "not a number": ("NaN", "Enter a whole number"),
    "a fraction": ("2.5", "Enter a whole number"),
    "thousands of digits": ("9" * 5000, "Enter a whole number"),
}


def address(page, code="CG01"):
    name, more = page
    return reverse(name, args=[code, *more])


@pytest.mark.parametrize("page", PAGES)
def test_a_chief_opens_every_register_of_the_own_station(as_, chief, page):
    assert as_(chief).get(address(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_the_chief_of_another_station_finds_nothing(as_, stranger, station, page):
    client = as_(stranger)
    assert client.get(address(page)).status_code == 404
    allowed = 405 if page not in FORMS else 404
    assert client.post(address(page), {"based_on": "x"}).status_code == allowed


@pytest.mark.parametrize("role", ["reviewer", "leader"])
@pytest.mark.parametrize("page", [page for page in FORMS if page[0] != "personnel:training_new"])
def test_the_people_above_look_and_do_not_write(as_, station, request, role, page):
    client = as_(request.getfixturevalue(role))
    answer = client.get(address(page))
    assert answer.status_code == 200
    assert "<fieldset disabled" in text(answer)
    assert client.post(address(page), shown(answer)).status_code == 403
    assert not Event.objects.filter(action="register.save").exists()


def test_a_reviewer_of_another_bureau_finds_nothing(as_, station):
    elsewhere = factories.user("reviewer", factories.bureau(code="520000"))
    assert as_(elsewhere).get(address(PAGES[0])).status_code == 404


@pytest.mark.parametrize("role", ["secadmin", "auditor"])
def test_administrators_have_no_business_in_registers(as_, station, role):
    assert as_(factories.user(role)).get(address(PAGES[0])).status_code == 403


def test_the_list_shows_the_stations_of_the_jurisdiction_only(as_, reviewer, chief, stranger):
    factories.station("远方派出所", bureau=factories.bureau(code="520000"))
    page = text(as_(reviewer).get(reverse("stations:list")))
    assert "CG01" in page
    assert "BS01" in page
    assert "远方" not in page


def test_a_chief_who_asks_for_the_list_sees_the_own_registers(as_, chief):
    assert "Area and premises" in text(as_(chief).get(reverse("stations:list")))


def test_the_list_is_read_with_few_queries(as_, reviewer, bureau, django_assert_max_num_queries):
    for _ in range(25):
        factories.zoned(factories.chengguan(bureau))
    client = as_(reviewer)
    with django_assert_max_num_queries(15):
        assert client.get(reverse("stations:list")).status_code == 200


def test_a_clerk_saves_the_profile_and_it_is_recorded(as_, station):
    clerk = factories.user("clerk", station)
    answer = save(
        as_(clerk),
        address(("stations:profile", ())),
        {"residents": "47,970", "households": "１１９３５", "has_own_premises": "yes"},
    )
    assert answer.status_code == 302
    station.refresh_from_db()
    assert (station.residents, station.households, station.has_own_premises) == (47_970, 11_935, True)
    event = Event.objects.get(action="register.save")
    assert (event.by, event.chain) == (clerk, f"station:{station.pk}")
    assert event.detail["changed"]["residents"] == [None, 47_970]


def test_saving_what_is_already_there_records_nothing(as_, chief):
    assert save(as_(chief), address(("stations:profile", ())), {}).status_code == 302
    assert not Event.objects.filter(action="register.save").exists()


@pytest.mark.parametrize("wrong", WRONG_NUMBERS)
def test_a_wrong_number_is_named_and_kept(as_, chief, station, wrong):
    typed, message = WRONG_NUMBERS[wrong]
    answer = save(as_(chief), address(("stations:profile", ())), {"residents": typed, "households": "12"})
    assert answer.status_code == 422
    assert message in text(answer)
    assert shown(answer)["residents"] == typed
    assert shown(answer)["households"] == "12"
    station.refresh_from_db()
    assert station.households is None


def test_a_wrong_number_is_named_in_chinese_to_a_chinese_reader(client, chief):
    client.force_login(chief)
    answer = save(client, address(("stations:profile", ())), {"residents": "七"})
    assert answer.status_code == 422
    assert 'lang="zh-hans"' in text(answer)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("NaN", "Enter a number, for example"),
        ("-0.01", "Enter 0 or more."),
        ("1e400", "This number is too large."),
        ("1.005", "Enter at most two decimals."),
        ("若干", "Enter a number, for example"),
    ],
)
def test_a_wrong_amount_is_named_and_kept(as_, chief, typed, message):
    answer = save(as_(chief), address(("stations:funding", ())), {"public_funds_yuan": typed})
    assert answer.status_code == 422
    assert message in text(answer)
    assert shown(answer)["public_funds_yuan"] == typed


def test_two_people_on_one_page_never_lose_a_value_silently(as_, chief, station):
    client, page = as_(chief), address(("stations:profile", ()))
    opened = shown(client.get(page))
    save(as_(factories.user("clerk", station, name="王内勤")), page, {"residents": "100"})

    late = as_(chief).post(page, opened | {"residents": "200"})
    assert late.status_code == 409
    assert "王内勤" in text(late)
    assert '<td data-label="Saved now">100</td><td data-label="On this page">200</td>' in text(late)
    assert shown(late)["residents"] == "200"
    station.refresh_from_db()
    assert station.residents == 100

    assert client.post(page, shown(late)).status_code == 302  # a deliberate second save
    station.refresh_from_db()
    assert station.residents == 200


def test_a_form_without_its_fingerprint_is_refused(as_, chief):
    answer = save(as_(chief), address(("stations:profile", ())), {"residents": "1"}, without=["based_on"])
    assert answer.status_code == 428


def test_columns_that_are_not_on_the_form_cannot_be_written(as_, chief, station):
    profile = address(("stations:profile", ()))
    for forged in ({"name": "hacked"}, {"code": "X"}, {"is_active": ""}):
        assert save(as_(chief), profile, forged | {"residents": "5"}).status_code == 400
    unchanged = (station.name, station.code, station.is_active, station.residents)
    station.refresh_from_db()
    assert (station.name, station.code, station.is_active, station.residents) == unchanged


def test_funding_is_kept_by_year(as_, chief, station):
    client = as_(chief)
    save(client, address(("stations:funding", ())) + "?year=2025", {"public_funds_yuan": "2,800"})
    assert list(station.funding.values_list("year", "public_funds_yuan")) == [(2025, 2800)]
    assert 'value="2800"' in text(client.get(address(("stations:funding", ())) + "?year=2025"))


@pytest.mark.parametrize("year", ["1989", "2101", "-1", "20x6", "99999999999999999999", "２０２６"])
def test_a_year_that_cannot_be_is_not_found(as_, chief, year):
    assert as_(chief).get(address(("stations:funding", ())), {"year": year}).status_code == 404


def test_an_unknown_zone_is_not_found(as_, chief):
    assert as_(chief).get(address(("stations:zone", ("cellar",)))).status_code == 404


def test_equipment_left_blank_stays_unknown_and_zero_is_an_answer(as_, chief, station):
    page = address(("stations:equipment", ()))
    save(as_(chief), page, {"fax-quantity": "0", "kit-quantity": "5", "kit-issued": "4"})
    assert dict(station.equipment.values_list("kind", "quantity")) == {"fax": 0, "kit": 5}
    save(as_(chief), page, {"fax-quantity": "", "fax-issued": ""})
    assert list(station.equipment.values_list("kind", flat=True)) == ["kit"]


def test_more_issued_than_there_are_is_refused(as_, chief, station):
    answer = save(as_(chief), address(("stations:equipment", ())), {"kit-quantity": "5", "kit-issued": "6"})
    assert answer.status_code == 422
    assert "6 are issued, but there are only 5." in text(answer)
    assert shown(answer)["kit-issued"] == "6"
    assert not station.equipment.exists()


def test_issued_without_a_quantity_asks_for_it(as_, chief):
    answer = save(as_(chief), address(("stations:equipment", ())), {"kit-issued": "6"})
    assert "Enter the quantity; 0 if there is none." in text(answer)


def test_the_right_to_keep_registers_is_looked_up_again_when_saving(as_, chief, station):
    client, page = as_(chief), address(("stations:profile", ()))
    opened = shown(client.get(page))
    other = factories.station()
    type(chief).objects.filter(pk=chief.pk).update(station=other)
    chief.refresh_from_db()
    client.force_login(chief)  # the move ended the session; the page is still open
    assert client.post(page, opened | {"residents": "1"}).status_code == 404
    assert Station.objects.get(pk=station.pk).residents is None
