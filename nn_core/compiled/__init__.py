"""The loops, compiled: the same algorithm a third time, as one would write it down first.

``by_hand`` is there to be read and ``network`` is NumPy. Here are the loops over examples, neurons
and pixels themselves, which Numba compiles for the processor that they run on. Begin to read at
``gradient``. Without the package numba, which ``pip install 'nudge-playground[compiled]'`` brings,
nothing here can be imported, and nothing outside of here needs it: see ``arithmetic``.

The letters are those of ``network``. Examples come in blocks, and what is computed of a block has a
*column* for each example, as in ``by_hand``: z and a have shape (neurons, examples of a block). So
an innermost loop is either over the examples of a block or over the pixels of an image, and its
numbers lie side by side: a processor computes eight or sixteen of them at once.

Four of five pixels of a digit are 0 and add nothing to any sum. Most of those lie before its first
ink or after its last, so the loops over pixels go from the one to the other.
"""

import numba

# Sums may be added up in any order, which is what lets them be computed side by side. But NaN and
# infinity stay what they are, since divergence is noticed by them.
compiled = numba.njit(
    cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
)
