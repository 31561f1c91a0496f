"""Write an event inside the transaction of the act it records: no event, no act."""

from contextvars import ContextVar

from .models import Event

# The socket peer of the request being served; set by stationstd.middleware, None outside a request.
address: ContextVar[str | None] = ContextVar("address", default=None)


def record(action: str, chain: str, *, by=None, reason: str = "", **detail) -> Event:
    """Record that `by` (a user, or None for the system) did `action`; `detail` must be JSON."""
    return Event.objects.create(
        action=action,
        chain=chain,
        by=by,
        role=getattr(by, "role", "") or "",
        address=address.get(),
        reason=reason,
        detail=detail,
    )
