"""Currencies and the amounts that can be charged in them."""

from __future__ import annotations

from .errors import malformed, refused

ZERO_DECIMAL = {
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
    "xof", "xpf",
}  # fmt: skip
# Stripe wants the last digit of three-decimal amounts to be 0, and whole units of two that lost their cents.
MULTIPLES = {"bhd": 10, "jod": 10, "kwd": 10, "omr": 10, "tnd": 10, "isk": 100, "ugx": 100}
TWO_DECIMALS = {
    "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt",
    "bgn", "bmd", "bnd", "bob", "brl", "bsd", "bwp", "byn", "bzd", "cad", "cdf", "chf", "cny",
    "cop", "crc", "cve", "czk", "dkk", "dop", "dzd", "egp", "etb", "eur", "fjd", "fkp", "gbp",
    "gel", "gip", "gmd", "gtq", "gyd", "hkd", "hnl", "htg", "huf", "idr", "ils", "inr", "jmd",
    "kes", "kgs", "khr", "kyd", "kzt", "lak", "lbp", "lkr", "lrd", "lsl", "mad", "mdl", "mkd",
    "mmk", "mnt", "mop", "mur", "mvr", "mwk", "mxn", "myr", "mzn", "nad", "ngn", "nio", "nok",
    "npr", "nzd", "pab", "pen", "pgk", "php", "pkr", "pln", "qar", "ron", "rsd", "rub", "sar",
    "sbd", "scr", "sek", "sgd", "shp", "sle", "sos", "srd", "std", "szl", "thb", "tjs", "top",
    "try", "ttd", "twd", "tzs", "uah", "usd", "uyu", "uzs", "wst", "xcd", "yer", "zar", "zmw",
}  # fmt: skip
SUPPORTED = ZERO_DECIMAL | set(MULTIPLES) | TWO_DECIMALS
MINIMUM = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
MAXIMUM = 99_999_999


def check(amount: int, currency: str, param: str = "amount") -> None:
    """Refuse what Stripe would not charge; `amount` is in the currency's smallest unit."""
    if currency not in SUPPORTED:
        raise malformed(f"Invalid currency: {currency}.", param="currency")
    if amount < 1:
        raise malformed("Amount must be positive.", code="parameter_invalid_integer", param=param)
    if amount % MULTIPLES.get(currency, 1):
        unit = MULTIPLES[currency]
        raise refused(
            f"Amounts in {currency} must be multiples of {unit}.", code="invalid_charge_amount", param=param
        )
    if amount < MINIMUM.get(currency, 1):
        text = f"Amount must be at least {MINIMUM[currency]} in {currency}'s smallest unit."
        raise refused(text, code="amount_too_small", param=param)
    if amount > MAXIMUM:
        raise refused(f"Amount must be no more than {MAXIMUM}.", code="amount_too_large", param=param)
