"""Logging in and out, each recorded in the transaction that does it."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import get_user_model, login, views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.sessions.models import Session
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from audit import events
from personnel import accounts, certificates, factors, lockout
from personnel.forms.factors import CodeForm

from . import refusals
from .i18n import note_language
from .keys import takes
from .limits import is_over

WARNING = timedelta(days=7)
_OTHER_ENDED = _(
    "Your account was still logged in elsewhere; that login has ended. If it was not you: change your password and "
    "tell the security administrator."
)
_CERTIFICATE_MISSING = _("This account logs in with its certificate: insert it, open this page anew and try again.")
_RESET = _(
    "Your second factor was reset by %(name)s on %(at)s. If you did not ask for it: tell the audit administrator."
)
CODE_WITHIN = timedelta(minutes=5)
_PASSWORD_RIGHT = "password_right"  # noqa: S105 -- in the session of a stranger: who may now give a code


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
        _refuse_closed_address()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        user = form.get_user()
        if not factors.is_asked(user):
            return _enter(self.request, user, self.get_success_url())
        if user.certificate and certificates.presented(self.request) == user.certificate:
            lockout.forget(user.username)
            return _enter(self.request, user, self.get_success_url(), factors.CERTIFICATE)
        if user.second_factor_at:
            _note_password(self.request, user, self.get_success_url())
            return redirect("login_code")
        form.add_error(None, _CERTIFICATE_MISSING)
        return self.form_invalid(form)

    def form_invalid(self, form):
        record_failure(form.data.get("username", ""))
        return self.render_to_response(self.get_context_data(form=form), status=422)


@method_decorator(
    [login_not_required, require_http_methods(["GET", "HEAD", "POST"]), sensitive_post_parameters("code")],
    name="dispatch",
)
@method_decorator(takes(CodeForm), name="dispatch")
class CodeView(FormView):
    """The second half of a login: for five minutes after the password, the code of the phone."""

    form_class = CodeForm
    template_name = "registration/code.html"

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["code"].widget.attrs["autofocus"] = True
        return form

    def dispatch(self, request, *args, **kwargs):
        self.user = None if request.user.is_authenticated else _whose_password_was_right(request)
        return super().dispatch(request, *args, **kwargs) if self.user else redirect("login")

    def post(self, request, *args, **kwargs):
        _refuse_closed_address()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        if lockout.check_code(self.user, form.cleaned_data["code"]):
            target = self.request.session.pop(_PASSWORD_RIGHT)["target"]
            return _enter(self.request, self.user, target, factors.CODE)
        record_failure(self.user.username, factor=factors.CODE)
        form.add_error("code", _("The code is not right."))
        return self.form_invalid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _refuse_closed_address() -> None:
    if lockout.address_is_closed(events.address.get()):
        raise refusals.too_many(_("Too many logins from here have failed. Wait ten minutes and try again."))


def _note_password(request, user, target: str) -> None:
    """Remember that this browser gave the account's password; whatever would end a session ends this as well."""
    stands, at = user.get_session_auth_hash(), timezone.now().timestamp()
    request.session[_PASSWORD_RIGHT] = {"user": user.pk, "stands": stands, "at": at, "target": target}


def _whose_password_was_right(request):
    """The account that waits for its code in this browser; None when there is none, or it took too long."""
    noted = request.session.get(_PASSWORD_RIGHT)
    if noted is None or timezone.now().timestamp() - noted["at"] > CODE_WITHIN.total_seconds():
        return None
    user = get_user_model().objects.filter(pk=noted["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == noted["stands"] else None


@transaction.atomic
def _enter(request, user, target: str, shown: str | None = None):
    """Begin the session of a person who has proved to be `user`, with `shown` as second factor."""
    before, was_open = _take_over(user)
    login(request, user)
    if shown:
        factors.note(request.session, shown)
    accounts.note_session(user, request.session)
    detail = ({"ended_another": True} if was_open else {}) | ({"factor": shown} if shown else {})
    events.record("login", f"account:{user.pk}", by=user, **detail)
    if was_open:
        messages.warning(request, _OTHER_ENDED)
    _tell_of_reset(request, user, before.last_login)
    _warn_of_age(request, user)
    response = redirect(target)
    if user.language:
        note_language(request, response, user.language)
    return response


def _take_over(user):
    """Make this login the newest of the account, one after the other; what it was, and whether one was still open."""
    before = get_user_model().objects.select_for_update().get(pk=user.pk)
    user.logins = before.logins + 1
    user.save(update_fields=["logins"])
    return before, _is_open(before)


def _is_open(user) -> bool:
    rows = Session.objects.filter(session_key=user.session_key or None, expire_date__gt=timezone.now())
    session = rows.first()
    return session is not None and not is_over(session.get_decoded(), user.role, timezone.now().timestamp())


def _tell_of_reset(request, user, last_login) -> None:
    """Say once who took the second factor away since the owner was last here."""
    if reset := factors.reset_since(user, last_login):
        at = date_format(timezone.localtime(reset.at), "SHORT_DATETIME_FORMAT")
        name = reset.by.name if reset.by else _("somebody at the server")
        messages.warning(request, _RESET % {"name": name, "at": at})


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


def record_failure(username: str, **detail):
    """Record and count a failed login. A name that is no account's is not kept: a password may be typed too early."""
    account = get_user_model().objects.filter(username=username[:150]).first()
    events.record("login_failed", f"account:{account.pk}" if account else "administration", **detail)
    lockout.note_address(events.address.get())
