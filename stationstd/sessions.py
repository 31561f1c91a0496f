"""Logging in and out, each recorded in the transaction that does it."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import get_user_model, views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from audit import events
from personnel import accounts, lockout

from . import refusals
from .keys import takes
from .limits import is_over

WARNING = timedelta(days=7)
_OTHER_ENDED = _(
    "Your account was still logged in elsewhere; that login has ended. If it was not you: change your password and "
    "tell the security administrator."
)


class LoginForm(AuthenticationForm):
    """One sentence for every failure: a stranger does not learn which accounts exist or are active."""

    error_messages = {
        "invalid_login": _("The user name or the password is not right."),
        "inactive": _("The user name or the password is not right."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"


@method_decorator(login_not_required, name="dispatch")
@method_decorator(takes("username", "password", "next", query=["next"]), name="dispatch")
class LoginView(views.LoginView):
    """The session's key is changed by Django's login(); `next` stays on this host."""

    form_class = LoginForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        if lockout.address_is_closed(events.address.get()):
            raise refusals.too_many(_("Too many logins from here have failed. Wait ten minutes and try again."))
        return super().post(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form):
        user = form.get_user()
        was_open = _take_over(user)
        response = super().form_valid(form)
        accounts.note_session(user, self.request.session)
        events.record("login", f"account:{user.pk}", by=user, **({"ended_another": True} if was_open else {}))
        if was_open:
            messages.warning(self.request, _OTHER_ENDED)
        _warn_of_age(self.request, user)
        return response

    def form_invalid(self, form):
        record_failure(form.data.get("username", ""))
        lockout.note_address(events.address.get())
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _take_over(user) -> bool:
    """Make this login the newest of the account, one after the other; whether an earlier one was still open."""
    before = get_user_model().objects.select_for_update().get(pk=user.pk)
    user.logins = before.logins + 1
    user.save(update_fields=["logins"])
    return _is_open(before)


def _is_open(user) -> bool:
    rows = Session.objects.filter(session_key=user.session_key or None, expire_date__gt=timezone.now())
    session = rows.first()
    return session is not None and not is_over(session.get_decoded(), user.role, timezone.now().timestamp())


def _warn_of_age(request, user) -> None:
    """Say once a login, from a week before, when the password has to be replaced."""
    if not user.must_change_password and user.password_ends_at - timezone.now() <= WARNING:
        ends = date_format(timezone.localtime(user.password_ends_at), "SHORT_DATETIME_FORMAT")
        messages.warning(
            request, _("Your password is valid until %(ends)s. Please change it in time.") % {"ends": ends}
        )


@method_decorator(takes(), name="dispatch")
class LogoutView(views.LogoutView):
    """POST only; the session's row goes, and with it whatever a page kept in this browser."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        user = request.user
        events.record("logout", f"account:{user.pk}", by=user)
        get_user_model().objects.filter(pk=user.pk, session_key=request.session.session_key).update(session_key="")
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response


def record_failure(username: str):
    """Record a failed login. A name that is no account's is not kept: it may be a password typed too early."""
    account = get_user_model().objects.filter(username=username[:150]).first()
    events.record("login_failed", f"account:{account.pk}" if account else "administration")
