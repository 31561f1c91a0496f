"""What a request may say when it saves one answer: these words and no others."""

import re
from typing import NamedTuple
from uuid import UUID

from stationstd.keys import unclear

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


class Taking(NamedTuple):
    """Which answer, based on which version, sent under which op_id; None where the request did not say."""

    metric: str
    version: int | None
    op_id: UUID | None

    @classmethod
    def read(cls, request) -> "Taking":
        return cls(_metric(request.POST), _version(request.POST), read_op_id(request.POST))


class Saving(NamedTuple):
    """One answer as typed; `raw` is still text."""

    metric: str
    raw: str
    estimated: bool
    version: int | None
    op_id: UUID | None

    @classmethod
    def read(cls, request) -> "Saving":
        said = request.POST
        if said.get("estimated", "on") != "on" or "value" not in said:
            raise unclear()
        return cls(_metric(said), said["value"], "estimated" in said, _version(said), read_op_id(said))


def read_whole(text: str | None) -> int | None:
    """A version or round as posted; None when it is not there, Refused (400) when it is no plain whole number."""
    if text is None:
        return None
    if not _WHOLE.fullmatch(text):
        raise unclear()
    return int(text)


def _version(said) -> int | None:
    return read_whole(said.get("version"))


def read_op_id(said) -> UUID | None:
    if "op_id" not in said:
        return None
    try:
        return UUID(said["op_id"])
    except ValueError as error:
        raise unclear() from error


def _metric(said) -> str:
    if "metric" not in said:
        raise unclear()
    return said["metric"]
