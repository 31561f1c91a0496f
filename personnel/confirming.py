"""By what a person confirms an act; the asking itself is in stationstd/confirming.py, named here for all apps above."""

from stationstd.confirming import CODE_FIELD, FIELD, FRESH, confirmed

from . import factors, lockout

__all__ = ["CODE_FIELD", "FIELD", "FRESH", "Confirmation", "confirmed"]


class Confirmation:
    """Whose login asked for a code of the phone gives one here too. A certificate the gateway shows all the time."""

    def __init__(self, request):
        self.user = request.user
        self.asks_code = factors.shown(request.session) == factors.CODE

    def fits(self, password: str, code: str) -> bool:
        """Whether these are the person's; counted like a login."""
        return lockout.check(self.user, password, code if self.asks_code else None)
