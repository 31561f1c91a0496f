"""Accounts: the security administrator's list, and everybody's own password."""

import re

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

from audit.models import Event
from personnel import accounts
from personnel.models import User
from personnel.roles import Role
from tests import factories
from tests.stations.pages import text

LIST = reverse("personnel:accounts")
NEW = reverse("personnel:account_new")
OWN = reverse("personnel:own_password")


def edit(account):
    return reverse("personnel:account_edit", args=[account.pk])


def reset(account):
    return reverse("personnel:account_password", args=[account.pk])


def typed(account, **values):
    """The edit form of an account as it stands, with some fields typed over."""
    now = {"name": account.name, "role": account.role, "station": account.station_id or "", "bureau": ""}
    return now | {"is_active": "on", "reason": "岗位调整"} | values


def shown_password(answer):
    return re.search(r'<output class="one-time">([^<]+)<', text(answer))[1]


def test_the_list_is_searched_by_name_place_role_and_state(as_, secadmin, chief):
    factories.user("reviewer", name="张考评", is_active=False)
    client = as_(secadmin)
    assert "李所长" in text(client.get(LIST, {"q": "城关"}))
    assert "李所长" not in text(client.get(LIST, {"role": "reviewer"}))
    assert "张考评" in text(client.get(LIST, {"active": "no"}))
    assert "No account found" in text(client.get(LIST, {"q": "nobody at all"}))


@pytest.mark.parametrize("query", [{"role": "x' OR 1=1"}, {"active": "maybe"}])
def test_a_choice_that_is_not_offered_is_refused(as_, secadmin, chief, query):
    assert as_(secadmin).get(LIST, query).status_code == 400


@pytest.mark.parametrize("query", [{"page": "-1"}, {"sort": "password"}])
def test_odd_search_words_change_nothing(as_, secadmin, chief, query):
    answer = as_(secadmin).get(LIST, query)
    assert answer.status_code == 200
    assert "李所长" in text(answer)


def test_a_new_account_gets_a_password_that_is_shown_once_and_works(as_, secadmin, station):
    client = as_(secadmin)
    answer = client.post(NEW, {"username": "new.clerk", "name": "王内勤", "role": "clerk", "station": station.pk})
    assert answer.status_code == 200
    password = shown_password(answer)
    account = User.objects.get(username="new.clerk")
    assert authenticate(username="new.clerk", password=password) == account
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert password not in text(client.get(edit(account)))
    event = Event.objects.get(action="account.create")
    assert password not in str(event.detail)
    assert event.detail["changed"]["station"] == [None, "CG01"]


@pytest.mark.parametrize(
    ("role", "field"),
    [("chief", "station"), ("clerk", "station"), ("reviewer", "bureau"), ("leader", "bureau"), ("sysadmin", "bureau")],
)
def test_a_role_that_needs_a_place_asks_for_it(as_, secadmin, role, field):
    answer = as_(secadmin).post(NEW, {"username": "somebody", "name": "某人", "role": role})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert 'value="somebody"' in text(answer)


@pytest.mark.parametrize("role", ["secadmin", "auditor"])
def test_administrators_of_rights_and_log_have_no_place(as_, secadmin, station, role):
    as_(secadmin).post(NEW, {"username": "somebody", "name": "某人", "role": role, "station": station.pk})
    account = User.objects.get(username="somebody")
    assert (account.station, account.bureau) == (None, None)


@pytest.mark.parametrize("username", ["cg-chief", "Li", "李", "a b", "-a", "", "a" * 41, "x\r\ny"])
def test_a_user_name_that_is_taken_or_odd_is_refused(as_, secadmin, chief, username):
    answer = as_(secadmin).post(NEW, {"username": username, "name": "某人", "role": "auditor"})
    assert answer.status_code == 422
    assert not User.objects.filter(name="某人").exists()


def test_a_change_of_role_moves_the_place_and_is_recorded_with_its_reason(as_, secadmin, chief, station):
    answer = as_(secadmin).post(edit(chief), typed(chief, role="reviewer", bureau=station.bureau_id))
    assert answer.status_code == 302
    chief.refresh_from_db()
    assert (chief.role, chief.station, chief.bureau) == ("reviewer", None, station.bureau)
    event = Event.objects.get(action="account.change")
    assert (event.chain, event.reason, event.by) == (f"account:{chief.pk}", "岗位调整", secadmin)
    assert event.detail["changed"]["role"] == ["chief", "reviewer"]
    assert event.detail["changed"]["station"] == ["CG01", None]


def test_a_change_without_a_reason_is_refused(as_, secadmin, chief):
    answer = as_(secadmin).post(edit(chief), typed(chief, name="新名", reason=" "))
    assert answer.status_code == 422
    chief.refresh_from_db()
    assert chief.name == "李所长"


def test_the_user_name_and_the_password_are_not_on_the_form(as_, secadmin, chief):
    before = chief.password
    as_(secadmin).post(edit(chief), typed(chief, username="other", password="plain", is_superuser="on"))
    chief.refresh_from_db()
    assert (chief.username, chief.password) == ("cg-chief", before)


@pytest.mark.parametrize("role", Role.values)
def test_the_own_role_cannot_be_changed(as_, secadmin, role):
    assert as_(secadmin).post(edit(secadmin), typed(secadmin, role=role)).status_code == 403
    assert as_(secadmin).post(reset(secadmin)).status_code == 403
    secadmin.refresh_from_db()
    assert secadmin.role == "secadmin"


def test_a_deactivated_person_is_sent_to_the_login_with_the_next_request(client, as_, secadmin, chief):
    registers = reverse("stations:registers", args=["CG01"])
    client.force_login(chief)
    assert client.get(registers).status_code == 200
    session = client.cookies["sessionid"].value

    values = typed(chief)
    del values["is_active"]
    assert as_(secadmin).post(edit(chief), values).status_code == 302

    client.cookies["sessionid"] = session
    assert client.get(registers).status_code == 302
    assert client.get(registers).url.startswith(reverse("login"))


def test_a_password_reset_ends_the_sessions_of_the_account(client, as_, secadmin, chief):
    client.force_login(chief)
    session = client.cookies["sessionid"].value
    answer = as_(secadmin).post(reset(chief))
    assert authenticate(username="cg-chief", password=shown_password(answer)) == chief
    client.cookies["sessionid"] = session
    assert client.get(reverse("stations:registers", args=["CG01"])).status_code == 302
    assert Event.objects.filter(action="account.password_reset", chain=f"account:{chief.pk}", by=secadmin).exists()


def test_opening_the_address_of_the_reset_resets_nothing(as_, secadmin, chief):
    before = chief.password
    assert as_(secadmin).get(reset(chief)).status_code == 405
    chief.refresh_from_db()
    assert chief.password == before


@pytest.mark.parametrize("number", ["0", "999999", "1" + "0" * 25])
def test_an_account_that_is_not_there_is_not_found(as_, secadmin, number):
    assert as_(secadmin).get(f"{LIST}{number}/").status_code == 404


@pytest.mark.parametrize("role", ["chief", "clerk", "reviewer", "leader", "sysadmin", "auditor"])
def test_nobody_else_touches_accounts(as_, chief, role):
    client = as_(factories.user(role))
    for address in (LIST, NEW, edit(chief)):
        assert client.get(address).status_code == 403
    for address in (NEW, edit(chief), reset(chief)):
        assert client.post(address, {}).status_code == 403


@pytest.mark.parametrize("role", Role.values)
def test_everybody_changes_the_own_password_and_stays_logged_in(as_, db, role):
    person = factories.user(role, password=factories.PASSWORD)
    client = as_(person)
    new = {"new_password1": "Plum-blossom-1949", "new_password2": "Plum-blossom-1949"}
    assert client.post(OWN, {"old_password": factories.PASSWORD} | new).status_code == 302
    assert authenticate(username=person.username, password="Plum-blossom-1949") == person
    assert client.get(OWN).status_code == 200
    assert Event.objects.filter(action="account.password", by=person).exists()


def test_a_one_time_password_opens_only_the_page_where_it_is_replaced(client, chief, secadmin):
    password = accounts.reset_password(chief, by=secadmin)
    assert client.login(username="cg-chief", password=password)
    registers = reverse("stations:registers", args=["CG01"])
    assert client.get(registers).url == OWN
    assert client.get(registers, headers={"HX-Request": "true"}).headers["HX-Redirect"] == OWN
    assert client.get(registers, headers={"Accept": "application/json"}).status_code == 403
    assert client.get(OWN).status_code == 200

    new = {"new_password1": "Plum-blossom-1949", "new_password2": "Plum-blossom-1949"}
    assert client.post(OWN, {"old_password": password} | new).status_code == 302
    assert client.get(registers).status_code == 200


def test_a_person_with_a_one_time_password_can_leave(client, chief, secadmin):
    client.login(username="cg-chief", password=accounts.reset_password(chief, by=secadmin))
    assert client.post(reverse("logout")).url == reverse("login")


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "Plum-blossom-1949", "Plum-blossom-1949"),
        (factories.PASSWORD, "short", "short"),
        (factories.PASSWORD, "password1234", "password1234"),
        (factories.PASSWORD, "li-suozhang", "li-suozhang"),
        (factories.PASSWORD, "Plum-blossom-1949", "Plum-blossom-1950"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(as_, station, old, new, again):
    person = factories.user("chief", station, password=factories.PASSWORD, username="li-suozhang")
    answer = as_(person).post(OWN, {"old_password": old, "new_password1": new, "new_password2": again})
    assert answer.status_code == 422
    assert authenticate(username="li-suozhang", password=factories.PASSWORD) == person
    assert f'value="{new}"' not in text(answer)
