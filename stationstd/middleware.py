"""What every answer carries, and the language a person chose."""

from django.conf import settings
from django.utils import translation

_PRIVATE = "no-store, private"
_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


class EdgeMiddleware:
    """No page is kept by a cache or a shared PC, and no page gets more of the browser than it needs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", _PRIVATE)
        response.headers.setdefault("Permissions-Policy", _POLICY)
        return response


class LanguageMiddleware:
    """Chinese unless this person or this browser chose otherwise with the switch; Accept-Language is not asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
