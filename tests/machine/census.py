"""What has to happen in a run, so that a machine that has come to a standstill does not pass for a quiet one."""

from collections import Counter

_WANTED = """
accept: done invalid forbidden stale state
account: done forbidden
add photo: done forbidden
approve correction: done forbidden reauth not_found
ask correction: done forbidden stale state precondition
change: done invalid forbidden state precondition
confirm: done forbidden not_found stale state precondition
decide: done forbidden person
decline correction: forbidden not_found precondition
extend: done invalid forbidden stale state precondition
finish: done forbidden incomplete stale state precondition
move station: done login forbidden
no objection: done forbidden not_found stale state precondition
object: done forbidden not_found stale state precondition
publish: done invalid forbidden incomplete
remove photo: done forbidden not_found state
return: done invalid forbidden stale state
save: done forbidden not_found state precondition
submit: done forbidden not_found deadline incomplete stale state precondition
take: done not_found deadline incomplete state precondition
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
