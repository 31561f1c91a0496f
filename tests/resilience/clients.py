"""Browsers of station chiefs and bureau staff: one connection kept open each, and a ledger of what was answered."""

import http.client
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from math import inf
from time import monotonic
from urllib.parse import urlencode
from uuid import uuid4

TOKEN = "r" * 32
_VERSION = re.compile(rb'data-version="(\d+)"')
PATIENCE = 40.0  # seconds until a client takes an answer for lost


REFUSED, IDLE, CUT = "refused", "idle", "cut"


class Answer:
    """`status` 0: no answer, the effect is unknown. `how` then says which of three:

    REFUSED  nobody listened, nothing was sent
    IDLE     a connection kept open had been closed meanwhile, as a proxy sees it and repeats the request
    CUT      the connection ended between the request and its answer
    """

    def __init__(self, status: int, seconds: float, headers=None, body: bytes = b"", how: str = ""):
        self.status, self.seconds, self.headers, self.body, self.how = status, seconds, headers or {}, body, how

    @property
    def is_done(self) -> bool:
        return 200 <= self.status < 400

    @property
    def is_refused(self) -> bool:
        return 400 <= self.status < 500

    @property
    def is_unknown(self) -> bool:
        """Cut or a server error: sent again, under the same op_id."""
        return self.status == 0 or self.status >= 500

    @property
    def version(self) -> int | None:
        """The version that stands now, as the page's script reads it."""
        found = _VERSION.search(self.body)
        return int(found[1]) if found else None


class Tally:
    """What all clients of a scenario saw; shared by their threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.statuses, self.hows, self.at = Counter(), Counter(), []
        self.without_retry_after = 0
        self.bodies: dict[int, bytes] = {}

    def note(self, answer: Answer, began: float) -> None:
        with self.lock:
            self.statuses[answer.status] += 1
            self.hows[answer.how] += bool(answer.how)
            self.at.append((began, answer.status, answer.seconds))
            if answer.status >= 400:
                self.bodies.setdefault(answer.status, answer.body[:2000])
            if answer.status == 503 and "Retry-After" not in answer.headers:
                self.without_retry_after += 1

    def percentile(self, share: float, *, since: float = 0.0, until: float = inf) -> float:
        """Seconds within which this share of the answers to requests of that time came; 0 when there was none."""
        found = sorted(seconds for began, _status, seconds in self.at if since <= began < until)
        return found[min(len(found) - 1, int(share * len(found)))] if found else 0.0

    def longest(self, status: int) -> float:
        return max((s for _, had, s in self.at if had == status), default=0.0)


class Browser:
    """One logged-in person. Not for several threads at once."""

    def __init__(self, port: int, session: str, tally: Tally):
        self.port, self.session, self.tally = port, session, tally
        self.connection, self.used = None, False

    def get(self, path: str, **headers) -> Answer:
        return self._send("GET", path, None, headers)

    def post(self, path: str, form, **headers) -> Answer:
        """A form; as htmx sends it with `HX-Request="true"` among the headers (underscores for dashes)."""
        body = urlencode(form, doseq=True).encode()
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"} | headers)

    def upload(self, path: str, name: str, content: bytes, media_type: str) -> Answer:
        mark = uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        body = f"{head}Content-Type: {media_type}\r\n\r\n".encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def _send(self, method: str, path: str, body, headers) -> Answer:
        began = monotonic()
        answer = self._tried(method, path, body, headers, began)
        self.tally.note(answer, began)
        return answer

    def _tried(self, method, path, body, headers, began) -> Answer:
        try:
            if self.connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                connection.connect()
                self.connection = connection
        except OSError:
            return Answer(0, monotonic() - began, how=REFUSED)
        try:
            self.connection.request(method, path, body, self._headers(headers))
            response = self.connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            was_idle = self.used and isinstance(error, ConnectionError)
            self.close()
            return Answer(0, monotonic() - began, how=IDLE if was_idle else CUT)
        self.used = True
        if response.will_close:
            self.close()
        return Answer(response.status, monotonic() - began, response.headers, content)

    def _headers(self, more) -> dict[str, str]:
        own = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        return own | {name.replace("_", "-"): value for name, value in more.items()}

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection, self.used = None, False


class Sheet:
    """One station's answers as its chief types them: each is sent until it is acknowledged or refused."""

    def __init__(self, made: dict, browser: Browser):
        self.pk, self.browser = made["assessment"], browser
        self.versions = dict(made["versions"])
        self.metrics = sorted(self.versions)
        self.acked: list[tuple[str, str, float]] = []  # (metric, op_id, value), in the order of the answers
        self.refused: list[str] = []
        self.unknown: list[tuple[str, str, float]] = []
        self.last_done = 0.0
        self.done_at: list[float] = []

    def path(self, act: str) -> str:
        return f"/assessments/{self.pk}/{act}/"

    def save(self, metric: str, value: float, *, until: float, times: int = 1) -> Answer:
        """One answer under one op_id. After a cut or a 5xx it is sent again, until `until` (monotonic)."""
        op_id = str(uuid4())
        form = {"metric": metric, "value": value, "version": self.versions[metric], "op_id": op_id}
        while True:
            for _ in range(times):
                answer = self.browser.post(self.path("save"), form, HX_Request="true")
            if not answer.is_unknown or monotonic() > until:
                break
            rest(0.5)
        self._enter(answer, metric, op_id, value)
        return answer

    def first_done_after(self, moment: float) -> float:
        """When the first save after `moment` was acknowledged; infinity for never."""
        return next((at for at in self.done_at if at > moment), float("inf"))

    def _enter(self, answer: Answer, metric: str, op_id: str, value: float) -> None:
        if answer.is_done:
            self.acked.append((metric, op_id, value))
            self.last_done = monotonic()
            self.done_at.append(self.last_done)
        elif answer.is_unknown:
            self.unknown.append((metric, op_id, value))
        else:
            self.refused.append(op_id)
        if answer.version is not None:
            self.versions[metric] = answer.version


_NEVER = threading.Event()


def rest(seconds: float) -> None:
    _NEVER.wait(max(0.0, seconds))


class Crowd:
    """Threads that do `act(one)` for each of `people`, each `every` seconds until `stop()` or `seconds` are over."""

    def __init__(self, people, act, *, seconds: float, every: float = 1.0):
        people = list(people)
        self.over, self.until = threading.Event(), monotonic() + seconds
        self.pool = ThreadPoolExecutor(len(people))
        self.runs = [
            self.pool.submit(self._run, one, act, every, number * every / len(people))
            for number, one in enumerate(people)
        ]

    def _run(self, one, act, every, offset) -> None:
        due = monotonic() + offset
        while not self.over.wait(max(0.0, due - monotonic())) and monotonic() < self.until:
            due = max(due + every, monotonic())
            act(one)

    def stop(self) -> None:
        self.over.set()

    def join(self) -> None:
        """Wait for all; raises what one of them raised."""
        self.pool.shutdown()
        for run in self.runs:
            run.result()


def at_once(acts) -> list:
    """What these functions return, begun at the same moment in threads of their own."""
    acts = list(acts)
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
