"""Which keys a POST may carry: those that its view names. Any other is refused, none is ignored.

A view that names none takes no POST at all: a new one is closed until it says what it reads.
"""

from fnmatch import fnmatchcase
from functools import wraps
from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.utils.translation import gettext_lazy as _

from . import errors, refusals

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of Django's field, not a secret
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class Keys(NamedTuple):
    """What a POST may carry. A name with a * stands for names that only the form can tell apart.

    names    keys of the body, each at most once
    several  keys of the body that may come more than once
    files    keys of uploaded files
    query    keys of the address
    """

    names: frozenset[str]
    several: frozenset[str]
    files: frozenset[str]
    query: frozenset[str]

    def takes(self, key: str) -> bool:
        """Whether the body may have this key."""
        return any(fnmatchcase(key, name) for name in self.names | self.several)

    def require(self, request, also: frozenset[str] = frozenset()) -> None:
        """Refused (415) for a body that is no form, (400) for a key that is not taken or comes twice, and for a NUL."""
        if request.content_type not in _FORMS and (request.content_type or request.body):
            raise refusals.unsupported(_("Send this as a form."))
        said, known = request.POST, also | {_TOKEN}
        unknown = any(key not in known and not self.takes(key) for key in said)
        twice = any(len(said.getlist(key)) > 1 for key in said if key not in self.several)
        if unknown or twice or set(request.FILES) - self.files or set(request.GET) - self.query:
            raise unclear()
        if any("\0" in value for values in said.lists() for value in values[1]):  # PostgreSQL takes none in a text
            raise refusals.invalid(_("What you typed holds a sign that cannot be stored. Type it anew."))


def takes(*sources, without=(), several=(), files=(), query=()):
    """Let a POST carry these keys and no others. A source is a key, a pattern of keys, or a form with its fields."""
    names = frozenset(name for source in sources for name in _names(source)) - frozenset(without)
    keys = Keys(names, frozenset(several), frozenset(files), frozenset(query))

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if request.method == "POST":
                keys.require(request, getattr(view, "reads_itself", frozenset()))
            return view(request, *args, **kwargs)

        checked.takes = keys
        return checked

    return decorate


class KeysMiddleware:
    """Refuses a body that is too long before anybody reads it, and a POST to a view that takes none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if _length(request) > settings.REQUEST_BYTES:
            limit = settings.REQUEST_BYTES // 1024**2
            message = _("More than %(limit)s MB cannot be sent at once.") % {"limit": limit}
            return errors.refused(request, refusals.too_large(message))
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_closed = request.method == "POST" and not hasattr(view, "takes")
        return HttpResponseNotAllowed(["GET", "HEAD"]) if is_closed else None


def _length(request) -> int:
    """Bytes of the body as announced; the server reads no more than these."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0


def _names(source):
    return (source,) if isinstance(source, str) else source.base_fields


def unclear():
    """The refusal of a request that says what this product never asks for."""
    return refusals.invalid(_("This request has fields that do not belong here. Reload the page."))
