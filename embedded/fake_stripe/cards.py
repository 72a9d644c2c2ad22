"""Stripe's test cards and test IBANs, and what happens with each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .errors import malformed

DAY = 86_400


@dataclass(frozen=True)
class Behaviour:
    """What a bank does with a card or an account."""

    code: str | None = None  # Stripe's error code when a charge is declined
    decline_code: str | None = None  # the bank's
    attaches: bool = True  # whether saving it to a customer works
    authentication: str = "never"  # never | always | on_session | once (off-session until it has been set up)
    dispute: str | None = None  # the reason of a dispute that follows at once
    refund: str = "succeeded"  # succeeded | pending | failed
    settles: str = "succeeded"  # a debit's end, some days after
    days: float = 0


@dataclass(frozen=True)
class Card:
    number: str
    behaviour: Behaviour
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    expires_in_months: int = 36


def _declining(code: str, decline_code: str | None = None) -> Behaviour:
    # Stripe refuses to save these: to decline later, a card must first have been good (or be chargeCustomerFail).
    return Behaviour(code=code, decline_code=decline_code, attaches=False)


GOOD = Behaviour()
AUTHENTICATE = Behaviour(authentication="always")
CARDS = {
    "visa": Card("4242424242424242", GOOD),
    "visa_debit": Card("4000056655665556", GOOD, funding="debit"),
    "mastercard": Card("5555555555554444", GOOD, brand="mastercard"),
    "amex": Card("378282246310005", GOOD, brand="amex"),
    "fr": Card("4000002500000003", GOOD, country="FR"),
    "de": Card("4000002760000016", GOOD, country="DE"),
    "chargeCustomerFail": Card("4000000000000341", Behaviour("card_declined", "generic_decline")),
    "chargeDeclined": Card("4000000000000002", _declining("card_declined", "generic_decline")),
    "chargeDeclinedInsufficientFunds": Card(
        "4000000000009995", _declining("card_declined", "insufficient_funds")
    ),
    "chargeDeclinedLostCard": Card("4000000000009987", _declining("card_declined", "lost_card")),
    "chargeDeclinedStolenCard": Card("4000000000009979", _declining("card_declined", "stolen_card")),
    "chargeDeclinedVelocityLimitExceeded": Card(
        "4000000000006975", _declining("card_declined", "card_velocity_exceeded")
    ),
    "chargeDeclinedFraudulent": Card("4100000000000019", _declining("card_declined", "fraudulent")),
    "chargeDeclinedExpiredCard": Card("4000000000000069", _declining("expired_card")),
    "chargeDeclinedIncorrectCvc": Card("4000000000000127", _declining("incorrect_cvc")),
    "chargeDeclinedProcessingError": Card("4000000000000119", _declining("processing_error")),
    "authenticationRequired": Card("4000002760003184", AUTHENTICATE, country="DE"),
    "authenticationRequiredOnSetup": Card("4000002500003155", Behaviour(authentication="once"), country="FR"),
    "authenticationRequiredSetupForOffSession": Card(
        "4000003800000446", Behaviour(authentication="on_session")
    ),
    "authenticationRequiredChargeDeclinedInsufficientFunds": Card(
        "4000008260003178",
        Behaviour("card_declined", "insufficient_funds", authentication="once"),
        country="GB",
    ),
    "threeDSecure2Required": Card("4000000000003220", AUTHENTICATE, country="IE"),
    "threeDSecureRequired": Card("4000000000003063", AUTHENTICATE),
    "createDispute": Card("4000000000000259", Behaviour(dispute="fraudulent")),
    "refundFail": Card("4000000000005126", Behaviour(refund="failed")),
    "pendingRefund": Card("4000000000007726", Behaviour(refund="pending")),
    # Not Stripe's: good, and expiring at the end of this month.
    "expiringSoon": Card("4000000000000077", GOOD, expires_in_months=0),
}
BY_NUMBER = {card.number: card for card in CARDS.values()}


def by_token(token: str) -> Card | None:
    """The card of `pm_card_…` or `tok_…`, with or without the brand that Stripe puts in some of the names."""
    name = token.removeprefix("pm_card_").removeprefix("tok_")
    return CARDS.get(name) or CARDS.get(name.removeprefix("visa_"))


STANDARD_DAYS, DELAYED_DAYS = 5, 10
_SEPA = Behaviour(days=STANDARD_DAYS)
_SEPA_FAILS = replace(_SEPA, settles="failed", decline_code="refer_to_customer")
IBANS = {
    "AT611904300234573201": _SEPA,
    "DE89370400440532013000": _SEPA,
    "FR1420041010050500013M02606": _SEPA,
    "AT321904300235473204": replace(_SEPA, days=DELAYED_DAYS),
    "DE08370400440532013003": replace(_SEPA, days=DELAYED_DAYS),
    "FR3020041010050500013M02609": replace(_SEPA, days=DELAYED_DAYS),
    "AT861904300235473202": _SEPA_FAILS,
    "DE62370400440532013001": _SEPA_FAILS,
    "FR8420041010050500013M02607": _SEPA_FAILS,
    "AT051904300235473205": replace(_SEPA_FAILS, days=DELAYED_DAYS),
    "DE78370400440532013004": replace(_SEPA_FAILS, days=DELAYED_DAYS),
    "FR7920041010050500013M02600": replace(_SEPA_FAILS, days=DELAYED_DAYS),
    "AT591904300235473203": replace(_SEPA, dispute="debit_not_authorized"),
    "DE35370400440532013002": replace(_SEPA, dispute="debit_not_authorized"),
    "FR5720041010050500013M02608": replace(_SEPA, dispute="debit_not_authorized"),
}


def by_iban(iban: str) -> Behaviour:
    """The account's behaviour: any IBAN whose check digits are right is a good one."""
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4] if character.isalnum())
    if not 15 <= len(iban) <= 34 or int(digits or 0) % 97 != 1:
        raise malformed("The IBAN is invalid.", code="invalid_bank_account_iban", param="sepa_debit[iban]")
    return IBANS.get(iban, _SEPA)
