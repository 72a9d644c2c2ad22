"""Idempotency keys: the first answer is kept for a day and given again; another request under the key is refused."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import StripeError

KEPT_SECONDS = 86_400
MAX_LENGTH = 255


@dataclass
class Answer:
    status: int
    body: str
    request_id: str


@dataclass
class Entry:
    request: tuple[str, str, str]  # method, path, body
    since: int
    answer: Answer | None = None  # None while the first request is in flight


class Keys:
    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def begin(self, key: str, request: tuple[str, str, str], now: int) -> Answer | None:
        """Claim `key` for this request, or give the saved answer.

        Raises:
            StripeError: 400 when the key belongs to another request, 409 while that request is in flight.
        """
        if len(key) > MAX_LENGTH:
            raise _refused(400, f"Idempotency keys have {MAX_LENGTH} characters at most.")
        entry = self._entries.get(key)
        if entry and entry.answer and now - entry.since >= KEPT_SECONDS:
            entry = None
        if entry is None:
            self._entries[key] = Entry(request, now)
            return None
        if entry.request != request:
            text = f"Keys for idempotent requests can only be used with the request they were first used with: {key}"
            raise _refused(400, text)
        if entry.answer is None:
            text = f"Another request with this idempotency key is in progress: {key}"
            raise _refused(409, text, "idempotency_key_in_use")
        return entry.answer

    def finish(self, key: str, answer: Answer | None) -> None:
        """Save the answer; None frees the key, as when the endpoint never began."""
        if answer is None:
            self._entries.pop(key, None)
        elif key in self._entries:
            self._entries[key].answer = answer


def _refused(status: int, message: str, code: str | None = None) -> StripeError:
    return StripeError(status, "idempotency_error", message, code=code, saved=False)
