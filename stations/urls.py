"""Addresses of registers and of the organisation."""

from django.urls import path

from .views import organisation, registers

app_name = "stations"
urlpatterns = [
    path("stations/", registers.station_list, name="list"),
    path("stations/<str:code>/", registers.overview, name="registers"),
    path("stations/<str:code>/profile/", registers.profile, name="profile"),
    path("stations/<str:code>/zones/<str:kind>/", registers.zone, name="zone"),
    path("stations/<str:code>/equipment/", registers.equipment, name="equipment"),
    path("stations/<str:code>/funding/", registers.funding, name="funding"),
    path("organisation/", organisation.tree, name="organisation"),
    path("organisation/stations/new/", organisation.station_new, name="station_new"),
    path("organisation/stations/<str:code>/", organisation.station_edit, name="station_edit"),
    path("organisation/bureaus/new/", organisation.bureau_new, name="bureau_new"),
    path("organisation/bureaus/<str:code>/", organisation.bureau_edit, name="bureau_edit"),
]
