"""Everything that Nudge asks of the operating system, apart from files and processes.

Priorities, limits, socket options and memory, each with what it does on other systems than Linux.
The worker imports this, so it imports no other module of Nudge.
"""

import ctypes
import gc
import os
import resource
import socket
import struct
import sys
from pathlib import Path

MAX_FILES = 2**16
IDLE = 20  # beyond the largest niceness, 19: run only while no other process wants the processor


def lower_priority(niceness: int) -> None:
    """Set this process's niceness, 0 to 19, or IDLE. It can only ever be raised."""
    os.nice(max(0, min(niceness, 19) - os.nice(0)))
    if niceness >= IDLE and hasattr(os, "SCHED_IDLE"):  # Linux only
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def limit_memory(max_bytes: int) -> None:
    """Limit this process's address space: beyond it, allocating raises MemoryError."""
    resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))


def limit_further_memory(max_bytes: int) -> None:
    """Limit what this process may allocate beyond what it has now. Linux only.

    It is for a process whose address space is mostly memory that it maps and shares with others:
    only what is its own, and written to, counts.
    """
    if sys.platform == "linux":
        own_pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        limit = own_pages * resource.getpagesize() + max_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def raise_file_limit() -> None:
    """Let this process open as many files as it is allowed to; each socket is one.

    The default limit is low, and a process may raise it itself.
    """
    _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if allowed == resource.RLIM_INFINITY else min(allowed, MAX_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, allowed))


def return_free_memory() -> None:
    """Collect garbage and return free memory to the system.

    GNU's C library would keep it for later; others return it themselves.
    """
    gc.collect()
    if malloc_trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        malloc_trim(0)


def limit_socket_buffers(sock: socket.socket, send_bytes: int, receive_bytes: int) -> None:
    """Limit what the kernel holds of data on its way out and on its way in."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_bytes)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)


def limit_unacknowledged(sock: socket.socket, seconds: float) -> None:
    """Drop the connection when sent data is not acknowledged in this time. Linux only."""
    if sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * seconds))


def reset_on_close(sock: socket.socket) -> None:
    """Make the kernel drop unsent data and send a reset when this socket is closed.

    Otherwise it keeps that data for as long as the other side is up and does not read.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
