"""Hostile clients in their own process: ``python -m benchmarks.load.rudeness``.

Arguments: the server's URL, the path of a run's socket, how many drop their sockets, how many
never read, how many send garbage. It says how many of those that never read were not cut off.
"""

import random
import select
import socket
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

from benchmarks.load.sockets import BINARY, TEXT, handshake, masked, open_socket

AT_ONCE = 20
ENOUGH = 30.0  # seconds until one who never reads leaves by itself


def reset(sock: socket.socket) -> None:
    """Leave with a reset instead of a goodbye."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def drop(url: str, path: str, chance: random.Random) -> None:
    """Open a socket and drop it: in the handshake, at the greeting, or in the middle of frames."""
    sock = open_socket(url, path)
    reads = chance.randrange(4)
    with suppress(OSError):
        for _ in range(reads):
            sock.recv(chance.randrange(1, 30_000))
        if reads:
            sock.sendall(masked(TEXT, b'{"type":"watch","frames_per_second":30}'))
    reset(sock)


def babble(url: str, path: str, chance: random.Random) -> None:
    """Send what no server wants: instead of the handshake, in it, or after it."""
    noise = chance.randbytes(chance.randrange(1, 20_000))
    hello = handshake(url, path)
    garbage = [
        noise,
        hello[: chance.randrange(20, 100)] + noise,
        hello + noise,  # frames without a mask, reserved opcodes
        hello + masked(BINARY, noise),
        hello + masked(TEXT, noise) * 5,  # not UTF-8
        hello + masked(TEXT, b"[" * 20_000),
        hello + masked(TEXT, b"")[:-1],  # half a message
        hello + b"\x81\xff" + (2**62).to_bytes(8, "big") + noise,  # the rest never comes
    ]
    address = urlsplit(url)
    sock = socket.create_connection((address.hostname, address.port), 30)
    with suppress(OSError):
        sock.sendall(chance.choice(garbage))
        sock.settimeout(1)
        sock.recv(2**16)
    reset(sock)


def never_read(url: str, path: str, count: int) -> None:
    """Have so many ask for all there is and read none of it, until all are cut off."""
    poll = select.poll()
    silent = {}
    for _ in range(count):
        sock = open_socket(url, path, receive_buffer=4096)
        sock.sendall(masked(TEXT, b'{"type":"watch","frames_per_second":30}'))
        poll.register(sock, select.POLLHUP | select.POLLERR)
        silent[sock.fileno()] = sock
    deadline = time.monotonic() + ENOUGH
    while silent and time.monotonic() < deadline:
        for descriptor, _ in poll.poll(100):
            poll.unregister(descriptor)
            silent.pop(descriptor).close()
    print(len(silent))
    for sock in silent.values():
        reset(sock)


def main() -> None:
    """Be rude in every way at once."""
    url, path, *counts = sys.argv[1:]
    dropped, silent, babbled = map(int, counts)
    chance = random.Random(0)  # noqa: S311 - the same rudeness every time
    with ThreadPoolExecutor(AT_ONCE) as threads:
        waiting = threads.submit(never_read, url, path, silent)
        deeds = [drop] * dropped + [babble] * babbled
        chance.shuffle(deeds)
        for done in [threads.submit(deed, url, path, chance) for deed in deeds]:
            done.result()
        waiting.result()


if __name__ == "__main__":
    main()
