"""The life of a payment attempt, and what reports of it come to, in whatever order they arrive."""

from __future__ import annotations

from enum import Enum


class AttemptStatus(str, Enum):
    """How far one try to take a payment is."""

    CREATED = "Created"
    SENT = "Sent"
    UNKNOWN = "Unknown"
    NEEDS_ACTION = "Needs Action"
    PROCESSING = "Processing"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    SUCCEEDED = "Succeeded"
    REVERSED = "Reversed"


# Later in this order wins: an old report that arrives late changes nothing, a repeated one neither.
_ORDER = list(AttemptStatus)

OPEN = frozenset(
    {
        AttemptStatus.CREATED,
        AttemptStatus.SENT,
        AttemptStatus.UNKNOWN,
        AttemptStatus.NEEDS_ACTION,
        AttemptStatus.PROCESSING,
    }
)


def merge(known: AttemptStatus, reported: AttemptStatus) -> AttemptStatus:
    """What is known after a report. Associative, commutative and idempotent: order and repetition do not
    matter. A won dispute is the one way back and is not a merge: the caller sets it."""
    return max(known, reported, key=_ORDER.index)


def blocks_new_attempt(status: AttemptStatus) -> bool:
    """Whether money may still move by this attempt, so that no second one may begin."""
    return status in OPEN


def must_be_asked(status: AttemptStatus) -> bool:
    """Whether the gateway has to be asked what became of it: the answer never came, or not yet."""
    return status in (
        AttemptStatus.CREATED,
        AttemptStatus.SENT,
        AttemptStatus.UNKNOWN,
        AttemptStatus.PROCESSING,
    )
