"""An act that binds or hands out much asks for the password again when it was last given over five minutes ago.

Lives here, below every app, because audit may not import personnel; it asks what personnel.middleware hangs on the
request, personnel.confirming.Confirmation.
"""

from datetime import timedelta
from functools import wraps

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from .negotiation import wants_fragment, wants_json
from .refusals import Refused

FRESH = timedelta(minutes=5)
FIELD = "confirm_password"
CODE_FIELD = "confirm_code"
_CONFIRMED = "confirmed"


def confirmed(view, methods=("POST",)):
    """Do a POST only for a person who has logged in or confirmed within five minutes; else ask, with 403.

    The page that asks carries all that was sent and sends it again together with the password: nothing typed is lost.
    Stands below `requires`; the view does not see the password.
    """

    @wraps(view)
    def asking(request, *args, **kwargs):
        if request.method in methods:
            password, code = _taken_out(request)
            if not _is_fresh(request) and not _confirms(request, password, code):
                return _ask(request, is_wrong=password is not None)
        return view(request, *args, **kwargs)

    asking.reads_itself = frozenset({FIELD, CODE_FIELD})
    return sensitive_post_parameters(FIELD, CODE_FIELD)(asking)


def confirmed_download(view):
    """The same for a page that is a file: its address is opened by a link and again, with the password, by a form."""
    return confirmed(view, ("GET", "POST"))


def _taken_out(request) -> list[str | None]:
    """The password and the code that were sent along, None without; the view finds the rest as it was sent first."""
    rest = request.POST.copy()
    sent = [rest.pop(field, [None])[-1] for field in (FIELD, CODE_FIELD)]
    rest._mutable = False
    request.POST = rest
    return sent


def _is_fresh(request) -> bool:
    """The newest login of an account is the one this session began with."""
    login = request.user.last_login
    last = max(login.timestamp() if login else 0, request.session.get(_CONFIRMED, 0))
    return timezone.now().timestamp() - last <= FRESH.total_seconds()


def _confirms(request, password: str | None, code: str | None) -> bool:
    if password is None or not request.confirmation.fits(password, code or ""):
        return False
    request.session[_CONFIRMED] = timezone.now().timestamp()
    return True


def _ask(request, *, is_wrong: bool):
    if wants_json(request) or wants_fragment(request):
        raise Refused(403, "reauth", _("Confirm with your password first: load the page again and repeat the act."))
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    context = {"sent": sent, "field": FIELD, "is_wrong": is_wrong, "minutes": FRESH.seconds // 60}
    context["code_field"] = CODE_FIELD if request.confirmation.asks_code else None
    return render(request, "personnel/confirm.html", context, status=403)
