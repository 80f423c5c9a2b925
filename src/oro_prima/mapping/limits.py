"""How much one run may change before a person is asked: a broken feed looks like a change."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen


@frozen
class Limit:
    """
    The most that a run takes away at once: within the number and within the share.

    Either alone fails somewhere: a number lets a small list be emptied, a share lets thousands of a
    large one go. What is beyond takes nothing away at all, so that no row is lost drop by drop.

    Attributes:
        count: No more than so many; 0 for none.
        share: And no more than this share of all that there are, 0 to 1; 0 for none. One record is
            always within a share above 0, for else nothing could ever end in a short list.
    """

    count: int
    share: Decimal

    def allows(self, changes: int, *, of: int) -> bool:
        """
        Tell whether so many of so many may go at once.

        >>> limit = Limit(10, Decimal("0.1"))
        >>> limit.allows(2, of=20), limit.allows(3, of=20), limit.allows(11, of=2000)
        (True, False, False)
        >>> limit.allows(1, of=3), limit.allows(2, of=3)
        (True, False)
        """
        return changes <= self.most(of)

    def most(self, of: int) -> int:
        """Return how many of so many may go at once."""
        shared = max(1, int(self.share * of)) if self.share else 0
        return min(self.count, shared)

    def told(self, changes: int, *, of: int) -> str:
        """Say what was wanted and what is allowed."""
        return _told(changes, of, self.most(of))


@frozen
class Leeway:
    """
    The most that a run corrects at once: a number always, and a share where that is more.

    For changes that take nothing away. The first run corrects everybody, so a share alone would
    stop every small shop, and a number alone every large one.

    Attributes:
        count: So many are always allowed.
        share: Of all that there are, 0 to 1; the greater of both counts.
    """

    count: int
    share: Decimal

    def allows(self, changes: int, *, of: int) -> bool:
        """
        Tell whether so many of so many may change at once.

        >>> leeway = Leeway(10, Decimal("0.1"))
        >>> leeway.allows(10, of=20), leeway.allows(11, of=20), leeway.allows(20, of=200)
        (True, False, True)
        """
        return changes <= self.most(of)

    def most(self, of: int) -> int:
        """Return how many of so many may change at once."""
        return max(self.count, int(self.share * of))

    def told(self, changes: int, *, of: int) -> str:
        """Say what was wanted and what is allowed."""
        return _told(changes, of, self.most(of))


def _told(changes: int, of: int, most: int) -> str:
    return f"{changes} of {of} would change; {most} may at once"
