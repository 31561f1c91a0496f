"""Tell Celery's workers that there is work, without making anybody wait for Redis.

The work itself stands in PostgreSQL and is rung for again by the sweep, so a ring may be lost, but it must not hold
up the person who asked: a Redis that hangs costs its client ten seconds.
"""

import logging
import queue
import threading

from kombu.exceptions import OperationalError

_MOST = 1000  # rings that wait; the sweep rings for what is beyond

logger = logging.getLogger(__name__)
_waiting: queue.Queue | None = None


def ring(task, *arguments) -> None:
    """Send the task. In a process that serves people a thread of its own does it, and no error comes back."""
    if _waiting is None:
        task.apply_async(arguments, retry=False)
    elif not _waiting.full():
        _waiting.put((task, arguments))


def start() -> None:
    """From now on nobody in this process waits for a ring."""
    global _waiting
    _waiting = queue.Queue(_MOST)
    threading.Thread(target=_serve, args=(_waiting,), name="bell", daemon=True).start()


def _serve(waiting: queue.Queue) -> None:
    while True:
        task, arguments = waiting.get()
        try:
            task.apply_async(arguments, retry=False)
        except OperationalError as error:
            logger.warning("Redis cannot be reached (%s): the sweep will ring", error)
            _forget(waiting)


def _forget(waiting: queue.Queue) -> None:
    """What waited would wait in vain, one after the other."""
    while not waiting.empty():
        waiting.get()
