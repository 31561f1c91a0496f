"""Addresses of the registers of people, of accounts, and of the own password."""

from django.urls import path

from .views import accounts, factors, history, registers

app_name = "personnel"
urlpatterns = [
    path("stations/<str:code>/staffing/", registers.staffing, name="staffing"),
    path("stations/<str:code>/training/", registers.training, name="training"),
    path("stations/<str:code>/training/new/", registers.training_new, name="training_new"),
    path("stations/<str:code>/training/<int:pk>/", registers.training_edit, name="training_edit"),
    path("stations/<str:code>/training/<int:pk>/delete/", registers.training_delete, name="training_delete"),
    path("stations/<str:code>/history/", history.register_history, name="register_history"),
    path("stations/<str:code>/as-of/", history.registers_on, name="registers_on"),
    path("account/password/", accounts.own_password, name="own_password"),
    path("account/second-factor/", factors.second_factor, name="second_factor"),
    path("account/second-factor/begin/", factors.second_factor_begin, name="second_factor_begin"),
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<int:pk>/", accounts.account_edit, name="account_edit"),
    path("accounts/<int:pk>/password/", accounts.account_password, name="account_password"),
    path("accounts/<int:pk>/unlock/", accounts.account_unlock, name="account_unlock"),
    path("accounts/<int:pk>/second-factor/reset/", factors.account_factor_reset, name="account_factor_reset"),
]
