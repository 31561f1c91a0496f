"""The acts of a period. Each is one transaction: lock, role, state, deadline, version, write, history, event."""

from .entering import Entered, Entry, enter
from .evidencing import add_evidence, change_evidence, remove_evidence, reuse_evidence
from .exempting import approve_exemption, decline_exemption, request_exemption, withdraw_exemption
from .explaining import explain
from .extending import extend
from .filling import Saved, save, submit, take
from .forwarding import carry_forward
from .objecting import decide_objection, declare_no_objection, object_to, withdraw_objection
from .opening import open_period
from .publishing import confirm, publish
from .reopening import approve_reopening, decline_reopening, request_reopening
from .verifying import accept, change, finish, send_back
from .vetoing import impose, withdraw

__all__ = [
    "Entered",
    "Entry",
    "Saved",
    "accept",
    "add_evidence",
    "approve_exemption",
    "approve_reopening",
    "carry_forward",
    "change",
    "change_evidence",
    "confirm",
    "decide_objection",
    "declare_no_objection",
    "decline_exemption",
    "decline_reopening",
    "enter",
    "explain",
    "extend",
    "finish",
    "impose",
    "object_to",
    "open_period",
    "publish",
    "remove_evidence",
    "request_exemption",
    "request_reopening",
    "reuse_evidence",
    "save",
    "send_back",
    "submit",
    "take",
    "withdraw",
    "withdraw_exemption",
    "withdraw_objection",
]
