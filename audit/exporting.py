"""The log as a workbook for the auditor's own records."""

from django.utils import timezone
from django.utils.translation import gettext as _

from stationstd.workbook import Sheet, book

from .actions import action_label, subject_label
from .lines import details, reason

MOST = 20_000  # lines; more is for a search by days

_WIDTHS = (10, 20, 16, 16, 14, 24, 20, 30, 60, 16, 8, 68)


def workbook(events) -> bytes:
    """One line an event, in the order given, with its place in the chain and its hash."""
    heads = [
        _("Number"),
        _("Time"),
        _("Person"),
        _("User name"),
        _("Role"),
        _("Action"),
        _("Subject"),
        _("Reason"),
        _("Details"),
        _("Address"),
        _("Place in the chain"),
        _("Hash"),
    ]
    return book([Sheet(_("Audit log"), heads, map(_line, events), _WIDTHS, frozen=2)])


def _line(event) -> list:
    return [
        event.pk,
        f"{timezone.localtime(event.at):%F %T}",
        event.by.name if event.by else _("System"),
        event.by.username if event.by else "",
        event.role,
        str(action_label(event.action)),
        str(subject_label(event.chain)),
        reason(event),
        "; ".join(f"{key}: {value}" for key, value in details(event)),
        event.address or "",
        event.number,
        event.hash,
    ]
