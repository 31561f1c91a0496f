"""The acts of a period. Each is one transaction: lock, role, state, deadline, version, write, history, event."""

from .evidencing import add_evidence, remove_evidence
from .extending import extend
from .filling import save, submit, take
from .opening import open_period
from .publishing import confirm, publish
from .verifying import accept, change, finish, send_back
from .vetoing import impose, withdraw

__all__ = [
    "accept",
    "add_evidence",
    "change",
    "confirm",
    "finish",
    "impose",
    "decline_reopening",
    "extend",
    "open_period",
    "publish",
    "remove_evidence",
    "save",
    "send_back",
    "submit",
    "take",
    "withdraw",
]
