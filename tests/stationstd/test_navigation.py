"""The menu of each role, and the rule that every view says who may."""

import pytest

from personnel.roles import Role
from stationstd import checks, navigation
from stationstd.access import requires

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_every_line_of_the_menu_opens(client, person, role):
    user = person(role)
    client.force_login(user)
    lines = navigation.menu_of(user, "/")
    assert lines
    for line in lines:
        assert client.get(line["address"], follow=True).status_code == 200, line["address"]


@pytest.mark.parametrize("role", Role.values)
def test_home_leads_to_a_page_of_the_own_menu(client, person, role):
    user = person(role)
    client.force_login(user)
    home = client.get("/").headers["Location"]
    assert home in {line["address"] for line in navigation.menu_of(user, "/")}


def test_administrators_see_nothing_of_the_business(person):
    names = {line["address"] for line in navigation.menu_of(person(Role.SECADMIN), "/")}
    assert names == {"/accounts/"}


def test_one_line_is_the_current_one(person):
    lines = navigation.menu_of(person(Role.CHIEF), "/assessments/7/fill/zones/")
    assert [str(line["address"]) for line in lines if line["is_current"]] == ["/station/"]


def test_a_stranger_has_no_menu(rf):
    assert navigation.navigation(rf.get("/")) == {}


def test_every_view_of_the_product_says_who_may():
    assert checks.every_view_says_who_may() == []


def test_a_view_that_names_no_act_fails_the_check(settings):
    settings.ROOT_URLCONF = "tests.stationstd.careless"
    problems = checks.every_view_says_who_may()
    assert {problem.id for problem in problems} == {"stationstd.E001", "stationstd.E003"}
    assert "'open'" in problems[0].msg


def test_an_act_that_is_not_in_the_table_is_a_mistake(client, rf, chief):
    request = rf.get("/")
    request.user = chief
    with pytest.raises(KeyError):
        requires("coffee.make")(lambda request: None)(request)
