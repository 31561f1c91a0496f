"""Who may do what. One role an account; scope (which stations) is decided by the querysets.

Read it as a table: a row is an act, the columns are the roles that may do it. Administrators hold no
business right, and system, security and audit administration are three different accounts (三员分立).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CHIEF = "chief", _("Station chief")
    CLERK = "clerk", _("Clerk")
    REVIEWER = "reviewer", _("Reviewer")
    LEADER = "leader", _("Leader")
    SYSADMIN = "sysadmin", _("System administrator")
    SECADMIN = "secadmin", _("Security administrator")
    AUDITOR = "auditor", _("Audit administrator")


STATION_ROLES = (Role.CHIEF, Role.CLERK)
BUREAU_ROLES = (Role.REVIEWER, Role.LEADER, Role.SYSADMIN)
# 三员: they hold no business right, and their accounts are kept more strictly.
ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)

_TABLE = """
act                  chief  clerk  reviewer  leader  sysadmin  secadmin  auditor
station.home         x      x      .         .       .         .         .
registers.view       x      x      x         x       .         .         .
registers.edit       x      x      .         .       .         .         .
assessment.view      x      x      x         x       .         .         .
assessment.fill      x      x      .         .       .         .         .
assessment.submit    x      .      .         .       .         .         .
evidence.add         x      x      .         .       .         .         .
evidence.view        x      x      x         x       .         .         .
assessment.verify    .      .      x         .       .         .         .
assessment.return    .      .      x         .       .         .         .
assessment.confirm   .      .      x         .       .         .         .
assessment.extend    .      .      x         .       .         .         .
objection.file       x      .      .         .       .         .         .
objection.decide     .      .      x         .       .         .         .
veto.decide          .      .      x         .       .         .         .
period.publish       .      .      x         .       .         .         .
reopening.request    .      .      x         .       .         .         .
reopening.decide     .      .      x         .       .         .         .
oversight.view       .      .      x         x       .         .         .
desk.view            .      .      x         .       .         .         .
ranking.view         x      x      x         x       x         .         .
comparison.view      .      .      x         x       x         .         .
whatif.view          .      .      x         x       x         .         .
report.request       .      .      x         x       x         .         .
organisation.manage  .      .      .         .       x         .         .
period.manage        .      .      .         .       x         .         .
edition.view         x      x      x         x       x         .         .
edition.edit         .      .      .         .       x         .         .
account.manage       .      .      .         .       .         x         .
audit.view           .      .      .         .       .         .         x
"""


def _read(table: str) -> dict[str, frozenset[str]]:
    header, *rows = (line.split() for line in table.strip().splitlines())
    return {
        act: frozenset(role for role, mark in zip(header[1:], marks, strict=True) if mark == "x")
        for act, *marks in rows
    }


ACTS = _read(_TABLE)


def may(role: str, act: str) -> bool:
    """Whether `role` may do `act`. An act that is not in the table is a mistake in the code: KeyError."""
    return role in ACTS[act]
