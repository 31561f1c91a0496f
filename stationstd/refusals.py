"""A write that is not done: the answer's status, a code for programs, and words for the person.

Raised by whatever notices, turned into a page or a fragment by stationstd.middleware; nothing is written.
"""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """`status` is the HTTP status, `code` one word for programs, `message` says what happened and what to do.

    `context` goes to the template and to JSON, for example the current value behind a stale version.
    `retry_after`, in seconds, says when it is worth trying again; None where waiting does not help.
    """

    def __init__(self, status: int, code: str, message, *, retry_after: int | None = None, **context):
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.context = context
        self.retry_after = retry_after

    def marked(self, response):
        """`response`, a page that shows this refusal, with what an answer to it carries besides its words."""
        response.refusal = self
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


def wrong_state(message=None) -> Refused:
    return Refused(409, "state", message or _("This is not possible in the present state. Reload the page to see it."))


def past_deadline(due_at) -> Refused:
    return Refused(409, "deadline", _("The due time has passed; nothing was changed."), due_at=due_at)


def stale(**current) -> Refused:
    """Somebody else changed it first; `current` is what stands there now."""
    return Refused(409, "stale", _("Somebody else changed this value after you opened the page."), **current)


def incomplete(message, **context) -> Refused:
    return Refused(409, "incomplete", message, **context)


def precondition_required() -> Refused:
    return Refused(428, "precondition", _("The request lacks the version it is based on. Reload the page."))


def invalid(message, **context) -> Refused:
    return Refused(400, "invalid", message, **context)


def too_large(message) -> Refused:
    return Refused(413, "too_large", message)


def unsupported(message) -> Refused:
    return Refused(415, "unsupported", message)


def too_many(message, *, retry_after: int = 60) -> Refused:
    return Refused(429, "too_many", message, retry_after=retry_after)
