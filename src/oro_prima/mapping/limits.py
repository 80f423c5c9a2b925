"""How much one run may change before a person is asked: a broken feed looks like a change."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen


@frozen
class Limit:
    """
    The most that a run changes without being asked.

    Attributes:
        count: So many are always allowed.
        share: Of all that there are, 0 to 1; the greater of both counts.
    """

    count: int
    share: Decimal

    def allows(self, changes: int, *, of: int) -> bool:
        """
        Tell whether so many of so many may change at once.

        >>> limit = Limit(10, Decimal("0.1"))
        >>> limit.allows(10, of=20), limit.allows(11, of=20), limit.allows(20, of=200)
        (True, False, True)
        """
        return changes <= max(Decimal(self.count), self.share * of)

    def told(self, changes: int, *, of: int) -> str:
        """Say what was wanted and what is allowed."""
        allowed = int(max(Decimal(self.count), self.share * of))
        return f"{changes} of {of} would change; {allowed} may at once"
