"""The hook for personal certificates: a gateway checks them and says in a header whose it was (docs/security.md)."""

from django.conf import settings

from stationstd.proxies import is_ours


def presented(request) -> str:
    """What the gateway says of the certificate it has checked; "" without one, or when nobody trusted says so."""
    if not settings.CERTIFICATE_HEADER or not is_ours(request.META):
        return ""
    return request.headers.get(settings.CERTIFICATE_HEADER, "").strip()
