"""What has to happen in a run, so that a machine that has come to a standstill does not pass for a quiet one."""

from collections import Counter

_WANTED = """
save: done forbidden not_found precondition invalid state deadline stale
take: done forbidden not_found precondition incomplete state stale
add photo: done forbidden not_found invalid state deadline
remove photo: done forbidden not_found state
submit: done forbidden not_found reauth precondition stale state incomplete deadline
change: done forbidden not_found precondition invalid state stale
accept: done forbidden not_found precondition invalid stale state
return: done forbidden not_found precondition invalid stale state
extend: done forbidden not_found precondition invalid stale state
finish: done forbidden not_found precondition stale state incomplete
object: done forbidden not_found precondition invalid stale state deadline
withdraw objection: done forbidden not_found stale state
no objection: done forbidden not_found precondition stale state deadline
decide: done forbidden not_found precondition person invalid stale state
confirm: done forbidden not_found precondition stale state
publish: done forbidden reauth invalid state incomplete
ask correction: done forbidden not_found precondition invalid stale state
approve correction: done forbidden not_found precondition reauth state
decline correction: done forbidden not_found precondition invalid state
account: done forbidden reauth login
move station: done forbidden
"""


def wanted() -> set[tuple[str, str]]:
    """{(rule, code)}; the code of what was done is "done"."""
    lines = (line.split(":") for line in _WANTED.strip().splitlines())
    return {(rule, code) for rule, codes in lines for code in codes.split()}


def never(count: Counter) -> list[tuple[str, str]]:
    """What was wanted and did not happen."""
    return sorted(wanted() - {(rule, code or "done") for rule, _status, code in count})


def told(count: Counter) -> str:
    """The census in lines."""
    lines = [f"{n:6} {rule}: {status} {code}".rstrip() for (rule, status, code), n in sorted(count.items())]
    return "\n".join([*lines, f"{count.total():6} steps"])
