"""T31, T32: what every answer carries, whatever it answers."""

import json
import re

import pytest
from django.test import Client, override_settings
from django.urls import path, reverse

from stationstd import errors
from stationstd.settings import BASE_DIR
from stationstd.urls import urlpatterns as product
from tests import factories
from tests.setup.test_settings import PRODUCTION, manage


def _fails(request):
    raise ZeroDivisionError


urlpatterns = [*product, path("fails/", _fails)]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error

ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = {
    "default-src": {"'none'"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
    "connect-src": {"'self'"},
}
_HANDLER = re.compile(r"<[^>]*\s(on[a-z]+|style)\s*=", re.IGNORECASE)


@pytest.fixture
def answers(db):
    """One answer of every kind, by name."""
    client = Client(raise_request_exception=False)
    client.force_login(factories.user("leader", factories.published(factories.period()).bureau))
    auditor = Client()
    auditor.force_login(factories.user("auditor"))
    stranger = Client()
    with override_settings(ROOT_URLCONF=__name__):
        return {
            "page": client.get("/ranking/"),
            "login": stranger.get("/login/"),
            "redirect": stranger.get("/ranking/"),
            "json 401": stranger.get("/ranking/", headers={"Accept": "application/json"}),
            "fragment 401": stranger.get("/ranking/", headers={"HX-Request": "true"}),
            "400": client.get("/ranking/?sort=nonsense"),
            "nul": client.get("/ranking/?q=%00"),
            "host": client.get("/ranking/", headers={"Host": "evil.test"}),
            "403": client.get("/audit/"),
            "404": client.get("/nothing/"),
            "405": client.post("/ranking/"),
            "500": client.get("/fails/"),
            "workbook": client.get("/ranking/?export=xlsx"),
            "audit workbook": auditor.get(reverse("audit:export")),
            "health": stranger.get("/healthz"),
            "static": stranger.get("/static/css/app.css"),
            "no static": stranger.get("/static/../settings.py"),
        }


def test_every_answer_tells_the_browser_its_limits(answers):
    wrong = {
        (name, header): answer.headers.get(header)
        for name, answer in answers.items()
        for header, value in ALWAYS.items()
        if answer.headers.get(header) != value
    }
    assert wrong == {}


def test_nothing_of_the_product_is_kept_in_a_cache(answers):
    kept = {name for name, answer in answers.items() if "no-store" not in answer.headers["Cache-Control"]}
    assert kept == {"static"}


def test_every_answer_has_the_policy_against_foreign_content(answers):
    nonces = []
    for name, answer in answers.items():
        policy = _policy(answer)
        assert {key: policy.get(key) for key in POLICY} == POLICY, name
        assert not any("unsafe" in word or "*" in word for words in policy.values() for word in words), name
        found = {word for word in policy["script-src"] if word.startswith("'nonce-")}
        assert policy["script-src"] - found == {"'self'"}, name
        nonces += found
        page = "" if answer.streaming else answer.content.decode("latin-1")
        if nonce := re.search(r'<script[^>]* nonce="([^"]+)"', page):
            assert found == {f"'nonce-{nonce[1]}'"}, name
    assert len(set(nonces)) == len(nonces)


def _policy(answer) -> dict[str, set[str]]:
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: set(words) for name, *words in parts}


def test_no_template_has_a_handler_or_a_style_of_its_own():
    found = [
        f"{path.relative_to(BASE_DIR)}: {match[0]}"
        for path in BASE_DIR.glob("*/templates/**/*.html")
        for match in _HANDLER.finditer(path.read_text("utf-8"))
    ]
    pages = sorted(BASE_DIR.glob("templates/**/*.html"))
    found += [f"{p.name}: {m[0]}" for p in pages for m in _HANDLER.finditer(p.read_text("utf-8"))]
    assert len(pages) > 50
    assert found == []


def test_no_text_of_people_is_called_safe():
    sources = [*BASE_DIR.glob("templates/**/*.html"), *BASE_DIR.glob("[aps]*/**/*.py")]
    words = (
        r"\|\s*safe\b",
        r"\bmark_safe\b",  # kept: the name to look for in the product, nothing is marked here
        "autoescape off",
        "SafeString",
        "allow_javascript",
        r"\bRawSQL\b",
        r"\.extra\(",
    )  # each lets text of people through as markup or SQL
    calls = re.compile("|".join(words))
    # Skeletons escape what they put in by themselves: tests/stationstd/test_skeletons.py.
    assert [path.name for path in sources if calls.search(path.read_text("utf-8"))] == ["skeletons.py"]


def test_cookies_in_production_are_bound_to_this_host_and_to_tls():
    names = (
        "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE "
        "SESSION_COOKIE_DOMAIN SESSION_COOKIE_PATH CSRF_COOKIE_NAME CSRF_COOKIE_SECURE CSRF_COOKIE_SAMESITE "
        "CSRF_COOKIE_DOMAIN CSRF_COOKIE_PATH SECURE_SSL_REDIRECT"
    ).split()
    ask = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"
    told = manage("shell", "-v0", "-c", ask, **PRODUCTION)
    session = ["__Host-sessionid", True, True, "Lax", None, "/"]
    assert json.loads(told.stdout) == [*session, "__Host-csrftoken", True, "Lax", None, "/", True]


def test_the_cookie_of_a_session_says_so(db):
    client = Client()
    factories.user("leader", username="leader", password=factories.PASSWORD)
    client.post("/login/", {"username": "leader", "password": factories.PASSWORD})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
