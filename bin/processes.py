"""Children that never outlive us. Standard library only: bin/services runs before anything is installed."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 20
ENDS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
AWAITED = {*ENDS, signal.SIGCHLD}


def dying_with_parent(signum):
    """A preexec function: on Linux the child gets the signal when this process dies, even by SIGKILL."""
    library = ctypes.CDLL(None)
    parent = os.getpid()

    def prepare():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
        if sys.platform == "linux":
            library.prctl(PR_SET_PDEATHSIG, int(signum))
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def stop(process, *signals, patience=STOP_SECONDS):
    """End a process by the gentlest of the signals that works, then what it may have left of its own session."""
    for signum in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            break
        process.send_signal(signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
