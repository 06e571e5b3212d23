"""Serving the demo: a server and a worker as children, which end with this program."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SERVER = ("-m", "gunicorn", "openpoems.web.config.wsgi", "--workers", "2", "--threads", "4", "--log-level", "warning")
_WORKER = ("-m", "django", "db_worker", "--verbosity", "0")


def serve(port: int) -> int:
    """Serve on this machine's own address until the server ends or Ctrl-C; the exit code of the server."""
    signal.signal(signal.SIGTERM, _stop)
    with _child(*_WORKER), _child(*_SERVER, "--bind", f"127.0.0.1:{port}") as server:
        try:
            return server.wait()
        except KeyboardInterrupt:
            return 0


@contextmanager
def _child(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program of this environment in a group of its own, asked to end when the block does."""
    # Of its own session: Ctrl-C reaches this program alone, which then ends both in order.
    child = subprocess.Popen([sys.executable, *arguments], env=os.environ, start_new_session=True)  # noqa: S603
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
