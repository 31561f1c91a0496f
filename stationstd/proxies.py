"""Whom a header about other people is believed: the proxies that PROXY_ADDRESSES names, nobody else."""

from ipaddress import ip_address

from django.conf import settings

# What a proxy says about the connection it has taken. Of these a proxy of ours may say some, anybody else none.
_ABOUT_OTHERS = ("HTTP_X_FORWARDED_", "HTTP_X_SSL_", "HTTP_X_REAL_IP", "HTTP_FORWARDED")


class ProxyMiddleware:
    """The first of all: drops what a stranger's request says about its own address, host, scheme or certificate."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_ours(request.META):
            for name in [name for name in request.META if _is_about_others(name)]:
                del request.META[name]
        return self.get_response(request)


def is_ours(headers) -> bool:
    """Whether the request comes from a proxy that the settings name."""
    return (headers.get("REMOTE_ADDR") or "local") in settings.PROXY_ADDRESSES


def address_of(headers) -> str | None:
    """The peer's address, or the one that a proxy of ours noted last; None where there is none (a local socket)."""
    peer = headers.get("REMOTE_ADDR") or ""
    if is_ours(headers):
        noted = headers.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        peer = noted if _is_address(noted) else peer
    return peer or None


def _is_about_others(name: str) -> bool:
    return name.startswith(_ABOUT_OTHERS) or name == "HTTP_" + settings.CERTIFICATE_HEADER.upper().replace("-", "_")


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
