"""Money as gateways count it: whole minor units, by the currency's exponent in ISO 4217."""

from __future__ import annotations

from decimal import Decimal

# Currencies whose minor unit is not a hundredth. ISO 4217, list one.
_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_BY_CURRENCY = {code: exponent for exponent, codes in _EXPONENTS.items() for code in codes.split()}
# Funds, metals and test codes have no minor unit: nothing can be charged in them.
_NONE = frozenset(["XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"])


def exponent(currency: str) -> int:
    """Decimal places of a currency's minor unit: JPY 0, EUR 2, KWD 3. ValueError where it has none."""
    code = currency.upper()
    if len(code) != 3 or not code.isalpha() or code in _NONE:
        raise ValueError(f"{currency} is not a currency that can be charged in.")
    return _BY_CURRENCY.get(code, 2)


def to_minor(amount: Decimal, currency: str, places: int | None = None) -> int:
    """19.99 EUR -> 1999. ValueError where the amount has a fraction of a minor unit: nothing is rounded away.

    `places`: a gateway's own exponent where it differs from ISO's.
    """
    scaled = amount.scaleb(exponent(currency) if places is None else places)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} {currency} has a fraction of the currency's smallest unit.")
    return whole


def from_minor(minor: int, currency: str, places: int | None = None) -> Decimal:
    """1999 EUR -> 19.99."""
    return Decimal(minor).scaleb(-(exponent(currency) if places is None else places))
