"""One thread for BLAS, which multiplies NumPy's matrices.

Several threads divide a product among them and add up its parts in another order than one does,
which rounds differently in the last bit. Training is the same calculation over and over, so a bit
becomes another network. Matrices as small as these gain nothing from more threads.
"""

from functools import cache
from typing import Any


class one_blas_thread:  # noqa: N801 - it is written as a function is: with one_blas_thread():
    """Let BLAS use one thread in this block, and as many as before after it.

    That takes the package threadpoolctl, which is installed with Nudge; without it, or with a BLAS
    that it does not know, nothing changes.

    A class, because every step of a training enters it, and a generator takes three times as long.
    """

    def __enter__(self) -> None:
        self._changed = [
            (library, threads)
            for library in _libraries()
            if (threads := library.get_num_threads()) > 1
        ]
        for library, _ in self._changed:
            library.set_num_threads(1)

    def __exit__(self, *_: object) -> None:
        for library, threads in self._changed:
            library.set_num_threads(threads)


@cache
def _libraries() -> list[Any]:
    """Return what controls the BLAS libraries in this process."""
    try:
        from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - NumPy is enough without
    except ImportError:
        return []
    controllers: list[Any] = ThreadpoolController().select(user_api="blas").lib_controllers
    return controllers
