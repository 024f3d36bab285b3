"""The template of the workers: ``python -m app.runs.worker_template``.

Importing NumPy is most of a worker's start, and of its memory. This process does it once, and then
forks a worker for each pair of pipes that the server sends it. It has one thread, so that a fork of
it is whole, and ends when its stdin closes. With the argument ``once`` it does not fork, but
becomes the worker: where system libraries do not survive a fork.

On stdout it tells the server, a line each: ``begun PID``, ``ended PID CODE`` (−9 is SIGKILL), or
``failed ERRNO``.
"""

import contextlib
import gc
import os
import signal
import socket
import sys
from types import FrameType

from app.runs import worker


def main() -> None:
    """Fork a worker for each pair of pipes that comes."""
    server = socket.socket(fileno=0)
    signal.signal(signal.SIGCHLD, tell_of_ended)
    gc.freeze()  # a collection would write to the pages that the workers share
    while True:
        _, pipes, _, _ = socket.recv_fds(server, 1, 2)
        if not pipes:
            return
        # A worker that ends at once must not be told of before it has begun.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        if sys.argv[1:] == ["once"]:
            tell("begun", os.getpid())
            become_worker(server, *pipes)
        try:
            process = os.fork()
        except OSError as error:
            tell("failed", error.errno or 0)
        else:
            if process == 0:
                become_worker(server, *pipes)
            tell("begun", process)
        for pipe in pipes:
            os.close(pipe)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])


def tell(what: str, *numbers: int) -> None:
    """Tell the server something."""
    with contextlib.suppress(BrokenPipeError):  # it is gone, which stdin tells, too
        os.write(1, f"{' '.join([what, *map(str, numbers)])}\n".encode())


def tell_of_ended(_signal: int, _frame: FrameType | None) -> None:
    """Tell the server of all workers that have ended."""
    with contextlib.suppress(ChildProcessError):  # there is none any more
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            process, status = ended
            tell("ended", process, os.waitstatus_to_exitcode(status))


def become_worker(server: socket.socket, commands: int, reports: int) -> None:
    """Train the run that comes through these pipes, and end."""
    server.detach()  # its number is that of the commands from here on
    for pipe, standard in ((commands, 0), (reports, 1)):
        os.dup2(pipe, standard)
        os.close(pipe)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    worker.main()


if __name__ == "__main__":
    main()
