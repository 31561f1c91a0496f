"""Every address of the quarter's work, in three sections: the station's, the bureau's, the administrators'."""

from django.urls import path

from .views import evidence

app_name = "assessments"

station = [
    path("assessments/<int:pk>/evidence/<str:criterion>/", evidence.evidence_add, name="evidence_add"),
    path("evidence/<uuid:pk>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<uuid:pk>/shown/", evidence.evidence_shown, name="evidence_shown"),
    path("evidence/<uuid:pk>/remove/", evidence.evidence_remove, name="evidence_remove"),
]

bureau = []

administration = []

urlpatterns = [*station, *bureau, *administration]
