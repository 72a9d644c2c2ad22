"""The fake's clock: real time (or the caller's), plus an offset, so that days can pass at once."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Asked anew every time, because tests move real time too."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0
        self._pinned: int | None = None

    def now(self) -> int:
        """Seconds since 1970, as Stripe writes every moment."""
        return self._pinned if self._pinned is not None else int(self._source() + self._offset)

    def set(self, moment: float) -> None:
        self._offset = moment - self._source()

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def reset(self) -> None:
        self._offset = 0.0

    def pin(self, moment: int | None) -> None:
        """Stand at the moment something was due while it is worked off; None lets time go on."""
        self._pinned = moment
