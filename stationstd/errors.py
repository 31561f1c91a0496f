"""Pages for what went wrong. Each says what happened and what to do; none says whether a thing exists."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from psycopg2 import errorcodes

from .logs import request_id
from .negotiation import wants_fragment, wants_json
from .refusals import Refused

_RETRY_SECONDS = "10"


def refused(request, refusal: Refused):
    """The answer to a refused act: a notice for htmx, JSON for a script, else a page."""
    return refusal.marked(_answer(request, refusal))


def _answer(request, refusal: Refused):
    if wants_json(request):
        return JsonResponse(_spoken(refusal), status=refusal.status)
    context = {"refusal": refusal, "back": _came_from(request), **refusal.context}
    if not wants_fragment(request):
        return render(request, "errors/refused.html", context, status=refusal.status)
    response = render(request, "_refused.html", context, status=refusal.status)
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _came_from(request) -> str:
    """The page of this host that sent the request, else the start page."""
    referer = request.headers.get("Referer", "")
    is_own = url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referer if is_own else "/"


def _spoken(refusal: Refused) -> dict:
    return {"code": refusal.code, "message": str(refusal.message), **refusal.context}


def for_scripts(request, response):
    """The answer as it is; to a script a refusal that has no code of its own becomes JSON with one."""
    spoken = response.headers.get("Content-Type", "").startswith("application/json")
    if response.status_code < 400 or spoken or not wants_json(request):
        return response
    kept = {
        name: response.headers[name] for name in ("Allow", "Retry-After", "HX-Redirect") if name in response.headers
    }
    refusal = getattr(response, "refusal", None)
    body = _spoken(refusal) if refusal else {"code": _CODES.get(response.status_code, "refused")}
    answer = JsonResponse(body, status=response.status_code, headers=kept)
    answer.cookies = response.cookies
    return answer


_KEPT = ("Allow", "Retry-After", "HX-Redirect")
_CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not_found",
    405: "method",
    409: "stale",
    413: "too_large",
    422: "invalid",
    429: "too_many",
    500: "error",
    503: "unavailable",
}


def bad_request(request, exception=None):
    """400, or 413 for too much, before anything of the request can be trusted: no session, no navigation."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return _plain(413, _("This request is too large"), _("Send less at once: one file after the other."))
    return _plain(
        400,
        _("This request cannot be understood"),
        _("Go back to the start page and try again from there."),
    )


def forbidden(request, exception=None):
    return refused(
        request,
        Refused(403, "forbidden", _("Your role may not do this."), title=_("Not allowed")),
    )


def not_found(request, exception=None):
    """The same words for what is not there and for what belongs to somebody else."""
    message = _("There is no such page, or it is not for you to see.")
    return refused(request, Refused(404, "not_found", message, title=_("Not found")))


def csrf_failure(request, reason=""):
    message = _("This page was open for too long or in a second window. Reload it and try again.")
    return refused(request, Refused(403, "csrf", message, title=_("Please reload the page")))


@sensitive_variables()
def server_error(request):
    """503 while the database cannot be used, 500 for a fault of ours. Touches neither database nor session."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError) or _is_withheld(error):
        return unavailable()
    return _plain(
        500,
        _("Something went wrong on our side"),
        _("Nothing was changed. Try again; if it happens again, tell your system administrator the number below."),
    )


def _is_withheld(error) -> bool:
    """Whether the database did not let the product work: no right to record, no patience left, or a mere copy."""
    return getattr(getattr(error, "__cause__", None), "pgcode", None) in _WITHHELD


_WITHHELD = {
    errorcodes.INSUFFICIENT_PRIVILEGE,
    errorcodes.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    errorcodes.READ_ONLY_SQL_TRANSACTION,
}


def unavailable():
    """503 with Retry-After: something the product depends on does not answer."""
    response = _plain(
        503,
        _("The service is not available just now"),
        _("Wait a moment and try again. What you sent may have been saved; sent again, it counts once."),
    )
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _plain(status: int, title: str, advice: str) -> HttpResponse:
    words = {"status": status, "title": title, "advice": advice, "number": request_id.get()}
    body = render_to_string("errors/plain.html", words)
    return HttpResponse(body, status=status)
