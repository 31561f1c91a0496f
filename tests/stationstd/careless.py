"""Addresses as somebody in a hurry would write them; test_navigation wants them found."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from stationstd.access import requires


def careless(request):
    return HttpResponse()


urlpatterns = [
    path("open/", careless, name="open"),
    path("stranger/", login_not_required(requires("audit.view")(careless)), name="stranger"),
]
