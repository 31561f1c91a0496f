"""The second factor: everybody's own, and its reset by the security administrator."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from personnel import accounts, codes, factors
from personnel.access import requires
from personnel.confirming import confirmed
from personnel.forms.factors import CodeForm, ResetForm
from personnel.models import User
from stationstd import refusals
from stationstd.keys import takes


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(CodeForm)
def second_factor(request):
    """Whether the person has one; while it is being set up, its picture and the field for the first code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and factors.complete(request.user, form.cleaned_data["code"]):
            return _completed(request)
        if form.is_valid():
            form.add_error("code", _("This is not the code that the phone shows now. Wait for the next one."))
        status = 422
    key = factors.pending_key(request.user)
    context = {"form": form, "key": key, "picture": key and codes.picture(request.user, key)}
    context["is_needed"] = factors.must_have(request.user) and not factors.is_asked(request.user)
    return render(request, "personnel/second_factor.html", context, status=status)


def _completed(request):
    """The account now stands on one proof more: this session goes on, with a new key."""
    update_session_auth_hash(request, request.user)
    accounts.note_session(request.user, request.session)
    factors.note(request.session, factors.CODE)
    messages.success(request, _("Your second factor is set up. From now on the login asks for a code."))
    return redirect("home")


@require_POST
@takes()
@confirmed
def second_factor_begin(request):
    """Draw the secret: by POST and after the password, so that nobody does it on a page left open."""
    factors.begin(request.user)
    return redirect("personnel:second_factor")


@requires("account.manage")
@require_POST
@takes(ResetForm)
@confirmed
def account_factor_reset(request, pk):
    account = get_object_or_404(User, pk=pk)
    form = ResetForm(request.POST)
    if not form.is_valid():
        raise refusals.invalid(_("Say why the second factor is reset."), field="reason")
    if not factors.reset(account, by=request.user, reason=form.cleaned_data["reason"]):
        raise refusals.wrong_state(_("This account has no second factor."))
    messages.success(request, _("The second factor is reset."))
    return redirect("personnel:account_edit", pk=pk)
