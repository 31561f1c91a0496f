"""Ask once before a text with somebody's ID or mobile number is stored: it is seldom needed, and everybody reads it."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from . import errors, personal
from .confirming import FIELD
from .negotiation import wants_fragment, wants_json
from .refusals import Refused

KEEP = "keep_numbers"  # sent along, with "yes", by whoever was asked and wants the number to stand there
_NOT_READ = {"csrfmiddlewaretoken", "op_id", "draft", "username", KEEP}
_ASKED = _(
    "This looks like an ID number or a mobile number. Whoever may read this text would read it too: leave it out "
    "unless it has to stand there."
)


class PersonalNumbersMiddleware:
    """The last before the view, which does not see the answer; 409 with what was sent, to be sent again as it is."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or not request.user.is_authenticated or FIELD in request.POST:
            return None  # whoever confirms with the password sends what was looked at before
        is_kept = _taken_out(request) == "yes"
        return None if is_kept or not _has_number(request.POST) else _ask(request)


def _taken_out(request) -> str | None:
    if KEEP not in request.POST:
        return None
    rest = request.POST.copy()
    said = rest.pop(KEEP)[-1]
    rest._mutable = False
    request.POST = rest
    return said


def _has_number(said) -> bool:
    texts = (value for name, values in said.lists() if not _is_secret(name) for value in values)
    return any(personal.id_numbers(text) or personal.mobile_numbers(text) for text in texts)


def _is_secret(name: str) -> bool:
    return name in _NOT_READ or "password" in name or "code" in name


def _ask(request):
    if wants_json(request) or wants_fragment(request) or request.FILES:
        return errors.refused(request, Refused(409, "personal", _ASKED))
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    context = {"asked": _ASKED, "sent": sent, "keep": KEEP}
    return render(request, "errors/personal.html", context, status=409)
