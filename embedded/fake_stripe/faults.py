"""Faults on demand: the next requests to a path are refused, cut off before or after their work, or slow."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from .errors import StripeError

KINDS = {
    "rate_limit": "429, before the endpoint began",
    "unavailable": "503, before the endpoint began",
    "error": "500, nothing was done (an idempotency key remembers the 500)",
    "error_after": "500, although the work was done (an idempotency key remembers the 500)",
    "drop_before": "the connection closes, nothing was done",
    "drop_after": "the connection closes, the work was done",
    "slow": "the answer comes `seconds` after the work was done",
    "slow_before": "the work begins `seconds` after the request came (the key is in flight meanwhile)",
}


@dataclass
class Fault:
    """`path` may hold wildcards; the first `skip` requests pass, then `times` are hit."""

    kind: str
    path: str = "*"
    method: str = "*"
    times: int = 1
    skip: int = 0
    seconds: float = 1.0

    def hits(self, method: str, path: str) -> bool:
        if not (fnmatchcase(path, self.path) and fnmatchcase(method, self.method)):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Faults:
    planned: list[Fault] = field(default_factory=list)

    def add(self, **options: object) -> Fault:
        fault = Fault(**options)  # type: ignore[arg-type]
        if fault.kind not in KINDS:
            raise ValueError(f"Unknown fault {fault.kind!r}: one of {', '.join(KINDS)}")
        self.planned.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that hits this request, if one does; it is used up."""
        for fault in self.planned:
            if fault.hits(method, path):
                if fault.times < 1:
                    self.planned.remove(fault)
                return fault
        return None


def rate_limited() -> StripeError:
    text = "Request rate limit exceeded."
    return StripeError(429, "invalid_request_error", text, code="rate_limit", saved=False)


def unavailable() -> StripeError:
    return StripeError(503, "api_error", "The service is unavailable for the moment.", saved=False)


def internal_error() -> StripeError:
    return StripeError(500, "api_error", "An unknown error occurred.")
