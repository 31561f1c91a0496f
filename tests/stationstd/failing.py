"""Addresses that answer like a product in trouble; test_limits asks them."""

from django.http import HttpResponse
from django.urls import path

from stationstd.keys import takes


def answering(status):
    return takes()(lambda request: HttpResponse(status=status))


urlpatterns = [
    path("busy/", answering(429), name="busy"),
    path("down/", answering(503), name="down"),
    path("done/", answering(204), name="done"),
]
