"""What happens after a payment failed or stayed away: steps of a policy, counted in days from the failure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Action(str, Enum):
    """What a step does to the subscription, beside retrying and writing."""

    NONE = ""
    RESTRICT = "Restrict"
    UNPAID = "Mark Unpaid"
    PAUSE = "Pause"
    CANCEL = "Cancel"


@dataclass(frozen=True, slots=True)
class DunningStep:
    """`days` after the first failure: try the method again, send a mail (a template's name), act."""

    days: int
    retry: bool = False
    mail: str | None = None
    action: Action = Action.NONE


# Declines that another try cannot change: the method is dead until the customer brings another one.
HARD_DECLINES = frozenset(
    [
        "account_closed",
        "card_not_supported",
        "card_velocity_exceeded_permanently",
        "currency_not_supported",
        "debit_not_authorized",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "invalid_number",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "no_account",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "stolen_card",
        "stop_payment_order",
        "testmode_decline",
        "transaction_not_allowed",
    ]
)


def is_hard(decline_code: str | None) -> bool:
    """Whether a decline is final for the method; an unknown code is soft: the bank may say yes tomorrow."""
    return decline_code in HARD_DECLINES


def due_steps(
    steps: Sequence[DunningStep], since: dt.date, done: int, today: dt.date
) -> list[tuple[int, DunningStep]]:
    """(number, step) of the steps whose day has come (`<=`) and that are not among the `done` first ones."""
    ordered = sorted(steps, key=lambda step: step.days)
    return [
        (number, step)
        for number, step in enumerate(ordered)
        if number >= done and since + dt.timedelta(days=step.days) <= today
    ]


def next_step_on(steps: Sequence[DunningStep], since: dt.date, done: int) -> dt.date | None:
    """The day of the next step, None after the last."""
    ordered = sorted(steps, key=lambda step: step.days)
    return since + dt.timedelta(days=ordered[done].days) if done < len(ordered) else None
