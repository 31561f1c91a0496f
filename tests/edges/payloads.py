"""What an attacker writes into a text. Each is short enough for every text field and carries a mark of its own."""

PAYLOADS = (
    "<script>z01z()</script>",
    "<img src=x onerror=z02z()>",
    "<svg/onload=z03z()>",
    '"><b onclick=z04z()>x',
    "'><i onfocus=z05z() autofocus>",
    '" onfocus="z06z()" autofocus a="',
    "' onmouseover='z07z()' a='",
    "javascript:z08z()//",
    "</title><script>z09z()</script>",
    "</textarea><svg onload=z10z()>",
    "--><script>z11z()</script>",
    "]]><script>z12z()</script>",
    "</script><svg onload=z13z()>",
    '{{7*7}}z14z{% now "Y" %}',
    "{0.__class__}z15z%(name)s%s",
    "${7*7}z16z#{7*7}<%=7*7%>",
    "<iframe src=//canary.test/z17z>",
    '<style>@import"//canary/z18z"',
    "<base href=//canary.test/z19z>",
    "<meta http-equiv=refresh url=z20z>",
    "\u202e<b>z21z</b>\u202c",  # written from right to left
    "\u2028</script>z22z\u2029",  # ends a line in old JavaScript
    "&lt;script&gt;z23z()&lt;/script&gt;",
    "<a href=javascript:z24z()>x</a>",
    "<ScRiPt\t/x>z25z()</sCrIpT>",
    '\\"-z26z()-\\";//\\',
    "<form action=//canary/z27z><input>",
    "<x data-hx-get=//canary/z28z>",
    "=HYPERLINK(1)z29z<br>",
)
MARKS = tuple(f"z{number:02}z" for number in range(1, len(PAYLOADS) + 1))


def marks_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text}


def packed(most: int, start: int) -> tuple[str, int]:
    """As many payloads as fit into `most` characters, from the one at `start` on; and how many they are, at least 1."""
    text, count = "", 0
    while count < len(PAYLOADS) and len(text) + len(following := PAYLOADS[(start + count) % len(PAYLOADS)]) <= most:
        text, count = text + following, count + 1
    assert count, f"no payload fits into {most} characters"
    return text, count
