"""What a person has to do before anything else: replace the password, set up a second factor."""

from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from stationstd.negotiation import wants_fragment, wants_json

from . import certificates, factors
from .confirming import Confirmation

OWN_PASSWORD = "personnel:own_password"  # noqa: S105 -- the name of an address
SECOND_FACTOR = "personnel:second_factor"
# With such a password a person may change it, read the page in another language, or leave.
OPEN = {OWN_PASSWORD, "language", "logout"}
# Without the second factor that is asked a person may set it up as well.
OPEN_TO_HALF = OPEN | {SECOND_FACTOR, "personnel:second_factor_begin"}


class PasswordMiddleware:
    """Stands behind the login: sends whoever came in with a one-time or too old password to change it first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_public = not getattr(view, "login_required", True)
        if is_public or request.resolver_match.view_name in OPEN:
            return None
        must_change = getattr(request.user, "must_change_password", False)
        return _first(request, OWN_PASSWORD, "password") if must_change else None


class FactorMiddleware:
    """Ends a login that has not shown the second factor of its account; where the role needs one that is not there
    yet, it is set up first.

    Stands before the check of the login: whose certificate the gateway no longer shows is a stranger. Hangs on the
    request by what its person confirms an act.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and _is_half(request):
            logout(request)
        request.confirmation = Confirmation(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_public = not getattr(view, "login_required", True)
        if is_public or not request.user.is_authenticated or request.resolver_match.view_name in OPEN_TO_HALF:
            return None
        is_missing = factors.must_have(request.user) and not factors.is_asked(request.user)
        return _first(request, SECOND_FACTOR, "factor") if is_missing else None


def _is_half(request) -> bool:
    """Whether the account has a second factor that this login or this request does not show."""
    by = factors.shown(request.session)
    if by == factors.CERTIFICATE:
        return certificates.presented(request) != request.user.certificate
    return factors.is_asked(request.user) and by is None


def _first(request, page: str, code: str):
    if wants_json(request):
        return JsonResponse({"code": code}, status=403)
    if wants_fragment(request):
        return HttpResponse(status=403, headers={"HX-Redirect": reverse(page)})
    return redirect(page)
