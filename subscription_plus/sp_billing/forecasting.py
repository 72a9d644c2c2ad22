"""The forecast: what the planner of billing says of the coming months, for all subscriptions of a company at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, flt

from subscription_plus.engine.metrics import months
from subscription_plus.erp import exchange

from . import numbers
from .reading import Coming

Row = frappe._dict
MOST_MONTHS = 60


@dataclass
class Forecast:
    """What is to be billed, net before tax, from `first` to `last`.

    Amounts in the company's currency at today's stored rate, or in the one currency that was asked for.
    """

    company: str
    currency: str
    first: dt.date
    last: dt.date
    coming: list[Coming] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    without_rate: set[str] = field(default_factory=set)
    _rates: dict[str, Decimal] = field(default_factory=dict)

    def by_month(self) -> list[Row]:
        """{month, periods, amount} of each month; what is late counts in the first, as it is billed next."""
        periods: dict[dt.date, int] = defaultdict(int)
        amounts: dict[dt.date, Decimal] = defaultdict(Decimal)
        for one in self.coming:
            month = self._month(one)
            periods[month] += 1
            amounts[month] += self._amount(one)
        return [
            Row(month=start, periods=periods[start], amount=flt(float(amounts[start]), 6))
            for start, _end in months(self.first, self.last)
        ]

    def rows(self, month: dt.date | None = None) -> list[Row]:
        """The periods one by one, of a month (any day of it) or of all."""
        wanted = month and month.replace(day=1)
        return [
            Row(
                billing_date=one.piece.bill_on,
                subscription=one.subscription.name,
                customer=one.subscription.customer,
                customer_name=one.subscription.customer_name,
                plan=one.subscription.plan,
                start=one.piece.start,
                end=one.piece.end,
                amount=float(self._amount(one)),
            )
            for one in self.coming
            if not wanted or self._month(one) == wanted
        ]

    def remarks(self) -> list[str]:
        """Sentences about what the forecast could not count."""
        found = []
        if self.without_rate:
            found.append(
                _("Subscriptions in {0} are left out: there is no exchange rate to {1}.").format(
                    ", ".join(sorted(self.without_rate)), self.currency
                )
            )
        names = {name for name, _sentence in self.missing}
        if names:
            found.append(
                _("Prices are missing in {0} subscriptions, such as {1}: {2}").format(
                    len(names), self.missing[0][0], self.missing[0][1]
                )
            )
        return found

    def _month(self, one: Coming) -> dt.date:
        return max(one.piece.bill_on, self.first).replace(day=1)

    def _amount(self, one: Coming) -> Decimal:
        rate = self._rates[one.subscription.currency]
        return one.net if rate == 1 else (one.net * rate).quantize(Decimal("0.01"))


def forecast(company: str, count: Any = 12, currency: str | None = None) -> Forecast:
    """What is to be billed from today to the end of the month `count` - 1 months ahead."""
    count = cint(count) or 12
    if not 1 <= count <= MOST_MONTHS:
        frappe.throw(_("A forecast reaches over 1 to {0} months.").format(MOST_MONTHS))
    today = numbers.today()
    last = months(today, today + dt.timedelta(days=31 * count))[count - 1][1]
    found = Forecast(company, numbers.currency_of(company, currency), today, last)
    coming, found.missing = numbers.coming(company, last)
    for one in coming:
        own = one.subscription.currency
        if currency and own != currency:
            continue
        if own not in found._rates:
            found._rates[own] = exchange.rate(own, found.currency, today) or Decimal(0)
            if not found._rates[own]:
                found.without_rate.add(own)
        if found._rates[own]:
            found.coming.append(one)
    return found
