"""
Days made up from a number: both systems, shoppers, people, and whatever can go wrong.

The engine runs as it is, over the sandboxes in this process, on a clock that only the day moves.
After every act the promises of `oro_prima.sandbox.invariants` are checked. The same seed gives the
same day, to the byte.
"""

from oro_prima.testing.simulate.day import BrokenPromiseError, Played, simulate
from oro_prima.testing.simulate.pairs import ALL_PAIRS, Pair

__all__ = ["ALL_PAIRS", "BrokenPromiseError", "Pair", "Played", "simulate"]
