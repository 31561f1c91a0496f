"""What the actions and subjects of the log are called on the page; one that is missing is shown by its code."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "login": _("Logged in"),
    "login_failed": _("Login failed"),
    "logout": _("Logged out"),
    "account.create": _("Account added"),
    "account.change": _("Account changed"),
    "account.factor": _("Second factor set up"),
    "account.factor_reset": _("Second factor reset"),
    "account.lock": _("Account locked after wrong passwords"),
    "account.lock_alarm": _("Many accounts locked in a day"),
    "account.password": _("Own password changed"),
    "account.password_reset": _("Password reset"),
    "account.stale": _("Account deactivated: long without a login"),
    "account.unlock": _("Account unlocked"),
    "account.wrong_password": _("Wrong password on an open page"),
    "address.lock": _("Too many failed logins from one address"),
    "assessment.accept": _("Items accepted"),
    "assessment.change": _("Fact changed by the reviewer"),
    "assessment.confirm": _("Assessment confirmed"),
    "assessment.explain": _("Word of explanation given"),
    "assessment.extend": _("Due time extended"),
    "assessment.return": _("Assessment returned"),
    "assessment.submit": _("Assessment submitted"),
    "assessment.verified": _("Verification closed"),
    "audit.begin": _("Verified facts recorded for the first time"),
    "audit.export": _("Audit log exported"),
    "audit.read": _("Audit log read"),
    "audit.verified": _("Audit log verified"),
    "audit.verify": _("Verification of the audit log requested"),
    "backup.make": _("Backup made"),
    "backup.restore": _("Restored from a backup"),
    "bureau.add": _("Bureau added"),
    "bureau.change": _("Bureau changed"),
    "draft.begin": _("Draft of a standard begun"),
    "draft.change": _("Draft of a standard changed"),
    "draft.discard": _("Draft of a standard discarded"),
    "draft.publish": _("Draft of a standard published"),
    "edition.load": _("Edition loaded"),
    "evidence.add": _("Evidence added"),
    "evidence.change": _("Evidence rearranged or described anew"),
    "evidence.damaged": _("Evidence found damaged"),
    "evidence.download": _("Evidence downloaded"),
    "evidence.remove": _("Evidence removed"),
    "evidence.reuse": _("Evidence of an earlier period used again"),
    "evidence.scan": _("Evidence scanned"),
    "exemption.approve": _("Criterion left out as not applicable"),
    "exemption.decline": _("Request for not applicable declined"),
    "exemption.request": _("Asked that a criterion is not applicable"),
    "exemption.withdraw": _("Request for not applicable withdrawn"),
    "objection.decide": _("Objection decided"),
    "objection.file": _("Objection filed"),
    "objection.none": _("No objection declared"),
    "objection.withdraw": _("Objection withdrawn"),
    "period.open": _("Period opened"),
    "period.publish": _("Period published"),
    "period.save": _("Period saved"),
    "register.save": _("Register saved"),
    "reopening.approve": _("Correction of a published result approved"),
    "reopening.decline": _("Correction of a published result declined"),
    "reopening.request": _("Correction of a published result requested"),
    "report.cancel": _("Report cancelled"),
    "report.damaged": _("Report found damaged"),
    "report.download": _("Report downloaded"),
    "report.request": _("Report requested"),
    "report.retry": _("Report tried again"),
    # The database's own record, without a person: audit/migrations/0005_watched_rows.py.
    "row.change": _("Row changed, recorded by the database"),
    "station.add": _("Station added"),
    "station.change": _("Station changed"),
    "veto.impose": _("Veto imposed"),
    "veto.withdraw": _("Veto withdrawn"),
}

SUBJECTS = {
    "account": _("Account"),
    "administration": _("Administration"),
    "assessment": _("Assessment"),
    "bureau": _("Bureau"),
    "draft": _("Draft"),
    "edition": _("Edition"),
    "period": _("Period"),
    "report": _("Report"),
    "station": _("Station"),
}


def action_label(action: str) -> str:
    return ACTIONS.get(action, action)


def subject_label(chain: str) -> str:
    """ "station:12" as "Station 12"."""
    kind, _colon, number = chain.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {number}".strip()
