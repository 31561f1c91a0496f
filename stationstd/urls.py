"""Every address of the product. There is no Django admin."""

from django.urls import include, path

from . import errors, sessions, views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", sessions.LoginView.as_view(), name="login"),
    path("login/code/", sessions.CodeView.as_view(), name="login_code"),
    path("logout/", sessions.LogoutView.as_view(), name="logout"),
    path("guide/", views.guide, name="guide"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("stations.urls")),
    path("", include("personnel.urls")),
    path("", include("assessments.urls")),
    path("", include("audit.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
