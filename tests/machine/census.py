"""What has to happen in a run, so that a machine that has come to a standstill does not pass for a quiet one."""

from collections import Counter

_WANTED = """
accept: done forbidden stale state
account: done forbidden
add photo: done forbidden not_found locked state
approve correction: done forbidden not_found
approve exemption: done forbidden state precondition
ask correction: done forbidden state
ask exemption: done forbidden not_found locked stale state precondition
carry: done invalid forbidden not_found state
change: done invalid forbidden state precondition
confirm: done forbidden stale state
decide: person
decline correction: forbidden precondition
decline exemption: done forbidden state precondition
describe photo: done invalid not_found
explain: done invalid forbidden stale state
extend: done invalid forbidden state precondition
finish: done forbidden incomplete stale state
move station: done forbidden
no objection: done forbidden not_found stale state
object: done forbidden not_found stale state precondition
offline sheet: done invalid forbidden locked stale state precondition
publish: done invalid forbidden incomplete
receipt: done not_found state
remove photo: done forbidden not_found state
return: done invalid forbidden stale state
reuse photos: done forbidden locked nothing state
save: done forbidden not_found locked state precondition
submit: done forbidden not_found incomplete stale state
take: done not_found incomplete state
withdraw exemption: done forbidden locked precondition
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
