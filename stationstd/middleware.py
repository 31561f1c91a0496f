"""What every answer carries, the language a person chose, the closed door, and refusals in words."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from audit import events

from . import errors
from .negotiation import wants_fragment, wants_json
from .proxies import address_of
from .refusals import Refused

_PRIVATE = "no-store, private"
_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


class EdgeMiddleware:
    """No page is kept by a cache or a shared PC, and no page gets more of the browser than it needs.

    Events recorded during the request carry the socket peer's address; what a header says of another one is
    believed from the proxies alone that the settings name.
    An address with a NUL in it gets 400: no address of ours has one, and PostgreSQL takes none in a text.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = events.address.set(address_of(request.META))
        try:
            response = errors.bad_request(request) if _has_nul(request) else self.get_response(request)
        finally:
            events.address.reset(token)
        response = errors.for_scripts(request, response)
        response.headers.setdefault("Cache-Control", _PRIVATE)
        response.headers.setdefault("Permissions-Policy", _POLICY)
        return response


def _has_nul(request) -> bool:
    return "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")


class LanguageMiddleware:
    """Chinese unless this person or this browser chose otherwise with the switch; Accept-Language is not asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


_ENDED = _(
    "You are no longer logged in: after a pause, because your account was logged in elsewhere, or because its "
    "password or its rights were changed."
)


class LoginMiddleware(LoginRequiredMiddleware):
    """Closed by default: a page is sent to the login, a script gets 401, and htmx is told where to go."""

    def handle_no_permission(self, request, view_func):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            messages.info(request, _ENDED)
        if wants_fragment(request):
            came_from = request.htmx.current_url_abs_path or "/"
            login = redirect_to_login(came_from, self.get_login_url(view_func))
            return HttpResponse(status=401, headers={"HX-Redirect": login.url})
        if wants_json(request):
            return JsonResponse({"code": "login"}, status=401)
        if request.method == "POST":  # nothing is at its address to be looked at: back to the page it was sent from
            return redirect_to_login(_page_before(request), self.get_login_url(view_func))
        return super().handle_no_permission(request, view_func)


def _page_before(request) -> str:
    """The page of ours that the browser says it comes from, "/" where it does not say or names another's."""
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(before, {request.get_host()})
    return urlsplit(before).path or "/" if is_ours else "/"


class RefusalMiddleware:
    """Turns a Refused raised anywhere below a view into its answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return errors.refused(request, exception) if isinstance(exception, Refused) else None
