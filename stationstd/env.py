"""Read settings from the environment and fail loudly when one is wrong."""

import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_MISSING = object()


def text(name: str, default=_MISSING) -> str:
    """The variable as text. Raises ImproperlyConfigured when it is missing and has no default."""
    value = os.environ.get(name, default)
    if value is _MISSING:
        raise ImproperlyConfigured(f"{name} is not set; docs/setup.md lists every setting")
    return value


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} must be one of {', '.join(allowed)}")
    return value


def some_of(name: str, allowed: tuple[str, ...]) -> list[str]:
    """A comma-separated list of allowed words, empty by default."""
    words = names(name)
    for word in words:
        if word not in allowed:
            raise ImproperlyConfigured(f"{name}: {word!r} is not one of {', '.join(allowed)}")
    return words


def whole(name: str, default: int, *, between: tuple[int, int] | None = None) -> int:
    value = text(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number")
    if between and not between[0] <= int(value) <= between[1]:
        raise ImproperlyConfigured(f"{name}={value!r} must be from {between[0]} to {between[1]}")
    return int(value)


def database(name: str = "DATABASE_URL", *, required: bool = True) -> dict:
    """Django's DATABASES entry from postgres://user:password@host:port/name; host may be a socket folder.

    Without the variable, and where it is not required, the entry of a database that complains when it is used.
    """
    if not required and name not in os.environ:
        return {"ENGINE": "stationstd.nodatabase"}
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must start with postgres://: PostgreSQL is the only database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
    }
