"""What a request says of its own host, scheme, address or certificate (T39)."""

import pytest
from django.test import Client
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from audit.models import Event
from personnel.models import User
from stationstd.proxies import ProxyMiddleware

PROXY, STRANGER = "10.0.0.1", "10.9.9.9"
HEADER = "X-SSL-Client-Certificate"


@pytest.fixture(autouse=True)
def gateway(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PROXY_ADDRESSES = [PROXY]
    settings.CERTIFICATE_HEADER = HEADER
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def chief(chief):
    User.objects.filter(pk=chief.pk).update(certificate="4F3A CN=CA,O=ga")
    chief.refresh_from_db()
    return chief


def browser(peer, **headers) -> Client:
    client = Client(REMOTE_ADDR=peer, headers={"X-Forwarded-Proto": "https", **headers})
    client.cookies["django_language"] = "en"
    return client


def log_in(client, **more):
    return client.post("/login/", {"username": "chief", "password": "Plum-blossom-1949"}, **more)


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "[::1", "a b"])
def test_a_host_that_is_not_ours_is_a_bad_request(settings, host, db):
    settings.SECURE_SSL_REDIRECT = False
    assert Client(headers={"Host": host}).get("/login/").status_code == 400


def test_a_forwarded_host_is_not_believed_from_anybody(settings):
    answers = [browser(peer, **{"X-Forwarded-Host": "evil.example"}).get("/") for peer in (PROXY, STRANGER)]
    assert "evil" not in "".join(answer["Location"] for answer in answers)


def test_the_scheme_is_believed_from_the_proxy_alone(db):
    assert browser(PROXY).get("/login/").status_code == 200
    assert browser(STRANGER).get("/login/")["Location"] == "https://testserver/login/"


def test_a_stranger_s_words_about_the_connection_are_dropped_and_others_kept(rf):
    spoken = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil", "X-SSL-Client-Verify": "SUCCESS"}
    spoken |= {"X-SSL-Client-DN": "CN=li", "Forwarded": "for=1.2.3.4", "X-Real-IP": "1.2.3.4", HEADER: "4F3A"}
    request = rf.get("/", headers=spoken | {"HX-Request": "true"}, REMOTE_ADDR=STRANGER)
    ProxyMiddleware(lambda _request: None)(request)
    assert [name for name in request.META if "FORWARDED" in name or "SSL" in name or "REAL" in name] == []
    assert request.headers["HX-Request"] == "true"


@pytest.mark.parametrize("name", ["X_SSL_CLIENT_CERTIFICATE", "X_SSL-Client_Certificate", "X_Forwarded_For"])
def test_the_web_server_drops_a_header_that_underscores_make_look_like_another(name):
    sent = f"GET / HTTP/1.1\r\nHost: testserver\r\n{name}: 4F3A\r\nX-Other: 1\r\n\r\n".encode()
    request = next(RequestParser(Config(), iter([sent]), (PROXY, 1)))
    assert [header for header, _value in request.headers] == ["HOST", "X-OTHER"]


# The certificate as second factor


def test_the_certificate_that_the_gateway_has_checked_completes_the_login(chief):
    client = browser(PROXY, **{HEADER: "4F3A CN=CA,O=ga"})
    assert log_in(client).status_code == 302
    assert client.get("/account/password/").status_code == 200
    assert Event.objects.get(action="login").detail == {"factor": "certificate"}


@pytest.mark.parametrize("shown", ["", "4F3B CN=CA,O=ga", "4F3A CN=CA,O=ga;"])
def test_without_its_certificate_the_account_is_not_opened(chief, shown):
    client = browser(PROXY, **{HEADER: shown})
    answer = log_in(client)
    assert answer.status_code == 422
    assert "logs in with its certificate" in answer.content.decode()
    assert client.get("/account/password/").status_code == 302


def test_what_a_stranger_says_of_a_certificate_opens_nothing(settings, chief):
    settings.SECURE_SSL_REDIRECT = False
    assert log_in(browser(STRANGER, **{HEADER: "4F3A CN=CA,O=ga"})).status_code == 422


def test_a_certificate_without_the_password_opens_nothing(chief):
    client = browser(PROXY, **{HEADER: "4F3A CN=CA,O=ga"})
    assert client.post("/login/", {"username": "chief", "password": "wrong"}).status_code == 422
    assert client.get("/account/password/").status_code == 302


def test_the_session_ends_when_the_certificate_is_no_longer_shown(chief):
    client = browser(PROXY, **{HEADER: "4F3A CN=CA,O=ga"})
    log_in(client)
    thief = browser(PROXY)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/account/password/").status_code == 302
    assert client.get("/account/password/").status_code == 302


def test_a_role_that_must_have_a_second_factor_has_one_with_a_certificate(settings, chief):
    settings.SECOND_FACTOR_ROLES = ["chief"]
    client = browser(PROXY, **{HEADER: "4F3A CN=CA,O=ga"})
    log_in(client)
    assert client.get("/").url != "/account/second-factor/"


def test_the_security_administrator_registers_certificates_and_no_two_accounts_share_one(chief, person):
    secadmin, clerk = person("secadmin"), person("clerk")
    client = browser(PROXY)
    client.force_login(secadmin)
    values = {"name": "内勤", "role": "clerk", "station": clerk.station_id, "is_active": "on", "reason": "领取证书"}
    page = f"/accounts/{clerk.pk}/"
    shared = client.post(page, values | {"certificate": chief.certificate})
    assert shared.status_code == 422
    assert "belongs to another account" in shared.content.decode()
    assert client.post(page, values | {"certificate": "4F3C CN=CA,O=ga"}).status_code == 302
    changed = Event.objects.get(action="account.change").detail["changed"]
    assert changed["certificate"] == ["", "4F3C CN=CA,O=ga"]
    assert client.post(f"/accounts/{secadmin.pk}/", values | {"certificate": "own"}).status_code == 403
