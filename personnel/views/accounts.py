"""Accounts, kept by the security administrator; and everybody's own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import alarms
from personnel import accounts, lockout
from personnel.access import requires
from personnel.confirming import confirmed
from personnel.forms.accounts import AccountForm, NewAccountForm, OwnPasswordForm, UnlockForm
from personnel.forms.factors import ResetForm
from personnel.models import User
from personnel.roles import Role
from stationstd import refusals
from stationstd.keys import takes

ACCOUNTS_A_PAGE = 30


@requires("account.manage")
@require_safe
def account_list(request):
    """All accounts; `?q=` searches names and places, `?role=` and `?active=` narrow."""
    words, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    active = request.GET.get("active", "")
    if role not in ("", *Role.values) or active not in ("", "yes", "no"):
        raise refusals.invalid(_("This page has no such choice."))
    people = User.objects.select_related("station", "bureau")
    if words:
        people = people.filter(_fits(words))
    if role:
        people = people.filter(role=role)
    if active:
        people = people.filter(is_active=active == "yes")
    page = Paginator(people, ACCOUNTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "role": role, "active": active, "roles": Role.choices}
    context["locks"] = alarms.locks()
    return render(request, "personnel/accounts.html", context)


def _fits(words):
    return (
        Q(username__icontains=words)
        | Q(name__icontains=words)
        | Q(station__name__icontains=words)
        | Q(station__name_en__icontains=words)
        | Q(bureau__name__icontains=words)
        | Q(bureau__name_en__icontains=words)
    )


@requires("account.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(NewAccountForm)
@confirmed
def account_new(request):
    form = NewAccountForm(_sent(request))
    status = 200
    if request.method == "POST":
        if form.is_valid() and (password := _created(form, request.user)):
            return _show_once(request, form.instance, password)
        status = 422
    return render(request, "personnel/account_new.html", {"form": form}, status=status)


def _created(form, by):
    """The first password; None, with the mistake on the form, when somebody else took the name just now."""
    try:
        return accounts.create(form.save(commit=False), by=by)
    except IntegrityError:
        form.add_error("username", _("This user name is taken."))
        return None


@requires("account.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(AccountForm)
@confirmed
def account_edit(request, pk):
    account = get_object_or_404(User, pk=pk)
    if request.method == "POST" and account.pk == request.user.pk:
        raise PermissionDenied("account.manage")
    form = AccountForm(_sent(request), instance=account)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            accounts.change(form.save(commit=False), by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Saved."))
            return redirect("personnel:accounts")
        status = 422
    # The form has written its values into `account`; the heading shows what is stored.
    context = {"form": form, "account": User.objects.get(pk=pk), "is_own": pk == request.user.pk}
    context["deactivated"] = accounts.deactivated(account)
    context |= {"lock": lockout.lock_of(account), "unlock": UnlockForm(), "factor_reset": ResetForm()}
    return render(request, "personnel/account_edit.html", context, status=status)


@requires("account.manage")
@require_POST
@takes()
@confirmed
def account_password(request, pk):
    """Answered directly, without a redirect: the password exists in this one answer only."""
    account = get_object_or_404(User, pk=pk)
    return _show_once(request, account, accounts.reset_password(account, by=request.user))


@requires("account.manage")
@require_POST
@takes(UnlockForm)
@confirmed
def account_unlock(request, pk):
    account = get_object_or_404(User, pk=pk)
    if account.pk == request.user.pk:
        raise PermissionDenied("account.manage")
    form = UnlockForm(request.POST)
    if not form.is_valid():
        raise refusals.invalid(_("Say why the account is unlocked."), field="reason")
    if not accounts.unlock(account, by=request.user, reason=form.cleaned_data["reason"]):
        raise refusals.wrong_state(_("This account is not locked."))
    messages.success(request, _("The account is unlocked."))
    return redirect("personnel:account_edit", pk=pk)


def _show_once(request, account, password):
    return render(request, "personnel/account_password.html", {"account": account, "password": password})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@takes("old_password", "new_password1", "new_password2")
def own_password(request):
    form = OwnPasswordForm(request.user, _sent(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            person = accounts.change_own_password(form)
            update_session_auth_hash(request, person)
            accounts.note_session(person, request.session)
            messages.success(request, _("Your password is changed."))
            return redirect("home")
        status = 422
    context = {"form": form, "given": accounts.last_given(request.user)}
    return render(request, "personnel/own_password.html", context, status=status)


def _sent(request):
    return request.POST if request.method == "POST" else None
