"""What a request may say when it saves one answer: these words and no others."""

import re
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from stationstd import refusals

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of Django's field, not a secret
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


class Taking(NamedTuple):
    """Which answer, based on which version, sent under which op_id; None where the request did not say."""

    metric: str
    version: int | None
    op_id: UUID | None

    @classmethod
    def read(cls, request) -> "Taking":
        require_only(request, {"metric", "version", "op_id"})
        return cls(_metric(request.POST), _version(request.POST), _op_id(request.POST))


class Saving(NamedTuple):
    """One answer as typed; `raw` is still text."""

    metric: str
    raw: str
    estimated: bool
    version: int | None
    op_id: UUID | None

    @classmethod
    def read(cls, request) -> "Saving":
        require_only(request, {"metric", "value", "estimated", "version", "op_id"})
        said = request.POST
        if said.get("estimated", "on") != "on" or "value" not in said:
            raise _unclear()
        return cls(_metric(said), said["value"], "estimated" in said, _version(said), _op_id(said))


def require_only(request, names: set[str]) -> None:
    """Refused (400) for a field that is not in `names`, one sent twice, a file, or anything in the address."""
    said = request.POST
    if request.GET or request.FILES or set(said) - names - {_TOKEN} or any(len(said.getlist(k)) > 1 for k in said):
        raise _unclear()


def read_whole(text: str | None) -> int | None:
    """A version or round as posted; None when it is not there, Refused (400) when it is no plain whole number."""
    if text is None:
        return None
    if not _WHOLE.fullmatch(text):
        raise _unclear()
    return int(text)


def _version(said) -> int | None:
    return read_whole(said.get("version"))


def _op_id(said) -> UUID | None:
    if "op_id" not in said:
        return None
    try:
        return UUID(said["op_id"])
    except ValueError as error:
        raise _unclear() from error


def _metric(said) -> str:
    if "metric" not in said:
        raise _unclear()
    return said["metric"]


def _unclear():
    return refusals.invalid(_("This request has fields that do not belong here. Reload the page."))
