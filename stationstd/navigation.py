"""The menu, as a readable table: what is where, for whom. A role sees what it may do (personnel/roles.py)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from personnel.roles import Role


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `below` names the first steps of the paths on which it is the current one."""

    label: str
    icon: str
    name: str
    act: str
    below: str


# fmt: off
_LINES = (
    # label             icon              url name                 act                  current below
    (_("My station"),   "house-door",     "assessments:home",      "station.home",      "station assessments"),
    (_("Desk"),         "inboxes",        "assessments:desk",      "desk.view",         "desk objections assessments"),
    (_("Registers"),    "journal-text",   "stations:list",         "registers.view",    "stations"),
    (_("Ranking"),      "bar-chart-line", "assessments:ranking",   "ranking.view",      "ranking comparison year"),
    (_("Handling"),     "eye",            "assessments:oversight", "oversight.view",    "oversight"),
    (_("Reports"),      "file-text",      "assessments:reports",   "report.request",    "reports"),
    (_("Periods"),      "calendar3",      "assessments:periods",   "period.manage",     "periods"),
    (_("Organisation"), "diagram-3",      "stations:organisation", "organisation.manage", "organisation"),
    (_("Standards"),    "book",           "assessments:editions",  "edition.view",      "editions"),
    (_("Accounts"),     "people",         "personnel:accounts",    "account.manage",    "accounts"),
    (_("Audit log"),    "clock-history",  "audit:list",            "audit.view",        "audit"),
)

HOME = {
    Role.CHIEF:    "assessments:home",
    Role.CLERK:    "assessments:home",
    Role.REVIEWER: "assessments:desk",
    Role.LEADER:   "assessments:ranking",
    Role.SYSADMIN: "assessments:periods",
    Role.SECADMIN: "personnel:accounts",
    Role.AUDITOR:  "audit:list",
}
# fmt: on

MENU = tuple(Entry(*line) for line in _LINES)


def home_of(user) -> str:
    """The address of the page this user's work starts on."""
    return reverse(HOME[user.role])


def menu_of(user, path: str) -> list[dict]:
    """The lines of the menu this user may use; at most one is the current one."""
    lines = [_line(entry, path) for entry in MENU if user.may(entry.act)]
    for line in [line for line in lines if line["is_current"]][1:]:
        line["is_current"] = False
    return lines


def _line(entry: Entry, path: str) -> dict:
    address = reverse(entry.name)
    return {
        "label": entry.label,
        "icon": entry.icon,
        "address": address,
        "is_current": path.split("/")[1] in entry.below.split(),
        "current_kind": "page" if path == address else "true",
    }


def navigation(request) -> dict:
    """Context of every page: the menu; nothing for a stranger."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"navigation": menu_of(user, request.path)}
