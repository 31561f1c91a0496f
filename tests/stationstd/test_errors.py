"""What people see when something is refused, missing, wrong or away."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from stationstd import errors, refusals
from stationstd.access import requires
from stationstd.keys import takes
from stationstd.urls import urlpatterns as product

pytestmark = pytest.mark.django_db


def _raises(error):
    @takes()
    def view(request):
        raise error

    return view


@requires("period.publish")
@takes()
def publish(request):
    raise AssertionError("a chief came through")


due = timezone.make_aware(timezone.datetime(2026, 11, 20, 18, 0))
urlpatterns = [
    *product,
    path("stale/", _raises(refusals.stale(current=7))),
    path("late/", _raises(refusals.past_deadline(due))),
    path("big/", _raises(refusals.too_large("<i>Too big</i>"))),
    path("denied/", _raises(PermissionDenied())),
    path("fault/", _raises(ZeroDivisionError("the secret detail"))),
    path("gone/", _raises(OperationalError("server closed the connection"))),
    path("closed/", _raises(InterfaceError("connection already closed"))),
    path("publish/", publish),
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error


@pytest.fixture
def visitor(chief):
    """The chief's browser, on the product's addresses and some that fail."""
    client = Client(raise_request_exception=False)
    client.force_login(chief)
    with override_settings(ROOT_URLCONF=__name__):
        yield client


def test_a_refusal_is_a_page_with_a_way_back(visitor):
    response = visitor.post("/stale/", headers={"Referer": "http://testserver/desk/"})
    page = response.content.decode()
    assert response.status_code == 409
    assert 'data-code="stale"' in page
    assert 'href="http://testserver/desk/"' in page


def test_the_way_back_never_leaves_this_host(visitor):
    response = visitor.post("/stale/", headers={"Referer": "https://evil.example/"})
    assert b"evil.example" not in response.content


def test_a_refusal_is_a_notice_for_htmx(visitor):
    response = visitor.post("/late/", headers={"HX-Request": "true"})
    fragment = response.content.decode()
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#notices"
    assert 'data-code="deadline"' in fragment
    assert "2026" in fragment
    assert "<html" not in fragment


def test_a_refusal_is_json_for_a_script(visitor):
    response = visitor.post("/stale/", headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert response.json()["code"] == "stale"
    assert response.json()["current"] == 7


def test_markup_in_a_refusal_is_text(visitor):
    response = visitor.post("/big/", headers={"HX-Request": "true"})
    assert response.status_code == 413
    assert b"&lt;i&gt;Too big" in response.content


def test_an_act_of_another_role_is_403(visitor):
    assert visitor.post("/publish/").status_code == 403
    assert visitor.get("/denied/").status_code == 403


def test_a_missing_page_says_the_same_whatever_was_asked(visitor):
    first, second = visitor.get("/nothing/"), visitor.get("/nothing/else/")
    assert first.status_code == second.status_code == 404

    def told(response):
        return response.content.decode().split('class="refused"')[1].split("</main>")[0]

    assert told(first) == told(second)


def test_a_stranger_s_missing_page_has_no_menu(client):
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert b"side-nav" not in response.content


def test_a_fault_says_nothing_of_itself(visitor):
    response = visitor.get("/fault/")
    assert response.status_code == 500
    assert b"secret detail" not in response.content
    assert b"Traceback" not in response.content


@pytest.mark.parametrize("address", ["/gone/", "/closed/"])
def test_a_database_that_is_away_is_503_with_a_time_to_come_back(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


def test_the_error_page_asks_the_database_nothing(visitor, django_assert_num_queries):
    visitor.logout()
    request = visitor.get("/login/").wsgi_request
    with django_assert_num_queries(0):
        assert errors.server_error(request).status_code == 500


def test_a_write_without_the_token_is_403_in_words(chief):
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    response = client.post("/logout/")
    assert response.status_code == 403
    assert b'data-code="csrf"' in response.content


def test_a_wrong_host_is_400(client):
    assert client.get("/login/", headers={"Host": "evil.example"}).status_code == 400


def test_health_is_answered_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_readiness_asks_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert client.get("/readyz").status_code == 200


def test_readiness_is_503_while_the_database_is_away(client):
    def away(execute, sql, params, many, context):
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(away):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
