"""A view names the act it is; a role that may not do that act gets 403.

Lives here, below every app, because stations and audit may not import personnel; it asks the user.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied


def requires(act: str):
    """Refuse (403) a user whose role may not do `act` (personnel/roles.py); the view carries it as `.act`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.may(act):
                raise PermissionDenied(act)
            return view(request, *args, **kwargs)

        guarded.act = act
        return guarded

    return decorate
