"""A new view is closed by default: it names its act, or it stands in one of the two lists here."""

from django.core.checks import Error
from django.urls import URLPattern, URLResolver, get_resolver

# Open to strangers; these and no others carry login_not_required.
PUBLIC = {"login", "login_code", "language", "healthz", "readyz"}
# Open to every account: they act on the own account only, or show what is nobody's.
ANY_ROLE = {
    "home",
    "guide",
    "logout",
    "personnel:own_password",
    "personnel:second_factor",
    "personnel:second_factor_begin",
}


def patterns(resolver=None, namespaces: tuple[str, ...] = ()):
    """Every (name with namespaces, view) of the resolver, in order."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from patterns(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or "")), pattern.callback


def every_view_says_who_may(app_configs=None, **kwargs) -> list[Error]:
    """An error for each view that names no act and stands in no list, or stands in one wrongly."""
    return [error for name, view in patterns() for error in _wrongs(name, view)]


def _wrongs(name: str, view):
    has_act = hasattr(view, "act")
    if not has_act and name not in PUBLIC | ANY_ROLE:
        yield Error(
            f"The view of {name!r} says for nobody who may use it.",
            hint="Put @requires(act) on it, or name it in stationstd/checks.py.",
            id="stationstd.E001",
        )
    if has_act and name in PUBLIC | ANY_ROLE:
        yield Error(f"{name!r} names an act and stands in a list as well.", id="stationstd.E002")
    if (getattr(view, "login_required", True) is False) != (name in PUBLIC):
        yield Error(f"{name!r} is open to strangers on one side only.", id="stationstd.E003")
