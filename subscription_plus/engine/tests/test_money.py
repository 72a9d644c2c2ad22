"""Minor units: every currency of ISO 4217, a million amounts, and what cannot be charged."""

from __future__ import annotations

import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.money import exponent, from_minor, to_minor

from .builders import examples

# ISO 4217, list one: the codes by their exponent. Written down here again, so that a slip there is seen.
ISO_4217 = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
        "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
        "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT "
        "MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR "
        "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU "
        "UZS VED VES WST XCD YER ZAR ZMW"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
WITHOUT_MINOR_UNIT = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"
CURRENCIES = [(code, places) for places, codes in ISO_4217.items() for code in codes.split()]


class TestCurrencies(unittest.TestCase):
    def test_each_has_its_exponent(self) -> None:
        self.assertGreater(len(CURRENCIES), 160)
        for code, places in CURRENCIES:
            self.assertEqual(exponent(code), places, code)
            self.assertEqual(exponent(code.lower()), places, code)

    def test_one_of_the_currency_is_a_power_of_ten_there_and_back(self) -> None:
        for code, places in CURRENCIES:
            self.assertEqual(to_minor(Decimal(1), code), 10**places, code)
            self.assertEqual(from_minor(1, code), Decimal(1).scaleb(-places), code)

    def test_a_fraction_of_the_smallest_unit_is_refused_and_never_rounded_away(self) -> None:
        for code, places in CURRENCIES:
            with self.assertRaisesRegex(ValueError, "fraction"):
                to_minor(Decimal(5).scaleb(-places - 1), code)

    def test_metals_funds_and_tests_are_no_money(self) -> None:
        for code in [*WITHOUT_MINOR_UNIT.split(), "", "EU", "EURO", "E1R"]:
            with self.assertRaisesRegex(ValueError, "not a currency"):
                exponent(code)

    def test_a_gateways_own_places_go_before_isos(self) -> None:
        self.assertEqual(to_minor(Decimal("5.00"), "ISK", 2), 500)
        self.assertEqual(from_minor(500, "ISK", 2), Decimal(5))
        self.assertEqual(to_minor(Decimal(7), "MGA", 0), 7)


class TestAmounts(unittest.TestCase):
    def test_the_first_million_amounts_in_euros_go_there_and_back(self) -> None:
        for cents in range(1_000_001):
            if to_minor(from_minor(cents, "EUR"), "EUR") != cents:
                self.fail(f"{cents} cents came back as another amount")

    def test_the_first_million_amounts_as_floats_of_the_database_too(self) -> None:
        for cents in range(1_000_001):
            if to_minor(Decimal(str(cents / 100)), "EUR") != cents:
                self.fail(f"{cents / 100} was read as another amount")

    @examples(200)
    @given(currency=st.sampled_from(CURRENCIES), minor=st.integers(-(10**14), 10**14))
    def test_any_amount_of_any_currency_goes_there_and_back(
        self, currency: tuple[str, int], minor: int
    ) -> None:
        self.assertEqual(to_minor(from_minor(minor, currency[0]), currency[0]), minor)

    def test_known_ones(self) -> None:
        for amount, currency, minor in (
            ("19.99", "EUR", 1999),
            ("1.10", "EUR", 110),
            ("1.1", "EUR", 110),
            ("1E+2", "EUR", 10000),
            ("500", "JPY", 500),
            ("500.0", "JPY", 500),
            ("1.234", "KWD", 1234),
            ("1.2345", "CLF", 12345),
            ("-3.50", "USD", -350),
            ("0", "EUR", 0),
        ):
            self.assertEqual(to_minor(Decimal(amount), currency), minor, amount)
