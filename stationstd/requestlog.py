"""A number for every request, and a line in the log for each: what was asked, how it ended, how long it took."""

import logging
import secrets
import time

from . import logs
from .proxies import address_of

HEADER = "X-Request-Id"
_log = logging.getLogger("stationstd.request")


class RequestLogMiddleware:
    """Outermost but for the proxies'. The address without its query: what people search for is nobody's business."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        token = logs.request_id.set(secrets.token_hex(6))
        try:
            response = self.get_response(request)
            response.headers[HEADER] = logs.request_id.get()
            fields = {
                "status": response.status_code,
                "ms": round((time.monotonic() - began) * 1000),
                "address": address_of(request.META),
            }
            _log.info("%s %s", request.method, request.path, extra={"request": request, "fields": fields})
        finally:
            logs.request_id.reset(token)
        return response
