"""The language switch."""

import pytest
from django.test import Client

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_chinese_is_first_whatever_the_browser_asks_for(client):
    response = client.get("/login/", headers={"Accept-Language": "de"})
    assert response.headers["Content-Language"] == "zh-hans"
    assert b'<html lang="zh-hans">' in response.content


def test_the_chosen_language_is_remembered(client):
    response = client.post("/language/", {"code": "en", "next": "/login/?next=/desk/"})
    assert response.headers["Location"] == "/login/?next=/desk/"
    assert b'<html lang="en">' in client.get("/login/").content


def test_an_unknown_language_changes_nothing(client):
    assert client.post("/language/", {"code": "xx", "next": "/login/"}).status_code == 400
    assert b'<html lang="zh-hans">' in client.get("/login/").content


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "", "x"])
def test_the_switch_stays_on_this_host(client, target):
    assert client.post("/language/", {"code": "en", "next": target}).headers["Location"] == "/"


def test_the_switch_is_not_turned_by_a_link(client):
    assert client.get("/language/?code=en").status_code == 405


def test_the_switch_needs_the_token():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/language/", {"code": "en", "next": "/login/"}).status_code == 403


def test_whoever_has_chosen_a_language_reads_it_in_another_browser(chief):
    first, second = Client(), Client()
    first.post("/login/", CREDENTIALS)
    first.post("/language/", {"code": "en", "next": "/"})
    second.post("/login/", CREDENTIALS)
    assert b'<html lang="en">' in second.get("/account/password/").content


def test_a_stranger_s_choice_changes_nobody_s(chief):
    Client().post("/language/", {"code": "en", "next": "/"})
    client = Client()
    client.post("/login/", CREDENTIALS)
    assert b'<html lang="zh-hans">' in client.get("/account/password/").content


CREDENTIALS = {"username": "chief", "password": PASSWORD}
